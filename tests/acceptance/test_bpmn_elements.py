"""Elements of BPMN over HTTP and back: what a designer draws is deployed, run, stored and told."""

from datetime import timedelta

import pytest

from engine.jobs.executor import Executor
from tests.builders.diagrams import diagram, escape, flows, user_task

ROOTS = (
    '<bpmn:message id="M" name="withdrawn"/><bpmn:signal id="S" name="flood"/>'
    '<bpmn:escalation id="X" escalationCode="LATE"/><bpmn:escalation id="Y" escalationCode="LOUD"/>'
    '<bpmn:error id="E" errorCode="LOST"/>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="M" zhili:correlationKey="= case"/>'
PLAIN_MESSAGE = '<bpmn:messageEventDefinition messageRef="M"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="S"/>'
LATE = '<bpmn:escalationEventDefinition escalationRef="X"/>'
COMPENSATE = "<bpmn:compensateEventDefinition/>"
DAY = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"


def when(condition: str) -> str:
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(condition)}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def clerk(element_id: str, attributes: str = "") -> str:
    return user_task(element_id, groups="acceptor@230100").replace(
        "<bpmn:userTask ", f"<bpmn:userTask {attributes} ", 1
    )


def event(kind: str, element_id: str, definition: str = "", attributes: str = "") -> str:
    return f'<bpmn:{kind} id="{element_id}" {attributes}>{definition}</bpmn:{kind}>'


def start_of(*parts: str, pairs: tuple[str, ...]) -> str:
    return '<bpmn:startEvent id="s"/>' + "".join(parts) + '<bpmn:endEvent id="e"/>' + flows(*pairs)


def triggered(definition: str, *, interrupting: bool = True) -> str:
    begin = event("startEvent", "ev_s", definition, f'isInterrupting="{str(interrupting).lower()}"')
    inner = begin + clerk("ev_u") + '<bpmn:endEvent id="ev_e"/>' + flows("ev_s>ev_u", "ev_u>ev_e")
    return f'<bpmn:subProcess id="ev" triggeredByEvent="true">{inner}</bpmn:subProcess>'


