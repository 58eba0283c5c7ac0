"""The traps of the library, one by one: each is right here, or refused at deployment.

`ROWS` lists every row of the measurements (T1 to T12, what the library refuses, what it runs wrongly, what it runs
right) with the tests here that hold the right behaviour; their docstrings cite the row.
"""

import ast
import random
import time
from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import bpmn
from engine.bpmn import ExecutionError, ProcessModel, read_processes
from engine.bpmn.document import load
from engine.bpmn.elements import UserTaskSpec
from engine.errors import Conflict, DeploymentError, Invalid
from engine.model.step import Ending, Position, UserTaskOpened
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    NOW,
    SIGNAL,
    TERMINATE,
    Run,
    boundary,
    catch,
    definitions,
    end,
    flow,
    mapping,
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

ROOT = Path(__file__).resolve().parents[3]


def loop_model():
    sub = node("subProcess", "sub", start("is") + user("u") + end("ie") + path("is", "u", "ie"))
    return model_of(
        start(), node("exclusiveGateway", "m"), node("parallelGateway", "f"), sub, node("task", "t"),
        node("parallelGateway", "j"), node("exclusiveGateway", "g", attributes='default="g_m"'), end(),
        path("s", "m", "f", "sub", "j", "g"), path("f", "t", "j"), flow("g", "e", "done"), flow("g", "m"),
    )  # fmt: skip


def test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one():
    """T1, T2, T7: nothing of what has passed stays, so no walk is long and no iterator stops short."""
    model = loop_model()
    step = bpmn.start(model, {"done": False, "note": "x" * 200}, now=NOW)
    sizes, tasks = set(), set()
    for turn in range(1, 5001):
        (opened,) = step.opened
        step = bpmn.complete(model, step.state, opened.activity, {"turn": turn}, now=NOW)
        assert [waiting.element_id for waiting in step.opened] == ["u"]
        sizes.add(len(step.state.tokens))
        tasks.add(len(load(model, step.state.tokens, {}, NOW).tasks))
    step = bpmn.complete(model, step.state, step.opened[0].activity, {"done": True}, now=NOW)

    assert step.ended is Ending.COMPLETED
    assert tasks == {4}  # the process, the join that waits, the sub-process, the user task
    assert max(sizes) < 300
    assert max(sizes) + len(orjson.dumps(step.state.variables)) < 4096


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["typename", "__builtins__", "len", "data", "local", "名"])
            | st.text(st.characters(exclude_categories=["Cs"])),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
KEEPING = model_of(
    start(), user("u"), user("v", mapping({"kept": "= value"})), user("w"), end(), path("s", "u", "v", "w", "e")
)


@settings(deadline=None)
@given(value=JSON)
def test_any_json_value_survives_storing_as_variable_and_as_local_variable(value):
    """T3: no value is ever taken for an object of the library, whatever its keys are called."""
    run = Run(KEEPING, {"typename": value})

    run.complete("u", {"value": value, "__builtins__": value})

    assert run.variables == {"typename": value, "value": value, "__builtins__": value}
    run.complete("v", {"other": value})
    assert run.variables["other"] == value
    assert run.complete("w").ended is Ending.COMPLETED


@pytest.mark.parametrize(
    "value",
    [{"typename": "timedelta", "days": 5}, {"typename": "x"}, {"a": [{"typename": "y"}]}, [[{}]], ""],
)
def test_a_value_kept_by_an_activity_comes_back_as_it_was(value):
    run = Run(KEEPING)
    run.complete("u", {"value": value})

    assert run.step.opened == (UserTaskOpened(3, "v", {"kept": value}),)
    assert run.positions[0].local == {"kept": value}


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**63, "\ud800", {"a": {1: 2}}, {"\udfff": 1}, object(), {1, 2}]
)
def test_a_value_that_is_not_json_is_refused_before_anything_happens(value):
    run = Run(KEEPING)

    with pytest.raises(Invalid):
        run.complete("u", {"value": value})


def test_a_value_that_is_nested_too_deep_is_refused():
    value: object = 1
    for _ in range(200):
        value = [value]

    with pytest.raises(Invalid) as caught:
        Run(KEEPING, {"deep": value})

    assert caught.value.key == "value-too-deep"


def test_the_compiled_diagram_is_the_same_after_a_hundred_instances():
    """T4: events, boundaries and multi-instances leave no mark on what all instances share."""
    inner = start("is") + user("iu") + end("ie") + path("is", "iu", "ie")
    model = model_of(
        start(), start("by_message", MESSAGE), node("subProcess", "sub", inner),
        boundary("b", "sub", SIGNAL, interrupting=False),
        boundary("c", "sub", timer("PT1H")), end(), path("s", "sub", "e"), path("by_message", "sub"), path("b", "e"),
        path("c", "e"),
    )  # fmt: skip

    def picture():
        return {
            name: {key: repr(value) for key, value in vars(spec).items() if not key.endswith("_event")}
            for name, spec in model.spec.task_specs.items()
        }

    before = picture()
    for turn in range(100):
        run = Run(model, {}, "by_message" if turn % 2 else None)
        run.deliver("b")
        run.fire("c") if turn % 3 else run.complete("iu")
        assert run.step.ended is Ending.COMPLETED

    assert picture() == before


def test_the_state_never_holds_the_diagram():
    """T5: a hundred tasks more in the diagram change nothing in the state."""
    ids = [f"u{number}" for number in range(100)]
    small = Run(model_of(start(), user("u0"), end(), path("s", "u0", "e")))
    large = Run(model_of(start(), *(user(id_) for id_ in ids), end(), path("s", *ids, "e")))

    assert len(large.state.tokens) == len(small.state.tokens) < 120


