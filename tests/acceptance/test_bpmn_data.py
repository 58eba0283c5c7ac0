"""Data, correlation and global tasks of BPMN over HTTP and back, in the standard's own words."""

from itertools import pairwise

import pytest

from engine.jobs.executor import Executor
from tests.builders.diagrams import HEAD, escape, flows, user_task

GROUP = "acceptor@230100"
HANDOVER = (
    '<bpmn:ioSpecification><bpmn:dataInput id="i" name="given"/><bpmn:dataOutput id="o" name="made"/>'
    "<bpmn:inputSet><bpmn:dataInputRefs>i</bpmn:dataInputRefs></bpmn:inputSet>"
    "<bpmn:outputSet><bpmn:dataOutputRefs>o</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>"
    "<bpmn:dataInputAssociation><bpmn:sourceRef>amount</bpmn:sourceRef><bpmn:targetRef>i</bpmn:targetRef>"
    "</bpmn:dataInputAssociation><bpmn:dataOutputAssociation><bpmn:sourceRef>o</bpmn:sourceRef>"
    "<bpmn:targetRef>total</bpmn:targetRef></bpmn:dataOutputAssociation>"
)
OBJECTS = '<bpmn:dataObject id="amount"/><bpmn:dataObject id="total"/>'


def clerk(element_id: str, inner: str = "") -> str:
    return user_task(element_id, groups=GROUP, inner=inner)


def row(*parts: str, names: str, begin: str = "") -> str:
    ends = f"s {names} e".split()
    pairs = [f"{one}>{two}" for one, two in pairwise(ends)]
    return f'<bpmn:startEvent id="s">{begin}</bpmn:startEvent>{"".join(parts)}<bpmn:endEvent id="e"/>{flows(*pairs)}'


def process(key: str, body: str) -> str:
    """Return a process whose inner ids are its own; references to data stay as they are."""
    return f'<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process>'


class Desk:
    """Somebody who deploys files and works on what they start."""

    def __init__(self, as_, app) -> None:
        self.as_, self.app = as_, app

    def deploy(self, inside: str, expected: int = 201):
        files = [{"name": "f.bpmn", "text": f"{HEAD}{inside}</bpmn:definitions>"}]
        answer = self.as_("designer").post("/deployments?merge=true", {"files": files})
        assert answer.status_code == expected, answer.text
        return answer.get_json(force=True)

    def begin(self, key: str, **variables: object):
        return self.as_("designer").post("/process-instances", {"process_key": key, "variables": variables})

    def start(self, key: str, **variables: object) -> str:
        answer = self.begin(key, **variables)
        assert answer.status_code == 201, answer.text
        return answer.get_json()["id"]

    def get(self, instance: str) -> dict[str, object]:
        return self.as_("designer").get(f"/process-instances/{instance}").get_json()

    def instances(self, key: str) -> list[dict[str, object]]:
        return self.as_("designer").get(f"/process-instances?process_key={key}").get_json()["items"]

    def tasks(self, element_id: str) -> list[dict[str, object]]:
        items = self.as_("acceptor").get("/user-tasks?limit=200").get_json()["items"]
        return [one for one in items if one["element_id"] == element_id]

    def submit(self, element_id: str, **submission: object):
        (task,) = self.tasks(element_id)
        body = {"submission": submission, "revision": task["revision"]}
        return self.as_("acceptor").post(f"/user-tasks/{task['id']}/complete", body)

    def complete(self, element_id: str, **submission: object) -> None:
        answer = self.submit(element_id, **submission)
        assert answer.status_code == 200, answer.text

    def say(self, name: str, key: str | None = None, **variables: object) -> int:
        body = {"name": name, "variables": variables, "correlation_key": key}
        return self.as_("designer").post("/messages", body).status_code

    def work(self) -> None:
        Executor(self.app.extensions["zhili"].units).run_due()


@pytest.fixture
def desk(as_, app) -> Desk:
    return Desk(as_, app)


# -- data -------------------------------------------------------------------------------------------------------------


