"""The expressions of a diagram, each checked against the variables that can be there when it is evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import (
    CallSpec,
    DecisionSpec,
    Element,
    JobSpec,
    ProcessModel,
    ScriptSpec,
    UserTaskSpec,
)
from engine.dmn import Decision
from engine.feel import Expression, FeelError
from engine.feel.checking import ANY, Environment, ExpressionFinding, StaticType, check_expression
from engine.feel.checking.environment import Unknown
from engine.feel.checking.static_types import BOOLEAN, NUMBER, STRING, joined, list_of
from engine.services.known_types import labels_of, of_decision, of_form

_COUNTED = ("Instances", "ActiveInstances", "CompletedInstances", "TerminatedInstances")
_COUNTERS = ("loopCounter", *(f"{start}{counted}" for start in ("nrOf", "numberOf") for counted in _COUNTED))
_ROUNDS = 3
_INSTANTS = tuple(
    StaticType(name) for name in ("string", "date and time", "days and time duration", "years and months duration")
)
_DUE = (*_INSTANTS, StaticType("date"))
_TEXT = (STRING, NUMBER)
_TEXTS = (STRING, list_of(STRING))


@dataclass(frozen=True, slots=True)
class Written:
    """An expression of a diagram: the element, the place in it, the line in the file, the types that may come out."""

    where: str
    place: str
    line: int
    expression: Expression
    wanted: tuple[StaticType, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a diagram is deployed with: forms and decisions, by key."""

    forms: Mapping[str, Mapping[str, object]]
    decisions: Mapping[str, Decision]


def environment_of(model: ProcessModel, around: Surroundings, language: str = "zh-CN") -> Environment:
    """Return the variables of a process, as far as diagram, forms and decisions tell.

    What its callers and the handlers of its service tasks add is not known: an unknown name is doubtful at most.
    """
    found = _Variables(model, around, language)
    found.collect()
    return Environment({name: joined(kinds) for name, kinds in found.types.items()}, found.unknown, found.labels)


def check_process(model: ProcessModel, around: Surroundings) -> Iterator[tuple[Written, ExpressionFinding]]:
    """Yield what is wrong with the expressions of a diagram, with the place of each.

    What follows from the expression alone is certain; what follows from the types of variables is a warning, since
    somebody else may write them too.
    """
    seen = environment_of(model, around)
    nothing = Environment({}, "open")
    for written in expressions_of(model):
        names = written.expression.names | written.expression.maybe_names
        try:
            _, findings = check_expression(written.expression.text, seen, written.wanted, names)
            _, certain = check_expression(written.expression.text, nothing, written.wanted, names)
        except FeelError:
            continue
        for finding in findings:
            severity = finding.severity if finding in certain else "warning"
            yield written, ExpressionFinding(finding.code, severity, finding.line, finding.column, finding.params)


def expressions_of(model: ProcessModel) -> Iterator[Written]:
    """Yield every expression of a diagram, in the order of the file."""
    for element in model.elements.values():
        for place, value, wanted in _values(element):
            expression = getattr(value, "expression", value)
            if isinstance(expression, Expression):
                yield Written(element.id, place, element.line, expression, wanted)
    for flow in model.flows.values():
        if flow.condition is not None:
            yield Written(flow.id, "conditionExpression", flow.line, flow.condition, (BOOLEAN,))


Value = tuple[str, object, tuple[StaticType, ...]]


def _values(element: Element) -> Iterator[Value]:
    yield from _work(element)
    for one in (*element.mapping.inputs, *element.mapping.outputs):
        yield one.name, one.value, ()
    event = element.event
    if event is not None:
        yield "timer", event.timer, _INSTANTS
        for part in event.each:
            for key in getattr(part.correlation_key, "parts", (part.correlation_key,)):
                yield "correlationKey", key, _TEXT
        yield "errorMessage", event.error_message, ()
        for part in event.each:
            yield "condition", part.condition, (BOOLEAN,)
            if part is not event:
                yield "timer", part.timer, _INSTANTS
    yield "activationCondition", element.activation, (BOOLEAN,)
    if element.ad_hoc is not None:
        yield "completionCondition", element.ad_hoc.condition, (BOOLEAN,)
    if element.loop is not None:
        yield "loopCondition", element.loop.condition, (BOOLEAN,)
    multi = element.multi
    if multi is not None:
        yield "collection", multi.collection, (list_of(ANY),)
        yield "loopCardinality", multi.cardinality, (NUMBER,)
        yield "completionCondition", multi.completion, (BOOLEAN,)
        yield "outputElement", multi.output_element, ()


