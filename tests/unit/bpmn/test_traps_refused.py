"""Traps of the library: what it refuses, or what fails at run time. `test_traps` has the rows."""

from datetime import timedelta

import pytest

from engine.bpmn import ProcessModel, read_processes
from engine.bpmn.elements import UserTaskSpec
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    NOW,
    SIGNAL,
    Run,
    boundary,
    catch,
    definitions,
    end,
    flow,
    model_of,
    node,
    path,
    process,
    script,
    service,
    start,
    start_for,
    throw,
    timer,
    user,
)
from tests.unit.bpmn.trap_parts import refusals, undone


def test_a_complex_gateway_joins_by_its_condition():
    """complex gateway."""
    gateway = node("complexGateway", "j", "<activationCondition>activationCount &gt;= 1</activationCondition>")
    run = Run(model_of(
        start(), node("parallelGateway", "f"), user("a"), user("b"), gateway, user("z"), end(),
        path("s", "f", "a", "j", "z", "e"), path("f", "b", "j"),
    ))  # fmt: skip

    run.complete("b")

    assert sorted(run.waiting) == ["a", "z"]


def test_a_compensation_boundary_event_brings_its_handler():
    """compensation boundary event; compensation throw or end event."""
    thrown = throw("t", "<compensateEventDefinition/>")
    run = Run(model_of(start(), user("a"), undone("a"), thrown, end(), path("s", "a", "t", "e")))

    run.complete("a")

    assert run.waiting == ["undo"]
    assert run.complete("undo").ended is Ending.COMPLETED


def test_an_activity_may_have_several_flows_out_with_conditions_and_a_default():
    """more than one flow out of an activity."""
    model = model_of(
        start(), user("a", attributes='default="a_d"'), user("b"), user("c"), user("d"), end(), flow("s", "a"),
        flow("a", "b", "x &gt; 1"), flow("a", "c", "x &gt; 2"), flow("a", "d"), path("b", "e"), path("c", "e"),
        path("d", "e"),
    )  # fmt: skip

    for value, expected in ((3, ["b", "c"]), (2, ["b"]), (0, ["d"])):
        run = Run(model)
        run.complete("a", {"x": value})
        assert run.waiting == expected


def test_a_global_task_is_called_like_a_process():
    """global tasks called."""
    call = node("callActivity", "c", attributes='calledElement="q"')
    xml = definitions(f'<globalUserTask id="q"/><process id="p">{start()}{call}{end()}{path("s", "c", "e")}</process>')
    models = {model.key: model for model in read_processes(xml, "x.bpmn")}

    assert [opened.called for opened in Run(models["p"]).step.opened] == ["q"]
    assert Run(models["q"]).waiting == ["q.task"]


def test_a_scope_without_start_or_end_event_begins_where_no_flow_leads_and_ends_where_none_goes_on():
    """process or sub-process without start event; process or sub-process without end event."""
    run = Run(model_of(user("a"), node("subProcess", "m", user("b") + user("c")), path("a", "m")))
    run.complete("a")
    assert run.waiting == ["b", "c"]
    run.complete("b")

    assert run.complete("c").ended is Ending.COMPLETED


def test_a_receive_task_or_an_event_gateway_may_start_an_instance():
    """instantiating receive task; instantiating event gateway."""
    receive = model_of(
        node("receiveTask", "r", attributes='messageRef="M" instantiate="true"'), user("u"), path("r", "u")
    )
    gateway = model_of(
        node("eventBasedGateway", "g", attributes='instantiate="true"'), catch("a", MESSAGE), catch("b", SIGNAL),
        user("u"), user("v"), path("g", "a", "u"), path("g", "b", "v"),
    )  # fmt: skip

    assert Run(receive, {}, start_for(receive, "message", "report")).waiting == ["u"]
    assert Run(gateway, {}, start_for(gateway, "signal", "alarm")).waiting == ["v"]


def test_a_data_store_is_a_drawing_and_an_association_with_it_is_refused():
    """data store without a registered class."""
    store = '<dataStoreReference id="d" name="files"/>'
    written = user(
        "u", '<dataOutputAssociation id="w"><sourceRef>d</sourceRef><targetRef>d</targetRef></dataOutputAssociation>'
    )

    assert Run(model_of(store, start(), user("u"), end(), path("s", "u", "e"))).waiting == ["u"]
    assert refusals(process(store, start(), written, end(), path("s", "u", "e")))


def test_service_and_business_rule_tasks_ask_their_handler_and_their_table():
    """business rule and service tasks in the base parser."""
    rule = node("businessRuleTask", "r", attributes='camunda:decisionRef="limits"')
    run = Run(model_of(start(), service("j"), rule, end(), path("s", "j", "r", "e")))
    assert [position.kind for position in run.positions] == ["service"]
    run.complete("j")

    assert [position.kind for position in run.positions] == ["decision"]


