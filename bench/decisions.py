"""How fast rule rows and decision tables are, and where the time goes: reading, matching, answering, explaining.

The measures: a compiled row of eight unary tests in at most 20 µs, a table of 500 rows and 6 inputs in at most 300 µs.

    python bench/decisions.py [--profile]
"""

import cProfile
import pstats
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle
from xml.sax.saxutils import escape

from engine.dmn import Decision, evaluate, read_decisions
from engine.dmn.matcher import Matcher
from engine.feel import UnaryTests, compile_unary_tests, to_json
from engine.feel import expression as compiled
from engine.feel.run import Run, Scope

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
SECONDS = 0.4
ROW: tuple[tuple[str, object], ...] = (
    ('"pothole", "lamp", "manhole"', "manhole"),
    ("[1..5)", 3),
    (">= 100", 250.5),
    ('>= date("2026-01-01")', date(2026, 11, 24)),
    ('not("closed", "void")', "open"),
    ('["a", "b", "c"]', "c"),
    ("-", None),
    ("true", True),
)
STREETS = tuple(f"street {number}" for number in range(40))
KINDS = ("pothole", "lamp", "manhole", "noise", "waste", "water", "tree", "sign")
INPUTS = (
    ("kind", "string"),
    ("street", "string"),
    ("amount", "number"),
    ("since", "date"),
    ("level", "number"),
    ("urgent", "boolean"),
)


def each(what: Callable[[], object]) -> float:
    """Return the microseconds of one call, the best of several rounds."""
    count, spent = 1, 0.0
    while spent < SECONDS / 10:
        count *= 2
        spent = _spent(what, count)
    return min(_spent(what, count) for _ in range(8)) / count * 1e6


def _spent(what: Callable[[], object], count: int) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        what()
    return time.perf_counter() - begun


def table_xml(rows: int) -> bytes:
    """Return a table of six inputs in which each case of `cases` finds about one row."""
    columns = "".join(
        f"<input id='i{name}'><inputExpression typeRef='{kind}'><text>{name}</text></inputExpression></input>"
        for name, kind in INPUTS
    )
    lines = "".join(_row_xml(number, cells) for number, cells in enumerate(_cells(rows), 1))
    logic = f"<decisionTable id='t' hitPolicy='FIRST'>{columns}<output id='o' name='days' typeRef='number'/>"
    other = "<rule id='other'>" + "<inputEntry><text>-</text></inputEntry>" * len(INPUTS)
    other += "<outputEntry><text>0</text></outputEntry></rule>"
    body = f"<decision id='d' name='d'><variable name='d'/>{logic}{lines}{other}</decisionTable></decision>"
    return f"<definitions xmlns='{MODEL}' id='m' name='m' namespace='x'>{body}</definitions>".encode()


def _row_xml(number: int, cells: tuple[str, ...]) -> str:
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
    answer = f"<outputEntry><text>{number}</text></outputEntry>"
    return f"<rule id='r{number}'><description>clause {number}</description>{tests}{answer}</rule>"


