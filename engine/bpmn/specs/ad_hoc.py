"""Ad-hoc sub-processes: activities in any order, as often as needed, until a condition holds (BPMN 2.0.2 §13.3.5)."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.catching import INTERRUPTED
from engine.bpmn.elements import AdHocSpec
from engine.bpmn.specs.scopes import SubProcess, running
from engine.bpmn.tokens import Token
from engine.bpmn.values import truth
from engine.bpmn.variables import context_of
from engine.errors import Invalid

QUEUE, CLOSING = "queue", "closing"


class AdHoc(SubProcess):
    """Begins every activity that no flow leads to: all at once, or one after the other in the order of the file.

    After each activity the condition is asked. When nothing is left and it does not hold, the sub-process waits for
    data that make it true, or for somebody who begins one of its activities once more.
    """

    kind = "ad_hoc"
    waits = True

    @property
    def says(self) -> AdHocSpec:
        """What the diagram says."""
        return cast(AdHocSpec, self.element.ad_hoc)

    def begin(self, scope: Token) -> None:
        """Begin the activities that no flow leads to."""
        scope.memory[QUEUE] = list(self.entries)
        self.next(scope)

    def next(self, scope: Token) -> None:
        """Begin the next activity, or all of them."""
        queue = scope.memory[QUEUE]
        while queue:
            name, *queue = queue
            scope.memory[QUEUE] = queue
            scope.workflow.place(name, scope, {})
            if self.says.sequential:
                return

    def again(self, scope: Token, element_id: str) -> None:
        """Begin one of the activities once more; raise Invalid where that cannot be."""
        name = next((name for name in self.entries if name.removesuffix("#all") == element_id), None)
        busy = self.says.sequential and self.busy(scope)
        if name is None or busy or scope.memory.get(CLOSING) or scope.memory.get(INTERRUPTED):
            message = f"{element_id} cannot be begun in the ad-hoc sub-process {self.element_id}."
            raise Invalid(message, code="ad-hoc-not-enabled", activity=element_id, element_id=self.element_id)
        scope.workflow.place(name, scope, {})

    def inner_left(self, scope: Token) -> None:
        """Ask the condition; else begin the next activity of a sequence."""
        if not scope.is_live:
            return
        if scope.memory.get(INTERRUPTED):
            if not running(scope):
                self.over(scope)
        elif scope.memory.get(CLOSING) or self.enough(scope):
            self.close(scope)
        elif not self.busy(scope):
            self.next(scope)

    @staticmethod
    def busy(scope: Token) -> bool:
        """Return whether an activity runs; event sub-processes run beside them."""
        return any(not token.task_spec.element.triggered for token in running(scope))

    def close(self, scope: Token) -> None:
        """Come to the end: at once, or when what still runs has ended."""
        scope.memory[CLOSING] = True
        if self.says.cancels:
            self.terminate(scope)
        if not running(scope):
            self.over(scope)

    def enough(self, scope: Token) -> bool:
        """Return whether the condition holds; null counts as false."""
        context, moment = context_of(scope), scope.workflow.moment
        return truth(self.says.condition, context, moment, self.element_id, "completion-not-boolean")

    def becomes_true(self, scope: Token) -> bool:
        """Return whether nothing is left to do and data alone bring the end."""
        waits = not scope.memory[QUEUE] and not running(scope) and not scope.memory.get(INTERRUPTED)
        return waits and self.enough(scope)

    def finish(self, scope: Token, _result: Mapping[str, object]) -> None:
        """Come to the end."""
        self.close(scope)
