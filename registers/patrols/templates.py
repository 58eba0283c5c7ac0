"""The register of plans: periodic patrols, and how far each has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update

from engine.errors import Conflict, NotFound
from engine.persistence.base import Register
from registers.local_time import LOCAL_ZONE
from registers.patrols.areas import below
from registers.patrols.checklist import read_checklist, write_checklist
from registers.patrols.model import (
    Assignment,
    Cycle,
    HolidayRule,
    Limit,
    NewPatrolTemplate,
    PatrolTemplate,
    Rhythm,
)
from registers.patrols.pages import check_limit, read_instant_key, write_key
from registers.patrols.planning import ONE_DAY, instant_of
from registers.patrols.tables import PatrolTemplateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateQuery:
    """Which plans a page shows, newest first.

    areas  units whose plans, and those of the units below them, are shown; None: all
    """

    areas: tuple[str, ...] | None = None
    enabled: bool | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """A page of plans, and the key of the next one."""

    items: tuple[PatrolTemplate, ...]
    next_after: str | None


class PatrolTemplateRegister(Register):
    """Adds, changes and lists plans; the flow moves them on. What is handed in has been checked (`plan_check`)."""

    def add(self, new: NewPatrolTemplate, *, by: str) -> PatrolTemplate:
        """Add a plan. Today is owed where its time of day is still to come."""
        values = _values(new) | {
            "id": str(uuid4()),
            "enabled": True,
            "counts_from": self._owed_from(new.dispatch_time),
            "created_at": self.clock.now(),
            "created_by": by,
            "revision": 1,
        }
        row = self.connection.execute(insert(PatrolTemplateRow).values(**values).returning(PatrolTemplateRow)).one()
        return template_of(row._asdict())

    def change(self, template_id: str, new: NewPatrolTemplate, *, revision: int | None = None) -> PatrolTemplate:
        """Change a plan; what was owed before today is not owed any more. Raises NotFound, Conflict."""
        return self._change(template_id, _values(new) | {"counts_from": self._today()}, revision)

    def enable(self, template_id: str, *, revision: int | None = None) -> PatrolTemplate:
        """Take a plan up again; what fell into the meantime is not owed. Raises NotFound, Conflict."""
        known = self.get(template_id)
        if known.enabled:
            return known
        changed = {"enabled": True, "counts_from": self._owed_from(known.dispatch_time)}
        return self._change(template_id, changed, revision)

    def disable(self, template_id: str, *, revision: int | None = None) -> PatrolTemplate:
        """Lay a plan down; tasks that were dispatched go on. Raises NotFound, Conflict."""
        return self._change(template_id, {"enabled": False, "next_at": None}, revision)

    def attach_instance(self, template_id: str, instance_id: str) -> PatrolTemplate:
        """Note which process instance carries the plan."""
        return self._change(template_id, {"process_instance_id": instance_id})

    def await_next(self, template_id: str, next_at: datetime | None) -> PatrolTemplate:
        """Note when the next patrol is dispatched; None where none is to come."""
        return self._change(template_id, {"next_at": next_at})

    def settle(self, template_id: str, day: date) -> PatrolTemplate:
        """Note that a day was dispatched or left out: it is never owed again."""
        return self._change(template_id, {"last_on": day})

    def find(self, template_id: str) -> PatrolTemplate | None:
        """Return a plan by id, or None."""
        row = self.connection.execute(
            select(PatrolTemplateRow).where(PatrolTemplateRow.id == template_id)
        ).one_or_none()
        return None if row is None else template_of(row._asdict())

    def get(self, template_id: str) -> PatrolTemplate:
        """Return a plan by id, or raise NotFound."""
        found = self.find(template_id)
        if found is None:
            raise NotFound(kind="patrol template", id=template_id)
        return found

    def list_page(self, query: TemplateQuery) -> TemplatePage:
        """Return a page of plans. Raises Invalid for an unknown limit or page key."""
        limit = check_limit(query.limit)
        statement = select(PatrolTemplateRow).where(*_filters(query))
        if query.after is not None:
            at, last_id = read_instant_key(query.after)
            same = and_(PatrolTemplateRow.created_at == at, PatrolTemplateRow.id < last_id)
            statement = statement.where(or_(PatrolTemplateRow.created_at < at, same))
        order = PatrolTemplateRow.created_at.desc(), PatrolTemplateRow.id.desc()
        rows = self.connection.execute(statement.order_by(*order).limit(limit + 1)).all()
        items = tuple(template_of(row._asdict()) for row in rows[:limit])
        return TemplatePage(items, write_key(items[-1].created_at, items[-1].id) if len(rows) > limit else None)

    def _change(self, template_id: str, values: Mapping[str, object], revision: int | None = None) -> PatrolTemplate:
        """Change columns; a revision that is not the one that the caller saw is a conflict."""
        known = PatrolTemplateRow.id == template_id
        seen = true() if revision is None else PatrolTemplateRow.revision == revision
        statement = update(PatrolTemplateRow).where(known, seen)
        statement = statement.values(**values, revision=PatrolTemplateRow.revision + 1)
        row = self.connection.execute(statement.returning(PatrolTemplateRow)).one_or_none()
        if row is None:
            self.get(template_id)
            raise Conflict(kind="patrol template", id=template_id)
        return template_of(row._asdict())

    def _today(self) -> date:
        return self.clock.now().astimezone(LOCAL_ZONE).date()

    def _owed_from(self, dispatch_time: str) -> date:
        """Return the first day that is owed from now on: today, or tomorrow where its time of day is over."""
        today = self._today()
        return today if instant_of(today, dispatch_time) > self.clock.now() else today + ONE_DAY


def settled_until(template: PatrolTemplate) -> date:
    """Return the day after which patrols of a plan are owed."""
    before = template.counts_from - ONE_DAY
    return before if template.last_on is None else max(template.last_on, before)


def template_of(values: Mapping[str, Any]) -> PatrolTemplate:
    """Build a plan from its row."""
    rhythm = Rhythm(
        cycle=Cycle(values["cycle"]),
        every=values["every"],
        weekdays=tuple(values["weekdays"]),
        month_days=tuple(values["month_days"]),
        holiday_rule=HolidayRule(values["holiday_rule"]),
        valid_from=values["valid_from"],
        valid_until=values["valid_until"],
    )
    assigned = (Assignment(member=one["member"], objects=tuple(one["objects"])) for one in values["assignments"])
    return PatrolTemplate(
        **{name: values[name] for name in PLAIN},
        rhythm=rhythm,
        checklist=read_checklist(values["checklist"]),
        assignments=tuple(assigned),
        limit=limit_of(values),
    )


def limit_of(values: Mapping[str, Any]) -> Limit:
    """Build a limit from the columns of a row."""
    value = Decimal(values["limit_value"])
    return Limit(value=value, unit=values["limit_unit"], calendar=values["calendar"])


def limit_columns(limit: Limit) -> dict[str, object]:
    """Return the columns of a limit."""
    return {"limit_value": f"{limit.value:f}", "limit_unit": limit.unit, "calendar": limit.calendar}


PLAIN = (
    "id",
    "title",
    "category",
    "unit",
    "dispatch_time",
    "radius_m",
    "enabled",
    "counts_from",
    "last_on",
    "next_at",
    "process_instance_id",
    "created_at",
    "created_by",
    "revision",
)


def _values(new: NewPatrolTemplate) -> dict[str, object]:
    """Return the columns that somebody plans."""
    rhythm = new.rhythm
    return {
        "title": new.title.strip(),
        "category": new.category,
        "unit": new.unit,
        "checklist": write_checklist(new.checklist),
        "assignments": [{"member": one.member, "objects": list(one.objects)} for one in new.assignments],
        "cycle": rhythm.cycle.value,
        "every": rhythm.every,
        "weekdays": list(rhythm.weekdays),
        "month_days": list(rhythm.month_days),
        "holiday_rule": rhythm.holiday_rule.value,
        "valid_from": rhythm.valid_from,
        "valid_until": rhythm.valid_until,
        "dispatch_time": new.dispatch_time,
        "radius_m": new.radius_m,
        **limit_columns(new.limit),
    }


def _filters(query: TemplateQuery) -> tuple[ColumnElement[bool], ...]:
    conditions: list[ColumnElement[bool]] = [true()]
    if query.areas is not None:
        conditions.append(below(PatrolTemplateRow.unit, query.areas))
    if query.enabled is not None:
        conditions.append(PatrolTemplateRow.enabled == query.enabled)
    return tuple(conditions)