def test_parallel_branches_share_no_list():
    """T6: a branch that changes a list changes it for all, whole; lists never melt together."""
    model = model_of(
        start(), node("parallelGateway", "f"), user("a"), user("b"), node("parallelGateway", "j"), user("z"), end(),
        path("s", "f", "a", "j", "z", "e"), path("f", "b", "j"),
    )  # fmt: skip
    run = Run(model, {"rows": [{"n": 1}, {"n": 2}]})

    run.complete("a", {"rows": [{"n": 9}]})
    run.complete("b", {"seen": 1})

    assert run.variables == {"rows": [{"n": 9}], "seen": 1}


@pytest.mark.parametrize(
    "text",
    ['__import__("os").system("true")', "[c for c in ().__class__.__mro__]", "exec('1')", "lambda: 1", "import os"],
)
def test_python_in_a_diagram_is_no_expression(text):
    """T8: a diagram that holds Python is refused."""
    xml = process(start(), script("x", text, "y"), user("u"), end(), path("s", "x", "u", "e"))

    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "hostile.bpmn")

    assert {problem.code for problem in caught.value.problems} == {"expression-invalid"}


@pytest.mark.parametrize("text", ["value.__class__", "value.__class__.__base__", 'open("x")', "__builtins__"])
def test_what_python_would_find_inside_a_value_is_nothing_or_an_error(text):
    """T8: no path leads from a value to the machine below it."""
    xml = process(start(), script("x", text, "y"), user("u"), end(), path("s", "x", "u", "e"))
    outcome: object = None
    try:
        outcome = Run(read_processes(xml, "hostile.bpmn")[0], {"value": "text"}).variables["y"]
    except (DeploymentError, ExecutionError):
        outcome = "refused"

    assert outcome in (None, "refused")


def test_the_clock_of_the_machine_changes_nothing(monkeypatch):
    """T9: the only time is the one that the caller hands over."""
    model = model_of(
        start(), user("u"), boundary("b", "u", timer("P1D")), user("v"), end(), path("s", "u", "e"), path("b", "v", "e")
    )
    first = bpmn.start(model, {}, now=NOW)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    second = bpmn.start(model, {}, now=NOW)

    assert first == second
    timer_id = next(opened.activity for opened in first.opened if opened.element_id == "b")
    late = NOW + timedelta(days=400)
    untouched = bpmn.complete(model, first.state, first.opened[0].activity, {}, now=late)
    assert untouched.ended is Ending.COMPLETED  # the timer was due long ago, but nobody fired it
    assert bpmn.fire_timer(model, first.state, timer_id, now=late).opened[0].element_id == "v"


def test_the_zone_of_the_instant_that_is_handed_in_changes_nothing():
    model = model_of(start(), user("u"), boundary("b", "u", timer("P1D")), end(), path("s", "u", "e"), path("b", "e"))
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))

    assert bpmn.start(model, {}, now=beijing).state.tokens == bpmn.start(model, {}, now=NOW).state.tokens


def test_a_timer_keeps_its_instant_through_every_later_step():
    """T11: reloading never arms a timer again."""
    model = model_of(
        start(), node("parallelGateway", "f"), user("a"), user("a2"), user("b"), boundary("t", "b", timer("P1D")),
        end(), path("s", "f", "a", "a2", "e"), path("f", "b", "e"), path("t", "e"),
    )  # fmt: skip
    run = Run(model)
    run.now += timedelta(hours=7)
    run.complete("a")
    run.now += timedelta(hours=7)
    run.complete("a2")

    assert [position.due_at for position in run.positions if position.kind == "timer"] == [NOW + timedelta(days=1)]


def test_tokens_of_one_version_are_refused_by_another():
    parts = (start(), user("u"), end(), path("s", "u", "e"))
    run = Run(model_of(*parts))
    other = model_of(*parts, attributes='name="changed"')

    with pytest.raises(Conflict) as caught:
        bpmn.positions(other, run.state)

    assert caught.value.key == "state-of-another-version"


def test_a_repeated_error_is_the_same_error_and_never_a_stuck_state():
    """After a failure in the library the next call answers as if nothing had happened; here each call starts anew."""
    model = model_of(
        start(), user("u"), node("exclusiveGateway", "g"), end(), end("e2"),
        flow("s", "u"), flow("u", "g"), flow("g", "e", "x = 1"), flow("g", "e2", "x = 2"),
    )  # fmt: skip
    run = Run(model)

    for _ in range(2):
        with pytest.raises(ExecutionError):
            run.complete("u", {"x": 3})
    assert run.complete("u", {"x": 2}).ended is Ending.COMPLETED


def test_a_model_that_calls_itself_waits_instead_of_recursing():
    call = node("callActivity", "c", attributes='calledElement="p"')
    run = Run(model_of(start(), call, end(), path("s", "c", "e")))

    assert [position.kind for position in run.positions] == ["call"]


def test_what_waits_is_said_with_its_scope_and_host():
    inner = start("is") + user("u") + boundary("b", "u", SIGNAL) + end("ie") + path("is", "u", "ie") + path("b", "ie")
    run = Run(model_of(start(), node("subProcess", "sub", inner), end(), path("s", "sub", "e")))

    assert run.positions == (
        Position(2, "sub", "scope"),
        Position(4, "u", "user_task", scope=2),
        Position(5, "b", "signal", scope=2, host=4),
    )


