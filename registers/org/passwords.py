"""Passwords: what a good one is, and how its hash is made (argon2id)."""

import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid, Problem

HASHER = PasswordHasher()  # argon2id with the library's defaults: 64 MiB, three passes
MAX_LENGTH = 256  # longer ones only cost memory
# Stands where a hash would stand and is none: no password fits.
NO_PASSWORD = "!"  # noqa: S105  the absence of one


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """How long a password is at least, and how many classes of characters it mixes (等保三级 身份鉴别)."""

    min_length: int = 12
    classes: int = 3

    def check(self, password: str, login: str) -> None:
        """Raise Invalid with one problem per broken rule; the password itself is never part of it."""
        problems = []
        if not self.min_length <= len(password) <= MAX_LENGTH:
            message = f"The password has fewer than {self.min_length} or more than {MAX_LENGTH} characters."
            params: dict[str, object] = {"min": self.min_length, "max": MAX_LENGTH}
            problems.append(Problem("password-length", "password", message, params))
        if len({_kind(character) for character in password}) < self.classes:
            message = f"The password mixes fewer than {self.classes} kinds of characters."
            problems.append(Problem("password-classes", "password", message, {"classes": self.classes}))
        if login and login.casefold() in password.casefold():
            problems.append(Problem("password-holds-login", "password", "The password holds the login."))
        if problems:
            raise Invalid(problems=problems)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    return HASHER.hash(_normal(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is the one; takes as long where there is no hash to compare with."""
    try:
        HASHER.verify(password_hash or _nobodys_hash(), _normal(password[: MAX_LENGTH + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


_NOBODY: dict[int, str] = {}


def _nobodys_hash() -> str:
    """Return a hash that costs what a real one costs, so that an unknown login cannot be told by time."""
    return _NOBODY.setdefault(id(HASHER), HASHER.hash("nobody has this password"))


def _normal(password: str) -> str:
    """Return the same text for the same characters, however they were typed."""
    return unicodedata.normalize("NFKC", password)


def _kind(character: str) -> str:
    """Return the class of a character: lower, upper, digit or other."""
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "other"
