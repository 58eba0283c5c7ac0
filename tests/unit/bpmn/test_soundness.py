"""The token game finds what can get stuck, run twice or never run, and leaves sound models alone."""

import time

import pytest
from hypothesis import HealthCheck, given, settings

from engine.bpmn import read_file
from engine.errors import DeploymentError
from tests.unit.bpmn.blocks import BLOCKS, REGIONS
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    catch,
    end,
    flow,
    node,
    path,
    process,
    start,
    throw,
    timer,
    user,
)
from tests.unit.bpmn.drawing import drawn

RULES = ("soundness", "implicit-join")


def findings(*parts):
    """Return what is found: (code, element, severity), of a file that is refused too."""
    try:
        found = read_file(process(*parts), "flow.bpmn").findings
    except DeploymentError as error:
        found = error.problems
    return [one for one in found if one.code.startswith(RULES)]


def told(*parts):
    return {(one.code.removeprefix("soundness-"), one.where, one.severity) for one in findings(*parts)}


def gateway(kind, id_, default=""):
    return node(f"{kind}Gateway", id_, attributes=f'default="{default}"' if default else "")


def xor(id_, default=""):
    return gateway("exclusive", id_, default)


def both(id_):
    return gateway("parallel", id_)


def some(id_, default=""):
    return gateway("inclusive", id_, default)


def ab(split, join, first="a", second="b"):
    """Two tasks between a split and a join that agree, or do not."""
    return (
        start(),
        split,
        user(first),
        user(second),
        join,
        user("after"),
        end(),
        path("s", "f", first, "j", "after", "e"),
        path("f", second, "j"),
    )


def choice(*parts):
    """Two tasks between an exclusive split and something else."""
    return (
        start(),
        xor("f", "f_b"),
        user("a"),
        user("b"),
        *parts,
        end(),
        path("s", "f", "b", "j"),
        flow("f", "a", "x"),
        path("a", "j"),
    )


def test_a_parallel_split_and_join_is_sound():
    assert told(*ab(both("f"), both("j"))) == set()


def test_a_parallel_join_after_a_choice_never_fires_and_refuses_the_file():
    found = findings(*choice(both("j"), user("after"), path("j", "after", "e")))
    deadlock = next(one for one in found if one.code == "soundness-deadlock")
    assert (deadlock.where, deadlock.severity) == ("j", "error")
    assert deadlock.params["missing"] in {"a_j", "b_j"}
    assert deadlock.params["path"] in {"f_a", "f_b"}
    assert deadlock.line is not None


def test_what_is_behind_a_join_that_never_fires_is_dead():
    parts = choice(both("j"), user("after"), end("e2"), path("j", "after", "e"))
    found = told(*parts, flow("f", "e2", "y"))
    assert found == {("deadlock", "j", "warning"), ("dead", "after", "warning")}


def test_a_join_that_only_some_runs_pass_is_doubtful():
    parts = (
        start(),
        both("f"),
        user("a"),
        xor("x", "x_j"),
        user("b"),
        both("j"),
        end(),
        end("stop", TERMINATE),
        path("s", "f", "a", "j", "e"),
        path("f", "b", "x", "j"),
        flow("x", "stop", "enough"),
    )
    assert told(*parts) == set()
    without = [part.replace(TERMINATE, "") for part in parts]
    assert ("deadlock", "j", "warning") in told(*without)


def test_two_tokens_that_are_not_joined_are_told_at_the_gateway_where_they_meet():
    [found] = findings(*ab(both("f"), xor("j")))
    assert (found.code, found.where, found.severity) == ("soundness-unsynchronised", "j", "warning")


def test_two_tokens_that_come_into_an_activity_are_an_implicit_join():
    assert told(*ab(both("f"), user("j"))) == {("implicit-join", "j", "warning")}


def test_several_flows_into_an_activity_are_fine_where_only_one_can_have_a_token():
    parts = (
        start(),
        user("a"),
        xor("x", "x_e"),
        end(),
        path("s", "a", "x", "e"),
        flow("x", "a", "again"),
    )
    assert told(*parts) == set()


