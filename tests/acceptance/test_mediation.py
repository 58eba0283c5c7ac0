"""A dispute runs from registration to its closed file over the interface, by every way that the diagrams know."""

from datetime import timedelta

import pytest

from engine.jobs.executor import Executor

COMMUNITY, STREET, DISTRICT = "230102001001", "230102001", "230102"
# Who does which task on the straight way, and what she enters.
STRAIGHT = {
    "accept_dispute": {"action": "accept", "opinion": "属于民间纠纷，予以受理"},
    "choose_mediator": {"action": "appoint", "mediator": "stella"},
    "rights_notice": {"action": "noticed", "content": "双方明白并愿意调解"},
    "investigate": {"findings": "双方因漏水发生争执，损失约八百元"},
    "mediation_session": {"action": "agreed", "content": "双方同意分担修缮费用", "participants": "王某、李某"},
    "take_over_dispute": {"action": "accept", "opinion": "同意接办"},
    "sign_agreement": {
        "action": "written",
        "content": "李某于约定日前支付修缮费八百元",
        "performance_manner": "deferred",
        "perform_by": "2026-12-10",
    },
    "close_dispute": {"report": "双方已达成协议并履行"},
    "accept_coop": {"action": "accept", "contact": "陆律师"},
    "joint_session": {"action": "agreed", "content": "经律师释法，双方达成一致"},
    "revisit": {"performance": "performed", "satisfaction": "满意", "content": "款项已付清"},
    "urge_performance": {"way": "visit", "content": "告知不履行的后果"},
}


def application(**changes):
    """Return a complete dispute; `None` takes a field out."""
    body = {
        "source": "application",
        "title": "楼上漏水纠纷",
        "type": "neighbour",
        "facts": "楼上卫生间漏水，楼下天花板受损，双方就赔偿争执不下。",
        "claims": "修复漏水并赔偿损失八百元。",
        "region_code": COMMUNITY,
        "parties": [
            {"side": "applicant", "name": "王某某", "phone": "19900001111", "id_number": "990000198001010012"},
            {"side": "respondent", "name": "李某某", "phone": "19900002222", "workplace": "某某商店"},
        ],
    } | changes
    return {name: value for name, value in body.items() if value is not None}


