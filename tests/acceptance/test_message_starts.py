"""A message starts one process or none; a signal starts each, at each of its start events, once."""

import pytest

from engine.jobs.executor import Executor
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
