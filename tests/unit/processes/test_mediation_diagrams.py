"""Mediation, walked: each way through the four diagrams with the real tables."""

import pytest

from engine.handler import BpmnError
from engine.model.step import Ending
from tests.unit.processes.walking import Walk, model_of

MEDIATION, ROUND = model_of("mediation"), model_of("mediation_round")
COOP, REVISIT = model_of("mediation_coop"), model_of("mediation_revisit")
DISPUTE = {
    "dispute_id": "d1",
    "severity": "normal",
    "source": "application",
    "limited": False,
    "committee_unit": "230102001001",
    "street": "230102001",
    "district": "230102",
    "round": 1,
    "urgings": 0,
    "mediator": None,
    "institution": None,
    "extension_days": None,
    "both_consent": False,
}
WHO = {"mediator": "mira"}


def does(*actions: str, **more: object) -> list[dict[str, object]]:
    return [{"action": action, **more} for action in actions]


def mediate(**says: list) -> Walk:
    begun = {
        "register": [DISPUTE],
        "accept": [{}],
        "accept_dispute": does("accept"),
        "close_dispute": [{"report": "x"}],
    }
    return Walk(MEDIATION, {**begun, **says}).run({"dispute_id": "d1"})


def hold_round(**says: list) -> Walk:
    begun = {"choose": [WHO], "rights_notice": does("noticed"), "investigate": [{"findings": "x"}]}
    return Walk(ROUND, {**begun, **says}).run(DISPUTE)


def round_ends(result: str) -> dict[str, object]:
    return {"round_result": result, "mediator": "mira", "committee_unit": "230102001001", "level": "community"}


def test_a_dispute_that_is_refused_ends_at_once():
    assert mediate(accept_dispute=does("refuse")).passed[-2:] == ["refuse", "refused"]


@pytest.mark.parametrize("result", ["failed", "refused"])
def test_a_round_without_an_agreement_is_closed(result):
    done = mediate(mediate=[round_ends(result)])
    assert done.passed[-5:] == ["join_failed", "join_close", "close_dispute", "close", "closed"]
    assert "fail" in done.passed


@pytest.mark.parametrize(("at_once", "waits"), [(True, False), (False, True)])
def test_an_agreement_is_performed_at_once_or_by_a_day_and_then_visited(at_once, waits):
    done = mediate(
        mediate=[round_ends("agreed")],
        sign_agreement=does("written"),
        conclude=[{"on_the_spot": at_once, "performance_due_at": "2026-12-10T16:00:00+00:00"}],
        performance_due=[{}],
        follow_up=[{"revisit_next": "close"}],
    )
    assert ("performance_due" in done.passed) is waits
    assert done.passed[-1] == "closed"


def test_parties_who_do_not_sign_go_the_way_of_those_who_do_not_agree():
    done = mediate(mediate=[round_ends("agreed")], sign_agreement=does("retracted"))
    assert "fail" in done.passed
    assert "conclude" not in done.passed


def test_a_new_round_follows_a_visit_that_wants_one():
    done = mediate(
        mediate=[round_ends("agreed"), round_ends("failed")],
        sign_agreement=does("oral"),
        conclude=[{"on_the_spot": True, "performance_due_at": "2026-11-10T16:00:00+00:00"}],
        follow_up=[{"revisit_next": "remediate"}],
    )
    assert done.passed.count("mediate") == 2
    assert done.passed[-1] == "closed"


def test_a_round_ends_with_what_the_session_came_to():
    assert hold_round(mediation_session=does("continue", "continue", "agreed")).passed[-1] == "agreed"
    assert hold_round(mediation_session=does("failed")).variables["round_result"] == "failed"
    refused = hold_round(rights_notice=does("refused_by_party"))
    assert (refused.passed[-1], refused.variables["round_result"]) == ("party_refused", "refused")


def test_an_objection_leads_back_to_the_choice_of_a_mediator():
    done = hold_round(rights_notice=does("avoidance", "noticed"), mediation_session=does("failed"))
    assert done.passed.count("choose") == 2


def test_without_a_mediator_the_committee_chooses_until_it_names_one_who_may():
    nobody, barred = BpmnError("NO_MEDIATOR"), BpmnError("MEDIATOR_BARRED")
    done = hold_round(
        choose=[nobody],
        choose_mediator=does("appoint", "appoint"),
        appoint=[barred, WHO],
        mediation_session=does("agreed"),
    )
    assert done.passed.count("choose_mediator") == 2
    assert "explain_bar" in done.passed
    assert done.passed[-1] == "agreed"


