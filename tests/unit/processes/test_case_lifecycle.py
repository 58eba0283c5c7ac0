"""The diagram of the case flow, walked: each way that a case can take, and that every flow of it can be taken."""

from collections.abc import Mapping

import pytest

from engine.handler import BpmnError
from engine.model.step import Ending
from tests.unit.processes.walking import Walk, model_of

MODEL = model_of("case_lifecycle")
FACTS: Mapping[str, object] = {
    "channel": "phone",
    "category": "H0501",
    "request_type": "投诉",
    "region": "230102001000",
    "community": None,
    "street": "230102001",
    "district": "230102",
    "urgency": "一般",
    "duplicates": 0,
    "round": 1,
    "returns": 0,
    "callback_attempts": 0,
    "satisfied": False,
}
DISPATCHED = {"lead_unit": "230100-SC", "co_units": [], "supervisor_unit": "230100", "dispatch_result": "dispatched"}


def does(*actions: str) -> list[dict[str, object]]:
    return [{"action": action} for action in actions]


HAPPY: Mapping[str, list] = {
    "classify": [FACTS],
    "register": does("accept"),
    "find_duplicates": [{"duplicates": 0}],
    "file": does("file"),
    "dispatch": [DISPATCHED],
    "sign": does("sign"),
    "handle": does("feedback"),
    "result_review": does("approve"),
    "callback": does("reached"),
    "record_callback": [{"callback_attempts": 1, "satisfied": True}],
    "archive": does("archive"),
}


def walk(**changes: list) -> Walk:
    return Walk(MODEL, {**HAPPY, **changes}).run({"case_id": "c1"})


def passed(done: Walk, *elements: str) -> bool:
    """Tell whether the elements were passed in this order."""
    rest = iter(done.passed)
    return all(element in rest for element in elements)


def test_the_plain_case_goes_from_report_to_archive():
    done = walk()
    assert done.ended is Ending.COMPLETED
    nodes = [name for name in done.passed if MODEL.elements[name].type in ("userTask", "callActivity")]
    assert nodes == ["register", "file", "dispatch", "sign", "handle", "result_review", "callback", "archive"]
    assert done.passed[-1] == "archived"


@pytest.mark.parametrize(("action", "service"), [("answer", "answer"), ("refuse", "refuse"), ("transfer", "transfer")])
def test_what_is_not_accepted_is_recorded_and_archived(action, service):
    done = walk(register=does(action))
    assert passed(done, "register", service, "archive", "record_archive", "archived")
    assert "file" not in done.passed


def test_the_acceptor_corrects_category_and_urgency_and_the_limits_follow():
    corrected = {"action": "accept", "urgency": "特急", "category": "H0103", "opinion": "更正"}
    done = walk(register=[corrected], field_check=does("pass"))
    assert done.variables["urgency"] == "特急"
    assert done.variables["category"] == "H0103"
    assert done.variables["request_type"] == "投诉"
    assert done.variables["max_returns"] == 1
    assert "opinion" not in done.variables


@pytest.mark.parametrize(
    ("said", "via"),
    [
        ({"supplement": does("supplemented")}, "supplement"),
        ({"supplemented": [{"supplement_text": "在三号楼"}]}, "supplemented"),
        ({"supplement_over": [{}]}, "supplement_over"),
    ],
)
def test_missing_information_comes_by_call_by_message_or_not_at_all(said, via):
    done = walk(register=does("supplement", "accept"), **said)
    assert passed(done, "register", "request_supplement", via, "record_supplement", "register", "record_register")
    assert done.ended is Ending.COMPLETED


def test_a_reporter_withdraws_before_acceptance():
    done = walk(register=[], withdrawn_early=[{"withdraw_reason": "已解决"}])
    assert done.passed[-2:] == ["withdraw", "withdrawn"]
    assert done.variables["withdraw_reason"] == "已解决"


def test_a_reporter_withdraws_while_information_is_awaited():
    done = walk(register=does("supplement"), withdrawn_late=[{}])
    assert done.passed[-2:] == ["withdraw_supplement", "withdrawn_supplement"]


@pytest.mark.parametrize("action", ["related", "distinct"])
def test_a_suspected_duplicate_that_is_none_goes_on(action):
    done = walk(find_duplicates=[{"duplicates": 2}], duplicate=does(action))
    assert passed(done, "duplicate", "relate", "verification", "file", "archived")


def test_a_duplicate_is_merged_and_archived():
    done = walk(find_duplicates=[{"duplicates": 1}], duplicate=does("merge"))
    assert passed(done, "duplicate", "merge", "archive", "archived")
    assert "file" not in done.passed


def test_a_master_that_cannot_be_one_is_judged_again():
    done = walk(
        find_duplicates=[{"duplicates": 1}],
        duplicate=does("merge", "distinct"),
        merge=[BpmnError("MASTER_UNFIT", "already a follower")],
    )
    assert passed(done, "duplicate", "master_unfit", "duplicate", "relate", "file", "archived")


