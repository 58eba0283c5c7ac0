"""Compensation and transactions: what has completed is undone, newest first, once; BPMN 2.0.2 §13.5.5 and §10.7."""

import pytest

from engine.errors import DeploymentError
from engine.model.step import Ending
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    Run,
    boundary,
    end,
    flow,
    mapping,
    model_of,
    node,
    path,
    script,
    service,
    start,
    throw,
    timer,
    user,
)

COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
UNDOES = 'isForCompensation="true"'


def undo_of(activity: str) -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>'


def undone(host: str, handler: str | None = None) -> str:
    """A compensation event at a host and its handler, by default the user task `undo_<host>`."""
    event, name = f"c_{host}", f"undo_{host}"
    xml = node("boundaryEvent", event, COMPENSATE, f'attachedToRef="{host}"')
    xml += handler or user(name, attributes=UNDOES)
    return xml + f'<association id="as_{host}" sourceRef="{event}" targetRef="{name}" associationDirection="One"/>'


def booked(throwing: str, *after: str) -> str:
    """Tasks `a` and `b`, both undone by a user task, then the event `t`."""
    tasks = user("a") + undone("a") + user("b") + undone("b")
    return start() + tasks + throwing + "".join(after) + path("s", "a", "b", "t")


def both_done(run: Run) -> Run:
    run.complete("a")
    run.complete("b")
    return run


def test_an_end_event_undoes_what_has_completed_newest_first_and_waits_for_each():
    run = both_done(Run(model_of(booked(end("t", COMPENSATE)))))

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    assert run.waiting == ["undo_a"]
    assert ("t", "completed") not in run.history
    assert run.complete("undo_a").ended is Ending.COMPLETED
    assert run.passed[-3:] == ["undo_b", "undo_a", "t"]


def test_an_intermediate_event_goes_on_when_all_is_undone():
    run = both_done(Run(model_of(booked(throw("t", COMPENSATE), user("after"), end(), path("t", "after", "e")))))
    run.complete("undo_b")
    assert run.waiting == ["undo_a"]

    run.complete("undo_a")

    assert run.waiting == ["after"]


def test_an_event_that_names_an_activity_undoes_that_one_alone():
    run = both_done(Run(model_of(booked(throw("t", undo_of("a")), user("after"), end(), path("t", "after", "e")))))
    assert run.waiting == ["undo_a"]

    run.complete("undo_a")

    assert run.waiting == ["after"]


def test_what_has_not_completed_is_not_undone():
    gateway = node("parallelGateway", "f") + node("parallelGateway", "j")
    parts = user("a") + undone("a") + user("b") + undone("b") + throw("t", COMPENSATE)
    run = Run(model_of(start(), gateway, parts, end(), path("s", "f", "a", "t", "j", "e"), path("f", "b", "j")))

    run.complete("a")
    assert run.waiting == ["b", "undo_a"]
    run.complete("undo_a")
    assert run.waiting == ["b", "j"]


def test_nothing_completed_means_that_the_event_passes_at_once():
    way = node("exclusiveGateway", "g", attributes='default="g_t"')
    parts = way + user("a") + undone("a") + throw("t", COMPENSATE) + user("after") + end()
    links = path("s", "g", "t", "after", "e") + path("a", "t")
    links += (
        '<sequenceFlow id="g_a" sourceRef="g" targetRef="a"><conditionExpression>x</conditionExpression></sequenceFlow>'
    )

    assert Run(model_of(start(), parts, links), {"x": False}).waiting == ["after"]


def test_nothing_is_undone_twice():
    parts = throw("t", COMPENSATE) + user("u") + throw("again", COMPENSATE) + user("v") + end()
    run = both_done(Run(model_of(booked(parts, path("t", "u", "again", "v", "e")))))
    run.complete("undo_b")
    run.complete("undo_a")

    run.complete("u")

    assert run.waiting == ["v"]


