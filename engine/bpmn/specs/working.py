"""Elements that take values in and give values out, through mappings where the diagram has them."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.elements import ScriptSpec
from engine.bpmn.specs.node import Node
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of, remember, write
from engine.model.step import Passage


class Working(Node):
    """An element with input and output parameters."""

    def bring(self, token: Token) -> None:
        """Evaluate the input parameters, in order, each seeing the ones before; they are local."""
        for parameter in self.element.mapping.inputs:
            remember(token, {parameter.name: parameter.value.evaluate(context_of(token), token.workflow.moment)})

    def take(self, token: Token, result: Mapping[str, object]) -> None:
        """Write a result into the scope: what the output parameters make of it, or without them all of it.

        In a multi-instance that collects its output a result stays with its instance, for the collection.
        """
        collected = self.collects
        if collected and result:
            remember(token, result)
        outputs = self.element.mapping.outputs
        if outputs:
            context = {**context_of(token), **result}
            moment = token.workflow.moment
            write(token.scope, {parameter.name: parameter.value.evaluate(context, moment) for parameter in outputs})
        elif result and not collected:
            write(token.scope, result)

    @property
    def collects(self) -> bool:
        """Whether tokens here are instances whose output goes to a collection."""
        return self.element.multi is not None and self.element.multi.output is not None


class ScriptTask(Working):
    """Evaluates one FEEL expression and passes at once."""

    def _run_hook(self, token: Token) -> bool:
        spec = cast(ScriptSpec, self.element.task)
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        self.take(token, {spec.result_variable: spec.script.evaluate(context_of(token), token.workflow.moment)})
        return True
