"""Messages and signals: to the right one, once, and nobody stops the others."""

import pytest

from engine.bpmn import ExecutionError
from engine.errors import Invalid, NotFound
from engine.handler import Handler, JobContext
from engine.model.job import JobStatus
from engine.model.process_instance import InstanceStatus, ProcessInstance
from engine.services import delivery, incidents, jobs, messages, process_instances
from tests.builders.diagrams import chain, diagram, files, flows, service_task, user_task
from tests.builders.world import World

Handlers = dict[str, Handler]
NEWS = '<bpmn:message id="news" name="news"/>'
ALARM = '<bpmn:signal id="alarm" name="alarm"/>'


def wait(element_id: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}"><bpmn:messageEventDefinition id="{element_id}_m" '
        'messageRef="news" zhili:correlationKey="= case_id"/></bpmn:intermediateCatchEvent>'
    )


@pytest.fixture
def sender(handlers: Handlers) -> str:
    """Give the diagram of a process that sends two messages at once to the case `c`."""

    def send(job: JobContext) -> dict[str, object]:
        return {"taken": [job.send_message("news", "c", {text: True}) for text in ("one", "two")]}

    handlers["t.send"] = send
    return chain(service_task("send", "t.send"), names=("send",))


def test_a_second_message_reaches_the_next_one_who_waits_for_it(world: World, sender: str) -> None:
    twice = chain(wait("first"), wait("second"), user_task("look"), names=("first", "second", "look"))
    world.deploy(files(p_bpmn=diagram("p", twice, roots=NEWS), q_bpmn=diagram("q", sender)))
    instance = world.start("p", case_id="c")
    world.start("q")
    world.worker.run_due()
    assert [task.name for task in world.inbox("alice")] == ["look"]
    assert {"one", "two"} <= set(world.instance(instance.id).variables)


def test_a_message_for_whom_nobody_waits_any_more_is_no_incident(world: World, sender: str) -> None:
    once = chain(wait("first"), user_task("look"), names=("first", "look"))
    world.deploy(files(p_bpmn=diagram("p", once, roots=NEWS), q_bpmn=diagram("q", sender)))
    world.start("p", case_id="c")
    world.start("q")
    for _ in range(5):
        world.later(hours=1)
    assert [task.name for task in world.inbox("alice")] == ["look"]
    with world.open(read_only=True) as uow:
        assert jobs.list_page(uow).items == ()
        assert incidents.list_page(uow).items == ()


def test_a_message_without_a_key_reaches_no_case_that_waits_for_its_own(world: World) -> None:
    throw = chain(
        '<bpmn:intermediateThrowEvent id="throw"><bpmn:messageEventDefinition id="m" messageRef="news"/>'
        "</bpmn:intermediateThrowEvent>",
        names=("throw",),
    )
    once = chain(wait("first"), user_task("look"), names=("first", "look"))
    world.deploy(files(p_bpmn=diagram("p", once, roots=NEWS), q_bpmn=diagram("q", throw, roots=NEWS)))
    world.start("p", case_id="c")
    world.start("q")
    world.worker.run_due()
    assert world.inbox("alice") == []
    with world.open() as uow, pytest.raises(NotFound):
        messages.correlate(uow, "news", correlation_key=None, variables={}, by="x")


def test_a_case_that_cannot_go_on_does_not_keep_a_signal_from_the_others(world: World) -> None:
    body = (
        '<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition id="s" '
        'signalRef="alarm"/></bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="choice"/>'
        + user_task("look")
        + '<bpmn:endEvent id="end"/>'
        + flows("start>wait", "wait>choice", "choice>look[open = true]", "look>end")
    )
    world.deploy(files(p_bpmn=diagram("p", body, roots=ALARM)))
    stuck = world.start(business_key="c1", open=False)
    world.start(business_key="c2", open=True)
    with world.open() as uow:
        assert messages.broadcast(uow, "alarm", variables={}, by="x") == 2
    assert [task.business_key for task in world.inbox("alice")] == ["c2"]
    for _ in range(4):
        world.later(hours=1)
    with world.open(read_only=True) as uow:
        [job] = jobs.list_page(uow).items
        [incident] = incidents.list_page(uow, status="open").items
    assert (job.instance_id, job.status, incident.job_id) == (stuck.id, JobStatus.FAILED, job.id)


# ------------------------------------------------------------------------- thrown, and beginning a process