def test_a_dispute_handed_up_begins_anew_there_or_comes_back():
    taken = hold_round(
        rights_notice=does("noticed", "noticed"),
        investigate=[{"findings": "x"}] * 2,
        mediation_session=does("escalate", "failed"),
        escalate=[{"upper_unit": "230102001"}],
        take_over_dispute=does("accept"),
        take_over=[{"mediator": None}],
    )
    assert taken.passed.count("choose") == 2
    back = hold_round(
        mediation_session=does("escalate", "failed"),
        escalate=[{"upper_unit": "230102001"}],
        take_over_dispute=does("return"),
    )
    assert back.passed.count("choose") == 1
    assert "back_session" in back.passed


def test_at_the_top_there_is_nobody_to_hand_up_to():
    top = BpmnError("TOP_LEVEL")
    session = hold_round(mediation_session=does("escalate", "failed"), escalate=[top])
    assert "refuse_escalation" in session.passed
    by_hand = hold_round(
        choose=[BpmnError("NO_MEDIATOR")],
        choose_mediator=does("escalate", "appoint"),
        escalate=[top],
        appoint=[WHO],
        mediation_session=does("failed"),
    )
    assert "back_hand" in by_hand.passed


@pytest.mark.parametrize(("days", "passed"), [(10, "extend"), (31, "refuse_extension")])
def test_more_time_is_granted_or_refused_and_mediation_goes_on(days, passed):
    facts = {"consent": True, "before_expiry": True, "granted": 0}
    entered = [*does("extend", extension_days=days, both_consent=True), *does("failed")]
    done = hold_round(mediation_session=entered, assess_extension=[facts])
    assert passed in done.passed
    assert done.passed[-1] == "failed"


@pytest.mark.parametrize(
    ("result", "end"),
    [("agreed", "coop_ended"), ("failed", "coop_ended"), ("declined", "failed"), ("hand_back", "failed")],
)
def test_what_an_institution_comes_to_ends_the_round_or_hands_it_back(result, end):
    entered = [*does("joint", institution="230100-LST"), *does("failed")]
    done = hold_round(mediation_session=entered, cooperate=[{"coop_result": result}])
    assert done.passed[-1] == end


def cooperate(**says: list) -> Walk:
    begun = {"invite": [{"coop_groups": ["institution_mediator@230100-LST"]}]}
    return Walk(COOP, {**begun, **says}).run(DISPUTE | WHO | {"institution": "230100-LST"})


def test_an_institution_joins_declines_or_cannot_be_asked():
    joined = cooperate(accept_coop=does("accept"), joint_session=does("continue", "agreed"))
    assert (joined.passed[-1], joined.variables["coop_result"]) == ("done", "agreed")
    declined = cooperate(accept_coop=does("decline"))
    assert (declined.passed[-1], declined.variables["coop_result"]) == ("declined", "declined")
    unfit = cooperate(invite=[BpmnError("NO_INSTITUTION")])
    assert (unfit.passed[-1], unfit.variables["coop_result"]) == ("not_invited", "declined")


def visit(*found: dict[str, object], urgings: tuple[int, ...] = (1, 2)) -> Walk:
    says = {
        "plan": [{"revisit_at": "2026-11-20T16:00:00+00:00"}],
        "visit_due": [{}] * len(found),
        "revisit": [{"performance": one["performance"]} for one in found],
        "note_revisit": [{"sued": False, "escalating": False, **one} for one in found],
        "urge_performance": [{"way": "visit"}] * len(urgings),
        "note_urging": [{"urgings": number} for number in urgings],
    }
    return Walk(REVISIT, says).run(DISPUTE | WHO)


def test_a_visit_closes_urges_or_advises_to_sue():
    assert visit({"performance": "performed"}).variables["revisit_next"] == "close"
    urged = visit({"performance": "not"}, {"performance": "performed"})
    assert urged.passed.count("urge_performance") == 1
    sued = visit({"performance": "not"}, {"performance": "not"}, {"performance": "not"})
    assert sued.passed[-2:] == ["advise_suit", "advised"]
    again = visit({"performance": "partly", "escalating": True})
    assert (again.variables["revisit_next"], again.ended) == ("remediate", Ending.COMPLETED)
