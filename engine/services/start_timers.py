"""Timer start events: armed by a deployment as one job each, which starts the process and waits for its next round.

A new version of a process replaces the timers of the version before; a process that a deployment leaves unchanged keeps
its own, and one that is missing in a newer set too: its latest version can still be started, by whatever starts it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.bpmn import ExecutionError, Moment, ProcessModel
from engine.bpmn.timers import TimerKind, TimerTextError, first_due, next_round
from engine.deadlines import read_calendar
from engine.errors import DeploymentError, NotFound, Problem
from engine.model.deployment import ProcessDefinition
from engine.model.job import Job, JobKind
from engine.ports import UnitOfWork
from engine.services import definitions, facts
from engine.services.advance import Advance
from engine.services.deployment_check import Checked
from engine.services.new_jobs import Spot, new_job
from engine.services.tracing import SYSTEM

_REPLACED = "another version was deployed"


@dataclass(frozen=True, slots=True)
class StartTimer:
    """One timer of a start event, counted from the deployment of its process.

    written  the text in the diagram
    text     what it says: the text itself, or what its expression gave
    left     how many times it fires; None without end, 0 where every round of a cycle lies behind
    """

    element_id: str
    kind: TimerKind
    written: str
    text: str
    due: datetime
    left: int | None

    @property
    def name(self) -> tuple[str, str]:
        """What stays the same from version to version."""
        return self.element_id, self.written


def timers_of(model: ProcessModel, moment: Moment) -> tuple[StartTimer, ...]:
    """Return the timers of the start events of a process, as they are armed at a moment; raises ExecutionError."""
    elements = dict.fromkeys(start.element_id for start in model.start_events if start.kind == "timer")
    return tuple(timer for element_id in elements for timer in _timers_at(model, element_id, moment))


def _timers_at(model: ProcessModel, element_id: str, moment: Moment) -> Iterable[StartTimer]:
    event = model.elements[element_id].event
    for part in event.each if event else ():
        if part.kind != "timer" or part.timer is None:
            continue
        value = part.timer.evaluate({}, moment)
        try:
            due, left = first_due(part.timer_kind, value, moment.utc)
        except TimerTextError as error:
            raise ExecutionError("timer-value", element_id, value=value, reason=str(error)) from error
        yield StartTimer(element_id, part.timer_kind, part.timer.text, str(value), due, left)


# ------------------------------------------------------------------------------------------------- deployment


def plan(
    uow: UnitOfWork, checked: Checked, keys: Collection[str]
) -> tuple[Mapping[str, tuple[StartTimer, ...]], tuple[Problem, ...]]:
    """Return the timers that new versions of these processes bring, and what is worth a warning; only reads.

    Raises  DeploymentError for expressions that give no timer
    """
    timed = [(file, model) for file, model in checked.processes if model.key in keys and _is_timed(model)]
    if not timed or not uow.settings.start_timers:
        return {}, ()
    moment = _moment(uow, checked)
    found: dict[str, tuple[StartTimer, ...]] = {}
    problems: list[Problem] = []
    findings: list[Problem] = []
    for file, model in timed:
        try:
            found[model.key] = timers_of(model, moment)
        except ExecutionError as error:
            where = error.element_id.partition(" ")[0]
            problems.append(Problem(error.key, where, error.message, error.details, file.name))
            continue
        findings += [_over(timer, model, file.name) for timer in found[model.key] if timer.left == 0]
    if problems:
        raise DeploymentError(problems=problems)
    return found, tuple(findings)


def _is_timed(model: ProcessModel) -> bool:
    return any(start.kind == "timer" for start in model.start_events)


def _moment(uow: UnitOfWork, checked: Checked) -> Moment:
    """Return the moment of a deployment: its own calendars stand before those that are in force."""
    calendars = {
        key: read_calendar(key, 1, rows.content.decode(), settings.content.decode())
        for key, rows, settings in checked.calendars
    }
    return facts.moment_of(uow, calendars)


def _over(timer: StartTimer, model: ProcessModel, file: str) -> Problem:
    message = f"Every round of the timer {timer.text} lies in the past: it never starts the process."
    line = model.elements[timer.element_id].line
    return Problem("start-timer-over", timer.element_id, message, {"text": timer.text}, file, line, "warning")


def arm(uow: UnitOfWork, created: Iterable[ProcessDefinition], timers: Mapping[str, tuple[StartTimer, ...]]) -> None:
    """Put the timers of new versions into the place of what earlier versions of the same processes have waiting.

    A date that lies behind starts its process at once; one that an earlier version had is over with that version, or
    goes on where it still waits.
    """
    definitions_by_key = {one.key: one for one in created}
    waiting = _take(uow, definitions_by_key)
    for key, definition in definitions_by_key.items():
        own = [timer for timer in timers.get(key, ()) if timer.left != 0]
        late = {timer.name for timer in own if timer.kind is not TimerKind.CYCLE and timer.due <= uow.clock.now()}
        over = {name for name in late if (key, *name) not in waiting} & _known_before(uow, definition, late)
        uow.jobs.add([_job(uow, definition, timer) for timer in own if timer.name not in over])


def _take(uow: UnitOfWork, keys: Collection[str]) -> set[tuple[str, str, str]]:
    """Take away the jobs of processes and their incidents; returns process, element and text of each."""
    taken = uow.jobs.take_starts(keys) if keys else ()
    for job in taken:
        uow.incidents.close_of_job(job.id, at=uow.clock.now(), by=SYSTEM, resolution=_REPLACED)
    return {(job.topic, job.element_id or "", str(job.payload.get("written"))) for job in taken}


def _known_before(
    uow: UnitOfWork, definition: ProcessDefinition, names: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those of the timers that an earlier version of the process had."""
    if not names:
        return set()
    earlier = definitions.list_processes(uow, definition.key, latest=False)
    return {name for one in earlier if one.version < definition.version for name in _written_in(uow, one)}


