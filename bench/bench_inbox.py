"""Inboxes of a big city: the first page of 50, by query, with many open tasks; p50 and p99, and ratios to the simplest.

    python bench/bench_inbox.py [open tasks, 100000] [rounds, 100]

A bare statement that reads one group's rows by the same index stands beside it: the floor.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import insert, text
from stores import Store, stores
from workloads import TOPIC, W1

from engine.clock import FixedClock
from engine.handler import JobContext, job_handler
from engine.model.user_task import InboxQuery
from engine.persistence.base import table_of
from engine.persistence.runtime_tables import UserTaskCandidateRow, UserTaskRow
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.ports import EngineSettings
from engine.services import deployments, process_instances, user_tasks

OPEN_TASKS, ROUNDS, BLOCK = 100_000, 100, 2_000
GROUPS, RARE, CATEGORIES, DISTRICTS = 200, 5, 200, 18
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FACETS = ("category", "district")


@job_handler(TOPIC)
def work(job: JobContext) -> None:
    """Do nothing: the diagram only has to be a good one."""
    del job


def tasks(count: int, chance: random.Random, instance_id: str) -> Iterator[tuple[dict, dict]]:
    """Yield rows of tasks and of their candidates; one in a thousand lies in a rare group."""
    for number in range(count):
        rare = number % 1_000 == 0
        group = f"rare{chance.randrange(RARE)}" if rare else f"group{chance.randrange(GROUPS)}"
        facets = {"category": f"C{chance.randrange(CATEGORIES)}", "district": f"D{chance.randrange(DISTRICTS)}"}
        due = NOW + timedelta(minutes=chance.randrange(-5_000, 20_000))
        created, priority = due - timedelta(days=3), chance.randrange(100)
        common = {"due_at": due, "created_at": created, "priority": priority}
        yield (
            _task(number, group, facets)
            | common
            | {"instance_id": instance_id, "root_id": instance_id, "yellow_at": due - timedelta(days=1), "red_at": due},
            {
                "candidate": group,
                "task_id": f"task-{number:08}",
                "facet_1": facets["category"],
                "facet_2": facets["district"],
                **common,
            },
        )


def _task(number: int, group: str, facets: dict[str, str]) -> dict:
    lines = ["处置", f"case-{number}", *(f"{name}={value}" for name, value in facets.items())]
    return {
        "id": f"task-{number:08}",
        "activity": number,
        "element_id": "handle",
        "name": "处置",
        "process_key": "bench",
        "definition_id": "definition",
        "business_key": f"case-{number}",
        "form_key": None,
        "lane": "承办部门",
        "assignee": None,
        "candidate_groups": [group],
        "candidate_users": [],
        "follow_up_at": None,
        "deadline_id": None,
        "paused": False,
        "status": "open",
        "revision": 0,
        "facets": facets,
        "search_text": "\n" + "\n".join(lines) + "\n",
        "draft": None,
        "claimed_at": None,
        "ended_at": None,
        "ended_by": None,
        "submission": None,
    }


def fill(store: Store, count: int) -> None:
    """Store the tasks as those of one instance: whose they are is beside the point here."""
    rows = tasks(count, random.Random(7), _instance(store))
    with store.engine.begin() as connection:
        while block := list(islice(rows, BLOCK)):
            connection.execute(insert(table_of(UserTaskRow)), [task for task, _ in block])
            connection.execute(insert(table_of(UserTaskCandidateRow)), [candidate for _, candidate in block])
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _instance(store: Store) -> str:
    """Start an instance and return its id."""
    units = UnitOfWorkFactory(store.engine, FixedClock(NOW), EngineSettings(facets=FACETS))
    with units() as uow:
        deployments.deploy(uow, [deployments.resource("w1.bpmn", W1.xml(for_library=False))], note="", by="bench")
    with units() as uow:
        return process_instances.start(uow, W1.name, business_key=None, variables=W1.data, by="bench").id


def queries() -> dict[str, InboxQuery]:
    """Return the queries by name; the first is what the others are compared with."""
    one = InboxQuery(user="nobody", groups=("group1",), now=NOW, box="pool")
    five = tuple(f"group{number}" for number in range(5))
    rare = tuple(f"rare{number}" for number in range(RARE))
    return {
        "one group, by due": one,
        "one group, by age": _with(one, sort="-created"),
        "one group, one category": _with(one, facets=(("category", "C7"),)),
        "one group, category and district": _with(one, facets=(("category", "C7"), ("district", "D3"))),
        "one group, red only": _with(one, lights=("红",)),
        "five groups": _with(one, groups=five),
        "five rare groups": _with(one, groups=rare),
        "mine and five groups": _with(one, groups=five, box="all"),
    }


def _with(query: InboxQuery, **changes: object) -> InboxQuery:
    values = {name: getattr(query, name) for name in query.__slots__}
    return InboxQuery(**(values | changes))


def timed(what: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begun) * 1_000)
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def measure(store: Store, rounds: int) -> dict[str, tuple[float, float]]:
    """Return p50 and p99 of every query."""
    units = UnitOfWorkFactory(store.engine, FixedClock(NOW), EngineSettings(facets=FACETS))

    def page(query: InboxQuery) -> str | None:
        with units(read_only=True) as uow:
            return user_tasks.inbox(uow, query).next_after

    def count(query: InboxQuery) -> object:
        with units(read_only=True) as uow:
            return user_tasks.count(uow, query)

    found = {name: timed(lambda query=query: page(query), rounds) for name, query in queries().items()}
    [first, *_] = queries().values()
    found["counts of one group, capped"] = timed(lambda: count(first), max(10, rounds // 10))
    deep = first
    for _ in range(8):
        deep = _with(deep, after=page(deep) or deep.after)
    found["eighth page by key"] = timed(lambda: page(deep), rounds)
    found["bare SQL, one group"] = timed(lambda: _bare(store), rounds)
    return found


def _bare(store: Store) -> None:
    statement = (
        "SELECT t.* FROM (SELECT task_id FROM user_task_candidate WHERE candidate = 'group1' "
        "ORDER BY due_at, task_id LIMIT 51) c JOIN user_task t ON t.id = c.task_id"
    )
    raw = store.engine.raw_connection()
    cursor = raw.driver_connection.cursor()
    cursor.execute(statement)
    for row in cursor.fetchall():
        json.loads(row[12])
    cursor.close()
    raw.close()


def main() -> None:
    """Print a table per store."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else OPEN_TASKS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with stores(relaxed=False) as found:
        for store in found:
            begun = time.perf_counter()
            fill(store, count)
            print(f"{store.name}: {count} open tasks, filled in {time.perf_counter() - begun:.0f} s")
            figures = measure(store, rounds)
            base = figures["one group, by due"][0]
            for name, (p50, p99) in figures.items():
                print(f"  {name:34} p50 {p50:8.2f} ms   p99 {p99:8.2f} ms   ratio {p50 / base:5.2f}")


if __name__ == "__main__":
    main()