def test_tokens_that_reach_one_end_are_an_implicit_join_and_at_several_ends_a_remark():
    one = (start(), both("f"), user("a"), user("b"), end(), path("s", "f", "a", "e"), path("f", "b", "e"))
    assert told(*one) == {("implicit-join", "e", "warning")}
    two = (start(), both("f"), user("a"), user("b"), end(), end("e2"), path("s", "f", "a", "e"), path("f", "b", "e2"))
    [found] = findings(*two)
    assert (found.code, found.severity) == ("soundness-early-end", "info")
    assert found.where in {"e", "e2"}


def test_a_terminating_end_among_parallel_branches_is_fine():
    parts = (
        start(),
        both("f"),
        user("a"),
        user("b"),
        end(),
        end("e2", TERMINATE),
        path("s", "f", "a", "e"),
        path("f", "b", "e2"),
    )
    assert told(*parts) <= {("early-end", "e", "info")}


@pytest.mark.parametrize("join", [some("j"), both("j")])
def test_an_inclusive_split_needs_an_inclusive_join(join):
    parts = (
        start(),
        some("f", "f_b"),
        user("a"),
        user("b"),
        user("c"),
        join,
        end(),
        path("s", "f", "b", "j", "e"),
        flow("f", "a", "x"),
        flow("f", "c", "y"),
        path("a", "j"),
        path("c", "j"),
    )
    expected = set() if "inclusive" in join else {("deadlock", "j", "error")}
    assert told(*parts) == expected


def test_an_inclusive_split_into_an_exclusive_join_may_run_on_twice():
    parts = (
        start(),
        some("f"),
        user("a"),
        user("b"),
        xor("j"),
        user("after"),
        end(),
        path("s", "f"),
        flow("f", "a", "x"),
        flow("f", "b", "y"),
        path("a", "j", "after", "e"),
        path("b", "j"),
    )
    assert told(*parts) == {("unsynchronised", "j", "warning")}


def test_conditional_flows_out_of_an_activity_are_a_choice_of_several():
    parts = (
        start(),
        user("u", attributes='default="u_c"'),
        user("a"),
        user("b"),
        user("c"),
        some("j"),
        end(),
        path("s", "u", "c", "j", "e"),
        flow("u", "a", "x"),
        flow("u", "b", "y"),
        path("a", "j"),
        path("b", "j"),
    )
    assert told(*parts) == set()
    alone = [part.replace("inclusive", "exclusive") for part in parts]
    assert told(*alone) == {("unsynchronised", "j", "warning")}


def test_the_default_flow_is_never_taken_beside_others():
    parts = (
        start(),
        some("f", "f_d"),
        user("a"),
        user("d"),
        xor("j"),
        user("after"),
        end(),
        path("s", "f", "d", "j", "after", "e"),
        flow("f", "a", "x"),
        path("a", "j"),
    )
    assert told(*parts) == set()


def test_rivals_behind_an_event_gateway_are_a_choice():
    parts = (
        start(),
        gateway("eventBased", "f"),
        catch("a", MESSAGE),
        catch("b", timer("PT1H")),
        xor("j"),
        end(),
        path("s", "f", "a", "j", "e"),
        path("f", "b", "j"),
    )
    assert told(*parts) == set()
    assert ("deadlock", "j", "error") in told(*[part.replace("exclusive", "parallel") for part in parts])


@pytest.mark.parametrize(("interrupting", "expected"), [(True, set()), (False, {("unsynchronised", "j", "warning")})])
def test_a_boundary_event_goes_instead_of_the_normal_way_or_beside_it(interrupting, expected):
    parts = (
        start(),
        user("a"),
        boundary("b", "a", timer("PT1H"), interrupting=interrupting),
        user("late"),
        xor("j"),
        user("after"),
        end(),
        path("s", "a", "j", "after", "e"),
        path("b", "late", "j"),
    )
    assert told(*parts) == expected


def test_a_parallel_join_behind_an_interrupting_boundary_event_waits_for_ever():
    parts = (
        start(),
        user("a"),
        boundary("b", "a", MESSAGE),
        user("late"),
        both("j"),
        end(),
        path("s", "a", "j", "e"),
        path("b", "late", "j"),
    )
    assert ("deadlock", "j", "error") in told(*parts)


def test_a_parallel_join_behind_an_activity_and_what_runs_beside_it_is_stuck_in_some_runs():
    parts = (
        start(),
        user("a"),
        boundary("b", "a", MESSAGE, interrupting=False),
        both("j"),
        end(),
        path("s", "a", "j", "e"),
        path("b", "j"),
    )
    assert told(*parts) == {("deadlock", "j", "warning")}


