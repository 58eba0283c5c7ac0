"""Positions and tracks: systems of coordinates, distances, and what is left of a track after cleaning."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.patrols import Position, TrackRules, distance_m, measure, to_gcj02, to_wgs84

RULES = TrackRules(max_accuracy_m=50, max_speed_mps=40, gap_after_s=300, restart_after=3)
BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HARBIN = (126.6424, 45.7567)


def fix(seconds: float, north_m: float, **changes: object) -> Position:
    given_ = {
        "at": BEGIN + timedelta(seconds=seconds),
        "longitude": HARBIN[0],
        "latitude": HARBIN[1] + north_m / 111_195,
        "coordinate_system": "WGS-84",
        "accuracy_m": 10.0,
    }
    return Position(**given_ | changes)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (HARBIN, HARBIN, 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (1, 0), 111_195),
        # Harbin to Beijing, about 1050 km.
        (HARBIN, (116.4074, 39.9042), 1_055_000),
        ((179.999, 0), (-179.999, 0), 222),
    ],
)
def test_a_distance_follows_the_ground(one, other, metres):
    assert distance_m(one, other) == pytest.approx(metres, rel=0.01, abs=1)


def test_the_systems_of_a_known_spot_agree():
    # Tian'anmen: published pairs of WGS-84 and GCJ-02, and BD-09 of the latter.
    wgs, gcj, bd = (116.391264, 39.907356), (116.397505, 39.908759), (116.403881, 39.915101)
    assert distance_m(to_gcj02(wgs), gcj) < 5
    assert distance_m(to_wgs84(gcj, "GCJ-02"), wgs) < 5
    assert distance_m(to_wgs84(bd, "BD-09"), wgs) < 5
    assert to_wgs84(wgs, "CGCS2000") == wgs
    with pytest.raises(ValueError, match="MARS"):
        to_wgs84(wgs, "MARS")


@given(longitude=st.floats(73, 135), latitude=st.floats(18, 53.5))
def test_a_point_of_china_comes_back_from_gcj02_to_the_decimetre(longitude, latitude):
    point = (longitude, latitude)
    assert distance_m(to_wgs84(to_gcj02(point), "GCJ-02"), point) < 0.1


def test_nothing_is_shifted_outside_of_china():
    assert to_gcj02((2.35, 48.85)) == (2.35, 48.85)


def test_a_walk_is_as_long_as_its_legs_in_whatever_order_it_arrives():
    walk = [fix(20 * n, 30 * n) for n in range(11)]
    track = measure([*reversed(walk), walk[3]], RULES)
    assert track.distance_m == pytest.approx(300, rel=0.001)
    assert (len(track.points), track.inaccurate, track.jumps, track.gaps) == (11, 0, 0, ())
    assert track.duration == timedelta(seconds=200)


def test_inaccurate_fixes_and_jumps_are_left_out():
    walk = [fix(20 * n, 30 * n) for n in range(11)]
    noise = [fix(35, 900, accuracy_m=50.1), fix(47, 5000), fix(90, 42, accuracy_m=50.0)]
    track = measure([*walk, *noise], RULES)
    assert (track.inaccurate, track.jumps) == (1, 1)
    assert len(track.points) == 12


def test_a_wrong_first_fix_does_not_spoil_the_track():
    track = measure([fix(0, 100_000), *(fix(20 * n, 30 * n) for n in range(1, 11))], RULES)
    assert track.distance_m == pytest.approx(270, rel=0.001)
    assert (len(track.points), track.jumps) == (10, 1)


def test_the_way_between_two_places_that_nobody_walked_is_not_counted():
    here, there = [fix(20 * n, 30 * n) for n in range(5)], [fix(100 + 20 * n, 50_000 + 30 * n) for n in range(5)]
    track = measure(here + there, RULES)
    assert track.distance_m == pytest.approx(240, rel=0.001)
    assert len(track.points) == 10


def test_a_gap_is_told_with_its_ends():
    track = measure([fix(0, 0), fix(300, 10), fix(601, 20)], RULES)
    [gap] = track.gaps
    assert (gap.begin_at, gap.length) == (BEGIN + timedelta(seconds=300), timedelta(seconds=301))


def test_no_fix_is_no_track():
    track = measure([], RULES)
    assert (track.points, track.distance_m, track.duration, track.mocked) == ((), 0, timedelta(), 0)


@given(st.lists(st.tuples(st.integers(0, 3600), st.floats(-50_000, 50_000), st.floats(0, 100)), max_size=40))
def test_whatever_a_phone_sends_the_kept_fixes_are_in_order_and_none_is_counted_twice(raw):
    fixes = [fix(seconds, north, accuracy_m=accuracy) for seconds, north, accuracy in raw]
    track = measure(fixes, RULES)
    instants = [point.at for point in track.points]
    assert instants == sorted(set(instants))
    assert len(track.points) + track.inaccurate + track.jumps == len({one.at for one in fixes})
    assert 0 <= track.distance_m <= 40 * 3600