# -- what the library keeps to itself ---------------------------------------------------------------------------------

KERNEL = {"SpiffWorkflow.specs", "SpiffWorkflow.specs.base", "SpiffWorkflow.task", "SpiffWorkflow.util.task",
          "SpiffWorkflow.workflow"}  # fmt: skip


def _syntax() -> list[tuple[str, ast.AST]]:
    """Every node of the syntax trees of the engine, with its module."""
    files = sorted((ROOT / "engine").rglob("*.py"))
    trees = [(file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))) for file in files]
    return [(name, part) for name, tree in trees for part in ast.walk(tree)]


def test_nothing_of_the_library_is_used_but_its_kernel():
    """T3, T6, T8, T9, T11, T12: no serializer, no deep merge, no script engine, no timers, no migration, no reset."""
    used = {part.module or "" for _name, part in _syntax() if isinstance(part, ast.ImportFrom)}
    used |= {one.name for _name, part in _syntax() if isinstance(part, ast.Import) for one in part.names}

    assert {name for name in used if name.startswith("SpiffWorkflow")} == KERNEL


def test_no_text_is_ever_run_as_python():
    """T8: the engine calls neither `exec` nor `eval` nor `compile`."""
    calls = [
        (name, part.func.id)
        for name, part in _syntax()
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id in {"exec", "eval", "compile"}
    ]

    assert calls == []


def test_the_interpreter_of_diagrams_never_asks_a_clock_of_the_wall():
    """T9: no `now`, `today`, `time` of the machine inside engine.bpmn; CPU time bounds a command, nothing else."""
    inside = [part for name, part in _syntax() if name.startswith("engine/bpmn/")]
    asked = {
        part.attr
        for part in inside
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
        and part.value.id in {"datetime", "date", "time"} and part.attr in {"now", "today", "utcnow", "time"}
    }  # fmt: skip
    imports = [part for part in inside if isinstance(part, ast.ImportFrom) and part.module == "time"]
    clocks = {alias.name for part in imports for alias in part.names}

    assert (asked, clocks) == (set(), {"thread_time"})


def test_what_has_been_done_is_never_undone_by_going_back():
    """T12: a flow back leaves what was written, and every passage stays in the history."""
    model = model_of(
        start(), node("exclusiveGateway", "m"), user("a"), user("b"),
        node("exclusiveGateway", "g", attributes='default="g_e"'), end(), path("s", "m", "a", "b", "g", "e"),
        flow("g", "m", "back"),
    )  # fmt: skip
    run = Run(model)
    run.complete("a", {"opinion": "no"})
    run.complete("b", {"back": True})

    assert (run.variables, run.waiting) == ({"opinion": "no", "back": True}, ["a"])
    assert [element for element in run.passed if element in "ab"] == ["a", "b"]


def test_a_scope_that_has_ended_leaves_nothing_in_the_state():
    """T7: no trace of a finished sub-process, and no search through it."""
    inner = start("is") + user("u") + end("ie") + path("is", "u", "ie")
    run = Run(model_of(start(), node("subProcess", "sub", inner), user("v"), end(), path("s", "sub", "v", "e")))
    run.complete("u")

    assert len(load(run.model, run.state.tokens, {}, NOW).tasks) == 2  # the process and `v`


def test_an_event_that_is_thrown_inside_reaches_the_boundary_before_the_scope_runs_on():
    """T10: one ready token at a time, outermost scope first."""
    inner = start("is") + throw("t", SIGNAL) + script("x", "1", "ran_on") + user("u") + end("ie")
    run = Run(model_of(
        start(), node("subProcess", "sub", inner + path("is", "t", "x", "u", "ie")), boundary("b", "sub", SIGNAL),
        user("v"), end(), path("s", "sub", "e"), path("b", "v", "e"),
    ))  # fmt: skip

    assert (run.waiting, run.variables) == (["v"], {})


# -- refused by the library, or failing at run time -------------------------------------------------------------------


def refusals(xml: bytes) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "x.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def undone(host: str) -> str:
    event = node("boundaryEvent", "c", "<compensateEventDefinition/>", f'attachedToRef="{host}"')
    handler = user("undo", attributes='isForCompensation="true"')
    return event + handler + '<association id="as" sourceRef="c" targetRef="undo"/>'


def triggered(definition: str, *, interrupting: bool = True) -> str:
    """An event sub-process `ev` with one user task `hu`."""
    begin = node("startEvent", "ev_s", definition, f'isInterrupting="{str(interrupting).lower()}"')
    return node("subProcess", "ev", begin + user("hu") + end("j") + path("ev_s", "hu", "j"), 'triggeredByEvent="true"')


def within(*ids: str, last: str = "", inside: str = "") -> str:
    """A sub-process `m` with user tasks in a row."""
    content = start("m_s0") + "".join(user(id_) for id_ in ids) + end("m_e0", last) + path("m_s0", *ids, "m_e0")
    return node("subProcess", "m", content + inside)


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


# -- accepted by the library, then silently wrong ---------------------------------------------------------------------


def test_a_link_leads_to_its_catch():
    """link events."""
    link = '<linkEventDefinition name="there"/>'
    run = Run(
        model_of(start(), throw("l", link), catch("c", link), user("z"), end(), path("s", "l"), path("c", "z", "e"))
    )
    assert run.waiting == ["z"]

    assert run.complete("z").ended is Ending.COMPLETED