def throwing(kind: str = "message") -> str:
    """Draw a process that asks a person, then throws the news (or the alarm) with a key and a payload."""
    ref = 'messageRef="news" zhili:correlationKey="= about"' if kind == "message" else 'signalRef="alarm"'
    throw = (
        '<bpmn:intermediateThrowEvent id="throw"><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="what">= "said"</camunda:inputParameter>'
        f"</camunda:inputOutput></bpmn:extensionElements><bpmn:{kind}EventDefinition id="
        f'"m" {ref}/></bpmn:intermediateThrowEvent>'
    )
    return chain(user_task("ask"), throw, names=("ask", "throw"))


def begun_by(kind: str, element: str) -> str:
    """Draw a process that begins with the news (or the alarm)."""
    ref = 'messageRef="news"' if kind == "message" else 'signalRef="alarm"'
    return (
        f'<bpmn:startEvent id="start"><bpmn:{kind}EventDefinition id="m" {ref}/></bpmn:startEvent>'
        + element
        + '<bpmn:endEvent id="end"/>'
        + flows("start>look", "look>end")
    )


def instances(world: World, key: str) -> list[ProcessInstance]:
    with world.open(read_only=True) as uow:
        return list(process_instances.list_page(uow, key=key).items)


def test_a_thrown_message_starts_the_process_that_begins_with_it(world: World) -> None:
    begun = diagram("begun", begun_by("message", user_task("look")), roots=NEWS)
    world.deploy(files(begun_bpmn=begun, p_bpmn=diagram("p", throwing(), roots=NEWS)))
    world.start("p", about="case-7")
    world.complete(world.inbox("alice")[0])
    assert instances(world, "begun") == []
    world.worker.run_due()
    [instance] = instances(world, "begun")
    assert (instance.business_key, dict(instance.variables)) == ("case-7", {"what": "said"})
    assert (instance.started_by, instance.parent_id) == ("alice", None)
    assert [task.name for task in world.inbox("alice")] == ["look"]
    world.worker.run_due()
    assert len(instances(world, "begun")) == 1


def test_a_thrown_message_goes_to_whoever_waits_for_it_and_starts_nothing_then(world: World) -> None:
    waiting = chain(wait("first"), user_task("look"), names=("first", "look"))
    begun = diagram("begun", begun_by("message", user_task("look")), roots=NEWS)
    one, two = diagram("p", throwing(), roots=NEWS), diagram("w", waiting, roots=NEWS)
    world.deploy(files(begun_bpmn=begun, p_bpmn=one, w_bpmn=two))
    world.start("w", case_id="case-7")
    world.start("p", about="case-7")
    world.complete(world.inbox("alice")[0])
    world.worker.run_due()
    assert instances(world, "begun") == []
    assert [task.process_key for task in world.inbox("alice")] == ["w"]


def test_who_begins_to_wait_before_the_worker_comes_gets_the_message_and_no_second_process_begins(world: World) -> None:
    waiting = chain(wait("first"), user_task("look"), names=("first", "look"))
    begun = diagram("begun", begun_by("message", user_task("look")), roots=NEWS)
    one, two = diagram("p", throwing(), roots=NEWS), diagram("w", waiting, roots=NEWS)
    world.deploy(files(begun_bpmn=begun, p_bpmn=one, w_bpmn=two))
    world.start("p", about="case-7")
    world.complete(world.inbox("alice")[0])
    world.start("w", case_id="case-7")
    world.worker.run_due()
    assert instances(world, "begun") == []
    assert [task.process_key for task in world.inbox("alice")] == ["w"]


def test_a_process_that_cannot_begin_is_an_incident_and_no_trouble_for_whoever_threw(world: World) -> None:
    choice = (
        '<bpmn:startEvent id="start"><bpmn:messageEventDefinition id="m" messageRef="news"/></bpmn:startEvent>'
        '<bpmn:exclusiveGateway id="choice"/>'
        + user_task("look")
        + '<bpmn:endEvent id="end"/>'
        + flows("start>choice", "choice>look[what = 1]", "look>end")
    )
    begun, thrower = diagram("begun", choice, roots=NEWS), diagram("p", throwing(), roots=NEWS)
    world.deploy(files(begun_bpmn=begun, p_bpmn=thrower))
    instance = world.start("p", about="case-7")
    world.complete(world.inbox("alice")[0])
    assert world.instance(instance.id).status is InstanceStatus.COMPLETED
    for _ in range(6):
        world.later(hours=1)
    assert instances(world, "begun") == []
    with world.open(read_only=True) as uow:
        [incident] = incidents.list_page(uow, status="open").items
    assert (incident.topic, incident.instance_id) == ("news", None)