@pytest.mark.parametrize("where", ["start", "boundary", "end"])
def test_an_event_definition_by_reference_is_the_definition(where):
    """`eventDefinitionRef` on boundary events; `eventDefinitionRef` on start and end events."""
    ref = "<eventDefinitionRef>d</eventDefinitionRef>"
    parts = {
        "start": start("s", ref) + user("u") + end() + path("s", "u", "e"),
        "boundary": start() + user("u") + boundary("b", "u", ref) + end() + path("s", "u", "e") + path("b", "e"),
        "end": start() + user("u") + end("e", ref) + path("s", "u", "e"),
    }[where]
    xml = definitions(f'<signalEventDefinition id="d" signalRef="S"/><process id="p">{parts}</process>')
    (model,) = read_processes(xml, "x.bpmn")

    run = Run(model, {}, "s" if where == "start" else None)

    if where == "start":
        assert start_for(model, "signal", "alarm") == "s"
    elif where == "boundary":
        assert [position.kind for position in run.positions] == ["user_task", "signal"]
    else:
        assert [thrown.name for thrown in run.complete("u").thrown] == ["alarm"]


def test_a_plain_iso_text_is_a_timer():
    """plain ISO timer text."""
    run = Run(model_of(start(), catch("c", timer("PT1H")), end(), path("s", "c", "e")))

    assert [position.due_at for position in run.positions] == [NOW + timedelta(hours=1)]


@pytest.mark.parametrize("text", ["<!-- why -->1 + 1", "1 <!-- why -->+ 1", "1 + 1<!-- why -->"])
def test_a_comment_in_a_script_does_not_cut_it(text):
    """an XML comment inside a script task."""
    assert Run(model_of(start(), script("x", text, "y"), end(), path("s", "x", "e"))).variables == {"y": 2}


@pytest.mark.parametrize(("ordering", "first"), [("Parallel", ["h", "a", "b"]), ("Sequential", ["h", "a"])])
def test_an_ad_hoc_sub_process_offers_its_activities_in_its_order(ordering, first):
    """ad-hoc sub-process; `ordering="Sequential"` on ad-hoc."""
    until = "<completionCondition>enough</completionCondition>"
    body = node("adHocSubProcess", "h", user("a") + user("b") + until, f'ordering="{ordering}"')
    run = Run(model_of(start(), body, end(), path("s", "h", "e")), {"enough": False})
    assert run.waiting == first

    assert run.complete("a", {"enough": True}).ended is Ending.COMPLETED
    without = process(start(), body.replace(until, ""), end(), path("s", "h", "e"))
    assert ("ad-hoc-condition", "h") in refusals(without)


def votes(condition: str, attributes: str) -> ProcessModel:
    marker = (
        f"<multiInstanceLoopCharacteristics {attributes}><completionCondition>{condition}</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )
    return model_of(start(), user("vote", marker), user("after"), end(), path("s", "vote", "after", "e"))


COLLECTED = (
    'camunda:collection="voters" camunda:elementVariable="voter" zhili:outputCollection="votes" '
    'zhili:outputElement="= vote"'
)


@pytest.mark.parametrize(
    "condition",
    [
        "nrOfCompletedInstances / nrOfInstances &gt;= 0.6",
        "numberOfCompletedInstances / numberOfInstances &gt;= 0.6",
        "nrOfActiveInstances &lt;= 2",
        "numberOfActiveInstances &lt;= 2",
        "count(votes[item = true]) / count(voters) &gt;= 0.6",
    ],
)
def test_sixty_per_cent_of_the_votes_end_a_vote(condition):
    """`numberOfCompletedInstances` and the other counters; multi-instance completion condition."""
    run = Run(votes(condition, COLLECTED), {"voters": ["a", "b", "c", "d", "e"]})
    run.complete("vote", {"vote": True})
    run.complete("vote", {"vote": True})
    assert run.waiting == ["vote"] * 3

    run.complete("vote", {"vote": True})

    assert run.waiting == ["after"]


def test_elements_may_be_called_as_the_library_calls_its_own():
    """element ids `Start`, `End`."""
    ids = ("Start", "Root", "End")
    run = Run(model_of(start("Start"), user("Root"), end("End"), path(*ids)))

    run.complete("Root")

    assert run.passed == [*ids]


def test_an_error_of_a_service_is_the_error_it_says():
    """service error surfaces as NameError in `call_service`."""
    run = Run(model_of(
        start(), service("j"), boundary("b", "j", ERROR), user("x"), end(), path("s", "j", "e"), path("b", "x", "e")
    ))  # fmt: skip

    run.fail("j", "NO_MEDIATOR", "nobody is free")

    assert run.waiting == ["x"]


def test_a_multi_instance_replaces_a_list_that_was_there_before():
    """multi-instance by cardinality with an existing output."""
    marker = (
        '<multiInstanceLoopCharacteristics zhili:outputCollection="votes" zhili:outputElement="= vote">'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    run = Run(model_of(start(), user("u", marker), end(), path("s", "u", "e")), {"votes": ["old"]})
    run.complete("u", {"vote": 1})
    run.complete("u", {"vote": 2})

    assert run.variables == {"votes": [1, 2]}


def test_candidate_groups_and_what_else_a_user_task_says_reach_the_task():
    """candidate groups and other extension attributes."""
    says = 'camunda:candidateGroups="inspectors,clerks" camunda:formKey="check" camunda:priority="70" zhili:magic="1"'
    known = says.replace(' zhili:magic="1"', "")
    task = model_of(start(), user("u", attributes=known), end(), path("s", "u", "e")).elements["u"].task
    assert isinstance(task, UserTaskSpec)
    facts = task.evaluate({}, NOW)

    assert (facts.candidate_groups, facts.form_key, facts.priority) == (("inspectors", "clerks"), "check", 70)
    assert refusals(process(start(), user("u", attributes=says), end(), path("s", "u", "e"))) == {
        ("attribute-unsupported", "u")
    }