def test_an_activity_that_completed_several_times_is_undone_as_often():
    gate = node("exclusiveGateway", "m") + node("exclusiveGateway", "g", attributes='default="g_t"')
    parts = gate + user("a") + undone("a") + end("t", COMPENSATE) + path("s", "m", "a", "g", "t")
    parts += flow("g", "m", "again")
    run = Run(model_of(start(), parts))
    run.complete("a", {"again": True})
    run.complete("a", {"again": False})

    run.complete("undo_a")
    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_each_instance_of_a_multi_instance_is_undone_with_its_own_element(sequential):
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}" camunda:collection="= names"'
        ' camunda:elementVariable="who"/>'
    )
    handler = service("undo_a", mapping({"whom": "= who"}), UNDOES)
    run = Run(
        model_of(
            start(),
            user("a", marker),
            undone("a", handler),
            end("t", COMPENSATE),
            path("s", "a", "t"),
        ),
        {"names": ["x", "y"]},
    )
    run.complete("a")
    run.complete("a")

    seen = []
    for _ in range(2):
        (opened,) = run.step.opened
        seen.append(opened.local["whom"])
        run.complete("undo_a")

    assert seen == ["y", "x"]
    assert run.step.ended is Ending.COMPLETED


def test_a_sub_process_is_undone_by_undoing_what_completed_inside():
    inner = start("is") + user("a") + undone("a") + user("b") + undone("b") + end("ie") + path("is", "a", "b", "ie")
    run = Run(model_of(start(), node("subProcess", "sub", inner), end("t", undo_of("sub")), path("s", "sub", "t")))
    both_done(run)

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_the_handler_of_a_sub_process_hides_what_is_inside():
    inner = start("is") + user("a") + undone("a") + end("ie") + path("is", "a", "ie")
    sub = node("subProcess", "sub", inner) + undone("sub")
    run = Run(model_of(start(), sub, end("t", COMPENSATE), path("s", "sub", "t")))
    run.complete("a")

    assert run.waiting == ["undo_sub"]
    assert run.complete("undo_sub").ended is Ending.COMPLETED


def by_event(*content: str) -> str:
    begin = node("startEvent", "cs", COMPENSATE)
    return node("subProcess", "undoing", begin + "".join(content), 'triggeredByEvent="true"')


def test_a_compensation_event_sub_process_takes_over_and_may_undo_the_rest_itself():
    steps = user("first") + throw("rest", COMPENSATE) + end("ce") + path("cs", "first", "rest", "ce")
    inner = start("is") + user("a") + undone("a") + end("ie") + path("is", "a", "ie") + by_event(steps)
    run = Run(model_of(start(), node("subProcess", "sub", inner), end("t", COMPENSATE), path("s", "sub", "t")))
    assert run.waiting == ["a"]
    run.complete("a")

    assert run.waiting == ["first"]
    run.complete("first")
    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_compensation_event_sub_process_that_undoes_nothing_leaves_it_so():
    steps = user("only") + end("ce") + path("cs", "only", "ce")
    inner = start("is") + user("a") + undone("a") + end("ie") + path("is", "a", "ie") + by_event(steps)
    run = Run(model_of(start(), node("subProcess", "sub", inner), end("t", COMPENSATE), path("s", "sub", "t")))
    run.complete("a")

    assert run.complete("only").ended is Ending.COMPLETED
    assert "undo_a" not in run.passed


def test_an_error_handler_of_the_process_undoes_what_the_process_has_done():
    begin = node("startEvent", "es", ERROR)
    handler = node(
        "subProcess",
        "ev",
        begin + throw("t", COMPENSATE) + end("ee") + path("es", "t", "ee"),
        'triggeredByEvent="true"',
    )
    run = Run(model_of(start(), user("a"), undone("a"), service("b"), end(), path("s", "a", "b", "e"), handler))
    run.complete("a")

    run.fail("b", "NO_MEDIATOR")

    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_local_variables_of_a_completed_sub_process_come_back_for_its_handlers():
    inner = (
        start("is")
        + script("calc", "price * 2", "paid")
        + user("a")
        + undone("a", service("undo_a", mapping({"back": "= paid"}), UNDOES))
    )
    inner += end("ie") + path("is", "calc", "a", "ie") + mapping({"price": "= 21"})
    run = Run(model_of(start(), node("subProcess", "sub", inner), end("t", COMPENSATE), path("s", "sub", "t")))
    run.complete("a")

    (opened,) = run.step.opened
    assert opened.local["back"] == 42


def test_an_event_that_does_not_wait_goes_on_at_once():
    event = '<compensateEventDefinition waitForCompletion="false"/>'
    run = both_done(Run(model_of(booked(throw("t", event), user("after"), end(), path("t", "after", "e")))))

    assert sorted(run.waiting) == ["after", "undo_b"]
    run.complete("after")
    run.complete("undo_b")
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_handler_that_is_a_sub_process_runs_as_one():
    inside = start("hs") + user("x") + user("y") + end("he") + path("hs", "x", "y", "he")
    handler = node("subProcess", "undo_a", inside, UNDOES)
    run = Run(model_of(start(), user("a"), undone("a", handler), end("t", COMPENSATE), path("s", "a", "t")))
    run.complete("a")

    run.complete("x")
    assert run.complete("y").ended is Ending.COMPLETED


