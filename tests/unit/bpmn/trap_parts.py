"""Parts of diagrams for the traps of the library."""

from collections.abc import Callable

import pytest

from engine.bpmn import read_processes
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    Run,
    end,
    node,
    path,
    start,
    user,
)


def refusals(xml: bytes) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "x.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def undone(host: str) -> str:
    event = node("boundaryEvent", "c", "<compensateEventDefinition/>", f'attachedToRef="{host}"')
    handler = user("undo", attributes='isForCompensation="true"')
    return event + handler + '<association id="as" sourceRef="c" targetRef="undo"/>'


def triggered(definition: str, *, interrupting: bool = True) -> str:
    """An event sub-process `ev` with one user task `hu`."""
    begin = node("startEvent", "ev_s", definition, f'isInterrupting="{str(interrupting).lower()}"')
    return node("subProcess", "ev", begin + user("hu") + end("j") + path("ev_s", "hu", "j"), 'triggeredByEvent="true"')


def within(*ids: str, last: str = "", inside: str = "") -> str:
    """A sub-process `m` with user tasks in a row."""
    content = start("m_s0") + "".join(user(id_) for id_ in ids) + end("m_e0", last) + path("m_s0", *ids, "m_e0")
    return node("subProcess", "m", content + inside)


def late(id_: str) -> Callable[[Run], object]:
    return lambda run: run.escalate(id_, "LATE")
