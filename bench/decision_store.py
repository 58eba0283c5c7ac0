"""Asking decisions with and without keeping the proof: evaluations per second, and the total.

    python bench/decision_store.py [evaluations, 10000]

The table is one of the city's own; each evaluation is kept with its inputs, rows, outputs and explanation.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from stores import Store, stores

from api.language import CITY_ZONE
from engine.clock import FixedClock
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.ports import EngineSettings
from engine.services import decisions, deployments
from engine.services.decisions import Origin

ROOT = Path(__file__).resolve().parent.parent
COUNT, CHUNK = 10_000, 1_000
KEY = "verification"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHANNELS, CATEGORIES = ("phone", "wechat", "app", "website"), ("C0101", "E0203", "H0001")


def asked(number: int) -> dict[str, object]:
    """Return the inputs of one evaluation."""
    return {"channel": CHANNELS[number % len(CHANNELS)], "category": CATEGORIES[number % len(CATEGORIES)]}


def main(count: int = COUNT) -> None:
    """Print a line per database and way of asking."""
    files = [deployments.resource(f"{KEY}.dmn", (ROOT / "rules" / f"{KEY}.dmn").read_bytes())]
    with stores(relaxed=False) as found:
        for store in found:
            units = UnitOfWorkFactory(store.engine, FixedClock(NOW), EngineSettings(zone=CITY_ZONE))
            with units() as uow:
                deployments.deploy(uow, files, note="", by="bench")
            for name, ask in (("one by one, not kept", _not_kept), ("one transaction each", _one_by_one)):
                _report(store, name, count // 10, ask, units)
            for name, ask in (("in bulk, not kept", _bulk_not_kept), ("in bulk, kept", _bulk)):
                _report(store, name, count, ask, units)


def _not_kept(units: UnitOfWorkFactory, count: int) -> None:
    for number in range(count):
        with units(read_only=True) as uow:
            decisions.look_up(uow, KEY, asked(number))


def _one_by_one(units: UnitOfWorkFactory, count: int) -> None:
    for number in range(count):
        with units() as uow:
            decisions.ask(uow, KEY, asked(number), Origin("instance", "case", "element"))
            uow.commit()


def _bulk_not_kept(units: UnitOfWorkFactory, count: int) -> None:
    with units(read_only=True) as uow:
        for start in range(0, count, CHUNK):
            rows = [asked(number) for number in range(start, min(start + CHUNK, count))]
            decisions.evaluate_many(uow, KEY, rows, by="bench", record=False)


def _bulk(units: UnitOfWorkFactory, count: int) -> None:
    for start in range(0, count, CHUNK):
        with units() as uow:
            rows = [asked(number) for number in range(start, min(start + CHUNK, count))]
            decisions.evaluate_many(uow, KEY, rows, by="bench")


def _report(
    store: Store, name: str, count: int, ask: Callable[[UnitOfWorkFactory, int], None], units: UnitOfWorkFactory
) -> None:
    began = time.perf_counter()
    ask(units, count)
    spent = time.perf_counter() - began
    print(f"{store.name:16} {name:24} {count:7} evaluations {spent:8.2f} s {count / spent:10.0f} /s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
