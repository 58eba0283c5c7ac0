"""Looking at a scenario in progress: what is expected, what is found, and whether they agree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from api.process_tests.acts import Thing, record_of
from api.process_tests.fields import moment_of
from api.process_tests.model import Check
from api.process_tests.names import ENDINGS
from api.process_tests.nodes import plain
from api.process_tests.stage import Stage
from engine.model.job import JobStatus
from engine.model.process_instance import InstanceStatus, ProcessInstance
from engine.model.user_task import UserTask
from engine.services.user_tasks import user_task_light
from registers.cards import CardQuery, CardRegister

RUNNING = "running"
MOST_CARDS = 200
# Expectations whose values may be FEEL.
VALUES = frozenset({"tasks", "cards", "variables", "record"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what was found instead."""

    code: str
    expected: object
    found: object


def agrees(wanted: object, found: object) -> bool:
    """Tell whether what was found is what was wanted.

    Of a mapping only the wanted entries count; two instants are the same whatever their zones.
    """
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(agrees(one, found.get(name)) for name, one in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(wanted) == len(found)
            and all(agrees(one, other) for one, other in zip(wanted, found, strict=True))
        )
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    return wanted == found or _is_same_instant(wanted, found)


def _is_same_instant(wanted: object, found: object) -> bool:
    if not isinstance(wanted, str) or not isinstance(found, str):
        return False
    instant = moment_of(wanted)
    return instant is not None and instant == moment_of(found)


