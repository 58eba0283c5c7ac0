"""Dispatch, return and extension."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import Invalid
from engine.handler import MissingVariable
from registers.cases import CaseStatus
from registers.extensions import ExtensionRegister

MATCH = {"lead_unit": "230100-ZJ", "co_units": ["230100-CG"], "supervisor_unit": "230100", "basis": "D03 供热"}


@pytest.fixture
def job(job, cases):
    cases.classify(job.case_id, category="HR01", request_type="求助", urgency="一般")
    cases.file(job.case_id, condition=None, closing_condition=None)
    job.open_deadline(
        "case",
        ("case", job.case_id),
        name="办理时限",
        value=Decimal(5),
        unit="工作日",
        calendar="city",
        holder=None,
        source={},
    )
    return job


def test_one_match_is_dispatched_by_the_system_and_the_clock_goes_along(job, cases):
    job.variables["matches"] = [MATCH]
    assert job.run("dispatch.automatic") == {
        "lead_unit": "230100-ZJ",
        "co_units": ["230100-CG"],
        "supervisor_unit": "230100",
    }
    case = cases.get(job.case_id)
    assert (case.status, case.lead_unit, case.co_units) == (CaseStatus.DISPATCHED, "230100-ZJ", ("230100-CG",))
    assert job.find_deadline("case", ("case", case.id)).holder == "230100-ZJ"
    kind, _, _, data = job.events[-1]
    assert (kind, data["mode"], data["basis"]) == ("case.dispatched", "automatic", "D03 供热")


@pytest.mark.parametrize("matches", [[], [MATCH, MATCH], None, "x"])
def test_the_system_never_chooses_between_several_or_none(job, cases, matches):
    job.variables["matches"] = matches
    with pytest.raises(MissingVariable):
        job.run("dispatch.automatic")
    assert cases.get(job.case_id).status is CaseStatus.FILED


def test_a_person_dispatches_and_the_leader_has_the_last_word(job):
    job.enter("manual_dispatch", by="dora", action="hard", reason="职责不清")
    job.enter("leader_dispatch", by="lee", action="dispatch", lead_unit="230100-CG", opinion="由城管牵头")
    result = job.run("dispatch.manual")
    assert result == {"lead_unit": "230100-CG", "co_units": [], "supervisor_unit": None}
    data = job.events[-1][3]
    assert (data["mode"], data["by"], data["opinion"]) == ("leader", "lee", "由城管牵头")


def test_a_case_is_not_dispatched_to_a_unit_that_does_not_exist(job, cases):
    job.enter("manual_dispatch", action="dispatch", lead_unit="230100-CG", co_units=["230100-XX"])
    with pytest.raises(Invalid) as caught:
        job.run("dispatch.manual")
    assert caught.value.problems[0].code == "unknown-unit"
    assert cases.get(job.case_id).lead_unit is None


def test_dispatching_without_a_lead_unit_is_bad_data(job):
    job.enter("manual_dispatch", action="dispatch", lead_unit=" ")
    with pytest.raises(MissingVariable):
        job.run("dispatch.manual")
    job.forms.clear()
    with pytest.raises(MissingVariable):
        job.run("dispatch.manual")


def test_the_dispatcher_may_answer_directly(job, cases):
    job.enter("manual_dispatch", by="dora", action="answer", answer="供热公司已公告检修")
    assert job.run("dispatch.answer") == {}
    case = cases.get(job.case_id)
    assert (case.status, case.result) == (CaseStatus.ANSWERED, "供热公司已公告检修")
    assert job.clocks == {}
    assert job.kinds() == ["case.answered"]


@pytest.mark.parametrize(
    ("topic", "kind", "status"),
    [
        ("return_review.agree", "return.agreed", CaseStatus.FILED),
        ("return_review.refuse", "return.refused", CaseStatus.DISPATCHED),
        ("return_review.force", "return.forced", CaseStatus.DISPATCHED),
    ],
)
def test_every_objection_is_counted_whatever_becomes_of_it(job, cases, topic, kind, status):
    cases.dispatch(job.case_id, lead_unit="230100-CG")
    job.variables |= {"return_reason": "非本部门职责", "return_basis": "三定方案", "suggested_unit": "230100-ZJ"}
    if topic != "return_review.force":
        job.enter("review_return", by="lee", action="agree", opinion="核对清单")
    assert job.run(topic) == {"returns": 1}
    assert cases.get(job.case_id).status is status
    recorded, _, _, data = job.events[-1]
    assert recorded == kind
    assert (data["reason"], data["basis"], data["suggested_unit"]) == ("非本部门职责", "三定方案", "230100-ZJ")
    assert job.find_deadline("case", ("case", job.case_id)) is not None


def test_a_decision_on_an_objection_needs_the_form(job):
    with pytest.raises(MissingVariable):
        job.run("return_review.agree")


def wish(job) -> None:
    job.variables |= {"requested_value": 3, "requested_unit": "工作日", "extension_reason": "等待配件"}


def test_a_request_for_more_time_is_assessed(job, clock):
    wish(job)
    facts = job.run("extension.assess")
    assert facts == {
        "granted": 0,
        "before_expiry": True,
        "original_value": 5,
        "original_unit": "工作日",
        "recent_requests": 1,
    }
    clock.instant = job.find_deadline("case", ("case", job.case_id)).due_at
    assert job.run("extension.assess")["before_expiry"] is True
    job.enter("extension_review")
    assert job.run("extension.assess")["before_expiry"] is False
    assert job.kinds() == ["extension.requested"] * 3


def test_a_case_without_a_clock_has_nothing_to_extend(job):
    job.clocks.clear()
    wish(job)
    assert job.run("extension.assess")["before_expiry"] is False
    with pytest.raises(MissingVariable):
        job.run("extension.grant")


def test_a_rule_grants_by_itself_and_the_next_request_is_the_second(job):
    wish(job)
    job.variables |= {"extension_kind": "first", "extension_clause": "D11 延期"}
    job.run("extension.assess")
    assert job.run("extension.grant") == {}
    assert job.clock_events[-1] == (
        "extended",
        {"value": Decimal(3), "unit": "工作日", "reason": "等待配件", "approver": "rule"},
    )
    assert job.run("extension.assess")["granted"] == 1
    assert job.events[1][0] == "extension.granted"
    assert (job.events[1][3]["clause"], job.events[1][3]["by"]) == ("D11 延期", "rule")


def test_the_one_who_approved_last_is_the_approver(job):
    wish(job)
    job.run("extension.assess")
    job.enter("extension_review", by="lee", action="agree")
    job.enter("extension_review", by="chief", action="agree", opinion="同意")
    job.run("extension.grant")
    assert job.clock_events[-1][1]["approver"] == "chief"
    assert job.events[-1][3]["by"] == "chief"


def test_a_refused_extension_moves_nothing(job):
    wish(job)
    job.run("extension.assess")
    before = dict(job.clocks)
    job.enter("extension_review", by="lee", action="refuse", opinion="时间足够")
    assert job.run("extension.refuse") == {}
    assert job.clocks == before
    assert job.kinds() == ["extension.requested", "extension.refused"]
    assert job.events[-1][3]["opinion"] == "时间足够"


def test_every_request_is_kept_with_its_kind_and_what_became_of_it(job, cases):
    cases.dispatch(job.case_id, lead_unit="230100-CG")
    wish(job)
    job.run("extension.assess")
    job.variables |= {"extension_kind": "second", "extension_clause": "§5"}
    job.enter("extension_review", by="lee", action="refuse", opinion="时间足够")
    job.run("extension.refuse")
    [kept] = job.get(ExtensionRegister).list_for(job.case_id)
    assert (kept.unit, kept.value, kept.time_unit, kept.reason) == ("230100-CG", Decimal(3), "工作日", "等待配件")
    assert (kept.kind, kept.clause, kept.outcome, kept.decided_by) == ("second", "§5", "refused", "lee")
    assert kept.due_at is None


def test_the_requests_of_a_unit_are_counted_by_the_local_day(job, cases, clock):
    cases.dispatch(job.case_id, lead_unit="230100-CG")
    wish(job)
    for number in range(3):
        job.instance_id = f"instance-{number}"
        assert job.run("extension.assess")["recent_requests"] == number + 1
        assert job.run("extension.assess")["recent_requests"] == number + 1  # the same request, tried again
    clock.advance(timedelta(days=1))
    job.instance_id = "tomorrow"
    assert job.run("extension.assess")["recent_requests"] == 1
