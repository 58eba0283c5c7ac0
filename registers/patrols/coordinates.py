"""Coordinates: the systems of Chinese maps and phones brought together, and the distance between two points.

GCJ-02 is WGS-84 shifted by up to 700 m, BD-09 is GCJ-02 shifted once more; CGCS2000 lies within decimetres of WGS-84.
A phone and a map that speak of the same spot in two systems would otherwise be half a kilometre apart.
"""

from math import asin, atan2, cos, pi, radians, sin, sqrt

WGS84, CGCS2000, GCJ02, BD09 = "WGS-84", "CGCS2000", "GCJ-02", "BD-09"
SYSTEMS = (GCJ02, WGS84, CGCS2000, BD09)

EARTH_RADIUS_M = 6_371_008.8
# Krasovsky 1940, the ellipsoid of GCJ-02.
MAJOR_AXIS_M, ECCENTRICITY_2 = 6_378_245.0, 0.006_693_421_622_965_943
BD_TURN = pi * 3000.0 / 180.0
BD_LONGITUDE, BD_LATITUDE = 0.0065, 0.006
# Outside this box GCJ-02 is WGS-84.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
ROUNDS = 6

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


def distance_m(one: Point, other: Point) -> float:
    """Return the distance of two points of one system along the ground (haversine), in metres."""
    (east, north), (other_east, other_north) = one, other
    up, along = radians(other_north - north) / 2, radians(other_east - east) / 2
    chord = sin(up) ** 2 + cos(radians(north)) * cos(radians(other_north)) * sin(along) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def to_wgs84(point: Point, system: str) -> Point:
    """Return a point of any of our systems in WGS-84; raises ValueError for an unknown system."""
    if system in {WGS84, CGCS2000}:
        return point
    if system == BD09:
        return _from_gcj02(_bd09_to_gcj02(point))
    if system == GCJ02:
        return _from_gcj02(point)
    message = f"unknown coordinate system {system}"
    raise ValueError(message)


def to_gcj02(point: Point) -> Point:
    """Return a WGS-84 point in GCJ-02."""
    longitude, latitude = point
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return point
    east, north = _shift(longitude - 105.0, latitude - 35.0)
    curve = 1 - ECCENTRICITY_2 * sin(radians(latitude)) ** 2
    north *= 180.0 / (MAJOR_AXIS_M * (1 - ECCENTRICITY_2) / (curve * sqrt(curve)) * pi)
    east *= 180.0 / (MAJOR_AXIS_M / sqrt(curve) * cos(radians(latitude)) * pi)
    return longitude + east, latitude + north


def _from_gcj02(point: Point) -> Point:
    """Return the WGS-84 point whose GCJ-02 is the given one: found step by step, exact to centimetres."""
    longitude, latitude = guess = point
    for _ in range(ROUNDS):
        shifted = to_gcj02(guess)
        guess = guess[0] + longitude - shifted[0], guess[1] + latitude - shifted[1]
    return guess


def _bd09_to_gcj02(point: Point) -> Point:
    x, y = point[0] - BD_LONGITUDE, point[1] - BD_LATITUDE
    length = sqrt(x * x + y * y) - 0.00002 * sin(y * BD_TURN)
    angle = atan2(y, x) - 0.000003 * cos(x * BD_TURN)
    return length * cos(angle), length * sin(angle)


def _shift(x: float, y: float) -> Point:
    """Return the shift of GCJ-02 east and north in metres, by the published series."""
    both = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return east, north
