"""What a new case must have: the five elements 谁, 何时, 何地, 何因, 经过, known codes, and texts that can be kept."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from engine.errors import Invalid, Problem
from registers.cases.model import NewCase
from registers.codes import CodeRegister
from registers.regions import Place, RegionRegister

CHANNELS, CATEGORIES, LABELS = "channels", "categories", "labels"
REQUEST_TYPES, URGENCIES = "request_types", "urgencies"
COORDINATE_SYSTEMS = ("GCJ-02", "WGS-84", "CGCS2000", "BD-09")
LENGTHS = {
    "title": 200,
    "detail": 20_000,
    "external_id": 128,
    "label": 100,
    "reporter_name": 100,
    "reporter_phone": 32,
    "reporter_code": 64,
    "address": 300,
    "published_verdict": 32,
}
# Line breaks and tabs are text; other control characters are not, and NUL and lone surrogates no database keeps.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found out on its way: where the case is (None: nowhere known), and every problem."""

    place: Place | None
    problems: tuple[Problem, ...]


def check(new: NewCase, codes: CodeRegister, regions: RegionRegister) -> Checked:
    """Check everything about a new case; one problem per wrong field."""
    place, where = _place(new, regions)
    return Checked(place, (*_elements(new), *_lengths(new), *_instants(new), *where, *_codes(new, codes), *_point(new)))


def check_texts(new: NewCase) -> None:
    """Raise Invalid naming each text that cannot be stored."""
    problems = [
        Problem("text-unstorable", name, f"{name} holds control characters.")
        for name, value in asdict(new).items()
        if isinstance(value, str) and UNSTORABLE.search(value)
    ]
    if problems:
        raise Invalid(problems=problems)


def _elements(new: NewCase) -> list[Problem]:
    """Return a problem for each of the five elements that is missing."""
    rules: tuple[tuple[bool, str, str, str], ...] = (
        (
            new.anonymous or _any(new.reporter_name, new.reporter_phone, new.reporter_code),
            "case-who-missing",
            "reporter_name",
            "Who reports is missing: name, phone or code, or the mark anonymous.",
        ),
        (
            new.occurred_at is not None or new.reported_at is not None,
            "case-when-missing",
            "occurred_at",
            "When it happened or was reported is missing.",
        ),
        (
            _any(new.region_code, new.address),
            "case-where-missing",
            "region_code",
            "Where it happened is missing: region or address.",
        ),
        (_any(new.title), "case-title-missing", "title", "What it is about is missing: the title."),
        (_any(new.detail), "case-detail-missing", "detail", "What happened is missing: the detail."),
    )
    return [Problem(code, where, message) for fine, code, where, message in rules if not fine]


def _lengths(new: NewCase) -> list[Problem]:
    """Return a problem for each text that is too long."""
    problems = []
    for where, most in LENGTHS.items():
        text: str | None = getattr(new, where)
        if text is not None and len(text) > most:
            message = f"{where} has more than {most} characters."
            problems.append(Problem("text-too-long", where, message, {"max": most, "length": len(text)}))
    return problems


def _instants(new: NewCase) -> list[Problem]:
    """Return a problem for each instant without a zone."""
    given: dict[str, datetime | None] = {
        "occurred_at": new.occurred_at,
        "reported_at": new.reported_at,
        "closed_at": new.closed_at,
    }
    return [
        Problem("instant-without-zone", where, f"{where} has no time zone.")
        for where, instant in given.items()
        if instant is not None and instant.utcoffset() is None
    ]


def _place(new: NewCase, regions: RegionRegister) -> tuple[Place | None, list[Problem]]:
    """Find the region by its code, or by its name in the address."""
    if _any(new.region_code):
        code = str(new.region_code).strip()
        region = regions.find(code)
        if region is None:
            return None, [Problem("unknown-region", "region_code", f"There is no region {code}.", {"value": code})]
        if region.path.count("/") == 0:
            message = f"The region {code} is above a city."
            return None, [Problem("region-above-city", "region_code", message, {"value": code})]
        return regions.resolve(code), []
    if not _any(new.address):
        return None, []
    place = regions.locate(str(new.address))
    if place is None:
        return None, [Problem("region-not-found", "address", "The address names no region; give the region's code.")]
    return place, []


def _codes(new: NewCase, codes: CodeRegister) -> list[Problem]:
    """Return a problem for each value that its code table does not know."""
    problems = [_unknown(codes, CHANNELS, "channel", new.channel)]
    if new.category is not None:
        problems.append(_unknown(codes, CATEGORIES, "category", new.category))
    if new.request_type is not None:
        problems.append(_unknown(codes, REQUEST_TYPES, "request_type", new.request_type))
    if new.urgency is not None:
        problems.append(_unknown(codes, URGENCIES, "urgency", new.urgency))
    if _any(new.label) and not new.historic and not _label_known(codes, str(new.label)):
        message = f"There is no label {new.label}."
        problems.append(Problem("unknown-label", "label", message, {"value": str(new.label)}))
    return [problem for problem in problems if problem is not None]


def _unknown(codes: CodeRegister, table: str, where: str, value: str) -> Problem | None:
    """Return a problem where a value is not an enabled code of its table."""
    if codes.find_enabled(table, value) is not None:
        return None
    return Problem(f"unknown-{where.replace('_', '-')}", where, f"There is no {where} {value}.", {"value": value})


def _label_known(codes: CodeRegister, label: str) -> bool:
    """Tell whether a label is a tag of the library or the name of a category."""
    looks: tuple[Callable[[str, str], object], ...] = (codes.find, codes.find_by_name)
    return any(look(table, label) is not None for table in (LABELS, CATEGORIES) for look in looks)


def _point(new: NewCase) -> list[Problem]:
    """Return problems with the coordinates: both or none, on this planet, in a known system."""
    if (new.longitude is None) != (new.latitude is None):
        where = "longitude" if new.longitude is None else "latitude"
        return [Problem("coordinate-missing", where, f"{where} is missing: coordinates come in pairs.")]
    problems = []
    for where, value, most in (("longitude", new.longitude, 180.0), ("latitude", new.latitude, 90.0)):
        # Written so that NaN, which is neither smaller nor greater, is refused too.
        if value is not None and not -most <= value <= most:
            message = f"{where} does not lie between -{most:.0f} and {most:.0f} degrees."
            problems.append(Problem("coordinate-out-of-range", where, message, {"max": int(most)}))
    if new.coordinate_system is not None and new.coordinate_system not in COORDINATE_SYSTEMS:
        message = f"There is no coordinate system {new.coordinate_system}."
        problems.append(Problem("unknown-coordinate-system", "coordinate_system", message))
    return problems


def _any(*texts: str | None) -> bool:
    """Tell whether any of the texts says something."""
    return any(text is not None and text.strip() for text in texts)
