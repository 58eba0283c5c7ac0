"""Diagrams as files and as pictures."""

from pathlib import PurePosixPath
from urllib.parse import quote

from flask import Response

from engine.bpmn.diagram import render
from engine.ports import UnitOfWork
from engine.services import definitions

# The picture has presentation attributes only: it needs nothing from anywhere.
PICTURE_POLICY = "default-src 'none'; sandbox"


# What a browser is told about a file; XML says itself in which encoding it is written.
KINDS = {".bpmn": "application/xml", ".dmn": "application/xml", ".json": "application/json"}
OTHER = "text/csv; charset=utf-8"


def picture_of(uow: UnitOfWork, definition_id: str) -> bytes:
    """Return the picture of a version of a diagram."""
    found = definitions.get_process(uow, definition_id)
    return render(definitions.xml_of(uow, definition_id), file=found.resource_name)


def picture_answer(content: bytes) -> Response:
    """Return a picture."""
    answer = Response(content, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    return answer


def resource_answer(content: bytes, name: str) -> Response:
    """Return a deployed file, byte for byte, as a download under its own name."""
    answer = Response(content, content_type=KINDS.get(PurePosixPath(name).suffix, OTHER))
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(PurePosixPath(name).name)}"
    return answer
