"""Facts are told over the interface, and what begins with them begins."""

import pytest

from tests.builders.diagrams import diagram, escape, flows, user_task


def conditional(key, condition):
    body = (
        '<bpmn:startEvent id="if" name="若"><bpmn:conditionalEventDefinition id="c"><bpmn:condition>'
        f"{escape(condition)}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>"
        + user_task("act")
        + '<bpmn:endEvent id="end" name="完"/>'
        + flows("if>act", "act>end")
    )
    return {"name": f"{key}.bpmn", "text": diagram(key, body).decode()}


@pytest.fixture
def deployed(as_):
    def deploy(**conditions):
        files = [conditional(key, condition) for key, condition in conditions.items()]
        answer = as_("designer").post("/deployments?merge=true", {"files": files})
        assert answer.status_code == 201, answer.text

    return deploy


def tell(as_, by="designer", **body):
    return as_(by).post("/conditions", body)


def started(answer):
    assert answer.status_code == 200, answer.text
    return sorted(one["process_key"] for one in answer.get_json()["items"])


def test_each_process_whose_condition_holds_is_started_once_and_the_others_are_not(as_, deployed):
    deployed(flood="level > 5", drought="level < 1", frost="temperature < 0")
    answer = tell(as_, variables={"level": 7}, business_key="river-1")
    assert started(answer) == ["flood"]
    [instance] = answer.get_json()["items"]
    assert (instance["business_key"], instance["variables"], instance["started_by"]) == (
        "river-1",
        {"level": 7},
        "designer",
    )
    path = f"/process-instances/{instance['id']}/history"
    passed = [one["element_id"] for one in as_("designer").get(path).get_json()["items"]]
    assert passed == ["if", "act"]
    assert started(tell(as_, variables={"level": 3})) == []
    assert started(tell(as_, variables={"temperature": -4, "level": 0})) == ["drought", "frost"]


def test_the_same_facts_told_again_start_again(as_, deployed):
    deployed(flood="level > 5")
    for _ in range(2):
        assert started(tell(as_, variables={"level": 7})) == ["flood"]
    assert len(as_("designer").get("/process-instances?process_key=flood").get_json()["items"]) == 2


def test_only_the_latest_version_is_asked(as_, deployed):
    deployed(flood="level > 5")
    deployed(flood="level > 8")
    assert started(tell(as_, variables={"level": 7})) == []
    assert started(tell(as_, variables={"level": 9})) == ["flood"]


def test_what_was_not_told_starts_nothing(as_, deployed):
    deployed(flood="level > 5", alarm="siren")
    assert started(tell(as_, variables={"other": 1})) == []
    assert started(tell(as_, variables={"siren": None})) == []
    assert started(tell(as_, variables={"siren": True})) == ["alarm"]


def test_a_condition_that_is_neither_true_nor_false_is_named_and_nothing_is_started(as_, deployed):
    deployed(alarm="siren", flood="level > 5")
    refused = tell(as_, variables={"siren": "loud", "level": 7})
    problem = refused.get_json(force=True)
    assert (refused.status_code, problem["code"]) == (422, "start-condition-not-boolean")
    assert "alarm" in problem["detail"]
    assert "if" in problem["detail"]
    for key in ("alarm", "flood"):
        assert as_("designer").get(f"/process-instances?process_key={key}").get_json()["items"] == []


def test_only_who_may_send_messages_may_tell_facts(as_, deployed):
    deployed(flood="level > 5")
    assert tell(as_, by="alice", variables={"level": 7}).status_code == 403
    assert tell(as_, by=None, variables={"level": 7}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"variables": []}, {"variables": {}, "business_key": "x" * 101}, {"facts": {}}])
def test_facts_of_another_shape_are_refused(as_, body):
    assert as_("designer").post("/conditions", body).status_code == 422
