"""What a handler holds in its hands: the implementation of engine.handler.JobContext."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import uuid4

from engine.bpmn import ProcessPolicy
from engine.errors import NotFound
from engine.handler import REGISTRY, Handler, MissingVariable, Submission
from engine.model.deadline import Deadline
from engine.model.history import HistoryEvent
from engine.model.job import Job
from engine.model.process_instance import ProcessInstance
from engine.services import deadlines
from engine.services.decisions import Origin, ask
from engine.services.work import Conductor, Work

RegisterType = TypeVar("RegisterType")
NO_POLICY = ProcessPolicy()


@dataclass(slots=True)
class RunningJob:
    """One run of one job, inside the transaction of the command that it belongs to."""

    conductor: Conductor
    id: str
    topic: str
    element_id: str | None
    instance: ProcessInstance | None
    business_key: str | None
    variables: Mapping[str, object]
    payload: Mapping[str, object]
    policy: ProcessPolicy = NO_POLICY
    actor: str = "system"
    now: datetime = field(init=False)
    _proofs: dict[str, dict[str, object]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Take the instant of the command, so that all its parts agree."""
        self.now = self.conductor.now

    @property
    def instance_id(self) -> str | None:
        """Return the process instance, where the job belongs to one."""
        return self.instance.id if self.instance else None

    def __getitem__(self, name: str) -> str:
        """Return a text variable; raises MissingVariable."""
        value = self.variables.get(name)
        if not isinstance(value, str) or not value:
            raise MissingVariable(self.topic, name)
        return value

    def find(self, name: str, default: object = None) -> object:
        """Return a variable or the default."""
        value = self.variables.get(name)
        return default if value is None else value

    def get(self, register: type[RegisterType]) -> RegisterType:
        """Open a register in the job's transaction."""
        return self.conductor.uow.get(register)

    def submission(self, element_id: str) -> Submission | None:
        """Return what was entered last in a user task of this instance."""
        if self.instance is None:
            return None
        task = self.conductor.uow.user_tasks.last_submission([self.instance.id], element_id)
        if task is None or task.ended_at is None:
            return None
        return Submission(element_id, task.ended_by or "", task.ended_at, task.submission or {})

    def decide(self, key: str, **inputs: object) -> object:
        """Evaluate the latest version of a decision over the variables and `inputs`."""
        answer = ask(self.conductor.uow, key, {**self.variables, **inputs}, self._origin())
        self._proofs[key] = answer.source()
        return answer.value

    def proof(self, key: str) -> Mapping[str, object]:
        """Return what gave the last answer of a decision that this run has asked."""
        if key not in self._proofs:
            raise NotFound(kind="evaluation", id=key)
        return self._proofs[key]

    def record(self, kind: str, subject_type: str, subject_id: str, **data: object) -> None:
        """Write one history event."""
        self.conductor.uow.history.add_event(
            HistoryEvent(
                id=str(uuid4()),
                at=self.now,
                actor=self.actor,
                kind=kind,
                subject_type=subject_type,
                subject_id=subject_id,
                instance_id=self.instance_id,
                business_key=self.business_key,
                data=data,
            )
        )

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
        """Start a budget; lights and rungs come from the policy of the process."""
        # The version and the rows that gave the budget are known here, whether the handler names them or not.
        proof = self._proofs.get(str(source.get("decision")), {})
        limit = deadlines.Limit(kind, subject[0], subject[1], name, value, unit, calendar, holder, {**proof, **source})
        ground = deadlines.Ground(self.policy, self.variables, self._origin(), self.actor)
        return deadlines.open_deadline(self.conductor.uow, limit, ground)

    def find_deadline(self, kind: str, subject: tuple[str, str]) -> Deadline | None:
        """Return the subject's deadline that has not been stopped."""
        return deadlines.find_running(self.conductor.uow, kind, *subject)

    def extend_deadline(self, deadline_id: str, *, value: Decimal, unit: str, reason: str, approver: str) -> Deadline:
        """Add to the budget."""
        return deadlines.extend(
            self.conductor.uow, deadline_id, value=value, unit=unit, reason=reason, approver=approver
        )

    def transfer_deadline(self, deadline_id: str, *, holder: str, reason: str) -> Deadline:
        """Make another unit responsible from now on."""
        return deadlines.transfer(self.conductor.uow, deadline_id, holder=holder, reason=reason, actor=self.actor)

    def stop_deadline(self, deadline_id: str, *, reason: str) -> Deadline:
        """End the clock."""
        return deadlines.stop_deadline(self.conductor.uow, deadline_id, reason=reason, actor=self.actor)

    def start_instance(self, key: str, *, business_key: str | None, variables: Mapping[str, object]) -> str:
        """Start another process in the same transaction."""
        return self.conductor.start_process(key, business_key=business_key, variables=variables)

    def send_message(self, name: str, correlation_key: str, variables: Mapping[str, object]) -> bool:
        """Leave a message for whoever waits for it."""
        return self.conductor.send_message(name, correlation_key, variables)

    def _origin(self) -> Origin:
        return Origin(self.instance_id, self.business_key, self.element_id)


def run_service(
    conductor: Conductor, instance: ProcessInstance, policy: ProcessPolicy, variables: Mapping[str, object], work: Work
) -> dict[str, object]:
    """Run the handler of a service task; returns what goes back into the process.

    Raises whatever the handler raises: BpmnError, RetryLater, anything else.
    """
    opened = work.opened
    topic = opened.name if hasattr(opened, "name") else work.element.id
    context = RunningJob(
        conductor=conductor,
        id=f"{instance.id}:{opened.activity}",
        topic=topic,
        element_id=work.element.id,
        instance=instance,
        business_key=instance.business_key,
        variables={**variables, **opened.local},
        payload={},
        policy=policy,
        actor=conductor.by,
    )
    rehearsal = conductor.uow.settings.rehearsal
    agreed = None if rehearsal is None else rehearsal.handle(topic, context.variables)
    return dict(_handler(topic)(context) or {}) if agreed is None else dict(agreed)


def run_rung(conductor: Conductor, job: Job) -> None:
    """Run the handler of a rung that was reached."""
    key = job.payload.get("business_key")
    context = RunningJob(
        conductor=conductor,
        id=job.id,
        topic=job.topic,
        element_id=None,
        instance=None,
        business_key=key if isinstance(key, str) else None,
        variables=job.payload,
        payload=job.payload,
    )
    _handler(job.topic)(context)


def _handler(topic: str) -> Handler:
    handler = REGISTRY.find(topic)
    if handler is None:
        raise NotFound(kind="handler", id=topic)
    return handler