class Office:
    """Somebody who deploys a diagram and works on it."""

    def __init__(self, as_, app) -> None:
        self.as_, self.app = as_, app

    def deploy(self, **diagrams: str):
        files = [
            {"name": f"{key}.bpmn", "text": diagram(key, body, roots=ROOTS).decode()} for key, body in diagrams.items()
        ]
        answer = self.as_("designer").post("/deployments?merge=true", {"files": files})
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    def start(self, key: str, **variables: object) -> str:
        answer = self.as_("designer").post("/process-instances", {"process_key": key, "variables": variables})
        assert answer.status_code == 201, answer.text
        return answer.get_json()["id"]

    def open(self, instance: str) -> list[dict[str, object]]:
        return self.as_("designer").get(f"/process-instances/{instance}/activities").get_json()["items"]

    def waiting(self, instance: str) -> list[str]:
        return sorted(one["element_id"] for one in self.open(instance))

    def status(self, instance: str) -> str:
        return self.as_("designer").get(f"/process-instances/{instance}").get_json()["status"]

    def passed(self, instance: str) -> list[str]:
        items = self.as_("designer").get(f"/process-instances/{instance}/history").get_json()["items"]
        return [one["element_id"] for one in items if one["outcome"] == "completed"]

    def complete(self, instance: str, element_id: str, **submission: object) -> None:
        tasks = self.as_("acceptor").get("/user-tasks?limit=200").get_json()["items"]
        task = next(one for one in tasks if (one["instance_id"], one["element_id"]) == (instance, element_id))
        body = {"submission": submission, "revision": task["revision"]}
        answer = self.as_("acceptor").post(f"/user-tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, answer.text

    def write(self, instance: str, **variables: object) -> None:
        body = {"variables": variables}
        answer = self.as_("designer").patch(f"/process-instances/{instance}/variables", body)
        assert answer.status_code == 200, answer.text

    def say(self, name: str, key: str | None = None, **variables: object):
        body: dict[str, object] = {"name": name, "variables": variables}
        body |= {"correlation_key": key} if key else {"broadcast": True}
        return self.as_("designer").post("/messages", body)

    def work(self) -> None:
        Executor(self.app.extensions["zhili"].units).run_due()


@pytest.fixture
def office(as_, app) -> Office:
    return Office(as_, app)


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_begins_an_event_sub_process(office, interrupting):
    body = start_of(clerk("u"), triggered(MESSAGE, interrupting=interrupting), pairs=("s>u", "u>e"))
    office.deploy(rescue=body)
    instance = office.start("rescue", case="C1")

    assert office.say("withdrawn", "C1", why="moved").status_code == 200

    assert office.waiting(instance) == (["ev", "ev_u"] if interrupting else ["ev", "ev_u", "u"])
    office.complete(instance, "ev_u")
    assert office.status(instance) == ("completed" if interrupting else "active")
    again = office.say("withdrawn", "C1")
    assert again.status_code == (404 if interrupting else 200)


def test_a_timer_of_an_event_sub_process_fires_by_the_scheduler_and_not_after_the_end(office, clock):
    office.deploy(late=start_of(clerk("u"), triggered(DAY), pairs=("s>u", "u>e")))
    done, late = office.start("late"), office.start("late")
    office.complete(done, "u")

    clock.advance(timedelta(days=1, seconds=1))
    office.work()

    assert office.status(done) == "completed"
    assert office.waiting(late) == ["ev", "ev_u"]


def test_a_condition_fires_when_somebody_corrects_a_variable(office):
    parts = event("intermediateCatchEvent", "c", when("level > 3"))
    office.deploy(level=start_of(parts, pairs=("s>c", "c>e")))
    instance = office.start("level", level=1)
    office.write(instance, level=3)
    assert office.waiting(instance) == ["c"]

    office.write(instance, level=4)

    assert office.status(instance) == "completed"


def test_a_signal_from_one_instance_reaches_the_others_and_its_own(office):
    catcher = start_of(event("intermediateCatchEvent", "c", SIGNAL), pairs=("s>c", "c>e"))
    thrower = start_of(
        event("intermediateThrowEvent", "t", SIGNAL), clerk("u"), triggered(SIGNAL), pairs=("s>t", "t>u", "u>e")
    )
    office.deploy(listens=catcher, throws=thrower)
    waiting = office.start("listens")

    instance = office.start("throws")
    office.work()

    assert office.waiting(instance) == ["ev", "ev_u"]
    assert office.status(waiting) == "completed"


def test_an_end_event_with_several_definitions_sends_each(office):
    listens = start_of(event("intermediateCatchEvent", "c", SIGNAL), pairs=("s>c", "c>e"))
    asks = start_of(event("intermediateCatchEvent", "c", PLAIN_MESSAGE), pairs=("s>c", "c>e"))
    ends = '<bpmn:startEvent id="s"/>' + event("endEvent", "both", PLAIN_MESSAGE + SIGNAL) + flows("s>both")
    office.deploy(listens=listens, asks=asks, ends=ends)
    waiting = [office.start("listens"), office.start("asks")]

    office.start("ends")
    office.work()

    assert [office.status(instance) for instance in waiting] == ["completed", "completed"]


def booking() -> str:
    undo = 'isForCompensation="true"'
    parts = "".join(
        clerk(name) + event("boundaryEvent", f"c_{name}", COMPENSATE, f'attachedToRef="{name}"')
        + clerk(f"undo_{name}", undo)
        + f'<bpmn:association id="as_{name}" sourceRef="c_{name}" targetRef="undo_{name}"/>'
        for name in ("room", "car")
    )  # fmt: skip
    return (
        '<bpmn:startEvent id="s"/>' + parts + event("endEvent", "e", COMPENSATE) + flows("s>room", "room>car", "car>e")
    )


def test_what_was_done_is_undone_newest_first_by_tasks_in_the_inbox(office):
    office.deploy(booking=booking())
    instance = office.start("booking")
    office.complete(instance, "room")
    office.complete(instance, "car")

    assert office.waiting(instance) == ["e", "undo_car"]
    office.complete(instance, "undo_car")
    assert office.waiting(instance) == ["e", "undo_room"]
    office.complete(instance, "undo_room")

    assert office.status(instance) == "completed"
    assert [name for name in office.passed(instance) if name.startswith("undo")] == ["undo_car", "undo_room"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_called_process_escalates_at_its_call_activity(office, interrupting):
    called = start_of(event("intermediateThrowEvent", "t", LATE), clerk("u"), pairs=("s>t", "t>u", "u>e"))
    boundary = event("boundaryEvent", "b", LATE, f'attachedToRef="call" cancelActivity="{str(interrupting).lower()}"')
    call = '<bpmn:callActivity id="call" calledElement="called"/>'
    caller = start_of(call, boundary, clerk("told"), pairs=("s>call", "call>e", "b>told", "told>e"))
    office.deploy(called=called, caller=caller)

    instance = office.start("caller")

    assert office.waiting(instance) == (["told"] if interrupting else ["call", "told"])
    listed = office.as_("designer").get("/process-instances?process_key=called").get_json()["items"]
    assert [one["status"] for one in listed] == ["cancelled" if interrupting else "active"]


def test_an_escalation_at_the_end_of_a_called_process_comes_before_its_end(office):
    called = '<bpmn:startEvent id="s"/>' + event("endEvent", "e", LATE) + flows("s>e")
    boundary = event("boundaryEvent", "b", LATE, 'attachedToRef="call"')
    call = '<bpmn:callActivity id="call" calledElement="called"/>'
    caller = start_of(
        call, boundary, clerk("told"), clerk("on"), pairs=("s>call", "call>on", "on>e", "b>told", "told>e")
    )
    office.deploy(called=called, caller=caller)

    instance = office.start("caller")

    assert office.waiting(instance) == ["told"]


def test_an_activity_of_an_ad_hoc_sub_process_is_begun_once_more(office):
    sub = (
        '<bpmn:adHocSubProcess id="h">' + clerk("visit") + clerk("call_up")
        + "<bpmn:completionCondition>solved</bpmn:completionCondition></bpmn:adHocSubProcess>"
    )  # fmt: skip
    office.deploy(care=start_of(sub, pairs=("s>h", "h>e")))
    instance = office.start("care", solved=False)
    assert office.waiting(instance) == ["call_up", "h", "visit"]
    office.complete(instance, "visit")
    number = next(one["activity"] for one in office.open(instance) if one["element_id"] == "h")

    answer = office.as_("designer").post(
        f"/process-instances/{instance}/activities", {"activity": number, "element_id": "visit"}
    )
    assert answer.status_code == 200, answer.text
    assert office.waiting(instance) == ["call_up", "h", "visit"]
    refused = office.as_("designer").post(
        f"/process-instances/{instance}/activities", {"activity": number, "element_id": "nobody"}
    )
    assert refused.status_code == 422
    assert refused.get_json(force=True)["code"] == "ad-hoc-not-enabled"

    office.write(instance, solved=True)
    office.complete(instance, "visit")
    assert office.status(instance) == "completed"
    gone = office.as_("designer").post(
        f"/process-instances/{instance}/activities", {"activity": number, "element_id": "visit"}
    )
    assert gone.status_code == 409


def test_only_who_may_correct_instances_begins_activities(office):
    assert office.as_("acceptor").post(
        "/process-instances/x/activities", {"activity": 1, "element_id": "a"}
    ).status_code in {403, 404}


def test_several_events_in_one_close_each_other_in_the_database(office, clock):
    both = event("intermediateCatchEvent", "c", MESSAGE + SIGNAL + DAY)
    office.deploy(either=start_of(both, clerk("u"), pairs=("s>c", "c>u", "u>e")))
    instance = office.start("either", case="C9")

    assert office.say("withdrawn", "C9").status_code == 200
    assert office.waiting(instance) == ["u"]

    assert office.say("flood").get_json()["delivered"] == 0
    clock.advance(timedelta(days=2))
    office.work()
    assert office.waiting(instance) == ["u"]


def test_a_receive_task_starts_an_instance_over_http(office):
    task = '<bpmn:receiveTask id="r" messageRef="M" instantiate="true"/>'
    office.deploy(letters=task + clerk("read") + flows("r>read"))

    assert office.say("withdrawn", "L1", text="hello").status_code == 200

    [instance] = office.as_("designer").get("/process-instances?process_key=letters").get_json()["items"]
    assert office.waiting(instance["id"]) == ["read"]
    assert instance["business_key"] == "L1"


def test_a_signal_interrupts_before_anything_inside_goes_on_with_it(office):
    """Catchers of one instance hear a signal together, outermost first, whatever the order of their rows."""
    inner = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>'
    inner += event("intermediateCatchEvent", "c", SIGNAL) + clerk("inside") + flows("is>c", "c>inside", "inside>ie")
    sub = f'<bpmn:subProcess id="sub">{inner}</bpmn:subProcess>'
    boundary = event("boundaryEvent", "b", SIGNAL, 'attachedToRef="sub"')
    body = start_of(sub, boundary, clerk("out"), pairs=("s>sub", "sub>e", "b>out", "out>e"))
    throws = '<bpmn:startEvent id="s"/>' + event("endEvent", "t", SIGNAL) + flows("s>t")
    office.deploy(guarded=body, throws=throws)
    instances = [office.start("guarded") for _ in range(6)]

    assert office.say("flood").get_json()["delivered"] == 12
    later = [office.start("guarded") for _ in range(6)]
    office.start("throws")
    office.work()

    for instance in (*instances, *later):
        assert office.waiting(instance) == ["out"]
        assert "c" not in office.passed(instance)


@pytest.mark.parametrize("rescue", [True, False])
def test_a_second_escalation_after_the_call_has_ended_is_heard_by_nobody(office, rescue):
    loud = LATE.replace('"X"', '"Y"')
    throws = event("intermediateThrowEvent", "t1", LATE) + event("intermediateThrowEvent", "t2", loud)
    called = start_of(clerk("u"), throws, pairs=("s>u", "u>t1", "t1>t2", "t2>e"))
    boundary = event("boundaryEvent", "b", LATE, 'attachedToRef="call"')
    call = '<bpmn:callActivity id="call" calledElement="called"/>'
    after = ("b>told", "told>e") if rescue else ("b>e",)
    caller = start_of(call, boundary, clerk("told") if rescue else "", pairs=("s>call", "call>e", *after))
    office.deploy(called=called, caller=caller)
    instance = office.start("caller")
    [inner] = office.as_("designer").get("/process-instances?process_key=called").get_json()["items"]

    office.complete(inner["id"], "u")

    assert office.waiting(instance) == (["told"] if rescue else [])
    assert office.status(instance) == ("active" if rescue else "completed")
