"""Instances per second, one transaction per step and the state restored from the database for each step.

Beside the engine run, in the same minute on the same machine: bare SQL that writes the same rows and bytes in the same
transactions (the floor), and SpiffWorkflow in memory, which stores nothing (its ceiling). Look at the ratios.

    python bench/bench_engine_steps.py [instances]
"""

import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from sqlalchemy import Engine, event
from stores import Store, stores
from workloads import TOPIC, W1, W3, Workload

from engine.clock import SystemClock
from engine.handler import JobContext, job_handler
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.services import deployments, process_instances, user_tasks

INSTANCES = 150
WARM_UP = 5


@job_handler(TOPIC)
def work(job: JobContext) -> dict[str, object]:
    """Do what a small handler does."""
    return {"done": job.find("amount")}


@dataclass
class Recorder:
    """Every statement that a connection carries out, with its values, and where it commits."""

    engine: Engine
    steps: list[tuple[str, object, bool] | None] = field(default_factory=list)
    on: bool = False

    def __post_init__(self) -> None:
        """Listen."""
        event.listen(self.engine, "before_cursor_execute", self._statement)
        event.listen(self.engine, "commit", lambda _connection: self._note(None))
        event.listen(self.engine, "rollback", lambda _connection: self._note(None))

    def _statement(self, _c: object, _cursor: object, statement: str, values: object, _x: object, many: bool) -> None:  # noqa: FBT001  the library's own call
        self._note((statement, values, many))

    def _note(self, step: tuple[str, object, bool] | None) -> None:
        if self.on:
            self.steps.append(step)


def run_engine(units: UnitOfWorkFactory, workload: Workload, count: int) -> None:
    """Carry instances from start to end."""
    for _ in range(count):
        with units() as uow:
            instance = process_instances.start(
                uow, workload.name, business_key=None, variables=workload.data, by="bench"
            )
        for _ in range(workload.user_tasks):
            with units(read_only=True) as uow:
                [task] = uow.user_tasks.list_open(instance.id)
            with units() as uow:
                user_tasks.complete(uow, task.id, submission={"seen": True}, by="bench", groups=("clerks",))


def replay(store: Store, steps: list[tuple[str, object, bool] | None]) -> None:
    """Carry the same statements out on the twin with its bare driver, in the same transactions."""
    raw = store.twin.raw_connection()
    connection = raw.driver_connection
    for step in steps:
        if step is None:
            connection.commit()
            continue
        statement, values, many = step
        cursor = connection.cursor()
        if many:
            cursor.executemany(statement, values)
        else:
            cursor.execute(statement, values)
        if cursor.description is not None:
            cursor.fetchall()
        cursor.close()
    connection.commit()
    raw.close()


def run_library(workload: Workload, count: int) -> None:
    """Carry instances to their end in memory, with the library as it comes."""
    parser = BpmnParser()
    xml = workload.xml(for_library=True).replace(b"DURATION", b'"P30D"')
    parser.add_bpmn_xml(etree.parse(io.BytesIO(xml)))
    spec, subs = parser.get_spec(workload.name), parser.get_subprocess_specs(workload.name)
    for _ in range(count):
        flow = BpmnWorkflow(spec, subs)
        flow.data.update(workload.data)
        flow.get_next_task().data.update(workload.data)
        flow.do_engine_steps()
        while not flow.completed:
            waiting = flow.get_next_task(manual=True, state=_ready())
            waiting.data["seen"] = True
            waiting.run()
            flow.do_engine_steps()


def _ready() -> int:
    from SpiffWorkflow import TaskState  # noqa: PLC0415  only the library's own run needs it

    return TaskState.READY


def rate(what: Callable[[], None], count: int) -> float:
    """Return how many per second."""
    begun = time.perf_counter()
    what()
    return count / (time.perf_counter() - begun)


def measure(store: Store, workload: Workload, count: int) -> tuple[float, float]:
    """Return instances per second of the engine and of bare SQL."""
    units = UnitOfWorkFactory(store.engine, SystemClock())
    xml = workload.xml(for_library=False).replace(b"DURATION", b"P30D")
    files = [deployments.resource(f"{workload.name}.bpmn", xml)]
    recorder = Recorder(store.engine, on=True)
    with units() as uow:
        deployments.deploy(uow, files, note="", by="bench")
    run_engine(units, workload, WARM_UP)
    replay(store, recorder.steps)
    recorder.steps.clear()
    ours = rate(lambda: run_engine(units, workload, count), count)
    recorder.on = False
    return ours, rate(lambda: replay(store, recorder.steps), count)


def main() -> None:
    """Print a line per workload and store."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else INSTANCES
    with stores() as found:
        for workload in (W1, W3):
            ceiling = rate(lambda flow=workload: run_library(flow, count), count)
            print(f"{workload.name}: library in memory {ceiling:.0f}/s")
            for store in found:
                ours, floor = measure(store, workload, count)
                print(
                    f"  {store.name:14} {ours:6.0f}/s   bare SQL {floor:6.0f}/s   "
                    f"engine/bare SQL {ours / floor:.2f}   engine/library {ours / ceiling:.2f}"
                )


if __name__ == "__main__":
    main()