@pytest.mark.parametrize(("definition", "names"), [(SIGNAL, ["alarm"]), (MESSAGE + SIGNAL, ["report", "alarm"])])
def test_an_end_event_throws_its_signal(definition, names):
    """signal end event; signal in a multiple end event."""
    run = Run(model_of(start(), end("e", definition), path("s", "e")))

    assert [thrown.name for thrown in run.step.thrown] == names


HANDLED = {
    "error": ERROR,
    "escalation": '<escalationEventDefinition escalationRef="X"/>',
    "compensation": "<compensateEventDefinition/>",
}


@pytest.mark.parametrize("kind", HANDLED)
def test_nothing_is_handled_that_was_not_thrown(kind):
    """error, escalation or compensation start event of an event sub-process."""
    body = within("u", inside=triggered(HANDLED[kind]))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    assert run.waiting == ["u"]

    assert run.complete("u").ended is Ending.COMPLETED
    assert "ev" not in run.passed


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_is_thrown_is_handled(kind):
    """error, escalation or compensation start event of an event sub-process."""
    body = within("u", last=HANDLED[kind], inside=triggered(HANDLED[kind]))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    run.complete("u")

    assert run.waiting == ["hu"]
    assert run.complete("hu").ended is Ending.COMPLETED


def test_an_interrupting_event_sub_process_stops_what_it_interrupts():
    """interrupting event sub-process."""
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), triggered(MESSAGE)))
    assert [(position.element_id, position.kind) for position in run.positions] == [
        ("ev_s", "message"),
        ("u", "user_task"),
    ]

    run.deliver("ev_s")

    assert run.waiting == ["hu"]
    assert ("u", "cancelled") in run.history


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
def test_an_event_sub_process_inside_a_sub_process_is_begun(definition, interrupting):
    """event sub-process inside a sub-process."""
    body = within("u", inside=triggered(definition, interrupting=interrupting))
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))

    run.deliver("ev_s")

    assert [task for task in run.waiting if task != "ev_s"] == (["hu"] if interrupting else ["u", "hu"])


def test_a_timer_that_was_not_needed_holds_nothing_up():
    """timer event sub-process not triggered."""
    run = Run(model_of(start(), user("u"), end(), path("s", "u", "e"), triggered(timer("PT1H"))))

    assert run.complete("u").ended is Ending.COMPLETED


def test_an_error_that_nobody_catches_ends_the_instance():
    """uncaught error end event in a sub-process."""
    run = Run(model_of(start(), within("u", last=ERROR), user("z"), end(), path("s", "m", "z", "e")))

    step = run.complete("u")

    assert (step.ended, step.error and step.error.code) == (Ending.ERROR, "NO_MEDIATOR")
    assert ("z", "entered") not in run.history


def test_a_message_at_the_boundary_comes_again_and_again():
    """non-interrupting message boundary event."""
    run = Run(model_of(
        start(), user("u"), boundary("b", "u", MESSAGE, interrupting=False), user("x"), end(), path("s", "u", "e"),
        path("b", "x", "e"),
    ))  # fmt: skip
    for _ in range(3):
        run.deliver("b")

    assert sorted(run.waiting) == ["b", "u", "x", "x", "x"]


def test_a_condition_sees_what_another_branch_has_written():
    """condition that becomes true through another branch."""
    condition = "<conditionalEventDefinition><condition>level &gt; 3</condition></conditionalEventDefinition>"
    run = Run(model_of(
        start(), node("parallelGateway", "f"), user("a"), catch("c", condition), user("x"), end(),
        path("s", "f", "a", "e"), path("f", "c", "x", "e"),
    ), {"level": 1})  # fmt: skip

    run.complete("a", {"level": 5})

    assert run.waiting == ["x"]


def test_a_signal_is_caught_inside_and_told_outside():
    """signal caught in the throwing instance."""
    run = Run(model_of(
        start(), node("parallelGateway", "f"), user("u"), throw("t", SIGNAL), catch("c", SIGNAL), user("x"), end(),
        path("s", "f", "c", "x", "e"), path("f", "u", "t", "e"),
    ))  # fmt: skip

    step = run.complete("u")

    assert run.waiting == ["x"]
    assert [(thrown.kind, thrown.name) for thrown in step.thrown] == [("signal", "alarm")]


def test_a_message_starts_at_its_own_start_event():
    """start by message when there is a none start event too; several start events."""
    model = model_of(
        start(), start("m", MESSAGE), user("a"), user("b"), end(), path("s", "a", "e"), path("m", "b", "e")
    )

    assert Run(model).waiting == ["a"]
    assert Run(model, {}, start_for(model, "message", "report")).waiting == ["b"]


def test_of_several_timers_after_an_event_based_gateway_one_fires():
    """several timers after an event-based gateway."""
    run = Run(model_of(
        start(), node("eventBasedGateway", "g"), catch("a", timer("PT1H")), catch("b", timer("PT2H")), user("x"),
        user("y"), end(), path("s", "g", "a", "x", "e"), path("g", "b", "y", "e"),
    ))  # fmt: skip
    late = run.activity("b")

    run.fire("a", timedelta(hours=3))

    assert run.waiting == ["x"]
    with pytest.raises(Conflict):
        bpmn.fire_timer(run.model, run.state, late, now=run.now)


@pytest.mark.parametrize("type_", ["task", "manualTask"])
def test_a_task_that_nobody_is_told_of_is_passed(type_):
    """task without type."""
    assert Run(model_of(start(), node(type_, "t"), end(), path("s", "t", "e"))).step.ended is Ending.COMPLETED


