"""A message starts one process or none; a signal starts each, at each of its start events, once."""

import pytest

from engine.jobs.executor import Executor
from engine.services import delivery
from tests.builders.diagrams import diagram, flows, user_task

ROOTS = '<bpmn:message id="M" name="report"/><bpmn:signal id="S" name="flood"/>'
MESSAGE = '<bpmn:messageEventDefinition messageRef="M"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="S"/>'


def begun_by(key: str, *definitions: str) -> dict[str, str]:
    starts = "".join(f'<bpmn:startEvent id="s{n}">{inner}</bpmn:startEvent>' for n, inner in enumerate(definitions))
    body = starts + user_task("read", groups="acceptor@230100") + "<bpmn:endEvent id='e'/>"
    body += flows(*(f"s{n}>read" for n in range(len(definitions))), "read>e")
    return {"name": f"{key}.bpmn", "text": diagram(key, body, roots=ROOTS).decode()}


def thrower(definition: str) -> dict[str, str]:
    body = f'<bpmn:startEvent id="s"/><bpmn:endEvent id="e">{definition}</bpmn:endEvent>' + flows("s>e")
    return {"name": "throws.bpmn", "text": diagram("throws", body, roots=ROOTS).decode()}


@pytest.fixture
def deploy(as_):
    def deploying(*files):
        answer = as_("designer").post("/deployments?merge=true", {"files": list(files)})
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    return deploying


def instances(as_, key: str) -> int:
    return len(as_("designer").get(f"/process-instances?process_key={key}").get_json()["items"])


def test_a_message_that_begins_two_processes_is_doubted_and_starts_neither(as_, app, deploy):
    told = deploy(begun_by("one", MESSAGE), begun_by("two", MESSAGE), thrower(MESSAGE))
    assert [(f["code"], f["severity"]) for f in told["findings"] if f["code"].startswith("message-start")] == [
        ("message-start-twice", "warning")
    ]

    answer = as_("designer").post("/messages", {"name": "report", "variables": {}})
    assert answer.status_code == 409
    assert answer.get_json(force=True)["code"] == "message-start-ambiguous"
    as_("designer").post("/process-instances", {"process_key": "throws", "variables": {}})
    Executor(app.extensions["zhili"].units).run_due()

    assert (instances(as_, "one"), instances(as_, "two")) == (0, 0)
    [job] = as_("designer").get("/jobs?kind=message").get_json()["items"]
    assert "report" in job["last_error"]


def test_a_thrown_message_starts_the_one_process_that_begins_with_it(as_, app, deploy):
    deploy(begun_by("one", MESSAGE), thrower(MESSAGE))
    as_("designer").post("/process-instances", {"process_key": "throws", "variables": {}})

    Executor(app.extensions["zhili"].units).run_due()

    assert instances(as_, "one") == 1


def test_a_signal_starts_each_process_at_each_of_its_events_once(as_, app, deploy):
    deploy(begun_by("one", SIGNAL, SIGNAL), begun_by("two", SIGNAL), thrower(SIGNAL))
    as_("designer").post("/process-instances", {"process_key": "throws", "variables": {}})

    Executor(app.extensions["zhili"].units).run_due()

    assert (instances(as_, "one"), instances(as_, "two")) == (2, 1)


@pytest.mark.parametrize("times", [1, 2])
def test_a_signal_that_causes_itself_comes_to_an_end_and_to_an_incident(as_, app, deploy, monkeypatch, times):
    monkeypatch.setattr(delivery, "MOST_DELIVERIES", 12)
    throws = "".join(
        f'<bpmn:intermediateThrowEvent id="t{n}">{SIGNAL}</bpmn:intermediateThrowEvent>' for n in range(times)
    )
    body = f'<bpmn:startEvent id="s">{SIGNAL}</bpmn:startEvent>{throws}<bpmn:endEvent id="e"/>'
    body += flows("s>t0", *(f"t{n}>t{n + 1}" for n in range(times - 1)), f"t{times - 1}>e")
    deploy({"name": "storm.bpmn", "text": diagram("storm", body, roots=ROOTS).decode()})

    assert as_("designer").post("/messages", {"name": "flood", "broadcast": True, "variables": {}}).status_code == 200
    executor = Executor(app.extensions["zhili"].units)
    for _ in range(5):
        executor.run_due()

    assert 4 <= instances(as_, "storm") <= 32
    failing = as_("designer").get("/jobs?kind=message").get_json()["items"]
    assert failing
    assert all("flood" in job["last_error"] for job in failing)


def test_messages_between_two_instances_may_go_to_and_fro(as_, app, deploy):
    """A long conversation is no storm: each delivery causes one more, a hundred times."""
    asks = (
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="m"/>'
        f'<bpmn:intermediateThrowEvent id="t">{SIGNAL}</bpmn:intermediateThrowEvent>'
        f'<bpmn:intermediateCatchEvent id="c">{MESSAGE}</bpmn:intermediateCatchEvent>'
        '<bpmn:scriptTask id="count" scriptFormat="feel" camunda:resultVariable="n"><bpmn:script>n + 1</bpmn:script>'
        '</bpmn:scriptTask><bpmn:exclusiveGateway id="g" default="g_e"/><bpmn:endEvent id="e"/>'
        + flows("s>m", "m>t", "t>c", "c>count", "count>g", "g>m[n < 30]", "g>e")
    )
    answers = (
        f'<bpmn:startEvent id="s">{SIGNAL}</bpmn:startEvent><bpmn:endEvent id="e">{MESSAGE}</bpmn:endEvent>'
        + flows("s>e")
    )
    files = [
        {"name": f"{key}.bpmn", "text": diagram(key, body, roots=ROOTS).decode()}
        for key, body in (("asks", asks), ("answers", answers))
    ]
    deploy(*files)
    started = as_("designer").post("/process-instances", {"process_key": "asks", "variables": {"n": 0}}).get_json()

    Executor(app.extensions["zhili"].units).run_due()

    assert as_("designer").get(f"/process-instances/{started['id']}").get_json()["status"] == "completed"
    assert instances(as_, "answers") == 30
