"""Diagrams as files and as pictures."""

from urllib.parse import quote

from flask import Response

from engine.bpmn.diagram import render
from engine.ports import UnitOfWork
from engine.services import definitions

# The picture has presentation attributes only: it needs nothing from anywhere.
PICTURE_POLICY = "default-src 'none'; sandbox"


def picture_of(uow: UnitOfWork, definition_id: str) -> bytes:
    """Return the picture of a version of a diagram."""
    found = definitions.get_process(uow, definition_id)
    return render(definitions.xml_of(uow, definition_id), file=found.resource_name)


def picture_answer(content: bytes) -> Response:
    """Return a picture."""
    answer = Response(content, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    return answer


def xml_answer(content: bytes, name: str) -> Response:
    """Return a diagram or table as a download under its own name."""
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name.rpartition('/')[2])}"
    return answer
