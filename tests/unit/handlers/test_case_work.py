"""From verification to the archive."""

from decimal import Decimal

import pytest

from registers.cases import CaseStatus
from registers.notices import NoticeRegister
from tests.unit.handlers.fake_job import FakeJob

RULE = {
    "file": True,
    "value": 5,
    "unit": "工作日",
    "calendar": "city",
    "closing_condition": "恢复供热",
    "clause": "D02 4.2",
}


@pytest.fixture
def job(job, cases):
    cases.classify(job.case_id, category="HR01", request_type="求助", urgency="一般")
    cases.register(job.case_id)
    job.decisions = {"filing_condition": RULE, "satisfaction_rule": lambda satisfaction, **_: satisfaction == "满意"}
    job.variables |= {"max_attempts": 3, "max_rounds": 2, "callback_attempts": 0}
    return job


@pytest.fixture
def filed(job):
    job.enter("file", by="bob", action="file", condition="低于18度")
    job.run("case.file")
    return job


@pytest.fixture
def reviewed(filed, cases):
    cases.dispatch(filed.case_id, lead_unit="230100-ZJ")
    cases.sign(filed.case_id)
    cases.handle(filed.case_id, result="已修复")
    cases.review(filed.case_id)
    filed.events.clear()
    return filed


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("confirmed", CaseStatus.REGISTERED),
        ("unverifiable", CaseStatus.REGISTERED),
        ("unfounded", CaseStatus.NOT_FILED),
    ],
)
def test_only_an_unfounded_report_ends_at_verification(job, cases, action, status):
    job.enter("verify", by="grid", action=action, finding="现场室温二十度")
    job.run("case.verify")
    assert cases.get(job.case_id).status is status
    assert job.events[-1][0] == "case.verified"
    assert job.events[-1][3]["finding"] == "现场室温二十度"


def test_filing_fixes_number_condition_and_clock(filed, cases):
    case = cases.get(filed.case_id)
    assert (case.status, case.condition, case.closing_condition) == (CaseStatus.FILED, "低于18度", "恢复供热")
    assert case.case_no.startswith("23010320261123" + "01")
    deadline = filed.find_deadline("case", ("case", case.id))
    assert (deadline.value, deadline.unit, deadline.calendar_key) == (Decimal(5), "工作日", "city")
    assert deadline.source == {"decision": "filing_condition", "clause": "D02 4.2", "condition": "低于18度"}
    inputs = {"category": "HR01", "condition": "低于18度", "urgency": "一般", "request_type": "求助"}
    assert filed.asked[-1] == ("filing_condition", inputs)
    assert filed.events[-1][0] == "case.filed"
    assert filed.events[-1][3]["by"] == "bob"


def test_a_row_without_a_limit_starts_no_clock(job, cases):
    job.decisions["filing_condition"] = RULE | {"value": None, "unit": None}
    job.enter("file", action="file")
    job.run("case.file")
    assert cases.get(job.case_id).status is CaseStatus.FILED
    assert job.clocks == {}


def test_declining_to_file_ends_with_a_reason_and_tells_the_reporter(job, cases):
    job.enter("file", action="not_file", reason="R01")
    job.run("case.file")
    case = cases.get(job.case_id)
    assert (case.status, case.reason) == (CaseStatus.NOT_FILED, "不属于本市管辖")
    assert job.kinds() == ["case.filing_declined"]
    assert len(NoticeRegister(job.connection, job.clock).list_for(["citizen1"])) == 1


def test_deferring_only_waits(job, cases):
    job.enter("file", action="defer", reason="等待检测")
    job.run("case.file")
    assert cases.get(job.case_id).status is CaseStatus.REGISTERED
    assert job.kinds() == ["case.filing_deferred"]


def test_the_unit_signs_and_reports(filed, cases):
    cases.dispatch(filed.case_id, lead_unit="230100-ZJ")
    filed.enter("sign", by="unit", action="sign")
    filed.run("case.sign")
    assert cases.get(filed.case_id).status is CaseStatus.SIGNED
    filed.enter("handle", by="unit", action="feedback", result="更换阀门，室温20度")
    filed.run("case.feedback")
    case = cases.get(filed.case_id)
    assert (case.status, case.result) == (CaseStatus.HANDLED, "更换阀门，室温20度")
    assert filed.kinds()[-2:] == ["case.signed", "case.handled"]


