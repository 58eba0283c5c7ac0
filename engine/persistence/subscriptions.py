"""Repository of subscriptions: who waits for which message or signal."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from engine.model.subscription import MessageSubscription
from engine.persistence.base import table_of
from engine.persistence.runtime_tables import MessageSubscriptionRow

_TABLE = table_of(MessageSubscriptionRow)


class SubscriptionRepository:
    """Message and signal subscriptions."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the unit of work."""
        self._connection = connection

    def add(self, subscriptions: Sequence[MessageSubscription]) -> None:
        """Store new subscriptions."""
        if subscriptions:
            rows = [{name: getattr(one, name) for name in MessageSubscription.__slots__} for one in subscriptions]
            self._connection.execute(insert(_TABLE), rows)

    def find(self, subscription_id: str) -> MessageSubscription | None:
        """Return a subscription that still waits."""
        query = select(_TABLE).where(MessageSubscriptionRow.id == subscription_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return MessageSubscription(**row) if row else None

    def find_at(self, instance_id: str, activity: int) -> MessageSubscription | None:
        """Return what an activity waits for, if it still does."""
        query = select(_TABLE).where(
            MessageSubscriptionRow.instance_id == instance_id, MessageSubscriptionRow.activity == activity
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return MessageSubscription(**row) if row else None

    def list_waiting(self, kind: str, name: str, correlation_key: str | None = None) -> tuple[MessageSubscription, ...]:
        """Return who waits; a message goes to subscriptions with its key, a signal to all."""
        query = (
            select(_TABLE)
            .where(
                MessageSubscriptionRow.kind == kind,
                MessageSubscriptionRow.name == name,
                # Without a key: only who asks for none; anything else would be somebody else's message.
                MessageSubscriptionRow.correlation_key == correlation_key,
            )
            .order_by(
                MessageSubscriptionRow.created_at, MessageSubscriptionRow.instance_id, MessageSubscriptionRow.activity
            )
        )
        return tuple(MessageSubscription(**row) for row in self._connection.execute(query).mappings())

    def delete_activities(self, instance_id: str, activities: Sequence[int]) -> None:
        """Take away the subscriptions of activities that wait no longer."""
        self._connection.execute(
            delete(_TABLE).where(
                MessageSubscriptionRow.instance_id == instance_id, MessageSubscriptionRow.activity.in_(activities)
            )
        )
