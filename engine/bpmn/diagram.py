"""A BPMN diagram as a picture (SVG): lanes, activities, events, gateways and flows, with what is done, live and late.

Colours mean the same everywhere: blue-grey is done, blue is live, red is late. A done activity has a tick, a live
or late one a heavy line, so that nothing is told by colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.canvas import SIZE, Canvas, Pen, Words, widest
from engine.bpmn.drawing import MARGIN, Box, Drawing, Edge, Shape, read_drawing
from engine.bpmn.edges import define_heads, draw_counted, draw_edge
from engine.bpmn.inks import (
    DONE,
    FLOW_DONE,
    LANE_BODY,
    LANE_HEAD,
    LANE_LINE,
    LATE,
    LIVE,
    MUTED,
    PEN_MISSED,
    PEN_TAKEN,
    PLAIN,
    UNREACHED,
    Ink,
)
from engine.bpmn.labels import Label, label_of_edge, label_of_shape
from engine.bpmn.lettering import wrap
from engine.bpmn.routes import Point
from engine.bpmn.shapes import draw_markers, draw_shape, has_label_outside, is_in_front

HEAD = 30.0
POOLS = frozenset({"participant", "lane"})
LEGEND = 36.0


class Mark(StrEnum):
    """How far the case has come at an element."""

    DONE = "done"
    LIVE = "live"
    LATE = "late"


INKS = {Mark.DONE: DONE, Mark.LIVE: LIVE, Mark.LATE: LATE}


@dataclass(frozen=True, slots=True)
class Reached:
    """Which sequence flows were taken, and the words of the legend: for those that were and for those that were not.

    counted  the flows that could be taken; those of another process in the file are no concern of this picture.
             Without it, every flow counts
    """

    flows: frozenset[str]
    words: tuple[str, str]
    counted: frozenset[str] | None = None

    def missed(self, flows: frozenset[str]) -> bool:
        """Whether some of these flows count, and none was taken."""
        counting = flows if self.counted is None else flows & self.counted
        return bool(counting) and counting.isdisjoint(self.flows)

    def counts(self, flow: str) -> bool:
        """Whether a flow could be taken."""
        return self.counted is None or flow in self.counted


def render(
    xml: bytes,
    marks: Mapping[str, Mark] | None = None,
    file: str = "diagram.bpmn",
    reached: Reached | None = None,
    page: int | None = None,
) -> bytes:
    """Return the picture of a BPMN file as SVG.

    marks    element id → how far the case has come there
    reached  flows that were taken are drawn heavy, all others dashed, and elements that no taken flow touches faint,
             with a legend above
    page     which of several pictures, from 1; without it the first that shows anything
    Raises  DeploymentError for what is not a harmless BPMN file, NotFound where the file holds no picture
    """
    return _Painter(read_drawing(xml, file, page), marks or {}, reached).paint()


class _Painter:
    """Draws one picture, back to front."""

    def __init__(self, drawing: Drawing, marks: Mapping[str, Mark], reached: Reached | None = None) -> None:
        self._drawing = drawing
        self._marks = marks
        self._reached = reached
        named = [one for one in drawing.shapes if one.name and has_label_outside(one)]
        touched = _touched(drawing)
        self._labels = [
            *((label_of_shape(one, touched.get(one.id, ())), self._ink(one).text) for one in named),
            *((label_of_edge(one), self._edge_text(one)) for one in drawing.edges if one.name),
        ]
        self._frame = _around(drawing.frame, [label for label, _ in self._labels])
        frame, above = self._frame, LEGEND if reached else 0.0
        self._canvas = Canvas(Box(frame.x, frame.y - above, frame.width, frame.height + above))

    def paint(self) -> bytes:
        """Draw everything; what has been passed lies above what has not, and words above every line."""
        define_heads(self._canvas)
        self._legend()
        shapes = self._drawing.shapes
        for shape in sorted((one for one in shapes if one.type in POOLS), key=lambda one: one.type == "lane"):
            self._lane(shape)
        others = [one for one in shapes if one.type not in POOLS]
        # A sub-process lies behind those inside it, whichever the file names first.
        behind = [one for one in others if not is_in_front(one)]
        behind.sort(key=lambda one: -one.box.width * one.box.height)
        for shape in behind:
            self._shape(shape)
        for edge in sorted(self._drawing.edges, key=self._is_done):
            self._edge(edge)
        for shape in sorted(filter(is_in_front, others), key=lambda one: one.type == "boundaryEvent"):
            self._shape(shape)
        coloured = behind if any(self._ink(one) is not PLAIN for one in behind) else []
        for label, colour in self._labels:
            self._canvas.lines(label.lines, label.middle, Words(colour, label.size, halo=self._ground(label, coloured)))
        return self._canvas.to_bytes()

    def _ground(self, label: Label, scopes: list[Shape]) -> str:
        """Return the colour behind a label: that of the innermost of the sub-processes, given from large to small."""
        (x, y), surface = label.middle, PLAIN.surface
        for one in scopes:
            box = one.box
            if box.x < x < box.x + box.width and box.y < y < box.y + box.height:
                surface = self._ink(one).surface
        return surface

    def _is_missed(self, shape: Shape) -> bool:
        """Whether no flow was taken that leads here; what no sequence flow touches is not judged."""
        return self._reached is not None and self._reached.missed(shape.flows)

    def _ink(self, shape: Shape) -> Ink:
        mark = self._marks.get(shape.id)
        if mark is not None:
            return INKS[mark]
        return UNREACHED if self._is_missed(shape) else PLAIN

    def _is_done(self, edge: Edge) -> bool:
        return self._marks.get(edge.source) is Mark.DONE and edge.target in self._marks

    def _shape(self, shape: Shape) -> None:
        mark = self._marks.get(shape.id)
        data = {} if mark is None else {"mark": mark.value}
        if mark is None and self._is_missed(shape):
            data["reached"] = "no"
        self._canvas.begin(shape.name, element=shape.id, **data)
        draw_shape(self._canvas, shape, self._ink(shape))
        self._canvas.end()

    def _lane(self, shape: Shape) -> None:
        box = shape.box
        self._canvas.rect(box, Pen(LANE_LINE, LANE_BODY if shape.type == "lane" else "#ffffff", 1))
        head = Box(box.x, box.y, HEAD, box.height) if shape.horizontal else Box(box.x, box.y, box.width, HEAD)
        self._canvas.rect(head, Pen(LANE_LINE, LANE_HEAD, 1))
        x, y = head.centre
        self._canvas.begin(transform=f"translate({x:g} {y:g})" + (" rotate(-90)" if shape.horizontal else ""))
        lines = wrap(shape.name, max(head.height, head.width) / SIZE - 1, 2)
        self._canvas.lines(lines, (0, 0), Words(MUTED, bold=True))
        self._canvas.end()
        draw_markers(self._canvas, shape, PLAIN)

    def _legend(self) -> None:
        if self._reached is None:
            return
        left, middle = self._frame.x + MARGIN, self._frame.y - LEGEND / 2
        for words, pen in zip(self._reached.words, (PEN_TAKEN, PEN_MISSED), strict=True):
            self._canvas.path(f"M{left:g} {middle:g}H{left + 48:g}", pen)
            width = widest([words])
            self._canvas.lines([words], (left + 56 + width / 2, middle), Words(MUTED))
            left += 56 + width + 28

    def _edge(self, edge: Edge) -> None:
        if self._reached is None or edge.type != "sequenceFlow" or not self._reached.counts(edge.id):
            self._canvas.begin(edge.name, flow=edge.id)
            draw_edge(self._canvas, edge, is_done=self._is_done(edge))
        else:
            is_taken = edge.id in self._reached.flows
            self._canvas.begin(edge.name, element=edge.id, reached="yes" if is_taken else "no")
            draw_counted(self._canvas, edge, is_taken=is_taken)
        self._canvas.end()

    def _edge_text(self, edge: Edge) -> str:
        return FLOW_DONE if self._is_done(edge) else MUTED


def _touched(drawing: Drawing) -> dict[str, list[Point]]:
    """Return where lines touch the elements, by id."""
    touched: dict[str, list[Point]] = {}
    for edge in drawing.edges:
        touched.setdefault(edge.source, []).append(edge.points[0])
        touched.setdefault(edge.target, []).append(edge.points[-1])
    return touched


def _around(frame: Box, labels: list[Label]) -> Box:
    """Return the frame, larger where a label would be cut off."""
    boxes = [label.box for label in labels]
    left = min([frame.x, *(box.x - MARGIN / 2 for box in boxes)])
    top = min([frame.y, *(box.y - MARGIN / 2 for box in boxes)])
    right = max([frame.x + frame.width, *(box.x + box.width + MARGIN / 2 for box in boxes)])
    bottom = max([frame.y + frame.height, *(box.y + box.height + MARGIN / 2 for box in boxes)])
    return Box(left, top, right - left, bottom - top)
