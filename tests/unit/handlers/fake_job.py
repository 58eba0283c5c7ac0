"""A job as a handler sees it: registers on a real connection, everything of the engine remembered in lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from engine.clock import FixedClock
from engine.handler import REGISTRY, MissingVariable, Submission
from engine.model.deadline import Deadline, DeadlineStatus


@dataclass
class FakeJob:
    """Implements engine.handler.JobContext."""

    connection: Connection
    clock: FixedClock
    case_id: str
    topic: str = ""
    id: str = "job-1"
    element_id: str | None = None
    instance_id: str | None = "instance-1"
    business_key: str | None = None
    actor: str = "alice"
    variables: dict[str, object] = field(default_factory=dict)
    payload: dict[str, object] = field(default_factory=dict)
    forms: dict[str, Submission] = field(default_factory=dict)
    decisions: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    events: list[tuple[str, str, str, dict[str, object]]] = field(default_factory=list)
    clocks: dict[tuple[str, tuple[str, str]], Deadline] = field(default_factory=dict)
    clock_events: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.business_key = self.case_id
        self.variables.setdefault("case_id", self.case_id)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def run(self, topic: str) -> dict[str, object]:
        """Run a handler as the engine does; what it returns becomes variables."""
        self.topic = topic
        handler = REGISTRY.find(topic)
        assert handler is not None, topic
        result = dict(handler(self) or {})
        self.variables |= result
        return result

    def enter(self, element_id: str, by: str = "alice", **data: object) -> None:
        """Complete a user task, a minute after the one before."""
        self.clock.advance(timedelta(minutes=1))
        self.forms[element_id] = Submission(element_id, by, self.now, data)

    def kinds(self) -> list[str]:
        return [kind for kind, *_ in self.events]

    def __getitem__(self, name: str) -> str:
        value = self.variables.get(name)
        if not isinstance(value, str) or not value:
            raise MissingVariable(self.topic, name)
        return value

    def find(self, name: str, default: object = None) -> object:
        value = self.variables.get(name)
        return default if value is None else value

    def get(self, register):
        return register(self.connection, self.clock)

    def submission(self, element_id: str) -> Submission | None:
        return self.forms.get(element_id)

    def decide(self, key: str, **inputs: object) -> object:
        self.asked.append((key, inputs))
        answer = self.decisions[key]
        return answer(**inputs) if isinstance(answer, Callable) else answer

    def proof(self, key: str) -> Mapping[str, object]:
        assert key in [asked for asked, _ in self.asked], key
        return {"decision": key, "version": 1, "rows": [1], "clause": ""}

    def record(self, kind: str, subject_type: str, subject_id: str, **data: object) -> None:
        self.events.append((kind, subject_type, subject_id, data))

    def open_deadline(self, kind: str, subject: tuple[str, str], **limit: object) -> Deadline:
        rounds = sum(1 for event, _ in self.clock_events if event == "opened")
        deadline = Deadline(
            id=f"deadline-{rounds + 1}",
            kind=kind,
            subject_type=subject[0],
            subject_id=subject[1],
            instance_id=self.instance_id,
            business_key=self.business_key,
            name=str(limit["name"]),
            value=Decimal(str(limit["value"])),
            unit=str(limit["unit"]),
            calendar_key=str(limit["calendar"]),
            calendar_version=1,
            holder=limit["holder"],
            round=rounds + 1,
            status=DeadlineStatus.RUNNING,
            started_at=self.now,
            due_at=self.now + timedelta(days=float(str(limit["value"]))),
            yellow_at=None,
            red_at=None,
            provisional=False,
            source=dict(limit["source"]),
        )
        self.clocks[kind, subject] = deadline
        self.clock_events.append(("opened", limit))
        return deadline

    def find_deadline(self, kind: str, subject: tuple[str, str]) -> Deadline | None:
        return self.clocks.get((kind, subject))

    def extend_deadline(self, deadline_id: str, **change: object) -> Deadline:
        self.clock_events.append(("extended", change))
        key, deadline = self._running(deadline_id)
        self.clocks[key] = replace(deadline, due_at=deadline.due_at + timedelta(days=float(str(change["value"]))))
        return self.clocks[key]

    def transfer_deadline(self, deadline_id: str, **change: object) -> Deadline:
        self.clock_events.append(("transferred", change))
        key, deadline = self._running(deadline_id)
        self.clocks[key] = replace(deadline, holder=str(change["holder"]))
        return self.clocks[key]

    def stop_deadline(self, deadline_id: str, **change: object) -> Deadline:
        self.clock_events.append(("stopped", change))
        key, deadline = self._running(deadline_id)
        return self.clocks.pop(key) and deadline

    def start_instance(self, key: str, *, business_key: str | None, variables: Mapping[str, object]) -> str:
        del business_key, variables
        raise AssertionError(f"no handler starts {key}")

    def send_message(self, name: str, correlation_key: str, variables: Mapping[str, object]) -> bool:
        del correlation_key, variables
        raise AssertionError(f"no handler sends {name}")

    def _running(self, deadline_id: str) -> tuple[tuple[str, tuple[str, str]], Deadline]:
        return next((key, deadline) for key, deadline in self.clocks.items() if deadline.id == deadline_id)