@pytest.mark.parametrize("language", ["javascript", "groovy", "python", "text/x-python", ""])
def test_a_script_in_another_language_is_refused(language):
    """`scriptFormat`."""
    task = node("scriptTask", "x", "<script>y = 1</script>", f'scriptFormat="{language}" camunda:resultVariable="y"')

    codes = {code for code, where in refusals(process(start(), task, end(), path("s", "x", "e"))) if where == "x"}

    assert codes & {"script-format", "script-foreign"}


def test_quantities_of_tokens_are_what_the_diagram_says():
    """`startQuantity`, `completionQuantity`."""
    run = Run(model_of(
        start(), user("a", attributes='completionQuantity="3"'), user("b", attributes='startQuantity="3"'), end(),
        path("s", "a", "b", "e"),
    ))  # fmt: skip

    run.complete("a")

    assert run.waiting == ["b"]
    assert run.complete("b").ended is Ending.COMPLETED


@pytest.mark.parametrize("behavior", ["None", "One", "Complex"])
def test_another_behavior_of_a_multi_instance_is_refused(behavior):
    """multi-instance behaviour none/one/complex."""
    marker = f'<multiInstanceLoopCharacteristics behavior="{behavior}"><loopCardinality>2</loopCardinality>'
    task = user("x", f"{marker}</multiInstanceLoopCharacteristics>")

    assert ("attribute-value", "x") in refusals(process(start(), task, end(), path("s", "x", "e")))


@pytest.mark.parametrize(
    "marker",
    [
        '<standardLoopCharacteristics loopMaximum="-1"/>',
        "<multiInstanceLoopCharacteristics><loopCardinality>-1</loopCardinality></multiInstanceLoopCharacteristics>",
    ],
)
def test_a_negative_number_of_rounds_or_instances_is_refused(marker):
    """negative `loopMaximum` or cardinality."""
    assert ("attribute-value", "x") in refusals(process(start(), user("x", marker), end(), path("s", "x", "e")))


def test_a_negative_cardinality_that_is_computed_is_an_error():
    """negative `loopMaximum` or cardinality."""
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>= n</loopCardinality></multiInstanceLoopCharacteristics>"
    )

    with pytest.raises(ExecutionError) as caught:
        Run(model_of(start(), user("x", marker), end(), path("s", "x", "e")), {"n": -1})

    assert caught.value.key == "cardinality-invalid"


def test_data_associations_map_the_names_of_an_io_specification():
    """data associations with an ioSpecification."""
    declared = (
        '<ioSpecification id="io"><dataInput id="i1" name="given"/><dataOutput id="o1" name="made"/><inputSet id="is1">'
        '<dataInputRefs>i1</dataInputRefs></inputSet><outputSet id="os1"><dataOutputRefs>o1</dataOutputRefs>'
        '</outputSet></ioSpecification><dataInputAssociation id="di"><sourceRef>r1</sourceRef><targetRef>i1</targetRef>'
        '</dataInputAssociation><dataOutputAssociation id="do"><sourceRef>o1</sourceRef><targetRef>r1</targetRef>'
        "</dataOutputAssociation>"
    )
    data = '<dataObject id="amount"/><dataObjectReference id="r1" dataObjectRef="amount"/>'
    run = Run(model_of(data, start(), user("u", declared), end(), path("s", "u", "e")), {"amount": 3})
    assert run.positions[0].local == {"given": 3}

    run.complete("u", {"made": 9})

    assert run.variables == {"amount": 9}


BROKEN = {
    "broken script syntax": (script("x", "1 +", "y"), path("s", "x", "e"), "expression-invalid"),
    "invalid durations": (catch("x", timer("next week")), path("s", "x", "e"), "timer-invalid"),
    "orphan nodes": (user("x"), path("s", "e"), "element-unreachable"),
}


@pytest.mark.parametrize("row", BROKEN)
def test_what_would_fail_later_is_refused_at_deployment(row):
    """broken script syntax; invalid durations; orphan nodes."""
    part, flows, code = BROKEN[row]

    assert (code, "x") in refusals(process(start(), part, end(), flows))


def test_a_called_process_is_named_to_whoever_deploys():
    """missing called process: the deployment asks for everything that a model requires."""
    model = model_of(
        start(), node("callActivity", "c", attributes='calledElement="nobody"'), end(), path("s", "c", "e")
    )

    assert [(need.kind, need.key, need.element_id) for need in model.required] == [("process", "nobody", "c")]


# -- supported by the library, and right here all the same ------------------------------------------------------------

XOR, AND, OR, EVENT = "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"
ESCALATION, CANCEL = '<escalationEventDefinition escalationRef="X"/>', "<cancelEventDefinition/>"
TWO = "<multiInstanceLoopCharacteristics {}>{}</multiInstanceLoopCharacteristics>"
CALL = node("callActivity", "u", attributes='calledElement="q"')


def _line(element: str, *beside: str, id_: str = "u") -> str:
    return start() + element + user("z") + end() + path("s", id_, "z", "e") + "".join(beside)


def _choice(type_: str, join: str) -> str:
    first = 'default="f_b"' if type_ != AND else ""
    conditions = ("x", None) if type_ != AND else (None, None)
    return (
        start() + node(type_, "f", attributes=first) + user("a") + user("b") + node(join, "j") + user("z") + end()
        + flow("s", "f") + flow("f", "a", conditions[0]) + flow("f", "b", conditions[1]) + path("a", "j", "z", "e")
        + path("b", "j")
    )  # fmt: skip


def _guard(definition: str, *, interrupting: bool = True, host: str = "") -> str:
    return _line(
        host or user("u"), boundary("b", "u", definition, interrupting=interrupting), user("x"), path("b", "x", "e")
    )


