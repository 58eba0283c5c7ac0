"""The picture inside a BPMN file: shapes and edges with their places, as the modeller drew them."""

from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import NODES, SCOPES
from engine.bpmn.xml import BPMN, children, parse, plain, reference, shown, split, text_of
from engine.errors import NotFound

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
# Attributes that lead from the drawn data to what holds it.
DATA = ("dataObjectRef", "dataStoreRef")
# Which ends have an arrow: by the direction of an association (BPMN 2.0.2 §8.4.1), and where it says nothing.
HEADS = {"None": (False, False), "One": (False, True), "Both": (True, True), "association": (False, False)}
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

    type          its BPMN name: `userTask`, `exclusiveGateway`, `lane` …
    event         what an event, or the start of an event sub-process, waits for or does: `timer`, `message` …,
                  `multiple`, `parallelMultiple`; empty for a plain one
    dashed        an event, or the start of an event sub-process, that does not interrupt
    expanded      a sub-process that shows its inside
    task          the kind of task that is done there, also by the global task that is called: `userTask` …
    triggered     an event sub-process
    instantiates  a receive task or an event gateway that begins a process
    markers       the signs at the lower edge, from left to right: `loop`, `parallel`, `sequential`, `adHoc`,
                  `compensation`, `collapsed`
    flows         sequence flows of which one was taken if it was reached: those that touch it, or else those inside an
                  event sub-process, or those of what it belongs to
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
    task: str = ""
    triggered: bool = False
    instantiates: bool = False
    markers: tuple[str, ...] = ()
    flows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """One drawn flow, from one element to another along its points.

    conditional  a sequence flow that leaves something else than a gateway under a condition
    heads        which ends of an association have an arrow: the first, the last
    envelope     the message that a message flow shows: `initiating`, `non_initiating`, or none
    """

    id: str
    type: str
    name: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None = None
    default: bool = False
    conditional: bool = False
    heads: tuple[bool, bool] = (False, True)
    envelope: str = ""


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
    reader = _Reader(root)
    planes = root.findall(f"{{{DI}}}BPMNDiagram/{{{DI}}}BPMNPlane")
    for plane in planes if page is None else planes[page - 1 : page]:
        shapes = reader.shapes(plane)
        if shapes:
            edges = reader.edges(plane)
            return Drawing(shapes, edges, _frame(shapes, edges))
    raise NotFound("The file holds no picture.", code="no-picture", file=file)


