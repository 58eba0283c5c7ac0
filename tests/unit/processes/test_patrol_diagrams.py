"""The two diagrams of patrols, walked: each way through them, and every event at their edges."""

import pytest

from engine.handler import BpmnError
from engine.model.step import Ending
from tests.unit.processes.walking import Walk, model_of

TASK, SCHEDULE = model_of("patrol_task"), model_of("patrol_schedule")
FACTS = {"subject": "《巡查》", "member": "alice", "category": "school", "risk": "high", "district": "230102"}


def does(*actions: str) -> list[dict[str, object]]:
    return [{"action": action} for action in actions]


def task(**says: list) -> Walk:
    return Walk(TASK, {"begin": [FACTS], **says}, start_event="dispatched").run({"patrol_task_id": "p1"})


def test_a_patrol_is_received_walked_and_finished():
    done = task(
        receive_patrol=does("receive"),
        receive=[{"member": "alice"}],
        patrol=does("finish"),
        finish=[{"outcome": "finished"}],
    )
    assert done.passed[-2:] == ["gw_outcome", "finished"]
    assert done.ended is Ending.COMPLETED


def test_a_patrol_that_is_given_up_is_not_finished():
    done = task(receive_patrol=does("receive"), patrol=does("give_up"), give_up=[{"outcome": "given_up"}])
    assert done.passed[-2:] == ["gw_outcome", "unfinished"]


def test_a_patrol_is_handed_over_and_offered_anew_also_where_nobody_could_have_it():
    done = task(
        receive_patrol=does("hand_over", "hand_over", "receive"),
        hand_over=[BpmnError("UNFIT_MEMBER"), {"member": "walter"}],
        patrol=does("give_up"),
        give_up=[{"outcome": "given_up"}],
    )
    assert done.passed.count("receive_patrol") == 3
    assert done.passed.count("tell_unfit") == 1
    assert done.variables["member"] == "walter"


def test_what_was_left_out_comes_back_until_it_is_done():
    done = task(
        receive_patrol=does("receive"),
        patrol=does("finish", "finish", "finish"),
        finish=[BpmnError("UNCHECKED"), BpmnError("UNCHECKED"), {"outcome": "finished"}],
    )
    assert done.passed.count("tell_unchecked") == 2
    assert done.passed[-1] == "finished"


@pytest.mark.parametrize(
    ("event", "payload", "end"),
    [
        ("lapsed", {"lapsed": {"points": -1}}, "lapsed_end"),
        ("cancelled", {"cancel_reason": "封路"}, "cancelled_end"),
    ],
)
def test_what_ends_a_patrol_ends_it_wherever_it_is(event, payload, end):
    done = task(**{event: [payload]})
    assert done.passed[-1] == end
    assert done.ended is Ending.COMPLETED
    assert "receive" not in done.passed


def test_a_finding_and_the_end_of_the_time_leave_the_member_at_her_work():
    done = task(
        finding=[{"finding_id": "f1"}],
        report_case=[{"case_id": "c1"}],
        overdue=[{"overdue": {"points": -2}}],
        receive_patrol=does("receive"),
        patrol=does("finish"),
        finish=[{"outcome": "finished"}],
    )
    assert done.passed.count("report_case") == done.passed.count("reported") == 1
    assert done.passed.count("miss") == 1
    assert done.passed[-1] == "finished"


def test_a_plan_goes_round_until_there_is_no_day_any_more():
    days = [
        {"next_at": "2026-10-08T00:00:00+00:00", "occurrence_on": "2026-10-08"},
        {"next_at": "2026-10-09T00:00:00+00:00", "occurrence_on": "2026-10-09"},
        {"next_at": None, "occurrence_on": None},
    ]
    given = [{"patrol_task_id": f"p{n}", "subject": "《巡查》", "member": "alice"} for n in range(3)]
    says = {"plan": days, "due": [{}, {}], "dispatch": [{"dispatched": given}, {"dispatched": []}]}
    done = Walk(SCHEDULE, says).run({"template_id": "t1"})
    assert done.passed.count("dispatch") == 2
    assert done.passed.count("send") == 3
    assert done.passed[-1] == "over"


def test_a_plan_that_changes_while_it_waits_is_planned_anew():
    days = [
        {"next_at": "2026-10-08T00:00:00+00:00", "occurrence_on": "2026-10-08"},
        {"next_at": None, "occurrence_on": None},
    ]
    done = Walk(SCHEDULE, {"plan": days, "changed": [{}]}).run({"template_id": "t1"})
    assert done.passed.count("plan") == 2
    assert "dispatch" not in done.passed
    assert done.ended is Ending.COMPLETED
