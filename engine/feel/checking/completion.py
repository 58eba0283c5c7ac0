"""What an editor can offer while an expression is written: variables, functions, keywords, types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.feel.checking.environment import Environment
from engine.feel.checking.results import RESULTS
from engine.feel.checking.static_types import StaticType
from engine.feel.functions.registry import BUILTINS, Builtin
from engine.feel.kinds import CLASSES
from engine.feel.lexer import KEYWORDS
from engine.feel.run import Run
from engine.feel.writing import write

Kind = Literal["variable", "function", "keyword", "type"]
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FunctionText:
    """What is written about a function: what it does, a call, and the answer to it as an expression."""

    text: str
    example: str
    result: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing to offer.

    detail         what people call a variable, or the values that it can have
    documentation  what a function does, with an example
    insert_text    what goes into the text
    signature      how a function is written
    """

    label: str
    kind: Kind
    type: str
    detail: str = ""
    documentation: str = ""
    insert_text: str = ""
    signature: str = ""


def completions(seen: Environment, texts: Mapping[str, FunctionText]) -> tuple[Completion, ...]:
    """Return what may be written: first what the expression sees, then the language.

    Reads    `texts`: what is written about the functions, by name, in the reader's language
    """
    return (*_variables(seen), *_functions(texts), *_words())


def _variables(seen: Environment) -> Iterator[Completion]:
    for name, kind in sorted(seen.names.items()):
        label = seen.labels.get(name, "")
        yield Completion(
            name, "variable", str(kind), " · ".join(part for part in (label, _values(kind)) if part), "", name
        )
        for entry, part in sorted(kind.fields.items()):
            path = f"{name}.{entry}"
            yield Completion(path, "variable", str(part), _values(part), "", path)


def _values(kind: StaticType) -> str:
    values = kind.values or ()
    more = " …" if len(values) > _SHOWN else ""
    return ", ".join(write(value, Run()) for value in values[:_SHOWN]) + more


def _functions(texts: Mapping[str, FunctionText]) -> Iterator[Completion]:
    for name, builtin in sorted(BUILTINS.items()):
        about = texts.get(name)
        shown = f"{about.text}\n{about.example} = {about.result}" if about is not None else ""
        usage = builtin.usage()
        yield Completion(name, "function", str(RESULTS.get(name, "Any")), usage, shown, _call(builtin), usage)


def _call(builtin: Builtin) -> str:
    names = [parameter.name for parameter in builtin.signatures[0].parameters if not parameter.optional]
    return f"{builtin.name}({', '.join(names)})"


def _words() -> Iterator[Completion]:
    for word in sorted(KEYWORDS):
        yield Completion(word, "keyword", "", insert_text=word)
    for name in sorted({*CLASSES, "Any"}):
        yield Completion(name, "type", name, insert_text=name)
