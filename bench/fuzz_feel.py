"""Write nonsense until something breaks: expressions, cells, values and contexts.

Each must end in a value or a refusal within two seconds of processor time and a gigabyte, and give the same again. The
first that does not is printed with its bytes and ends the run; `--replay` runs these bytes again.

    python bench/fuzz_feel.py --minutes 10 --engine hypothesis|atheris|random [--seed N]

atheris comes for Linux and macOS alone and is no part of the project: `pip install atheris`.
"""

from dataclasses import dataclass

from feel_checks import check_cell, check_expression
from feel_grammar import NAMES, Bytes, Grammar
from fuzzing import run


@dataclass(frozen=True)
class Case:
    """One text, whether it is a cell, and what it is asked about."""

    text: str
    is_cell: bool
    value: object
    context: dict[str, object]


def case_of(data: bytes) -> Case:
    """Make a case of bytes."""
    grammar = Grammar(Bytes(data))
    kind = grammar.source.below(8)
    context, value = grammar.context(), grammar.value()
    if kind == 7:
        text = data[1:].decode("utf-8", "surrogateescape" if len(data) % 2 else "replace")
    else:
        text = grammar.cell() if kind % 2 else grammar.expression()
        text = grammar.mutated(text) if kind > 3 else text
    return Case(text, kind % 2 == 1, value, context)


def check(data: bytes) -> None:
    """Check what the bytes stand for; raises what is wrong."""
    case = case_of(data)
    if case.is_cell:
        check_cell(case.text, case.value, case.context, NAMES)
    check_expression(case.text, case.context, NAMES)


if __name__ == "__main__":
    run(__doc__ or "", check, lambda data: repr(case_of(data)))
