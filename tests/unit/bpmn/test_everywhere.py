"""Every event at every activity, every undoing and every trigger, wherever it stands."""

from datetime import timedelta

import pytest

from tests.unit.bpmn.combining import (
    AGAIN,
    CANCEL,
    COMPENSATE,
    CONDITION,
    ESCALATION,
    TWICE,
    sub,
    tasks,
    triggered,
    tx,
    undone,
)
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    MESSAGE,
    SIGNAL,
    Run,
    boundary,
    end,
    model_of,
    node,
    path,
    service,
    start,
    throw,
    timer,
    user,
)

UNTIL = "<completionCondition>enough</completionCondition>"


RECEIVE = 'messageRef="M2"'


# Activities `h`, and what is open inside them while they wait.
HOSTS: dict[str, tuple[str, list[str]]] = {
    "user task": (user("h"), ["h"]),
    "service task": (service("h"), ["h"]),
    "receive task": (node("receiveTask", "h", attributes=RECEIVE), ["h"]),
    "call activity": (node("callActivity", "h", attributes='calledElement="q"'), ["h"]),
    "sub-process": (sub("h", "in"), ["in"]),
    "transaction": (sub("h", "in", type_="transaction"), ["in"]),
    "ad-hoc sub-process": (node("adHocSubProcess", "h", user("in") + UNTIL), ["in"]),
    "multi-instance": (user("h", TWICE), ["h", "h"]),
    "loop": (user("h", AGAIN), ["h"]),
    "multi-instance sub-process": (sub("h", "in", inside=TWICE), ["in", "in"]),
    "loop of a sub-process": (sub("h", "in", inside=AGAIN), ["in"]),
    "multi-instance of calls": (node("callActivity", "h", TWICE, 'calledElement="q"'), ["h", "h"]),
}


GUARDS: dict[str, str] = {
    "message": MESSAGE,
    "signal": SIGNAL,
    "timer": timer("PT1H"),
    "conditional": CONDITION,
    "multiple": MESSAGE + SIGNAL,
    "error": ANY_ERROR,
    "escalation": ESCALATION,
}


