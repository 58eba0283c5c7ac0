"""From the report to its acceptance, or to one of the early endings."""

import pytest

from engine.handler import MissingVariable
from registers.cases import CaseStatus
from registers.notices import NoticeRegister
from tests.small_city import CITY, COMMUNITY, DAOLI
from tests.unit.handlers.fake_job import FakeJob

MATTER = {"category": "HR01", "request_type": "求助"}
RANK = {"urgency": "紧急", "route": "直接交办"}


def notices(job: FakeJob, recipient: str = "citizen1"):
    return NoticeRegister(job.connection, job.clock).list_for([recipient])


def test_a_report_is_classified_by_the_tables(job, cases):
    job.decisions = {"category": MATTER, "urgency": RANK}
    assert job.run("case.classify") == {
        "channel": "hotline",
        "category": "HR01",
        "request_type": "求助",
        "urgency": "紧急",
        "region": COMMUNITY,
        "community": COMMUNITY,
        "street": "230103002",
        "district": "230103",
        "duplicates": 0,
        "round": 1,
        "returns": 0,
        "callback_attempts": 0,
        "satisfied": False,
    }
    case = cases.get(job.case_id)
    assert (case.category, case.request_type, case.urgency) == ("HR01", "求助", "紧急")
    assert job.asked[0] == ("category", {"label": "供热不足", "text": f"{case.title}\n{case.detail}"})
    assert job.asked[1][1]["category"] == "HR01"
    assert job.events == [
        (
            "case.classified",
            "case",
            case.id,
            {"category": "HR01", "request_type": "求助", "urgency": "紧急", "route": "直接交办"},
        )
    ]


def test_what_the_reporter_chose_stands(job, new_case, connection, clock):
    chosen = FakeJob(connection, clock, new_case(category="0101", request_type="投诉", urgency="特急").id)
    chosen.decisions = {"category": MATTER, "urgency": RANK}
    result = chosen.run("case.classify")
    assert [result[name] for name in ("category", "request_type", "urgency")] == ["0101", "投诉", "特急"]


def test_a_case_known_only_by_its_city_belongs_to_the_centre(new_case, connection, clock):
    job = FakeJob(connection, clock, new_case(region_code=CITY).id, decisions={"category": MATTER, "urgency": RANK})
    result = job.run("case.classify")
    assert [result[name] for name in ("region", "community", "street", "district")] == [CITY, None, "230100", "230100"]


def test_accepting_writes_what_the_acceptor_put_right(job, cases):
    job.enter(
        "register",
        action="accept",
        opinion="属实",
        category="0101",
        urgency="一般",
        region_code=DAOLI,
        address="",
        confidential=True,
    )
    result = job.run("case.register")
    assert result == {"region": DAOLI, "community": None, "street": "230102", "district": "230102"}
    case = cases.get(job.case_id)
    assert (case.status, case.category, case.urgency, case.confidential) == (
        CaseStatus.REGISTERED,
        "0101",
        "一般",
        True,
    )
    kind, _, _, data = job.events[-1]
    assert (kind, data["by"], data["action"], data["opinion"]) == ("case.registered", "alice", "accept", "属实")


def test_a_flow_without_the_form_is_broken_and_says_so(job):
    with pytest.raises(MissingVariable, match="submission of register"):
        job.run("case.register")


@pytest.mark.parametrize(
    ("topic", "form", "status", "reason", "kind"),
    [
        ("case.refuse", {"reason": "R01"}, CaseStatus.REFUSED, "不属于本市管辖", "case.refused"),
        ("case.transfer", {"hotline": "110"}, CaseStatus.TRANSFERRED, "转110报警电话", "case.transferred"),
        ("case.answer", {"answer": "供热期到4月20日"}, CaseStatus.ANSWERED, None, "case.answered"),
    ],
)
def test_an_early_ending_keeps_its_reason_and_tells_the_reporter(job, cases, topic, form, status, reason, kind):
    job.enter("register", action=topic.removeprefix("case."), **form)
    assert job.run(topic) == {}
    case = cases.get(job.case_id)
    assert (case.status, case.outcome, case.reason) == (status, status, reason)
    assert job.kinds() == [kind]
    (notice,) = notices(job)
    assert notice.kind == kind
    assert notice.business_key == case.id
    assert case.result == form.get("answer")


def test_a_repeated_job_tells_the_reporter_once(job):
    job.enter("register", action="supplement", questions="请写明楼号")
    job.run("case.request_supplement")
    job.run("case.request_supplement")
    assert len(notices(job)) == 1


def test_a_reporter_without_an_account_is_told_nothing(new_case, connection, clock):
    job = FakeJob(connection, clock, new_case(reporter_code=None, anonymous=True).id)
    job.enter("register", action="refuse", reason="R01")
    job.run("case.refuse")
    assert notices(job) == ()


def test_a_supplement_that_the_acceptor_took_down_is_added(job, cases):
    job.enter("register", action="supplement", questions="楼号？")
    job.variables["supplement_days"] = 3
    job.run("case.request_supplement")
    assert cases.get(job.case_id).status is CaseStatus.SUPPLEMENTING
    job.enter("supplement", action="supplemented", supplement_text="3号楼", region_code=DAOLI)
    job.run("case.supplement")
    case = cases.get(job.case_id)
    assert case.detail.endswith("【补充】3号楼")
    assert (case.status, case.district) == (CaseStatus.REPORTED, "230102")
    assert [data.get("source") for kind, _, _, data in job.events if kind == "case.supplemented"] == ["call"]


def test_a_message_is_taken_once_and_an_old_form_never_again(job, cases):
    job.enter("register", action="supplement", questions="楼号？")
    job.enter("supplement", action="supplemented", supplement_text="3号楼")
    job.run("case.supplement")
    job.enter("register", action="supplement", questions="单元？")
    job.variables["supplement_text"] = "2单元"
    job.run("case.supplement")
    job.enter("register", action="supplement", questions="楼层？")
    job.run("case.supplement")
    assert cases.get(job.case_id).detail.count("【补充】") == 2
    assert [data["source"] for _, _, _, data in job.events] == ["call", "message", "period_over"]


def test_withdrawing_ends_the_case_for_good(job, cases):
    job.variables["withdraw_reason"] = "已恢复供热"
    job.run("case.withdraw")
    case = cases.get(job.case_id)
    assert (case.status, case.reason) == (CaseStatus.WITHDRAWN, "已恢复供热")
    assert job.kinds() == ["case.withdrawn"]