class Mediation:
    """Carries one dispute on: finds the open task, and has the right person do it."""

    def __init__(self, as_, app, clock):
        self.as_, self.app, self.clock = as_, app, clock
        self.dispute = {}
        self.done = []

    def begin(self, by="citizen", **changes):
        answer = self.as_(by).post("/disputes", application(**changes))
        assert answer.status_code == 201, answer.text
        self.dispute = answer.get_json()
        return self

    @property
    def id(self):
        return self.dispute["id"]

    def state(self, who="bob"):
        answer = self.as_(who).get(f"/disputes/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def open_tasks(self):
        entries = self.as_("bob").get(f"/disputes/{self.id}/timeline").get_json()["entries"]
        return [one for one in entries if one["kind"] == "user_task" and one["outcome"] == "open"]

    def open_task(self, expected=None):
        [entry] = self.open_tasks()
        assert expected in (None, entry["code"]), (expected, entry["code"])
        return entry["task_id"]

    def complete(self, who, task_id, entered):
        return self.as_(who).post(f"/user-tasks/{task_id}/complete", {"submission": entered})

    def work(self, expected, who, **entered):
        answer = self.complete(who, self.open_task(expected), entered or STRAIGHT[expected])
        assert answer.status_code == 200, (expected, answer.text)
        self.done.append(expected)
        return answer.get_json()

    def session(self, action, who="mira", **entered):
        return self.work("mediation_session", who, action=action, content="记录", **entered)

    def until_session(self, who="mira"):
        self.work("accept_dispute", "committee")
        return self.notice(who)

    def notice(self, who="mira"):
        self.work("rights_notice", who)
        self.work("investigate", who)
        return self

    def agreed(self, **entered):
        self.until_session()
        self.session("agreed")
        self.work("sign_agreement", "mira", **(STRAIGHT["sign_agreement"] | entered))
        return self

    def pass_time(self, **span):
        self.clock.advance(timedelta(**span))
        self.run()

    def run(self):
        executor = Executor(self.app.extensions["zhili"].units)
        for _ in range(5):
            executor.run_due()
        assert self.as_("designer").get("/incidents?status=open").get_json()["items"] == []

    def kinds(self):
        entries = self.as_("bob").get(f"/disputes/{self.id}/timeline").get_json()["entries"]
        return [one["code"] for one in entries if one["code"].startswith("dispute.")]

    def records(self, who="bob"):
        return self.as_(who).get(f"/disputes/{self.id}/records").get_json()["items"]


@pytest.fixture
def register_mediators(as_):
    """Register the mediators of 道里区, its street and its community, and two institutions."""
    for by, login, unit, fields in (
        ("committee", "mira", COMMUNITY, ["neighbour", "property"]),
        ("street_committee", "stella", STREET, ["neighbour", "labour"]),
        ("district_committee", "dora", DISTRICT, []),
        ("far_committee", "nora", "230103", []),
    ):
        answer = as_(by).post("/mediators", {"login": login, "unit": unit, "fields": fields})
        assert answer.status_code == 201, answer.text
    for unit, category in (("230100-LST", "law_firm"), ("230100-ZCW", "arbitration")):
        answer = as_("leader").post("/mediation-institutions", {"unit": unit, "category": category})
        assert answer.status_code == 201, answer.text


@pytest.fixture
def mediation(as_, app, clock, register_mediators):
    """Give a dispute that is not registered yet, in a city with mediators."""
    return Mediation(as_, app, clock)


@pytest.mark.rows("R005", "R202", "R208", "R213")
def test_an_application_runs_from_registration_to_the_closed_file(mediation, as_):
    mediation.begin()
    assert mediation.state()["status_name"] == "待受理"
    mediation.until_session()
    assert (mediation.state()["status"], mediation.state()["mediator_name"]) == ("mediating", "米调解")
    mediation.session("continue")
    mediation.session("agreed")
    mediation.work("sign_agreement", "mira")
    assert mediation.state()["agreement_no"] == "（2026）人调字第23010200001号"
    assert mediation.open_tasks() == []
    mediation.pass_time(days=17)
    assert mediation.open_tasks() == []
    mediation.pass_time(days=1)
    mediation.pass_time(days=7)
    mediation.work("revisit", "alice")
    mediation.work("close_dispute", "mira")
    closed = mediation.state()
    assert (closed["status"], closed["outcome"], closed["performance"]) == ("closed", "agreed", "performed")
    assert (closed["dispute_no"], closed["sessions"], closed["satisfaction"]) == ("230102202600001", 2, "满意")
    assert closed["light"] is not None
    kinds = [one["kind"] for one in mediation.records()]
    assert kinds == ["rights_notice", "investigation", "session", "session", "agreement", "revisit"]
    timeline = as_("bob").get(f"/disputes/{mediation.id}/timeline").get_json()
    assert timeline["complete"] is True
    for entry in timeline["entries"]:
        assert any("\u4e00" <= character <= "\u9fff" for character in entry["what"]), entry["code"]
    instances = as_("auditor").get(f"/process-instances?case_id={mediation.id}").get_json()["items"]
    assert {one["process_key"] for one in instances} == {"mediation", "mediation_round", "mediation_revisit"}
    assert {one["status"] for one in instances} == {"completed"}


@pytest.mark.rows("R207", "R209")
def test_a_visit_and_a_superior_bring_disputes_in_too(mediation, as_):
    found = mediation.begin("alice", source="patrol", title="邻里通行纠纷").state("alice")
    assert (found["source_name"], found["committee_unit"], found["level"]) == ("主动排查走访", COMMUNITY, "community")
    assert found["registered_by"] is None
    superior = {
        "superior_unit": "230100",
        "superior_requirement": "十日内办结并报告",
        "superior_due_on": "2026-12-03",
    }
    mediation.begin("leader", source="superior", title="群众联名反映的噪声纠纷", people_involved=40, **superior)
    shown = mediation.state("street_committee")
    assert (shown["source_name"], shown["superior_due_on"]) == ("上级交办", "2026-12-03")
    assert (shown["level"], shown["scale_name"]) == ("street", "较大群体性（30至99人）")
    mediation.work("accept_dispute", "street_committee")
    assert mediation.state()["due_at"].startswith("2026-12-03T15:30")
    [clock] = [
        one
        for one in as_("bob").get(f"/disputes/{mediation.id}/deadlines").get_json()["items"]
        if one["kind"] == "case"
    ]
    assert (clock["name"], clock["value"], clock["unit"]) == ("调解期限", 254, "自然小时")


@pytest.mark.rows("R208")
def test_a_dispute_that_cannot_be_accepted_ends_and_the_applicant_is_told_why(mediation, as_):
    mediation.begin()
    task = mediation.open_task("accept_dispute")
    missing = mediation.complete("committee", task, {"action": "refuse"})
    assert missing.status_code == 422
    assert [one["where"] for one in missing.get_json(force=True)["errors"]] == ["reason"]
    assert mediation.complete("far_committee", task, {"action": "accept"}).status_code == 404
    mediation.work("accept_dispute", "committee", action="refuse", reason="judicial")
    refused = mediation.state("citizen")
    assert (refused["status"], refused["outcome_name"]) == ("refused", "不予受理")
    assert refused["reason"] == "人民法院、仲裁机构已经受理或者已经审结"
    told = as_("citizen").get("/notices").get_json()["items"]
    assert [one["title"] for one in told] == ["调解申请不予受理"]
    assert mediation.open_tasks() == []


def test_the_committee_puts_type_and_severity_right_when_it_accepts(mediation):
    mediation.begin(type="other")
    mediation.work("accept_dispute", "committee", action="accept", type="property", severity="serious")
    accepted = mediation.state()
    assert (accepted["type_name"], accepted["severity_name"]) == ("物业纠纷", "较重")
    assert accepted["mediator"] == "mira"


@pytest.mark.rows("R204")
@pytest.mark.parametrize(
    ("changes", "mediator"),
    [
        ({}, "mira"),
        ({"type": "labour"}, "stella"),
        ({"type": "medical"}, "dora"),
        ({"severity": "grave"}, "stella"),
        ({"people_involved": 120}, "dora"),
        ({"region_code": "230102002000"}, "dora"),
    ],
    ids=["nearest", "field", "generalist", "grave", "mass", "another street"],
)
def test_a_mediator_is_found_by_field_level_and_distance(mediation, changes, mediator):
    mediation.begin(**changes)
    people = {"community": "committee", "street": "street_committee", "district": "district_committee"}
    mediation.work("accept_dispute", people[mediation.state()["level"]])
    assert mediation.state()["mediator"] == mediator


@pytest.mark.rows("R204")
def test_of_two_mediators_the_one_with_less_at_work_is_asked(mediation, as_):
    as_("committee").patch("/mediators/mira", {"fields": []})
    added = as_("street_committee").post("/mediators", {"login": "milo", "unit": COMMUNITY})
    assert added.status_code == 201, added.text
    chosen = []
    for _ in range(4):
        mediation.begin()
        mediation.work("accept_dispute", "committee")
        chosen.append(mediation.state()["mediator"])
    assert sorted(chosen) == ["milo", "milo", "mira", "mira"]
    listed = as_("committee").get(f"/mediators?unit={COMMUNITY}").get_json()["items"]
    assert {one["login"]: one["load"] for one in listed} == {"milo": 2, "mira": 2}


@pytest.mark.rows("R204")
def test_relatives_parties_and_colleagues_of_a_mediator_go_to_somebody_else(mediation, as_):
    number = "990000198001010012"
    made = as_("mira").post("/mediators/mira/avoidances", {"relation": "表姐", "id_number": number})
    assert made.status_code == 201, made.text
    assert mediation.begin().work("accept_dispute", "committee")
    assert mediation.state()["mediator"] == "stella"
    gone = as_("committee").delete(f"/mediators/mira/avoidances/{made.get_json()['id']}")
    assert gone.status_code == 204
    mediation.begin().work("accept_dispute", "committee")
    assert mediation.state()["mediator"] == "mira"
    as_("mira").post("/mediators/mira/avoidances", {"relation": "曾在此工作", "workplace": "某某商店"})
    mediation.begin().work("accept_dispute", "committee")
    assert mediation.state()["mediator"] == "stella"
    assert as_("stella").get("/mediators/mira/avoidances").status_code == 404


@pytest.mark.rows("R204")
def test_a_mediator_to_whom_a_party_objects_is_replaced_and_never_asked_again(mediation):
    mediation.begin().work("accept_dispute", "committee")
    mediation.work("rights_notice", "mira", action="avoidance", avoidance_reason="与对方相熟")
    replaced = mediation.state()
    assert (replaced["mediator"], replaced["excluded_mediators"]) == ("stella", ["mira"])
    mediation.work("rights_notice", "stella", action="avoidance", avoidance_reason="邻居")
    mediation.work("rights_notice", "dora", action="avoidance", avoidance_reason="同学")
    refused = mediation.complete("committee", mediation.open_task("choose_mediator"), {"action": "appoint"})
    assert [one["where"] for one in refused.get_json(force=True)["errors"]] == ["mediator"]
    mediation.work("choose_mediator", "committee", action="appoint", mediator="mira")
    assert "dispute.mediator_barred" in mediation.kinds()
    mediation.work("choose_mediator", "committee", action="appoint", mediator="nora")
    assert mediation.state()["mediator"] == "nora"
    mediation.open_task("rights_notice")


@pytest.mark.rows("R204", "R213")
def test_a_committee_without_a_mediator_hands_the_dispute_up(mediation):
    mediation.begin(type="medical")
    mediation.as_("district_committee").patch("/mediators/dora", {"enabled": False})
    mediation.work("accept_dispute", "committee")
    mediation.work("choose_mediator", "committee", action="escalate")
    mediation.work("take_over_dispute", "street_committee", action="return", opinion="请先行调解")
    mediation.work("choose_mediator", "committee", action="escalate")
    mediation.work("take_over_dispute", "street_committee")
    assert (mediation.state()["level"], mediation.state()["committee_unit"]) == ("street", STREET)
    mediation.work("choose_mediator", "street_committee", action="escalate")
    mediation.work("take_over_dispute", "district_committee")
    mediation.work("choose_mediator", "district_committee", action="escalate")
    assert mediation.kinds()[-1] == "dispute.escalation_refused"
    mediation.work("choose_mediator", "district_committee", action="appoint", mediator="stella")
    assert mediation.state()["mediator"] == "stella"


def test_a_party_who_does_not_want_mediation_ends_it_and_both_hear_of_other_ways(mediation, as_):
    mediation.begin().work("accept_dispute", "committee")
    mediation.work("rights_notice", "mira", action="refused_by_party", refusal_reason="要求直接起诉")
    ended = mediation.state()
    assert (ended["status"], ended["outcome"]) == ("not_agreed", "party_refused")
    assert "人民调解法第二十六条" in mediation.records()[-1]["content"]
    assert "调解未达成协议" in [one["title"] for one in as_("citizen").get("/notices").get_json()["items"]]
    mediation.work("close_dispute", "mira")
    assert (mediation.state()["status"], mediation.state()["outcome"]) == ("closed", "party_refused")


@pytest.mark.rows("R213")
def test_mediation_that_fails_is_closed_without_an_agreement(mediation):
    mediation.begin().until_session()
    mediation.session("continue")
    mediation.session("failed")
    assert mediation.state()["outcome"] == "not_agreed"
    mediation.work("close_dispute", "mira")
    closed = mediation.state()
    assert (closed["status"], closed["sessions"], closed["agreement_no"]) == ("closed", 2, None)


def test_an_oral_agreement_that_is_performed_on_the_spot_is_visited_all_the_same(mediation):
    mediation.begin().agreed(action="oral", performance_manner="on_the_spot", perform_by="2026-11-30")
    agreed = mediation.state()
    assert (agreed["agreement_form"], agreed["perform_by"], agreed["status"]) == ("oral", None, "performing")
    mediation.pass_time(days=7)
    mediation.open_task("revisit")


def test_parties_who_do_not_sign_after_all_have_not_agreed(mediation):
    mediation.begin().until_session()
    mediation.session("agreed")
    task = mediation.open_task("sign_agreement")
    wrong = STRAIGHT["sign_agreement"] | {"perform_by": "2026-02-30"}
    answer = mediation.complete("mira", task, wrong)
    assert [one["where"] for one in answer.get_json(force=True)["errors"]] == ["perform_by"]
    mediation.work("sign_agreement", "mira", action="retracted", reason="申请人要求提高赔偿")
    assert (mediation.state()["outcome"], mediation.state()["reason"]) == ("not_agreed", "申请人要求提高赔偿")
    mediation.open_task("close_dispute")


@pytest.mark.rows("R213")
def test_a_dispute_climbs_to_the_top_committee_and_no_further(mediation):
    mediation.begin().until_session()
    mediation.session("escalate")
    mediation.work("take_over_dispute", "street_committee", action="return", opinion="先继续调解")
    mediation.session("escalate")
    mediation.work("take_over_dispute", "street_committee")
    moved = mediation.state()
    assert (moved["level_name"], moved["mediator"], moved["status"]) == ("街/镇", "stella", "mediating")
    assert mediation.as_("mira").get(f"/disputes/{mediation.id}").status_code == 404
    assert mediation.as_("committee").get(f"/disputes/{mediation.id}").get_json()["handled"] is False
    mediation.notice("stella").session("escalate", "stella")
    mediation.work("take_over_dispute", "district_committee")
    mediation.notice("dora").session("escalate", "dora")
    assert (mediation.state()["level"], mediation.state()["mediator"]) == ("district", "dora")
    told = mediation.as_("dora").get("/notices").get_json()["items"]
    assert any(one["title"] == "不能再提级" and "协同" in one["text"] for one in told)
    mediation.session("agreed", "dora")
    assert {one["holder"] for one in _clocks(mediation) if one["kind"] == "case"} == {DISTRICT}


def _clocks(mediation):
    return mediation.as_("bob").get(f"/disputes/{mediation.id}/deadlines").get_json()["items"]


@pytest.mark.rows("R206")
def test_an_institution_helps_and_writes_into_the_same_file(mediation):
    mediation.begin().until_session()
    task = mediation.open_task("mediation_session")
    answer = mediation.complete("mira", task, {"action": "joint", "content": "争议较大"})
    assert [one["where"] for one in answer.get_json(force=True)["errors"]] == ["institution"]
    assert mediation.as_("lawyer").get(f"/disputes/{mediation.id}").status_code == 404
    mediation.session("joint", institution="230100-LST")
    mediation.work("accept_coop", "lawyer", action="accept")
    seen = mediation.state("lawyer")
    assert [(one["unit"], one["status"]) for one in seen["institutions"]] == [("230100-LST", "joined")]
    assert seen["parties"][0]["phone"] == "19900001111"
    mediation.work("joint_session", "mira", action="continue", content="第一次协同")
    mediation.work("joint_session", "lawyer", action="agreed", content="律师释法后达成一致")
    assert [one["institution_name"] for one in mediation.records("lawyer")][-2:] == ["正衡律师事务所调解工作室"] * 2
    mediation.work("sign_agreement", "mira")
    assert mediation.state()["sessions"] == 3


@pytest.mark.rows("R206")
def test_an_institution_that_declines_sees_the_dispute_no_longer(mediation):
    mediation.begin().until_session()
    mediation.session("joint", institution="230100-LST")
    mediation.work("accept_coop", "lawyer", action="decline", reason="与一方有代理关系")
    assert mediation.as_("lawyer").get(f"/disputes/{mediation.id}").status_code == 404
    assert mediation.as_("lawyer").get("/disputes").get_json()["items"] == []
    mediation.session("joint", institution="230100-ZCW")
    mediation.work("accept_coop", "arbiter", action="accept")
    mediation.work("joint_session", "arbiter", action="hand_back", content="交回继续调解")
    mediation.session("joint", institution="230100-LST")
    mediation.work("accept_coop", "lawyer", action="accept")
    mediation.work("joint_session", "lawyer", action="failed", content="差距过大")
    assert mediation.state()["outcome"] == "not_agreed"


@pytest.mark.rows("R005", "R185")
def test_the_period_is_announced_runs_out_and_ends_mediation(mediation, as_):
    mediation.begin().until_session()
    mediation.session("joint", institution="230100-LST")
    mediation.pass_time(days=25)
    assert "dispute.expiry_announced" in mediation.kinds()
    told = [one["title"] for one in as_("mira").get("/notices").get_json()["items"]]
    assert "调解期限将满" in told
    mediation.pass_time(days=6)
    lapsed = mediation.state()
    assert (lapsed["status"], lapsed["outcome_name"]) == ("not_agreed", "期满未达成")
    assert [one["code"] for one in mediation.open_tasks()] == ["close_dispute"]
    assert [one["status"] for one in lapsed["institutions"]] == ["declined"]
    assert as_("lawyer").get(f"/disputes/{mediation.id}").status_code == 404
    mediation.work("close_dispute", "mira")
    assert mediation.state()["status"] == "closed"


def test_a_period_that_runs_out_before_anybody_mediates_is_closed_by_the_committee(mediation):
    mediation.as_("district_committee").patch("/mediators/dora", {"enabled": False})
    mediation.begin(type="medical").work("accept_dispute", "committee")
    mediation.pass_time(days=31)
    mediation.work("close_dispute", "committee")
    assert (mediation.state()["status"], mediation.state()["outcome"]) == ("closed", "lapsed")


def test_where_only_the_signatures_are_missing_the_end_of_the_period_reminds_only(mediation, as_):
    mediation.begin().until_session()
    mediation.session("agreed")
    mediation.pass_time(days=31)
    mediation.open_task("sign_agreement")
    assert "调解期限已满" in [one["title"] for one in as_("mira").get("/notices").get_json()["items"]]
    mediation.work("sign_agreement", "mira", **STRAIGHT["sign_agreement"] | {"perform_by": "2027-01-10"})
    assert mediation.state()["status"] == "performing"


@pytest.mark.rows("R153", "R158")
def test_the_period_is_extended_once_with_the_consent_of_both_sides(mediation):
    mediation.begin().until_session()
    due = mediation.state()["due_at"]
    mediation.session("extend", extension_days=10, both_consent=False)
    assert mediation.state()["due_at"] == due
    mediation.session("extend", extension_days=31, both_consent=True)
    assert mediation.state()["due_at"] == due
    mediation.session("extend", extension_days=10, both_consent=True, consent_evidence="双方书面同意")
    extended = mediation.state()
    assert (extended["due_at"] > due, extended["extensions"]) == (True, 1)
    mediation.session("extend", extension_days=5, both_consent=True)
    assert mediation.state()["due_at"] == extended["due_at"]
    told = [one["text"] for one in mediation.as_("mira").get("/notices").get_json()["items"]]
    for reason in ("须经双方当事人同意", "一次延长不超过三十日", "调解期限只能延长一次"):
        assert any(reason in text for text in told), reason
    mediation.pass_time(days=32)
    assert mediation.state()["status"] == "mediating"
    mediation.pass_time(days=9)
    assert mediation.state()["outcome"] == "lapsed"


def test_a_period_that_is_over_or_that_a_superior_has_set_is_not_extended(mediation):
    mediation.begin().until_session()
    due = mediation.state()["due_at"]
    mediation.clock.advance(timedelta(days=31))
    mediation.session("extend", extension_days=10, both_consent=True)
    assert mediation.state()["due_at"] == due
    superior = {"superior_unit": "230100", "superior_requirement": "办结", "superior_due_on": "2027-01-20"}
    mediation.begin("leader", source="superior", **superior).until_session()
    due = mediation.state()["due_at"]
    mediation.session("extend", extension_days=10, both_consent=True)
    assert mediation.state()["due_at"] == due


@pytest.mark.rows("R208")
@pytest.mark.parametrize("stage", ["accept_dispute", "rights_notice", "mediation_session", "sign_agreement"])
def test_an_application_can_be_taken_back_until_the_agreement_is_concluded(mediation, as_, stage):
    mediation.begin()
    if stage != "accept_dispute":
        mediation.work("accept_dispute", "committee")
    if stage in {"mediation_session", "sign_agreement"}:
        mediation.notice()
    if stage == "sign_agreement":
        mediation.session("agreed")
    mediation.open_task(stage)
    address = f"/disputes/{mediation.id}/withdrawal"
    assert as_("neighbour").post(address, {"reason": "x"}).status_code == 404
    assert as_("citizen").post(address, {"reason": "双方已自行和解"}).get_json() == {"delivered": 1}
    taken = mediation.state("citizen")
    assert (taken["status"], taken["outcome"], taken["reason"]) == ("withdrawn", "withdrawn", "双方已自行和解")
    assert mediation.open_tasks() == []
    assert {one["status"] for one in _clocks(mediation)} <= {"stopped"}
    assert as_("citizen").post(address, {"reason": "again"}).status_code == 404


def test_nothing_can_be_taken_back_after_the_agreement(mediation, as_):
    mediation.begin().agreed()
    again = as_("citizen").post(f"/disputes/{mediation.id}/withdrawal", {"reason": "后悔了"})
    assert again.get_json(force=True)["code"] == "message-not-awaited"


def test_a_committee_replaces_a_mediator_while_mediation_goes_on(mediation, as_):
    mediation.begin().until_session()
    address = f"/disputes/{mediation.id}/mediator-change"
    due = mediation.state()["due_at"]
    assert as_("far_committee").post(address, {"reason": "x"}).status_code == 404
    assert as_("mira").post(address, {"reason": "x"}).status_code == 403
    assert as_("committee").post(address, {"reason": "病假", "exclude": True}).get_json() == {"delivered": 1}
    changed = mediation.state()
    assert (changed["mediator"], changed["due_at"]) == ("stella", due)
    assert as_("mira").get(f"/disputes/{mediation.id}").status_code == 404
    mediation.notice("stella").session("agreed", "stella")
    assert as_("committee").post(address, {"reason": "x"}).status_code == 404


def test_a_mediator_who_is_replaced_for_a_while_is_not_the_next_one_but_may_come_back(mediation, as_):
    mediation.begin().until_session()
    address = f"/disputes/{mediation.id}/mediator-change"
    as_("committee").post(address, {"reason": "出差"})
    changed = mediation.state()
    assert (changed["mediator"], changed["excluded_mediators"]) == ("stella", [])
    as_("committee").post(address, {"reason": "出差回来"})
    assert mediation.state()["mediator"] == "mira"


def test_an_institution_that_has_not_answered_is_let_go_when_the_mediator_is_replaced(mediation, as_):
    mediation.begin().until_session()
    mediation.session("joint", institution="230100-LST")
    as_("committee").post(f"/disputes/{mediation.id}/mediator-change", {"reason": "病假"})
    assert [(one["unit"], one["status"]) for one in mediation.state()["institutions"]] == [("230100-LST", "declined")]
    assert as_("lawyer").get(f"/disputes/{mediation.id}").status_code == 404
    mediation.open_task("rights_notice")


def revisit(mediation, performance, who="alice", **entered):
    said = {"performance": performance, "satisfaction": "基本满意", "content": "已走访"}
    return mediation.work("revisit", who, **said | entered)


@pytest.mark.rows("R216")
def test_an_agreement_that_is_not_performed_is_urged_and_then_advised_to_sue(mediation, as_):
    mediation.begin().agreed(performance_manner="on_the_spot")
    mediation.pass_time(days=7)
    for _ in range(2):
        revisit(mediation, "not")
        mediation.work("urge_performance", "mira")
        mediation.pass_time(days=10)
    revisit(mediation, "not", measures="稳控情绪")
    assert mediation.state()["urgings"] == 2
    assert "dispute.suit_advised" in mediation.kinds()
    assert "可以向人民法院起诉" in [one["title"] for one in as_("citizen").get("/notices").get_json()["items"]]
    mediation.work("close_dispute", "mira")
    assert (mediation.state()["status"], mediation.state()["performance"]) == ("closed", "not")
    assert [one["kind"] for one in mediation.records()].count("urging") == 2


@pytest.mark.rows("R216")
def test_signs_of_escalation_bring_a_new_round_with_a_clock_of_its_own(mediation):
    mediation.begin().agreed(performance_manner="on_the_spot")
    first = mediation.state()["agreement_no"]
    mediation.pass_time(days=7)
    revisit(mediation, "partly", escalating=True)
    again = mediation.state()
    assert (again["round"], again["status"], again["agreement_no"]) == (2, "mediating", None)
    assert again["due_at"] > "2026-12-28"
    assert (again["agreed_at"], again["satisfaction"], again["performance"]) == (None, None, None)
    listed = mediation.as_("committee").get(f"/mediators?unit={COMMUNITY}").get_json()["items"]
    assert {one["login"]: one["load"] for one in listed} == {"mira": 1}
    mediation.notice().session("agreed")
    mediation.work("sign_agreement", "mira", **STRAIGHT["sign_agreement"] | {"performance_manner": "on_the_spot"})
    assert mediation.state()["agreement_no"] not in (None, first)
    mediation.pass_time(days=7)
    revisit(mediation, "not", escalating=True)
    assert "dispute.suit_advised" in mediation.kinds()
    mediation.open_task("close_dispute")


@pytest.mark.rows("R216")
def test_a_party_who_has_gone_to_court_is_not_urged_any_more(mediation):
    mediation.begin().agreed(performance_manner="on_the_spot")
    mediation.pass_time(days=7)
    assert mediation.as_("alice").get(f"/disputes/{mediation.id}").get_json()["parties"][0]["phone"] == "19900001111"
    assert mediation.as_("alice").get(f"/disputes/{mediation.id}/records").status_code == 403
    revisit(mediation, "not", sued=True)
    mediation.open_task("close_dispute")
    assert mediation.as_("alice").get(f"/disputes/{mediation.id}").status_code == 404


@pytest.mark.rows("R170", "R185")
def test_a_committee_that_lets_a_dispute_lie_is_reminded_and_its_task_turns_red(mediation, as_):
    mediation.begin()
    inbox = as_("committee").get("/user-tasks").get_json()["items"]
    assert [(one["name"], one["light"], one["facets"]["subject"]) for one in inbox] == [
        ("受理审查", "绿", "《楼上漏水纠纷》")
    ]
    mediation.pass_time(days=2, hours=12)
    mediation.pass_time(days=2)
    told = [one["title"] for one in as_("committee").get("/notices").get_json()["items"]]
    assert told.count("时限提醒：受理审查") == 2
    inbox = as_("committee").get("/user-tasks").get_json()["items"]
    assert [one["light"] for one in inbox] == ["红"]


def test_a_session_shows_the_clock_of_the_dispute(mediation, as_):
    mediation.begin().until_session()
    [task] = as_("mira").get("/user-tasks").get_json()["items"]
    assert (task["due_at"], task["light"]) == (mediation.state()["due_at"], "绿")
    assert as_("stella").get("/user-tasks").get_json()["items"] == []


@pytest.mark.rows("R012", "R015")
def test_a_designer_adds_a_step_to_mediation_and_running_disputes_finish_on_the_old_version(mediation, as_, app, clock):
    mediation.begin()
    [latest] = as_("designer").get("/process-definitions?key=mediation").get_json()["items"]
    xml = as_("designer").get(f"/process-definitions/{latest['id']}/xml").text
    files = [{"name": "mediation.bpmn", "text": with_consultation(xml)}]
    made = as_("designer").post("/deployments?merge=true", {"files": files, "note": "加入司法所会商"})
    assert made.status_code == 201, made.text
    assert [(one["key"], one["version"]) for one in made.get_json()["created"]] == [("mediation", 2)]
    newer = Mediation(as_, app, clock).begin(title="另一起漏水纠纷")
    mediation.work("accept_dispute", "committee")
    newer.work("accept_dispute", "committee")
    mediation.open_task("rights_notice")
    consultation = newer.open_task("consult")
    done = newer.complete("street_committee", consultation, {"action": "confirmed", "finding": "司法所建议先行勘验"})
    assert done.status_code == 200, done.text
    for one in (mediation, newer):
        one.notice().session("failed")
        one.work("close_dispute", "mira")
        assert one.state()["status"] == "closed"
    tasks = [one["code"] for one in as_("bob").get(f"/disputes/{newer.id}/timeline").get_json()["entries"]]
    assert "consult" in tasks


def with_consultation(xml):
    """Return the diagram with a user task 司法所会商 between the acceptance and the first round."""
    task = (
        '<bpmn:userTask id="consult" name="司法所会商" camunda:formKey="verify" '
        'camunda:candidateGroups="= [&#34;mediation_committee@&#34; + street]">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="consulted">= true</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>"
        '<bpmn:sequenceFlow id="to_consult" sourceRef="accept" targetRef="consult"/>'
        '<bpmn:sequenceFlow id="flow_accept_join_round" sourceRef="consult" targetRef="join_round"/>'
    )
    old = '<bpmn:sequenceFlow id="flow_accept_join_round" sourceRef="accept" targetRef="join_round" />'
    assert old in xml
    changed = xml.replace(old, task)
    for side in ("outgoing", "incoming"):
        changed = changed.replace(f"<bpmn:{side}>flow_accept_join_round</bpmn:{side}>", "")
    return changed
