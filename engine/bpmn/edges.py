"""The lines of the notation: sequence flows, message flows and associations (BPMN 2.0.2 §7.3, §8.4.1, §9.4)."""

from engine.bpmn.canvas import Canvas, Pen
from engine.bpmn.drawing import Box, Edge
from engine.bpmn.inks import FLOW, FLOW_DONE, MISSED, PEN_MISSED, PEN_TAKEN, SHADED, TAKEN
from engine.bpmn.routes import diamond, halfway, rounded, slash
from engine.bpmn.shapes import draw_letter

# A filled head, a head that is only outlined, two strokes, and a small circle.
FILLED, OUTLINED = "M0.5 1L9.5 5L0.5 9Z", "M1 1.2L9 5L1 8.8Z"
OPEN, OPEN_BACK = "M2 1L9 5L2 9", "M8 1L1 5L8 9"
CIRCLE = "M5 1.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z"
MESSAGE_DASH, ASSOCIATION_DASH = "6 4", "1.5 3.5"
ASSOCIATIONS = frozenset({"association", "dataInputAssociation", "dataOutputAssociation"})
LETTER = (24.0, 16.0)


def define_heads(canvas: Canvas) -> None:
    """Define the heads that lines end in."""
    for name, colour in (("arrow", FLOW), ("done", FLOW_DONE), ("taken", TAKEN), ("missed", MISSED)):
        canvas.head(name if name == "arrow" else f"arrow-{name}", FILLED, Pen("none", colour))
    canvas.head("message-begin", CIRCLE, Pen(FLOW, "#ffffff", 1.1), tip=1.8)
    canvas.head("message-end", OUTLINED, Pen(FLOW, "#ffffff", 1.1))
    canvas.head("open", OPEN, Pen(FLOW, "none", 1.2))
    canvas.head("open-back", OPEN_BACK, Pen(FLOW, "none", 1.2), tip=1)


def draw_edge(canvas: Canvas, edge: Edge, *, is_done: bool) -> None:
    """Draw a line into the innermost group; `is_done` a sequence flow that the case has gone along."""
    outline = rounded(edge.points)
    if edge.type in ASSOCIATIONS:
        first, last = edge.heads
        pen = Pen(FLOW, "none", 1.3, ASSOCIATION_DASH)
        canvas.path(outline, pen, arrow="open" if last else "", tail="open-back" if first else "")
    elif edge.type == "messageFlow":
        canvas.path(outline, Pen(FLOW, "none", 1.3, MESSAGE_DASH), arrow="message-end", tail="message-begin")
        _letter(canvas, edge)
    elif edge.type == "sequenceFlow":
        pen = Pen(FLOW_DONE, "none", 1.9) if is_done else Pen(FLOW, "none", 1.3)
        _sequence(canvas, edge, pen, "arrow-done" if is_done else "arrow")
    else:
        canvas.path(outline, Pen(FLOW, "none", 1.3))


def draw_counted(canvas: Canvas, edge: Edge, *, is_taken: bool) -> None:
    """Draw a sequence flow in a picture of coverage."""
    pen, arrow = (PEN_TAKEN, "arrow-taken") if is_taken else (PEN_MISSED, "arrow-missed")
    _sequence(canvas, edge, pen, arrow)


def _sequence(canvas: Canvas, edge: Edge, pen: Pen, arrow: str) -> None:
    canvas.path(rounded(edge.points), pen, arrow=arrow)
    if edge.default:
        canvas.path(slash(edge.points), Pen(pen.line, "none", 1.5))
    if edge.conditional:
        canvas.path(diamond(edge.points), Pen(pen.line, "#ffffff", 1.3))


def _letter(canvas: Canvas, edge: Edge) -> None:
    """Draw the message that a message flow shows; that of an answer is shaded."""
    if edge.envelope:
        (x, y), (width, height) = halfway(edge.points), LETTER
        box = Box(x - width / 2, y - height / 2, width, height)
        draw_letter(canvas, box, Pen(FLOW, "#ffffff" if edge.envelope == "initiating" else SHADED, 1.3))