def test_a_compensation_in_progress_is_cancelled_with_its_scope():
    inner = start("is") + user("a") + undone("a") + end("t", COMPENSATE) + path("is", "a", "t")
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", timer("P1D"))
    run = Run(model_of(start(), sub, user("late"), end(), path("s", "sub", "e"), path("b", "late", "e")))
    run.complete("a")
    assert run.waiting == ["b", "undo_a"]

    run.fire("b")

    assert run.waiting == ["late"]
    assert ("undo_a", "cancelled") in run.history


def test_nothing_is_remembered_where_nothing_can_be_undone():
    run = Run(model_of(start(), user("a"), user("b"), end(), path("s", "a", "b", "e")))
    run.complete("a")

    assert b"undo" not in run.state.tokens


# -- transactions ----------------------------------------------------------------------------------------------------


def transaction(*content: str, marker: str = "") -> str:
    xml = node("transaction", "tx", start("is") + "".join(content) + marker)
    return xml + boundary("off", "tx", CANCEL)


def around(tx: str) -> str:
    ends = user("cancelled") + user("fine") + end()
    return start() + tx + ends + path("s", "tx", "fine", "e") + path("off", "cancelled", "e")


BOOK = user("a") + undone("a") + user("b") + undone("b")


def test_a_cancel_end_event_undoes_the_transaction_and_leaves_by_the_cancel_event():
    run = both_done(Run(model_of(around(transaction(BOOK, end("t", CANCEL), path("is", "a", "b", "t"))))))

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    run.complete("undo_a")

    assert run.waiting == ["cancelled"]
    assert ("tx", "cancelled") in run.history
    assert "off" in run.passed


def test_a_cancel_end_event_stops_what_else_runs_in_the_transaction():
    gateway = node("parallelGateway", "f")
    parts = gateway + BOOK + user("c") + end("t", CANCEL) + end("ie")
    run = Run(
        model_of(around(transaction(parts, path("is", "f", "a", "t"), path("f", "b", "ie"), path("f", "c", "ie"))))
    )
    run.complete("b")

    run.complete("a")

    assert ("c", "cancelled") in run.history
    assert run.waiting == ["undo_a"]
    run.complete("undo_a")
    assert run.waiting == ["undo_b"]


def test_a_transaction_that_is_not_cancelled_goes_its_normal_way_and_can_be_compensated_later():
    inner = transaction(
        BOOK,
        end("ie"),
        node("exclusiveGateway", "g", attributes='default="g_ie"'),
        end("t", CANCEL),
        path("is", "a", "b", "g", "ie"),
        flow("g", "t", "bad"),
    )
    parts = (
        start()
        + inner
        + end("back", COMPENSATE)
        + user("cancelled")
        + end()
        + path("s", "tx", "back")
        + path("off", "cancelled", "e")
    )
    run = both_done(Run(model_of(parts), {"bad": False}))

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    assert run.complete("undo_a").ended is Ending.COMPLETED
    assert "off" not in run.passed


def test_a_cancel_event_with_nothing_to_undo_leaves_at_once():
    run = Run(model_of(around(transaction(end("t", CANCEL), path("is", "t")))))

    assert run.waiting == ["cancelled"]


def test_a_cancel_end_event_in_an_inner_sub_process_cancels_the_transaction_around_it():
    inner = start("xs") + user("c") + undone("c") + end("t", CANCEL) + path("xs", "c", "t")
    content = user("a") + undone("a") + node("subProcess", "x", inner) + end("ie") + path("is", "a", "x", "ie")
    run = Run(model_of(around(transaction(content))))
    run.complete("a")
    run.complete("c")

    assert run.waiting == ["undo_c"]
    run.complete("undo_c")
    assert run.waiting == ["undo_a"]
    run.complete("undo_a")
    assert run.waiting == ["cancelled"]


def test_an_error_leaves_a_transaction_without_undoing_anything():
    content = user("a") + undone("a") + service("b") + end("ie") + path("is", "a", "b", "ie")
    xml = node("transaction", "tx", start("is") + content) + boundary("err", "tx", ERROR)
    run = Run(model_of(start(), xml, user("failed"), end(), path("s", "tx", "e"), path("err", "failed", "e")))
    run.complete("a")

    run.fail("b", "NO_MEDIATOR")

    assert run.waiting == ["failed"]


