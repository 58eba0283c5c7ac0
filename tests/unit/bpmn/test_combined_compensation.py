"""Elements combined: compensation, transactions, and what interrupts them."""

from datetime import timedelta

import pytest

from engine.model.step import Ending
from tests.unit.bpmn.combining import (
    AGAIN,
    CANCEL,
    COMPENSATE,
    TWICE,
    UNDOES,
    sub,
    tasks,
    triggered,
    tx,
    undone,
)
from tests.unit.bpmn.diagrams import (
    ANY_ERROR,
    MESSAGE,
    Run,
    boundary,
    end,
    model_of,
    node,
    path,
    service,
    start,
    throw,
    timer,
    user,
)


def nested(inner_end: str, outer_end: str) -> Run:
    """A transaction in a transaction; `a` in the inner and `b` in the outer one can be undone."""
    inner = start("is") + user("a") + undone("a") + end("ie", inner_end) + path("is", "a", "ie")
    content = (
        start("os") + tx("in", inner, "b", "b") + user("b") + undone("b") + end("oe", outer_end) + path("os", "in")
        + path("b", "oe")
    )  # fmt: skip
    return Run(model_of(start(), tx("out", content, "fine", "lost"), user("fine"), user("lost"), end(),
                        path("s", "out"), path("fine", "e"), path("lost", "e")))  # fmt: skip


def test_the_cancellation_of_an_inner_transaction_leaves_the_outer_one_running():
    run = nested(CANCEL, "")
    run.complete("a")
    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["b"]

    run.complete("b")

    assert tasks(run) == ["fine"]


def test_the_cancellation_of_an_outer_transaction_undoes_the_inner_one_that_had_succeeded():
    run = nested("", CANCEL)
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]
    run.complete("undo_b")
    assert tasks(run) == ["undo_a"]

    run.complete("undo_a")

    assert tasks(run) == ["lost"]


