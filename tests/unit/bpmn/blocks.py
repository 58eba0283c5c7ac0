"""Random sound diagrams: blocks inside blocks, and regions that are no blocks."""

from hypothesis import strategies as st

from tests.unit.bpmn.drawing import SIGNALS, Block
from tests.unit.bpmn.nets import crossings, nets, walks
from tests.unit.bpmn.sketch import Repeat

_TASKS = (
    "userTask",
    "serviceTask",
    "sendTask",
    "businessRuleTask",
    "callActivity",
    "receiveTask",
    "scriptTask",
    "task",
    "manualTask",
)
_WATCHABLE = ("userTask", "serviceTask", "sendTask", "businessRuleTask", "callActivity", "receiveTask")
_REPEATABLE = (*_WATCHABLE, "task", "manualTask", "scriptTask")
_EVENTS = ("timer", "message", "signal")
_TRIGGERS = st.sampled_from([*_EVENTS, "error", "escalation"])
_REPEATS = st.builds(
    Repeat,
    st.sampled_from(["parallel", "sequential", "until", "while"]),
    st.integers(0, 3),
    st.sampled_from([None, None, 1, 2]),
)

LEAVES = st.one_of(
    st.tuples(st.just("task"), st.sampled_from(_TASKS)),
    st.tuples(st.just("catch"), st.sampled_from(_EVENTS), st.sampled_from(SIGNALS)),
    st.tuples(st.just("throw"), st.sampled_from(SIGNALS)),
    st.tuples(st.just("repeated"), st.sampled_from(_REPEATABLE), _REPEATS),
    st.just(("link",)),
    st.just(("escalate",)),
)


def _storm(one: Block, two: Block, outer: bool, inner: bool) -> Block:
    """Several wait for one signal, one inside the other, and a branch beside them throws it."""
    guarded = ("guard", ("parallel", [("catch", "signal", "S"), ("task", "userTask")], False), one, inner, "signal")
    return (
        "parallel",
        [("guard", guarded, two, outer, "signal"), ("sequence", [("task", "userTask"), ("throw", "S")])],
        False,
    )


def _circling(branches: list[tuple[int, Block]], beside: Block) -> Block:
    """An inclusive join inside a loop, beside a branch whose token could come round again."""
    waiting = [(flag, ("sequence", [("task", "userTask"), block])) for flag, block in branches]
    beside = ("sequence", [("task", "userTask"), beside])
    return ("loop", ("parallel", [("inclusive", waiting, False), beside], False))


def larger(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3)
    branches = st.lists(st.tuples(st.integers(0, 7), inner), min_size=2, max_size=3)
    event = st.sampled_from(["timer", "message", "signal"])
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("parallel"), several, st.booleans()),
        st.tuples(st.just("exclusive"), branches, st.booleans()),
        st.tuples(st.just("inclusive"), branches, st.booleans()),
        st.tuples(st.just("sub"), inner, st.sampled_from(["none", "terminate", "signal", "several"])),
        st.tuples(st.just("resub"), inner, _REPEATS),
        st.tuples(st.just("guard"), inner, inner, st.booleans(), event),
        st.tuples(st.just("watch"), st.sampled_from(_WATCHABLE), inner, st.booleans(), event),
        st.tuples(st.just("bare"), inner),
        st.tuples(st.just("handled"), inner, inner, st.booleans(), _TRIGGERS, st.booleans()),
        st.tuples(st.just("escalated"), inner, inner, st.booleans(), st.booleans()),
        st.tuples(st.just("rescue"), inner, inner, st.integers(0, 7), st.booleans()),
        st.tuples(st.just("loop"), inner),
        st.builds(_storm, inner, inner, st.booleans(), st.booleans()),
        st.builds(_circling, st.lists(st.tuples(st.integers(0, 7), inner), min_size=2, max_size=3), inner),
        st.tuples(st.just("events"), inner, inner, event),
    )


def regions(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    return st.one_of(nets(inner), crossings(inner), walks(inner))


_INNER = st.recursive(LEAVES, larger, max_leaves=12)
_TOP = st.tuples(
    st.just("top"),
    _INNER,
    st.recursive(LEAVES, larger, max_leaves=3),
    st.booleans(),
    _TRIGGERS,
    st.sampled_from(["none", "terminate", "error", "escalation", "signal"]),
)
BLOCKS = st.one_of(_INNER, _INNER, _TOP)
REGIONS = regions(st.recursive(LEAVES, lambda inner: larger(inner) | regions(inner), max_leaves=4))