def test_a_task_gets_its_data_input_and_its_data_output_reaches_the_data_object(desk):
    desk.deploy(process("money", OBJECTS + row(clerk("u", HANDOVER), clerk("v"), names="u v")))
    instance = desk.start("money", amount=3)
    assert desk.get(instance)["variables"] == {"amount": 3, "total": None}

    desk.complete("u", made=9)

    assert desk.get(instance)["variables"] == {"amount": 3, "total": 9}
    desk.complete("v")
    assert desk.get(instance)["status"] == "completed"


def test_a_result_without_its_data_output_is_refused_and_the_task_stays(desk):
    desk.deploy(process("money", OBJECTS + row(clerk("u", HANDOVER), names="u")))
    desk.start("money", amount=3)

    answer = desk.submit("u", other=9)

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "data-output-missing")
    desk.complete("u", made=1)


def test_a_process_is_not_started_without_its_required_data_input(desk):
    data = HANDOVER.partition("<bpmn:dataInputAssociation>")[0]
    desk.deploy(process("money", data + row(clerk("u"), names="u")))

    refused = desk.begin("money", other=1)

    assert refused.status_code == 422
    assert refused.get_json(force=True)["code"] == "start-input-missing"
    assert desk.instances("money") == []
    assert desk.get(desk.start("money", given=1))["variables"] == {"given": 1, "made": None}


def test_data_of_a_sub_process_stay_inside_it(desk):
    inner = (
        '<bpmn:dataObject id="draft"/><bpmn:startEvent id="s2"/>'
        + clerk("w")
        + '<bpmn:endEvent id="e2"/>'
        + flows("s2>w", "w>e2")
    )
    sub = f'<bpmn:subProcess id="sub">{inner}</bpmn:subProcess>'
    desk.deploy(process("scoped", row(sub, clerk("v"), names="sub v")))
    instance = desk.start("scoped")

    desk.complete("w", draft="text", kept=1)

    assert desk.get(instance)["variables"] == {"kept": 1}


def test_every_problem_with_data_is_told_with_its_element(desk):
    wrong = clerk("u", HANDOVER.replace("<bpmn:sourceRef>amount", "<bpmn:sourceRef>archive"))
    store = '<bpmn:dataStoreReference id="archive"/>'

    answer = desk.deploy(process("money", OBJECTS + store + row(wrong, names="u")), expected=422)

    assert ("data-store-association", "u") in {(one["code"], one["where"]) for one in answer["errors"]}


# -- correlation ------------------------------------------------------------------------------------------------------

CONVERSATION = (
    '<bpmn:message id="M1" name="asked"/><bpmn:message id="M2" name="answered"/>'
    '<bpmn:correlationProperty id="P">'
    '<bpmn:correlationPropertyRetrievalExpression messageRef="M1"><bpmn:messagePath>number</bpmn:messagePath>'
    "</bpmn:correlationPropertyRetrievalExpression>"
    '<bpmn:correlationPropertyRetrievalExpression messageRef="M2"><bpmn:messagePath>about.number</bpmn:messagePath>'
    "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    '<bpmn:collaboration id="col"><bpmn:participant id="A" processRef="asker"/>'
    '<bpmn:participant id="B" processRef="answerer"/><bpmn:messageFlow id="f1" sourceRef="ask" targetRef="s_b"/>'
    '<bpmn:correlationKey id="K"><bpmn:correlationPropertyRef>P</bpmn:correlationPropertyRef></bpmn:correlationKey>'
    "</bpmn:collaboration>"
)


def sends(element_id: str, message: str, source: str, name: str) -> str:
    data = f'<bpmn:dataInput id="{element_id}_i" name="{name}"/><bpmn:dataInputAssociation><bpmn:sourceRef>{source}'
    data += f"</bpmn:sourceRef><bpmn:targetRef>{element_id}_i</bpmn:targetRef></bpmn:dataInputAssociation>"
    definition = f'<bpmn:messageEventDefinition messageRef="{message}"/>'
    return f'<bpmn:intermediateThrowEvent id="{element_id}">{data}{definition}</bpmn:intermediateThrowEvent>'


def waits(element_id: str) -> str:
    definition = '<bpmn:messageEventDefinition messageRef="M2"/>'
    return f'<bpmn:intermediateCatchEvent id="{element_id}">{definition}</bpmn:intermediateCatchEvent>'


