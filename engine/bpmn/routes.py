"""The lines of flows: rounded corners, and the place of a label beside them."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
CORNER = 6.0
# The stroke of a default flow: how far from the beginning, and how far it reaches to each side.
TICK, TICK_HALF = 11.0, 7.0


def rounded(points: Sequence[Point], corner: float = CORNER) -> str:
    """Return the outline of a line through points, its corners rounded."""
    start, *inner, end = points
    parts = [f"M{start[0]:g} {start[1]:g}"]
    before = start
    for position, point in enumerate(inner, start=1):
        after = points[position + 1]
        reach = min(corner, _length(before, point) / 2, _length(point, after) / 2)
        come, go = toward(point, before, reach), toward(point, after, reach)
        parts.append(f"L{come[0]:g} {come[1]:g}Q{point[0]:g} {point[1]:g} {go[0]:g} {go[1]:g}")
        before = point
    parts.append(f"L{end[0]:g} {end[1]:g}")
    return "".join(parts)


def toward(start: Point, end: Point, reach: float) -> Point:
    """Return the point at a distance from the start in the direction of the end."""
    length = _length(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * reach / length, start[1] + (end[1] - start[1]) * reach / length


def slash(points: Sequence[Point]) -> str:
    """Return the short stroke across the beginning of a default flow."""
    (x, y), (u, v) = toward(points[0], points[1], TICK), _direction(points)
    return f"M{x - u * 3 - v * 5:g} {y - v * 3 + u * 5:g}L{x + u * 3 + v * 5:g} {y + v * 3 - u * 5:g}"


def diamond(points: Sequence[Point], length: float = 13.0, half: float = 4.5) -> str:
    """Return the small diamond at the beginning of a conditional flow."""
    (x, y), (u, v) = points[0], _direction(points)
    middle = (x + u * length / 2, y + v * length / 2)
    corners = (
        points[0],
        (middle[0] - v * half, middle[1] + u * half),
        (x + u * length, y + v * length),
        (middle[0] + v * half, middle[1] - u * half),
    )
    return "M" + "L".join(f"{corner[0]:g} {corner[1]:g}" for corner in corners) + "Z"


def halfway(points: Sequence[Point]) -> Point:
    """Return the point in the middle of a line, along its length."""
    left = sum(_length(start, end) for start, end in pairwise(points)) / 2
    for start, end in pairwise(points):
        if left <= _length(start, end):
            return toward(start, end, left)
        left -= _length(start, end)
    return points[-1]


def off_tick(points: Sequence[Point], middle: Point, width: float, height: float) -> Point:
    """Return where a label of this size must stand so that the stroke of a default flow does not cross it."""
    (x, y), (u, v) = toward(points[0], points[1], TICK), _direction(points)
    aside_x, aside_y = middle[0] - x, middle[1] - y
    need_x, need_y = width / 2 + TICK_HALF, height / 2 + TICK_HALF
    if abs(aside_x) >= need_x or abs(aside_y) >= need_y:
        return middle
    if abs(u) >= abs(v):
        return middle[0], y + (need_y if aside_y > 0 else -need_y)
    return x + (-need_x if aside_x < 0 else need_x), middle[1]


def _direction(points: Sequence[Point]) -> Point:
    (x, y), (tip_x, tip_y) = points[0], toward(points[0], points[1], 1)
    return tip_x - x, tip_y - y


def beside(points: Sequence[Point], width: float, height: float) -> Point:
    """Return the middle of a label of this size beside the longest stretch of a line."""
    start, end = max(pairwise(points), key=lambda stretch: _length(*stretch))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    if abs(end[0] - start[0]) >= abs(end[1] - start[1]):
        return x, y - height / 2 - 3
    return x + width / 2 + 5, y


def _length(start: Point, end: Point) -> float:
    return hypot(end[0] - start[0], end[1] - start[1])
