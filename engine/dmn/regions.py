"""The space of inputs, cut along every value that a cell names.

Within one region all cells that can be analysed answer alike, so one sample value per region decides exactly; the
samples are put to the cells themselves, and analysis cannot disagree with evaluation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key

from engine.dmn.data_types import fits
from engine.dmn.model import DataType, DecisionTable
from engine.feel import FeelError, Range, UnaryTests, YearsMonths
from engine.feel.comparison import COMPARE
from engine.feel.constants import constant_node
from engine.feel.run import Run, Scope

OTHER_TEXT = "（其他）"
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_ORDERED = (Decimal, str, date, datetime, time, timedelta, YearsMonths)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a dimension: a value that stands for it, and whether any listed value would."""

    sample: object
    listed: bool


@dataclass(frozen=True, slots=True)
class Dimension:
    """An input, cut into regions; `rows[i]` are the rows whose cell passes in region i, a bit for each.

    bounded  whether the regions are all values that there can be
    unknown  the rows whose cell cannot be analysed; they pass nowhere in `rows`
    """

    label: str
    regions: tuple[Region, ...]
    rows: tuple[int, ...]
    null_rows: int
    bounded: bool
    unknown: int


@dataclass
class _Cuts:
    """The values that cells name, and whether any cell compares texts by order."""

    values: list[object]
    ordered: bool = False


def dimensions_of(table: DecisionTable) -> list[Dimension]:
    """Return the dimensions of a table; columns over the same expression are one."""
    columns: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        columns.setdefault(clause.expression.text, []).append(index)
    return [_dimension(table, indexes) for indexes in columns.values()]


def _dimension(table: DecisionTable, indexes: Sequence[int]) -> Dimension:
    clause = table.inputs[indexes[0]]
    cuts = _Cuts([])
    cells = [[rule.conditions[index] for index in indexes] for rule in table.rules]
    unknown = 0
    for row, own in enumerate(cells):
        # Every cell is looked at, also behind one that cannot be analysed.
        analysable = [_collect(cell, cuts) for cell in own]
        if not all(analysable):
            unknown |= 1 << row
    domain = clause.type.allowed
    limited = domain is not None and _collect(domain, cuts)
    kind = _kind(clause.type, cuts.values)
    if kind is None:
        return Dimension(
            clause.label, (Region(None, listed=False),), (0,), 0, bounded=False, unknown=(1 << len(cells)) - 1
        )
    regions = [
        region
        for region in _regions(kind, cuts, clause.type)
        if not limited or domain is None or domain(region.sample, {})
    ]
    rows = tuple(_passing(cells, region.sample, unknown) for region in regions)
    bounded = limited or (kind is not str and clause.type.name != "Any")
    return Dimension(clause.label, tuple(regions), rows, _passing(cells, None, unknown), bounded, unknown)


def _collect(cell: UnaryTests, cuts: _Cuts) -> bool:
    """Note the values that a cell names; False where it does more than compare with constants."""
    found: list[object] = []
    for test in cell.cell.tests:
        constant, value = constant_node(cell.text, test.operand)
        if not constant or isinstance(value, (list, dict)):
            return False
        if isinstance(value, Range):
            found += [value.low, value.high]
            cuts.ordered = True
        else:
            found.append(value)
            cuts.ordered = cuts.ordered or test.operator not in {"", "=", "!="}
    if any(value is not None and value.__class__ not in {*_ORDERED, bool} for value in found):
        return False
    cuts.values += [value for value in found if value is not None]
    return True


def _kind(wanted: DataType, values: Iterable[object]) -> type | None:
    """Return the one kind of value that a dimension has; None where cells name several kinds, or it is a list."""
    if wanted.element is not None or wanted.name in {"list", "context", "range", "function"}:
        return None
    kinds = {value.__class__ for value in values}
    if len(kinds) > 1:
        return None
    named = {"number": Decimal, "string": str, "boolean": bool, "date": date, "time": time}
    named |= {"date and time": datetime, "days and time duration": timedelta, "years and months duration": YearsMonths}
    declared = named.get(wanted.name)
    found = next(iter(kinds), declared or str)
    return found if declared in {None, found} else None


