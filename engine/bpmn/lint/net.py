"""A scope as a net for the token game: parts that take and give tokens, and links between them on which tokens lie.

Every element becomes one part or a few: what merges its flows, what guards it, what parts its flows again. All ends
are one part, so are all events that end the scope at once, and one link leads to all ways in.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from engine.bpmn.reading.graph import Arrow, Node, Scope
from engine.bpmn.xml import children, plain, split

Kind = Literal["xor", "and", "or", "side", "end", "stop", "gone"]
"""How a part treats tokens.

xor   takes each token as it comes, gives it to one of its links
and   waits for a token on each link, gives one to each
or    waits for every token that can still come, gives to any links, one at least
side  gives to its first link, and to any others as well, to each once in a run
end   takes tokens for good; `stop` takes all tokens of the scope with it; `gone`: there never was one
"""

_STOPS = frozenset({"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"})


@dataclass(slots=True, eq=False)
class Part:
    """What takes and gives tokens.

    owner     id of the element that it belongs to
    elements  what runs when it passes a token
    """

    kind: Kind
    owner: str
    elements: list[str]
    ins: dict["Link", None] = field(default_factory=dict)
    outs: dict["Link", None] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Link:
    """Where a token may lie.

    first, last  ids of the sequence flows at its beginning and its end; empty inside an element
    into         id of the element that it leads to
    elements     what a token on it has run, or can run before it waits
    goals        the end events in which it ends
    """

    source: Part
    target: Part
    first: str
    last: str
    into: str
    elements: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Net:
    """The net of a scope.

    start    the link on which the only token lies at the beginning
    parts    every part that a token may come to
    early    end events that are reached while other branches go on
    met      end events that several branches reach
    """

    start: Link
    parts: dict[Part, None]
    early: dict[str, None] = field(default_factory=dict)
    met: dict[str, None] = field(default_factory=dict)


def is_left_out(node: Node) -> bool:
    """Tell whether tokens come to a node in another way than along flows: event sub-processes, compensation."""
    return plain(node.xml, "triggeredByEvent") == "true" or plain(node.xml, "isForCompensation") == "true"


def definitions_of(node: Node) -> list[str]:
    """Return the kinds of the event definitions of a node."""
    names = (split(str(child.tag))[1] for child in node.xml)
    return [name for name in names if name.endswith("EventDefinition")]


def is_interrupting(boundary: Node) -> bool:
    """Tell whether a boundary event ends its activity."""
    return plain(boundary.xml, "cancelActivity") != "false"


def link_name(node: Node) -> str | None:
    """Return the name of the link that a link event throws or catches."""
    for definition in children(node.xml, "linkEventDefinition"):
        return plain(definition, "name")
    return None


def build_net(scope: Scope) -> Net:
    """Return the net of a scope; what is inside its sub-processes has nets of its own."""
    return _Builder(scope).net()


class _Builder:
    """Builds one net."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.parts: dict[Part, None] = {}
        self.end = self.part("end", scope.id)
        self.stop = self.part("stop", scope.id)
        self.gone = self.part("gone", scope.id)
        self.nodes = [node for node in scope.nodes.values() if not is_left_out(node)]
        self.ways_in: dict[Node, Part] = {}
        self.catches: dict[str, list[Node]] = defaultdict(list)

    def part(self, kind: Kind, owner: str, *elements: str) -> Part:
        part = Part(kind, owner, list(elements))
        self.parts[part] = None
        return part

    def link(self, source: Part, target: Part, into: str, flow: str = "") -> Link:
        link = Link(source, target, flow, flow, into)
        source.outs[link] = None
        target.ins[link] = None
        return link

    def net(self) -> Net:
        for node in self.nodes:
            kind = _merging(node)
            self.ways_in[node] = self.part(kind, node.id, node.id)
            name = link_name(node)
            if name and node.type == "intermediateCatchEvent":
                self.catches[name].append(node)
        for node in self.nodes:
            self.leave(node, self.ways_in[node])
        entry = self.part("xor", self.scope.id)
        start = self.link(self.gone, entry, self.scope.id)
        self.begin(entry)
        return Net(start, self.parts)

    def begin(self, entry: Part) -> None:
        """Lead to one of the nodes that start an instance; without such a node to each that nothing leads to."""
        starts = [node for node in self.nodes if node.type == "startEvent"]
        starts += [node for node in self.nodes if plain(node.xml, "instantiate") == "true" and not node.incoming]
        if not starts:
            caught = {node for nodes in self.catches.values() for node in nodes}
            free = [node for node in self.nodes if not node.incoming and node not in caught]
            starts = [node for node in free if node.type != "boundaryEvent"]
            every = self.part("and", self.scope.id)
            self.link(entry, every, self.scope.id)
            entry = every
        for node in starts:
            self.link(entry, self.ways_in[node], node.id)

    def leave(self, node: Node, part: Part) -> None:
        """Lead from a node to what may follow it."""
        guards = [one for one in node.attached if "compensateEventDefinition" not in definitions_of(one)]
        beside = [guard for guard in guards if not is_interrupting(guard)]
        if beside:
            part = self.inside("side", node, part)
        instead = [guard for guard in guards if is_interrupting(guard)]
        if instead:
            part = self.inside("xor", node, part)
        if beside or instead:
            part = self.behind(node, part, beside, instead)
        self.part_flows(node, part)

    def behind(self, node: Node, part: Part, beside: list[Node], instead: list[Node]) -> Part:
        """Lead to the boundary events of a node; return the part after it."""
        side = next(iter(part.ins)).source if beside and instead else part
        after = self.inside("xor", node, part)
        for guard in beside:
            self.link(side, self.ways_in[guard], guard.id)
        for guard in instead:
            self.link(part, self.ways_in[guard], guard.id)
        return after

    def inside(self, kind: Kind, node: Node, before: Part) -> Part:
        part = self.part(kind, node.id)
        self.link(before, part, node.id)
        return part

    def part_flows(self, node: Node, part: Part) -> None:
        """Lead along the flows out of a node."""
        name = link_name(node)
        if name and node.type == "intermediateThrowEvent":
            for caught in self.catches.get(name, [])[:1]:
                self.link(part, self.ways_in[caught], caught.id)
        elif not node.outgoing:
            self.finish(node, self.link(part, self.finale(node), node.id))
        elif node.type == "exclusiveGateway" or _chooses(node):
            self.along(self.split("xor", node, part), node.outgoing)
        elif node.type == "parallelGateway" or len(node.outgoing) == 1:
            self.along(self.split("and", node, part), node.outgoing)
        else:
            self.free(node, part)

    def split(self, kind: Kind, node: Node, part: Part) -> Part:
        return part if part.kind == kind or not node.outgoing[1:] else self.inside(kind, node, part)

    def free(self, node: Node, part: Part) -> None:
        """Lead along flows of which several may be taken: those without condition, and some of the others."""
        some = [arrow for arrow in node.outgoing if has_condition(arrow)]
        fixed = [arrow for arrow in node.outgoing if not has_condition(arrow) and not arrow.is_default]
        default = [arrow for arrow in node.outgoing if arrow.is_default and not has_condition(arrow)]
        if node.type == "complexGateway":
            some, fixed, default = [*node.outgoing], [], []
        if fixed and not some and not default:
            self.along(self.split("and", node, part), fixed)
            return
        if fixed:
            part = self.split("and", node, part)
            self.along(part, fixed)
        if default or fixed:
            part = self.inside("xor", node, part)
            self.along(part, default)
            if not default:
                self.link(part, self.gone, node.id)
        if some:
            self.along(self.inside("or", node, part) if part.kind != "or" else part, some)

    def along(self, part: Part, arrows: list[Arrow]) -> None:
        for arrow in arrows:
            node = arrow.target
            if node.type == "endEvent" and not node.outgoing:
                self.finish(node, self.link(part, self.finale(node), node.id, arrow.id))
            elif node in self.ways_in:
                self.link(part, self.ways_in[node], node.id, arrow.id)

    def finale(self, node: Node) -> Part:
        return self.stop if _STOPS & set(definitions_of(node)) else self.end

    def finish(self, node: Node, link: Link) -> None:
        link.elements.append(node.id)
        link.goals.append(node.id)


def has_condition(arrow: Arrow) -> bool:
    """Tell whether a flow has a condition."""
    return bool(children(arrow.xml, "conditionExpression"))


def _merging(node: Node) -> Kind:
    if node.type == "parallelGateway":
        return "and"
    return "or" if node.type == "inclusiveGateway" else "xor"


def _chooses(node: Node) -> bool:
    return node.type == "eventBasedGateway" and plain(node.xml, "eventGatewayType") != "Parallel"