class Look:
    """Compares one expectation after the other; `of` names the thing that is meant."""

    def __init__(self, stage: Stage, of: str | None) -> None:
        """Look at a stage."""
        self._stage = stage
        self._of = of
        self._ways: Mapping[str, Callable[[object], Difference | None]] = {
            "path": self._path,
            "passes": self._passes,
            "not_passes": self._not_passes,
            "tasks": self._tasks,
            "cards": self._cards,
            "variables": self._variables,
            "record": self._record,
            "ends": self._ends,
            "sends": self._sends,
            "rows": self._rows,
            "fails": self._fails,
        }

    def at(self, check: Check) -> Difference | None:
        """Return how an expectation is disappointed; None where it is met."""
        wanted = self._stage.value(check.wanted) if check.kind in VALUES else check.wanted
        return self._ways[check.kind](wanted)

    @property
    def _thing(self) -> Thing | None:
        return self._stage.thing(self._of)

    def _entered(self) -> list[tuple[str, str]]:
        thing = self._thing if self._of is not None else None
        return [(key, one) for key, one, about in self._stage.witness.path if thing is None or about == thing.id]

    def _place(self, wanted: object) -> tuple[str, str]:
        return self._stage.library.find(str(wanted), self._stage.flow) or ("", str(wanted))

    def _path(self, wanted: object) -> Difference | None:
        rest = iter(self._entered())
        for name in _list(wanted):
            if self._place(name) not in rest:
                return Difference("path", name, [element for _, element in self._entered()])
        return None

    def _was_passed(self, name: object) -> bool:
        place = self._place(name)
        return place in self._stage.witness.flows or place in self._entered()

    def _passes(self, wanted: object) -> Difference | None:
        missed = [name for name in _list(wanted) if not self._was_passed(name)]
        return Difference("passes", missed, [element for _, element in self._entered()]) if missed else None

    def _not_passes(self, wanted: object) -> Difference | None:
        passed = [name for name in _list(wanted) if self._was_passed(name)]
        return Difference("not_passes", [], passed) if passed else None

    def _tasks(self, wanted: object) -> Difference | None:
        thing = self._thing
        tasks = [task for task in self._stage.open_tasks() if thing is None or task.business_key == thing.id]
        left = list(tasks)
        missed = []
        for one in _list(wanted):
            found = next((task for task in left if self._is_task(one, task)), None)
            if found is None:
                missed.append(one)
            else:
                left.remove(found)
        if not missed and not left:
            return None
        return Difference("tasks", wanted, [self._shown(task) for task in tasks])

    def _is_task(self, wanted: object, task: UserTask) -> bool:
        facts: Mapping[str, object] = wanted if isinstance(wanted, Mapping) else {"element": wanted}
        place = self._stage.library.find_task(str(facts.get("element")), self._stage.flow)
        if (task.process_key, task.element_id) != place:
            return False
        if "group" in facts and facts["group"] not in task.candidate_groups:
            return False
        shown = self._shown(task)
        named = ("assignee", "name", "priority", "due_at", "light")
        return all(agrees(facts[name], shown[name]) for name in named if name in facts)

    def _shown(self, task: UserTask) -> dict[str, object]:
        return {
            "element": f"{task.process_key}/{task.element_id}",
            "name": task.name,
            "group": ", ".join(task.candidate_groups),
            "assignee": task.assignee,
            "priority": task.priority,
            "due_at": plain(task.due_at),
            "light": user_task_light(task, self._stage.clock.now()),
        }

    def _cards(self, wanted: object) -> Difference | None:
        with self._stage.reading() as uow:
            cards = uow.get(CardRegister).list_cards(CardQuery(limit=MOST_CARDS))
        found = plain([asdict(card) for card in reversed(cards)])
        if agrees(wanted, found):
            return None
        shown = ("colour", "rung", "name", "unit", "holder", "issued_at")
        return Difference("cards", wanted, [{name: getattr(card, name) for name in shown} for card in reversed(cards)])

    def _variables(self, wanted: object) -> Difference | None:
        instance = self._instance()
        found = {} if instance is None else instance.variables
        return self._entries("variables", wanted, found)

    def _record(self, wanted: object) -> Difference | None:
        thing = self._thing
        with self._stage.reading() as uow:
            found = {} if thing is None else record_of(uow, thing)
        return self._entries("record", wanted, found)

    @staticmethod
    def _entries(code: str, wanted: object, found: object) -> Difference | None:
        if agrees(wanted, found):
            return None
        names = wanted if isinstance(wanted, Mapping) else {}
        values = found if isinstance(found, Mapping) else {}
        return Difference(code, wanted, {name: values.get(name) for name in names})

    def _instance(self) -> ProcessInstance | None:
        """Return the newest instance of the flow that is about the thing; of one instant's the one seen last."""
        thing, born = self._thing, self._stage.witness.born
        mine = [one for one in self._stage.instances() if one.process_key == self._stage.flow]
        own = [one for one in mine if thing is None or one.business_key == thing.id]
        return max(own, key=lambda one: (one.started_at, born.get(one.id, -1)), default=None)

    def _ends(self, wanted: object) -> Difference | None:
        instance = self._instance()
        status = "" if instance is None else instance.status.value
        status = RUNNING if status == InstanceStatus.ACTIVE.value else status
        if wanted in ENDINGS and not self._is_element(wanted):
            return None if status == wanted else Difference("ends", wanted, status)
        if status == RUNNING or not self._was_passed(wanted):
            return Difference("ends", wanted, [status, *(element for _, element in self._entered()[-3:])])
        return None

    def _is_element(self, wanted: object) -> bool:
        """Tell whether the flow has an element of this id: it wins over the word for a status."""
        flow = self._stage.flow
        return flow is not None and wanted in self._stage.library.models[flow].elements

    def _sends(self, wanted: object) -> Difference | None:
        missed = [name for name in _list(wanted) if name not in self._stage.witness.sent]
        return Difference("sends", missed, list(self._stage.witness.sent)) if missed else None

    def _rows(self, wanted: object) -> Difference | None:
        rows = wanted if isinstance(wanted, Mapping) else {}
        expected = {(str(key), row) for key, one in rows.items() for row in (one if isinstance(one, list) else [one])}
        seen = self._stage.witness.rows
        if expected <= seen:
            return None
        keys = {key for key, _ in expected}
        found = {key: sorted(row for other, row in seen if other == key) for key in sorted(keys)}
        return Difference("rows", wanted, found)

    def _fails(self, wanted: object) -> Difference | None:
        found = failing(self._stage)
        return None if sorted(map(str, _list(wanted))) == sorted(found) else Difference("fails", wanted, found)


def failing(stage: Stage) -> list[str]:
    """Return the elements whose work has failed, each with the reason; of a job without an element its topic."""
    jobs = [job for job in stage.jobs() if job.status is JobStatus.FAILED or job.attempts > 0]
    return [job.element_id or job.topic for job in jobs]


def _list(wanted: object) -> Sequence[object]:
    return wanted if isinstance(wanted, list) else []
