"""The ledger of a deadline: segments that are only ever appended, and the rules of their sequence.

Two sorts of segment. A *stretch* has an extent and says what the clock does: it stands in `pause` and goes in `run`,
`transfer` (somebody else holds the matter now) and `return` (it went back to an earlier holder). An *entry* happens at
one instant and changes the budget or the ground on which it is counted: `extend`, `recalculate`.

Stretches adjoin: each begins at the instant at which the one before ends. The last may be open; when it is closed, the
deadline is stopped. Entries stand in the order in which they happened, within the stretch before them.

`change` is a budget, and means
  extend            this much more; required
  transfer, return  the clock starts again with this budget; None: it continues with what is left
  recalculate       this budget instead of the one with which the clock last started; None: only the calendar changed
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.deadlines.units import Budget
from engine.errors import Invalid, Problem


class SegmentKind(StrEnum):
    """What a segment of the ledger says."""

    RUN = "run"
    PAUSE = "pause"
    EXTEND = "extend"
    TRANSFER = "transfer"
    RETURN = "return"
    RECALCULATE = "recalculate"

    @property
    def is_entry(self) -> bool:
        """Whether it happens at one instant and leaves the clock as it is."""
        return self in (SegmentKind.EXTEND, SegmentKind.RECALCULATE)

    @property
    def hands_over(self) -> bool:
        """Whether it gives the matter to another holder."""
        return self in (SegmentKind.TRANSFER, SegmentKind.RETURN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One segment of a ledger.

    started_at, ended_at  aware instants; ended_at is None while a stretch lasts, and equals started_at in an entry
    holder                unit (organisation or person) to which the time belongs; None: the one before
    change                see the module
    reason, actor         why, and who ordered or approved it
    rule_version          version of the table on which it rests
    calendar_version      version of the working calendar from this segment on
    """

    kind: SegmentKind
    started_at: datetime
    calendar_version: int
    ended_at: datetime | None = None
    holder: str | None = None
    change: Budget | None = None
    reason: str = ""
    actor: str = ""
    rule_version: int | None = None


_NEED_REASON = (SegmentKind.PAUSE, SegmentKind.EXTEND, SegmentKind.RETURN, SegmentKind.RECALCULATE)
_NO_CHANGE = (SegmentKind.RUN, SegmentKind.PAUSE)

Ledger = Sequence[Segment]


def append(ledger: Ledger, segment: Segment) -> tuple[Segment, ...]:
    """Return the ledger with one more segment: a stretch closes the open one, an entry leaves it open.

    Raises Invalid: ledger-stopped, or a problem per broken rule (see `check`).
    """
    _refuse_stopped(ledger)
    if segment.kind.is_entry:
        grown = (*ledger, replace(segment, ended_at=segment.started_at))
    else:
        grown = (*_closed(ledger, segment.started_at), segment)
    check(grown)
    return grown


def stop(ledger: Ledger, at: datetime) -> tuple[Segment, ...]:
    """Return the ledger closed at an instant: the matter is done. Raises Invalid as `append` does."""
    _refuse_stopped(ledger)
    stopped = _closed(ledger, at)
    check(stopped)
    return stopped


def as_of(ledger: Ledger, instant: datetime) -> tuple[Segment, ...]:
    """Return the ledger as it stood at an instant: later segments gone, the stretch of that time open again.

    What happened exactly at the instant is included. Empty when the ledger begins later.
    """
    known = (segment for segment in ledger if segment.started_at <= instant)
    return tuple(
        segment if segment.ended_at is None or segment.ended_at <= instant else replace(segment, ended_at=None)
        for segment in known
    )


def calendar_version(ledger: Ledger) -> int:
    """Return the version of the working calendar on which the ledger rests now: the one pinned last."""
    check(ledger)
    return ledger[-1].calendar_version


def check(ledger: Ledger) -> None:
    """Raise Invalid with a problem per broken rule of the sequence; `where` is the 0-based position."""
    problems: list[Problem] = []
    stretch: Segment | None = None
    for position, segment in enumerate(ledger):
        before = ledger[position - 1] if position else None
        broken = _own_rule(segment) or _rule_of_sequence(stretch, before, segment)
        if broken is not None:
            code, message = broken
            params: dict[str, object] = {"position": position, "kind": str(segment.kind)}
            problems.append(Problem(code, str(position), f"segment {position} ({segment.kind}): {message}", params))
        if not segment.kind.is_entry:
            stretch = segment
    if stretch is None and not problems:
        problems.append(Problem("ledger-empty", "", "the ledger has no segment"))
    if problems:
        raise Invalid(problems=problems)


def _own_rule(segment: Segment) -> tuple[str, str] | None:
    """Return the rule that a segment breaks by itself: code and sentence."""
    kind, start, end = segment.kind, segment.started_at, segment.ended_at
    if start.utcoffset() is None or (end is not None and end.utcoffset() is None):
        return "instant-not-aware", "an instant has no zone"
    if end is not None and end < start:
        return "segment-ends-before-start", "it ends before it begins"
    if kind.is_entry and end != start:
        return "entry-with-extent", "it happens at one instant"
    return _rule_of_content(segment)


def _rule_of_content(segment: Segment) -> tuple[str, str] | None:
    kind = segment.kind
    if kind in _NEED_REASON and not segment.reason.strip():
        return "segment-without-reason", "it needs a reason"
    if kind.hands_over and not segment.holder:
        return "segment-without-holder", "it must name who holds the matter now"
    if kind is SegmentKind.EXTEND and segment.change is None:
        return "extension-without-budget", "it must say by how much"
    if kind in _NO_CHANGE and segment.change is not None:
        return "segment-with-budget", "it cannot change the budget"
    return None


def _rule_of_sequence(stretch: Segment | None, before: Segment | None, segment: Segment) -> tuple[str, str] | None:
    """Return the rule that a segment breaks after the last stretch and the segment before it."""
    if stretch is None or before is None:
        return None if segment.kind is SegmentKind.RUN else ("ledger-begins-without-run", "a ledger begins with a run")
    if segment.kind.is_entry:
        ended = stretch.ended_at
        if segment.started_at < before.started_at or (ended is not None and segment.started_at > ended):
            return "entry-out-of-order", "it must happen after the segment before it and within its stretch"
        return None
    return _rule_of_stretch(stretch, segment)


def _rule_of_stretch(stretch: Segment, segment: Segment) -> tuple[str, str] | None:
    kind = segment.kind
    if stretch.ended_at != segment.started_at:
        return "segment-not-adjoining", "it must begin when the stretch before it ends"
    if kind is SegmentKind.RUN and stretch.kind is not SegmentKind.PAUSE:
        return "clock-runs-already", "the clock runs already"
    if kind is SegmentKind.PAUSE and stretch.kind is SegmentKind.PAUSE:
        return "clock-stands-already", "the clock stands already"
    return None


def _closed(ledger: Ledger, at: datetime) -> tuple[Segment, ...]:
    """Close the open stretch; an instant before an entry of that stretch leaves the entry out of order."""
    return tuple(
        replace(segment, ended_at=at) if segment.ended_at is None and not segment.kind.is_entry else segment
        for segment in ledger
    )


def _refuse_stopped(ledger: Ledger) -> None:
    stretches = [segment for segment in ledger if not segment.kind.is_entry]
    if stretches and stretches[-1].ended_at is not None:
        raise Invalid("the ledger is stopped", code="ledger-stopped", at=stretches[-1].ended_at.isoformat())
