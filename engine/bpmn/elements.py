"""What a diagram says, element by element: typed, frozen, independent of XML and of the library that runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from engine.bpmn.correlation import Correlation, JoinedKey
from engine.bpmn.failures import ExecutionError
from engine.bpmn.moment import Moment, moment_of
from engine.bpmn.timers import TimerKind, TimerTextError, first_due
from engine.bpmn.values import Value
from engine.feel import Expression

NO_PROPERTIES: Mapping[str, str] = MappingProxyType({})
NORMAL_PRIORITY = 50


@dataclass(frozen=True, slots=True)
class UserTaskFacts:
    """What a user task says about one of its instances, evaluated."""

    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: str | None


@dataclass(frozen=True, slots=True)
class UserTaskSpec:
    """Who shall do it, until when, on which form; None where the diagram is silent."""

    assignee: Value | None = None
    candidate_groups: Value | None = None
    candidate_users: Value | None = None
    due: Value | None = None
    follow_up: Value | None = None
    priority: Value | None = None
    form_key: Value | None = None

    def evaluate(self, variables: Mapping[str, object], now: datetime | Moment) -> UserTaskFacts:
        """Evaluate over process variables and the local ones of the activity; durations count from now.

        Raises   ExecutionError for a value of the wrong type
        """
        moment = moment_of(now)
        return UserTaskFacts(
            assignee=_text(self.assignee, variables, moment),
            candidate_groups=self.candidate_groups.texts_in(variables, moment) if self.candidate_groups else (),
            candidate_users=self.candidate_users.texts_in(variables, moment) if self.candidate_users else (),
            due_at=_instant(self.due, variables, moment),
            follow_up_at=_instant(self.follow_up, variables, moment),
            priority=whole_number(self.priority, variables, moment, NORMAL_PRIORITY),
            form_key=_text(self.form_key, variables, moment),
        )


def _text(value: Value | None, variables: Mapping[str, object], moment: Moment) -> str | None:
    return None if value is None else value.text_in(variables, moment)


def _instant(value: Value | None, variables: Mapping[str, object], moment: Moment) -> datetime | None:
    result = value and value.evaluate(variables, moment)
    if value is None or result is None or result == "":
        return None
    try:
        return first_due(TimerKind.DATE, result, moment.utc)[0]
    except TimerTextError as error:
        raise ExecutionError("instant-value", value.place, value=result, reason=str(error)) from error


def whole_number(value: Value | None, variables: Mapping[str, object], moment: Moment, default: int) -> int:
    """Return the whole number that a value gives, the default for null; raise ExecutionError `value-not-number`."""
    result = value and value.evaluate(variables, moment)
    if value is None or result is None:
        return default
    if isinstance(result, str) and result.removeprefix("-").isdecimal():
        return int(result)
    if isinstance(result, int) and not isinstance(result, bool):
        return result
    raise ExecutionError("value-not-number", value.place, value=result)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A service or send task: work for the handler of a topic.

    retries       attempts, and the pause before the second; None where the diagram is silent
    async_before  never run in the transaction that creates it
    """

    topic: str
    retries: tuple[int, timedelta] | None = None
    priority: Value | None = None
    async_before: bool = False


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """A business rule task.

    ref              key of the decision; an expression is evaluated when the task is entered
    mapping          how the caller folds the decision's answer into the result that completes the task
    result_variable  the one variable that the answer goes to; None: the entries of the answer are variables
    """

    ref: Value
    binding: Literal["latest", "deployment"] = "latest"
    result_variable: str | None = None
    mapping: Literal["singleEntry", "singleResult", "collectEntries", "resultList"] = "singleResult"
    retries: tuple[int, timedelta] | None = None
    async_before: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """One variable and the value that it gets.

    standard  from a data association: its value is taken from what was there before any input was brought
    inside    of outputs: the variable is the element's own
    path      entries inside the variable's value: only the innermost is replaced
    """

    name: str
    value: Value
    standard: bool = False
    inside: bool = False
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallSpec:
    """A call activity: another process, an instance of its own.

    ins, outs          evaluated in order; outs over the variables of the called instance
    all_in, all_out    every variable goes over
    """

    called: Value
    binding: Literal["latest", "deployment", "version"] = "latest"
    version: int | None = None
    ins: tuple[Assignment, ...] = ()
    outs: tuple[Assignment, ...] = ()
    all_in: bool = False
    all_out: bool = False
    business_key: Value | None = None


@dataclass(frozen=True, slots=True)
class ScriptSpec:
    """A script task: one FEEL expression and the variable that its value goes to."""

    script: Value
    result_variable: str


@dataclass(frozen=True, slots=True)
class IoMapping:
    """Input parameters (local, evaluated at entry) and output parameters (evaluated at completion).

    owned     variables of the element's own, null when it begins: data objects, properties, data inputs and outputs
    produced  data outputs: what its result says of them leaves by the outputs alone
    required  data outputs that the result must have; of a process the data inputs that a start must have
    passed    entries of the result that go to data objects as they are
    awaited   data inputs that must be there before the element begins
    """

    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    owned: tuple[str, ...] = ()
    produced: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()

    @property
    def isolates(self) -> bool:
        """Whether the element has parameters in Camunda's words, which keep what is written inside from going out."""
        return any(not one.standard for one in (*self.inputs, *self.outputs))


NO_MAPPING = IoMapping()

