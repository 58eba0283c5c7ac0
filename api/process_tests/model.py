"""What a file of process tests says; every part knows its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Verb = Literal["complete", "message", "signal", "wait", "until", "timer", "act", "expect"]


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: `kind` is its key (`path`, `tasks`, `cards` …), `wanted` what stands there."""

    kind: str
    wanted: object
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens.

    verb         what: a task is completed, a message or signal comes, time passes, somebody acts, or it is looked
    target       element, name of the message or signal, duration, instant, or act
    data         what is entered, or the variables of the message
    by           login or `role@unit`; None: any lawful holder
    of           name of the thing that it is about; None: the first one
    named        name under which the thing that an act makes is known afterwards
    correlation  key of a message; None: that of the thing
    refused      code with which it must be refused, or True for any
    errand       whether what has to be done outside before a task is done as usual
    checks       what is looked at, for `expect`
    """

    verb: Verb
    line: int
    target: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    by: str | None = None
    of: str | None = None
    named: str | None = None
    correlation: str | None = None
    refused: str | bool = False
    errand: bool = True
    checks: tuple[Check, ...] = ()

    def __str__(self) -> str:
        """Return it in short."""
        return f"{self.verb}: {self.target}" if self.target else "then"


@dataclass(frozen=True, slots=True)
class Stub:
    """An agreed answer of a decision, for every question or where some inputs are as in `when`."""

    when: Mapping[str, object]
    then: object


@dataclass(frozen=True, slots=True)
class HandlerStub:
    """An agreed result of a service task, or the BPMN error that it raises."""

    result: Mapping[str, object]
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Where a scenario begins.

    at         the instant
    acts       what happens first: a case is reported, a dispute registered …
    variables  variables of a bare instance of the flow; None: none is started
    key        its business key
    """

    at: datetime
    acts: tuple[Step, ...] = ()
    variables: Mapping[str, object] | None = None
    key: str | None = None
    by: str | None = None
    rules: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    handlers: Mapping[str, HandlerStub] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: given, when, then."""

    name: str
    given: Given
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCase:
    """One question to a table and what it must answer; None where it is not said.

    name  what the question is about, told where it fails; empty where it is not said
    """

    decision: str
    given: Mapping[str, object]
    line: int
    name: str = ""
    rows: tuple[int, ...] | None = None
    has_answer: bool = False
    answer: object = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file; `flow` is None where it tests tables alone."""

    file: str
    flow: str | None
    scenarios: tuple[Scenario, ...]
    rules: tuple[RuleCase, ...]
