"""Instances, decisions, messages, jobs, incidents, history, clocks, cards, notices and reference data."""

from datetime import timedelta

import pytest

from engine.jobs.executor import Executor
from tests.builders.diagrams import chain, diagram, service_task, user_task


def deploy(as_, key, body, **attributes):
    files = [{"name": f"{key}.bpmn", "text": diagram(key, body, **attributes).decode()}]
    answer = as_("designer").post("/deployments?merge=true", {"files": files})
    assert answer.status_code == 201, answer.text


def start(as_, key, **body):
    answer = as_("designer").post("/process-instances", {"process_key": key, **body})
    assert answer.status_code == 201, answer.text
    return answer.get_json()


WAITING = (
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="d" messageRef="m" {key}/>'
    "</bpmn:intermediateCatchEvent>"
)
MESSAGE = '<bpmn:message id="m" name="arrived"/>'


def test_variables_are_corrected_with_the_revision_that_was_seen(as_):
    deploy(as_, "small", chain(user_task("look"), names=("look",)))
    made = start(as_, "small", variables={"n": 1})
    path = f"/process-instances/{made['id']}/variables"
    assert as_("designer").get(path).get_json()["variables"]["n"] == 1
    stale = as_("designer").patch(path, {"variables": {"n": 2}}, headers={"If-Match": '"999"'})
    assert stale.status_code == 409
    changed = as_("designer").patch(path, {"variables": {"n": 2}}, headers={"If-Match": f'"{made["revision"]}"'})
    assert changed.get_json()["variables"]["n"] == 2
    assert as_("alice").patch(path, {"variables": {"n": 3}}).status_code == 403
    changes = as_("auditor").get(f"/history/process-instances/{made['id']}/variables").get_json()["items"]
    assert [(one["name"], one["value"]) for one in changes] == [("n", 1), ("n", 2)]


def test_an_instance_is_cancelled_for_a_reason_on_record(as_):
    deploy(as_, "small", chain(user_task("look"), names=("look",)))
    made = start(as_, "small")
    path = f"/process-instances/{made['id']}"
    assert [one["element_id"] for one in as_("designer").get(f"{path}/activities").get_json()["items"]] == ["look"]
    assert as_("designer").post(f"{path}/cancel", {}).status_code == 422
    assert as_("bob").post(f"{path}/cancel", {"reason": "x"}).status_code == 403
    assert as_("designer").post(f"{path}/cancel", {"reason": "误启动"}).get_json()["status"] == "cancelled"
    assert as_("designer").post(f"{path}/cancel", {"reason": "again"}).status_code == 409
    assert as_("designer").get(f"{path}/activities").get_json()["items"] == []
    events = as_("auditor").get(f"/history/events?instance_id={made['id']}").get_json()["items"]
    assert "误启动" in str(events)


@pytest.mark.parametrize(
    "body", [{}, {"process_key": ""}, {"process_key": "x", "variables": []}, {"process_key": "x", "version": "1"}]
)
def test_a_start_that_cannot_be_meant_is_refused(as_, body):
    assert as_("designer").post("/process-instances", body).status_code == 422


def test_a_process_that_does_not_exist_cannot_be_started(as_):
    answer = as_("designer").post("/process-instances", {"process_key": "no_such_process"})
    assert answer.status_code == 404
    assert answer.get_json(force=True)["params"]["id"] == "no_such_process"


def test_a_decision_is_evaluated_explained_and_recorded(as_):
    asked = {"inputs": {"channel": "phone", "category": "E0101", "verify": None}}
    answer = as_("designer").post("/decisions/verification/evaluate", asked)
    assert answer.status_code == 200, answer.text
    shown = answer.get_json()
    assert shown["decision"] == "verification"
    assert shown["matches"][0]["row"] >= 1
    page = as_("auditor").get("/decisions/verification/evaluations").get_json()
    assert page["items"][0]["output"] == shown["value"]
    assert page["items"][0]["element_id"] == "user:designer"
    assert as_("alice").post("/decisions/verification/evaluate", asked).status_code == 403


def test_a_decision_without_an_answer_names_table_inputs_and_rows(as_):
    answer = as_("designer").post("/decisions/status_lights/evaluate", {"inputs": {"kind": 5}})
    assert answer.status_code in (200, 422)
    missing = as_("designer").post("/decisions/no_such_table/evaluate", {"inputs": {}})
    assert missing.status_code == 404