def _passing(cells: Sequence[Sequence[UnaryTests]], sample: object, unknown: int) -> int:
    scope = Scope({}, None, Run())
    rows = 0
    for row, own in enumerate(cells):
        if not unknown >> row & 1 and all(_passes(cell, sample, scope) for cell in own):
            rows |= 1 << row
    return rows


def _passes(cell: UnaryTests, sample: object, scope: Scope) -> bool:
    try:
        return cell.passes(sample, scope)
    except FeelError:
        return False


def _regions(kind: type, cuts: _Cuts, wanted: DataType) -> list[Region]:
    if kind is bool:
        return [Region(sample=truth, listed=True) for truth in (True, False)]
    values = _sorted(cuts.values)
    if kind is str and not cuts.ordered:
        return [*(Region(value, listed=True) for value in values), Region(_other_text(values), listed=False)]
    if not values:
        return [Region(_sample_of(kind), listed=False)]
    step = _Steps(wanted)
    found = [Region(sample, listed=False) for sample in [step.before(values[0])] if sample is not None]
    for index, value in enumerate(values):
        if fits(value, wanted):
            found.append(Region(value, listed=True))
        after = step.between(value, values[index + 1]) if index + 1 < len(values) else step.after(value)
        if after is not None:
            found.append(Region(after, listed=False))
    return found


def _sorted(values: Iterable[object]) -> list[object]:
    """Return the different values in ascending order."""
    run = Run()

    def order(left: object, right: object) -> int:
        return -1 if COMPARE["<"](left, right, run) else int(COMPARE[">"](left, right, run) is True)

    ordered: list[object] = []
    for value in sorted(values, key=cmp_to_key(order)):
        if not ordered or order(ordered[-1], value) != 0:
            ordered.append(value)
    return ordered


def _other_text(values: Sequence[object]) -> str:
    text = OTHER_TEXT
    while text in values:
        text += "…"
    return text


def _sample_of(kind: type) -> object:
    samples: dict[type, object] = {
        Decimal: Decimal(0),
        date: date(2026, 1, 1),
        datetime: datetime(2026, 1, 1),  # noqa: DTZ001 - a sample of a local time
        time: time(),
        timedelta: _DAY,
        YearsMonths: YearsMonths(1),
    }
    return samples.get(kind, OTHER_TEXT)


class _Steps:
    """Finds values before, between and after those that cells name; None where there are none."""

    def __init__(self, wanted: DataType) -> None:
        self.whole = wanted.whole

    def before(self, value: object) -> object:
        """Return a smaller value."""
        if isinstance(value, str):
            return "" if value else None
        return self._moved(value, -1)

    def after(self, value: object) -> object:
        """Return a greater value."""
        return value + "…" if isinstance(value, str) else self._moved(value, 1)

    def between(self, low: object, high: object) -> object:
        """Return a value that lies strictly between two."""
        if isinstance(low, str) and isinstance(high, str):
            return next((text for text in (low + "…", low + " ", low + "\x01") if low < text < high), None)
        if isinstance(low, Decimal) and isinstance(high, Decimal) and not self.whole:
            near = low.to_integral_value("ROUND_FLOOR") + 1
            return near if low < near < high else (low + high) / 2
        following = self._moved(low, 1)
        if isinstance(low, (datetime, time, timedelta)) and isinstance(following, (datetime, time, timedelta)):
            following = following if COMPARE["<"](following, high, Run()) else self._moved(low, 1, _TICK)
        return following if COMPARE["<"](following, high, Run()) else None

    def _moved(self, value: object, steps: int, tick: timedelta = timedelta(minutes=1)) -> object:
        try:
            if isinstance(value, Decimal):
                edge = "ROUND_FLOOR" if steps > 0 else "ROUND_CEILING"
                return value.to_integral_value(edge) + steps
            if isinstance(value, YearsMonths):
                return YearsMonths(value.months + steps)
            if isinstance(value, (datetime, timedelta)):
                return value + tick * steps
            if isinstance(value, date):
                return value + _DAY * steps
        except OverflowError:
            return None
        return self._moved_time(value, tick * steps) if isinstance(value, time) else None

    def _moved_time(self, value: time, by: timedelta) -> time | None:
        day = datetime(2000, 1, 2, value.hour, value.minute, value.second, value.microsecond)  # noqa: DTZ001 - time of day
        moved = day + by
        return moved.time().replace(tzinfo=value.tzinfo) if moved.date() == day.date() else None
