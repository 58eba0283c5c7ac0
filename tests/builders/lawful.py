"""Does every running instance wait for something that can come? A person, a machine, a message, another process."""

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from engine.persistence.engine import make_engine
from engine.persistence.history_tables import ActivityInstanceRow
from engine.persistence.runtime_tables import (
    JobRow,
    MessageSubscriptionRow,
    ProcessInstanceRow,
    UserTaskRow,
)


def waiting_for_nothing(url: str) -> list[str]:
    """Return `process element` of every open activity that nothing will ever end.

    An open user task, a job that is still to be run (timers too), a subscription or a running child ends an activity;
    a sub-process ends with what is open inside it. A job that has failed is nobody's: it is an incident.
    """
    activity, instance, child = ActivityInstanceRow, ProcessInstanceRow, aliased(ProcessInstanceRow)
    comes = or_(
        exists().where(_same(UserTaskRow), UserTaskRow.status == "open"),
        exists().where(_same(JobRow), JobRow.status == "waiting"),
        exists().where(_same(MessageSubscriptionRow)),
        exists().where(
            child.parent_id == activity.instance_id,
            child.parent_activity == activity.activity,
            child.status == "active",
        ),
    )
    open_ones = (
        select(instance.process_key, activity.element_id)
        .join(activity, activity.instance_id == instance.id)
        .where(instance.status == "active", activity.ended_at.is_(None), activity.type != "subProcess", ~comes)
    )
    return _read(url, open_ones)


def without_an_open_activity(url: str) -> list[str]:
    """Return `process instance` of every running instance that stands nowhere."""
    instance, activity = ProcessInstanceRow, ActivityInstanceRow
    stands = exists().where(activity.instance_id == instance.id, activity.ended_at.is_(None))
    return _read(url, select(instance.process_key, instance.id).where(instance.status == "active", ~stands))


def _same(row):
    """Return the condition that a row belongs to the activity of the outer query."""
    return and_(row.instance_id == ActivityInstanceRow.instance_id, row.activity == ActivityInstanceRow.activity)


def _read(url, query) -> list[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = [f"{key} {name}" for key, name in connection.execute(query)]
    engine.dispose()
    return sorted(found)