def test_decisions_are_listed_read_and_downloaded(as_):
    keys = {one["key"] for one in as_("ruler").get("/decisions").get_json()["items"]}
    assert {"category", "urgency", "filing_condition", "responsibility_list", "node_time_limit"} <= keys
    assert as_("ruler").get("/decisions/urgency").get_json()["version"] == 1
    assert as_("ruler").get("/decisions/urgency?version=9").status_code == 404
    assert b"decisionTable" in as_("ruler").get("/decisions/urgency/xml").data


def test_a_message_reaches_who_waits_for_it(as_):
    body = chain(WAITING.format(key='zhili:correlationKey="= n"'), names=("wait",))
    deploy(as_, "waiting", body, roots=MESSAGE)
    made = start(as_, "waiting", variables={"n": "k1"})
    nobody = as_("designer").post("/messages", {"name": "arrived", "correlation_key": "k2"})
    assert nobody.status_code == 404
    assert nobody.get_json(force=True)["code"] == "message-not-awaited"
    assert as_("designer").post("/messages", {"name": "arrived", "correlation_key": "k1"}).get_json() == {
        "delivered": 1
    }
    assert as_("designer").get(f"/process-instances/{made['id']}").get_json()["status"] == "completed"
    assert as_("alice").post("/messages", {"name": "arrived", "correlation_key": "k1"}).status_code == 403
    with_key = as_("designer").post("/messages", {"name": "all", "correlation_key": "k", "broadcast": True})
    assert with_key.status_code == 422
    assert as_("designer").post("/messages", {"name": "nobody", "broadcast": True}).get_json() == {"delivered": 0}


def test_what_fails_becomes_an_incident_that_an_operator_retries_or_resolves(app, as_, clock):
    deploy(as_, "failing", chain(service_task("act", "case.file"), names=("act",)))
    start(as_, "failing", variables={"case_id": "no-such-case"})
    executor = Executor(app.extensions["zhili"].units)
    for _ in range(8):
        clock.advance(timedelta(hours=1))
        executor.run_due()
    [incident] = as_("designer").get("/incidents?status=open").get_json()["items"]
    assert (incident["topic"], incident["element_id"]) == ("case.file", "act")
    assert as_("designer").get(f"/incidents/{incident['id']}").get_json()["details"]
    assert as_("alice").get("/incidents").status_code == 403
    assert as_("auditor").post(f"/incidents/{incident['id']}/retry").status_code == 403
    assert as_("designer").post(f"/incidents/{incident['id']}/retry").get_json()["status"] == "resolved"
    again = as_("designer").post(f"/incidents/{incident['id']}/resolve", {"resolution": "x"})
    assert again.status_code == 409
    [job] = as_("auditor").get("/jobs").get_json()["items"]
    assert job["topic"] == "case.file"
    assert "payload" not in job
    assert as_("auditor").post(f"/jobs/{job['id']}/retry").status_code == 403
    assert as_("designer").post(f"/jobs/{job['id']}/retry").status_code == 200
    assert as_("designer").post("/jobs/none/retry").status_code == 404


def test_the_ledger_of_a_clock_proves_its_instants(as_, report):
    case = report("acceptor")
    [clock_] = as_("bob").get(f"/deadlines?case_id={case['id']}").get_json()["items"]
    assert (clock_["subject_type"], clock_["light"], clock_["status"]) == ("user_task", "绿", "running")
    ledger = as_("bob").get(f"/deadlines/{clock_['id']}/ledger?case_id={case['id']}").get_json()
    assert [segment["kind"] for segment in ledger["segments"]] == ["run"]
    assert ledger["rungs"]
    assert as_("charlie").get(f"/deadlines/{clock_['id']}/ledger?case_id={case['id']}").status_code == 404
    assert as_("bob").get(f"/deadlines/none/ledger?case_id={case['id']}").status_code == 404
    assert as_("bob").get("/deadlines").status_code == 422


