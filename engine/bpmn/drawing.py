"""The picture inside a BPMN file: shapes and edges with their places, as the modeller drew them."""

from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.sentences import Findings
from engine.bpmn.xml import BPMN, children, parse, plain, shown, split
from engine.errors import NotFound

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
EVENT_KINDS = ("timer", "message", "signal", "error", "terminate", "link", "escalation", "conditional", "compensate")
MARGIN = 24.0
FARTHEST = 100_000.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, in its own units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """Return the middle."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn element.

    type      its BPMN name: `userTask`, `exclusiveGateway`, `lane` …
    event     what an event waits for or does: `timer`, `message` …; empty for a plain one
    dashed    a boundary event that does not interrupt
    expanded  a sub-process that shows its inside
    repeated  `parallel` or `sequential` for a multi-instance activity, `loop` for a standard loop
    """

    id: str
    type: str
    name: str
    box: Box
    label: Box | None = None
    event: str = ""
    throws: bool = False
    dashed: bool = False
    expanded: bool = True
    horizontal: bool = True
    repeated: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One drawn flow, from one element to another along its points."""

    id: str
    type: str
    name: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, and the frame around it."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    frame: Box = field(default_factory=lambda: Box(0, 0, 0, 0))


def read_drawing(xml: bytes, file: str, page: int | None = None) -> Drawing:
    """Read the picture of a file; one of several (from 1), or the first that shows anything.

    Raises  DeploymentError for what is not a harmless BPMN file, NotFound where the file holds no such picture
    """
    root = parse(xml, Findings(file))
    elements = {str(element.get("id")): element for element in root.iter(f"{{{BPMN}}}*") if element.get("id")}
    planes = root.findall(f"{{{DI}}}BPMNDiagram/{{{DI}}}BPMNPlane")
    for plane in planes if page is None else planes[page - 1 : page]:
        nodes = plane.findall(f"{{{DI}}}BPMNShape")
        shapes = tuple(shape for node in nodes if (shape := _shape(node, elements)) is not None)
        if shapes:
            drawn = plane.findall(f"{{{DI}}}BPMNEdge")
            edges = tuple(edge for node in drawn if (edge := _edge(node, elements)) is not None)
            return Drawing(shapes, edges, _frame(shapes, edges))
    raise NotFound("The file holds no picture.", code="no-picture", file=file)


def _shape(node: etree._Element, elements: dict[str, etree._Element]) -> Shape | None:
    element = elements.get(node.get("bpmnElement", ""))
    box = _box(node.find(f"{{{DC}}}Bounds"))
    if element is None or box is None:
        return None
    local = split(str(element.tag))[1]
    return Shape(
        id=str(element.get("id")),
        type=local,
        name=plain(element, "name") or _text(element),
        box=box,
        label=_box(node.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")),
        event=_event(element),
        throws=local in {"intermediateThrowEvent", "endEvent"},
        dashed=element.get("cancelActivity") == "false",
        expanded=node.get("isExpanded", "true") == "true",
        horizontal=node.get("isHorizontal", "true") == "true",
        repeated=_repeated(element),
    )


def _edge(node: etree._Element, elements: dict[str, etree._Element]) -> Edge | None:
    element = elements.get(node.get("bpmnElement", ""))
    points = tuple((_number(point, "x"), _number(point, "y")) for point in node.findall(f"{{{DD}}}waypoint"))
    if element is None or len(points) < 2:  # noqa: PLR2004  a line has two ends
        return None
    source, target = str(element.get("sourceRef", "")), str(element.get("targetRef", ""))
    return Edge(
        id=str(element.get("id")),
        type=shown(str(element.tag)),
        name=plain(element, "name") or "",
        source=source,
        target=target,
        points=points,
        label=_box(node.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")),
        default=source in elements and elements[source].get("default") == element.get("id"),
    )


def _text(element: etree._Element) -> str:
    return " ".join(str(found.text or "").strip() for found in children(element, "text"))


def _event(element: etree._Element) -> str:
    kinds = [kind for kind in EVENT_KINDS if children(element, f"{kind}EventDefinition")]
    if not kinds and split(str(element.tag))[1] == "receiveTask":
        return "message"
    return kinds[0] if kinds else ""


def _repeated(element: etree._Element) -> str:
    if children(element, "standardLoopCharacteristics"):
        return "loop"
    loops = children(element, "multiInstanceLoopCharacteristics")
    if not loops:
        return ""
    return "sequential" if loops[0].get("isSequential") == "true" else "parallel"


def _box(bounds: etree._Element | None) -> Box | None:
    if bounds is None:
        return None
    return Box(*(_number(bounds, name) for name in ("x", "y", "width", "height")))


def _number(element: etree._Element, name: str) -> float:
    """Read a coordinate; what is no finite number of sensible size is 0, because a picture may be wrong, not fatal."""
    try:
        value = float(element.get(name, "0"))
    except ValueError:
        return 0.0
    return value if -FARTHEST < value < FARTHEST else 0.0


def _frame(shapes: tuple[Shape, ...], edges: tuple[Edge, ...]) -> Box:
    labels = [shape.label for shape in shapes] + [edge.label for edge in edges]
    boxes = [shape.box for shape in shapes] + [label for label in labels if label is not None]
    xs = [x for box in boxes for x in (box.x, box.x + box.width)] + [x for edge in edges for x, _ in edge.points]
    ys = [y for box in boxes for y in (box.y, box.y + box.height)] + [y for edge in edges for _, y in edge.points]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    return Box(left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top)
