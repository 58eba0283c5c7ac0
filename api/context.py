"""What a request may use: the running city, handed over by bootstrap and found again from any resource."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app

from api.config import Settings
from api.rate_limit import RateLimiter
from api.use_memory import UseMemory
from engine.ports import UnitOfWork, UnitOfWorkFactory

EXTENSION = "zhili"


@dataclass(frozen=True, slots=True)
class City:
    """Everything that resources need, made once per process.

    units           opens transactions
    move_clock      sets the simulated instant; None where the clock is the machine's
    is_unavailable  tells a database that cannot be reached from a failure of ours
    shapes          how a value of the engine is shown where a refusal has to show it
    """

    settings: Settings
    units: UnitOfWorkFactory
    is_unavailable: Callable[[BaseException], bool]
    move_clock: Callable[[datetime], None] | None = None
    shapes: Mapping[type, Callable[[Any, datetime], object]] = field(default_factory=dict)
    limiter: RateLimiter = field(default_factory=RateLimiter)
    uses: UseMemory = field(default_factory=UseMemory)


def install(app: Flask, running: City) -> None:
    """Give the application its city."""
    app.extensions[EXTENSION] = running


def city() -> City:
    """Return the running city of this request."""
    return cast("City", current_app.extensions[EXTENSION])


def reading() -> UnitOfWork:
    """Open a transaction that only reads; it never waits for writers."""
    return city().units(read_only=True)


def writing() -> UnitOfWork:
    """Open a transaction that may write; leaving it without a commit rolls it back."""
    return city().units()


def now() -> datetime:
    """Return the city's current instant, which may be a virtual one."""
    return city().units.clock.now()
