"""The shipped diagrams are drawn to be read: lanes, Chinese labels, right angles, nothing crossed or covered."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FORKS = ("exclusiveGateway", "inclusiveGateway")
# Drawn around others: they are covered, and flows run inside them.
FRAMES = ("participant", "lane", "subProcess")

INSIDE = ("Event", "Task", "Activity", "Gateway", "task")

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box", margin: float = 0) -> bool:
        return (
            self.left + margin < other.right
            and other.left < self.right - margin
            and self.top + margin < other.bottom
            and other.top < self.bottom - margin
        )

    def holds(self, other: "Box") -> bool:
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True)
class Drawing:
    kinds: dict[str, str]
    names: dict[str, str]
    lanes: dict[str, str]
    hosts: dict[str, str]
    ends: dict[str, tuple[str, str]]
    conditional: frozenset[str]
    shapes: dict[str, Box]
    labels: dict[str, Box]
    routes: dict[str, list[Point]]

    @property
    def nodes(self) -> dict[str, Box]:
        return {key: box for key, box in self.shapes.items() if self.kinds[key] not in FRAMES}

    def segments(self) -> list[tuple[str, Point, Point]]:
        return [(flow, start, end) for flow, route in self.routes.items() for start, end in pairwise(route)]


def box_of(element: etree._Element) -> Box:
    x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


@cache
def drawing_of(file: Path) -> Drawing:
    root = etree.parse(file, PARSER).getroot()
    model = [one for one in root.iter(etree.Element) if one.tag.startswith(BPMN) and one.get("id")]
    flows = [one for one in model if one.tag == f"{BPMN}sequenceFlow"]
    drawn = {one.get("bpmnElement"): one for one in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    shapes = {key: one for key, one in drawn.items() if one.tag == f"{DI}BPMNShape"}
    labels = {key: one.find(f"{DI}BPMNLabel/{BOUNDS}") for key, one in drawn.items()}
    return Drawing(
        kinds={one.get("id"): one.tag.removeprefix(BPMN) for one in model},
        names={one.get("id"): one.get("name", "") for one in model},
        lanes=_lanes(root),
        hosts={one.get("id"): one.get("attachedToRef") for one in model if one.get("attachedToRef")},
        ends={one.get("id"): (one.get("sourceRef"), one.get("targetRef")) for one in flows},
        conditional=frozenset(one.get("id") for one in flows if len(one)),
        shapes={key: box_of(one.find(BOUNDS)) for key, one in shapes.items()},
        labels={key: box_of(one) for key, one in labels.items() if one is not None},
        routes={
            key: [(float(point.get("x")), float(point.get("y"))) for point in one.iter(WAYPOINT)]
            for key, one in drawn.items()
            if one.tag == f"{DI}BPMNEdge"
        },
    )


def _lanes(root: etree._Element) -> dict[str, str]:
    """Return node → lane; what a sub-process holds lies in the lane of the sub-process."""
    named = {ref.text: lane.get("id") for lane in root.iter(f"{BPMN}lane") for ref in lane}
    for frame in root.iter(f"{BPMN}subProcess"):
        lane = named.pop(frame.get("id"))
        inner = (one.get("id") for one in frame if one.get("id") and one.tag.endswith(INSIDE))
        named |= dict.fromkeys(inner, lane)
    return named


@pytest.fixture(params=DIAGRAMS, ids=lambda file: file.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return drawing_of(request.param)


def test_every_node_and_flow_is_drawn(drawing):
    ids = set(drawing.lanes) | set(drawing.hosts)
    assert ids == set(drawing.nodes)
    assert set(drawing.ends) == set(drawing.routes)


def test_every_node_lies_in_its_lane(drawing):
    for node, lane in drawing.lanes.items():
        frame = drawing.shapes[lane]
        assert frame.holds(drawing.shapes[node]), f"{node} leaves {lane}"
        if node in drawing.labels:
            assert frame.holds(drawing.labels[node]), f"the label of {node} leaves {lane}"


def test_no_two_nodes_cover_each_other(drawing):
    for one, other in combinations(drawing.nodes, 2):
        if drawing.hosts.get(one) != other and drawing.hosts.get(other) != one:
            assert not drawing.shapes[one].covers(drawing.shapes[other]), f"{one} covers {other}"


def test_a_boundary_event_sits_on_the_edge_of_its_task(drawing):
    for event, host in drawing.hosts.items():
        box, task = drawing.shapes[event], drawing.shapes[host]
        assert box.covers(task)
        assert not task.holds(box)


def test_flows_run_at_right_angles_from_node_to_node(drawing):
    for flow, start, end in drawing.segments():
        assert start[0] == end[0] or start[1] == end[1], f"{flow} runs aslant"
    for flow, (source, target) in drawing.ends.items():
        for node, point in ((source, drawing.routes[flow][0]), (target, drawing.routes[flow][-1])):
            box = drawing.shapes[node]
            touches_side = point[0] in (box.left, box.right) and box.top <= point[1] <= box.bottom
            touches_end = point[1] in (box.top, box.bottom) and box.left <= point[0] <= box.right
            assert touches_side or touches_end, f"{flow} does not touch {node}"


def test_no_flow_runs_through_a_node(drawing):
    for flow, start, end in drawing.segments():
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(start, end, strict=True))
        for node, box in drawing.nodes.items():
            inner = Box(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
            assert not inner.covers(Box(left, top, right, bottom)), f"{flow} runs through {node}"


def test_no_two_flows_cross(drawing):
    for (flow, *line), (other, *other_line) in combinations(drawing.segments(), 2):
        if flow != other:
            assert not crosses(line, other_line), f"{flow} crosses {other}"


def test_no_two_flows_lie_on_each_other_unless_they_leave_or_reach_the_same_node(drawing):
    for (flow, *line), (other, *other_line) in combinations(drawing.segments(), 2):
        shared = set(drawing.ends[flow]) & set(drawing.ends[other])
        if flow != other and not shared:
            assert not covers(line, other_line), f"{flow} lies on {other}"


def test_no_label_covers_a_node_or_another_label(drawing):
    for (one, box), (other, other_box) in combinations(drawing.labels.items(), 2):
        assert not box.covers(other_box, 2), f"the labels of {one} and {other} cover each other"
    for one, box in drawing.labels.items():
        for node, shape in drawing.nodes.items():
            # A gateway is a diamond: the corners of its box are free.
            margin = 12 if drawing.kinds[node].endswith("Gateway") else 2
            assert node == one or not shape.covers(box, margin), f"the label of {one} covers {node}"


def test_people_read_chinese(drawing):
    for node, kind in drawing.kinds.items():
        decides = kind in FORKS and sum(source == node for source, _ in drawing.ends.values()) > 1
        if decides or kind.endswith(("Task", "Event", "Activity")) or kind in FRAMES:
            assert CHINESE.search(drawing.names[node]), f"{node} has no Chinese name"


def test_every_way_out_of_a_decision_says_when_it_is_taken(drawing):
    for flow, (source, _) in drawing.ends.items():
        ways = [other for other, (start, _) in drawing.ends.items() if start == source]
        # Behind an event-based gateway the events themselves say it.
        if len(ways) > 1 and drawing.kinds[source] != "eventBasedGateway":
            assert CHINESE.search(drawing.names[flow]), f"{flow} has no label"
            assert sum(other not in drawing.conditional for other in ways) == 1, f"{source} needs one default"


def crosses(line: list[Point], other: list[Point]) -> bool:
    """Tell whether a horizontal and a vertical line meet inside both."""
    if is_flat(line) == is_flat(other):
        return False
    flat, upright = (line, other) if is_flat(line) else (other, line)
    x, y = upright[0][0], flat[0][1]
    return min(flat)[0] < x < max(flat)[0] and min(p[1] for p in upright) < y < max(p[1] for p in upright)


def covers(line: list[Point], other: list[Point]) -> bool:
    """Tell whether two parallel lines share more than a point."""
    if is_flat(line) != is_flat(other):
        return False
    along, across = (0, 1) if is_flat(line) else (1, 0)
    start = max(min(p[along] for p in line), min(p[along] for p in other))
    end = min(max(p[along] for p in line), max(p[along] for p in other))
    return line[0][across] == other[0][across] and end - start > 1


def is_flat(line: list[Point]) -> bool:
    return line[0][1] == line[1][1]
