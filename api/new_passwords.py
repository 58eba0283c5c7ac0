"""Passwords that are made here: readable, random, and good enough for the policy."""

import secrets
import string
from collections.abc import Collection

# Without the characters that are read for each other: 0 O, 1 l I.
READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
LENGTH, BLOCK = 16, 4
KINDS = (str.islower, str.isupper, str.isdigit)


def new_password(logins: Collection[str]) -> str:
    """Return a password of readable blocks that the policy accepts for all of these logins.

    It mixes lower, upper, digit and hyphen, and holds none of the logins, however short they are.
    """
    while True:
        characters = [secrets.choice(READABLE) for _ in range(LENGTH)]
        text = "".join(characters)
        shown = "-".join(text[start : start + BLOCK] for start in range(0, LENGTH, BLOCK))
        mixes = all(any(kind(character) for character in characters) for kind in KINDS)
        if mixes and not any(login.casefold() in shown.casefold() for login in logins):
            return shown
