"""The shapes of the notation: activities, events, gateways, data, groups and notes (BPMN 2.0.2 §7.3, §10, §13)."""

from collections.abc import Callable

from engine.bpmn import icons
from engine.bpmn.canvas import SIZE, Canvas, Pen, Words, widest
from engine.bpmn.drawing import Box, Shape
from engine.bpmn.inks import DASH_DOTTED, DASHED, MUTED, Ink, dotted
from engine.bpmn.lettering import LEADING, fit, wrap
from engine.bpmn.vocabulary import SCOPES

ICON = 16.0
SMALL = 11.0
BETWEEN = frozenset({"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
# An activity lower than this has no room for its icon above its name.
LOW = 50.0
# How far the inner border of a transaction lies from the outer one.
INSET = 3.0
FOLD = 11.0


def draw_shape(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    """Draw one element into the innermost group; its label outside, if it has one, is not drawn here."""
    _drawer(shape)(canvas, shape, ink)


def is_in_front(shape: Shape) -> bool:
    """Whether the element is drawn above the flows: everything but sub-processes that show their inside."""
    return not (shape.type in SCOPES and shape.expanded)


def has_label_outside(shape: Shape) -> bool:
    """Whether the name stands beside or below the element."""
    return _drawer(shape) in {_event, _gateway, _data, _store, _group, _message}


def _drawer(shape: Shape) -> Callable[[Canvas, Shape, Ink], None]:
    if shape.type.endswith("Event"):
        return _event
    return _gateway if shape.type.endswith("Gateway") else _DRAWERS.get(shape.type, _activity)


def _activity(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box, is_scope = shape.box, shape.type in SCOPES
    width = ink.width + 1.6 if shape.type == "callActivity" else ink.width
    canvas.rect(box, Pen(ink.line, ink.surface, width, dotted(width) if shape.triggered else ""), radius=8)
    if shape.type == "transaction":
        inner = Box(box.x + INSET, box.y + INSET, box.width - 2 * INSET, box.height - 2 * INSET)
        canvas.rect(inner, Pen(ink.line, "none", 1.1), radius=6)
    left = box.x + 6
    if _has_icon(shape):
        _corner_icon(canvas, shape, ink)
        left += 20
    if ink.sign:
        # Boundary events sit on the corners at the right: the sign stands beside the icon.
        canvas.icon(ink.sign, icons.SIGNS[ink.sign], (left, box.y + 5), Pen(ink.line, "none", 1.8))
    if is_scope and shape.expanded:
        _title(canvas, shape, ink)
    else:
        _name(canvas, shape, ink)
    draw_markers(canvas, shape, ink)


def _has_icon(shape: Shape) -> bool:
    """Whether something stands in the upper left corner: the kind of task, or what begins an event sub-process."""
    if shape.box.height < LOW:
        return False
    return shape.task in icons.TASKS or (shape.triggered and not shape.expanded and shape.event != "")


def _corner_icon(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    x, y = shape.box.x + 6, shape.box.y + 5
    if shape.triggered:
        centre = (x + ICON / 2, y + ICON / 2 + 1)
        canvas.circle(centre, ICON / 2 + 1, Pen(ink.line, "none", 1, "2.5 2" if shape.dashed else ""))
        _centred(canvas, shape.event, icons.EVENTS.get(shape.event, ""), centre, ICON * 0.7, Pen(ink.line, "none", 1))
    elif shape.task == "receiveTask" and shape.instantiates:
        canvas.icon("receiveTask-instantiates", icons.BEGINNING_LETTER, (x, y), Pen(ink.line, "none", 1.1))
    else:
        filled = ink.line if shape.task == "sendTask" else "none"
        canvas.icon(shape.task, icons.TASKS[shape.task], (x, y), Pen(ink.line, filled, 1.1))
        if shape.task == "sendTask":
            canvas.icon("fold", "M2 3.5l6 5 6-5", (x, y), Pen(ink.surface, "none", 1.2))


def _title(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    taken = 2 * (26.0 if ink.sign else 8.0)
    lines = wrap(shape.name, (shape.box.width - taken) / SIZE, 1)
    canvas.lines(lines, (shape.box.centre[0], shape.box.y + 14), Words(ink.text, bold=True))


def _name(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box = shape.box
    above = 14.0 if _has_icon(shape) else 0.0
    below = 14.0 if shape.markers else 0.0
    lines, size = fit(shape.name, box.width - 12, box.height - 10 - above - below, SIZE)
    lifted = (above - below) / 2
    canvas.lines(lines, (box.centre[0], box.centre[1] + lifted), Words(ink.text, size))


def draw_markers(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    """Draw the signs at the lower edge side by side, the whole of them in the middle."""
    left = shape.box.centre[0] - len(shape.markers) * ICON / 2
    top = shape.box.y + shape.box.height - ICON - 2
    for position, marker in enumerate(shape.markers):
        pen = Pen(ink.line, "none", 1.7 if marker == "adHoc" else 1.2)
        canvas.icon(marker, icons.MARKERS[marker], (left + position * ICON, top), pen)


def _event(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    centre, radius, dash = shape.box.centre, shape.box.width / 2, DASHED if shape.dashed else ""
    width = max(ink.width, 3.2) if shape.type == "endEvent" else ink.width
    canvas.circle(centre, radius, Pen(ink.line, ink.surface, width, dash))
    if shape.type in BETWEEN:
        canvas.circle(centre, radius - 3.5, Pen(ink.line, "none", 1.2, dash))
    icon = icons.EVENTS.get(shape.event)
    if icon is None:
        return
    _centred(canvas, shape.event, icon, centre, radius * 1.1, Pen(ink.line, ink.line if shape.throws else "none", 1.2))
    if shape.throws and shape.event == "message":
        # A letter that is filled needs its fold in the colour of the surface; unfilled outlines show it anyway.
        _centred(canvas, "fold", icons.FOLD, centre, radius * 1.1, Pen(ink.surface, "none", 1.2))


def _gateway(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box = shape.box
    (x, y), right, bottom = box.centre, box.x + box.width, box.y + box.height
    outline = f"M{x:g} {box.y:g}L{right:g} {y:g}L{x:g} {bottom:g}L{box.x:g} {y:g}Z"
    canvas.path(outline, Pen(ink.line, ink.surface, ink.width))
    if shape.type == "eventBasedGateway":
        radius = box.width * 0.24
        canvas.circle((x, y), radius, Pen(ink.line, "none", 1.1))
        if not shape.instantiates:
            canvas.circle((x, y), radius - 2.5, Pen(ink.line, "none", 1.1))
        _centred(canvas, shape.event, icons.EVENTS[shape.event], (x, y), radius * 1.25, Pen(ink.line, "none", 1.1))
    elif shape.type in icons.GATEWAYS:
        _centred(canvas, shape.type, icons.GATEWAYS[shape.type], (x, y), box.width * 0.5, Pen(ink.line, "none", 2.4))


def _centred(canvas: Canvas, name: str, icon: str, centre: tuple[float, float], size: float, pen: Pen) -> None:
    canvas.icon(name, icon, (centre[0] - size / 2, centre[1] - size / 2), pen, size / ICON)


def _data(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box, fold = shape.box, min(FOLD, shape.box.width / 3)
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    page = f"M{x:g} {y:g}H{right - fold:g}L{right:g} {y + fold:g}V{bottom:g}H{x:g}Z"
    canvas.path(page, Pen(ink.line, ink.surface, ink.width))
    canvas.path(f"M{right - fold:g} {y:g}V{y + fold:g}H{right:g}", Pen(ink.line, "none", ink.width))
    arrow = icons.DATA.get(shape.type)
    if arrow is not None:
        filled = ink.line if shape.type == "dataOutput" else "none"
        canvas.icon(shape.type, arrow, (x + 3, y + 3), Pen(ink.line, filled, 1.1))
    draw_markers(canvas, shape, ink)


def _store(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box, depth = shape.box, min(6.0, shape.box.height / 6)
    x, bottom, round_ = box.x, box.y + box.height, f"{box.width / 2:g} {depth:g} 0 0"
    top = box.y + depth
    body = f"M{x:g} {top:g}a{round_} 1 {box.width:g} 0V{bottom - depth:g}a{round_} 1 {-box.width:g} 0Z"
    canvas.path(body, Pen(ink.line, ink.surface, ink.width))
    rings = "".join(f"M{x:g} {top + depth * ring / 1.5:g}a{round_} 0 {box.width:g} 0" for ring in range(3))
    canvas.path(rings, Pen(ink.line, "none", ink.width))


def _group(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    canvas.rect(shape.box, Pen(ink.line, "none", 1.3, DASH_DOTTED), radius=10)


def _message(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    draw_letter(canvas, shape.box, Pen(ink.line, ink.surface, ink.width))


def draw_letter(canvas: Canvas, box: Box, pen: Pen) -> None:
    """Draw a message as a letter."""
    canvas.rect(box, pen)
    x, y = box.centre
    canvas.path(f"M{box.x:g} {box.y:g}L{x:g} {y:g}L{box.x + box.width:g} {box.y:g}", Pen(pen.line, "none", pen.width))


def _note(canvas: Canvas, shape: Shape, ink: Ink) -> None:
    box = shape.box
    canvas.path(f"M{box.x + 12:g} {box.y:g}H{box.x:g}V{box.y + box.height:g}h12", Pen(ink.line, "none", 1.1))
    lines, size = fit(shape.name, box.width - 8, max(box.height, LEADING * SMALL), SMALL)
    words = Words(MUTED, size, begins=True)
    canvas.lines(lines, (box.x + min(7.0, max(2.0, box.width - widest(lines, size))), box.centre[1]), words)


_DRAWERS: dict[str, Callable[[Canvas, Shape, Ink], None]] = {
    **dict.fromkeys(("dataObject", "dataObjectReference", "dataInput", "dataOutput"), _data),
    **dict.fromkeys(("dataStore", "dataStoreReference"), _store),
    "group": _group,
    "message": _message,
    "textAnnotation": _note,
}