def _does(*commands: Callable[[Run], object]) -> Callable[[Run], None]:
    def play(run: Run) -> None:
        for command in commands:
            command(run)

    return play


def done(id_: str, **result: object) -> Callable[[Run], object]:
    return lambda run: run.complete(id_, result)


def come(id_: str) -> Callable[[Run], object]:
    return lambda run: run.deliver(id_)


def due(id_: str) -> Callable[[Run], object]:
    return lambda run: run.fire(id_, timedelta(hours=1))


def fail(id_: str) -> Callable[[Run], object]:
    return lambda run: run.fail(id_, "NO_MEDIATOR")


def late(id_: str) -> Callable[[Run], object]:
    return lambda run: run.escalate(id_, "LATE")


LOOP = "<standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics>"
BOTH = 'parallelMultiple="true"'
IF = "<conditionalEventDefinition><condition>level &gt; 3</condition></conditionalEventDefinition>"
LANES = '<laneSet id="ls"><lane id="l" name="clerks"><flowNodeRef>u</flowNodeRef></lane></laneSet>'
KEYED = '<messageEventDefinition messageRef="M" zhili:correlationKey="= number"/>'
TRANSACTION = (
    start() + node("transaction", "u", start("i") + user("a") + undone("a") + end("k", CANCEL) + path("i", "a", "k"))
    + boundary("off", "u", CANCEL) + user("z") + end() + path("s", "u", "e") + path("off", "z", "e")
)  # fmt: skip

# What is drawn, what happens, and what waits in the end; nothing waits when the instance has ended.
SUPPORTED: dict[str, tuple[str, Callable[[Run], object], list[str]]] = {
    "exclusive gateway": (_choice(XOR, XOR), done("b"), ["z"]),
    "parallel gateway": (_choice(AND, AND), _does(done("b"), done("a")), ["z"]),
    "inclusive gateway": (_choice(OR, OR), done("b"), ["z"]),
    "event-based exclusive gateway": (
        start() + node(EVENT, "g") + catch("a", MESSAGE) + catch("b", timer("PT1H")) + user("x") + user("y") + end()
        + path("s", "g", "a", "x", "e") + path("g", "b", "y", "e"),
        come("a"), ["x"],
    ),
    "sub-process": (_line(within("u"), id_="m"), done("u"), ["z"]),
    "call activity": (_line(CALL), done("u"), ["z"]),
    "transaction with cancel": (TRANSACTION, _does(done("a"), done("undo")), ["z"]),
    "script task": (_line(script("u", "1", "y")), _does(), ["z"]),
    "user task": (_line(user("u")), done("u"), ["z"]),
    "manual task": (_line(node("manualTask", "u")), _does(), ["z"]),
    "send task": (_line(node("sendTask", "u", attributes='messageRef="M"')), _does(), ["z"]),
    "receive task": (_line(node("receiveTask", "u", attributes='messageRef="M"')), come("u"), ["z"]),
    "standard loop": (_line(user("u", LOOP)), _does(done("u", again=True), done("u", again=False)), ["z"]),
    "multi-instance over a collection": (
        _line(user("u", TWO.format('camunda:collection="= [1, 2]"', ""))), _does(done("u"), done("u")), ["z"],
    ),
    "multi-instance by cardinality": (
        _line(user("u", TWO.format('isSequential="true"', "<loopCardinality>2</loopCardinality>"))),
        _does(done("u"), done("u")), ["z"],
    ),
    "boundary timer": (_guard(timer("PT1H")), due("b"), ["x"]),
    "boundary cycle": (
        _guard(timer("R2/PT1H", "timeCycle"), interrupting=False), _does(due("b"), due("b"), done("u")),
        ["x", "x", "z"],
    ),
    "boundary message": (_guard(MESSAGE), come("b"), ["x"]),
    "boundary signal": (_guard(SIGNAL), come("b"), ["x"]),
    "boundary error": (_guard(ERROR), fail("u"), ["x"]),
    "boundary escalation": (_guard(ESCALATION, host=CALL), late("u"), ["x"]),
    "boundary multiple": (_guard(MESSAGE + SIGNAL), come("b"), ["x"]),
    "intermediate timer": (_line(catch("u", timer("PT1H"))), due("u"), ["z"]),
    "intermediate message": (_line(catch("u", MESSAGE)), come("u"), ["z"]),
    "intermediate signal": (_line(catch("u", SIGNAL)), come("u"), ["z"]),
    "intermediate multiple": (_line(catch("u", MESSAGE + SIGNAL)), come("u"), ["z"]),
    "intermediate parallel multiple": (_line(catch("u", MESSAGE + SIGNAL, BOTH)), _does(come("u"), come("u")), ["z"]),
    "end by message": (start() + end("e", MESSAGE) + path("s", "e"), _does(), []),
    "end by error": (start() + end("e", ERROR) + path("s", "e"), _does(), []),
    "end by escalation": (start() + end("e", ESCALATION) + path("s", "e"), _does(), []),
    "end by terminate": (
        start() + node(AND, "f") + user("a") + user("b") + end("e", TERMINATE) + end("e2") + path("s", "f", "a", "e")
        + path("f", "b", "e2"),
        done("a"), [],
    ),
    "end by cancel": (TRANSACTION, _does(done("a"), done("undo"), done("z")), []),
    "event sub-process by message": (_line(user("u"), triggered(MESSAGE, interrupting=False)), come("ev_s"),
                                     ["ev_s", "hu", "u"]),
    "event sub-process by signal": (_line(user("u"), triggered(SIGNAL, interrupting=False)), come("ev_s"),
                                    ["ev_s", "hu", "u"]),
    "event sub-process by timer": (_line(user("u"), triggered(timer("PT1H"), interrupting=False)), due("ev_s"),
                                   ["hu", "u"]),
    "correlation": (_line(catch("u", KEYED)), come("u"), ["z"]),
}  # fmt: skip


