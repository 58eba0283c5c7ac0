"""Refusals that only the way in over HTTP knows."""

from typing import ClassVar

from engine.errors import EngineError


class SignInRequired(EngineError):
    """Nobody is signed in, or the sign-in is no longer valid."""

    code: ClassVar[str] = "sign-in-required"
    template: ClassVar[str] = "Sign in first."
    status: ClassVar[int] = 401


class TooManyRequests(EngineError):
    """The caller asks more often than is allowed."""

    code: ClassVar[str] = "too-many-requests"
    template: ClassVar[str] = "Too many attempts; wait {seconds} seconds."
    status: ClassVar[int] = 429