ASKER = process(
    "asker",
    '<bpmn:dataObject id="number"/>' + row(sends("ask", "M1", "number", "number"), waits("hear"), names="ask hear"),
)
ANSWERER = process(
    "answerer",
    '<bpmn:dataObject id="about"/><bpmn:startEvent id="s_b"><bpmn:messageEventDefinition messageRef="M1"/>'
    "</bpmn:startEvent>"
    + clerk("answer")
    + sends("tell", "M2", "about", "about")
    + '<bpmn:endEvent id="e_b"/>'
    + flows("s_b>answer", "answer>tell", "tell>e_b"),
)


def test_two_pools_talk_by_the_key_that_their_messages_hold(desk):
    desk.deploy(CONVERSATION + ASKER + ANSWERER)
    first, second = desk.start("asker", number="A-1"), desk.start("asker", number="A-2")
    desk.work()
    keys = {one["business_key"] for one in desk.instances("answerer")}
    assert keys == {"A-1", "A-2"}

    task = next(one for one in desk.tasks("answer") if one["business_key"] == "A-2")
    body = {"submission": {"about": {"number": "A-2"}}, "revision": task["revision"]}
    assert desk.as_("acceptor").post(f"/user-tasks/{task['id']}/complete", body).status_code == 200
    desk.work()

    assert desk.get(second)["status"] == "completed"
    assert desk.get(first)["status"] == "active"


def test_a_message_from_outside_without_a_key_is_recognised_by_what_it_says(desk):
    desk.deploy(CONVERSATION + ASKER + ANSWERER)
    first, second = desk.start("asker", number="A-1"), desk.start("asker", number="A-2")

    assert desk.say("answered", about={"number": "A-3"}) == 404
    assert desk.say("answered", other=1) == 404
    assert desk.say("answered", about={"number": "A-2"}) == 200

    assert [desk.get(one)["status"] for one in (first, second)] == ["active", "completed"]


def test_a_subscription_follows_the_data_that_it_names(desk):
    subscription = (
        '<bpmn:correlationSubscription id="sub" correlationKeyRef="K"><bpmn:correlationPropertyBinding '
        'correlationPropertyRef="P"><bpmn:dataPath>number</bpmn:dataPath></bpmn:correlationPropertyBinding>'
        "</bpmn:correlationSubscription>"
    )
    desk.deploy(CONVERSATION + ASKER.replace("<bpmn:dataObject", f"{subscription}<bpmn:dataObject") + ANSWERER)
    instance = desk.start("asker", number="A-1")
    desk.as_("designer").patch(f"/process-instances/{instance}/variables", {"variables": {"number": "B-7"}})

    assert desk.say("answered", "A-1", about={}) == 404
    assert desk.say("answered", "B-7", about={}) == 200
    assert desk.get(instance)["status"] == "completed"


# -- global tasks -----------------------------------------------------------------------------------------------------


def test_a_global_task_is_called_with_data_and_hands_its_own_back(desk):
    data, _, ends = HANDOVER.partition("</bpmn:ioSpecification>")
    called = (
        data.replace('id="i"', 'id="gi"').replace('id="o"', 'id="go"').replace(">i<", ">gi<").replace(">o<", ">go<")
    )
    group = escape(GROUP)
    task = (
        f'<bpmn:globalUserTask id="check" name="核实" camunda:candidateGroups="{group}">{called}</bpmn:ioSpecification>'
    )
    call = f'<bpmn:callActivity id="c" calledElement="check">{data}</bpmn:ioSpecification>{ends}</bpmn:callActivity>'
    desk.deploy(f"{task}</bpmn:globalUserTask>{process('money', OBJECTS + row(call, names='c'))}")
    instance = desk.start("money", amount=3)
    (child,) = desk.instances("check")
    assert child["variables"] == {"given": 3, "made": None}

    desk.complete("check.task", made=9, private=1)

    assert desk.get(instance)["status"] == "completed"
    assert desk.get(instance)["variables"] == {"amount": 3, "total": 9}


def test_a_global_task_is_started_by_itself(desk):
    desk.deploy(f'<bpmn:globalUserTask id="check" camunda:candidateGroups="{escape(GROUP)}"/>')
    instance = desk.start("check")

    desk.complete("check.task", ok=True)

    assert desk.get(instance)["variables"] == {"ok": True}
    assert desk.get(instance)["status"] == "completed"
