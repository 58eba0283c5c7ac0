"""Soundness: whether every run can end, every activity can run, and nothing runs twice that was meant to run once."""

from collections.abc import Iterable

from engine.bpmn.lint.net import Net, build_net, definitions_of, is_interrupting, is_left_out
from engine.bpmn.lint.reduction import reduce_net
from engine.bpmn.lint.state_space import MOST_MARKINGS, Budget, Explored, Meeting, Stuck, explore
from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import plain

_GATEWAY = "Gateway"
_ACTIVITY = ("ask", "ctivity", "ubProcess", "transaction")
_QUANTITIES = ("startQuantity", "completionQuantity")


def lint_soundness(graph: Graph, findings: Findings, budget: Budget) -> None:
    """Play the token game in every scope whose activities follow each other; a sub-process is one activity in it.

    Notes    as errors what no run can get past, as warnings what some runs cannot
    """
    for scope in graph.scopes:
        if scope.node is None or scope.node.type != "adHocSubProcess":
            _Report(scope, findings).make(budget)


def explore_scope(scope: Scope, budget: Budget) -> tuple[Net, Explored]:
    """Build the net of a scope, make it small, and play the token game."""
    net = build_net(scope)
    reduce_net(net)
    return net, explore(net, budget)


class _Report:
    """What is told about one scope."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self.scope, self.findings = scope, findings

    def make(self, budget: Budget) -> None:
        undecided = next((node for node in self.scope.nodes.values() if _counts_itself(node)), None)
        if undecided is not None:
            self.findings.note("soundness-not-explored", undecided.id, undecided.line, type=undecided.type)
            return
        net, found = explore_scope(self.scope, budget)
        self.way_in = net.start.first
        self.stuck(found)
        for meeting in found.meetings.values():
            self.meeting(meeting)
        self.ends([*net.early, *found.early], [*net.met, *found.met])
        if found.cut:
            details = {"type": self.scope.type, "id": self.scope.id, "limit": MOST_MARKINGS}
            self.findings.note("soundness-not-decided", self.scope.id, self.scope.line, **details)
        if found.whole:
            self.dead(found)

    def stuck(self, found: Explored) -> None:
        """Tell where runs stop for ever, and where they go round for ever."""
        note = self.findings.warn if found.ends or not found.whole or self.is_rescued() else self.findings.add
        for one in found.stuck.values():
            details = {"missing": one.missing, "path": self.path(one)}
            note("soundness-deadlock", one.join, self.line(one.join), id=one.join, **details)
        trapped = found.trapped
        if trapped is not None:
            details = {"path": self.path(trapped)}
            note("soundness-endless", trapped.element, self.line(trapped.element), id=trapped.element, **details)

    def meeting(self, meeting: Meeting) -> None:
        node = self.scope.nodes.get(meeting.element)
        details = {"id": meeting.element, "path": self.path(meeting)}
        implicit = node is not None and not node.type.endswith(_GATEWAY) and len(node.incoming) > 1
        if node is not None and implicit:
            self.findings.warn("implicit-join", node.id, node.line, type=node.type, **details)
        else:
            line = self.line(meeting.element)
            self.findings.warn("soundness-unsynchronised", meeting.element, line, **details)

    def ends(self, early: Iterable[str], met: Iterable[str]) -> None:
        nodes = self.scope.nodes
        joined = dict.fromkeys(met)
        for node in (nodes[id_] for id_ in joined):
            details = {"type": node.type, "id": node.id, "path": ", ".join(arrow.id for arrow in node.incoming[:4])}
            self.findings.warn("implicit-join", node.id, node.line, **details)
        for node in (nodes[id_] for id_ in dict.fromkeys(early) if id_ not in joined):
            self.findings.note("soundness-early-end", node.id, node.line, id=node.id)

    def dead(self, found: Explored) -> None:
        for node in self.scope.nodes.values():
            if node.type.endswith(_ACTIVITY) and node.id not in found.alive and not is_left_out(node):
                self.findings.warn("soundness-dead", node.id, node.line, type=node.type, id=node.id)

    def is_rescued(self) -> bool:
        """Tell whether an event ends the scope from outside of its flows."""
        host = self.scope.node
        if host is not None and any(is_interrupting(one) and definitions_of(one) for one in host.attached):
            return True
        return any(plain(node.xml, "triggeredByEvent") == "true" for node in self.scope.nodes.values())

    def path(self, found: Stuck | Meeting) -> str:
        return ", ".join(found.path) or self.way_in or self.scope.id

    def line(self, element: str) -> int:
        node = self.scope.nodes.get(element)
        return node.line if node is not None else self.scope.line


def _counts_itself(node: Node) -> bool:
    """Tell whether a node decides by a condition or a number how many tokens it takes or gives."""
    if node.type == "complexGateway" and len(node.incoming) > 1:
        return True
    return any(plain(node.xml, name) not in {None, "", "1"} for name in _QUANTITIES)
