"""Robots at work inside this process: the same commands without a network, for filling a city quickly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from api.simulate.case_facts import facts_of_case
from api.simulate.forms import Facts, fill
from api.simulate.habits import Habits
from api.simulate.matters import facts_of, run_errand
from api.simulate.shift import Found, Hands, Outcome, Planned
from engine.errors import Conflict, EngineError, Forbidden, NotFound
from engine.model.history import HistoryEvent
from engine.model.user_task import UserTask, UserTaskStatus
from engine.ports import UnitOfWork, UnitOfWorkFactory
from engine.services import definitions, history, process_instances, user_tasks
from registers.cases import CaseRegister

CREATED = "user_task.created"
PAGE = 200
GONE = Outcome()


@dataclass(slots=True)
class LocalFloor:
    """Tasks by way of the services.

    people   login → groups of those who work here
    left     since when, and how likely, a task is not touched: work for an inbox; the last that applies counts
    """

    units: UnitOfWorkFactory
    habits: Habits
    people: Mapping[str, frozenset[str]]
    left: Sequence[tuple[datetime, float]]
    random: Random
    _after: str | None = None
    _read: set[str] = field(default_factory=set)

    def new_tasks(self, hands: Hands, *, everywhere: bool) -> Sequence[Found]:
        """Return the tasks that were created since the last look, as far as somebody here may do them."""
        del hands, everywhere
        with self.units(read_only=True) as uow:
            events = self._created(uow)
            tasks = [user_tasks.get(uow, event.subject_id) for event in events]
            found = [self._found(uow, task) for task in tasks if task.status is UserTaskStatus.OPEN]
        return [one for one in found if one.robots and not self._is_left(one)]

    def perform(self, hands: Hands, ready: Sequence[Planned]) -> Iterable[Outcome]:
        """Do tasks one after the other, all in one commit: that is what makes it quick."""
        del hands
        if not ready:
            return []
        with self.units() as uow, uow.grouped():
            return [self._do(uow, planned) for planned in ready]

    def _do(self, uow: UnitOfWork, planned: Planned) -> Outcome:
        try:
            with uow.savepoint():
                self._complete(uow, planned)
        except (NotFound, Conflict, Forbidden):
            return GONE
        except EngineError as error:
            return Outcome(problem=str(error))
        return Outcome(done=True)

    def active(self) -> int:
        """Return how many instances are active, up to a page of them; standing processes do not count."""
        after: str | None = None
        with self.units(read_only=True) as uow:
            while True:
                page = process_instances.list_page(uow, status="active", after=after, limit=PAGE)
                busy = sum(instance.process_key not in self.habits.standing for instance in page.items)
                if busy or page.next_after is None:
                    return busy
                after = page.next_after

    def _created(self, uow: UnitOfWork) -> list[HistoryEvent]:
        new: list[HistoryEvent] = []
        while True:
            page = history.events(uow, kinds=(CREATED,), after=self._after, limit=PAGE)
            new += [event for event in page.items if event.id not in self._read]
            if page.next_after is None:
                # The last page is not full yet: it is read again, without what is known.
                self._read = {event.id for event in page.items}
                return new
            self._after, self._read = page.next_after, set()

    def _found(self, uow: UnitOfWork, task: UserTask) -> Found:
        case = uow.get(CaseRegister).find(str(task.business_key))
        about = f"{task.process_key}|{task.facets.get('subject', '')}"
        return Found(
            task_id=task.id,
            element=task.element_id,
            case_id=str(task.business_key),
            case_key=about if case is None else f"{case.channel}|{case.external_id}",
            urgency=None if case is None else case.urgency,
            created_at=task.created_at,
            due_at=task.due_at,
            robots=self._robots(task),
        )

    def _robots(self, task: UserTask) -> tuple[str, ...]:
        """Return who may do a task: its holder alone, or whoever is named or in one of its groups."""
        if task.assignee is not None:
            return (task.assignee,) if task.assignee in self.people else ()
        wanted, named = set(task.candidate_groups), set(task.candidate_users)
        return tuple(login for login, groups in self.people.items() if wanted & groups or login in named)

    def _is_left(self, task: Found) -> bool:
        likely = [chance for since, chance in self.left if task.created_at >= since]
        return bool(likely) and self.random.random() < likely[-1]

    def _complete(self, uow: UnitOfWork, planned: Planned) -> None:
        task = user_tasks.get(uow, planned.task_id)
        form = definitions.form_of(uow, task.definition_id, str(task.form_key))
        run_errand(uow, planned.element, planned.case_id, planned.random)
        facts = self._facts(uow, planned)
        entry = fill(form, planned.element, self.habits, facts, planned.random)
        groups = sorted(self.people[planned.robot])
        user_tasks.complete(uow, task.id, submission=entry, by=planned.robot, groups=groups)

    def _facts(self, uow: UnitOfWork, planned: Planned) -> Facts:
        case = uow.get(CaseRegister).find(planned.case_id)
        if case is None:
            return facts_of(uow, planned.case_id)
        return facts_of_case(uow, case, self.habits, planned.random)
