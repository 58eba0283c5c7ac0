"""What a plan and a task made by hand must have: members who may patrol, objects of the area, a rhythm, a limit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.codes import CodeRegister
from registers.org import AccountRegister, UnitRegister
from registers.patrols.areas import is_near, object_lies_in
from registers.patrols.checklist import problems_of_checklist
from registers.patrols.model import Assignment, ChecklistItem, Cycle, Limit, NewPatrolTemplate, Rhythm
from registers.patrols.objects import CATEGORIES, PatrolObjectRegister
from registers.patrols.planning import LAST_DAY
from registers.working_days import WorkingDayRegister

TITLE_MAX, EVERY_MAX, MEMBERS_MAX, OBJECTS_MAX = 100, 366, 500, 200
TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LAST_WEEKDAY, LAST_MONTH_DAY = 7, 31
AT = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRules:
    """What the tables say about plans.

    workers       roles whose people patrol (table patrol_roles)
    max_radius_m  how far a check-in may be at most (table patrol_frequency); a plan may only narrow it
    """

    workers: tuple[str, ...]
    max_radius_m: int


class PlanCheckRegister(Register):
    """Looks up what plans refer to."""

    def check_template(self, new: NewPatrolTemplate, rules: PlanRules) -> None:
        """Raise Invalid with one problem per wrong field of a plan."""
        problems = self._work(new.title, new.category, new.unit, new.checklist)
        problems += [*_rhythm(new.rhythm), *_time(new.dispatch_time), *_radius(new.radius_m, rules)]
        problems += self.problems_of_limit(new.limit)
        problems += self.problems_of_assignments(new.assignments, new.unit, rules)
        if problems:
            raise Invalid(problems=problems)

    def check_task(self, new: NewPatrolTemplate, rules: PlanRules) -> None:
        """Raise Invalid with one problem per wrong field of a task made by hand: a plan without a rhythm."""
        problems = self._work(new.title, new.category, new.unit, new.checklist)
        problems += [*_radius(new.radius_m, rules), *self.problems_of_limit(new.limit)]
        problems += self.problems_of_assignments(new.assignments, new.unit, rules)
        if problems:
            raise Invalid(problems=problems)

    def may_patrol(self, member: str, unit: str, rules: PlanRules) -> bool:
        """Tell whether an account exists, is enabled, and holds a patrolling role in or above the area of a unit."""
        accounts = AccountRegister(self.connection, self.clock)
        account = accounts.find_by_login(member)
        if account is None or not account.enabled:
            return False
        held = (group.split(AT) for group in accounts.groups_of(account.id))
        return any(role in rules.workers and is_near(area, unit) for role, area in held)

    def problems_of_assignments(self, given: Iterable[Assignment], unit: str, rules: PlanRules) -> list[Problem]:
        """Return a problem for each member who may not patrol there and each object that lies elsewhere."""
        assignments = tuple(given)
        named = [member.member for member in assignments]
        problems = []
        if not 1 <= len(assignments) <= MEMBERS_MAX or any(not one.objects for one in assignments):
            message = "Name at least one member, and for each at least one object."
            problems.append(Problem("patrol-nobody", "assignments", message))
        problems += [
            Problem("patrol-member-twice", "assignments", f"{member} stands there twice.", {"value": member})
            for member in sorted({member for member in named if named.count(member) > 1})
        ]
        problems += [
            Problem("patrol-member-unfit", "assignments", f"{member} does not patrol there.", {"value": member})
            for member in dict.fromkeys(named)
            if not self.may_patrol(member, unit, rules)
        ]
        return [*problems, *self._objects(assignments, unit)]

    def problems_of_limit(self, limit: Limit) -> list[Problem]:
        """Return a problem where a limit is no budget, or its calendar is not deployed."""
        try:
            days = WorkingDayRegister(self.connection, self.clock)
            days.due_at(limit.calendar, self.clock.now(), limit.value, limit.unit)
        except Invalid as refused:
            return [Problem("patrol-limit", "limit", problem.message) for problem in refused.problems]
        except NotFound:
            message = f"There is no calendar {limit.calendar}."
            return [Problem("unknown-calendar", "calendar", message, {"value": limit.calendar})]
        return []

    def _objects(self, assignments: Iterable[Assignment], unit: str) -> list[Problem]:
        """Return a problem for each object that is unknown, not in use or outside the area of the unit."""
        wanted = list(dict.fromkeys(one for assignment in assignments for one in assignment.objects))
        known = PatrolObjectRegister(self.connection, self.clock).find_many(wanted)
        areas = None if UnitRegister(self.connection, self.clock).get(unit).parent is None else (unit,)
        problems = []
        for object_id in wanted:
            found = known.get(object_id)
            if found is None or not found.enabled:
                message = f"There is no patrol object {object_id} in use."
                problems.append(Problem("patrol-object-unknown", "assignments", message, {"value": object_id}))
            elif not object_lies_in(found, areas):
                message = f"{found.code} lies outside the area of the unit."
                problems.append(Problem("patrol-object-outside", "assignments", message, {"value": found.code}))
        return problems

    def _work(self, title: str, category: str, unit: str, checklist: tuple[ChecklistItem, ...]) -> list[Problem]:
        """Return a problem for each wrong field that plans and tasks share; an unknown unit is refused at once."""
        UnitRegister(self.connection, self.clock).require([unit], "unit")
        problems = problems_of_checklist(checklist)
        if not 1 <= len(title.strip()) <= TITLE_MAX:
            message = f"A title has 1 to {TITLE_MAX} characters."
            problems.append(Problem("patrol-title-length", "title", message, {"max": TITLE_MAX}))
        if CodeRegister(self.connection, self.clock).find_enabled(CATEGORIES, category) is None:
            message = f"There is no category {category}."
            problems.append(Problem("unknown-category", "category", message, {"value": category}))
        return problems


def _rhythm(rhythm: Rhythm) -> list[Problem]:
    """Return a problem for each part of a rhythm that names no day."""
    problems = []
    if not 1 <= rhythm.every <= EVERY_MAX:
        message = f"The interval lies between 1 and {EVERY_MAX}."
        problems.append(Problem("patrol-interval", "every", message, {"max": EVERY_MAX}))
    weekdays_fine = all(1 <= day <= LAST_WEEKDAY for day in rhythm.weekdays)
    if not weekdays_fine or (rhythm.cycle is Cycle.WEEKLY) is not bool(rhythm.weekdays):
        message = "A weekly plan names weekdays from 1 (Monday) to 7, another plan names none."
        problems.append(Problem("patrol-weekdays", "weekdays", message))
    days_fine = all(day == LAST_DAY or 1 <= day <= LAST_MONTH_DAY for day in rhythm.month_days)
    if not days_fine or (rhythm.cycle is Cycle.MONTHLY) is not bool(rhythm.month_days):
        message = "A monthly plan names days from 1 to 31 or -1 for the last, another plan names none."
        problems.append(Problem("patrol-month-days", "month_days", message))
    if rhythm.valid_until is not None and rhythm.valid_until < rhythm.valid_from:
        message = "The last day lies before the first."
        problems.append(Problem("patrol-validity", "valid_until", message))
    return problems


def _time(dispatch_time: str) -> list[Problem]:
    if TIME_OF_DAY.fullmatch(dispatch_time):
        return []
    message = "A time of day is written as 08:30."
    return [Problem("patrol-dispatch-time", "dispatch_time", message, {"value": dispatch_time})]


def _radius(radius_m: int, rules: PlanRules) -> list[Problem]:
    if 1 <= radius_m <= rules.max_radius_m:
        return []
    message = f"A check-in may be at most {rules.max_radius_m} m away."
    return [Problem("patrol-radius", "radius_m", message, {"max": rules.max_radius_m})]
