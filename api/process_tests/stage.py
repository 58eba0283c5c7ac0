"""The stage of one scenario: its units of work, its clock, its people; commands are carried out as in real life."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from api.credentials import Caller, caller_of
from api.process_tests.acts import ACTS, Scene, Thing
from api.process_tests.fields import MOMENT, duration_of, moment_of
from api.process_tests.library import Library
from api.process_tests.model import Step
from api.process_tests.town import Town
from api.process_tests.witness import Witness
from api.simulate.case_facts import facts_of_case
from api.simulate.forms import Facts, fill_up
from api.simulate.matters import facts_of, run_errand
from engine.clock import FixedClock
from engine.errors import EngineError, Invalid, NotFound
from engine.feel import compile_expression, to_json
from engine.jobs.executor import Executor
from engine.model.job import Job
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import UserTask
from engine.ports import UnitOfWork, UnitOfWorkFactory
from engine.services import definitions, jobs, messages, process_instances, start_timers, user_tasks
from registers.cases import CaseRegister
from registers.local_time import LOCAL_ZONE
from registers.org import AccountRegister

STRANGER = "process-test"
NOBODY = "process-test-nobody"
AT = "@"
PAGE = 200
MOST_BEATS = 20_000
# So much work at one instant never ends.
MOST_AT_ONCE = 2_000
# A rung of a paused clock is due at the end of time.
NEVER_YEAR = 9999


@dataclass(slots=True)
class Stage:
    """One scenario in progress.

    things  what the scenario is about, by the name that it was given; the first one is meant where none is named
    """

    town: Town
    library: Library
    units: UnitOfWorkFactory
    clock: FixedClock
    witness: Witness
    rules: Path
    flow: str | None
    random: Random
    things: dict[str, Thing] = field(default_factory=dict)
    _executor: Executor = field(init=False)

    def __post_init__(self) -> None:
        """Engage the one who does what is due."""
        self._executor = Executor(self.units, owner=STRANGER)

    # --------------------------------------------------------------------------------------------- values

    def value(self, written: object) -> object:
        """Return what a value of a test means: a text that begins with `=` is FEEL over things, now and today."""
        if isinstance(written, Mapping):
            return {str(name): self.value(one) for name, one in written.items()}
        if isinstance(written, list):
            return [self.value(one) for one in written]
        if not isinstance(written, str) or not written.startswith(MOMENT):
            return written
        now = self.clock.now().astimezone(LOCAL_ZONE)
        known = {name: {"id": thing.id, "kind": thing.kind} for name, thing in self.things.items()}
        expression = compile_expression(written.removeprefix(MOMENT).strip())
        return to_json(expression({**known, "now": now, "today": now.date()}))

    def data(self, step: Step) -> dict[str, object]:
        """Return what a step gives."""
        return {name: self.value(one) for name, one in step.data.items()}

    def thing(self, name: str | None) -> Thing | None:
        """Return the thing of a name, or the first one. Raises NotFound for a name that nothing bears."""
        if name is None:
            return next(iter(self.things.values()), None)
        if name not in self.things:
            raise NotFound(kind="thing", id=name)
        return self.things[name]

    # --------------------------------------------------------------------------------------------- people

    def groups_of(self, login: str) -> tuple[str, ...]:
        """Return the groups of somebody. Raises NotFound for a login that nobody has."""
        if login not in self.town.people:
            raise NotFound(kind="account", id=login)
        return self.town.people[login]

    def worker(self, task: UserTask, by: str | None) -> tuple[str, tuple[str, ...]]:
        """Return who completes a task: the one named, its holder, or the first by login who lawfully may.

        Raises  Invalid where nobody is named and nobody in the town holds a group of the task
        """
        if by is not None and AT not in by:
            return by, self.groups_of(by)
        wanted = {by} if by is not None else set(task.candidate_groups)
        if by is None and task.assignee is not None:
            return task.assignee, self.town.people.get(task.assignee, ())
        named = [login for login in task.candidate_users if by is None]
        holders = [login for login, groups in sorted(self.town.people.items()) if wanted & set(groups)]
        if by is None and wanted and not named and not holders:
            raise _unheld(task)
        login = next(iter([*named, *holders]), STRANGER)
        return login, self.town.people.get(login, tuple(sorted(wanted)))

    def caller(self, uow: UnitOfWork, by: str | None, permission: str) -> Caller:
        """Return who acts: the one named, or the first by login who may. Raises NotFound."""
        accounts = uow.get(AccountRegister)
        people = self.town.people
        if by is not None and AT not in by:
            self.groups_of(by)
            names = [by]
        elif by is not None:
            names = [login for login in sorted(people) if by in people[login]]
        else:
            names = list(self.town.able.get(permission, ()))
        account = accounts.find_by_login(names[0]) if names else None
        if account is None:
            raise NotFound(kind="account", id=by or permission)
        return caller_of(uow, account.id)

    # ------------------------------------------------------------------------------------------- commands

    def act(self, step: Step) -> None:
        """Let somebody act; what comes of it is known by its name, or by its kind."""
        chosen = ACTS[step.target]
        data = self.data(step)
        with self.units() as uow:
            who = self.caller(uow, step.by, chosen.permission)
            thing = self.thing(step.of)
            today = self.clock.now().astimezone(LOCAL_ZONE).date()
            made = chosen.run(Scene(uow, who, thing, self.rules, today), data)
        if made is not None:
            self.things[step.named or made.kind] = made
        self.settle()

    def arm(self) -> None:
        """Let the timers that start the flow run from here on; those of other processes do not disturb.

        Raises  ExecutionError for an expression that gives no timer
        """
        model = None if self.flow is None else self.library.models.get(self.flow)
        if model is not None and any(start.kind == "timer" for start in model.start_events):
            with self.units() as uow:
                start_timers.begin(uow, model.key)

    def start(self, variables: Mapping[str, object], key: str | None, by: str | None) -> None:
        """Start a bare instance of the flow."""
        given = {name: self.value(one) for name, one in variables.items()}
        business_key = None if key is None else str(self.value(key))
        with self.units() as uow:
            process_instances.start(uow, str(self.flow), business_key=business_key, variables=given, by=by or STRANGER)
        if business_key is not None and not self.things:
            self.things["it"] = Thing("it", business_key)
        self.settle()

    def complete(self, step: Step) -> None:
        """Complete the open task of an element. Raises NotFound where none is open, and whatever refuses it."""
        task = self.open_task(step)
        by, groups = self.worker(task, step.by)
        with self.units() as uow, uow.grouped():
            if step.errand and task.business_key is not None:
                run_errand(uow, task.element_id, task.business_key, self.random)
            entry = self._entry(uow, task, self.data(step))
            user_tasks.complete(uow, task.id, submission=entry, by=by, groups=groups)
        self.settle()

    def _entry(self, uow: UnitOfWork, task: UserTask, entered: Mapping[str, object]) -> dict[str, object]:
        if task.form_key is None:
            return dict(entered)
        form = definitions.form_of(uow, task.definition_id, task.form_key)
        with self.witness.looking_away():
            return fill_up(form, task.element_id, entered, self.town.habits, self._facts(uow, task), self.random)

    def _facts(self, uow: UnitOfWork, task: UserTask) -> Facts:
        case = uow.get(CaseRegister).find(str(task.business_key))
        if case is not None:
            return facts_of_case(uow, case, self.town.habits, self.random)
        return facts_of(uow, str(task.business_key))

    def message(self, step: Step) -> None:
        """Send a message; its key is that of the thing unless another one is named."""
        thing = self.thing(step.of)
        key = None if step.correlation is None else str(self.value(step.correlation))
        key = thing.id if key is None and thing is not None else key
        with self.units() as uow:
            messages.correlate(uow, step.target, correlation_key=key, variables=self.data(step), by=step.by or STRANGER)
        self.settle()

    def signal(self, step: Step) -> None:
        """Send a signal to whoever waits. Raises NotFound where nobody does."""
        with self.units() as uow:
            heard = messages.broadcast(uow, step.target, variables=self.data(step), by=step.by or STRANGER)
        if heard == 0:
            raise NotFound(kind="signal", id=step.target)
        self.settle()

    # ----------------------------------------------------------------------------------------------- time

    def settle(self) -> None:
        """Do what is due now. Raises Invalid where it never ends, as a timer does that is set to a past instant."""
        self._run_due()

    def _run_due(self) -> int:
        done = self._executor.run_due(most=MOST_AT_ONCE)
        if done >= MOST_AT_ONCE:
            raise Invalid("Too much becomes due in that time.", code="process-test-too-long")
        return done

    def wait(self, text: str) -> None:
        """Let a duration pass. Raises Invalid for FEEL that gives none."""
        span = duration_of(str(self.value(text)))
        if span is None:
            raise Invalid(f"{text} is no duration.", code="process-test-not-duration", text=text)
        self.advance(self.clock.now() + span)

    def until(self, text: str) -> None:
        """Let time pass until an instant. Raises Invalid for one that lies behind."""
        instant = moment_of(str(self.value(text)))
        if instant is None or instant < self.clock.now():
            raise Invalid(f"{text} lies behind, or is no instant.", code="process-test-behind", text=text)
        self.advance(instant)

    def timer(self, step: Step) -> None:
        """Let time pass until the next timer of an element fires. Raises NotFound where none waits."""
        place = self.library.find(step.target, self.flow)
        waiting = [job.due_at for job in self.jobs() if place is not None and job.element_id == place[1]]
        if not waiting:
            raise NotFound(kind="timer", id=step.target)
        self.advance(max(min(waiting), self.clock.now()))

    def advance(self, until: datetime) -> None:
        """Let time pass: whatever becomes due on the way is done at its own instant."""
        target = until.astimezone(UTC)
        for _ in range(MOST_BEATS):
            due = self._next_due()
            if due is None or due > target:
                self.clock.instant = target
                self.settle()
                return
            self.clock.instant = max(due, self.clock.instant)
            if self._run_due() == 0:
                self.clock.instant += timedelta(seconds=1)
        raise Invalid("Too much becomes due in that time.", code="process-test-too-long")

    def _next_due(self) -> datetime | None:
        with self.units(read_only=True) as uow:
            due = jobs.next_due(uow)
        return None if due is None or due.year >= NEVER_YEAR else due

    # -------------------------------------------------------------------------------------------- looking

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a transaction that only reads, unseen by the witness."""
        with self.witness.looking_away(), self.units(read_only=True) as uow:
            yield uow

    def instances(self, status: str | None = None) -> list[ProcessInstance]:
        """Return every instance, newest first."""
        found: list[ProcessInstance] = []
        after: str | None = None
        with self.reading() as uow:
            while True:
                page = process_instances.list_page(uow, status=status, after=after, limit=PAGE)
                found += page.items
                after = page.next_after
                if after is None:
                    return found

    def open_tasks(self) -> list[UserTask]:
        """Return every open user task, oldest first."""
        active = self.instances("active")
        with self.reading() as uow:
            tasks = [task for instance in active for task in uow.user_tasks.list_open(instance.id)]
        return sorted(tasks, key=lambda task: task.created_at)

    def open_task(self, step: Step) -> UserTask:
        """Return the open task that a step means: of the thing named, else of the first thing that has one."""
        place = self.library.find_task(step.target, self.flow)
        tasks = [task for task in self.open_tasks() if (task.process_key, task.element_id) == place]
        thing = self.thing(step.of)
        own = [task for task in tasks if thing is not None and task.business_key == thing.id]
        found = own if step.of is not None else own or tasks
        if not found:
            open_now = ", ".join(f"{task.process_key}/{task.element_id}" for task in self.open_tasks())
            raise NotFound(
                f"No task {step.target} is open; open are: {open_now}.",
                code="process-test-no-task",
                name=step.target,
                open=open_now,
            )
        return found[0]

    def jobs(self) -> list[Job]:
        """Return jobs that wait or have failed, up to a page, next due first."""
        with self.reading() as uow:
            return list(jobs.list_page(uow, limit=PAGE).items)

    def refusing(self, step: Step) -> EngineError | None:
        """Carry out a step; returns what refused it."""
        ways = {"complete": self.complete, "message": self.message, "signal": self.signal, "act": self.act}
        times = {"wait": self.wait, "until": self.until}
        try:
            if step.verb in ways:
                ways[step.verb](step)
            elif step.verb in times:
                times[step.verb](step.target)
            else:
                self.timer(step)
        except EngineError as error:
            return error
        return None


def _unheld(task: UserTask) -> Invalid:
    """Return the complaint that nobody in the town can do a task."""
    groups, name = ", ".join(task.candidate_groups), f"{task.process_key}/{task.element_id}"
    message = f"Nobody holds the group {groups} of the task {name}; name a person with by."
    return Invalid(message, code=NOBODY, groups=groups, name=name)
