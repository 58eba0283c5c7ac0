"""The register of patrol objects: places that are looked at, people who are looked after."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update

from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.codes import CodeRegister
from registers.patrols.areas import within
from registers.patrols.coordinates import SYSTEMS
from registers.patrols.model import NewPatrolObject, PatrolObject
from registers.patrols.pages import check_limit, read_key, write_key
from registers.patrols.tables import PatrolObjectRow
from registers.regions import RegionRegister

CATEGORIES, RISKS = "patrol_categories", "patrol_risks"
PLACE, PERSON = "place", "person"
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}")
NAME_MAX, ADDRESS_MAX, SEARCH_MAX = 100, 300, 100
FIRST_ROW = 2  # a file's first line is its header
NO = frozenset({"0", "false", "no", "否", "停用"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectQuery:
    """Which objects a page shows; an empty filter lets everything through.

    areas   unit codes of districts, streets and communities; None: the whole city
    search  stands in code, name or address
    person_areas   where a person is found by name and address too, not only by her code; None: the whole city
    """

    areas: tuple[str, ...] | None = None
    person_areas: tuple[str, ...] | None = ()
    categories: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    enabled: bool | None = None
    search: str = ""
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """A page of objects, and the key of the next one."""

    items: tuple[PatrolObject, ...]
    next_after: str | None


class PatrolObjectRegister(Register):
    """Adds, changes and lists objects."""

    def add(self, new: NewPatrolObject) -> PatrolObject:
        """Add an object. Raises Invalid with one problem per wrong field, Conflict for a code that is taken."""
        values = self._values(new)
        code = new.code or f"XC-{uuid4().hex[:10].upper()}"
        if self.find_by_code(code) is not None:
            raise Conflict(f"The code {code} is taken.", code="patrol-object-code-taken", value=code)
        own = {"id": str(uuid4()), "code": code, "created_at": self.clock.now(), "revision": 1}
        statement = insert(PatrolObjectRow).values(**values, **own).returning(PatrolObjectRow)
        return object_of(self.connection.execute(statement).one()._asdict())

    def change(self, object_id: str, new: NewPatrolObject, *, revision: int | None = None) -> PatrolObject:
        """Change an object; its code stays. Raises NotFound, Invalid, Conflict for a stale revision."""
        known = self.get(object_id)
        if revision is not None and revision != known.revision:
            raise Conflict(kind="patrol object", id=object_id)
        changed = self._values(new) | {"revision": PatrolObjectRow.revision + 1}
        same = PatrolObjectRow.id == object_id, PatrolObjectRow.revision == known.revision
        row = self.connection.execute(
            update(PatrolObjectRow).where(*same).values(**changed).returning(PatrolObjectRow)
        ).one_or_none()
        if row is None:
            raise Conflict(kind="patrol object", id=object_id)
        return object_of(row._asdict())

    def load(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Add or change objects by code.

        Reads    rows with code, name, category, risk, region_code, address, longitude, latitude, coordinate_system,
                 enabled
        Returns  the number of objects
        Raises   Invalid, one problem per wrong row (`where` is `row N`, the first data row being 2)
        """
        problems: list[Problem] = []
        count = 0
        for number, row in enumerate(rows, start=FIRST_ROW):
            try:
                self._load_row({name: (cell or "").strip() for name, cell in row.items() if name})
            except Invalid as refused:
                problems += [
                    Problem(one.code, f"row {number}", one.message, one.params | {"field": one.where})
                    for one in refused.problems
                ]
            count += 1
        if problems:
            raise Invalid(problems=problems)
        return count

    def find(self, object_id: str) -> PatrolObject | None:
        """Return an object by id, or None."""
        return self._one(PatrolObjectRow.id == object_id)

    def find_by_code(self, code: str) -> PatrolObject | None:
        """Return an object by its code, or None."""
        return self._one(PatrolObjectRow.code == code)

    def get(self, object_id: str) -> PatrolObject:
        """Return an object by id, or raise NotFound."""
        found = self.find(object_id)
        if found is None:
            raise NotFound(kind="patrol object", id=object_id)
        return found

    def find_many(self, object_ids: Iterable[str]) -> dict[str, PatrolObject]:
        """Return the objects of some ids; unknown ones are left out."""
        rows = self.connection.execute(select(PatrolObjectRow).where(PatrolObjectRow.id.in_(set(object_ids))))
        return {row.id: object_of(row._asdict()) for row in rows}

    def list_page(self, query: ObjectQuery) -> ObjectPage:
        """Return a page of objects by code. Raises Invalid for an unknown limit or page key."""
        limit = check_limit(query.limit)
        statement = select(PatrolObjectRow).where(*_filters(query))
        if query.after is not None:
            statement = statement.where(PatrolObjectRow.code > read_key(query.after)[0])
        rows = self.connection.execute(statement.order_by(PatrolObjectRow.code).limit(limit + 1)).all()
        items = tuple(object_of(row._asdict()) for row in rows[:limit])
        return ObjectPage(items, write_key(items[-1].code, items[-1].id) if len(rows) > limit else None)

    def _one(self, which: ColumnElement[bool]) -> PatrolObject | None:
        row = self.connection.execute(select(PatrolObjectRow).where(which)).one_or_none()
        return None if row is None else object_of(row._asdict())

    def _load_row(self, row: Mapping[str, str]) -> None:
        """Add or change the object of one row of a file."""
        new = NewPatrolObject(
            code=row.get("code") or None,
            name=row.get("name", ""),
            category=row.get("category", ""),
            risk=row.get("risk", ""),
            region_code=row.get("region_code", ""),
            address=row.get("address") or None,
            longitude=_degrees(row, "longitude"),
            latitude=_degrees(row, "latitude"),
            coordinate_system=row.get("coordinate_system", ""),
            enabled=row.get("enabled", "").lower() not in NO,
        )
        known = None if new.code is None else self.find_by_code(new.code)
        _ = self.add(new) if known is None else self.change(known.id, new)

    def _values(self, new: NewPatrolObject) -> dict[str, object]:
        """Return the columns that somebody says, with the place found; raises Invalid with one problem per field."""
        codes = CodeRegister(self.connection, self.clock)
        regions = RegionRegister(self.connection, self.clock)
        category = codes.find_enabled(CATEGORIES, new.category)
        problems = _problems(new)
        if category is None:
            problems.append(_unknown("category", new.category))
        if codes.find_enabled(RISKS, new.risk) is None:
            problems.append(_unknown("risk", new.risk))
        region = regions.find(new.region_code)
        if region is None or "/" not in region.path:
            problems.append(_unknown("region_code", new.region_code))
        if problems or category is None:
            raise Invalid(problems=problems)
        place = regions.resolve(new.region_code)
        return {
            "name": new.name.strip(),
            "kind": str(category.data.get("kind") or PLACE),
            "category": new.category,
            "risk": new.risk,
            "region_code": place.region.code,
            "community": None if place.community is None else place.community.unit_code,
            "street": place.street_unit,
            "district": place.district_unit,
            "address": new.address,
            "longitude": new.longitude,
            "latitude": new.latitude,
            "coordinate_system": new.coordinate_system,
            "enabled": new.enabled,
        }


