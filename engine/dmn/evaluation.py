"""Evaluating a decision: what it requires first, then its table, its expression or its service, and the one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.dmn.boxes import accepted, recorded, typed
from engine.dmn.data_types import allowed_text, coerced, fits, is_allowed
from engine.dmn.errors import DecisionError, show
from engine.dmn.model import Decision, Given, Service
from engine.dmn.tables import TableAnswer, ask_table, not_allowed
from engine.dmn.trace import DecisionRun, Match, Part, shown
from engine.feel import FeelLimitError
from engine.feel.reasons import Reason, Word
from engine.feel.run import MAX_CALL_DEPTH, MAX_STEPS, Run, Scope
from engine.feel.values import Function

_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The answer of a decision.

    value       JSON: the answer of a single output, a mapping of several, a list where several rows answer
    feel_value  the same as FEEL value
    matches     the rows that answer, in the order of the answer
    inputs      what each input was, JSON, by label
    required    the results of the decisions that were evaluated first, by key
    parts       the tables, functions and services inside that took part, in the order in which they were asked
    reasons     why parts of the answer, or the whole of it, are null
    """

    decision: Decision
    value: object
    feel_value: object
    matches: tuple[Match, ...]
    inputs: Mapping[str, object]
    required: Mapping[str, "DecisionResult"]
    parts: tuple[Part, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def explain(self, told: set[str] | None = None) -> dict[str, object]:
        """Return the proof of the answer as JSON: what went in, which rows matched, what came out.

        A decision that several others require is explained in full where it is named first, and by its value after.
        """
        told = set() if told is None else told
        again = self.decision.ref in told
        told.add(self.decision.ref)
        return {
            "decision": self.decision.key,
            "name": self.decision.name,
            "hit_policy": str(self.decision.hit_policy) if self.decision.hit_policy else None,
            "inputs": dict(self.inputs),
            "matches": [match.explain() for match in self.matches],
            "value": self.value,
            "required": [] if again else [result.explain(told) for result in self.required.values()],
            "parts": [] if again else [part.explain() for part in self.parts],
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def evaluate(
    decision: Decision,
    context: Mapping[str, object],
    decisions: Mapping[str, Decision] | None = None,
    *,
    now: datetime | None = None,
    facts: Mapping[str, object] | None = None,
    max_steps: int = MAX_STEPS,
) -> DecisionResult:
    """Evaluate a decision, or a decision service, over a context.

    Reads    the variables that the decision names; `decisions` by key in place of those that it requires; `now` for
             `now()`, `facts` for domain functions; of a service its input data and input decisions
    Raises   NoMatch, TooManyMatches, DecisionError naming table, inputs and rows; FeelLimitError for too much work
    """
    evaluation = _Evaluation(DecisionRun(max_steps, now, facts), context, decisions or {}, {})
    try:
        return evaluation.result_of(decision)
    except RecursionError:
        raise FeelLimitError("call-depth", MAX_CALL_DEPTH) from None


class _Evaluation:
    """One evaluation with all that it requires; each decision is made once.

    bound   what a service was given, by the reference of the input data or the decision
    """

    def __init__(
        self,
        run: DecisionRun,
        context: Mapping[str, object],
        replaced: Mapping[str, Decision],
        bound: Mapping[str, object],
    ) -> None:
        self._run = run
        self._context = context
        self._replaced = replaced
        self._bound = bound
        self._results: dict[str, DecisionResult] = {}
        self._depth = 0

    def result_of(self, decision: Decision) -> DecisionResult:
        known = self._results.get(decision.ref)
        if known is not None:
            return known
        if decision.ref in self._bound:
            value = self._bound[decision.ref]
            return DecisionResult(decision, shown(value), value, (), {}, {})
        required: dict[str, DecisionResult] = {}
        names: dict[str, object] = {}
        self._depth += 1
        if self._depth > MAX_CALL_DEPTH:
            raise FeelLimitError("call-depth", MAX_CALL_DEPTH)
        for need in decision.needs:
            result = self.result_of(self._replaced.get(need.decision.key, need.decision))
            required[need.decision.ref] = result
            _put(names, need.prefix, need.decision.variable, result.feel_value)
        result = self._decided(decision, names, {result.decision.key: result for result in required.values()})
        self._results[decision.ref] = result
        self._depth -= 1
        return result

    def _decided(
        self, decision: Decision, names: dict[str, object], required: Mapping[str, DecisionResult]
    ) -> DecisionResult:
        run = self._run
        outer, run.parts = run.parts, []
        told = len(run.reasons)
        table: TableAnswer | None = None
        if decision.service is not None:
            given = self._parameters(decision, decision.service)
            value: object = run_service(decision.name, decision.service, given, run, self._context)
            inputs: Mapping[str, object] = {one.path: shown(given[one.ref]) for one in decision.service.parameters}
        else:
            scope = Scope(self._names(decision, names), None, run)
            if decision.table is not None:
                table = ask_table(decision.key, decision.table, scope)
                value, inputs = table.value, table.inputs
            else:
                value, inputs = _expressed(decision, scope)
        value = typed(value, decision.type, run, decision.expression.text if decision.expression else "")
        parts, run.parts = tuple(run.parts), outer
        matches = table.matches if table is not None else ()
        reasons = tuple(run.reasons[told:])
        return DecisionResult(decision, shown(value), value, matches, inputs, required, parts, reasons)

    def _names(self, decision: Decision, names: dict[str, object]) -> Mapping[str, object]:
        """Return the names that a decision sees: of its own file what it requires, else what the caller brings."""
        hidden = decision.declared
        if not decision.data and not names and not decision.knowledge:
            if hidden.isdisjoint(self._context):
                return self._context
            return self._undeclared(decision)
        for data in decision.data:
            _put(names, data.prefix, data.name, self._given(decision, data))
        for name, known in decision.knowledge.items():
            if isinstance(known, Mapping):
                names[name] = {**_context_of(names.get(name)), **known}
            else:
                names[name] = known
        return {**self._undeclared(decision), **names}

    def _undeclared(self, decision: Decision) -> dict[str, object]:
        hidden, own = decision.declared, decision.variable
        return {name: value for name, value in self._context.items() if name not in hidden or name == own}

    def _given(self, decision: Decision, data: Given) -> object:
        """Return the value of input data as its type has it; null, with the reason, where it is of another type."""
        if data.ref in self._bound:
            return self._bound[data.ref]
        context = _context_of(self._context.get(data.prefix)) if data.prefix else _NOTHING
        found = context.get(data.name) if data.name in context else self._context.get(data.name)
        return _from_outside(decision, data, found, self._run)

    def _parameters(self, decision: Decision, service: Service) -> dict[str, object]:
        return {one.ref: self._given(decision, one) for one in service.parameters}


def _from_outside(decision: Decision, data: Given, found: object, run: Run) -> object:
    value = coerced(run.convert(found), data.type)
    if not fits(value, data.type):
        run.note("feel-null-type", data.path, 0, value=value, type=Word(data.type.name))
        return None
    if not is_allowed(value, data.type):
        json = shown(value)
        raise not_allowed(decision.key, data.path, show(json), allowed_text(data.type), {data.path: json})
    return value


def _context_of(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else _NOTHING


def _put(names: dict[str, object], prefix: str, name: str, value: object) -> None:
    """Bind a name, inside the context of its import where it has one."""
    if prefix:
        names[prefix] = {**_context_of(names.get(prefix)), name: value}
    else:
        names[name] = value


def _expressed(decision: Decision, scope: Scope) -> tuple[object, Mapping[str, object]]:
    """Return the value of an expression, and the variables that it read."""
    if decision.expression is not None:
        value, read = decision.expression.within(scope), decision.expression.names
    elif decision.logic is not None:
        value, read = decision.logic.code(scope), decision.logic.names
    else:
        scope.run.note("feel-null-no-logic", decision.name, 0, name=Word(decision.name))
        return None, {}
    seen = {name: scope.run.convert(scope.names.get(name)) for name in sorted(read)}
    return value, {name: shown(value) for name, value in seen.items() if not _is_function(value)}


def _is_function(value: object) -> bool:
    """Tell whether a value is a function, or a context of nothing but functions, as an import of knowledge is."""
    if isinstance(value, dict):
        return bool(value) and all(_is_function(item) for item in value.values())
    return isinstance(value, Function)


def run_service(
    name: str, service: Service, given: Mapping[str, object], run: Run, context: Mapping[str, object] = _NOTHING
) -> object:
    """Evaluate the output decisions of a service over what it was given.

    Reads    `given`: values by the reference of the input data or the input decision; `context`: what else is there
    Returns  the answer of a single output decision, a context of several by their variables; null where it is not of
             the type of the service
    """
    if not isinstance(run, DecisionRun):
        raise DecisionError(name, {}, code="decision-error")
    evaluation = _Evaluation(run, context, {}, given)

    def compute(part: Part) -> object:
        results = [evaluation.result_of(output) for output in service.outputs]
        told: set[str] = set()
        part.required = [result.explain(told) for result in results]
        if len(results) == 1:
            return results[0].feel_value
        return {result.decision.variable: result.feel_value for result in results}

    shown_inputs = {one.path: given[one.ref] for one in service.parameters}
    return typed(recorded("service", name, shown_inputs, run, compute), service.result, run)


def service_function(name: str, service: Service) -> Function:
    """Return the function by which expressions call a service; arguments of the wrong type leave it uncalled."""
    parameters = tuple((one.path, one.type) for one in service.parameters)

    def call(run: Run, *arguments: object) -> object:
        given = accepted(name, parameters, arguments, run)
        if given is None:
            return None
        run.enter()
        bound = {one.ref: given[one.path] for one in service.parameters}
        value = run_service(name, service, bound, run)
        run.leave()
        return value

    return Function(tuple(path for path, _ in parameters), call)
