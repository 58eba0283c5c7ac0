"""What the library does right is right here all the same. `test_traps` has the rows."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree

from engine.bpmn import read_processes
from tests.unit.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    Run,
    boundary,
    catch,
    end,
    flow,
    model_of,
    node,
    path,
    process,
    script,
    start,
    timer,
    user,
)
from tests.unit.bpmn.trap_parts import late, triggered, undone, within

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
