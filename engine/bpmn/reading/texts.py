"""Texts that are literal or FEEL: compiled at deployment, each failure noted with its place."""

import re

from engine.bpmn.reading.graph import Node
from engine.bpmn.sentences import Findings
from engine.bpmn.values import ForeignExpressionError, Value, read_value
from engine.errors import Invalid
from engine.feel import Expression, compile_expression

_VARIABLE = re.compile(r"[^\W\d]\w*")


class TextReader:
    """Compiles the texts of one node."""

    def __init__(self, id_: str, line: int, findings: Findings) -> None:
        """Problems are noted under the id and line given."""
        self.id = id_
        self.line = line
        self.findings = findings

    @classmethod
    def of(cls, node: Node, findings: Findings) -> "TextReader":
        """Return the reader for the texts of a node."""
        return cls(node.id, node.line, findings)

    def note(self, code: str, **params: object) -> None:
        """Note a problem at the node."""
        self.findings.add(code, self.id, self.line, **params)

    def value(self, text: str | None, place: str) -> Value | None:
        """Compile a literal or an expression; None for a missing or empty text, or one that is wrong."""
        if text is None or not text.strip():
            return None
        try:
            return read_value(text, f"{self.id}.{place}")
        except ForeignExpressionError as error:
            self.note("expression-language", place=place, text=str(error))
        except Invalid as error:
            self.note("expression-invalid", place=place, reason=error.message)
        return None

    def expression(self, text: str | None, place: str) -> Expression | None:
        """Compile a text that is always FEEL, with or without a leading `=`."""
        bare = (text or "").strip().removeprefix("=").strip()
        if not bare:
            self.note("expression-empty", place=place)
            return None
        if bare.startswith(("${", "#{")):
            value = self.value(bare, place)
            return value.expression if value else None
        try:
            return compile_expression(bare)
        except Invalid as error:
            self.note("expression-invalid", place=place, reason=error.message)
        return None

    def variable(self, name: str | None) -> str | None:
        """Return the name of a variable, or None; note a name that no expression could read."""
        if not name:
            return None
        if not _VARIABLE.fullmatch(name):
            self.note("variable-name", name=name)
            return None
        return name
