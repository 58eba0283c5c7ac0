"""Traps of the library: state, memory, speed, and what it keeps to itself. `test_traps` has the rows."""

import ast
import time
from datetime import timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import bpmn
from engine.bpmn import ExecutionError, read_processes
from engine.bpmn.document import load
from engine.errors import Conflict, DeploymentError, Invalid
from engine.model.step import Ending, Position, UserTaskOpened
from tests.unit.bpmn.diagrams import (
    MESSAGE,
    NOW,
    SIGNAL,
    Run,
    boundary,
    end,
    flow,
    mapping,
    model_of,
    node,
    path,
    process,
    script,
    start,
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
