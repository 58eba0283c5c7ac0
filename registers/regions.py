"""Regions: city, districts, streets and communities by their 12-digit code (NBS statistical division codes).

A unit code is a region code without its zeros: 6 digits for a city or district, 9 for a street, 12 for a community.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Base, Register
from registers.statements import upsert

DIGITS = 12
UNIT_DIGITS = (6, 9, 12)
CODE = re.compile(r"[1-9][0-9]{11}")
# 兆麟街道 is also said 兆麟街道办事处, 兆麟街道办 and 兆麟.
SHORT_ENDINGS = (
    "街道办事处",
    "街道办",
    "街道",
    "社区居委会",
    "社区居民委员会",
    "居委会",
    "村委会",
    "村民委员会",
    "社区",
)

ROW_PROBLEMS = {
    "region-code-malformed": "row {row}: {value} is not a region code of 12 digits",
    "region-level-or-name": "row {row}: the level of region {value} is unknown, or its name is missing",
    "region-parent-unknown": "row {row}: the parent of region {value} is not in the file",
}


class RegionLevel(StrEnum):
    """The levels of the tree, from the top."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


LEVELS = tuple(RegionLevel)


class RegionRow(Base):
    """One region."""

    __tablename__ = "region"
    # Serves `children` and the look-up of a name inside its parent.
    __table_args__ = (Index(None, "parent_code", "name"),)

    code: Mapped[str] = mapped_column(String(DIGITS), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(16), index=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    path: Mapped[str] = mapped_column(String(80))


@dataclass(frozen=True, slots=True)
class Region:
    """One region; `path` holds the codes from the province down to itself, joined by `/`."""

    code: str
    name: str
    level: RegionLevel
    parent_code: str | None
    path: str

    @property
    def unit_code(self) -> str:
        """Return the code under which the region's office stands in the organisation."""
        if self.level is RegionLevel.COMMUNITY:
            return self.code
        return self.code[:9] if self.level is RegionLevel.STREET else self.code[:6]


@dataclass(frozen=True, slots=True)
class Place:
    """A region with everything above it, as far as it is known."""

    city: Region
    district: Region | None = None
    street: Region | None = None
    community: Region | None = None

    @property
    def region(self) -> Region:
        """Return the smallest known region."""
        return self.community or self.street or self.district or self.city

    @property
    def district_unit(self) -> str:
        """Return the district's unit code; the city's where no district is known."""
        return (self.district or self.city).unit_code

    @property
    def street_unit(self) -> str:
        """Return the street's unit code; the next higher one where no street is known."""
        return (self.street or self.district or self.city).unit_code


class RegionRegister(Register):
    """Reads and loads the tree of regions."""

    def load(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Add or change regions from rows with code, name, level, parent_code.

        Returns  the number of regions
        Raises   Invalid, one problem per wrong row
        """
        regions, problems = _read(rows)
        if problems:
            raise Invalid(problems=problems)
        ordered = sorted(regions.values(), key=lambda region: (LEVELS.index(region.level), region.code))
        values = [
            {"code": r.code, "name": r.name, "level": r.level.value, "parent_code": r.parent_code, "path": r.path}
            for r in ordered
        ]
        upsert(self.connection, RegionRow, ("code",), values)
        return len(values)

    def find(self, code: str) -> Region | None:
        """Return the region of a 12-digit code or of a unit code of 6 or 9 digits, or None."""
        full = full_code(code)
        if full is None:
            return None
        row = self.connection.execute(select(RegionRow).where(RegionRow.code == full)).one_or_none()
        return None if row is None else _region(row._asdict())

    def get(self, code: str) -> Region:
        """Return the region of a code, or raise NotFound."""
        found = self.find(code)
        if found is None:
            raise NotFound(kind="region", id=code)
        return found

    def list_children(self, code: str | None) -> tuple[Region, ...]:
        """Return the regions directly below, by code; the roots for None."""
        parent = None if code is None else full_code(code)
        inside = RegionRow.parent_code.is_(None) if parent is None else RegionRow.parent_code == parent
        rows = self.connection.execute(select(RegionRow).where(inside).order_by(RegionRow.code))
        return tuple(_region(row._asdict()) for row in rows)

    def list_level(self, level: RegionLevel) -> tuple[Region, ...]:
        """Return all regions of one level, by code."""
        rows = self.connection.execute(select(RegionRow).where(RegionRow.level == level.value).order_by(RegionRow.code))
        return tuple(_region(row._asdict()) for row in rows)

    def find_by_name(self, name: str, parent: str) -> Region | None:
        """Return the region of this name, in full or without its ending, directly inside `parent`; or None."""
        wanted = short_name(name)
        same = [child for child in self.list_children(parent) if name == child.name]
        alike = [child for child in self.list_children(parent) if wanted == short_name(child.name)]
        found = same or alike
        return found[0] if len(found) == 1 else None

    def resolve(self, code: str) -> Place:
        """Return a region with all that lies above it.

        Raises  NotFound for an unknown code, Invalid for one above the city (a case happens somewhere)
        """
        region = self.get(code)
        rows = self.connection.execute(select(RegionRow).where(RegionRow.code.in_(region.path.split("/"))))
        above = {found.level: found for found in (_region(row._asdict()) for row in rows)}
        city = above.get(RegionLevel.CITY)
        if city is None:
            message = f"The region {code} is above a city."
            raise Invalid(problems=[Problem("region-above-city", "region_code", message, {"value": code})])
        return Place(
            city,
            above.get(RegionLevel.DISTRICT),
            above.get(RegionLevel.STREET),
            above.get(RegionLevel.COMMUNITY),
        )

    def locate(self, address: str) -> Place | None:
        """Return the smallest region whose name stands in an address, searching downwards; None without a single city.

        Only names inside the region found so far are looked at: 新华街道 exists in many districts.
        """
        cities = self.list_level(RegionLevel.CITY)
        if len(cities) != 1:
            return None
        found = cities[0]
        while (inner := _named(address, self.list_children(found.code))) is not None:
            found = inner
        return self.resolve(found.code)


def full_code(code: str) -> str | None:
    """Return the 12 digits of a region code or unit code, or None where it is neither."""
    full = code.ljust(DIGITS, "0") if len(code) in UNIT_DIGITS else code
    return full if CODE.fullmatch(full) else None


def short_name(name: str) -> str:
    """Return a name without its administrative ending, where something is left of it."""
    for ending in SHORT_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def _named(address: str, regions: Iterable[Region]) -> Region | None:
    """Return the region with the longest full name that stands in the address; None when none or two do."""
    named = sorted((r for r in regions if r.name in address), key=lambda region: len(region.name), reverse=True)
    if not named or (len(named) > 1 and len(named[0].name) == len(named[1].name)):
        return None
    return named[0]


def _region(values: Mapping[str, str | None]) -> Region:
    """Build a region from its row."""
    return Region(
        code=str(values["code"]),
        name=str(values["name"]),
        level=RegionLevel(str(values["level"])),
        parent_code=values["parent_code"],
        path=str(values["path"]),
    )


def _read(rows: Iterable[Mapping[str, str]]) -> tuple[dict[str, Region], list[Problem]]:
    """Read rows whose parents may come later; also return what is wrong with them."""
    cells = {number: {k: (v or "").strip() for k, v in row.items() if k} for number, row in enumerate(rows, start=2)}
    parents = {row.get("code", ""): row.get("parent_code", "") for row in cells.values()}
    problems: list[Problem] = []
    regions: dict[str, Region] = {}
    for number, row in cells.items():
        code = row.get("code", "")
        problem = _row_problem(row, parents)
        if problem is not None:
            params: dict[str, object] = {"row": number, "value": code}
            problems.append(Problem(problem, f"row {number}", ROW_PROBLEMS[problem].format_map(params), params))
            continue
        path = _path(code, parents)
        regions[code] = Region(code, row["name"], RegionLevel(row["level"]), parents[code] or None, path)
    return regions, problems


def _row_problem(row: Mapping[str, str], parents: Mapping[str, str]) -> str | None:
    """Return the code of what is wrong with a row of the file, if anything."""
    if not CODE.fullmatch(row.get("code", "")):
        return "region-code-malformed"
    if row.get("level") not in {level.value for level in RegionLevel} or not row.get("name"):
        return "region-level-or-name"
    if row.get("parent_code") and row["parent_code"] not in parents:
        return "region-parent-unknown"
    return None


def _path(code: str, parents: Mapping[str, str]) -> str:
    """Return the codes from the top down; a circle ends where it closes."""
    chain = [code]
    while (parent := parents.get(chain[0], "")) and parent not in chain:
        chain.insert(0, parent)
    return "/".join(chain)
