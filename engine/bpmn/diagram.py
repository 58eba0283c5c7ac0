"""A BPMN diagram as a picture (SVG): lanes, activities, events, gateways and flows, with what is done, live and late.

Colours mean the same everywhere: blue-grey is done, blue is live, red is late. A done activity has a tick, a live
or late one a heavy line, so that nothing is told by colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn import icons
from engine.bpmn.canvas import LEADING, SIZE, Canvas, Pen, Words, widest
from engine.bpmn.drawing import MARGIN, Box, Drawing, Edge, Shape, read_drawing
from engine.bpmn.lettering import wrap
from engine.bpmn.routes import beside, rounded, slash

ICON = 16.0
HEAD = 30.0
POOLS = frozenset({"participant", "lane"})
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = frozenset({*icons.TASKS, *SCOPES, "task", "callActivity"})
BETWEEN = frozenset({"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
# An activity lower than this has no room for its icon above its name.
LOW = 50.0
LABEL_WIDTH = 72.0
SMALL = 11.0


class Mark(StrEnum):
    """How far the case has come at an element."""

    DONE = "done"
    LIVE = "live"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Ink:
    """Line, surface, width of the line, and text of a kind of element."""

    line: str
    surface: str
    width: float
    text: str = "#1f2a3a"


PLAIN = Ink("#5c6b80", "#ffffff", 1.3)
INKS = {
    Mark.DONE: Ink("#6f85a6", "#e4ebf5", 1.3),
    Mark.LIVE: Ink("#1556b4", "#dcebff", 2.8, "#0c3a80"),
    Mark.LATE: Ink("#c22f2b", "#fde5e3", 2.8, "#8c1d1a"),
}
FLOW, FLOW_DONE = "#8d99ab", "#3f5f92"
LANE_LINE, LANE_HEAD, LANE_BODY = "#c9d2de", "#eef2f7", "#fbfcfe"
MUTED = "#4a5568"
TAKEN, MISSED = "#1b7f4b", "#b4472f"
PEN_TAKEN, PEN_MISSED = Pen(TAKEN, "none", 2.6), Pen(MISSED, "none", 1.4, "5 4")
LEGEND = 36.0


@dataclass(frozen=True, slots=True)
class Reached:
    """Which sequence flows were taken, and the words of the legend: for those that were and for those that were not."""

    flows: frozenset[str]
    words: tuple[str, str]


def render(
    xml: bytes,
    marks: Mapping[str, Mark] | None = None,
    file: str = "diagram.bpmn",
    reached: Reached | None = None,
    page: int | None = None,
) -> bytes:
    """Return the picture of a BPMN file as SVG.

    marks    element id → how far the case has come there
    reached  flows that were taken are drawn heavy, all others dashed, with a legend above
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
        frame = drawing.frame
        above = LEGEND if reached else 0.0
        self._canvas = Canvas(Box(frame.x, frame.y - above, frame.width, frame.height + above))

    def paint(self) -> bytes:
        """Draw everything; what has been passed lies above what has not, and words above every line."""
        self._canvas.arrowhead("arrow", FLOW)
        self._canvas.arrowhead("arrow-done", FLOW_DONE)
        self._canvas.arrowhead("arrow-taken", TAKEN)
        self._canvas.arrowhead("arrow-missed", MISSED)
        self._legend()
        shapes = self._drawing.shapes
        scopes = [one for one in shapes if one.type in SCOPES and one.expanded]
        for shape in sorted((one for one in shapes if one.type in POOLS), key=lambda one: one.type == "lane"):
            self._lane(shape)
        for shape in scopes:
            self._activity(shape)
        for edge in sorted(self._drawing.edges, key=self._is_done):
            self._edge(edge)
        front = [one for one in shapes if one.type not in POOLS and one not in scopes]
        for shape in sorted(front, key=lambda one: one.type == "boundaryEvent"):
            self._shape(shape)
        for shape in front:
            self._outer_label(shape)
        for edge in self._drawing.edges:
            self._edge_label(edge)
        return self._canvas.to_bytes()

    def _ink(self, shape: Shape) -> Ink:
        mark = self._marks.get(shape.id)
        return PLAIN if mark is None else INKS[mark]

    def _is_done(self, edge: Edge) -> bool:
        return self._marks.get(edge.source) is Mark.DONE and edge.target in self._marks

    def _begin(self, shape: Shape) -> Ink:
        mark = self._marks.get(shape.id)
        self._canvas.begin(shape.name, element=shape.id, **({} if mark is None else {"mark": mark.value}))
        return self._ink(shape)

    def _shape(self, shape: Shape) -> None:
        if shape.type.endswith("Event"):
            self._event(shape)
        elif shape.type.endswith("Gateway"):
            self._gateway(shape)
        elif shape.type in ACTIVITIES:
            self._activity(shape)
        else:
            self._note(shape)

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

    def _activity(self, shape: Shape) -> None:
        ink, box = self._begin(shape), shape.box
        width = ink.width + 1.6 if shape.type == "callActivity" else ink.width
        self._canvas.rect(box, Pen(ink.line, ink.surface, width), radius=8)
        icon = icons.TASKS.get(shape.type)
        if icon is not None and box.height >= LOW:
            filled = ink.line if shape.type == "sendTask" else "none"
            self._canvas.icon(icon, (box.x + 6, box.y + 5), Pen(ink.line, filled, 1.1))
        if self._marks.get(shape.id) is Mark.DONE:
            # Boundary events sit on the corners at the right: the tick stands beside the icon.
            self._canvas.icon(icons.CHECK, (box.x + (26 if icon else 6), box.y + 5), Pen(ink.line, "none", 1.8))
        self._activity_name(shape, ink)
        self._activity_marks(shape, ink)
        self._canvas.end()

    def _activity_name(self, shape: Shape, ink: Ink) -> None:
        box = shape.box
        if shape.type in SCOPES and shape.expanded:
            self._canvas.lines([shape.name], (box.centre[0], box.y + 14), Words(ink.text, bold=True))
            return
        lifted = 5.0 if shape.type in icons.TASKS and box.height >= LOW else 0.0
        if shape.repeated or shape.type == "callActivity":
            lifted -= 5.0
        room = max(1, int((box.height - 20) // LEADING))
        lines = wrap(shape.name, (box.width - 12) / SIZE, room)
        self._canvas.lines(lines, (box.centre[0], box.centre[1] + lifted), Words(ink.text))

    def _activity_marks(self, shape: Shape, ink: Ink) -> None:
        marks = [icons.REPEATED[shape.repeated]] if shape.repeated else []
        if shape.type == "callActivity" or (shape.type in SCOPES and not shape.expanded):
            marks.append(icons.PLUS)
        left, top = shape.box.centre[0] - len(marks) * ICON / 2, shape.box.y + shape.box.height - ICON - 2
        for position, mark in enumerate(marks):
            self._canvas.icon(mark, (left + position * ICON, top), Pen(ink.line, "none", 1.2))

    def _event(self, shape: Shape) -> None:
        ink, centre = self._begin(shape), shape.box.centre
        radius, dash = shape.box.width / 2, "4 3" if shape.dashed else ""
        width = max(ink.width, 3.2) if shape.type == "endEvent" else ink.width
        self._canvas.circle(centre, radius, Pen(ink.line, ink.surface, width, dash))
        if shape.type in BETWEEN:
            self._canvas.circle(centre, radius - 3.5, Pen(ink.line, "none", 1.2, dash))
        icon = icons.EVENTS.get(shape.event)
        if icon is not None:
            filled = ink.line if shape.throws else "none"
            # A letter that is filled needs its fold in the colour of the surface; unfilled outlines show it anyway.
            self._centred(icon, centre, radius * 1.1, Pen(ink.line, filled, 1.2))
            if shape.throws and shape.event == "message":
                self._centred(icons.FOLD, centre, radius * 1.1, Pen(ink.surface, "none", 1.2))
        self._canvas.end()

    def _gateway(self, shape: Shape) -> None:
        ink, box = self._begin(shape), shape.box
        (x, y), right, bottom = box.centre, box.x + box.width, box.y + box.height
        outline = f"M{x:g} {box.y:g}L{right:g} {y:g}L{x:g} {bottom:g}L{box.x:g} {y:g}Z"
        self._canvas.path(outline, Pen(ink.line, ink.surface, ink.width))
        icon = icons.GATEWAYS.get(shape.type)
        if icon is not None:
            thin = shape.type == "eventBasedGateway"
            self._centred(icon, (x, y), box.width * 0.5, Pen(ink.line, "none", 1.2 if thin else 2.4))
        self._canvas.end()

    def _centred(self, icon: str, centre: tuple[float, float], size: float, pen: Pen) -> None:
        self._canvas.icon(icon, (centre[0] - size / 2, centre[1] - size / 2), pen, size / ICON)

    def _note(self, shape: Shape) -> None:
        ink, box = self._begin(shape), shape.box
        self._canvas.path(f"M{box.x + 12:g} {box.y:g}H{box.x:g}V{box.y + box.height:g}h12", Pen(ink.line, "none", 1.1))
        lines = wrap(shape.name, (box.width - 8) / SMALL, max(1, int(box.height // LEADING)))
        self._canvas.lines(lines, box.centre, Words(MUTED, SMALL))
        self._canvas.end()

    def _outer_label(self, shape: Shape) -> None:
        if not shape.name or not shape.type.endswith(("Event", "Gateway")):
            return
        width = max(shape.label.width + 6 if shape.label else 0.0, LABEL_WIDTH)
        lines = wrap(shape.name, width / SMALL, 3)
        x, bottom = shape.box.centre[0], shape.box.y + shape.box.height
        place = shape.label.centre if shape.label else (x, bottom + 4 + LEADING * len(lines) / 2)
        self._canvas.lines(lines, place, Words(self._ink(shape).text, SMALL, halo=True))

    def _legend(self) -> None:
        if self._reached is None:
            return
        left, middle = self._drawing.frame.x + MARGIN, self._drawing.frame.y - LEGEND / 2
        for words, pen in zip(self._reached.words, (PEN_TAKEN, PEN_MISSED), strict=True):
            self._canvas.path(f"M{left:g} {middle:g}H{left + 48:g}", pen)
            width = widest([words])
            self._canvas.lines([words], (left + 56 + width / 2, middle), Words(MUTED))
            left += 56 + width + 28

    def _counted_edge(self, edge: Edge, flows: frozenset[str]) -> None:
        taken = edge.id in flows
        pen = PEN_TAKEN if taken else PEN_MISSED
        self._canvas.begin(edge.name, element=edge.id, reached="yes" if taken else "no")
        self._canvas.path(rounded(edge.points), pen, arrow="arrow-taken" if taken else "arrow-missed")
        if edge.default:
            self._canvas.path(slash(edge.points), Pen(pen.line, "none", 1.5))
        self._canvas.end()

    def _edge(self, edge: Edge) -> None:
        if self._reached is not None and edge.type == "sequenceFlow":
            self._counted_edge(edge, self._reached.flows)
            return
        done = self._is_done(edge)
        dash = {"messageFlow": "6 4", "association": "2 4"}.get(edge.type, "")
        pen = Pen(FLOW_DONE if done else FLOW, "none", 1.9 if done else 1.3, dash)
        arrow = "" if edge.type == "association" else "arrow-done" if done else "arrow"
        self._canvas.path(rounded(edge.points), pen, arrow=arrow)
        if edge.default:
            self._canvas.path(slash(edge.points), Pen(pen.line, "none", 1.5))

    def _edge_label(self, edge: Edge) -> None:
        if not edge.name:
            return
        lines = wrap(edge.name, max(edge.label.width + 6 if edge.label else 0.0, LABEL_WIDTH) / SMALL, 3)
        if edge.label is not None:
            place = edge.label.centre
        else:
            place = beside(edge.points, widest(lines, SMALL), LEADING * len(lines))
        self._canvas.lines(lines, place, Words(FLOW_DONE if self._is_done(edge) else MUTED, SMALL, halo=True))