def placed(place: str, content: str) -> str:
    """A process that has the content, from `x0` to `x9`, at its top or inside another scope."""
    inner = node("startEvent", "x0") + content + end("x9")
    if place == "process":
        return inner
    if place == "event sub-process":
        begun = node("startEvent", "x0", '<messageEventDefinition messageRef="M2"/>') + content + end("x9")
        handler = node("subProcess", "outer", begun, 'triggeredByEvent="true"')
        return start() + user("u") + end() + path("s", "u", "e") + handler
    if place == "ad-hoc sub-process":
        scope = node("adHocSubProcess", "outer", node("subProcess", "one", inner) + UNTIL)
    elif place == "multi-instance":
        one = (
            "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        scope = node("subProcess", "outer", inner + one)
    else:
        scope = node(place, "outer", inner)
    return start() + scope + end() + path("s", "outer", "e")


def fires(run: Run, guard: str, inside: str) -> None:
    """Let the event at the boundary happen."""
    if guard == "timer":
        run.fire("b", timedelta(hours=1))
    elif guard == "conditional":
        run.set_variables({"level": 5})
    elif guard == "error":
        run.fail(inside, "NO_MEDIATOR")
    elif guard == "escalation":
        run.escalate(inside, "LATE")
    else:
        run.deliver("b")


PLACES = ("process", "subProcess", "transaction", "event sub-process", "ad-hoc sub-process", "multi-instance")


CANNOT_THROW = {("receive task", "error"), ("receive task", "escalation")}


MATRIX = [
    (host, guard, interrupting)
    for host in HOSTS
    for guard in GUARDS
    for interrupting in (True, False)
    if (host, guard) not in CANNOT_THROW and (interrupting or guard != "error")
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("host", "guard", "interrupting"), MATRIX)
def test_every_event_guards_every_activity_wherever_it_stands(host, guard, interrupting, place):
    activity, open_ = HOSTS[host]
    content = activity + boundary("b", "h", GUARDS[guard], interrupting=interrupting) + user("x")
    content += path("x0", "h", "x9") + path("b", "x", "x9")
    run = Run(model_of(placed(place, content)), {"again": True, "enough": False, "level": 1})
    if place == "event sub-process":
        run.deliver("x0")

    def working() -> list[str]:
        kinds = {"user_task", "service", "call", "message"}
        return sorted(p.element_id for p in run.positions if p.kind in kinds and p.element_id in {"h", "in", "x"})

    assert working() == open_
    fires(run, guard, open_[0])

    assert working() == (["x"] if interrupting else sorted([*open_, "x"]))
    run.complete("x")
    assert working() == ([] if interrupting else open_)
    if interrupting:
        assert [p.element_id for p in run.positions if p.host is not None] == []


def finishes(run: Run, inside: str) -> None:
    """Do what is open inside the activity `h` until it is over, two rounds of a loop."""
    rounds = 0
    while open_ := [p for p in run.positions if p.element_id == inside]:
        rounds += 1
        result = {"again": rounds < 2, "enough": True}
        run.deliver(inside) if open_[0].kind == "message" else run.complete(inside, result)


TIMES = {
    "multi-instance": 2,
    "loop": 2,
    "multi-instance sub-process": 2,
    "loop of a sub-process": 2,
    "multi-instance of calls": 2,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("host", HOSTS)
def test_every_activity_is_undone_once_for_each_time_it_completed_wherever_it_stands(host, place):
    activity, open_ = HOSTS[host]
    content = activity + undone("h") + throw("t", COMPENSATE) + user("x") + path("x0", "h", "t", "x", "x9")
    run = Run(model_of(placed(place, content)), {"again": True, "enough": False})
    if place == "event sub-process":
        run.deliver("x0")

    finishes(run, open_[0])

    for _ in range(TIMES.get(host, 1)):
        assert [task for task in tasks(run) if task != "u"] == ["undo_h"]
        run.complete("undo_h")
    assert [task for task in tasks(run) if task != "u"] == ["x"]


@pytest.mark.parametrize("host", HOSTS)
def test_every_activity_of_a_cancelled_transaction_is_undone(host):
    activity, open_ = HOSTS[host]
    content = start("is") + activity + undone("h") + end("ie", CANCEL) + path("is", "h", "ie")
    run = Run(model_of(start(), tx("t", content, "e", "lost"), user("lost"), end(), path("s", "t"), path("lost", "e")),
              {"again": True, "enough": False})  # fmt: skip

    finishes(run, open_[0])

    for _ in range(TIMES.get(host, 1)):
        assert tasks(run) == ["undo_h"]
        run.complete("undo_h")
    assert tasks(run) == ["lost"]


SCOPES = {
    "sub-process": ("subProcess", ""),
    "transaction": ("transaction", ""),
    "ad-hoc sub-process": ("adHocSubProcess", UNTIL),
    "multi-instance": ("subProcess", TWICE),
    "loop": ("subProcess", AGAIN),
    "ad-hoc multi-instance": ("adHocSubProcess", UNTIL + TWICE),
}


TRIGGERED = [(guard, way) for guard in GUARDS for way in (True, False) if way or guard != "error"]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("guard", "interrupting"), TRIGGERED)
def test_every_trigger_begins_its_handler_in_every_scope(scope, guard, interrupting):
    type_, marker = SCOPES[scope]
    handler = triggered("ev", GUARDS[guard], "hu", interrupting=interrupting)
    inner = service("j") if "ad-hoc" in scope else start("is") + service("j") + end("ie") + path("is", "j", "ie")
    body = node(type_, "h", inner + handler + marker)
    run = Run(model_of(start(), body, boundary("b", "h", ANY_ERROR), user("after"), end(), path("s", "h", "after", "e"),
                       path("b", "e")), {"again": False, "enough": False, "level": 1})  # fmt: skip
    instances = 2 if marker.endswith(TWICE) else 1
    assert run.waiting.count("j") == instances

    if guard in {"error", "escalation"}:
        fires(run, guard, "j")
        begun = 1
    elif guard == "conditional":
        fires(run, guard, "j")
        begun = instances
    else:
        run.fire("ev_s", timedelta(hours=1)) if guard == "timer" else run.deliver("ev_s")
        begun = 1

    assert tasks(run) == ["hu"] * begun
    assert run.waiting.count("j") == (instances - begun if interrupting else instances)
    run.complete("hu")
    if interrupting and instances == begun == 1:
        assert tasks(run) == ["after"]
    assert "b" not in run.passed