@pytest.mark.parametrize(
    ("topic", "form", "entry", "status", "kind"),
    [
        ("case.review", "result_review", {"action": "approve"}, CaseStatus.REVIEWED, "case.reviewed"),
        ("case.review", "result_review", {"action": "check"}, CaseStatus.REVIEWED, "case.reviewed"),
        (
            "case.review",
            "result_review",
            {"action": "redo", "opinion": "缺照片"},
            CaseStatus.SIGNED,
            "case.rework_ordered",
        ),
        (
            "case.check",
            "field_check",
            {"action": "pass", "evidence": "照片3张"},
            CaseStatus.REVIEWED,
            "case.check_passed",
        ),
        ("case.check", "field_check", {"action": "fail", "evidence": "仍不热"}, CaseStatus.SIGNED, "case.check_failed"),
    ],
)
def test_a_result_is_accepted_or_sent_back(reviewed, cases, topic, form, entry, status, kind):
    reviewed.enter(form, **entry)
    reviewed.run(topic)
    assert cases.get(reviewed.case_id).status is status
    assert reviewed.kinds() == [kind]


def test_a_content_reporter_closes_the_case_and_stops_the_clock(reviewed, cases):
    reviewed.enter("callback", action="reached", satisfaction="满意", solved=True)
    assert reviewed.run("case.callback") == {"callback_attempts": 1, "satisfied": True}
    case = cases.get(reviewed.case_id)
    assert (case.status, case.satisfaction, case.solved) == (CaseStatus.CLOSED, "满意", True)
    assert reviewed.clocks == {}
    assert reviewed.kinds() == ["case.called_back", "case.closed"]


def test_a_discontent_reporter_leaves_the_case_open(reviewed, cases):
    reviewed.enter("callback", action="reached", satisfaction="不满意", solved=False)
    assert reviewed.run("case.callback") == {"callback_attempts": 1, "satisfied": False}
    assert cases.get(reviewed.case_id).status is CaseStatus.REVIEWED


def test_who_cannot_be_reached_is_called_as_often_as_the_table_says(reviewed, cases):
    results = []
    for _ in range(3):
        reviewed.enter("callback", action="unreached")
        results.append(reviewed.run("case.callback"))
    assert [result["callback_attempts"] for result in results] == [1, 2, 3]
    case = cases.get(reviewed.case_id)
    assert (case.status, case.satisfaction) == (CaseStatus.CLOSED, None)
    assert reviewed.kinds() == ["case.called_back"] * 3 + ["case.closed"]


@pytest.mark.parametrize(("action", "kind"), [("redispatch", "case.redispatched"), ("escalate", "case.escalated")])
def test_a_new_round_gets_the_same_budget_again(reviewed, cases, action, kind):
    reviewed.variables["callback_attempts"] = 2
    reviewed.enter("redispatch", action=action, reason="室温仍低")
    assert reviewed.run("case.redispatch") == {"round": 2, "callback_attempts": 0}
    assert cases.get(reviewed.case_id).status is CaseStatus.FILED
    deadline = reviewed.find_deadline("case", ("case", reviewed.case_id))
    assert (deadline.id, deadline.value, deadline.holder) == ("deadline-2", Decimal(5), None)
    assert [event for event, _ in reviewed.clock_events] == ["opened", "stopped", "opened"]
    assert reviewed.kinds() == [kind]


def test_after_the_last_round_the_case_is_closed(reviewed, cases):
    reviewed.variables["max_rounds"] = 1
    reviewed.enter("redispatch", action="redispatch", reason="室温仍低")
    assert reviewed.run("case.redispatch")["round"] == 2
    assert cases.get(reviewed.case_id).status is CaseStatus.CLOSED
    assert reviewed.clocks == {}


def test_a_case_that_was_reasonably_done_is_closed_in_its_round(reviewed, cases):
    reviewed.enter("redispatch", action="justified", reason="超出政策范围")
    assert reviewed.run("case.redispatch") == {"round": 1, "callback_attempts": 0}
    assert cases.get(reviewed.case_id).reason == "超出政策范围"
    assert reviewed.kinds() == ["case.found_reasonable", "case.closed"]


def test_archiving_stops_every_clock_and_informs_the_followers(filed, new_case, cases):
    follower = new_case(reporter_code="citizen2")
    cases.merge(follower.id, master_case_id=filed.case_id)
    filed.enter("archive", by="carol", action="archive", knowledge_candidate=True)
    filed.run("case.archive")
    case = cases.get(filed.case_id)
    assert (case.status, case.outcome) == (CaseStatus.ARCHIVED, CaseStatus.CLOSED)
    assert filed.clocks == {}
    (told,) = NoticeRegister(filed.connection, filed.clock).list_for(["citizen2"])
    assert told.business_key == follower.id
    data = filed.events[-1][3]
    assert (data["followers"], data["knowledge_candidate"], data["outcome"]) == ([follower.id], True, "closed")


def test_a_file_that_is_not_complete_waits_for_its_completion(filed, cases):
    filed.enter("archive", by="carol", action="return", missing="缺处置照片")
    filed.run("case.archive")
    assert cases.get(filed.case_id).status is CaseStatus.FILED
    filed.enter("correct", action="corrected", correction="已补照片")
    filed.run("case.correct")
    assert filed.kinds()[-2:] == ["case.archiving_returned", "case.file_corrected"]
    assert isinstance(filed, FakeJob)
