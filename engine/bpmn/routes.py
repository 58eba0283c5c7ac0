"""The lines of flows: rounded corners, and the place of a label beside them."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
CORNER = 6.0


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


def slash(points: Sequence[Point], reach: float = 11.0) -> str:
    """Return the short stroke across the beginning of a default flow."""
    (x, y), (tip_x, tip_y) = toward(points[0], points[1], reach), toward(points[0], points[1], reach + 1)
    u, v = tip_x - x, tip_y - y
    return f"M{x - u * 3 - v * 5:g} {y - v * 3 + u * 5:g}L{x + u * 3 + v * 5:g} {y + v * 3 - u * 5:g}"


def beside(points: Sequence[Point], width: float, height: float) -> Point:
    """Return the middle of a label of this size beside the longest stretch of a line."""
    start, end = max(pairwise(points), key=lambda stretch: _length(*stretch))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    if abs(end[0] - start[0]) >= abs(end[1] - start[1]):
        return x, y - height / 2 - 3
    return x + width / 2 + 5, y


def _length(start: Point, end: Point) -> float:
    return hypot(end[0] - start[0], end[1] - start[1])
