"""The front door for flows: what a service-task handler may see and do.

A handler is a function that reads its job, does its part in the registers and returns the values that go back into
the process. It runs inside the transaction that completes its activity: either both happen, or neither.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from engine.model.deadline import Deadline

RegisterType = TypeVar("RegisterType")


class BpmnError(Exception):
    """The business says no: the diagram has a boundary event for this code, or the instance ends with it."""

    def __init__(self, code: str, message: str = "", variables: Mapping[str, object] | None = None) -> None:
        """Name the modelled error and what the error path should know."""
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.variables = dict(variables or {})


class RetryLater(Exception):
    """Try this job again after a pause, without using up a retry."""

    def __init__(self, after: timedelta, reason: str) -> None:
        """Say how long and why."""
        super().__init__(reason)
        self.after = after
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person entered when she completed a user task."""

    element_id: str
    by: str
    at: datetime
    data: Mapping[str, object]


class JobContext(Protocol):
    """One run of one job: what it knows, and the only ways in which it may act."""

    @property
    def id(self) -> str:
        """Stable over retries: the idempotency key for anything outside our database."""
        ...

    @property
    def topic(self) -> str:
        """Topic of the service task, or `deadline.` and the kind of a rung."""
        ...

    @property
    def element_id(self) -> str | None:
        """Element of the diagram."""
        ...

    @property
    def instance_id(self) -> str | None:
        """Process instance."""
        ...

    @property
    def business_key(self) -> str | None:
        """What the instance is about: the id of the case."""
        ...

    @property
    def actor(self) -> str:
        """Who caused this step; `system` where nobody did."""
        ...

    @property
    def now(self) -> datetime:
        """The instant of the command, aware, in UTC."""
        ...

    @property
    def variables(self) -> Mapping[str, object]:
        """Process variables and input parameters."""
        ...

    @property
    def payload(self) -> Mapping[str, object]:
        """Facts of the job itself, such as the rung that fired."""
        ...

    def __getitem__(self, name: str) -> str:
        """Return a text variable; a missing or empty one is bad data and raises MissingVariable."""
        ...

    def find(self, name: str, default: object = None) -> object:
        """Return a variable or the default."""
        ...

    def get(self, register: type[RegisterType]) -> RegisterType:
        """Open a register in the job's transaction."""
        ...

    def submission(self, element_id: str) -> Submission | None:
        """Return what was entered last in the user task `element_id` of this instance."""
        ...

    def decide(self, key: str, **inputs: object) -> object:
        """Evaluate the latest version of a decision; the evaluation is recorded. Raises DecisionError."""
        ...

    def proof(self, key: str) -> Mapping[str, object]:
        """Return what gave the last answer of a decision that this run has asked.

        Returns  decision, version, rows (numbers from 1) and clause (the annotations of the rows)
        Raises   NotFound where this run has not asked it
        """
        ...

    def record(self, kind: str, subject_type: str, subject_id: str, **data: object) -> None:
        """Write one history event, named in the past tense."""
        ...

    def open_deadline(
        self,
        kind: str,
        subject: tuple[str, str],
        *,
        name: str,
        value: Decimal,
        unit: str,
        calendar: str,
        holder: str | None,
        source: Mapping[str, object],
    ) -> Deadline:
        """Start a budget for `subject` = (type, id); lights and rungs come from the process's policy tables.

        `source` names the decision that gave the budget; version and rows of its last answer are added.
        """
        ...

    def find_deadline(self, kind: str, subject: tuple[str, str]) -> Deadline | None:
        """Return the subject's deadline of this kind that has not been stopped."""
        ...

    def extend_deadline(self, deadline_id: str, *, value: Decimal, unit: str, reason: str, approver: str) -> Deadline:
        """Add to the budget; lights and rungs that have not fired move with it."""
        ...

    def transfer_deadline(self, deadline_id: str, *, holder: str, reason: str) -> Deadline:
        """Make another unit responsible for the time from now on."""
        ...

    def stop_deadline(self, deadline_id: str, *, reason: str) -> Deadline:
        """End the clock; rungs that have not fired never will."""
        ...

    def start_instance(self, key: str, *, business_key: str | None, variables: Mapping[str, object]) -> str:
        """Start another process in the same transaction; returns the instance id."""
        ...

    def send_message(self, name: str, correlation_key: str, variables: Mapping[str, object]) -> bool:
        """Deliver a message to whoever waits for it; False when nobody does."""
        ...


class MissingVariable(Exception):
    """A handler asked for a variable that the process does not have."""

    def __init__(self, topic: str, name: str) -> None:
        """Name the handler and the variable."""
        super().__init__(f"handler {topic} needs the variable {name}, which is missing or not a text")


Handler = Callable[[JobContext], Mapping[str, object] | None]


class HandlerRegistry:
    """Topic → handler; a topic has exactly one."""

    def __init__(self) -> None:
        """Start empty."""
        self._handlers: dict[str, Handler] = {}

    def add(self, topic: str, handler: Handler) -> None:
        """Register; a second handler for a topic is a programming error."""
        if topic in self._handlers:
            known = self._handlers[topic]
            message = f"topic {topic} has two handlers: {known.__module__} and {handler.__module__}"
            raise ValueError(message)
        self._handlers[topic] = handler

    def find(self, topic: str) -> Handler | None:
        """Return the handler of a topic, or None."""
        return self._handlers.get(topic)

    def __contains__(self, topic: str) -> bool:
        """Tell whether a topic has a handler."""
        return topic in self._handlers

    def __iter__(self) -> Iterator[str]:
        """List the topics."""
        return iter(sorted(self._handlers))


REGISTRY = HandlerRegistry()


def job_handler(topic: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of a topic of service tasks."""

    def register(function: Handler) -> Handler:
        REGISTRY.add(topic, function)
        return function

    return register
