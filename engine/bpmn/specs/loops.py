"""Standard loops: the same activity again, as long as a condition holds."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.elements import LoopSpec
from engine.bpmn.specs.scopes import Scope
from engine.bpmn.tokens import Token
from engine.bpmn.values import truth
from engine.bpmn.variables import context_of
from engine.model.step import Passage


class StandardLoop(Scope):
    """The body around the rounds of a loop; it remembers how many are `done`, and the round is a token inside it."""

    traced = False

    @property
    def loop(self) -> LoopSpec:
        """What the diagram says."""
        return cast(LoopSpec, self.element.loop)

    def _run_hook(self, token: Token) -> bool | None:
        token.memory["done"] = 0
        if self.loop.tested_before and not self.again(token):
            token.workflow.journal.passed(token, Passage.ENTERED)
            token.workflow.journal.passed(token, Passage.COMPLETED)
            return True
        self.arm(token)
        token.workflow.place(self.element_id, token, {})
        return None

    def layer(self, token: Token) -> Mapping[str, object]:
        """Return the counter: how many rounds are done."""
        return {"loopCounter": token.memory["done"]} if "done" in token.memory else {}

    def inner_leaves(self, scope: Token, token: Token) -> None:
        """Count the round; a boundary event that fires is none."""
        if token.task_spec.name == self.element_id:
            scope.memory["done"] += 1
            scope.workflow.touched += 1

    def inner_left(self, scope: Token) -> None:
        """Begin the next round, or go on."""
        if not scope.is_live:
            return
        if self.again(scope):
            scope.workflow.place(self.element_id, scope, {})
        else:
            scope.complete()

    def again(self, scope: Token) -> bool:
        """Return whether another round follows; null counts as false."""
        if self.loop.most is not None and scope.memory["done"] >= self.loop.most:
            return False
        if self.loop.condition is None:
            return True
        context, moment = context_of(scope), scope.workflow.moment
        return truth(self.loop.condition, context, moment, self.element_id, "loop-not-boolean")