@pytest.mark.parametrize("action", ["confirmed", "unverifiable"])
def test_a_public_report_of_an_event_is_verified_before_it_is_filed(action):
    done = walk(classify=[{**FACTS, "category": "E0102"}], verify=does(action), field_check=does("pass"))
    assert passed(done, "verify", "record_verify", "file", "field_check", "archived")


def test_an_unfounded_report_is_archived_without_filing():
    done = walk(classify=[{**FACTS, "category": "E0102"}], verify=does("unfounded"))
    assert passed(done, "verify", "record_verify", "archive", "archived")
    assert "file" not in done.passed


def test_filing_may_be_declined():
    assert passed(walk(file=does("not_file")), "file", "record_file", "archive", "archived")


def test_filing_may_be_deferred_for_a_time_from_the_table():
    done = walk(file=does("defer", "file"), deferred=[{}])
    assert passed(done, "file", "deferred", "file", "dispatch")
    assert done.variables["defer_days"] == 7


def test_the_dispatcher_may_answer():
    done = walk(dispatch=[{**DISPATCHED, "dispatch_result": "answered"}])
    assert passed(done, "dispatch", "archive", "archived")
    assert "sign" not in done.passed


def test_an_objection_that_is_agreed_to_goes_back_to_dispatch():
    back = {"returns": 1, "return_result": "agreed"}
    done = walk(sign=does("return", "sign"), return_review=[back])
    assert passed(done, "dispatch", "sign", "return_review", "dispatch", "sign", "handle")
    assert done.variables["returns"] == 1


@pytest.mark.parametrize("result", ["refused", "forced"])
def test_an_objection_that_is_refused_goes_back_to_the_unit(result):
    done = walk(sign=does("return", "sign"), return_review=[{"returns": 1, "return_result": result}])
    assert passed(done, "sign", "return_review", "sign", "record_sign", "handle")
    assert done.passed.count("dispatch") == 1


def test_a_case_may_be_returned_during_handling():
    done = walk(
        sign=does("sign", "sign"),
        handle=does("return", "feedback"),
        return_review=[{"returns": 1, "return_result": "agreed"}],
    )
    assert passed(done, "handle", "return_review", "dispatch", "sign", "handle", "record_feedback")


def test_an_extension_comes_back_to_handling_whatever_was_decided():
    done = walk(handle=does("extend", "feedback"), extension=[{"extension_result": "refused"}])
    assert passed(done, "handle", "extension", "handle", "record_feedback")


def test_a_result_may_be_sent_back():
    done = walk(handle=does("feedback", "feedback"), result_review=does("redo", "approve"))
    assert passed(done, "result_review", "record_review", "handle", "result_review", "callback")


def test_the_duty_leader_may_have_any_result_checked_on_site():
    done = walk(result_review=does("check"), field_check=does("pass"))
    assert passed(done, "result_review", "field_check", "record_check", "callback")


def test_a_failed_check_leads_back_to_handling():
    done = walk(
        handle=does("feedback", "feedback"),
        result_review=does("check", "check"),
        field_check=does("fail", "pass"),
    )
    assert passed(done, "field_check", "record_check", "handle", "field_check", "callback")


def test_a_reporter_who_is_not_reached_is_called_again_later_but_not_for_ever():
    attempts = [{"callback_attempts": number, "satisfied": False} for number in (1, 2, 3)]
    done = walk(callback=does("unreached", "unreached", "unreached"), record_callback=attempts, callback_later=[{}, {}])
    assert done.passed.count("callback") == done.variables["max_attempts"] == 3
    assert done.passed[-1] == "archived"


def test_a_dissatisfied_reporter_starts_a_new_round():
    done = walk(
        sign=does("sign", "sign"),
        handle=does("feedback", "feedback"),
        result_review=does("approve", "approve"),
        field_check=does("pass"),
        callback=does("reached", "reached"),
        record_callback=[{"callback_attempts": 1, "satisfied": False}, {"callback_attempts": 1, "satisfied": True}],
        redispatch=does("redispatch"),
        record_redispatch=[{"round": 2, "callback_attempts": 0}],
    )
    assert passed(done, "callback", "redispatch", "dispatch", "sign", "field_check", "callback", "archived")


@pytest.mark.parametrize(("action", "round_number"), [("justified", 1), ("redispatch", 4), ("escalate", 4)])
def test_rounds_end_by_judgement_or_by_the_limit_of_the_table(action, round_number):
    done = walk(
        record_callback=[{"callback_attempts": 1, "satisfied": False}],
        redispatch=does(action),
        record_redispatch=[{"round": round_number, "callback_attempts": 0}],
    )
    assert passed(done, "redispatch", "record_redispatch", "archive", "archived")
    assert done.passed.count("dispatch") == 1


def test_an_incomplete_file_is_corrected_before_it_is_archived():
    done = walk(archive=does("return", "archive"), correct=does("corrected"))
    assert passed(done, "archive", "correct", "record_correct", "archive", "archived")
