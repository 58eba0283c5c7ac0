"""The handlers of mediation where a form names what cannot be, or where a diagram waits for a modelled no."""

import pytest

from engine.errors import Conflict, Invalid
from engine.handler import BpmnError
from registers.codes import CodeRegister
from registers.disputes import (
    DisputeRecordRegister,
    DisputeRegister,
    InstitutionRegister,
    MediatorRegister,
    NewDispute,
    NewInstitution,
    NewMediator,
    NewParty,
)
from registers.notices import NoticeRegister
from registers.org import AccountRegister
from tests.small_city import COMMUNITY
from tests.unit.handlers.fake_job import FakeJob

CODES = {
    "dispute_types": "code,name\nneighbour,邻里纠纷\nproperty,物业纠纷\n",
    "dispute_severities": "code,name\nnormal,一般\ngrave,严重\n",
    "institution_categories": "code,name\nlaw_firm,律师事务所\n",
}
PARTIES = (NewParty(side="applicant", name="王某某"), NewParty(side="respondent", name="李某某"))


@pytest.fixture
def dispute(connection, clock):
    for table, text in CODES.items():
        CodeRegister(connection, clock).load_csv(table, text)
    accounts = AccountRegister(connection, clock)
    for login in ("mira", "stella"):
        accounts.add(login, login, "Trial-City-2026")
        MediatorRegister(connection, clock).add(NewMediator(login=login, unit="230103002"))
    InstitutionRegister(connection, clock).add(NewInstitution(unit="230100-CG", category="law_firm", enabled=False))
    new = NewDispute(
        source="application",
        title="漏水纠纷",
        type="neighbour",
        facts="楼上漏水",
        claims="赔偿",
        registered_by="citizen",
        parties=PARTIES,
        region_code=COMMUNITY,
    )
    return DisputeRegister(connection, clock).add(new)


@pytest.fixture
def job(connection, clock, dispute) -> FakeJob:
    made = FakeJob(connection, clock, dispute.id)
    made.variables["dispute_id"] = dispute.id
    made.decisions["mediator_bar"] = {"bar": "none"}
    return made


@pytest.mark.parametrize("chosen", ["nobody", "ghost"])
def test_somebody_who_is_no_mediator_cannot_be_appointed(job, connection, clock, chosen):
    if chosen == "ghost":
        MediatorRegister(connection, clock).change("stella", {"enabled": False})
        chosen = "stella"
    job.enter("choose_mediator", mediator=chosen)
    with pytest.raises(BpmnError, match="MEDIATOR_BARRED"):
        job.run("mediation.appoint")
    job.run("mediation.explain_bar")
    told = NoticeRegister(connection, clock).list_for(["mediation_committee@230103002"])
    assert [one.title for one in told] == ["所选调解员不能指定"]


def test_an_institution_that_is_disabled_cannot_be_asked(job, dispute, connection, clock):
    job.variables["institution"] = "230100-CG"
    with pytest.raises(BpmnError, match="NO_INSTITUTION"):
        job.run("mediation.invite")
    assert DisputeRecordRegister(connection, clock).invitations_of(dispute.id) == ()
    job.run("mediation.explain_institution")
    assert job.kinds() == ["dispute.institution_unfit"]


def test_nobody_is_chosen_where_the_table_finds_nobody(job):
    job.decisions["mediator_choice"] = {"eligible": False, "score": 0, "clause": "专长不符"}
    with pytest.raises(BpmnError, match="NO_MEDIATOR"):
        job.run("mediation.choose_mediator")
    assert [facts["distance"] for _, facts in job.asked] == ["street", "street"]


def test_of_equal_scores_the_name_decides(job):
    job.decisions["mediator_choice"] = {"eligible": True, "score": 40, "clause": "就近"}
    assert job.run("mediation.choose_mediator")["mediator"] == "mira"
    assert job.events[-1][3]["candidates"] == 2


def test_a_mediator_who_is_replaced_is_passed_over_once_and_may_be_asked_again_later(job, dispute, connection, clock):
    job.decisions["mediator_choice"] = {"eligible": True, "score": 40, "clause": "就近"}
    job.run("mediation.choose_mediator")
    job.variables |= {"change_reason": "病假", "exclude_mediator": False}
    job.run("mediation.release")
    assert job.run("mediation.choose_mediator")["mediator"] == "stella"
    assert DisputeRegister(connection, clock).get(dispute.id).excluded_mediators == ()
    job.run("mediation.release")
    assert job.run("mediation.choose_mediator")["mediator"] == "mira"


def test_where_only_the_replaced_mediator_is_left_the_committee_chooses(job, connection, clock):
    MediatorRegister(connection, clock).change("stella", {"enabled": False})
    job.decisions["mediator_choice"] = {"eligible": True, "score": 40, "clause": "就近"}
    job.run("mediation.choose_mediator")
    job.run("mediation.release")
    with pytest.raises(BpmnError, match="NO_MEDIATOR"):
        job.run("mediation.choose_mediator")
    job.enter("choose_mediator", mediator="mira")
    assert job.run("mediation.appoint") == {"mediator": "mira", "replaced_mediator": None}


def test_an_institution_that_has_not_answered_is_let_go_with_the_mediator(job, dispute, connection, clock):
    file = DisputeRecordRegister(connection, clock)
    DisputeRegister(connection, clock).appoint(dispute.id, mediator="mira")
    file.invite(dispute.id, "230100-CG")
    job.run("mediation.release")
    [invitation] = file.invitations_of(dispute.id)
    assert (invitation.status, invitation.reason) == ("declined", "调委会更换调解员")


def test_a_new_round_begins_without_what_the_first_one_left(dispute, connection, clock):
    disputes = DisputeRegister(connection, clock)
    disputes.appoint(dispute.id, mediator="mira")
    disputes.agree(dispute.id, form="written", content="赔偿", manner="on_the_spot", perform_by=None)
    disputes.note_revisit(dispute.id, performance="not", satisfaction="不满意")
    again = disputes.reopen(dispute.id)
    left = again.mediator, again.agreed_at, again.satisfaction, again.performance, again.outcome, again.agreement_no
    assert left == (None,) * 6
    assert disputes.loads(["mira"]) == {}


def test_the_district_is_the_top(job, dispute, connection, clock):
    job.run("mediation.escalate")
    job.enter("take_over_dispute", action="accept")
    job.open_deadline(
        "case", ("case", dispute.id), name="x", value=30, unit="自然日", calendar="city", holder=None, source={}
    )
    job.variables["upper_unit"] = "230103"
    assert job.run("mediation.take_over")["level"] == "district"
    with pytest.raises(BpmnError, match="TOP_LEVEL"):
        job.run("mediation.escalate")


def test_a_dispute_that_has_ended_never_changes_again(dispute, connection, clock):
    disputes = DisputeRegister(connection, clock)
    disputes.withdraw(dispute.id, reason="和解")
    for act in (disputes.accept, disputes.come_to_terms, disputes.count_session, disputes.reopen):
        with pytest.raises(Conflict, match="has ended"):
            act(dispute.id)


def test_a_committee_puts_right_type_and_severity_only(dispute, connection, clock):
    disputes = DisputeRegister(connection, clock)
    assert disputes.correct(dispute.id, type="property").type == "property"
    with pytest.raises(Invalid):
        disputes.correct(dispute.id, title="别的")


def test_numbers_count_on_by_district_and_year(dispute, connection, clock):
    disputes = DisputeRegister(connection, clock)
    assert disputes.accept(dispute.id).dispute_no == "230103202600001"
    assert disputes.accept(dispute.id).dispute_no == "230103202600001"
