"""Passwords that are made here: readable, random, and good enough for the policy."""

import secrets
import string

# Without the characters that are read for each other: 0 O, 1 l I.
READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
LENGTH, BLOCK = 16, 4


def new_password() -> str:
    """Return a password of four readable blocks that the policy accepts: lower, upper, digit and hyphen."""
    while True:
        characters = [secrets.choice(READABLE) for _ in range(LENGTH)]
        kinds = (str.islower, str.isupper, str.isdigit)
        if all(any(kind(character) for character in characters) for kind in kinds):
            text = "".join(characters)
            return "-".join(text[start : start + BLOCK] for start in range(0, LENGTH, BLOCK))
