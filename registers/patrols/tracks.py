"""Tracks: from raw fixes of a phone to a distance, and the gaps in between. Pure arithmetic.

Inaccurate fixes and jumps are dropped, never punished; gaps are told, not judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from registers.patrols.coordinates import Point, distance_m, to_wgs84
from registers.patrols.model import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRules:
    """The numbers of the table patrol_track: metres, metres per second, seconds.

    restart_after   how many fixes that agree with each other outweigh the ones before the jump to them
    """

    max_accuracy_m: float
    max_speed_mps: float
    gap_after_s: float
    restart_after: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a usable fix between two of them."""

    begin_at: datetime
    end_at: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it lasted."""
        return self.end_at - self.begin_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track that was cleaned.

    points      usable fixes in their order
    inaccurate, jumps   how many were dropped, and why
    mocked      how many of the usable ones a phone itself calls mock locations
    distance_m  metres along the usable fixes
    """

    points: tuple[Position, ...]
    inaccurate: int
    jumps: int
    mocked: int
    distance_m: float
    gaps: tuple[Gap, ...]

    @property
    def duration(self) -> timedelta:
        """Return the time from the first to the last usable fix."""
        return self.points[-1].at - self.points[0].at if self.points else timedelta()


def measure(fixes: Iterable[Position], rules: TrackRules) -> Track:
    """Clean a track and measure it: sorted by time, one fix per instant, inaccurate ones and jumps left out."""
    ordered = sorted({fix.at: fix for fix in fixes}.values(), key=lambda fix: fix.at)
    accurate = [fix for fix in ordered if fix.accuracy_m <= rules.max_accuracy_m]
    legs = _legs(accurate, rules)
    kept = tuple(fix for leg in legs for fix in leg)
    return Track(
        points=kept,
        inaccurate=len(ordered) - len(accurate),
        jumps=len(accurate) - len(kept),
        mocked=sum(fix.mock for fix in kept),
        distance_m=sum(_metres(one, other) for leg in legs for one, other in pairwise(leg)),
        gaps=tuple(Gap(one.at, other.at) for one, other in pairwise(kept) if _seconds(one, other) > rules.gap_after_s),
    )


def _legs(fixes: Iterable[Position], rules: TrackRules) -> list[list[Position]]:
    """Return the fixes without the jumps, in legs: the way between two legs is not known and not counted."""
    legs: list[list[Position]] = []
    stray: list[Position] = []
    for fix in fixes:
        if legs and not _jumps(legs[-1][-1], fix, rules):
            legs[-1].append(fix)
            stray = []
            continue
        stray = [*stray, fix] if stray and not _jumps(stray[-1], fix, rules) else [fix]
        if not legs or len(stray) >= rules.restart_after:
            legs.append(stray)
            stray = []
    # A lone fix before the first leg that others outweighed is the jump, not they.
    return legs[1:] if len(legs) > 1 and len(legs[0]) == 1 else legs


def _jumps(one: Position, other: Position, rules: TrackRules) -> bool:
    """Tell whether nobody gets from one fix to the other in that time."""
    return _metres(one, other) > rules.max_speed_mps * _seconds(one, other)


def _seconds(one: Position, other: Position) -> float:
    return (other.at - one.at).total_seconds()


def _metres(one: Position, other: Position) -> float:
    return distance_m(_point(one), _point(other))


def _point(fix: Position) -> Point:
    return to_wgs84((fix.longitude, fix.latitude), fix.coordinate_system)
