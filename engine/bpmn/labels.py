"""Labels of a picture: names that stand beside events, gateways, data and flows, broken to fit."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.bpmn.canvas import widest
from engine.bpmn.drawing import Box, Edge, Shape
from engine.bpmn.lettering import LEADING, fit
from engine.bpmn.routes import Point, beside, off_tick

WIDTH = 72.0
SIZE = 11.0
LINES = 4
# Room between an element and the name below it.
GAP = 4.0
# How near a line must come to a side to be in the way of a label there.
NEAR = 8.0


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text of one size (units of the picture) around a middle point."""

    lines: list[str]
    size: float
    middle: tuple[float, float]

    @property
    def box(self) -> Box:
        """Return the room that it takes."""
        width, height = widest(self.lines, self.size), LEADING * self.size * len(self.lines)
        return Box(self.middle[0] - width / 2, self.middle[1] - height / 2, width, height)


def label_of_shape(shape: Shape, touched: Iterable[Point] = ()) -> Label:
    """Return the label of an element: where the modeller put it, or below; what is too long grows away from it.

    touched  where lines touch the element: without a place of its own, the label keeps away from them
    """
    lines, size = _broken(shape.name, shape.label, max(WIDTH, shape.box.width) if shape.type == "group" else WIDTH)
    height = LEADING * size * len(lines)
    y = shape.box.centre[1]
    if shape.label is None:
        return Label(lines, size, _free_place(shape, (widest(lines, size), height), touched))
    middle_x, middle_y = shape.label.centre
    excess = max(0.0, height - shape.label.height) / 2
    is_beside = shape.box.y < middle_y < shape.box.y + shape.box.height
    return Label(lines, size, (middle_x, middle_y + (0.0 if is_beside else excess if middle_y > y else -excess)))


def _free_place(shape: Shape, room: tuple[float, float], touched: Iterable[Point]) -> Point:
    """Return the middle of a label below; above where a line goes down; at the lower right where one goes up too."""
    box, (width, height) = shape.box, room
    x, bottom = box.centre[0], box.y + box.height
    if shape.type == "group":
        return x, box.y + GAP + height / 2
    sides = [touch_y for touch_x, touch_y in touched if abs(touch_x - x) < width / 2]
    if not any(abs(y - bottom) <= NEAR for y in sides):
        return x, bottom + GAP + height / 2
    if shape.type != "boundaryEvent" and not any(abs(y - box.y) <= NEAR for y in sides):
        return x, box.y - GAP - height / 2
    return x + GAP + width / 2, bottom + (height if shape.type == "boundaryEvent" else GAP) / 2


def label_of_edge(edge: Edge) -> Label:
    """Return the label of a flow: where the modeller put it, or beside its longest stretch; off a default's tick."""
    lines, size = _broken(edge.name, edge.label, WIDTH)
    width, height = widest(lines, size), LEADING * size * len(lines)
    middle = edge.label.centre if edge.label is not None else beside(edge.points, width, height)
    return Label(lines, size, off_tick(edge.points, middle, width, height) if edge.default else middle)


def _broken(name: str, place: Box | None, least: float) -> tuple[list[str], float]:
    width = max(place.width + 6 if place else 0.0, least)
    height = max(place.height if place else 0.0, LINES * LEADING * SIZE)
    return fit(name, width, height, SIZE)