def test_what_an_inner_cancellation_has_undone_is_not_undone_by_the_outer_one_again():
    run = nested(CANCEL, CANCEL)
    run.complete("a")
    run.complete("undo_a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    run.complete("undo_b")

    assert tasks(run) == ["lost"]


def test_an_error_in_a_handler_leaves_the_cancelled_transaction_by_its_error_event():
    handler = service("undo_a", attributes=UNDOES)
    content = start("is") + user("a") + undone("a", handler) + end("ie", CANCEL) + path("is", "a", "ie")
    run = Run(model_of(
        start(), tx("t", content, "e", "lost"), boundary("hazard", "t", ANY_ERROR), user("lost"), user("help"), end(),
        path("s", "t"), path("lost", "e"), path("hazard", "help", "e"),
    ))  # fmt: skip
    run.complete("a")

    run.fail("undo_a", "NO_MEDIATOR")

    assert tasks(run) == ["help"]


def test_a_handler_that_does_not_interrupt_may_undo_what_its_sub_process_has_done():
    handler = triggered("h", MESSAGE, "t", parts=throw("t", COMPENSATE), interrupting=False)
    body = node(
        "subProcess",
        "m",
        start("is") + user("a") + undone("a") + user("u") + end("ie") + path("is", "a", "u", "ie") + handler,
    )
    run = Run(model_of(start(), body, end(), path("s", "m", "e")))
    run.complete("a")

    run.deliver("h_s")

    assert sorted(tasks(run)) == ["u", "undo_a"]
    run.complete("undo_a")
    assert run.complete("u").ended is Ending.COMPLETED


def test_every_round_of_a_loop_is_undone():
    run = Run(model_of(
        start(), user("a", AGAIN), undone("a"), end("t", COMPENSATE), path("s", "a", "t")
    ), {"again": True})  # fmt: skip
    run.complete("a")
    run.complete("a", {"again": False})
    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")

    assert tasks(run) == ["undo_a"]
    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_sub_process_that_was_interrupted_is_not_undone():
    """BPMN 2.0.2 §13.5.5: only what has completed is compensated."""
    body = node(
        "subProcess", "m", start("is") + user("a") + undone("a") + user("u") + end("ie") + path("is", "a", "u", "ie")
    )
    run = Run(model_of(
        start(), body, boundary("b", "m", MESSAGE), user("k"), undone("k"), end("t", COMPENSATE), end(),
        path("s", "m", "e"), path("b", "k", "t"),
    ))  # fmt: skip
    run.complete("a")
    run.deliver("b")

    run.complete("k")

    assert tasks(run) == ["undo_k"]
    assert run.complete("undo_k").ended is Ending.COMPLETED


def test_an_event_in_a_sub_process_undoes_nothing_outside_it():
    body = node("subProcess", "m", start("is") + user("b") + undone("b") + end("t", COMPENSATE) + path("is", "b", "t"))
    run = Run(model_of(start(), user("a"), undone("a"), body, end(), path("s", "a", "m", "e")))
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    assert run.complete("undo_b").ended is Ending.COMPLETED
    assert ("undo_a", "entered") not in run.history


def test_a_multi_instance_sub_process_is_undone_instance_by_instance_newest_first():
    says = 'isSequential="true" camunda:collection="people" camunda:elementVariable="who"'
    collected = f"<multiInstanceLoopCharacteristics {says}/>"
    undo = user("undo_a", attributes=f'{UNDOES} camunda:assignee="= who"')
    body = node(
        "subProcess", "m", start("is") + user("a") + undone("a", undo) + end("ie") + path("is", "a", "ie") + collected
    )
    run = Run(model_of(start(), body, end("t", COMPENSATE), path("s", "m", "t")), {"people": ["li", "wang"]})
    run.complete("a")
    run.complete("a")

    for who in ("wang", "li"):
        assert tasks(run) == ["undo_a"]
        assert run.step.opened[0].local.get("who", who) == who
        run.complete("undo_a")
    assert run.step.ended is Ending.COMPLETED


def test_a_handler_may_be_a_call_activity_and_is_undone_when_that_has_come_back():
    call = node("callActivity", "undo_a", attributes=f'calledElement="q" {UNDOES}')
    run = Run(model_of(start(), user("a"), undone("a", call), end("t", COMPENSATE), path("s", "a", "t")))
    run.complete("a")
    assert [position.kind for position in run.positions] == ["scope", "call"]

    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_handler_may_be_a_multi_instance():
    undo = user("undo_a", TWICE, UNDOES)
    run = Run(model_of(start(), user("a"), undone("a", undo), end("t", COMPENSATE), path("s", "a", "t")))
    run.complete("a")
    assert tasks(run) == ["undo_a", "undo_a"]
    run.complete("undo_a")

    assert run.complete("undo_a").ended is Ending.COMPLETED


def test_a_cancel_end_event_deep_in_a_multi_instance_cancels_the_transaction_around_all():
    body = sub("m", "u", inside=TWICE, last=CANCEL)
    content = start("is") + user("a") + undone("a") + body + end("ie") + path("is", "a", "m", "ie")
    run = Run(model_of(start(), tx("t", content, "e", "lost"), user("lost"), end(), path("s", "t"), path("lost", "e")))
    run.complete("a")

    run.complete("u")

    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["lost"]


def booking(throwing: str, *after: str) -> str:
    """Two activities that can be undone, then the event `t`."""
    return user("a") + undone("a") + user("b") + undone("b") + throwing + "".join(after)


def test_a_cancellation_takes_over_what_a_compensation_had_still_to_do():
    """BPMN 2.0.2 §10.7: everything that has completed in a cancelled transaction is undone."""
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    content = start("is") + booking(aside, user("k"), end("ie", CANCEL)) + path("is", "a", "b", "t", "k", "ie")
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    run.complete("a")
    run.complete("b")
    assert sorted(tasks(run)) == ["k", "undo_b"]

    run.complete("k")

    for handler in ("undo_b", "undo_a"):
        assert tasks(run) == [handler]
        run.complete(handler)
    assert tasks(run) == ["lost"]


def test_a_cancellation_does_not_undo_again_what_a_compensation_has_undone():
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    content = start("is") + booking(aside, user("k"), end("ie", CANCEL)) + path("is", "a", "b", "t", "k", "ie")
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    for done in ("a", "b", "undo_b"):
        run.complete(done)

    run.complete("k")

    assert tasks(run) == ["undo_a"]
    run.complete("undo_a")
    assert tasks(run) == ["lost"]


def test_a_handler_that_interrupts_a_compensation_can_do_it_itself():
    handler = triggered("ev", MESSAGE, "q", parts=throw("q", COMPENSATE))
    run = Run(model_of(
        start(), booking(throw("t", COMPENSATE), end()), path("s", "a", "b", "t", "e"), handler
    ))  # fmt: skip
    run.complete("a")
    run.complete("b")
    assert tasks(run) == ["undo_b"]

    run.deliver("ev_s")

    for undo in ("undo_b", "undo_a"):
        assert tasks(run) == [undo]
        run.complete(undo)
    assert run.step.ended is Ending.COMPLETED


@pytest.mark.parametrize("whole", [True, False])
def test_a_sub_process_whose_undoing_was_interrupted_is_undone_by_the_cancellation_to_its_end(whole):
    aside = throw("t", '<compensateEventDefinition waitForCompletion="false"/>')
    inner = start("ns") + user("a") + undone("a") + user("b") + undone("b") + end("ne") + path("ns", "a", "b", "ne")
    content = (
        start("is") + node("subProcess", "n", inner) + aside + user("k") + end("ie", CANCEL)
        + path("is", "n", "t", "k", "ie")
    )  # fmt: skip
    run = Run(
        model_of(start(), tx("tr", content, "e", "lost"), user("lost"), end(), path("s", "tr"), path("lost", "e"))
    )
    run.complete("a")
    run.complete("b")
    assert sorted(tasks(run)) == ["k", "undo_b"]
    if not whole:
        run.complete("undo_b")

    run.complete("k")

    for undo in ("undo_b", "undo_a") if whole else ("undo_a",):
        assert tasks(run) == [undo]
        run.complete(undo)
    assert tasks(run) == ["lost"]


def test_a_timer_that_interrupts_a_sub_process_while_it_undoes_leaves_nothing_for_later():
    """What an interrupted sub-process had done is not compensated, whatever it had begun to undo."""
    content = start("is") + booking(throw("t", COMPENSATE), end("ie")) + path("is", "a", "b", "t", "ie")
    run = Run(model_of(
        start(), node("subProcess", "m", content), boundary("late", "m", timer("PT1H")), user("k"), undone("k"),
        end("z", COMPENSATE), end(), path("s", "m", "e"), path("late", "k", "z"),
    ))  # fmt: skip
    run.complete("a")
    run.complete("b")
    run.fire("late", timedelta(hours=1))

    run.complete("k")

    assert tasks(run) == ["undo_k"]
    assert run.complete("undo_k").ended is Ending.COMPLETED
