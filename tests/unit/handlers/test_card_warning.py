"""What happens when a rung of a deadline is reached."""

import pytest

from engine.handler import MissingVariable
from registers.cards import CardColour, CardQuery, CardRegister
from registers.notices import NoticeRegister

SOURCE = {
    "rung": "Y1",
    "kind": "yellow",
    "notify": [],
    "clause": "D08 Y1",
    "source": {"decision": "cards", "version": 3, "row": 2, "clause": None},
}


@pytest.fixture
def rung(job):
    """Give a function that sets the rung that was reached."""

    def reach(**changes):
        payload = {
            "deadline_id": "d1",
            "business_key": job.case_id,
            "rung": "Y1",
            "kind": "yellow",
            "round": 1,
            "due_at": "2026-11-23T10:00:00+00:00",
            "source": SOURCE,
            "notify": ["handler", "dept_leader@230100-CG"],
            "subject_type": "user_task",
            "subject_id": "task-1",
            "holder": "handler@230100-ZJ",
            "name": "处置",
        } | changes
        job.payload = payload
        job.variables = dict(payload)
        job.instance_id = None
        return job

    return reach


def told(job, *recipients):
    return NoticeRegister(job.connection, job.clock).list_for(recipients)


def cards(job):
    return CardRegister(job.connection, job.clock).list_cards(CardQuery())


def test_a_warning_tells_the_groups_that_the_rule_names(rung):
    job = rung(rung="W1", kind="warn")
    job.run("deadline.warn")
    (notice,) = told(job, "handler@230100-ZJ")
    assert notice.title == "时限提醒：处置"
    assert "《暖气不热》" in notice.text
    assert "2026-11-23 18:00" in notice.text
    assert len(told(job, "dept_leader@230100-CG")) == 1
    assert cards(job) == ()
    kind, subject_type, subject_id, data = job.events[-1]
    assert (kind, subject_type, subject_id) == ("deadline.warned", "user_task", "task-1")
    assert data["told"] == ["handler@230100-ZJ", "dept_leader@230100-CG"]


@pytest.mark.parametrize(
    ("topic", "colour"), [("deadline.yellow", CardColour.YELLOW), ("deadline.red", CardColour.RED)]
)
def test_a_card_carries_its_proof(rung, topic, colour):
    job = rung()
    job.run(topic)
    (card,) = cards(job)
    assert (card.colour, card.case_id, card.unit, card.holder) == (
        colour,
        job.case_id,
        "230100-ZJ",
        "handler@230100-ZJ",
    )
    assert card.rule == {"decision": "cards", "version": 3, "row": 2, "clause": "D08 Y1"}
    assert len(told(job, "handler@230100-ZJ")) == 1
    assert job.events[-1][:3] == ("card.issued", "card", card.id)


def test_the_same_rung_gives_one_card_and_one_notice_however_often_its_job_runs(rung):
    job = rung()
    job.run("deadline.yellow")
    job.run("deadline.yellow")
    assert len(cards(job)) == 1
    assert len(told(job, "handler@230100-ZJ")) == 1
    assert job.kinds() == ["card.issued"]
    rung(round=2).run("deadline.yellow")
    assert len(cards(job)) == 2
    assert len(told(job, "handler@230100-ZJ")) == 2


def test_the_clock_of_a_case_is_held_by_a_unit(rung):
    job = rung(holder="230100-CG", subject_type="case", notify="dept_leader")
    job.run("deadline.yellow")
    assert cards(job)[0].unit == "230100-CG"
    assert len(told(job, "dept_leader@230100-CG")) == 1


def test_without_a_holder_the_lead_unit_answers(rung, job, cases):
    cases.dispatch(job.case_id, lead_unit="230100-ZJ")
    rung(holder=None).run("deadline.red")
    assert cards(job)[0].unit == "230100-ZJ"
    assert len(told(job, "handler@230100-ZJ")) == 1


def test_without_any_unit_only_whole_groups_are_told(rung):
    job = rung(holder=None)
    job.run("deadline.red")
    assert cards(job)[0].unit is None
    assert job.events[-1][3]["told"] == ["dept_leader@230100-CG"]


def test_a_clock_of_no_case_gives_a_card_without_one(rung):
    job = rung()
    job.business_key = None
    job.run("deadline.yellow")
    assert cards(job)[0].case_id is None


@pytest.mark.parametrize("missing", ["deadline_id", "rung", "source", "due_at"])
def test_a_rung_that_lacks_a_fact_is_bad_data(rung, missing):
    job = rung(**{missing: None})
    with pytest.raises(MissingVariable):  # the engine undoes what was written before
        job.run("deadline.yellow")
