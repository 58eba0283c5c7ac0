"""延期 and 退回: how deep a request goes is in the tables, one approver after the other, over HTTP."""

from datetime import timedelta

import pytest

from engine.jobs.executor import Executor
from tests.acceptance.test_case_over_http import Flow

UNIT, HEAD, CHIEF, DIRECTOR, DUTY = "chief", "head", "commander", "director", "leader"


@pytest.fixture
def at_handling(as_, report):
    """Give a function that brings a case of the water company to its handling."""

    def bring(**changes) -> Flow:
        flow = Flow(as_, report("acceptor", **changes)).run(until="sign")
        flow.work("sign")
        [task] = flow.open_tasks()
        assert task["code"] == "handle"
        return flow

    return bring


def ask(flow: Flow, value: float, unit: str = "紧急工作时", **more) -> None:
    """Ask for more time, as the handler does."""
    flow.work(
        "handle", action="extend", requested_value=value, requested_unit=unit, extension_reason="等待配件", **more
    )


def answer(flow: Flow, who: str, action: str = "agree") -> None:
    """Let one approver answer; nobody else of the approvers has the task in her inbox."""
    [task] = flow.open_tasks()
    assert task["code"] == "extension_review"
    for other in {UNIT, HEAD, CHIEF, DIRECTOR, DUTY} - {who}:
        shown = flow.as_(other).get(f"/user-tasks?case_id={flow.case['id']}").get_json()["items"]
        assert shown == [], other
    flow.work("extension_review", who, action=action, opinion="已核")


def requests(flow: Flow) -> list[dict]:
    return flow.as_("bob").get(f"/cases/{flow.case['id']}/extensions").get_json()["items"]


def limit(flow: Flow) -> dict:
    clocks = flow.as_("bob").get(f"/cases/{flow.case['id']}/deadlines").get_json()["items"]
    [clock] = [one for one in clocks if one["kind"] == "case"]
    return clock


def codes(flow: Flow) -> list[str]:
    return [task["code"] for task in flow.open_tasks()]


@pytest.mark.rows("R153")
def test_a_short_first_extension_is_granted_by_the_table_and_moves_the_limit_at_once(at_handling):
    flow = at_handling()
    before = limit(flow)
    ask(flow, float(before["value"]) / 2)
    assert codes(flow) == ["handle"]
    assert limit(flow)["due_at"] > before["due_at"]
    [made] = requests(flow)
    assert (made["kind"], made["outcome"], made["decided_by"], made["unit"]) == (
        "first",
        "granted",
        "rule",
        "230100-GS",
    )
    assert made["due_at"] == limit(flow)["due_at"]
    assert made["requested_by"] == "handler"


@pytest.mark.rows("R153", "R163", "R307")
@pytest.mark.parametrize(("action", "outcome"), [("agree", "granted"), ("refuse", "refused")])
def test_a_longer_first_extension_is_the_duty_leaders(at_handling, action, outcome):
    flow = at_handling()
    before = limit(flow)
    ask(flow, float(before["value"]))
    answer(flow, DUTY, action)
    assert codes(flow) == ["handle"]
    assert (limit(flow)["due_at"] > before["due_at"]) is (outcome == "granted")
    [made] = requests(flow)
    assert (made["kind"], made["outcome"], made["decided_by"]) == ("first", outcome, DUTY)


@pytest.mark.rows("R153", "R163")
def test_a_second_extension_passes_the_unit_the_head_of_dispatch_and_the_leader_in_charge(at_handling, clock):
    flow = at_handling()
    ask(flow, 1)
    first = limit(flow)["due_at"]
    clock.advance(timedelta(minutes=10))
    ask(flow, 1)
    for who in (UNIT, HEAD, CHIEF):
        assert limit(flow)["due_at"] == first
        answer(flow, who)
    assert limit(flow)["due_at"] > first
    assert [one["kind"] for one in requests(flow)] == ["first", "second"]
    assert requests(flow)[1]["decided_by"] == CHIEF
    clock.advance(timedelta(minutes=10))
    ask(flow, 1)
    assert codes(flow) == ["handle"]
    assert requests(flow)[2]["outcome"] == "refused"
    assert requests(flow)[2]["decided_by"] == "rule"


@pytest.mark.rows("R153", "R163")
def test_engineering_work_with_a_time_of_its_own_goes_the_long_way_and_any_level_may_stop_it(at_handling):
    flow = at_handling()
    before = limit(flow)
    ask(flow, float(before["value"]) * 2, engineering=True)
    answer(flow, UNIT)
    answer(flow, HEAD, "refuse")
    assert codes(flow) == ["handle"]
    assert limit(flow)["due_at"] == before["due_at"]
    [made] = requests(flow)
    assert (made["kind"], made["outcome"], made["decided_by"]) == ("engineering", "refused", HEAD)


@pytest.mark.rows("R153")
def test_what_comes_in_bulk_goes_up_to_the_director_however_short_it_is(as_, at_handling, clock):
    flows = [at_handling(title=f"第 {number} 处井盖丢失") for number in range(10)]
    for flow in flows[:9]:
        ask(flow, 1)
        assert requests(flow)[0]["kind"] == "first"
    ask(flows[9], 1)
    for who in (UNIT, HEAD, CHIEF, DIRECTOR):
        answer(flows[9], who)
    [made] = requests(flows[9])
    assert (made["kind"], made["outcome"], made["decided_by"]) == ("bulk", "granted", DIRECTOR)


