"""Dispatch, return review and extension, walked: each way through the diagrams that the case flow calls."""

import pytest

from engine.model.step import Ending
from tests.unit.processes.walking import Walk, model_of

DISPATCH, RETURN_REVIEW, EXTENSION = model_of("dispatch"), model_of("return_review"), model_of("extension")
CASE = {
    "case_id": "c1",
    "category": "H0101",
    "district": "230102",
    "street": "230102001",
    "urgency": "一般",
    "round": 1,
    "returns": 0,
    "max_returns": 2,
}
UNITS = {"lead_unit": "230100-GR", "co_units": [], "supervisor_unit": "230100"}


def does(*actions: str) -> list[dict[str, object]]:
    return [{"action": action} for action in actions]


def dispatch(case: dict[str, object], **says: list) -> Walk:
    return Walk(DISPATCH, {"automatic": [UNITS], "manual": [UNITS], **says}).run({**CASE, **case})


def test_one_match_is_dispatched_by_the_system():
    done = dispatch({})
    assert done.passed[-2:] == ["automatic", "dispatched_automatically"]
    assert done.variables["dispatch_result"] == "dispatched"
    assert done.variables["lead_unit"] == "230100-GR"
    assert len(done.variables["matches"]) == 1


@pytest.mark.parametrize(
    "case",
    [{"category": "E0603"}, {"category": "H01"}, {"returns": 1}, {"round": 2}],
    ids=["none", "two", "back", "new"],
)
def test_no_match_several_or_a_second_attempt_is_dispatched_by_a_person(case):
    done = dispatch(case, manual_dispatch=does("dispatch"))
    assert done.passed[-2:] == ["manual", "dispatched"]
    assert done.variables["dispatch_result"] == "dispatched"


def test_the_dispatcher_answers_herself():
    done = dispatch({"category": "E0603"}, manual_dispatch=does("answer"))
    assert done.passed[-2:] == ["answer", "answered"]
    assert done.variables["dispatch_result"] == "answered"


@pytest.mark.parametrize(("action", "end"), [("dispatch", "dispatched"), ("answer", "answered")])
def test_a_hard_case_is_decided_by_the_duty_leader(action, end):
    done = dispatch({"category": "E0603"}, manual_dispatch=does("hard"), leader_dispatch=does(action))
    assert "leader_dispatch" in done.passed
    assert done.passed[-1] == end


@pytest.mark.parametrize(
    ("kind", "answers", "result"),
    [
        ("dispatch_error", ("agree",), "agreed"),
        ("dispatch_error", ("refuse",), "refused"),
        ("evidence", ("agree", "agree"), "agreed"),
        ("evidence", ("agree", "refuse"), "refused"),
        ("evidence", ("refuse",), "refused"),
    ],
)
def test_a_return_is_reviewed_at_as_many_levels_as_its_kind_deserves(kind, answers, result):
    says = {"review_return": does(*answers), "agree": [{"returns": 1}], "refuse": [{"returns": 1}]}
    done = Walk(RETURN_REVIEW, says).run({**CASE, "return_kind": kind})
    assert done.passed[-1] == result
    assert done.passed.count("review_return") == len(answers)
    assert (done.variables["return_result"], done.variables["returns"]) == (result, 1)


def test_a_return_too_many_is_dispatched_for_good_without_review():
    done = Walk(RETURN_REVIEW, {"force": [{"returns": 3}]}).run({**CASE, "returns": 2})
    assert done.passed[-1] == "forced"
    assert done.variables["return_result"] == "forced"


def extension(granted: int, before: bool, requested: int, *, recent: int = 1, **says: list) -> Walk:
    facts = {
        "granted": granted,
        "before_expiry": before,
        "original_value": 4,
        "original_unit": "工作日",
        "recent_requests": recent,
    }
    case = {**CASE, "requested_value": requested, "requested_unit": "工作日", "lead_unit": "230100-GR"}
    return Walk(EXTENSION, {"assess": [facts], **says}).run(case)


def test_a_short_first_extension_needs_nobody():
    done = extension(0, True, 2)
    assert done.passed[-2:] == ["grant", "granted"]
    assert "extension_review" not in done.passed


@pytest.mark.parametrize(("action", "result"), [("agree", "granted"), ("refuse", "refused")])
def test_a_longer_first_extension_is_the_duty_leaders(action, result):
    done = extension(0, True, 4, extension_review=does(action))
    assert done.variables["extension_result"] == result
    assert done.passed.count("extension_review") == 1
    assert done.ended is Ending.COMPLETED


@pytest.mark.parametrize(
    ("granted", "requested", "recent", "levels"),
    [(1, 2, 1, 3), (0, 9, 1, 4), (0, 1, 10, 4)],
    ids=["second", "long", "bulk"],
)
def test_others_pass_as_many_levels_as_the_table_has(granted, requested, recent, levels):
    agreed = extension(granted, True, requested, recent=recent, extension_review=does(*["agree"] * levels))
    assert agreed.passed.count("extension_review") == levels
    assert agreed.variables["extension_result"] == "granted"
    for stopped_at in range(1, levels + 1):
        answers = does(*["agree"] * (stopped_at - 1), "refuse")
        refused = extension(granted, True, requested, recent=recent, extension_review=answers)
        assert refused.passed.count("extension_review") == stopped_at
        assert refused.passed[-1] == "refused"


def test_a_request_after_the_limit_is_refused_outright():
    done = extension(0, False, 1)
    assert done.passed[-2:] == ["refuse_outright", "refused_outright"]
    assert done.variables["extension_result"] == "refused"
