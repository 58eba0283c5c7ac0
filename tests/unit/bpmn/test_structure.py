"""Diagrams that could not run to an end are refused, with the element that is to blame."""

import pytest

from engine.bpmn import read_file, read_processes
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    boundary,
    catch,
    end,
    flow,
    node,
    path,
    process,
    script,
    start,
    throw,
    timer,
    user,
)


def found(xml: bytes) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "flow.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("parts", "code", "where"),
    [
        ((start(), end(), path("s", "e"), user("lost"), flow("lost", "e")), "element-unreachable", "lost"),
        ((start(), user("x"), end(), path("s", "x")), "element-dead-end", "x"),
        ((start(), end(), path("s", "e"), user("x"), path("x", "x")), "element-unreachable", "x"),
        ((user("x"), end(), path("x", "x", "e")), "start-missing", "p"),
        ((start(), start("s2"), end(), path("s", "e"), path("s2", "e")), "start-several", "s2"),
        ((start(), user("x"), end(), path("s", "x", "e"), flow("x", "s")), "flow-not-allowed", "s"),
        ((start(), end(), end("e2"), path("s", "e", "e2")), "flow-not-allowed", "e"),
        ((start(), end(), flow("s", "nobody")), "reference-unresolved", "s_nobody"),
        ((start(), node("subProcess", "x"), end(), path("s", "x", "e")), "start-missing", "x"),
        (
            (start(), node("subProcess", "x", user("i") + path("i", "i")), end(), path("s", "x", "e")),
            "start-missing",
            "x",
        ),
        (
            (
                start(),
                node("subProcess", "x", start("i", MESSAGE) + end("j") + path("i", "j")),
                end(),
                path("s", "x", "e"),
            ),
            "start-in-subprocess",
            "i",
        ),
        (
            (
                start(),
                node("subProcess", "x", start("i") + end("j") + path("i", "j")),
                end(),
                path("s", "x", "e"),
                flow("i", "e"),
            ),
            "flow-crosses-scope",
            "i_e",
        ),
        (
            (
                start(),
                node("exclusiveGateway", "x"),
                end(),
                end("e2"),
                flow("s", "x"),
                flow("x", "e", "a"),
                flow("x", "e2"),
            ),
            "flow-without-condition",
            "x",
        ),
        (
            (
                start(),
                node("exclusiveGateway", "x", attributes='default="x_e"'),
                end(),
                end("e2"),
                flow("s", "x"),
                flow("x", "e", "a"),
                flow("x", "e2", "b"),
            ),
            "condition-on-default",
            "x_e",
        ),
        (
            (start(), node("exclusiveGateway", "x", attributes='default="s_x"'), end(), flow("s", "x"), flow("x", "e")),
            "default-not-outgoing",
            "x",
        ),
        ((start(), user("x", attributes='default="x_e"'), end(), path("s", "x", "e")), "default-alone", "x"),
        (
            (start(), node("parallelGateway", "x"), end(), flow("s", "x"), flow("x", "e", "a")),
            "condition-not-allowed",
            "x_e",
        ),
        ((start(), end(), flow("s", "e", "a")), "condition-not-allowed", "s_e"),
        (
            (
                start(),
                node("exclusiveGateway", "x"),
                end(),
                end("e2"),
                flow("s", "x"),
                flow("x", "e", "a ="),
                flow("x", "e2", "b"),
            ),
            "expression-invalid",
            "x_e",
        ),
        (
            (
                start(),
                node("exclusiveGateway", "x"),
                end(),
                end("e2"),
                flow("s", "x"),
                flow("x", "e", "${a > b}".replace(">", "&gt;")),
                flow("x", "e2", "b"),
            ),
            "expression-foreign",
            "x_e",
        ),
        (
            (
                start(),
                node("exclusiveGateway", "x"),
                end(),
                end("e2"),
                flow("s", "x"),
                flow("x", "e", ""),
                flow("x", "e2", "b"),
            ),
            "expression-empty",
            "x_e",
        ),
        (
            (start(), user("x"), boundary("b", "nobody", MESSAGE), end(), path("s", "x", "e"), path("b", "e")),
            "boundary-host",
            "b",
        ),
        (
            (
                start(),
                node("exclusiveGateway", "x"),
                boundary("b", "x", MESSAGE),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
            ),
            "boundary-host",
            "b",
        ),
        (
            (
                start(),
                node("receiveTask", "x", attributes='messageRef="M"'),
                boundary("b", "x", ERROR),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
            ),
            "boundary-error-host",
            "b",
        ),
        (
            (
                start(),
                user("x"),
                boundary("b", "x", ERROR, interrupting=False),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
            ),
            "error-non-interrupting",
            "b",
        ),
        (
            (
                start(),
                user("x"),
                boundary("b", "x", ERROR),
                boundary("c", "x", ERROR),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
                path("c", "e"),
            ),
            "boundary-error-duplicate",
            "c",
        ),
        ((start(), user("x"), boundary("b", "x", MESSAGE), end(), path("s", "x", "e")), "element-dead-end", "b"),
        (
            (
                start(),
                user("x"),
                boundary("b", "x", MESSAGE),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
                flow("x", "b"),
            ),
            "flow-not-allowed",
            "b",
        ),
        (
            (
                start(),
                user("x"),
                boundary("b", "x", timer("R/PT1H", "timeCycle")),
                end(),
                path("s", "x", "e"),
                path("b", "e"),
            ),
            "timer-cycle-here",
            "b",
        ),
        (
            (start(), node("eventBasedGateway", "x"), catch("m", MESSAGE), end(), path("s", "x", "m", "e")),
            "event-gateway-single",
            "x",
        ),
        (
            (
                start(),
                node("eventBasedGateway", "x"),
                catch("m", MESSAGE),
                user("u"),
                end(),
                path("s", "x", "m", "e"),
                path("x", "u", "e"),
            ),
            "event-gateway-target",
            "u",
        ),
        (
            (
                start(),
                node("eventBasedGateway", "x"),
                catch("m", MESSAGE),
                catch("t", timer("PT1H")),
                end(),
                path("s", "x", "m", "t", "e"),
                path("x", "t"),
            ),
            "event-gateway-shared",
            "t",
        ),
        ((start(), throw("x", '<linkEventDefinition name="a"/>'), end(), path("s", "x")), "link-target", "x"),
        (
            (start(), catch("x", '<linkEventDefinition name="a"/>'), end(), path("s", "e"), path("x", "e")),
            "link-unused",
            "x",
        ),
        ((start(), user("x", "<outgoing>other</outgoing>"), end(), path("s", "x", "e")), "flow-list-disagrees", "x"),
        ((start(), user("x"), user("x"), end(), path("s", "x", "e")), "id-duplicate", "x"),
        ((start(), node("userTask", "x" * 101), end(), path("s", "x" * 101, "e")), "id-invalid", "x" * 100),
        ((start(), "<userTask/>", end(), path("s", "e")), "id-missing", ""),
    ],
)
def test_a_structure_that_cannot_run_is_refused_by_name(parts, code, where):
    assert (code, where) in found(process(*parts))


@pytest.mark.parametrize(
    ("host", "definition"), [(node("manualTask", "x"), MESSAGE), (script("x", "1", "y"), timer("PT1H"))]
)
def test_a_boundary_event_at_an_activity_that_never_waits_is_doubted(host, definition):
    xml = process(start(), host, boundary("b", "x", definition), end(), path("s", "x", "e"), path("b", "e"))

    doubts = {(doubt.code, doubt.where, doubt.severity) for doubt in read_file(xml, "flow.bpmn").findings}

    assert ("boundary-never-fires", "b", "warning") in doubts
