"""The FEEL to write instead of a foreign expression; never offered before our own compiler has read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.feel.errors import FeelError
from engine.feel.expression import compile_expression
from engine.feel.foreign.dialects import GROOVY, JAVASCRIPT, JUEL, PYTHON, Dialect, dialect_of, spoken_name
from engine.feel.foreign.parser import parse
from engine.feel.foreign.tokens import quoted
from engine.feel.foreign.tree import Underivable
from engine.feel.foreign.writer import Writer

_OPENS = re.compile(r"[$#]\{")
_STRING_OR_END = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[{}]")
_ASSIGNED = re.compile(r"(?:(?:var|let|const|def)\s+)?([^\W\d]\w*)\s*=(?![=~])\s*(.+)", re.DOTALL)
_SET = re.compile(r"execution\.setVariable\(\s*(['\"])([^\W\d]\w*)\1\s*,(.+)\)\s*;?", re.DOTALL)
_RETURNED = re.compile(r"return\b\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A foreign expression: its language as people write it, and the FEEL to write instead, where it is certain."""

    language: str
    suggestion: str | None


def derive(text: str, language: str) -> str | None:
    """Return the FEEL for an expression of another language (its name or URI), or None where it is not certain.

    The answer has been compiled, and reads exactly the variables that the foreign expression reads.
    """
    if _OPENS.search(text):
        return _derived(text, JUEL, _template)
    dialect = dialect_of(language)
    return None if dialect is None else _derived(text, dialect, _expression)


def derive_script(text: str, language: str) -> tuple[str, str | None] | None:
    """Return the FEEL for a script of one statement, and the variable that it assigns, if it does.

    Several statements have no counterpart in one expression: None.
    """
    body = text.strip().rstrip(";").strip()
    variable: str | None = None
    assigned, told, returned = _ASSIGNED.fullmatch(body), _SET.fullmatch(body), _RETURNED.fullmatch(body)
    if told:
        variable, body = told[2], told[3]
    elif assigned:
        variable, body = assigned[1], assigned[2]
    elif returned:
        body = returned[1]
    found = derive(body, language)
    return None if found is None else (found, variable)


def recognise(text: str) -> Recognised | None:
    """Return what an expression is that our own compiler does not read: JUEL by its braces, others by being readable.

    None where it can be read as nothing: then it is FEEL with a mistake.
    """
    if _OPENS.search(text):
        return Recognised(JUEL.name, derive(text, JUEL.name))
    for dialect in (JAVASCRIPT, PYTHON, GROOVY):
        found = _derived(text, dialect, _expression)
        if found is not None:
            return Recognised(dialect.name, found)
    return None


def declared(text: str, language: str) -> Recognised:
    """Return what an expression is that stands under the name of another language."""
    name = JUEL.name if _OPENS.search(text) else spoken_name(language)
    return Recognised(name, derive(text, language))


class _Draft:
    """A text that is being derived, with the variables that it reads."""

    def __init__(self, dialect: Dialect) -> None:
        self.writer = Writer(dialect)
        self.dialect = dialect

    def expression(self, text: str) -> str:
        return self.writer.write(parse(text, self.dialect))

    def part(self, text: str) -> str:
        return self.writer.as_text(parse(text, self.dialect))


def _expression(draft: _Draft, text: str) -> str:
    return draft.expression(text)


def _template(draft: _Draft, text: str) -> str:
    """Write `a ${b} c` as the joining of its parts; a text that is one expression as that expression."""
    parts = _parts(text.strip())
    if len(parts) == 1 and parts[0][0]:
        return draft.expression(parts[0][1])
    return " + ".join(draft.part(part) if is_code else quoted(part) for is_code, part in parts)


def _parts(text: str) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    position = 0
    while (opening := _OPENS.search(text, position)) is not None:
        if opening.start() > position:
            found.append((False, text[position : opening.start()]))
        end = _closing(text, opening.end())
        found.append((True, text[opening.end() : end]))
        position = end + 1
    if position < len(text):
        found.append((False, text[position:]))
    return found


def _closing(text: str, position: int) -> int:
    depth = 1
    for match in _STRING_OR_END.finditer(text, position):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    raise Underivable("a brace is not closed")


def _derived(text: str, dialect: Dialect, write: Callable[[_Draft, str], str]) -> str | None:
    draft = _Draft(dialect)
    try:
        found = write(draft, text)
        compiled = compile_expression(found)
    except (Underivable, FeelError):
        return None
    return found if compiled.names | compiled.maybe_names == draft.writer.names else None