def test_a_loop_whose_activity_sends_reminders_is_sound():
    parts = (
        start(),
        xor("m"),
        user("a"),
        boundary("b", "a", timer("PT1H"), interrupting=False),
        boundary("c", "a", SIGNAL, interrupting=False),
        user("remind"),
        user("alarm"),
        end("e2"),
        end("e3"),
        xor("x", "x_e"),
        end(),
        path("s", "m", "a", "x", "e"),
        flow("x", "m", "again"),
        path("b", "remind", "e2"),
        path("c", "alarm", "e3"),
    )
    assert told(*parts) == set()


def test_a_loop_that_nothing_leaves_is_an_error_and_one_that_some_runs_leave_is_not():
    parts = (start(), xor("m"), user("a"), user("b"), end(), path("s", "m", "a", "b", "m"), path("lost", "e"))
    found = told(*parts, user("lost"))
    assert found == set(), "an unreachable activity is told first"
    branch = (
        start(),
        xor("f", "f_m"),
        xor("m"),
        user("a"),
        user("b"),
        end(),
        path("s", "f", "m", "a", "b", "m"),
        flow("f", "e", "x"),
    )
    [one] = told(*branch)
    assert (one[0], one[2]) == ("endless", "warning")
    assert one[1] in {"m", "a", "b"}


def test_a_circle_does_not_keep_another_branch_from_being_seen():
    parts = (
        start(),
        both("f"),
        xor("m"),
        user("round"),
        user("a"),
        end("stop", TERMINATE),
        path("s", "f", "m", "round", "m"),
        path("f", "a", "stop"),
    )
    assert told(*parts) == set()
    [found] = [one for one in findings(*[part.replace(TERMINATE, "") for part in parts]) if one.severity == "error"]
    assert (found.code, found.where in {"m", "round"}) == ("soundness-endless", True)


def test_a_token_that_goes_back_while_another_goes_on_is_told():
    parts = (
        start(),
        xor("m"),
        user("a"),
        both("f"),
        user("b"),
        user("c"),
        xor("x", "x_j"),
        both("j"),
        end(),
        path("s", "m", "a", "f", "b", "j", "e"),
        path("f", "c", "x", "j"),
        flow("x", "m", "again"),
    )
    [found] = findings(*parts)
    assert (found.code, found.severity, found.params["path"]) == ("soundness-unsynchronised", "warning", "x_m")
    assert found.where == "f"


def test_links_lead_on():
    parts = (
        start(),
        both("f"),
        user("a"),
        throw("t", '<linkEventDefinition name="L"/>'),
        catch("k", '<linkEventDefinition name="L"/>'),
        user("b"),
        both("j"),
        end(),
        path("s", "f", "a", "t"),
        path("k", "j", "e"),
        path("f", "b", "j"),
    )
    assert told(*parts) == set()
    assert ("unsynchronised", "j", "warning") in told(*[part.replace(both("j"), xor("j")) for part in parts])


def test_a_sub_process_is_one_activity_and_is_examined_by_itself():
    inner = (
        start("i")
        + both("f")
        + user("a")
        + user("b")
        + xor("j")
        + user("after")
        + end("o")
        + path("i", "f", "a", "j", "after", "o")
        + path("f", "b", "j")
    )
    outer = (start(), node("subProcess", "sub", inner), user("u"), end(), path("s", "sub", "u", "e"))
    assert told(*outer) == {("unsynchronised", "j", "warning")}


def test_a_sub_process_that_only_its_boundary_event_ends_is_doubtful_and_not_refused():
    inner = start("i") + xor("m") + user("a") + xor("x", "x_m") + end("o") + path("i", "m", "a", "x", "m")
    loop = inner + flow("x", "o", "y")
    deadlock = start("i") + xor("f", "f_b") + user("b") + both("j") + end("o") + path("i", "f", "b", "j", "o")
    for inside, expected in ((loop, set()), (deadlock + flow("f", "j", "y"), {("deadlock", "j", "warning")})):
        parts = (
            start(),
            node("subProcess", "sub", inside),
            boundary("b1", "sub", MESSAGE),
            end(),
            end("e2"),
            path("s", "sub", "e"),
            path("b1", "e2"),
        )
        assert {one for one in told(*parts) if one[0] != "dead"} == expected