def test_one_cancelled_instance_cancels_the_whole_multi_instance():
    marker = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    run = Run(model_of(around(transaction(user("a"), end("t", CANCEL), path("is", "a", "t"), marker=marker))))
    assert run.waiting == ["a", "a"]

    run.complete("a")

    assert run.waiting == ["cancelled"]


# -- refusals --------------------------------------------------------------------------------------------------------

WRONG = {
    "compensation-nothing": (start() + user("a") + end("t", COMPENSATE) + path("s", "a", "t"), "t"),
    "compensation-target": (start() + user("a") + end("t", undo_of("a")) + path("s", "a", "t"), "t"),
    "compensation-handler": (
        start() + user("a") + node("boundaryEvent", "c", COMPENSATE, 'attachedToRef="a"') + end() + path("s", "a", "e"),
        "c",
    ),
    "compensation-handler-unused": (
        start() + user("a") + user("h", attributes=UNDOES) + end() + path("s", "a", "e"),
        "h",
    ),
    "compensation-handler-flow": (
        start() + user("a") + undone("a") + end("t", COMPENSATE) + path("s", "a", "t") + path("undo_a", "t"),
        "undo_a",
    ),
    "compensation-flow": (
        start() + user("a") + undone("a") + end("t", COMPENSATE) + path("s", "a", "t") + path("c_a", "t"),
        "c_a",
    ),
    "cancel-outside": (start() + end("t", CANCEL) + path("s", "t"), "t"),
    "cancel-uncaught": (
        start()
        + node("transaction", "tx", start("is") + end("ie", CANCEL) + path("is", "ie"))
        + end()
        + path("s", "tx", "e"),
        "tx",
    ),
    "attribute-value": (
        start()
        + node("transaction", "tx", start("is") + end("ie") + path("is", "ie"), 'method="##Store"')
        + end()
        + path("s", "tx", "e"),
        "tx",
    ),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_could_never_be_undone_is_refused_by_name(code):
    xml, where = WRONG[code]

    with pytest.raises(DeploymentError) as caught:
        model_of(xml)

    assert (code, where) in {(problem.code, problem.where) for problem in caught.value.problems}


def test_a_message_while_it_is_undone_still_interrupts():
    inner = start("is") + user("a") + undone("a") + end("t", COMPENSATE) + path("is", "a", "t")
    sub = node("subProcess", "sub", inner) + boundary("b", "sub", MESSAGE, interrupting=False)
    run = Run(model_of(start(), sub, user("told"), end(), path("s", "sub", "e"), path("b", "told", "e")))
    run.complete("a")

    run.deliver("b")

    assert sorted(run.waiting) == ["b", "told", "undo_a"]


def test_what_a_cancelled_compensation_has_not_undone_is_undone_by_the_next():
    handler = node(
        "subProcess",
        "ev",
        node("startEvent", "es", MESSAGE) + throw("q", COMPENSATE) + end("ee") + path("es", "q", "ee"),
        'triggeredByEvent="true"',
    )
    run = both_done(Run(model_of(booked(end("t", COMPENSATE)), handler)))
    assert sorted(run.waiting) == ["es", "undo_b"]

    run.deliver("es")

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_cancelled_transaction_undoes_what_its_own_compensation_had_not_yet_undone():
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    inner = transaction(BOOK, aside, user("k"), end("off_end", CANCEL), path("is", "a", "b", "t", "k", "off_end"))
    run = both_done(Run(model_of(around(inner))))
    assert sorted(run.waiting) == ["k", "undo_b"]

    run.complete("k")

    assert run.waiting == ["undo_b"]
    run.complete("undo_b")
    run.complete("undo_a")
    assert run.waiting == ["cancelled"]


def test_a_sub_process_that_was_undone_in_part_is_undone_to_its_end_and_not_twice():
    inner = start("is") + BOOK + end("ie") + path("is", "a", "b", "ie")
    handler = node(
        "subProcess",
        "ev",
        node("startEvent", "es", MESSAGE) + throw("q", COMPENSATE) + end("ee") + path("es", "q", "ee"),
        'triggeredByEvent="true"',
    )
    sub = node("subProcess", "sub", inner)
    run = both_done(Run(model_of(start(), sub, end("t", COMPENSATE), path("s", "sub", "t"), handler)))
    run.complete("undo_b")
    assert sorted(run.waiting) == ["es", "undo_a"]

    run.deliver("es")

    assert run.waiting == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED
