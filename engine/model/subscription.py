"""Subscriptions: activities that wait for a message or a signal."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageSubscription:
    """One activity that waits for a message (kind `message`) or for a signal (kind `signal`).

    correlation_key  text that a message must name to be delivered here; None for signals
    """

    id: str
    kind: str
    name: str
    correlation_key: str | None
    instance_id: str
    activity: int
    element_id: str
    created_at: datetime