def test_an_error_end_takes_its_scope_with_it():
    inner = (
        start("i")
        + both("f")
        + user("a")
        + user("b")
        + xor("x", "x_j")
        + both("j")
        + end("o")
        + end("broken", ERROR)
        + path("i", "f", "a", "j", "o")
        + path("f", "b", "x", "j")
        + flow("x", "broken", "bad")
    )
    parts = (
        start(),
        node("subProcess", "sub", inner),
        boundary("b1", "sub", ERROR),
        end(),
        end("e2"),
        path("s", "sub", "e"),
        path("b1", "e2"),
    )
    assert told(*parts) == set()


def test_unstructured_but_sound_models_are_left_alone():
    parts = (
        start(),
        both("f"),
        both("g"),
        user("a"),
        user("b"),
        user("c"),
        both("j"),
        both("k"),
        end(),
        path("s", "f", "a", "g", "b", "j", "k", "e"),
        path("g", "c", "k"),
        flow("f", "j"),
    )
    assert told(*parts) == set()


def test_crossed_joins_that_wait_for_each_other_are_a_deadlock():
    parts = (
        start(),
        both("f"),
        both("j"),
        both("k"),
        both("l"),
        user("a"),
        user("b"),
        end(),
        path("s", "f", "j", "a", "k", "b", "j"),
        path("f", "k", "l", "e"),
        path("j", "l"),
    )
    assert {one[1:] for one in told(*parts) if one[0] == "deadlock"} <= {("j", "error"), ("k", "error"), ("l", "error")}
    assert any(one[0] == "deadlock" for one in told(*parts))


randomly = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@randomly
@given(block=BLOCKS)
def test_no_block_structured_model_has_a_finding_of_soundness(block):
    found = read_file(drawn(block).xml, "random.bpmn").findings
    assert [str(one) for one in found if one.code.startswith(RULES) and one.severity != "info"] == []


@randomly
@given(block=REGIONS)
def test_no_unstructured_model_that_always_ends_is_said_to_get_stuck(block):
    found = read_file(drawn(block).xml, "random.bpmn").findings
    stuck = {"soundness-deadlock", "soundness-endless", "soundness-dead"}
    assert [str(one) for one in found if one.code in stuck] == []


def wide(branches, length):
    """A parallel gateway with many branches, each with choices, that meet in one join."""
    parts, flows_ = [start(), both("f"), both("j"), end()], [path("s", "f"), path("j", "e")]
    for number in range(branches):
        before = "f"
        for place in range(length):
            split, one, two, merge = (f"{name}{number}_{place}" for name in ("x", "a", "b", "m"))
            parts += [xor(split, f"{split}_{two}"), user(one), user(two), xor(merge)]
            flows_ += [path(before, split, two, merge), flow(split, one, "x"), path(one, merge)]
            before = merge
        flows_.append(path(before, "j"))
    return [*parts, *flows_]


def tangled(branches):
    """Many parallel branches, each with a choice whose ways lead to two joins: far too many markings."""
    parts = [start(), both("f"), both("j"), both("k"), xor("z"), end()]
    flows_ = [path("s", "f"), path("j", "z", "e"), path("k", "z")]
    for number in range(branches):
        split, one, two = f"x{number}", f"a{number}", f"b{number}"
        parts += [xor(split, f"{split}_{two}"), user(one), user(two)]
        flows_ += [path("f", split, two, "k"), flow(split, one, "x"), path(one, "j")]
    return [*parts, *flows_]


def test_a_large_sound_diagram_is_examined_quickly():
    xml = process(*wide(50, 10))
    begin = time.process_time()
    file = read_file(xml, "wide.bpmn")
    assert time.process_time() - begin < 5
    assert [one for one in file.findings if one.code.startswith(RULES)] == []


def test_a_state_space_without_end_is_left_at_a_bound_that_is_told():
    parts = tangled(600)
    begin = time.process_time()
    found = {(one.code, one.where, one.severity) for one in findings(*parts)}
    assert time.process_time() - begin < 5
    assert ("soundness-not-decided", "p", "info") in found
    assert not [one for one in found if one[2] == "error"]