@pytest.mark.rows("R153")
def test_a_request_after_the_limit_is_refused_and_nobody_is_asked(at_handling, clock, app):
    flow = at_handling()
    clock.advance(timedelta(days=5))
    Executor(app.extensions["zhili"].units).run_due()
    before = limit(flow)
    ask(flow, 1)
    assert codes(flow) == ["handle"]
    assert limit(flow)["due_at"] == before["due_at"]
    [made] = requests(flow)
    assert (made["kind"], made["outcome"], made["decided_by"]) == ("none", "refused", "rule")
    assert "到期后" in made["clause"]


@pytest.mark.rows("R012", "R153")
def test_a_further_level_is_a_row_in_the_table_and_a_request_that_is_under_way_meets_it(as_, at_handling):
    flow = at_handling()
    ask(flow, float(limit(flow)["value"]))
    files = [{"name": "extension_level.dmn", "text": with_a_level_more(as_)}]
    made = as_("ruler").post("/deployments?merge=true", {"files": files, "note": "普通延期也须派遣科复核"})
    assert made.status_code == 201, made.text
    answer(flow, DUTY)
    answer(flow, HEAD)
    assert requests(flow)[0]["decided_by"] == HEAD


def with_a_level_more(as_) -> str:
    """Return the table of levels with one row more: the head of dispatch looks at plain extensions too."""
    [latest] = as_("ruler").get("/decisions?key=extension_level").get_json()["items"]
    xml = as_("ruler").get(f"/decisions/extension_level/xml?version={latest['version']}").text
    row = xml[xml.index('<rule id="extension_level_row_003">') : xml.index('<rule id="extension_level_row_004">')]
    fresh = row.replace("row_003", "row_006").replace('"second", "engineering", "bulk", "long"', '"first"')
    return xml.replace("</decisionTable>", f"{fresh}</decisionTable>")


@pytest.mark.rows("R151", "R163", "R299")
def test_a_return_with_evidence_is_reviewed_twice_and_goes_back_to_dispatch(as_, report):
    flow = Flow(as_, report("acceptor")).run(until="sign")
    grounds = {"return_kind": "evidence", "return_reason": "不属于本单位职责", "return_basis": "三定方案第四条"}
    flow.work("sign", action="return", **grounds)
    flow.work("review_return", DUTY, action="agree", opinion="初审同意")
    assert codes(flow) == ["review_return"]
    assert as_(DUTY).get(f"/user-tasks?case_id={flow.case['id']}").get_json()["items"] == []
    flow.work("review_return", HEAD, action="agree", opinion="复审同意")
    assert codes(flow) == ["manual_dispatch"]
    assert flow.state()["returns"] == 1
    entries = as_("bob").get(f"/cases/{flow.case['id']}/timeline").get_json()["entries"]
    [agreed] = [entry for entry in entries if entry["code"] == "return.agreed"]
    assert agreed["data"]["return_kind"] == "evidence"


@pytest.mark.rows("R151", "R163")
def test_either_reviewer_may_send_the_case_back_to_the_unit_that_has_it(as_, report):
    flow = Flow(as_, report("acceptor")).run(until="sign")
    grounds = {"return_kind": "evidence", "return_reason": "不属于本单位职责", "return_basis": "三定方案第四条"}
    flow.work("sign", action="return", **grounds)
    flow.work("review_return", DUTY, action="agree")
    flow.work("review_return", HEAD, action="refuse", opinion="权责清单明确由本单位主办")
    assert codes(flow) == ["sign"]
    assert flow.state()["lead_unit"] == "230100-GS"


@pytest.mark.rows("R151")
def test_a_return_without_its_kind_or_evidence_without_its_basis_is_refused_by_field(as_, report):
    flow = Flow(as_, report("acceptor")).run(until="sign")
    [task] = flow.open_tasks()
    address = f"/user-tasks/{task['task_id']}/complete"
    for entered, missing in (
        ({"return_reason": "不归我们管"}, "return_kind"),
        ({"return_reason": "不归我们管", "return_kind": "evidence"}, "return_basis"),
        ({"return_kind": "dispatch_error"}, "return_reason"),
    ):
        refused = as_("handler").post(address, {"submission": {"action": "return", **entered}})
        assert refused.status_code == 422
        assert missing in {one["where"] for one in refused.get_json(force=True)["errors"]}


def test_who_merely_sees_a_matter_does_not_choose_who_reviews_it(as_, report):
    flow = Flow(as_, report("acceptor")).run(until="sign")
    flow.work("sign", action="return", return_kind="dispatch_error", return_reason="派单有误")
    [task] = flow.open_tasks()
    address = f"/user-tasks/{task['task_id']}/assign"
    refused = as_(UNIT).post(address, {"assignee": DUTY})
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (403, "task-of-another-unit")
    assert as_(DUTY).post(address, {"assignee": DUTY}).status_code == 200