def _written_in(uow: UnitOfWork, definition: ProcessDefinition) -> Iterable[tuple[str, str]]:
    try:
        model = definitions.model_of(uow, definition.id)
    except DeploymentError:
        return  # an old diagram that is refused today had no timer that is allowed today
    for start in model.start_events:
        event = model.elements[start.element_id].event if start.kind == "timer" else None
        yield from ((start.element_id, part.timer.text) for part in (event.each if event else ()) if part.timer)


def begin(uow: UnitOfWork, key: str) -> None:
    """Arm the timers of the latest version of a process as if it were deployed now: for a rehearsal of it.

    Raises  NotFound, ExecutionError
    """
    definition = definitions.find_process(uow, key)
    timers = timers_of(definitions.model_of(uow, definition.id), facts.moment_of(uow))
    uow.jobs.add([_job(uow, definition, timer) for timer in timers if timer.left != 0])
    uow.commit()


def _job(uow: UnitOfWork, definition: ProcessDefinition, timer: StartTimer) -> Job:
    payload: dict[str, object] = {
        "definition": definition.id,
        "written": timer.written,
        "text": timer.text if timer.kind is TimerKind.CYCLE else None,
        "due": timer.due.isoformat(),
        "left": timer.left,
    }
    return new_job(uow, JobKind.START, definition.key, timer.due, Spot(element_id=timer.element_id), payload=payload)


# ----------------------------------------------------------------------------------------------------- firing


def fire(advance: Advance, job: Job) -> None:
    """Start the process of a timer that is due, in the version that the timer belongs to."""
    definition_id = job.payload.get("definition")
    if not isinstance(definition_id, str):
        raise NotFound(kind="process definition", id=job.topic)
    definition = definitions.get_process(advance.uow, definition_id)
    advance.start(definition, {}, business_key=None, start_event=job.element_id)


def next_job(uow: UnitOfWork, job: Job) -> Job | None:
    """Return the job as it waits for its next round; None after the last one.

    It stays the same row, so that a deployment that replaces it never misses the round that a worker arms meanwhile.
    """
    text, due, left = (job.payload.get(name) for name in ("text", "due", "left"))
    if not isinstance(text, str) or not isinstance(due, str):
        return None
    try:
        following = next_round(
            text, datetime.fromisoformat(due), left if isinstance(left, int) else None, uow.clock.now()
        )
    except TimerTextError:
        return None  # beyond the calendar
    if following is None:
        return None
    return replace(
        job,
        due_at=following[0],
        retries=uow.settings.retries,
        attempts=0,
        lease_owner=None,
        lease_until=None,
        last_error=None,
        payload={**job.payload, "due": following[0].isoformat(), "left": following[1]},
    )