def test_a_thrown_signal_starts_every_process_that_begins_with_it(world: World) -> None:
    one = diagram("one", begun_by("signal", user_task("look")), roots=ALARM)
    two = diagram("two", begun_by("signal", user_task("look")), roots=ALARM)
    thrower = diagram("p", throwing("signal"), roots=ALARM)
    world.deploy(files(one_bpmn=one, two_bpmn=two, p_bpmn=thrower))
    world.start("p")
    world.complete(world.inbox("alice")[0])
    world.worker.run_due()
    assert [len(instances(world, key)) for key in ("one", "two")] == [1, 1]
    assert dict(instances(world, "one")[0].variables) == {"what": "said"}


@pytest.mark.parametrize("beside", ["", "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"])
def test_a_message_on_its_way_outlives_the_event_that_it_was_meant_for(world: World, sender: str, beside: str) -> None:
    """Also where that event waited for a timer too: its jobs are taken away, the message is none of them."""
    timer = f"<bpmn:timerEventDefinition>{beside}</bpmn:timerEventDefinition>" if beside else ""
    first = wait("first").replace("</bpmn:intermediateCatchEvent>", f"{timer}</bpmn:intermediateCatchEvent>")
    twice = chain(first, wait("second"), user_task("look"), names=("first", "second", "look"))
    world.deploy(files(p_bpmn=diagram("p", twice, roots=NEWS), q_bpmn=diagram("q", sender)))
    instance = world.start("p", case_id="c")
    world.start("q")

    world.worker.run_due()

    assert world.instance(instance.id).variables == {"case_id": "c", "one": True, "two": True}
    assert [task.name for task in world.inbox("alice")] == ["look"]


CONVERSATION = (
    '<bpmn:correlationProperty id="prop" name="case"><bpmn:correlationPropertyRetrievalExpression messageRef="news">'
    "<bpmn:messagePath>case_id</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    '<bpmn:collaboration id="col"><bpmn:participant id="pa" processRef="p"/><bpmn:correlationKey id="ck">'
    "<bpmn:correlationPropertyRef>prop</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
)
SUBSCRIPTION = (
    '<bpmn:correlationSubscription id="cs" correlationKeyRef="ck"><bpmn:correlationPropertyBinding id="cb" '
    'correlationPropertyRef="prop"><bpmn:dataPath>mine</bpmn:dataPath></bpmn:correlationPropertyBinding>'
    "</bpmn:correlationSubscription>"
)


def test_a_message_on_its_way_is_for_who_waits_for_its_key_by_then(world: World, handlers: Handlers) -> None:
    handlers["t.send"] = lambda job: {"taken": [job.send_message("news", "c", {"secret": True})]}
    catch = '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="news"/>'
    body = chain(catch + "</bpmn:intermediateCatchEvent>", user_task("look"), names=("wait", "look")) + SUBSCRIPTION
    sending = diagram("q", chain(service_task("send", "t.send"), names=("send",)))
    world.deploy(files(p_bpmn=diagram("p", body, roots=NEWS + CONVERSATION), q_bpmn=sending))
    before, after = world.start("p", mine="c"), world.start("p", mine="z")
    world.start("q")
    for instance, key in ((before, "d"), (after, "c")):
        with world.open() as uow:
            process_instances.set_variables(uow, instance.id, {"mine": key}, by="x")

    world.worker.run_due()

    assert world.instance(before.id).variables == {"mine": "d"}
    assert world.instance(after.id).variables == {"mine": "c", "secret": True}


def test_a_start_by_signal_that_an_earlier_release_left_is_carried_out(world: World) -> None:
    begins = '<bpmn:startEvent id="start"><bpmn:signalEventDefinition signalRef="alarm"/></bpmn:startEvent>'
    body = begins + user_task("look") + '<bpmn:endEvent id="end"/>' + flows("start>look", "look>end")
    thrower = (
        '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"><bpmn:signalEventDefinition signalRef="alarm"/></bpmn:endEvent>'
    )
    throws = diagram("q", thrower + flows("s>e"), roots=ALARM)
    world.deploy(files(p_bpmn=diagram("p", body, roots=ALARM), q_bpmn=throws))
    world.start("q")
    with world.open() as uow:
        (job,) = uow.jobs.list_page(limit=5).items
        del job.payload["event"], job.payload["share"], job.payload["rounds"]
        uow.jobs.save(job)
        uow.commit()

    world.worker.run_due()

    with world.open(read_only=True) as uow:
        assert len(process_instances.list_page(uow, key="p").items) == 1


