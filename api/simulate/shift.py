"""The shift: tasks are found in the inboxes, planned, worked on when their time has come, and the clock moves on."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Protocol, TypeVar

from api.simulate.habits import Habits
from api.simulate.stage import Stage

Thing = TypeVar("Thing")
Result = TypeVar("Result")

# A task that keeps being refused will not be accepted the next time either.
MOST_REFUSALS = 3
LOOK_EVERY = 25


class Hands(Protocol):
    """Do the same to several things, some of them at once; results come in the order of the things."""

    def __call__(self, work: Callable[[Thing], Result], things: Iterable[Thing], /) -> Iterable[Result]:
        """Begin."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A task that was found in the inboxes of some robots (by login).

    case_id    key of the case, or of whatever else the task is about
    case_key   what that is called in every run with the same input
    """

    task_id: str
    element: str
    case_id: str
    case_key: str
    urgency: str | None
    created_at: datetime
    due_at: datetime | None
    robots: tuple[str, ...]


@dataclass(slots=True)
class Planned:
    """A task that a robot will do."""

    task_id: str
    element: str
    case_id: str
    robot: str
    random: Random
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: done; a message of the reporter came first; refused with a problem; or gone."""

    done: bool = False
    message: str | None = None
    problem: str | None = None


class Floor(Protocol):
    """Where robots find their tasks and do them."""

    def new_tasks(self, hands: Hands, *, everywhere: bool) -> Sequence[Found]:
        """Return tasks that may be new; look into every inbox where `everywhere`."""
        ...

    def perform(self, hands: Hands, ready: Sequence[Planned]) -> Iterable[Outcome]:
        """Do tasks, some of them at once; outcomes come in their order."""
        ...

    def active(self) -> int:
        """Return how many instances are active, up to a page of them; standing processes do not count."""
        ...


@dataclass(order=True, slots=True)
class Arrival:
    """Something that comes in from outside at an instant."""

    at: datetime
    happen: Callable[[], object] = field(compare=False)


@dataclass(slots=True)
class Tally:
    """What was done."""

    begun_at: datetime
    now: datetime
    done: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    refused: list[str] = field(default_factory=list)
    stuck: int = 0

    @property
    def steps(self) -> int:
        """Return how many tasks were completed."""
        return self.done.total()


@contextmanager
def hands(at_once: int) -> Iterator[Hands]:
    """Give one hand, which does one thing after the other in this thread, or several."""
    if at_once == 1:
        yield map
        return
    with ThreadPoolExecutor(at_once) as pool:
        yield pool.map


class Shift:
    """Everybody at work until nothing is left, or until an instant."""

    def __init__(self, stage: Stage, floor: Floor, habits: Habits, *, seed: int, at_once: int) -> None:
        """Begin with an empty plan: what was planned before a crash is planned again from the inboxes."""
        self._stage, self._floor, self._habits = stage, floor, habits
        self._seed, self._at_once = seed, at_once
        self._known: dict[str, Planned] = {}
        self._plan: list[tuple[datetime, str, str]] = []
        self._visits: Counter[tuple[str, str]] = Counter()
        now = stage.now()
        self.tally = Tally(now, now)

    def run(
        self,
        *,
        until: datetime | None = None,
        arrivals: Iterable[Arrival] = (),
        look: Callable[[Tally], None] = lambda _tally: None,
    ) -> Tally:
        """Work until no instance is active, or until an instant; `look` is called now and then."""
        waiting = sorted(arrivals, reverse=True)
        now = self._stage.advance(self._stage.now())
        with hands(self._at_once) as several:
            for turn in count():
                while waiting and waiting[-1].at <= now:
                    waiting.pop().happen()
                self._discover(several, everywhere=turn == 0)
                self._work(several, now)
                self.tally.now = now
                if turn % LOOK_EVERY == 0:
                    look(self.tally)
                if self._ready(now):
                    continue
                target = self._next(several, waiting)
                if target is None or (until is not None and target > until):
                    break
                now = self._stage.advance(max(target, now + self._habits.step))
        if until is None:
            self.tally.stuck = self._floor.active()
        else:
            self.tally.now = self._stage.advance(until)
        return self.tally

    def _next(self, several: Hands, waiting: Sequence[Arrival]) -> datetime | None:
        """Return when something happens next; None when nothing will."""
        if not self._plan and not waiting:
            # Nobody knows of anything to do: look everywhere before saying so.
            self._discover(several, everywhere=True)
            if not self._plan and self._floor.active() == 0:
                return None
        instants = [self._plan[0][0] if self._plan else None, waiting[-1].at if waiting else None]
        return min((one for one in [*instants, self._stage.next_due()] if one is not None), default=None)

    def _ready(self, now: datetime) -> bool:
        return bool(self._plan) and self._plan[0][0] <= now

    def _discover(self, several: Hands, *, everywhere: bool) -> None:
        """Plan what is new in the inboxes; a task that lies in several is done by one of those who see it."""
        found = self._floor.new_tasks(several, everywhere=everywhere)
        for task in sorted(found, key=lambda one: (one.created_at, one.case_key, one.element, one.task_id)):
            if task.task_id not in self._known:
                self._add(task)

    def _add(self, task: Found) -> None:
        visit = task.case_key, task.element
        self._visits[visit] += 1
        random = Random(f"{self._seed}|{task.case_key}|{task.element}|{self._visits[visit]}")  # noqa: S311  chance, not secrecy
        robot = random.choice(sorted(task.robots))
        self._known[task.task_id] = Planned(task.task_id, task.element, task.case_id, robot, random)
        finish = self._habits.finish(task.element, task.urgency, task.created_at, task.due_at, random)
        heapq.heappush(self._plan, (finish, f"{task.case_key}|{task.element}", task.task_id))

    def _work(self, several: Hands, now: datetime) -> None:
        ready: list[Planned] = []
        while self._ready(now):
            ready.append(self._known[heapq.heappop(self._plan)[2]])
        for planned, outcome in zip(ready, self._floor.perform(several, ready), strict=True):
            self._note(planned, outcome, now)

    def _note(self, planned: Planned, outcome: Outcome, now: datetime) -> None:
        if outcome.done:
            self.tally.done[planned.element] += 1
        elif outcome.message is not None:
            self.tally.messages[outcome.message] += 1
        elif outcome.problem is None:
            self.tally.lost += 1
        else:
            self.tally.refused.append(f"{planned.element} {planned.case_id}: {outcome.problem}")
            planned.refusals += 1
            if planned.refusals < MOST_REFUSALS:
                again = now + timedelta(minutes=planned.refusals)
                heapq.heappush(self._plan, (again, planned.element, planned.task_id))
