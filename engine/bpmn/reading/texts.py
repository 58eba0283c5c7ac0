"""Texts that are literal or FEEL: compiled at deployment, each failure noted with its place."""

import re

from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.refusing import refuse
from engine.bpmn.sentences import Findings
from engine.bpmn.values import ForeignExpressionError, Value, read_value
from engine.errors import Invalid, because
from engine.feel import Expression, compile_expression
from engine.feel.foreign import Recognised, declared, recognise

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

    def doubt(self, code: str, **params: object) -> None:
        """Note a doubt at the node."""
        self.findings.warn(code, self.id, self.line, **params)

    def value(self, text: str | None, place: str) -> Value | None:
        """Compile a literal or an expression; None for a missing or empty text, or one that is wrong."""
        if text is None or not text.strip():
            return None
        try:
            return read_value(text, f"{self.id}.{place}")
        except ForeignExpressionError as error:
            self.refuse(text, place, recognise(str(error)))
        except Invalid as error:
            self._wrong(text.strip().removeprefix("=").strip(), place, error)
        return None

    def expression(self, text: str | None, place: str, language: str | None = None) -> Expression | None:
        """Compile a text that is always FEEL, with or without a leading `=`; the diagram may name its `language`."""
        bare = (text or "").strip().removeprefix("=").strip()
        if not bare:
            self.note("expression-empty", place=place)
            return None
        if language and "feel" not in language.lower():
            self.refuse(bare, place, declared(bare, language))
            return None
        try:
            return compile_expression(bare)
        except Invalid as error:
            self._wrong(bare, place, error)
        return None

    def refuse(self, text: str, place: str, foreign: Recognised | None) -> None:
        """Note an expression of another language, with the FEEL to write instead where it can be derived."""
        refuse(self.findings, (self.id, self.line), place, text, foreign)

    def _wrong(self, text: str, place: str, error: Invalid) -> None:
        """Note what our own compiler does not read: another language, if it can be read as one, or a mistake."""
        foreign = recognise(text)
        if foreign is None:
            self.note("expression-invalid", place=place, reason=error.message, **because(error))
        else:
            self.refuse(text, place, foreign)

    def variable(self, name: str | None) -> str | None:
        """Return the name of a variable, or None; note a name that no expression could read."""
        if not name:
            return None
        if not _VARIABLE.fullmatch(name):
            self.note("variable-name", name=name)
            return None
        return name
