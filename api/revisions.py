"""Lost updates: a change may name the revision that its author saw, by `If-Match` or in the body."""

import re
from collections.abc import Mapping
from typing import Protocol

from flask import request

from engine.errors import Invalid, Problem

TAG = re.compile(r'(?:W/)?"(?P<revision>[0-9]{1,9})"')


class Revised(Protocol):
    """Anything that counts its changes."""

    @property
    def revision(self) -> int:
        """Return the number of the last change."""
        ...


def expected(body: Mapping[str, object]) -> int | None:
    """Return the revision that the caller saw, or None where she did not say.

    Raises Invalid for an `If-Match` that is no revision of ours, or that contradicts the body.
    """
    stated = body.get("revision")
    in_body = stated if isinstance(stated, int) else None
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return in_body
    match = TAG.fullmatch(header)
    if match is None:
        message = 'If-Match names one revision: "7".'
        raise Invalid(problems=[Problem("if-match-malformed", "If-Match", message)])
    in_header = int(match["revision"])
    if in_body is not None and in_body != in_header:
        message = "If-Match and the body name different revisions."
        raise Invalid(problems=[Problem("revisions-differ", "revision", message)])
    return in_header


def tagged(subject: Revised) -> dict[str, str]:
    """Return the ETag header of a subject."""
    return {"ETag": f'"{subject.revision}"'}
