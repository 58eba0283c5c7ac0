"""Elements that take values in and give values out, through mappings where the diagram has them."""

from collections.abc import Mapping
from typing import cast

from engine.bpmn.elements import Element, IoMapping, ScriptSpec
from engine.bpmn.failures import ExecutionError
from engine.bpmn.moment import Moment
from engine.bpmn.specs.node import Node
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of, put, remember, write
from engine.model.step import Passage

Values = dict[str, object]


class Working(Node):
    """An element with input and output parameters, data inputs and outputs, and properties."""

    def bring(self, token: Token) -> None:
        """Make the element's own variables, null at first, and evaluate its inputs in order; they are local.

        A parameter sees the ones before it. A data association sees what was there before all of them: it copies
        from outside, whatever the data inputs are called.
        """
        mapping, moment = self.element.mapping, token.workflow.moment
        before = context_of(token)
        if mapping.owned:
            remember(token, dict.fromkeys(mapping.owned))
        brought: Values = {}
        for one in mapping.inputs:
            value = one.value.evaluate(before if one.standard else context_of(token), moment)
            brought[one.name] = put(brought.get(one.name), one.path, value)
            remember(token, {one.name: brought[one.name]})

    def take(self, token: Token, result: Mapping[str, object]) -> None:
        """Write a result into the scope: what the output parameters make of it, or without them all of it.

        In a multi-instance that collects its output a result stays with its instance, for the collection.
        """
        if self.collects and result:
            remember(token, result)
        write(token.scope, self.handed(token, result))

    def handed(self, token: Token, result: Mapping[str, object]) -> Values:
        """Return what a result writes outside the element, and keep what it writes to variables of its own.

        Raises   ExecutionError `data-output-missing` when a data output that must be there is not in the result
        """
        if not result and not self.element.mapping.outputs and not self.element.mapping.required:
            return {}
        own, outside = hand_on(
            self.element, result, (context_of(token), context_of(token.scope)), token.workflow.moment
        )
        if own:
            remember(token, own)
        if self.collects:
            named = {one.name for one in self.element.mapping.outputs}
            return {name: value for name, value in outside.items() if name in named}
        return outside

    @property
    def collects(self) -> bool:
        """Whether tokens here are instances whose output goes to a collection."""
        return self.element.multi is not None and self.element.multi.output is not None


def hand_on(
    element: Element, result: Mapping[str, object], seen: tuple[Mapping[str, object], Mapping[str, object]], now: Moment
) -> tuple[Values, Values]:
    """Return what a result writes to the element's own variables, and what it writes outside.

    seen     the variables inside the element and around it
    Raises   ExecutionError `data-output-missing`
    """
    mapping = element.mapping
    result = _received(element, result)
    inside = {*mapping.owned, *mapping.produced}
    own = {name: value for name, value in result.items() if name in mapping.owned}
    outside = {name: value for name, value in result.items() if name not in inside}
    if any(not one.standard for one in mapping.outputs):
        outside = {name: value for name, value in outside.items() if name in mapping.passed}
    if mapping.outputs:
        context = {**seen[0], **dict.fromkeys(mapping.produced), **result}
        for one in mapping.outputs:
            target = own if one.inside else outside
            value = one.value.evaluate(context, now)
            before = target.get(one.name, seen[0 if one.inside else 1].get(one.name)) if one.path else None
            target[one.name] = put(before, one.path, value)
    return own, outside


def _received(element: Element, result: Mapping[str, object]) -> Mapping[str, object]:
    """Return a result with every data output that must be in it.

    The message or signal of an event with one data output is one item, whatever its two ends call it: a payload of
    one entry is that item (BPMN 2.0.2 §10.4.1).
    """
    mapping: IoMapping = element.mapping
    if element.event is not None and len(mapping.produced) == len(result) == 1:
        return dict(zip(mapping.produced, result.values(), strict=True))
    missing = [name for name in mapping.required if name not in result]
    if missing:
        raise ExecutionError("data-output-missing", element.id, names=", ".join(missing))
    return result


class ScriptTask(Working):
    """Evaluates one FEEL expression and passes at once."""

    def _run_hook(self, token: Token) -> bool:
        spec = cast(ScriptSpec, self.element.task)
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        self.take(token, {spec.result_variable: spec.script.evaluate(context_of(token), token.workflow.moment)})
        return True


class PlainTask(Working):
    """A task that nobody is told of: it passes at once, with its data."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.journal.passed(token, Passage.ENTERED)
        self.bring(token)
        self.take(token, {})
        return True
