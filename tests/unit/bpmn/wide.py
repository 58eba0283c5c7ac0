"""Random diagrams with elements that the reference does not know: they end, live and stored and renamed alike."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.unit.bpmn.blocks import LEAVES, larger, regions
from tests.unit.bpmn.drawing import SIGNALS, Block, Draughtsman, Ends
from tests.unit.bpmn.sketch import Sketch
from tests.unit.bpmn.walks import READY

_MESSAGE = '<messageEventDefinition messageRef="M"/>'
_SIGNAL = '<signalEventDefinition signalRef="S"/>'
_TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
_CONDITION = f"<conditionalEventDefinition><condition>{READY} = true</condition></conditionalEventDefinition>"
_COMPENSATE = "<compensateEventDefinition/>"
_CANCEL = "<cancelEventDefinition/>"
_SEVERAL = (_MESSAGE + _SIGNAL, _MESSAGE + _TIMER, _SIGNAL + _TIMER, _MESSAGE + _SIGNAL + _TIMER, _MESSAGE + _CONDITION)

_LEAVES = st.one_of(
    st.tuples(st.just("several"), st.sampled_from(_SEVERAL), st.booleans()),
    st.just(("condition",)),
    st.tuples(st.just("quantity"), st.integers(1, 3)),
    st.tuples(
        st.just("adhoc"), st.integers(1, 3), st.booleans(), st.booleans(), st.sampled_from(["true", f"{READY} = true"])
    ),
)


def _larger(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3)
    event = st.sampled_from([_CONDITION, *_SEVERAL])
    return st.one_of(
        st.tuples(st.just("undone"), inner, st.integers(1, 2), st.booleans()),
        st.tuples(st.just("transaction"), inner, inner, st.integers(0, 7)),
        st.tuples(st.just("complex"), several, st.integers(1, 2)),
        st.tuples(st.just("alarmed"), inner, inner, st.booleans(), event, st.booleans()),
        larger(inner),
        regions(inner),
    )


WIDE = st.recursive(st.one_of(_LEAVES, LEAVES), _larger, max_leaves=8)


def drawn_wide(block: Block) -> Sketch:
    """Draw a block that may hold any element."""
    return WideDraughtsman().process(block)


class WideDraughtsman(Draughtsman):
    """Draws what the reference does not know, too."""

    def _several(self, definitions: str, every: bool) -> Ends:
        self.sketch.wide = True
        more = f' parallelMultiple="{str(every).lower()}"'
        id_ = self.node("intermediateCatchEvent", "c", event=definitions, more=more)
        return id_, id_

    def _condition(self) -> Ends:
        self.sketch.wide = True
        id_ = self.node("intermediateCatchEvent", "c", event=_CONDITION)
        return id_, id_

    def _quantity(self, number: int) -> Ends:
        self.sketch.wide = True
        first = self.activity("userTask", more=f' completionQuantity="{number}"')
        last = self.activity("userTask", more=f' startQuantity="{number}"')
        self.flow(first, last)
        return first, last

    def _adhoc(self, number: int, sequential: bool, cancels: bool, condition: str) -> Ends:
        self.sketch.wide = True
        ordering = "Sequential" if sequential else "Parallel"
        more = f' ordering="{ordering}" cancelRemainingInstances="{str(cancels).lower()}"'
        sub = self.activity(
            "adHocSubProcess", more=more, inside=f"<completionCondition>{condition}</completionCondition>"
        )
        outer = self._into(sub)
        for _ in range(number):
            self.activity("userTask")
        self.scope = outer
        return sub, sub

    def _with_undoer(self) -> str:
        """Draw a task that can be undone."""
        task = self.activity("userTask")
        event = self.node("boundaryEvent", "c", event=_COMPENSATE, host=task)
        handler = self.activity("userTask", more=' isForCompensation="true"')
        self.sketch.associations[f"as{next(self.numbers)}"] = (event, handler)
        return task

    def _undone(self, block: Block, number: int, at_end: bool) -> Ends:
        """Draw a sub-process in which tasks are done, and undone on the way or at the end."""
        self.sketch.wide = True
        sub = self.activity("subProcess")
        outer = self._into(sub)
        tasks = [self._with_undoer() for _ in range(number)]
        self.path(self.node("startEvent", "s"), *tasks)
        first, last = self.block(block)
        self.flow(tasks[-1], first)
        if at_end:
            self.flow(last, self.node("endEvent", "e", event=_COMPENSATE))
        else:
            throw = self.node("intermediateThrowEvent", "t", event=_COMPENSATE)
            self.path(last, throw, self.node("endEvent", "e"))
        self.scope = outer
        return sub, sub

    def _transaction(self, block: Block, handler: Block, flag: int) -> Ends:
        self.sketch.wide = True
        sub = self.activity("transaction")
        outer = self._into(sub)
        task, choice = self._with_undoer(), self.node("exclusiveGateway", "g")
        first, last = self.block(block)
        self.path(self.node("startEvent", "s"), task, first)
        self.flow(last, choice)
        cancel = self.node("endEvent", "e", event=_CANCEL)
        self.fork(choice, [cancel, self.node("endEvent", "e")], [flag, flag + 1])
        self.scope = outer
        guard = self.node("boundaryEvent", "c", event=_CANCEL, host=sub)
        first, last = self.block(handler)
        merge = self.node("exclusiveGateway", "g")
        self.path(guard, first)
        self.path(last, merge)
        self.flow(sub, merge)
        return sub, merge

    def _complex(self, blocks: Sequence[Block], number: int) -> Ends:
        """Draw a join that opens with the first or second token and swallows the rest."""
        self.sketch.wide = True
        fork = self.node("parallelGateway", "g")
        condition = f"<activationCondition>activationCount &gt;= {number}</activationCondition>"
        join = self.node("complexGateway", "g", inside=condition)
        for block in blocks:
            first, last = self.block(block)
            self.path(fork, first)
            self.path(last, join)
        return fork, join

    def _alarmed(self, block: Block, handler: Block, interrupting: bool, event: str, inside: bool) -> Ends:
        """Draw a sub-process watched by a condition or several events: at its boundary or by an event sub-process."""
        self.sketch.wide = True
        sub, _ = self._sub(block)
        least, self.least = self.least, len(SIGNALS) if _SIGNAL in event else self.least
        if inside:
            outer = self._into(sub)
            self.scope = self.node("subProcess", "h", triggered=True)
            start = self.node("startEvent", "s", event=event, interrupting=interrupting)
            first, last = self.block(handler)
            self.path(start, first)
            self.flow(last, self.node("endEvent", "e"))
            self.scope, self.least = outer, least
            return sub, sub
        guard = self.node("boundaryEvent", "c", event=event, host=sub, interrupting=interrupting)
        first, last = self.block(handler)
        self.least = least
        return self._led_back(sub, guard, (first, last), interrupting)
