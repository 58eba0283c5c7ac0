"""Tasks: entered, waiting, stored and reloaded, completed, cancelled."""

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from engine import bpmn
from engine.bpmn import ExecutionError, Moment, UserTaskSpec
from engine.errors import Conflict, Invalid
from engine.model.step import CallOpened, Closed, Ending, JobOpened, MessageAwaited, Passage, Trace, UserTaskOpened
from tests.unit.bpmn.diagrams import NOW, Run, end, mapping, model_of, node, path, script, service, start, user


def test_a_user_task_waits_until_it_is_completed_and_its_result_becomes_variables():
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")), {"case": "C-1"})

    assert run.step.opened == (UserTaskOpened(2, "u", {}),)
    assert run.step.ended is None

    step = run.complete("u", {"opinion": "同意"})

    assert step.closed == (Closed(2, "u", "completed"),)
    assert step.changed == {"opinion": "同意"}
    assert step.ended is Ending.COMPLETED
    assert run.variables == {"case": "C-1", "opinion": "同意"}
    assert step.trace == (
        Trace(2, "u", Passage.COMPLETED),
        Trace(3, "e", Passage.ENTERED),
        Trace(3, "e", Passage.COMPLETED),
    )


def test_a_cancelled_instance_closes_what_waited_and_traces_it():
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")))

    step = run.cancel()

    assert step.ended is Ending.CANCELLED
    assert step.closed == (Closed(2, "u", "cancelled"),)
    assert step.trace == (Trace(2, "u", Passage.CANCELLED),)
    assert run.positions == ()


def test_an_ended_instance_cannot_be_cancelled_again():
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")))
    run.cancel()

    with pytest.raises(Conflict, match="ended"):
        run.cancel()


def test_a_task_cannot_be_completed_twice():
    model = model_of(start(), user("u"), user("v"), end(), path("s", "u", "v", "e"))
    run = Run(model)
    activity = run.activity("u")
    run.complete("u")

    with pytest.raises(Conflict) as caught:
        bpmn.complete(model, run.state, activity, {}, now=NOW)

    assert caught.value.key == "activity-closed"


@pytest.mark.parametrize("activity", [0, -1, 1, 99])
def test_an_activity_that_never_waited_is_a_conflict(activity):
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")))

    with pytest.raises(Conflict):
        bpmn.complete(run.model, run.state, activity, {}, now=NOW)


def test_a_user_task_is_not_completed_by_a_timer_or_a_message():
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")))

    with pytest.raises(Invalid) as caught:
        run.fire("u")
    assert caught.value.key == "activity-kind"
    with pytest.raises(Invalid):
        run.deliver("u")


def test_a_command_that_raises_leaves_the_state_as_it_was():
    model = model_of(start(), user("u"), script("x", "1", "x"), user("v"), end(), path("s", "u", "x", "v", "e"))
    run = Run(model, {"a": [1]})
    before = (run.state.tokens, dict(run.state.variables))

    with pytest.raises(Invalid):
        run.complete("u", {"bad": {1: 2}})

    assert (run.state.tokens, run.state.variables) == before


def test_the_same_command_on_the_same_state_gives_the_same_step():
    model = model_of(start(), user("u"), service("j"), end(), path("s", "u", "j", "e"))
    run = Run(model, {"a": 1})

    first = bpmn.complete(model, run.state, 2, {"b": 2}, now=NOW)
    second = bpmn.complete(model, run.state, 2, {"b": 2}, now=NOW)

    assert first == second


def test_results_are_copied_so_that_the_caller_cannot_change_them_afterwards():
    run = Run(model_of(start(), user("u"), user("v"), end(), path("s", "u", "v", "e")))
    votes = ["a"]

    step = bpmn.complete(run.model, run.state, run.activity("u"), {"votes": votes}, now=NOW)
    votes.append("b")

    assert step.state.variables == {"votes": ["a"]}


def test_a_service_task_opens_a_job_with_its_topic_and_passes_the_result_on():
    run = Run(model_of(start(), service("classify"), end(), path("s", "classify", "e")))

    assert run.step.opened == (JobOpened(2, "classify", "service", "case.classify", {}),)
    assert run.complete("classify", {"category": "井盖"}).ended is Ending.COMPLETED
    assert run.variables == {"category": "井盖"}


def test_a_send_task_is_a_job_too():
    task = node("sendTask", "notify", attributes='camunda:type="external" camunda:topic="sms"')
    run = Run(model_of(start(), task, end(), path("s", "notify", "e")))

    assert run.step.opened == (JobOpened(2, "notify", "service", "sms", {}),)
    assert run.complete("notify").ended is Ending.COMPLETED