def _work(element: Element) -> Iterator[Value]:
    task = element.task
    if isinstance(task, UserTaskSpec):
        yield "assignee", task.assignee, _TEXT
        yield "candidateGroups", task.candidate_groups, _TEXTS
        yield "candidateUsers", task.candidate_users, _TEXTS
        yield "dueDate", task.due, _DUE
        yield "followUpDate", task.follow_up, _DUE
        yield "priority", task.priority, _TEXT
        yield "formKey", task.form_key, _TEXT
    elif isinstance(task, ScriptSpec):
        yield "script", task.script, ()
    elif isinstance(task, DecisionSpec):
        yield "decisionRef", task.ref, _TEXT
    elif isinstance(task, JobSpec):
        yield "jobPriority", task.priority, _TEXT
    elif isinstance(task, CallSpec):
        yield "calledElement", task.called, _TEXT
        yield "businessKey", task.business_key, _TEXT
        for one in task.ins:
            yield f"in {one.name}", one.value, ()


class _Variables:
    """Who writes which variable."""

    def __init__(self, model: ProcessModel, around: Surroundings, language: str) -> None:
        self.model = model
        self.around = around
        self.types: dict[str, list[StaticType]] = {}
        self.unknown: Unknown = "warning"
        self.labels: dict[str, str] = {}
        self._title = "title" if language == "zh-CN" else "x-title-en"

    def collect(self) -> None:
        """Note every writer; scripts and mappings once more when the types of what they read are known."""
        for turn in range(_ROUNDS):
            self.types = {} if turn == _ROUNDS - 1 else self.types
            for name in self.model.declared:
                self._write(name, ANY)
            for element in self.model.elements.values():
                self._element(element)
                self._computed(element)

    def _write(self, name: str | None, kind: StaticType) -> None:
        if name:
            self.types.setdefault(name, []).append(kind)

    def _element(self, element: Element) -> None:
        event, multi = element.event, element.multi
        self._form(element.form_key)
        if isinstance(element.task, UserTaskSpec) and element.task.form_key is not None:
            self._form(element.task.form_key.literal)
        if isinstance(element.task, JobSpec):
            self.unknown = "open"
        if event is not None:
            self._write(event.code_variable, STRING)
            self._write(event.message_variable, STRING)
            if {part.kind for part in event.each} & {"message", "signal", "escalation"}:
                self.unknown = "open"
        if element.type == "complexGateway":
            self._write("activationCount", NUMBER)
            self._write("waitingForStart", BOOLEAN)
            for flow in self.model.flows.values():
                self._write(flow.id if flow.target == element.id else None, NUMBER)
        if element.loop is not None:
            self._write("loopCounter", NUMBER)
        if multi is not None:
            for name in _COUNTERS:
                self._write(name, NUMBER)
            self._write(multi.element, ANY)
            self._write(multi.output, list_of(ANY))

    def _form(self, key: str | None) -> None:
        if key is None:
            return
        form = self.around.forms.get(key)
        if form is None:
            self.unknown = "open"
            return
        for name, kind in of_form(form).items():
            self._write(name, kind)
        self.labels |= labels_of(form, self._title)

    def _computed(self, element: Element) -> None:
        task = element.task
        for one in (*element.mapping.inputs, *element.mapping.outputs):
            self._write(one.name, ANY if one.path else self._type_of(one.value.expression, STRING))
        for name in (*element.mapping.owned, *element.mapping.produced):
            self._write(name, ANY)
        if isinstance(task, ScriptSpec):
            self._write(task.result_variable, self._type_of(task.script.expression, ANY))
        elif isinstance(task, DecisionSpec):
            self._decision(task)
        elif isinstance(task, CallSpec):
            self.unknown = "open" if task.all_out else self.unknown
            for one in task.outs:
                self._write(one.name, ANY)

    def _decision(self, task: DecisionSpec) -> None:
        decision = self.around.decisions.get(task.ref.literal or "")
        if decision is None:
            self.unknown = "open" if task.result_variable is None else self.unknown
            self._write(task.result_variable, ANY)
            return
        answer = of_decision(decision)
        if task.result_variable is not None:
            self._write(task.result_variable, answer if task.mapping == "singleEntry" else ANY)
        elif answer.name == "context":
            for name, kind in answer.fields.items():
                self._write(name, kind)
        else:
            self.unknown = "open"

    def _type_of(self, expression: Expression | None, literal: StaticType) -> StaticType:
        if expression is None:
            return literal
        names = expression.names | expression.maybe_names
        seen = Environment({name: joined(self.types[name]) for name in names if name in self.types}, "open")
        try:
            return check_expression(expression.text, seen, (), names)[0]
        except FeelError:
            return ANY
