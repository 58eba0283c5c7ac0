"""What one command did to one process instance: the answer of the runtime, plain values only.

Activity numbers are small integers, unique inside their instance, given in order of entry. They name everything that
can wait (a user task, a job, a timer, a message, a call) and every element that a token passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A value as it is stored and sent: what a JSON document can hold."""

Variables = Mapping[str, object]
"""Names with JSON values."""


@dataclass(frozen=True, slots=True)
class State:
    """Where an instance stands.

    tokens     the runtime's own document: live tokens only, never the diagram
    variables  the process variables, JSON values
    """

    tokens: bytes
    variables: dict[str, object]


class Ending(StrEnum):
    """How an instance came to its end."""

    COMPLETED = "completed"  # no token is left
    TERMINATED = "terminated"  # a terminate end event of the process itself
    ERROR = "error"  # a BPMN error that nobody caught; see Step.error
    CANCELLED = "cancelled"  # by command


class Passage(StrEnum):
    """What happened to a token at an element."""

    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class UserTaskOpened:
    """A person is needed.

    local  what the activity sees beside the process variables: input parameters, the element of a multi-instance
    """

    activity: int
    element_id: str
    local: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobOpened:
    """A machine is needed: `name` is the topic of a service or send task, or the key of a decision.

    priority  of the job, should it come to wait for a worker; higher ones go first
    """

    activity: int
    element_id: str
    kind: Literal["service", "decision"]
    name: str
    local: dict[str, object] = field(default_factory=dict)
    priority: int = 0


@dataclass(frozen=True, slots=True)
class TimerOpened:
    """The clock is needed, at an aware instant in UTC.

    remaining  firings that are still to come, this one included; None when the timer repeats without end
    """

    activity: int
    element_id: str
    due_at: datetime
    remaining: int | None = 1


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """A message is needed: its name, and the key that it must carry (None when the diagram names no key)."""

    activity: int
    element_id: str
    name: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class SignalAwaited:
    """A signal is needed."""

    activity: int
    element_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CallOpened:
    """Another process is needed.

    called        key of the process to start
    variables     what it starts with: the `in` mappings, already evaluated
    business_key  its business key, already evaluated; None when the diagram gives none
    """

    activity: int
    element_id: str
    called: str
    variables: dict[str, object] = field(default_factory=dict)
    business_key: str | None = None
    local: dict[str, object] = field(default_factory=dict)


Opened = UserTaskOpened | JobOpened | TimerOpened | MessageAwaited | SignalAwaited | CallOpened
"""Something that now waits for the world."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that was opened in an earlier step and waits no longer."""

    activity: int
    element_id: str
    outcome: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One passage at one element, in the order in which it happened.

    A boundary event is entered when it fires, not when it is armed. Each instance of a multi-instance activity is
    an activity of its own.
    """

    activity: int
    element_id: str
    event: Passage


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message, signal or escalation left the instance.

    A signal has already been delivered to every catcher of the throwing instance itself; the caller hands it to all
    other instances. A message has not been delivered to anybody: the caller finds its one receiver, which may be
    the throwing instance. An escalation was caught by nobody inside: the caller tells the calling instance, if there is
    one; `name` is its code.
    """

    kind: Literal["message", "signal", "escalation"]
    name: str
    variables: dict[str, object]
    element_id: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorThrown:
    """The BPMN error that ended an instance, and the element that threw it."""

    code: str
    message: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a command did.

    state    where the instance stands now
    opened   what waits since this step and still waits at its end
    closed   what waited before this step and waits no longer
    trace    every element passed, in order
    thrown   messages and signals for others, in order
    flows    ids of the sequence flows along which a token went, in order; behind an event-based gateway all of them,
             since its tokens wait there as rivals
    changed  process variables with a new value
    ended    how the instance ended; None while it lives
    """

    state: State
    opened: tuple[Opened, ...] = ()
    closed: tuple[Closed, ...] = ()
    trace: tuple[Trace, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    flows: tuple[str, ...] = ()
    changed: dict[str, object] = field(default_factory=dict)
    ended: Ending | None = None
    error: ErrorThrown | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One thing that waits in an instance.

    kind   user_task, service, decision, timer, message, signal, conditional, call, ad_hoc, data
           (it waits for its data inputs), join or scope (a sub-process, a multi-instance
           body: they wait for what is inside)
    scope  activity of the enclosing sub-process or multi-instance body; None at the top
    host   for a boundary event, the activity that it guards
    due_at for a timer
    """

    activity: int
    element_id: str
    kind: str
    scope: int | None = None
    host: int | None = None
    due_at: datetime | None = None
    local: dict[str, object] = field(default_factory=dict)