class _Reader:
    """Looks up what the shapes and edges of one file stand for."""

    def __init__(self, root: etree._Element) -> None:
        self._elements = {str(one.get("id")): one for one in root.iter(f"{{{BPMN}}}*") if one.get("id")}
        self._flows = _flows_of(root)
        lines = root.iter(f"{{{BPMN}}}association")
        self._handled = {reference(line, "targetRef"): reference(line, "sourceRef") for line in lines}

    def shapes(self, plane: etree._Element) -> tuple[Shape, ...]:
        """Return what a plane shows, in the order of the file."""
        nodes = plane.findall(f"{{{DI}}}BPMNShape")
        shown_here = {str(node.get("bpmnElement")) for node in nodes}
        return tuple(shape for node in nodes if (shape := self._shape(node, shown_here)) is not None)

    def edges(self, plane: etree._Element) -> tuple[Edge, ...]:
        """Return the lines of a plane, in the order of the file."""
        nodes = plane.findall(f"{{{DI}}}BPMNEdge")
        return tuple(edge for node in nodes if (edge := self._edge(node)) is not None)

    def _shape(self, node: etree._Element, shown_here: set[str]) -> Shape | None:
        element = self._elements.get(node.get("bpmnElement", ""))
        box = _box(node.find(f"{{{DC}}}Bounds"))
        if element is None or box is None:
            return None
        local = split(str(element.tag))[1]
        expanded = _expanded(node, element, shown_here)
        triggered = _says(element, "triggeredByEvent")
        starts = children(element, "startEvent") if triggered else [element]
        return Shape(
            id=str(element.get("id")),
            type=local,
            name=self._name(element),
            box=box,
            label=_box(node.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")),
            event=self._event(starts[0]) if starts else "",
            throws=local in {"intermediateThrowEvent", "endEvent"},
            dashed=any(_denies(one, "cancelActivity") or _denies(one, "isInterrupting") for one in starts[:1]),
            expanded=expanded,
            horizontal=not _denies(node, "isHorizontal"),
            task=self._task(element),
            triggered=triggered,
            instantiates=_says(element, "instantiate"),
            markers=self._markers(element, expanded=expanded),
            flows=self._telling(element),
        )

    def _edge(self, node: etree._Element) -> Edge | None:
        element = self._elements.get(node.get("bpmnElement", ""))
        points = tuple((_number(point, "x"), _number(point, "y")) for point in node.findall(f"{{{DD}}}waypoint"))
        if element is None or len(points) < 2:  # noqa: PLR2004  a line has two ends
            return None
        source = self._elements.get(reference(element, "sourceRef"))
        from_gateway = source is not None and str(source.tag).endswith("Gateway")
        return Edge(
            id=str(element.get("id")),
            type=shown(str(element.tag)),
            name=plain(element, "name") or "",
            source=reference(element, "sourceRef"),
            target=reference(element, "targetRef"),
            points=points,
            label=_box(node.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")),
            default=source is not None and source.get("default") == element.get("id"),
            conditional=bool(children(element, "conditionExpression")) and not from_gateway,
            heads=HEADS.get(element.get("associationDirection", ""), HEADS.get(shown(str(element.tag)), (False, True))),
            envelope=node.get("messageVisibleKind", ""),
        )

    def _telling(self, element: etree._Element) -> frozenset[str]:
        """Return flows of which one is taken when the element is reached: its own, or those of what it hangs on."""
        seen: set[str] = set()
        found: etree._Element | None = element
        while found is not None and split(str(found.tag))[1] in NODES and str(found.get("id")) not in seen:
            seen.add(str(found.get("id")))
            flows = self._flows.get(str(found.get("id")))
            if flows is not None:
                return flows
            found = self._owner(found)
        return frozenset()

    def _owner(self, element: etree._Element) -> etree._Element | None:
        """Return the host of a boundary event, the event of a handler of compensation, or the enclosing sub-process."""
        if split(str(element.tag))[1] == "boundaryEvent":
            return self._referred(element, "attachedToRef")
        handled = self._handled.get(str(element.get("id"))) if _says(element, "isForCompensation") else None
        return element.getparent() if handled is None else self._elements.get(handled)

    def _referred(self, element: etree._Element, name: str) -> etree._Element | None:
        return self._elements.get(reference(element, name))

    def _name(self, element: etree._Element) -> str:
        """Return what is written at an element: its name, its text, or the name of what it refers to."""
        text = plain(element, "name") or _text(element)
        value = self._referred(element, "categoryValueRef")
        data = next((one for name in DATA if (one := self._referred(element, name)) is not None), None)
        if not text:
            text = (value is not None and plain(value, "value")) or (data is not None and plain(data, "name")) or ""
        states = [state for one in children(element, "dataState") if (state := plain(one, "name"))]
        return " ".join([text, *(f"[{state}]" for state in states)]).strip()

    def _event(self, element: etree._Element) -> str:
        """Return the kind of the one definition of an event, or that there are several."""
        if str(element.tag).endswith("eventBasedGateway"):
            is_parallel = _says(element, "instantiate") and element.get("eventGatewayType") == "Parallel"
            return "parallelMultiple" if is_parallel else "multiple"
        referred = [self._elements.get(text_of(one)) for one in children(element, "eventDefinitionRef")]
        tags = [split(str(one.tag))[1] for one in [*element, *referred] if one is not None]
        kinds = [tag.removesuffix("EventDefinition") for tag in tags if tag.endswith("EventDefinition")]
        if len(kinds) > 1:
            return "parallelMultiple" if _says(element, "parallelMultiple") else "multiple"
        return kinds[0] if kinds else ""

    def _task(self, element: etree._Element) -> str:
        local = split(str(element.tag))[1]
        if local == "callActivity":
            called = self._called(element)
            return "" if called is None else called[:1].lower() + called[1:]
        return local if local.endswith("Task") else ""

    def _called(self, element: etree._Element) -> str | None:
        """Return the kind of the global task that is called: `UserTask`, `Task` …; None for a process."""
        called = self._referred(element, "calledElement")
        local = "" if called is None else split(str(called.tag))[1]
        return local.removeprefix("global") if local.startswith("global") else None

    def _markers(self, element: etree._Element, *, expanded: bool) -> tuple[str, ...]:
        local = split(str(element.tag))[1]
        data = self._referred(element, "dataObjectRef")
        many = element if data is None else data
        process = local == "callActivity" and self._called(element) is None
        found = (
            (_repeated(element), True),
            ("parallel", _says(many, "isCollection") or _several(element)),
            ("adHoc", local == "adHocSubProcess"),
            ("compensation", _says(element, "isForCompensation")),
            ("collapsed", process or (local in SCOPES and not expanded)),
        )
        return tuple(marker for marker, holds in found if marker and holds)


def _flows_of(root: etree._Element) -> dict[str, frozenset[str]]:
    """Return the sequence flows that touch an element, or that lie in an event sub-process, by its id."""
    found: dict[str, set[str]] = {}
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        scope = flow.getparent()
        owners = [reference(flow, "sourceRef"), reference(flow, "targetRef")]
        if scope is not None and _says(scope, "triggeredByEvent"):
            owners.append(str(scope.get("id")))
        for owner in owners:
            found.setdefault(owner, set()).add(str(flow.get("id")))
    return {owner: frozenset(flows) for owner, flows in found.items()}


def _text(element: etree._Element) -> str:
    return "\n".join(text_of(found) for found in children(element, "text"))


def _says(element: etree._Element, name: str) -> bool:
    return plain(element, name) in {"true", "1"}


def _denies(element: etree._Element, name: str) -> bool:
    return plain(element, name) in {"false", "0"}


def _expanded(node: etree._Element, element: etree._Element, shown_here: set[str]) -> bool:
    """Whether a sub-process shows its inside: as its shape says, or else if something inside has a shape here."""
    if plain(node, "isExpanded") is not None:
        return _says(node, "isExpanded")
    return any(one is not element and str(one.get("id")) in shown_here for one in element.iter(f"{{{BPMN}}}*"))


def _several(element: etree._Element) -> bool:
    """Whether a pool stands for more than one participant."""
    found = children(element, "participantMultiplicity")
    return any(_number(one, "maximum") > 1 or _number(one, "minimum") > 1 for one in found)


def _repeated(element: etree._Element) -> str:
    if children(element, "standardLoopCharacteristics"):
        return "loop"
    loops = children(element, "multiInstanceLoopCharacteristics")
    if not loops:
        return ""
    return "sequential" if _says(loops[0], "isSequential") else "parallel"


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
