"""Values before, between and after those that cells name: one for each region of a dimension."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key

from engine.dmn.data_types import fits
from engine.dmn.model import DataType
from engine.feel import YearsMonths
from engine.feel.comparison import COMPARE, PLAIN
from engine.feel.run import Run

OTHER_TEXT = "（其他）"
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a dimension.

    sample   a value that stands for it
    listed   whether somebody wrote the value down
    point    whether it is the only value there
    """

    sample: object
    listed: bool
    point: bool = True


def regions_between(values: Sequence[object], named: AbstractSet[object], wanted: DataType) -> list[Region]:
    """Return the regions that values in ascending order cut, below, at, between and above them."""
    step = _Steps(wanted)
    below = step.before(values[0])
    found = [] if below is None else [Region(below, listed=False, point=False)]
    for index, value in enumerate(values):
        if fits(value, wanted):
            found.append(Region(value, listed=value in named))
        after = step.between(value, values[index + 1]) if index + 1 < len(values) else step.after(value)
        if after is not None:
            found.append(Region(after, listed=False, point=False))
    return found


def sorted_values(values: Iterable[object]) -> list[object]:
    """Return the different values in ascending order."""
    found = list(values)
    if found and found[0].__class__ in PLAIN:
        return sorted(set(found))  # type: ignore[type-var]  # all of one kind, and Python orders them as FEEL does
    run = Run()

    def order(left: object, right: object) -> int:
        return -1 if COMPARE["<"](left, right, run) else int(COMPARE[">"](left, right, run) is True)

    ordered: list[object] = []
    for value in sorted(found, key=cmp_to_key(order)):
        if not ordered or order(ordered[-1], value) != 0:
            ordered.append(value)
    return ordered


def sample_of(kind: type) -> object:
    """Return some value of a kind."""
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