def test_a_process_that_cannot_begin_with_a_signal_stops_no_other(world: World) -> None:
    begins = '<bpmn:startEvent id="start"><bpmn:signalEventDefinition signalRef="alarm"/></bpmn:startEvent>'
    stuck = begins + '<bpmn:exclusiveGateway id="x"/>' + user_task("a") + user_task("b") + '<bpmn:endEvent id="end"/>'
    stuck += flows("start>x", "x>a[v = 1]", "x>b[v = 2]", "a>end", "b>end")
    catch = '<bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition signalRef="alarm"/>'
    waits = chain(catch + "</bpmn:intermediateCatchEvent>", user_task("look"), names=("wait", "look"))
    world.deploy(files(p_bpmn=diagram("p", waits, roots=ALARM), m_bpmn=diagram("m", stuck, roots=ALARM)))
    world.start("p")

    with world.open() as uow:
        messages.broadcast(uow, "alarm", variables={}, by="x")

    assert [task.name for task in world.inbox("alice")] == ["look"]
    with world.open(read_only=True) as uow:
        (job,) = jobs.list_page(uow).items
        assert (job.payload["process"], job.payload["event"]) == ("m", "start")
        assert process_instances.list_page(uow, key="m").items == ()


def test_a_key_that_no_column_holds_is_refused_by_name(world: World) -> None:
    begins = '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="news"/></bpmn:startEvent>'
    body = begins + user_task("look") + '<bpmn:endEvent id="end"/>' + flows("start>look", "look>end")
    once = chain(wait("first"), names=("first",))
    world.deploy(files(p_bpmn=diagram("p", once, roots=NEWS), m_bpmn=diagram("m", body, roots=NEWS)))

    with pytest.raises(ExecutionError) as caught:
        world.start("p", case_id="x" * 300)
    assert (caught.value.key, caught.value.element_id) == ("correlation-key-too-long", "first")
    with world.open() as uow, pytest.raises(Invalid) as refused:
        messages.correlate(uow, "news", correlation_key="y" * 150, variables={}, by="x")
    assert refused.value.key == "business-key-too-long"


def test_a_message_without_a_key_on_its_way_goes_to_the_next_who_waits_without_one(world: World) -> None:
    def event(kind: str, element_id: str) -> str:
        return f'<bpmn:{kind} id="{element_id}"><bpmn:messageEventDefinition messageRef="news"/></bpmn:{kind}>'

    receives = chain(
        event("intermediateCatchEvent", "a"), event("intermediateCatchEvent", "b"), user_task("look"),
        names=("a", "b", "look"),
    )  # fmt: skip
    sends = chain(event("intermediateThrowEvent", "x"), event("intermediateThrowEvent", "y"), names=("x", "y"))
    world.deploy(files(p_bpmn=diagram("p", receives, roots=NEWS), q_bpmn=diagram("q", sends, roots=NEWS)))
    world.start("p")
    world.start("q")

    world.worker.run_due()

    assert [task.name for task in world.inbox("alice")] == ["look"]


@pytest.mark.parametrize("later", ["", 'camunda:asyncBefore="true"'])
def test_messages_that_cause_each_other_end_also_through_work_that_is_done_later(
    world: World, handlers: Handlers, monkeypatch: pytest.MonkeyPatch, later: str
) -> None:
    monkeypatch.setattr(delivery, "MOST_DELIVERIES", 10)
    done: list[int] = []
    handlers["t.count"] = lambda _job: done.append(1)
    begins = '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="news"/></bpmn:startEvent>'
    ends = '<bpmn:endEvent id="end"><bpmn:messageEventDefinition messageRef="news"/></bpmn:endEvent>'
    body = begins + service_task("count", "t.count", attributes=later) + ends + flows("start>count", "count>end")
    world.deploy(files(m_bpmn=diagram("m", body, roots=NEWS)))
    with world.open() as uow:
        messages.correlate(uow, "news", correlation_key=None, variables={}, by="x")

    for _ in range(200):
        world.worker.run_due()

    assert 4 <= len(done) <= 40
