"""What runs as drawn, but perhaps not as meant, is told with its element; what is well drawn is not."""

from pathlib import Path

import pytest

from engine.bpmn import read_file
from engine.bpmn.lint.declarations import lint_start_timers
from engine.bpmn.reading.graph import read_graph
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import children, parse
from tests.unit.bpmn.diagrams import (
    HEAD,
    MESSAGE,
    boundary,
    catch,
    definitions,
    end,
    flow,
    node,
    path,
    process,
    start,
    timer,
    user,
)

PROCESSES = Path(__file__).parents[3] / "processes"


def told(xml, code):
    return {(one.where, one.severity) for one in read_file(xml, "flow.bpmn").findings if one.code == code}


def gateway(kind, id_, attributes=""):
    return node(f"{kind}Gateway", id_, attributes=attributes)


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_a_choice_whose_every_flow_has_a_condition_needs_a_default(kind):
    parts = (start(), user("a"), user("b"), end(), end("e2"), path("s", "x"), path("a", "e"), path("b", "e2"))
    without = process(*parts, gateway(kind, "x"), flow("x", "a", "c"), flow("x", "b", "d"))
    assert told(without, "gateway-without-default") == {("x", "warning")}
    with_one = process(*parts, gateway(kind, "x", 'default="x_b"'), flow("x", "a", "c"), flow("x", "b"))
    assert told(with_one, "gateway-without-default") == set()


def test_several_flows_without_condition_out_of_an_activity_are_an_implicit_split():
    parts = (
        start(),
        user("a"),
        user("b"),
        user("c"),
        end(),
        end("e2"),
        path("s", "a"),
        path("b", "e"),
        path("c", "e2"),
    )
    assert told(process(*parts, path("a", "b"), path("a", "c")), "implicit-split") == {("a", "warning")}
    said = process(*parts, gateway("parallel", "f"), path("a", "f", "b"), path("f", "c"))
    assert told(said, "implicit-split") == set()


def test_a_gateway_that_does_nothing_is_superfluous():
    parts = (start(), user("a"), end())
    assert told(process(*parts, gateway("parallel", "x"), path("s", "a", "x", "e")), "gateway-superfluous") == {
        ("x", "warning")
    }
    assert told(process(*parts, path("s", "a", "e")), "gateway-superfluous") == set()


def test_a_gateway_that_joins_and_splits_is_told():
    parts = (start(), gateway("parallel", "f"), user("a"), user("b"), user("c"), user("d"), gateway("parallel", "j"))
    flows = (path("s", "f", "a", "x"), path("f", "b", "x"), path("c", "j", "e"), path("d", "j"), end())
    mixed = process(*parts, *flows, gateway("parallel", "x"), path("x", "c"), path("x", "d"))
    assert told(mixed, "gateway-mixed") == {("x", "warning")}
    two = (gateway("parallel", "x"), gateway("parallel", "y"), path("x", "y", "c"), path("y", "d"))
    assert told(process(*parts, *flows, *two), "gateway-mixed") == set()


def test_two_flows_between_the_same_nodes_are_told():
    parts = (start(), user("a"), user("b"), end(), path("s", "a", "b", "e"))
    assert told(process(*parts, flow("a", "b", name="again")), "flow-duplicate") == {("again", "warning")}
    assert told(process(*parts), "flow-duplicate") == set()


def labelled(name):
    """A diagram in which everything that people read has a name, or nothing has."""
    attributes = 'name="核实"' if name else ""

    def named(xml):
        return xml.replace("<sequenceFlow ", f"<sequenceFlow {attributes} ")

    return process(
        start(),
        user("a", attributes=attributes),
        boundary("b", "a", timer("PT1H")).replace("<boundaryEvent ", f"<boundaryEvent {attributes} "),
        catch("k", MESSAGE, attributes),
        gateway("exclusive", "x", f'{attributes} default="x_e"'),
        gateway("exclusive", "j"),
        end(),
        end("e2"),
        path("s", "a", "j", "x", "e"),
        path("b", "k", "j"),
        named(flow("x", "e2", "c")),
    )


def test_what_people_read_needs_a_label():
    assert told(labelled(name=False), "label-missing") == {(id_, "info") for id_ in ("a", "b", "k", "x")}
    assert told(labelled(name=False), "label-missing-flow") == {("x_e2", "info")}
    assert told(labelled(name=True), "label-missing") | told(labelled(name=True), "label-missing-flow") == set()


def test_what_is_declared_and_not_used_is_told():
    parts = '<process id="p" isExecutable="true">' + start() + catch("k", MESSAGE) + end() + path("s", "k", "e")
    declared = told(definitions(parts + "</process>"), "declaration-unused")
    assert {(id_, "info") for id_ in ("M2", "S", "E", "E2")} <= declared
    assert ("M", "info") not in declared
    only = f'{HEAD}<message id="M" name="report"/>{parts}</process></definitions>'.encode()
    assert told(only, "declaration-unused") == set()


def test_a_drawing_beside_the_process_uses_what_it_shows():
    parts = '<process id="p" isExecutable="true">' + start() + end() + path("s", "e") + "</process>"
    drawing = '<process id="d" isExecutable="false">' + catch("k", MESSAGE) + "</process>"
    assert ("M", "info") not in told(definitions(drawing + parts), "declaration-unused")
    assert ("M", "info") in told(definitions(parts), "declaration-unused")


@pytest.mark.parametrize(
    ("text", "endless"),
    [
        ("R/P1D", True),
        ("R/2026-11-23T00:00:00Z/P1D", True),
        ("R5/P1D", False),
        ("R/P1D/2027-01-01T00:00:00Z", False),
        ("= cycle", False),
    ],
)
def test_a_timer_that_starts_instances_for_ever_is_told(text, endless):
    xml = process(start("s", timer(text, "timeCycle")), end(), path("s", "e"))
    findings = Findings("flow.bpmn")
    (drawn,) = children(parse(xml, findings), "process")
    lint_start_timers(read_graph(drawn, findings), findings)
    assert [(one.code, one.where) for one in findings.warnings] == ([("timer-start-endless", "s")] if endless else [])


def test_many_findings_are_cut_and_what_is_doubtful_stays():
    many = [user(f"u{number}") for number in range(300)]
    names = [f"u{number}" for number in range(300)]
    found = read_file(
        process(start(), *many, gateway("parallel", "x"), end(), path("s", *names, "x", "e")), "f"
    ).findings
    assert len(found) == 201
    assert {"bpmn-problems-cut", "gateway-superfluous"} <= {one.code for one in found}


@pytest.mark.parametrize("file", sorted(PROCESSES.glob("*.bpmn")), ids=lambda file: file.stem)
def test_our_own_diagrams_have_nothing_to_remark(file):
    assert [str(one) for one in read_file(file.read_bytes(), file.name).findings] == []