def object_of(values: Mapping[str, Any]) -> PatrolObject:
    """Build an object from its row."""
    return PatrolObject(**values)


def _filters(query: ObjectQuery) -> tuple[ColumnElement[bool], ...]:
    conditions: list[ColumnElement[bool]] = [true(), _lies_in(query.areas)]
    if query.categories:
        conditions.append(PatrolObjectRow.category.in_(query.categories))
    if query.risks:
        conditions.append(PatrolObjectRow.risk.in_(query.risks))
    if query.enabled is not None:
        conditions.append(PatrolObjectRow.enabled == query.enabled)
    conditions += [_says(word, query.person_areas) for word in query.search[:SEARCH_MAX].split()]
    return tuple(conditions)


def _lies_in(areas: tuple[str, ...] | None) -> ColumnElement[bool]:
    """Return the condition that an object lies in one of some areas; None: the whole city."""
    columns = (PatrolObjectRow.community, PatrolObjectRow.street, PatrolObjectRow.district)
    return true() if areas is None else within(columns, areas)


def _says(word: str, person_areas: tuple[str, ...] | None) -> ColumnElement[bool]:
    """Return the condition that a word stands in an object: who tries names must not find out who is looked after."""
    code, *texts = (
        column.icontains(word, autoescape=True)
        for column in (PatrolObjectRow.code, PatrolObjectRow.name, PatrolObjectRow.address)
    )
    is_told = or_(PatrolObjectRow.kind != PERSON, _lies_in(person_areas))
    return or_(code, and_(is_told, or_(*texts)))


def _problems(new: NewPatrolObject) -> list[Problem]:
    """Return a problem for each field that needs no look-up."""
    problems = []
    if not 1 <= len(new.name.strip()) <= NAME_MAX:
        message = f"A name has 1 to {NAME_MAX} characters."
        problems.append(Problem("name-length", "name", message, {"max": NAME_MAX}))
    if new.address is not None and len(new.address) > ADDRESS_MAX:
        params: dict[str, object] = {"max": ADDRESS_MAX, "length": len(new.address)}
        problems.append(Problem("text-too-long", "address", f"address has more than {ADDRESS_MAX} characters.", params))
    if new.code is not None and not CODE.fullmatch(new.code):
        message = "A code has 3 to 32 characters: A-Z, 0-9, hyphen."
        problems.append(Problem("patrol-object-code", "code", message, {"value": new.code}))
    for where, value, most in (("longitude", new.longitude, 180.0), ("latitude", new.latitude, 90.0)):
        # Written so that NaN, which is neither smaller nor greater, is refused too.
        if not -most <= value <= most:
            message = f"{where} does not lie between -{most:.0f} and {most:.0f} degrees."
            problems.append(Problem("coordinate-out-of-range", where, message, {"max": int(most)}))
    if new.coordinate_system not in SYSTEMS:
        message = f"There is no coordinate system {new.coordinate_system}."
        problems.append(Problem("unknown-coordinate-system", "coordinate_system", message))
    return problems


SENTENCES = {
    "category": ("unknown-category", "There is no category {value}."),
    "risk": ("patrol-risk-unknown", "There is no level of risk {value}."),
    "region_code": ("unknown-region", "There is no region {value}."),
}


def _unknown(where: str, value: str) -> Problem:
    code, message = SENTENCES[where]
    return Problem(code, where, message.format(value=value), {"value": value})


def _degrees(row: Mapping[str, str], name: str) -> float:
    """Read a coordinate of a file; what is no number is refused like one out of range."""
    try:
        return float(row.get(name, ""))
    except ValueError:
        return nan
