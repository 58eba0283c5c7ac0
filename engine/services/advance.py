"""One command's work on a tree of process instances: apply steps, run at once what can be run, save once.

Automatic work (service tasks, decisions, called processes) is done inside the command's own transaction, each piece
under a savepoint. What fails there is undone and becomes a row in the job table, with its error and one attempt
less; so a command of a person never fails because a machine's part did, and nothing is half-done.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import thread_time
from uuid import uuid4

from engine.bpmn import ProcessModel, runtime
from engine.errors import Conflict
from engine.handler import BpmnError
from engine.model.deployment import ProcessDefinition
from engine.model.history import HistoryEvent
from engine.model.process_instance import InstanceStatus, ProcessInstance
from engine.model.step import CallOpened, Ending, JobOpened, State, Step, Thrown
from engine.model.subscription import MessageSubscription
from engine.ports import UnitOfWork
from engine.services import call_limits, definitions, delivery, facts, failures, opening, tracing
from engine.services.job_context import run_service
from engine.services.work import Work, perform_decision

# The number of no activity: what a caller does to an instance as a whole is recorded under her name.
NO_ACTIVITY = 0

_STATUS = {
    Ending.COMPLETED: InstanceStatus.COMPLETED,
    Ending.TERMINATED: InstanceStatus.TERMINATED,
    Ending.ERROR: InstanceStatus.FAILED,
    Ending.CANCELLED: InstanceStatus.CANCELLED,
}
# Of CPU time; what a command has not run by then is left to the workers.
MOST_INLINE_SECONDS = 2.0


@dataclass(slots=True)
class Live:
    """An instance in the hands of a command."""

    instance: ProcessInstance
    model: ProcessModel
    state: State
    changed: bool = False


Memory = tuple[dict[str, Live], deque[Work], dict[str, set[int]], int, int]
"""What an attempt that fails must leave as it was."""


class Advance:
    """The working memory of one command."""

    def __init__(self, uow: UnitOfWork, by: str) -> None:
        """Work for `by` in the transaction of `uow`."""
        self.uow = uow
        self.by = by
        self.moment = facts.moment_of(uow)
        self.now: datetime = self.moment.utc
        self._live: dict[str, Live] = {}
        self._waiting: deque[Work] = deque()
        self._commanded: tuple[str, int] | None = None
        self._rowless: dict[str, set[int]] = {}
        self._passed: list[tuple[ProcessInstance, Step]] = []
        self.outgoing = delivery.Outgoing()

    # ------------------------------------------------------------------------------------------ instances

    def load(self, instance_id: str, *, root_id: str | None = None) -> Live:
        """Return an active instance, its tree locked against other commands; raises NotFound, Conflict."""
        if instance_id in self._live:
            return self._live[instance_id]
        if root_id is not None:
            self.uow.process_instances.lock_root(root_id)
        instance = self.uow.process_instances.get(instance_id)
        if instance.status is not InstanceStatus.ACTIVE:
            raise Conflict(kind="process instance", id=instance_id, status=instance.status.value)
        model = definitions.model_of(self.uow, instance.definition_id)
        live = Live(instance, model, State(instance.tokens, dict(instance.variables)))
        self._live[instance_id] = live
        return live

    def start(
        self,
        definition: ProcessDefinition,
        variables: Mapping[str, object],
        *,
        business_key: str | None,
        parent: tuple[ProcessInstance, int] | None = None,
        start_event: str | None = None,
    ) -> Live:
        """Start an instance of a version; `parent` is the calling instance and its call activity."""
        instance_id = str(uuid4())
        model = definitions.model_of(self.uow, definition.id)
        step = runtime.start(model, variables, now=self.moment, start_event=start_event)
        instance = ProcessInstance(
            id=instance_id,
            definition_id=definition.id,
            process_key=definition.key,
            business_key=opening.fitting_key(business_key),
            parent_id=parent[0].id if parent else None,
            parent_activity=parent[1] if parent else None,
            root_id=parent[0].root_id if parent else instance_id,
            status=InstanceStatus.ACTIVE,
            tokens=b"",
            variables={},
            revision=0,
            started_at=self.now,
            started_by=self.by,
        )
        self.uow.process_instances.add(instance)
        live = Live(instance, model, State(b"", {}))
        self._live[instance_id] = live
        self.record(live, "process_instance.started", version=definition.version, process=definition.key)
        if parent is None:
            self.command(live, NO_ACTIVITY, step)
        else:
            self.apply(live, step)
        return live

    # ---------------------------------------------------------------------------------------------- steps

    def command(self, live: Live, activity: int, step: Step) -> None:
        """Apply the step that the caller himself caused at an activity."""
        self._commanded = (live.instance.id, activity)
        self.apply(live, step)
        self._commanded = None

    def apply(self, live: Live, step: Step) -> None:
        """Take over what a step of the runtime did: rows closed and opened, history, children, parents."""
        live.state, live.changed = step.state, True
        if self.uow.settings.rehearsal is not None:
            self._passed.append((live.instance, step))
        tracing.trace(self.uow, self._place(live), step, actors=self._actors(live))
        self._close(live, step)
        if step.ended is not None:
            self._end(live, step)
        opening.open_waiting(self.uow, self._place(live), step)
        for opened in step.opened:
            if isinstance(opened, JobOpened | CallOpened):
                self._rowless.setdefault(live.instance.id, set()).add(opened.activity)
                self._waiting.append(Work(live.instance, opened, live.model.elements[opened.element_id]))
        for thrown in step.thrown:
            self._throw(live, thrown)
        if step.ended is not None:
            self._tell_parent(live, step)

    def finish(self) -> None:
        """Run what can be run at once, leave the rest to the workers, and save every instance that changed."""
        self._run_waiting()
        self.outgoing.send(self.uow)
        for live in self._live.values():
            if live.changed:
                live.instance = self.uow.process_instances.save(
                    replace(live.instance, tokens=live.state.tokens, variables=live.state.variables)
                )
                live.changed = False
        if self.uow.settings.rehearsal is not None:
            for instance, step in self._passed:
                self.uow.settings.rehearsal.passed(instance, step)
            self._passed.clear()

    # ---------------------------------------------------------------------------------------- inline work

    def _run_waiting(self) -> None:
        budget, until = self.uow.settings.max_inline_jobs, thread_time() + MOST_INLINE_SECONDS
        while self._waiting and budget > 0 and thread_time() < until:
            work = self._waiting.popleft()
            if work.runs_later:
                self._store(work, error=None)
            else:
                budget -= 1
                self._run_inline(work)
        while self._waiting:
            self._store(self._waiting.popleft(), error=None)

    def _run_inline(self, work: Work) -> None:
        error = self.attempt(work)
        if error is not None:
            self._store(work, error=error)

    def attempt(self, work: Work) -> Exception | None:
        """Do a piece of work under a savepoint; what fails leaves no trace but the error that is returned.

        A BpmnError is the business's own answer: the handler's effects are undone, the error path is taken.
        """
        memory = self._remember()
        try:
            with self.uow.savepoint():
                self._do(work)
        except BpmnError as error:
            self._recall(memory)
            return self._fail(work, error)
        except Exception as error:  # noqa: BLE001  the one broad except: the job row keeps it, a worker retries
            self._recall(memory)
            return error
        return None

    def _do(self, work: Work) -> None:
        live = self.load(work.instance.id)
        opened = work.opened
        if isinstance(opened, CallOpened):
            self._call(live, opened)
            return
        if opened.kind == "decision":
            result = perform_decision(self.uow, live.instance, live.state.variables, work)
        else:
            result = run_service(self, live.instance, live.model.policy, live.state.variables, work)
        self.apply(live, runtime.complete(live.model, live.state, opened.activity, result, now=self.moment))

    def _fail(self, work: Work, error: BpmnError) -> Exception | None:
        memory = self._remember()
        try:
            with self.uow.savepoint():
                live = self.load(work.instance.id)
                activity = work.opened.activity
                step = runtime.throw_error(
                    live.model, live.state, activity, error.code, error.message, error.variables, now=self.moment
                )
                self.apply(live, step)
        except Exception as failure:  # noqa: BLE001  the error path itself failed: a worker retries
            self._recall(memory)
            return failure
        return None

    # The two below make this class the Conductor of the handlers that run inside the command.

    def start_process(self, key: str, *, business_key: str | None, variables: Mapping[str, object]) -> str:
        """Start another process in the same transaction; returns the id of the instance."""
        definition = definitions.find_process(self.uow, key)
        return self.start(definition, variables, business_key=business_key).instance.id

    def send_message(self, name: str, correlation_key: str, variables: Mapping[str, object]) -> bool:
        """Leave a message for whoever waits for it; False when nobody does."""
        waiting = self.uow.subscriptions.list_waiting("message", name, correlation_key)[:1]
        self.deliver_later(waiting, dict(variables))
        return bool(waiting)

    def _remember(self) -> Memory:
        rowless = {key: set(activities) for key, activities in self._rowless.items()}
        live = {key: replace(one) for key, one in self._live.items()}
        return live, deque(self._waiting), rowless, len(self._passed), len(self.outgoing.jobs)

    def _recall(self, memory: Memory) -> None:
        self._live, self._waiting, self._rowless, passed, outgoing = memory
        del self._passed[passed:], self.outgoing.jobs[outgoing:]

    def _store(self, work: Work, error: Exception | None) -> None:
        """Leave a piece of work to the workers; after an error with one attempt less, after a pause."""
        job = work.job(self.uow.settings, self.now, str(uuid4()))
        if error is not None:
            job = failures.after_failure(self.uow, job, error)
        self.uow.jobs.add([self.outgoing.marked(job)])
        self._rowless[work.instance.id].discard(work.opened.activity)

    # ------------------------------------------------------------------------------------- called processes

    def _call(self, live: Live, opened: CallOpened) -> None:
        call_limits.check(self.uow, live.instance)
        definition = opening.called_definition(self.uow, live.instance, live.model.elements[opened.element_id], opened)
        self.start(
            definition,
            opened.variables,
            business_key=opened.business_key or live.instance.business_key,
            parent=(live.instance, opened.activity),
        )

    def _tell_parent(self, live: Live, step: Step) -> None:
        """Go on in the calling instance, if there is one and it still waits."""
        instance = live.instance
        if instance.parent_id is None or instance.parent_activity is None or step.ended is Ending.CANCELLED:
            return
        parent = self.load(instance.parent_id)
        if step.thrown and not self._waits_for(parent, instance.parent_activity):
            return  # an escalation that the instance threw on its way out has ended the call
        if step.error is not None:
            onward = runtime.throw_error(
                parent.model,
                parent.state,
                instance.parent_activity,
                step.error.code,
                step.error.message,
                {},
                now=self.moment,
            )
        else:
            onward = runtime.complete(
                parent.model, parent.state, instance.parent_activity, live.state.variables, now=self.moment
            )
        self.apply(parent, onward)

    @staticmethod
    def _waits_for(live: Live, activity: int) -> bool:
        return any(position.activity == activity for position in runtime.positions(live.model, live.state))

    # ------------------------------------------------------------------------------------------- closing

    def _close(self, live: Live, step: Step) -> None:
        activities = {closed.activity for closed in step.closed}
        if not activities:
            return
        instance_id = live.instance.id
        self._waiting = deque(
            work for work in self._waiting if work.instance.id != instance_id or work.opened.activity not in activities
        )
        opening.close_waiting(
            self.uow, self._place(live), step, without_row=frozenset(self._rowless.get(instance_id, ())), by=self.by
        )
        for closed in step.closed:
            if closed.outcome == "cancelled" and live.model.elements[closed.element_id].type == "callActivity":
                self._cancel_child(instance_id, closed.activity)

    def _cancel_child(self, instance_id: str, activity: int) -> None:
        child = self.uow.process_instances.find_child(instance_id, activity)
        if child is None:
            return
        live = self.load(child.id)
        # A child that has just ended with an error cancels its own call; it is saved, and so found as ended, later.
        if live.instance.status is InstanceStatus.ACTIVE:
            self.apply(live, runtime.cancel(live.model, live.state, now=self.moment))

    def _end(self, live: Live, step: Step) -> None:
        ending = step.ended or Ending.COMPLETED
        reason = f"{step.error.code}: {step.error.message}" if step.error else None
        live.instance = replace(live.instance, status=_STATUS[ending], ended_at=self.now, end_reason=reason)
        self.record(live, f"process_instance.{_STATUS[ending].value}", reason=reason)
        if ending is Ending.CANCELLED and live.instance.parent_id is None:
            opening.stop_clocks(self.uow, live.instance, reason="cancelled", actor=self.by)
        if step.error is not None and live.instance.parent_id is None:
            self.uow.incidents.add(failures.uncaught(live.instance, step.error, self.now))

    # ------------------------------------------------------------------------------------------- messages

    def _throw(self, live: Live, thrown: Thrown) -> None:
        """Hand a message or signal to whoever waits, by a job each; what starts with it is started by a job too.

        An escalation that nobody caught goes to the calling instance at once.
        """
        if thrown.kind == "escalation":
            self._escalate(live, thrown)
            return
        if thrown.kind == "message":
            waiting, thrown = delivery.addressed(self.uow, thrown, self.moment)
        else:
            waiting = self.uow.subscriptions.list_waiting(thrown.kind, thrown.name)
            waiting = tuple(one for one in waiting if one.instance_id != live.instance.id)
        self.deliver_later(waiting, thrown.variables)
        if thrown.kind == "signal" or not waiting:
            self.outgoing.jobs += delivery.start_jobs(self.uow, thrown, by=self.by)

    def _escalate(self, live: Live, thrown: Thrown) -> None:
        instance = live.instance
        self.record(live, "process_instance.escalated", code=thrown.name, element_id=thrown.element_id)
        if instance.parent_id is None or instance.parent_activity is None:
            return
        parent = self.load(instance.parent_id)
        ended = parent.instance.status is not InstanceStatus.ACTIVE
        if ended or not self._waits_for(parent, instance.parent_activity):
            return  # an escalation before this one has ended the call
        onward = runtime.throw_escalation(
            parent.model, parent.state, instance.parent_activity, thrown.name, thrown.variables, now=self.moment
        )
        self.apply(parent, onward)

    def deliver_later(self, waiting: Iterable[MessageSubscription], variables: dict[str, object]) -> None:
        """Leave a message to the workers, or a signal: one job for each instance in which somebody waits."""
        self.outgoing.jobs += delivery.delivery_jobs(self.uow, waiting, variables)

    # -------------------------------------------------------------------------------------------- history

    def _place(self, live: Live) -> opening.Place:
        return opening.Place(live.instance, live.model, live.state.variables, self.now)

    def _actors(self, live: Live) -> dict[int, str]:
        """Return who ended which activity: the one that was commanded is the caller's, the rest the system's."""
        if self._commanded is None or self._commanded[0] != live.instance.id:
            return {}
        return {self._commanded[1]: self.by}

    def record(self, live: Live, kind: str, **data: object) -> None:
        """Write one history event about an instance."""
        self.uow.history.add_event(
            HistoryEvent(
                id=str(uuid4()),
                at=self.now,
                actor=self.by,
                kind=kind,
                subject_type="process_instance",
                subject_id=live.instance.id,
                instance_id=live.instance.id,
                business_key=live.instance.business_key,
                data={key: value for key, value in data.items() if value is not None},
            )
        )