def test_job_settings_are_read():
    retries = "<camunda:failedJobRetryTimeCycle>R5/PT5M</camunda:failedJobRetryTimeCycle>"
    inside = f"<extensionElements>{retries}</extensionElements>"
    model = model_of(
        start(),
        service("j", inside, 'camunda:asyncBefore="true" camunda:jobPriority="7"'),
        end(),
        path("s", "j", "e"),
    )
    spec = cast(bpmn.JobSpec, model.elements["j"].task)

    assert spec.retries == (5, timedelta(minutes=5))
    assert spec.async_before
    assert spec.priority is not None
    assert spec.priority.evaluate({}, Moment(NOW)) == "7"


def test_a_business_rule_task_opens_a_decision_named_literally_or_by_expression():
    rule = node("businessRuleTask", "r", attributes='camunda:decisionRef="D01" camunda:resultVariable="category"')
    chosen = node("businessRuleTask", "q", attributes='camunda:decisionRef="= which"')
    run = Run(model_of(start(), rule, chosen, end(), path("s", "r", "q", "e")), {"which": "D02"})

    assert run.step.opened == (JobOpened(2, "r", "decision", "D01", {}),)
    run.complete("r", {"category": "A"})
    assert run.step.opened == (JobOpened(3, "q", "decision", "D02", {}),)


def test_a_decision_without_a_key_at_run_time_is_an_error():
    chosen = node("businessRuleTask", "q", attributes='camunda:decisionRef="= which"')

    with pytest.raises(ExecutionError) as caught:
        Run(model_of(start(), chosen, end(), path("s", "q", "e")))

    assert caught.value.key == "value-not-text"


@pytest.mark.parametrize("type_", ["task", "manualTask"])
def test_a_task_without_work_is_passed(type_):
    run = Run(model_of(start(), node(type_, "t"), end(), path("s", "t", "e")))

    assert run.step.ended is Ending.COMPLETED
    assert run.passed == ["s", "t", "e"]


def test_a_script_task_evaluates_feel_into_its_variable():
    model = model_of(start(), script("x", "amount * 2", "double"), user("u"), end(), path("s", "x", "u", "e"))

    assert Run(model, {"amount": 21}).variables == {"amount": 21, "double": 42}


def test_a_comment_inside_a_script_does_not_cut_it():
    model = model_of(start(), script("x", "amount <!-- twice --> * 2", "double"), end(), path("s", "x", "e"))

    assert Run(model, {"amount": 3}).variables["double"] == 6


def test_a_receive_task_waits_for_its_message():
    receive = node("receiveTask", "r", attributes='messageRef="M" zhili:correlationKey="= case"')
    run = Run(model_of(start(), receive, end(), path("s", "r", "e")), {"case": "C-9"})

    assert run.step.opened == (MessageAwaited(2, "r", "report", "C-9"),)
    assert run.deliver("r", {"text": "done"}).ended is Ending.COMPLETED
    assert run.variables == {"case": "C-9", "text": "done"}


def test_a_call_activity_waits_as_a_call_with_its_mappings_evaluated():
    inside = (
        '<extensionElements><camunda:in source="case" target="case_id"/>'
        '<camunda:in sourceExpression="= rounds + 1" target="round"/><camunda:in businessKey="= case"/>'
        '<camunda:out source="verdict" target="result"/>'
        '<camunda:out sourceExpression="verdict = &quot;ok&quot;" target="fine"/></extensionElements>'
    )
    call = node("callActivity", "c", inside, 'calledElement="dispatch"')
    run = Run(model_of(start(), call, end(), path("s", "c", "e")), {"case": "C-1", "rounds": 1})

    assert run.step.opened == (CallOpened(2, "c", "dispatch", {"case_id": "C-1", "round": 2}, "C-1", {}),)

    run.complete("c", {"verdict": "ok", "scratch": 1})

    assert run.variables == {"case": "C-1", "rounds": 1, "result": "ok", "fine": True}


def test_a_call_without_out_mappings_brings_nothing_back_and_all_brings_everything():
    plain = node("callActivity", "c", attributes='calledElement="p2"')
    all_ = node(
        "callActivity",
        "d",
        '<extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></extensionElements>',
        'calledElement="= next"',
    )
    run = Run(model_of(start(), plain, all_, end(), path("s", "c", "d", "e")), {"next": "p3"})

    run.complete("c", {"x": 1})
    assert run.variables == {"next": "p3"}
    assert run.step.opened == (CallOpened(3, "d", "p3", {"next": "p3"}, None, {}),)
    run.complete("d", {"x": 1})
    assert run.variables == {"next": "p3", "x": 1}