@pytest.mark.parametrize("row", SUPPORTED)
def test_what_the_library_does_right_is_right_here_too(row):
    """Supported and right, with tests of ours all the same; every state is stored and read back on the way."""
    drawn, happens, waits = SUPPORTED[row]
    run = Run(model_of(drawn), {"number": "7"} if row == "correlation" else {"x": False})

    happens(run)

    assert sorted(position.element_id for position in run.positions if position.kind != "scope") == waits
    assert (run.step.ended is None) == bool(waits)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("row", SUPPORTED)
def test_the_order_of_the_elements_in_the_file_changes_nothing(row, seed):
    """Supported and right, wherever a modeller writes the elements."""
    drawn, happens, waits = SUPPORTED[row]
    root = etree.fromstring(process(drawn))
    chance = random.Random(seed)
    for scope in root.iter("{*}process", "{*}subProcess", "{*}transaction"):
        scope[:] = chance.sample(list(scope), len(scope))
    (model,) = read_processes(etree.tostring(root), "shuffled.bpmn")
    run = Run(model, {"number": "7"} if row == "correlation" else {"x": False})

    happens(run)

    assert sorted(position.element_id for position in run.positions if position.kind != "scope") == waits


REFERENCES = ("id", "sourceRef", "targetRef", "attachedToRef", "default")


class Renamed(Run):
    """A run of a model whose elements are called otherwise; it answers to the old names."""

    def __init__(self, drawn: str, variables: dict[str, object]) -> None:
        root = etree.fromstring(process(drawn))
        elements = [xml for xml in root.iter(etree.Element) if xml.get("id") and xml.getparent() is not root]
        self.names = {xml.get("id"): f"n{9_000 - place}" for place, xml in enumerate(elements)}
        for xml in root.iter(etree.Element):
            for name in REFERENCES:
                if xml.get(name) in self.names:
                    xml.set(name, self.names[xml.get(name)])
        (model,) = read_processes(etree.tostring(root), "renamed.bpmn")
        super().__init__(model, variables)

    def activity(self, element_id: str, nth: int = 0) -> int:
        return super().activity(self.names[element_id], nth)


@pytest.mark.parametrize("row", SUPPORTED)
def test_the_names_of_the_elements_change_nothing(row):
    """Supported and right, whatever a modeller calls the elements."""
    drawn, happens, waits = SUPPORTED[row]
    run = Renamed(drawn, {"number": "7"} if row == "correlation" else {"x": False})

    happens(run)

    open_ = [position.element_id for position in run.positions if position.kind != "scope"]
    assert sorted(open_) == sorted(run.names[name] for name in waits)


@pytest.mark.parametrize(
    ("definition", "kind"), [(MESSAGE, "message"), (SIGNAL, "signal"), (timer("PT1H"), "timer"), (IF, "conditional")]
)
def test_a_process_starts_by_its_event(definition, kind):
    """start by message, signal, timer, condition."""
    model = model_of(start("s", definition), user("u"), end(), path("s", "u", "e"))

    assert [(point.element_id, point.kind) for point in model.start_events] == [("s", kind)]
    assert Run(model, {}, "s").waiting == ["u"]


def test_a_lane_is_what_its_elements_say():
    """lanes."""
    assert model_of(LANES, start(), user("u"), end(), path("s", "u", "e")).elements["u"].lane == "clerks"


# -- the rows ---------------------------------------------------------------------------------------------------------

