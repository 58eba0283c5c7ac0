"""After the shift: interface, database and timelines tell the same, and every timeline is complete, or it is said."""

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from api.simulate.crew import Robot
from api.simulate.habits import Habits
from api.simulate.wire import Document, Wire, with_query
from engine.model.deadline import Deadline
from engine.ports import UnitOfWorkFactory
from engine.services import deadlines
from registers.cards import CardQuery, CardRegister
from registers.cases import CaseQuery, CaseRegister

PAGE = 200
CARD, TASK, NODE = "card.issued", "user_task", "node"
RED = "红"


@dataclass(slots=True)
class Findings:
    """What was found.

    worked   cases with a process of ours: the others were taken over with their past
    cards, lights, late   the same numbers from three places each: interface, database, timelines
    incomplete            case → why its timeline is not complete
    """

    cases: int = 0
    worked: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    cards: dict[str, dict[str, int]] = field(default_factory=dict)
    lights: dict[str, dict[str, int]] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)
    incomplete: dict[str, str] = field(default_factory=dict)
    incidents: int = 0
    rounds: int = 0
    returns: int = 0
    extensions: int = 0

    @property
    def disagreements(self) -> list[str]:
        """Return what is counted differently in two places."""
        sets = {"cards": self.cards, "lights": self.lights, "late": {place: {"": n} for place, n in self.late.items()}}
        return [name for name, places in sets.items() if len({_frozen(counts) for counts in places.values()}) > 1]


def _frozen(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((name, number) for name, number in counts.items() if number))


@dataclass(frozen=True, slots=True)
class Inspector:
    """Reads everything as the observer, and beside it the database itself."""

    wire: Wire
    observer: Robot
    units: UnitOfWorkFactory
    habits: Habits
    at_once: int

    def inspect(self) -> Findings:
        """Compare everything. Cases that were taken over with their past have no process and no timeline of ours."""
        found = Findings()
        cases = list(self._all("/cases"))
        found.cases = len(cases)
        found.worked = sum(not case["historic"] for case in cases)
        found.statuses = Counter(case["status"] for case in cases)
        self._read_register(found)
        found.incidents = sum(1 for _ in self._all("/incidents", status="open"))
        self._count_cards(found)
        with ThreadPoolExecutor(self.at_once) as pool:
            timelines = dict(zip((case["id"] for case in cases), pool.map(self._timeline, cases), strict=True))
            shown = dict(zip((case["id"] for case in cases), pool.map(self._clocks, cases), strict=True))
        self._count_timelines(found, timelines)
        self._count_lights(found, shown, timelines)
        for case in cases:
            reason = None if case["historic"] else _gap(case, timelines[case["id"]], self.habits)
            if reason is not None:
                found.incomplete[case["id"]] = reason
        return found

    def _read_register(self, found: Findings) -> None:
        """Read from the register what the interface does not show: how cases came to their end."""
        query: CaseQuery | None = CaseQuery(limit=PAGE)
        with self.units(read_only=True) as uow:
            while query is not None:
                page = uow.get(CaseRegister).list_page(query)
                for case in page.items:
                    found.outcomes[(case.outcome or case.status).label] += 1
                    found.rounds = max(found.rounds, case.round)
                    found.returns += case.returns
                    found.extensions += case.extensions
                query = None if page.next_after is None else replace(query, after=page.next_after)

    def _count_cards(self, found: Findings) -> None:
        counts = self._get("/cards/counts")
        found.cards["interface"] = {colour: counts[colour] for colour in ("yellow", "red")}
        with self.units(read_only=True) as uow:
            stored = uow.get(CardRegister).count(CardQuery())
        found.cards["database"] = {colour.value: number for colour, number in stored.items()}

    def _count_timelines(self, found: Findings, timelines: Mapping[str, Document]) -> None:
        entries = [entry for timeline in timelines.values() for entry in timeline["entries"]]
        given = Counter(str(entry["data"]["colour"]) for entry in entries if entry["code"] == CARD)
        found.cards["timelines"] = dict(given)

    def _count_lights(
        self, found: Findings, shown: Mapping[str, list[Document]], timelines: Mapping[str, Document]
    ) -> None:
        """Count lights of all clocks; and tasks that were late, by their clock and by their place in the timeline."""
        clocks = [clock for of_case in shown.values() for clock in of_case]
        found.lights["interface"] = dict(Counter(clock["light"] for clock in clocks))
        with self.units(read_only=True) as uow:
            now = self.units.clock.now()
            stored = [clock for case_id in shown for clock in deadlines.list_of_case(uow, case_id)]
        found.lights["database"] = dict(Counter(deadlines.light_of(clock, now) for clock in stored))
        own = {clock.subject_id for clock in stored if clock.kind == NODE}
        tasks = {
            entry["task_id"]: entry
            for timeline in timelines.values()
            for entry in timeline["entries"]
            if entry["kind"] == TASK and entry["outcome"] == "completed"
        }
        done = own & set(tasks)
        found.late = {
            "interface": sum(clock["light"] == RED for clock in clocks if clock["subject_id"] in done),
            "database": sum(_was_late(clock, now) for clock in stored if clock.subject_id in done),
            "timelines": sum(bool(tasks[task_id]["overdue"]) for task_id in done),
        }

    def _timeline(self, case: Document) -> Document:
        return self._get(f"/cases/{case['id']}/timeline")

    def _clocks(self, case: Document) -> list[Document]:
        items: list[Document] = self._get(f"/cases/{case['id']}/deadlines")["items"]
        return items

    def _all(self, path: str, **query: object) -> Iterator[Document]:
        after: object = None
        while True:
            wanted = {**query, "limit": PAGE} | ({} if after is None else {"after": after})
            page = self._get(with_query(path, wanted))
            yield from page["items"]
            after = page["next_after"]
            if after is None:
                return

    def _get(self, path: str) -> Document:
        reply = self.wire.ask("GET", path, self.observer.token)
        if not reply.is_fine:
            raise RuntimeError(f"{path}: {reply.problem}")
        return reply.document


def _was_late(clock: Deadline, now: datetime) -> bool:
    return (clock.stopped_at or now) > clock.due_at


def _gap(case: Document, timeline: Document, habits: Habits) -> str | None:
    """Return what is missing in the timeline of a case: an end, a node, or who did what, when, with which opinion."""
    if not timeline["complete"]:
        return "not ended"
    tasks: list[dict[str, Any]] = [entry for entry in timeline["entries"] if entry["kind"] == TASK]
    done = [task for task in tasks if task["outcome"] == "completed"]
    for task in done:
        missing = [name for name in ("at", "ended_at", "who", "action", "opinion") if not task[name]]
        if missing:
            return f"{task['code']}: {', '.join(missing)}"
    if case["status"] not in habits.last:
        return f"status {case['status']}"
    last = habits.last[case["status"]]
    if last is None:
        return None
    if not done or done[0]["code"] != habits.first:
        return "first node"
    return None if done[-1]["code"] == last else "last node"
