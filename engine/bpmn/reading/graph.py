"""The bare graph of a process: nodes, flows and scopes, before their words are read."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.reading.words import check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import ACTIVITIES, NODES, ONCE, PARTS, REPEATS, SCOPES, SPOKEN
from engine.bpmn.xml import BPMN, children, is_drawing, line_of, plain, reference, shown, split, text_of

MOST_NESTED = 8
LONGEST_ID = 100
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_INSIDE_NODES = frozenset({"incoming", "outgoing"})
_CONDITION = "completionCondition"


@dataclass(slots=True, eq=False)
class Node:
    """A flow node: `type` is BPMN's local name, `scope` the sub-process around it.

    undoer  of a compensation boundary event: the handler that its association points to
    """

    id: str
    type: str
    xml: etree._Element
    scope: "Scope"
    incoming: list["Arrow"] = field(default_factory=list)
    outgoing: list["Arrow"] = field(default_factory=list)
    attached: list["Node"] = field(default_factory=list)
    host: "Node | None" = None
    gate: str | None = None
    undoer: "Node | None" = None

    @property
    def is_triggered(self) -> bool:
        """Whether it is an event sub-process."""
        return plain(self.xml, "triggeredByEvent") == "true"

    @property
    def undoes(self) -> bool:
        """Whether it is a compensation handler."""
        return plain(self.xml, "isForCompensation") == "true"

    @property
    def instantiates(self) -> bool:
        """Whether it starts an instance, as a start event does."""
        return self.scope.node is None and plain(self.xml, "instantiate") == "true"

    @property
    def line(self) -> int:
        """Line in the file."""
        return line_of(self.xml)

    @property
    def name(self) -> str:
        """Label in the picture."""
        return plain(self.xml, "name") or ""


@dataclass(slots=True, eq=False)
class Arrow:
    """A sequence flow whose ends exist."""

    id: str
    xml: etree._Element
    source: Node
    target: Node
    is_default: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """A process or sub-process with what lies directly inside."""

    id: str
    xml: etree._Element
    depth: int
    node: Node | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)

    @property
    def type(self) -> str:
        """`process`, or which kind of sub-process."""
        return "process" if self.node is None else self.node.type

    @property
    def is_ad_hoc(self) -> bool:
        """Whether what is inside is done in any order."""
        return self.type == "adHocSubProcess"

    @property
    def line(self) -> int:
        """Line in the file."""
        return line_of(self.xml)


@dataclass(slots=True, eq=False)
class Graph:
    """One process: its scopes, outermost first, and all its nodes in the order of the file."""

    top: Scope
    scopes: list[Scope]
    lanes: dict[str, str]

    @property
    def nodes(self) -> Iterator[Node]:
        """Every node of every scope."""
        return (node for scope in self.scopes for node in scope.nodes.values())


def read_graph(process: etree._Element, findings: Findings) -> Graph:
    """Read nodes, flows and lanes of a process; every unknown word becomes a problem."""
    top = Scope(plain(process, "id") or "", process, 0)
    scopes, lanes = [top], dict[str, str]()
    for scope in scopes:  # grows while it is read: sub-processes append themselves
        _read_scope(scope, scopes, lanes, findings)
    everywhere = {node.id: node for scope in scopes for node in scope.nodes.values()}
    for scope in scopes:
        _read_arrows(scope, everywhere, findings)
        _order(scope)
        _attach(scope, findings)
        _associate(scope)
        _check_lists(scope, findings)
    _check_lanes(process, findings)
    return Graph(top, scopes, lanes)


def _read_scope(scope: Scope, scopes: list[Scope], lanes: dict[str, str], findings: Findings) -> None:
    for xml in scope.xml:
        namespace, type_ = split(str(xml.tag))
        if namespace != BPMN or type_ in _INSIDE_NODES or type_ in REPEATS:
            continue
        if scope.is_ad_hoc and type_ == _CONDITION:
            continue
        if type_ in NODES:
            _read_node(xml, type_, scope, scopes, findings)
        elif type_ in PARTS:
            check_words(xml, PARTS[type_], findings)
            if type_ == "laneSet":
                _read_lanes(xml, lanes, findings)
        else:
            findings.add("element-unsupported", plain(xml, "id") or scope.id, line_of(xml), type=shown(str(xml.tag)))


def _read_node(xml: etree._Element, type_: str, scope: Scope, scopes: list[Scope], findings: Findings) -> None:
    check_words(xml, NODES[type_], findings)
    id_ = plain(xml, "id") or ""
    if not id_:
        return
    node = Node(id_, type_, xml, scope)
    scope.nodes[id_] = node
    if type_ in SCOPES:
        if scope.depth + 1 > MOST_NESTED:
            findings.add("nesting-too-deep", id_, node.line, limit=MOST_NESTED)
            return
        scopes.append(Scope(id_, xml, scope.depth + 1, node))


def _read_lanes(lane_set: etree._Element, lanes: dict[str, str], findings: Findings) -> None:
    """Let the first lane set that holds a node speak for it, in it the innermost lane, of two such the first."""
    found: dict[str, etree._Element] = {}
    for lane in lane_set.iter(f"{{{BPMN}}}lane"):
        check_words(lane, {"id": None, "name": None, "partitionElementRef": None}, findings)
        for held in children(lane, "flowNodeRef"):
            node = (held.text or "").strip().rpartition(":")[2]
            other = found.get(node)
            if other is not None and other is not lane and other not in lane.iterancestors():
                names = {"node": node, "lane": _lane_name(other), "other": _lane_name(lane)}
                findings.warn("lane-node-twice", plain(lane, "id") or "", line_of(held), **names)
                continue
            found[node] = lane
    for node, lane in found.items():
        lanes.setdefault(node, _lane_name(lane))


def _lane_name(lane: etree._Element) -> str:
    return plain(lane, "name") or plain(lane, "id") or ""


def _check_lanes(process: etree._Element, findings: Findings) -> None:
    """Doubt a lane that lists what is not in the process."""
    known = {plain(xml, "id") for xml in process.iter(etree.Element)}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for listed in children(lane, "flowNodeRef"):
            node, name = text_of(listed), plain(lane, "name") or plain(lane, "id") or ""
            if node not in known:
                findings.warn("lane-node-unknown", plain(lane, "id") or "", line_of(lane), lane=name, node=node)


def _read_arrows(scope: Scope, everywhere: dict[str, Node], findings: Findings) -> None:
    for xml in children(scope.xml, "sequenceFlow"):
        id_ = plain(xml, "id") or ""
        ends = []
        for attribute in ("sourceRef", "targetRef"):
            name = plain(xml, attribute) or ""
            node = everywhere.get(name)
            if node is None:
                details = {"attribute": attribute, "target": name, "expected": "flow node"}
                findings.add("reference-unresolved", id_, line_of(xml), **details)
            else:
                ends.append(node)
        if len(ends) == 2 and id_:  # noqa: PLR2004 (source and target)
            _join(Arrow(id_, xml, ends[0], ends[1]), scope, findings)


def _join(arrow: Arrow, scope: Scope, findings: Findings) -> None:
    if arrow.source.scope is not arrow.target.scope or arrow.source.scope is not scope:
        findings.add("flow-crosses-scope", arrow.id, line_of(arrow.xml))
        return
    arrow.is_default = plain(arrow.source.xml, "default") == arrow.id
    arrow.source.outgoing.append(arrow)
    arrow.target.incoming.append(arrow)
    scope.arrows.append(arrow)


def _order(scope: Scope) -> None:
    """Put the flows out of a node into the order in which the node lists them, else into that of the file.

    Conditions are asked in this order, so it must not change when a modeller writes the flows in another one.
    """
    for node in scope.nodes.values():
        listed = [text_of(child).rpartition(":")[2] for child in children(node.xml, "outgoing")]
        places = {id_: place for place, id_ in enumerate(listed)}
        node.outgoing.sort(key=lambda arrow: places.get(arrow.id, len(places)))
    scope.arrows = [arrow for node in scope.nodes.values() for arrow in node.outgoing]


def _attach(scope: Scope, findings: Findings) -> None:
    for node in scope.nodes.values():
        if node.type == "boundaryEvent":
            host = scope.nodes.get(plain(node.xml, "attachedToRef") or "")
            if host is None or host.type not in ACTIVITIES or host.is_triggered:
                findings.add("boundary-host", node.id, node.line)
            else:
                node.host = host
                host.attached.append(node)
        if node.type == "eventBasedGateway":
            for arrow in node.outgoing:
                arrow.target.gate = node.id


def _associate(scope: Scope) -> None:
    """Find the compensation handlers: associations lead to them from the boundary events of what they undo."""
    for xml in children(scope.xml, "association"):
        ends = [scope.nodes.get(reference(xml, name)) for name in ("sourceRef", "targetRef")]
        for event, handler in (ends, reversed(ends)):
            if event is not None and handler is not None and event.type == "boundaryEvent" and handler.undoes:
                event.undoer = handler


def _check_lists(scope: Scope, findings: Findings) -> None:
    """Compare the lists that nodes keep of their flows with the flows, which have the say."""
    for node in scope.nodes.values():
        for direction, arrows in (("incoming", node.incoming), ("outgoing", node.outgoing)):
            known = {arrow.id for arrow in arrows}
            for listed in children(node.xml, direction):
                flow = (listed.text or "").strip()
                if flow not in known:
                    details = {"id": node.id, "flow": flow, "direction": direction}
                    findings.add("flow-list-disagrees", node.id, line_of(listed), **details)


def _check_once(xml: etree._Element, findings: Findings) -> None:
    """Note an inner element that stands twice where the schema has it once: one of the two would count."""
    names = Counter(str(child.tag) for child in xml)
    for tag, count in names.items():
        if count > 1 and shown(tag) in ONCE:
            findings.add("element-twice", _nearest_id(xml), line_of(xml), type=shown(str(xml.tag)), element=shown(tag))


def _check_language(xml: etree._Element, findings: Findings) -> None:
    """Refuse an expression in another language where nobody else looks at the language."""
    language = plain(xml, "language")
    if language and "feel" not in language.lower() and split(str(xml.tag))[1] in SPOKEN:
        details = {"place": shown(str(xml.tag)), "text": text_of(xml)[:200], "language": language}
        findings.add("expression-language", _nearest_id(xml), line_of(xml), **details)


def _nearest_id(xml: etree._Element) -> str:
    found: etree._Element | None = xml
    while found is not None and not plain(found, "id"):
        found = found.getparent()
    return "" if found is None else plain(found, "id") or ""


def check_ids(root: etree._Element, findings: Findings) -> None:
    """Every element that needs an id has one, alone, of a shape that can be stored and shown."""
    seen: dict[str, list[etree._Element]] = defaultdict(list)
    pictures = {picture for picture in root if is_drawing(picture)}
    stack = [xml for xml in reversed(root) if xml not in pictures]
    while stack:
        xml = stack.pop()
        stack.extend(reversed(xml))
        namespace, type_ = split(str(xml.tag))
        if namespace != BPMN:
            continue
        _check_once(xml, findings)
        _check_language(xml, findings)
        id_ = plain(xml, "id")
        if id_:
            seen[id_].append(xml)
            if not _NAME.fullmatch(id_) or len(id_) > LONGEST_ID:
                findings.add("id-invalid", id_[:LONGEST_ID], line_of(xml), id=id_[:LONGEST_ID], limit=LONGEST_ID)
        elif type_ in NODES or type_ in {"sequenceFlow", "process", "message", "signal", "error"}:
            findings.add("id-missing", "", line_of(xml), type=type_)
    for id_, same in seen.items():
        if len(same) > 1:
            findings.add("id-duplicate", id_, line_of(same[1]), id=id_, count=len(same))