ROWS: dict[str, tuple[str, ...]] = {
    "T1": ("test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",),
    "T2": ("test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",),
    "T3": (
        "test_any_json_value_survives_storing_as_variable_and_as_local_variable",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    "T4": ("test_the_compiled_diagram_is_the_same_after_a_hundred_instances",),
    "T5": ("test_the_state_never_holds_the_diagram",),
    "T6": ("test_parallel_branches_share_no_list", "test_nothing_of_the_library_is_used_but_its_kernel"),
    "T7": (
        "test_five_thousand_turns_leave_the_state_as_small_and_the_tree_as_flat_as_one",
        "test_a_scope_that_has_ended_leaves_nothing_in_the_state",
    ),
    "T8": (
        "test_python_in_a_diagram_is_no_expression",
        "test_what_python_would_find_inside_a_value_is_nothing_or_an_error",
        "test_no_text_is_ever_run_as_python",
    ),
    "T9": (
        "test_the_clock_of_the_machine_changes_nothing",
        "test_the_interpreter_of_diagrams_never_asks_a_clock_of_the_wall",
    ),
    "T10": ("test_an_event_that_is_thrown_inside_reaches_the_boundary_before_the_scope_runs_on",),
    "T11": (
        "test_a_timer_keeps_its_instant_through_every_later_step",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    "T12": (
        "test_what_has_been_done_is_never_undone_by_going_back",
        "test_nothing_of_the_library_is_used_but_its_kernel",
    ),
    # refused by the library, or failing at run time
    "complex gateway": ("test_a_complex_gateway_joins_by_its_condition",),
    "compensation boundary event": ("test_a_compensation_boundary_event_brings_its_handler",),
    "more than one flow out of an activity": (
        "test_an_activity_may_have_several_flows_out_with_conditions_and_a_default",
    ),
    "global tasks called": ("test_a_global_task_is_called_like_a_process",),
    "process or sub-process without start event": (
        "test_a_scope_without_start_or_end_event_begins_where_no_flow_leads_and_ends_where_none_goes_on",
    ),
    "process or sub-process without end event": (
        "test_a_scope_without_start_or_end_event_begins_where_no_flow_leads_and_ends_where_none_goes_on",
    ),
    "instantiating receive task": ("test_a_receive_task_or_an_event_gateway_may_start_an_instance",),
    "instantiating event gateway": ("test_a_receive_task_or_an_event_gateway_may_start_an_instance",),
    "data store without a registered class": ("test_a_data_store_is_a_drawing_and_an_association_with_it_is_refused",),
    "business rule and service tasks in the base parser": (
        "test_service_and_business_rule_tasks_ask_their_handler_and_their_table",
    ),
    "`eventDefinitionRef` on boundary events": ("test_an_event_definition_by_reference_is_the_definition",),
    "plain ISO timer text": ("test_a_plain_iso_text_is_a_timer",),
    "an XML comment inside a script task": ("test_a_comment_in_a_script_does_not_cut_it",),
    "ad-hoc sub-process": ("test_an_ad_hoc_sub_process_offers_its_activities_in_its_order",),
    "`numberOfCompletedInstances` and the other counters": ("test_sixty_per_cent_of_the_votes_end_a_vote",),
    "element ids `Start`, `End`": ("test_elements_may_be_called_as_the_library_calls_its_own",),
    "service error surfaces as NameError": ("test_an_error_of_a_service_is_the_error_it_says",),
    "multi-instance by cardinality with an existing output": (
        "test_a_multi_instance_replaces_a_list_that_was_there_before",
    ),
    "candidate groups and other extension attributes": (
        "test_candidate_groups_and_what_else_a_user_task_says_reach_the_task",
    ),
    # accepted by the library, then silently wrong
    "compensation throw or end event": ("test_a_compensation_boundary_event_brings_its_handler",),
    "link events": ("test_a_link_leads_to_its_catch",),
    "signal end event; signal in a multiple end event": ("test_an_end_event_throws_its_signal",),
    "error, escalation or compensation start event of an event sub-process": (
        "test_nothing_is_handled_that_was_not_thrown",
        "test_what_is_thrown_is_handled",
    ),
    "interrupting event sub-process": ("test_an_interrupting_event_sub_process_stops_what_it_interrupts",),
    "event sub-process inside a sub-process": ("test_an_event_sub_process_inside_a_sub_process_is_begun",),
    "timer event sub-process not triggered": ("test_a_timer_that_was_not_needed_holds_nothing_up",),
    "uncaught error end event in a sub-process": ("test_an_error_that_nobody_catches_ends_the_instance",),
    "non-interrupting message boundary event": ("test_a_message_at_the_boundary_comes_again_and_again",),
    "condition that becomes true through another branch": ("test_a_condition_sees_what_another_branch_has_written",),
    "signal caught in the throwing instance": ("test_a_signal_is_caught_inside_and_told_outside",),
    "start by message when there is a none start event too": ("test_a_message_starts_at_its_own_start_event",),
    "several timers after an event-based gateway": ("test_of_several_timers_after_an_event_based_gateway_one_fires",),
    "task without type": ("test_a_task_that_nobody_is_told_of_is_passed",),
    "`scriptFormat`": ("test_a_script_in_another_language_is_refused",),
    "`startQuantity`, `completionQuantity`": ("test_quantities_of_tokens_are_what_the_diagram_says",),
    "multi-instance behaviour none/one/complex": ("test_another_behavior_of_a_multi_instance_is_refused",),
    "negative `loopMaximum` or cardinality": (
        "test_a_negative_number_of_rounds_or_instances_is_refused",
        "test_a_negative_cardinality_that_is_computed_is_an_error",
    ),
    "multi-instance completion condition": ("test_sixty_per_cent_of_the_votes_end_a_vote",),
    "data associations with an ioSpecification": ("test_data_associations_map_the_names_of_an_io_specification",),
    "`eventDefinitionRef` on start and end events": ("test_an_event_definition_by_reference_is_the_definition",),
    '`ordering="Sequential"` on ad-hoc': ("test_an_ad_hoc_sub_process_offers_its_activities_in_its_order",),
    "broken script syntax": ("test_what_would_fail_later_is_refused_at_deployment",),
    "invalid durations": ("test_what_would_fail_later_is_refused_at_deployment",),
    "orphan nodes": ("test_what_would_fail_later_is_refused_at_deployment",),
    "missing called process": ("test_a_called_process_is_named_to_whoever_deploys",),
    # supported and right; the first row has a case for each construct
    "Supported and right": ("test_what_the_library_does_right_is_right_here_too",),
    "start by message, signal, timer, condition": ("test_a_process_starts_by_its_event",),
    "several start events": ("test_a_message_starts_at_its_own_start_event",),
    "lanes": ("test_a_lane_is_what_its_elements_say",),
}


def test_every_row_has_a_test_that_cites_it():
    documented = {name: (value.__doc__ or "") for name, value in globals().items() if name.startswith("test_")}
    missing = {(row, name) for row, names in ROWS.items() for name in names if row not in documented.get(name, "")}

    assert missing == set()
    assert all(ROWS.values())
    assert {f"T{number}" for number in range(1, 13)} <= set(ROWS)
