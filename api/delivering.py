"""Handing a message to the engine."""

from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from engine.services import messages


def deliver(uow: UnitOfWork, given: Mapping[str, Any], *, by: str) -> int:
    """Deliver a message by its key, or a signal to everybody; returns how many took it."""
    name, key, variables = given["name"], given["correlation_key"], given["variables"]
    if given["broadcast"]:
        if key is not None:
            message = "A signal goes to everybody and has no correlation key."
            raise Invalid(problems=[Problem("signal-with-key", "correlation_key", message)])
        return messages.broadcast(uow, name, variables=variables, by=by)
    return messages.correlate(uow, name, correlation_key=key, variables=variables, by=by)