EventKind = Literal[
    "none",
    "timer",
    "message",
    "signal",
    "conditional",
    "error",
    "escalation",
    "compensate",
    "cancel",
    "terminate",
    "link",
    "multiple",
]


@dataclass(frozen=True, slots=True)
class EventSpec:
    """What an event catches or throws.

    name             of the message, signal or link; None for the others
    correlation_key  on messages: the key that the message carries or must carry
    correlation      on messages without a key of their own: how the conversation gives one
    error_code       on errors; None on a boundary event catches every error
    error_message    on error end events
    timer            kind and text
    condition        on conditional events: fires when it becomes true
    escalation_code  on escalations; None on a catching event catches every escalation
    activity         on compensations that are thrown: the one activity to compensate; None compensates the scope
    waits            on compensations that are thrown: whether the event waits until all is undone
    parts            on multiple events: what each definition says; `parallel` asks for all of them
    attached_to      on boundary events: the id of the activity
    interrupting     whether a boundary event ends its activity, and a start event the scope of its event sub-process
    """

    kind: EventKind = "none"
    name: str | None = None
    correlation_key: Value | JoinedKey | None = None
    correlation: Correlation | None = None
    error_code: str | None = None
    error_message: Value | None = None
    code_variable: str | None = None
    message_variable: str | None = None
    timer_kind: TimerKind = TimerKind.DURATION
    timer: Value | None = None
    condition: Expression | None = None
    escalation_code: str | None = None
    activity: str | None = None
    waits: bool = True
    parts: "tuple[EventSpec, ...]" = ()
    parallel: bool = False
    attached_to: str | None = None
    interrupting: bool = True

    @property
    def each(self) -> "tuple[EventSpec, ...]":
        """Return the parts of a multiple event, else the event itself."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class MultiInstanceSpec:
    """The same activity once per element of a collection, or a number of times.

    collection or cardinality  exactly one is given
    element                    name of the local variable that holds the instance's element
    completion                 evaluated after each instance; true ends the rest
    output, output_element     the list that collects one value per instance, in the order of the elements
    """

    sequential: bool
    collection: Value | None = None
    cardinality: Value | None = None
    element: str | None = None
    completion: Expression | None = None
    output: str | None = None
    output_element: Expression | None = None


@dataclass(frozen=True, slots=True)
class LoopSpec:
    """The same activity again, as long as the condition holds.

    condition      None: always, up to `most`
    tested_before  the condition is asked before each round, the first one too; else after each round
    most           how many rounds there are at most; None without a limit
    """

    condition: Expression | None
    tested_before: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AdHocSpec:
    """A sub-process whose activities are done in any order, as often as needed, until its condition holds.

    condition   asked after each activity inside
    sequential  one activity at a time
    cancels     whether what still runs is cancelled when the condition holds; else it is waited for
    """

    condition: Expression
    sequential: bool = False
    cancels: bool = True


Work = UserTaskSpec | JobSpec | DecisionSpec | CallSpec | ScriptSpec


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node.

    type    BPMN's local name, `userTask` say
    scope   id of the enclosing sub-process; None at the top
    lane    name of the lane (of the enclosing sub-process where it has none of its own)
    task    what kind of work it is; None for events, gateways and tasks without work
    ad_hoc      of ad-hoc sub-processes
    triggered   an event sub-process
    undoes      a compensation handler: outside the normal flow
    handler     of compensation boundary events: the activity that compensates
    activation  of complex gateways: when it fires; None: at once
    instantiates     a receive task or event-based gateway that starts an instance; `parallel` waits for all its events
    start_quantity   tokens that an activity needs to begin; `completion_quantity` what it hands out on each flow
    form_key    of start events: the form that starts an instance
    properties  camunda:properties, for other readers
    """

    id: str
    name: str
    type: str
    line: int
    scope: str | None = None
    lane: str | None = None
    task: Work | None = None
    event: EventSpec | None = None
    mapping: IoMapping = NO_MAPPING
    multi: MultiInstanceSpec | None = None
    loop: LoopSpec | None = None
    ad_hoc: AdHocSpec | None = None
    triggered: bool = False
    undoes: bool = False
    handler: str | None = None
    activation: Expression | None = None
    instantiates: bool = False
    parallel: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    form_key: str | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: NO_PROPERTIES)

    @property
    def repeats(self) -> bool:
        """Whether it has a body around its instances or rounds."""
        return self.multi is not None or self.loop is not None


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    default: bool = False
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class StartPoint:
    """One way into the process: `name` is that of its message or signal.

    element_id  a start event, a receive task or an event behind an event-based gateway that instantiates, or the
                process itself where it has no start event and begins everywhere that no flow leads to
    """

    element_id: str
    kind: Literal["none", "message", "signal", "timer", "conditional"]
    name: str | None = None
    form_key: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessPolicy:
    """Decisions that the services ask when a user task opens: who, how long, which rungs, which lights."""

    assignment_decision: str | None = None
    limit_decision: str | None = None
    rung_decisions: tuple[str, ...] = ()
    light_decision: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must exist outside the diagram; expressions are not listed.

    kind     topic, decision, form or process
    binding  of decisions and processes: latest, deployment or version
    """

    kind: Literal["topic", "decision", "form", "process"]
    key: str
    element_id: str
    line: int
    binding: str = "latest"
    version: int | None = None
