"""Bend DMN files until something breaks: the cells, attributes and structure of our own and of made-up tables.

Each file must be read or refused, and each decision in it answer or say why not, within two seconds of processor time
and a gigabyte. Options and what is printed are those of fuzz_feel.py.

    python bench/fuzz_dmn.py --minutes 10 --engine hypothesis|atheris|random [--seed N]
"""

from pathlib import Path

from dmn_mutations import bent, table
from feel_checks import NOW, demand, watched
from feel_grammar import Bytes, Grammar
from fuzzing import run

from engine.dmn import evaluate, read_decisions
from engine.errors import DeploymentError, EngineError

FILES = tuple(path.read_bytes() for path in sorted((Path(__file__).resolve().parent.parent / "rules").glob("*.dmn")))


def case_of(data: bytes) -> tuple[bytes, dict[str, object]]:
    """Make a file and a context of bytes."""
    grammar = Grammar(Bytes(data))
    context = grammar.context()
    choice = grammar.source.below(2 * len(FILES))
    if choice < len(FILES):
        return bent(FILES[choice], grammar), context
    xml = table(grammar)
    return (bent(xml, grammar) if grammar.source.below(2) else xml), context


def check(data: bytes) -> None:
    """Read a file and ask each of its decisions; raises what is wrong."""
    xml, context = case_of(data)
    decisions = []
    with watched():
        try:
            decisions = list(read_decisions(xml, "fuzz.dmn"))
        except DeploymentError as error:
            demand(bool(error.problems), "a refusal names no problem")
    by_key = {decision.key: decision for decision in decisions}
    for decision in decisions:
        with watched():
            try:
                evaluate(decision, context, by_key, now=NOW).explain()
            except EngineError as error:
                demand(bool(error.key), "a refusal has no code")


if __name__ == "__main__":
    run(__doc__ or "", check, lambda data: "\n".join(str(part) for part in case_of(data)))