def test_input_parameters_are_local_and_output_parameters_decide_what_comes_out():
    io = mapping({"limit": "= rounds * 10", "label": "literal", "both": "= limit + 1"}, {"score": "= points + limit"})
    run = Run(model_of(start(), user("u", io), user("v"), end(), path("s", "u", "v", "e")), {"rounds": 2})

    assert run.step.opened == (UserTaskOpened(2, "u", {"limit": 20, "label": "literal", "both": 21}),)

    run.complete("u", {"points": 5})

    assert run.variables == {"rounds": 2, "score": 25}
    assert run.step.opened == (UserTaskOpened(3, "v", {}),)


def test_what_a_user_task_says_is_evaluated_over_the_variables():
    attributes = (
        'camunda:assignee="= clerk" camunda:candidateGroups="= groups" camunda:candidateUsers="li, wang"'
        ' camunda:dueDate="P1D" camunda:followUpDate="= due" camunda:priority="80" camunda:formKey="report"'
    )
    model = model_of(start(), user("u", attributes=attributes), end(), path("s", "u", "e"))
    spec = cast(UserTaskSpec, model.elements["u"].task)

    variables = {"clerk": "zhao", "groups": ["acceptor@D1"], "due": "2026-12-01T08:00:00+08:00"}
    facts = spec.evaluate(variables, NOW)

    assert facts.assignee == "zhao"
    assert facts.candidate_groups == ("acceptor@D1",)
    assert facts.candidate_users == ("li", "wang")
    assert facts.due_at == NOW + timedelta(days=1)
    assert facts.follow_up_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert facts.priority == 80
    assert facts.form_key == "report"


def test_a_silent_user_task_has_plain_facts():
    spec = cast(UserTaskSpec, model_of(start(), user("u"), end(), path("s", "u", "e")).elements["u"].task)

    facts = spec.evaluate({}, NOW)

    assert (facts.assignee, facts.candidate_groups, facts.due_at, facts.priority) == (None, (), None, 50)


@pytest.mark.parametrize(
    ("attributes", "variables", "code"),
    [
        ('camunda:candidateGroups="= groups"', {"groups": [1]}, "value-not-texts"),
        ('camunda:assignee="= clerk"', {"clerk": ["li"]}, "value-not-text"),
        ('camunda:dueDate="= due"', {"due": "tomorrow"}, "instant-value"),
        ('camunda:priority="= p"', {"p": "high"}, "value-not-number"),
    ],
)
def test_a_user_task_value_of_the_wrong_type_is_an_error_not_a_guess(attributes, variables, code):
    model = model_of(start(), user("u", attributes=attributes), end(), path("s", "u", "e"))

    with pytest.raises(ExecutionError) as caught:
        cast(UserTaskSpec, model.elements["u"].task).evaluate(variables, NOW)

    assert caught.value.key == code


def test_variables_can_be_written_from_outside_without_moving_anything():
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e")), {"a": 1})

    step = bpmn.set_variables(run.model, run.state, {"a": 2, "b": {"c": 1}}, now=NOW)

    assert step.changed == {"a": 2, "b": {"c": 1}}
    assert step.state.variables == {"a": 2, "b": {"c": 1}}
    assert step.state.tokens == run.state.tokens


def test_a_command_needs_an_instant_with_a_zone():
    model = model_of(start(), user("u"), end(), path("s", "u", "e"))

    with pytest.raises(Invalid, match="zone"):
        bpmn.start(model, {}, now=datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)


def test_the_priority_of_a_job_is_evaluated_when_it_opens():
    model = model_of(
        start(), service("x", attributes='camunda:jobPriority="= weight * 10"'), end(), path("s", "x", "e")
    )

    assert Run(model, {"weight": 4}).step.opened == (JobOpened(2, "x", "service", "case.x", {}, 40),)
    with pytest.raises(ExecutionError) as caught:
        Run(model, {"weight": 0.25})
    assert caught.value.key == "value-not-number"


def test_an_expression_knows_the_day_of_the_step_in_the_zone_of_its_moment():
    model = model_of(
        start(),
        script("x", 'string(today()) + string(now() &lt; date and time("2030-01-01T00:00:00Z"))', "d"),
        end(),
        path("s", "x", "e"),
    )
    late = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

    step = bpmn.start(model, {}, now=late)
    there = bpmn.start(model, {}, now=Moment(late.astimezone(ZoneInfo("Asia/Shanghai"))))

    assert step.state.variables["d"] == "2026-11-23true"
    assert there.state.variables["d"] == "2026-11-24true"