def carry_to_the_department(as_, case):
    steps = (
        ("acceptor", {"action": "accept"}),
        ("alice", {"action": "confirmed", "finding": "属实"}),
        ("acceptor", {"action": "file"}),
    )
    for who, entered in steps:
        [task] = as_(who).get(f"/user-tasks?case_id={case['id']}").get_json()["items"]
        assert as_(who).post(f"/user-tasks/{task['id']}/complete", {"submission": entered}).status_code == 200


def test_cards_are_shown_within_what_a_person_may_see(app, as_, report, clock):
    case = report("acceptor")
    carry_to_the_department(as_, case)
    clock.advance(timedelta(days=3))
    Executor(app.extensions["zhili"].units).run_due()
    everywhere = as_("bob").get("/cards").get_json()["items"]
    assert {card["case_id"] for card in everywhere} == {case["id"]}
    assert as_("charlie").get("/cards").get_json()["items"] == []
    assert as_("charlie").get("/cards/counts").get_json() == {"yellow": 0, "red": 0}
    assert as_("charlie").get(f"/cards?case_id={case['id']}").status_code == 404
    assert as_("charlie").get("/cards?unit=230100").get_json()["items"] == []
    counts = as_("bob").get("/cards/counts").get_json()
    assert sum(counts.values()) == len(everywhere)
    red = as_("bob").get("/cards?colour=red").get_json()["items"]
    assert len(red) == counts["red"]
    assert all(card["rule"] for card in everywhere)


def test_notices_reach_the_groups_that_a_rule_names(app, as_, report, clock):
    report("acceptor")
    clock.advance(timedelta(days=3))
    Executor(app.extensions["zhili"].units).run_due()
    mine = as_("acceptor").get("/notices").get_json()["items"]
    leaders = as_("leader").get("/notices").get_json()["items"]
    assert mine or leaders
    reader, notice = ("acceptor", mine[0]) if mine else ("leader", leaders[0])
    assert as_("charlie").get("/notices").get_json()["items"] == []
    assert as_("charlie").post(f"/notices/{notice['id']}/read").status_code == 404
    before = as_(reader).get("/me").get_json()["unread_notices"]
    assert as_(reader).post(f"/notices/{notice['id']}/read").get_json()["read_at"]
    assert as_(reader).get("/me").get_json()["unread_notices"] == before - 1
    assert notice["id"] not in {one["id"] for one in as_(reader).get("/notices?unread=true").get_json()["items"]}


def test_history_is_read_by_those_who_audit(as_, report):
    case = report("acceptor")
    events = as_("auditor").get(f"/history/events?case_id={case['id']}").get_json()["items"]
    assert events[0]["kind"] == "process_instance.started"
    assert {event["business_key"] for event in events} == {case["id"]}
    assert as_("alice").get("/history/events").status_code == 403


def test_the_clock_of_a_real_city_is_read_and_not_moved(as_):
    shown = as_("admin").get("/clock").get_json()
    assert shown["virtual"] is False
    assert shown["now"].startswith("2026-11-23T01:30:00")
    answer = as_("admin").put("/clock", {"now": "2030-01-01T00:00:00Z"})
    assert answer.status_code == 409
    assert answer.get_json(force=True)["code"] == "clock-is-real"
    assert as_("alice").put("/clock", {"now": "2030-01-01T00:00:00Z"}).status_code == 403


def test_regions_units_codes_and_calendars_are_there_for_everybody_who_is_signed_in(as_):
    citizen = as_("citizen")
    districts = citizen.get("/regions?parent=230100").get_json()["items"]
    assert {"道里区", "南岗区"} <= {one["name"] for one in districts}
    assert len(districts) == 18
    assert citizen.get("/regions/230102").get_json()["level"] == "district"
    assert citizen.get("/regions/000000").status_code == 404
    assert {one["kind"] for one in citizen.get("/units?kind=department").get_json()["items"]} == {"department"}
    assert citizen.get("/units/230100").get_json()["kind"] == "city_centre"
    assert citizen.get("/units?kind=castle").status_code == 422
    assert "channels" in citizen.get("/codes").get_json()["items"]
    assert {"phone", "wechat"} <= {one["code"] for one in citizen.get("/codes/channels").get_json()["items"]}
    assert citizen.get("/codes/no_such_table").status_code == 404
    assert [one["key"] for one in citizen.get("/calendars").get_json()["items"]] == ["city"]
    assert as_(None).get("/regions").status_code == 401