def _cells(rows: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(4)
    for _ in range(rows):
        kind = chance.choice((f'"{chance.choice(KINDS)}"', f'not("{chance.choice(KINDS)}")', "-"))
        street = chance.choice((f'"{chance.choice(STREETS)}", "{chance.choice(STREETS)}"', "-"))
        low = chance.randrange(10_000)
        amount = f"[{low}..{low + chance.randrange(1, 500)})"
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
        since = chance.choice((f'>= date("{day}")', f'[date("{day}")..date("{day + timedelta(days=60)}")]'))
        yield (
            kind,
            street,
            amount,
            since,
            chance.choice(("-", "1", "2, 3", "> 3")),
            chance.choice(("true", "false", "-")),
        )


def cases(count: int) -> list[dict[str, object]]:
    """Return inputs as they come from JSON."""
    chance = random.Random(5)
    return [
        {
            "kind": chance.choice(KINDS),
            "street": chance.choice(STREETS),
            "amount": chance.choice((chance.randrange(10_000), chance.randrange(1_000_000) / 100)),
            "since": str(date(2026, 1, 1) + timedelta(days=chance.randrange(330))),
            "level": chance.randrange(6),
            "urgent": chance.random() < 0.5,
        }
        for _ in range(count)
    ]


def one_by_one(rows: list[tuple[UnaryTests, ...]], values: list[object], scope: Scope) -> list[int]:
    """Return the rows that match as the standard reads: every cell is run until one fails."""
    return [
        index
        for index, row in enumerate(rows)
        if all(cell.passes(value, scope) for cell, value in zip(row, values, strict=True))
    ]


def show_row() -> None:
    """Print the time of one row of eight tests."""
    cells = [compile_unary_tests(text) for text, _ in ROW]
    values = [Run().convert(value) for _, value in ROW]
    scope = Scope({}, None, Run(10**12))
    if not all(cell.passes(value, scope) for cell, value in zip(cells, values, strict=True)):
        raise SystemExit("the row must match to its last cell")
    alone = each(lambda: all(cell.passes(value, scope) for cell, value in zip(cells, values, strict=True)))
    print(f"a row of {len(ROW)} tests, all of which pass: {alone:.1f} µs (20 µs at most)")
    for cell, value in zip(cells, values, strict=True):
        print(f"    {cell.text:30} {each(lambda c=cell, v=value: c.passes(v, scope)):6.2f} µs")


def show_table(rows: int, *, profile: bool) -> None:
    """Print the times of a table, by what they are spent on."""
    xml = table_xml(rows)
    compiled._unary_tests.cache_clear()  # noqa: SLF001  compiling is to be measured
    begun = time.perf_counter()
    [decision] = read_decisions(xml, "bench.dmn")
    read = time.perf_counter() - begun
    values = _values(decision)
    scope = Scope({}, None, Run(10**12))
    built, held = _build(decision, values[0], scope)
    turn = cycle(values)
    found = each(lambda: decision.table.matcher.matching(next(turn), scope))
    data = cycle(cases(200))
    whole = each(lambda: evaluate(decision, next(data)))
    explained = each(lambda: evaluate(decision, next(data)).explain())
    tested = [rule.conditions for rule in decision.rules]
    slow = each(lambda: one_by_one(tested, next(turn), scope))
    print(
        f"{rows} rows of {len(INPUTS)} inputs: {whole:.0f} µs for an evaluation" + (" (300 µs at most)" * (rows == 500))
    )
    print(f"    read and compiled in {read:.2f} s; made ready in {built:.2f} s, {held / 1e6:.1f} MB")
    print(f"    finding the rows {found:.1f} µs, {found / whole:.0%} of it (cell by cell: {slow:.0f} µs)")
    as_json = each(lambda: to_json(values[0]))
    print(f"    explaining as JSON {explained - whole:.1f} µs more; the inputs as JSON {as_json:.1f} µs")
    if profile:
        _profile(decision)


def _values(decision: Decision) -> list[list[object]]:
    """Return the inputs of the cases as they reach the rows."""
    names = [name for name, _ in INPUTS]
    results = [evaluate(decision, case) for case in cases(200)]
    dates = [date.fromisoformat(str(result.inputs["since"])) for result in results]
    run = Run()
    return [
        [run.convert(day if name == "since" else case[name]) for name in names]
        for case, day in zip(cases(200), dates, strict=True)
    ]


def _build(decision: Decision, values: list[object], scope: Scope) -> tuple[float, int]:
    """Return seconds and bytes of making the rows ready."""
    tested = [rule.conditions for rule in decision.rules]
    begun = time.perf_counter()
    Matcher(tested, len(values)).matching(values, scope)
    built = time.perf_counter() - begun
    tracemalloc.start()
    matcher = Matcher(tested, len(values))
    matcher.matching(values, scope)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return built, held


def _profile(decision: Decision) -> None:
    turn = cases(200)
    with cProfile.Profile() as profiler:
        for _ in range(20):
            for case in turn:
                evaluate(decision, case)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def show_many(rows: int) -> None:
    """Print what a table of so many rows needs, where every row has limits of its own."""
    begun = time.perf_counter()
    cells = [tuple(map(compile_unary_tests, row)) for row in _cells(rows)]
    read = time.perf_counter() - begun
    values: list[object] = [Run().convert(value) for value in ("lamp", "street 7", 512, date(2026, 6, 1), 2, True)]
    scope = Scope({}, None, Run(10**12))
    tracemalloc.start()
    matcher = Matcher(cells, len(INPUTS))
    matcher.matching(values, scope)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    begun = time.perf_counter()
    matcher = Matcher(cells, len(INPUTS))
    matcher.matching(values, scope)
    built = time.perf_counter() - begun
    found = each(lambda: matcher.matching(values, scope))
    print(f"{rows} rows: cells compiled in {read:.1f} s, made ready in {built:.2f} s, {held / 1e6:.1f} MB")
    print(
        f"    finding the rows {found:.1f} µs (cell by cell: {each(lambda: one_by_one(cells, values, scope)):.0f} µs)"
    )


def main() -> None:
    """Print all figures."""
    show_row()
    for rows in (50, 500, 1_000):
        show_table(rows, profile="--profile" in sys.argv and rows == 500)
    show_many(10_000)


if __name__ == "__main__":
    main()
