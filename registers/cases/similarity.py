"""How alike two texts are, and how far two places are apart: pure."""

import unicodedata
from collections.abc import Set as AbstractSet
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
# The matter is told at the beginning; what follows is thanks and anger.
TEXT_MAX = 1_000


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text; case, width, spaces and punctuation do not count."""
    folded = unicodedata.normalize("NFKC", text[:TEXT_MAX]).casefold()
    characters = "".join(character for character in folded if character.isalnum())
    if len(characters) == 1:
        return frozenset(characters)
    return frozenset(characters[start : start + 2] for start in range(len(characters) - 1))


def likeness(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the Dice coefficient of two sets of bigrams: 0 nothing in common, 1 the same; 0 where one is empty."""
    if not one or not other:
        return 0.0
    return round(2 * len(one & other) / (len(one) + len(other)), 4)


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    return likeness(bigrams(one), bigrams(other))


def distance_m(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Return the great-circle distance of two points in metres, from degrees."""
    phi, other_phi = radians(latitude), radians(other_latitude)
    half = sin((other_phi - phi) / 2) ** 2
    half += cos(phi) * cos(other_phi) * sin(radians(other_longitude - longitude) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half))), 1)
