"""What tells the foreign languages apart: the words and signs that are operators, and the names of the languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_COMPARE = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_EQUAL = {"==": "=", "!=": "!="}
_LOGIC = {"&&": "and", "||": "or"}
_SCRIPT_CONSTANTS = {"true": "true", "false": "false", "null": "null"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One language.

    name        as people write it
    infix       its operators (signs and words) and the operator of the tree that each of them is
    prefix      its operators before an operand, likewise
    constants   its words for true, false and null
    ternary     whether `a ? b : c` chooses; else `b if a else c` does
    joins_text  whether `+` joins a text with anything
    reserved    names that mean an object of the engine that the expression was written for
    """

    name: str
    infix: Mapping[str, str]
    prefix: Mapping[str, str]
    constants: Mapping[str, str]
    ternary: bool = True
    joins_text: bool = False
    reserved: frozenset[str] = frozenset(
        {"execution", "task", "delegateTask", "delegateExecution", "connector", "authenticatedUserId", "spin", "S"}
    )


JUEL = Dialect(
    "JUEL",
    MappingProxyType(
        _LOGIC
        | _EQUAL
        | _COMPARE
        | {"and": "and", "or": "or", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
        | {"+": "+", "-": "-", "*": "*", "/": "/", "div": "/", "%": "%", "mod": "%"}
    ),
    MappingProxyType({"!": "not", "not": "not", "-": "-", "empty": "empty"}),
    MappingProxyType(_SCRIPT_CONSTANTS),
)
JAVASCRIPT = Dialect(
    "JavaScript",
    MappingProxyType(
        _LOGIC
        | _EQUAL
        | _COMPARE
        | {"===": "=", "!==": "!=", "??": "otherwise"}
        | {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "**": "**"}
    ),
    MappingProxyType({"!": "not", "-": "-"}),
    MappingProxyType(_SCRIPT_CONSTANTS | {"undefined": "null"}),
    joins_text=True,
)
GROOVY = Dialect(
    "Groovy",
    MappingProxyType(
        _LOGIC | _EQUAL | _COMPARE | {"in": "in", "+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "**": "**"}
    ),
    MappingProxyType({"!": "not", "-": "-"}),
    MappingProxyType(_SCRIPT_CONSTANTS),
    joins_text=True,
)
PYTHON = Dialect(
    "Python",
    MappingProxyType(
        _EQUAL
        | _COMPARE
        | {"and": "and", "or": "or", "is": "=", "is not": "!=", "in": "in", "not in": "not in"}
        | {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "**": "**"}
    ),
    MappingProxyType({"not": "not", "-": "-"}),
    MappingProxyType({"True": "true", "False": "false", "None": "null"}),
    ternary=False,
)

# How the languages are named in diagrams and tables; the first part that occurs in a name decides.
_NAMES: tuple[tuple[str, Dialect], ...] = (
    ("groovy", GROOVY),
    ("javascript", JAVASCRIPT),
    ("ecmascript", JAVASCRIPT),
    ("nashorn", JAVASCRIPT),
    ("graal", JAVASCRIPT),
    ("python", PYTHON),
    ("jython", PYTHON),
    ("spiff", PYTHON),
    ("juel", JUEL),
    ("uel", JUEL),
)
_EXACT = {"js": JAVASCRIPT, "py": PYTHON, "el": JUEL}


def dialect_of(language: str) -> Dialect | None:
    """Return the dialect that a language name or URI means, or None for one that is not read here."""
    name = language.strip().lower()
    if name in _EXACT:
        return _EXACT[name]
    return next((dialect for part, dialect in _NAMES if part in name), None)


def spoken_name(language: str) -> str:
    """Return the name of a language as people write it; one that is not known as it was given."""
    dialect = dialect_of(language)
    if dialect is not None:
        return dialect.name
    return "XPath" if "xpath" in language.lower() else language.strip()
