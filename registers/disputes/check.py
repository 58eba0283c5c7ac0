"""What a new dispute must have: a place with a committee, both sides, known codes, and texts that can be kept."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from engine.errors import Invalid, Problem
from registers.codes import CodeRegister
from registers.disputes.identity import is_id_number
from registers.disputes.model import NewDispute, NewParty, Side, Source
from registers.local_time import LOCAL_ZONE
from registers.regions import Place, RegionRegister

TYPES, SEVERITIES, SEXES = "dispute_types", "dispute_severities", "sexes"
TEXTS = {"title": 200, "facts": 20_000, "claims": 4_000}
PARTY_TEXTS = {"name": 100, "phone": 32, "address": 300, "occupation": 100, "workplace": 200}
MOST_PARTIES, MOST_PEOPLE = 50, 100_000
# Line breaks and tabs are text; other control characters are not, and NUL and lone surrogates no database keeps.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SUPERIOR = ("superior_unit", "superior_requirement", "superior_due_on")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found out on its way: where the dispute is (None: nowhere known), and every problem."""

    place: Place | None
    problems: tuple[Problem, ...]


def check(new: NewDispute, codes: CodeRegister, regions: RegionRegister, now: datetime) -> Checked:
    """Check everything about a new dispute; one problem per wrong field."""
    today = now.astimezone(LOCAL_ZONE).date()
    place, where = _place(new, regions)
    problems = (*_texts(new), *where, *_codes(new, codes), *_parties(new, codes), *_dates(new, today), *_superior(new))
    return Checked(place, problems)


def check_storable(values: object) -> None:
    """Raise Invalid naming each text of a dataclass that no database keeps."""
    problems = [
        Problem("text-unstorable", where, f"{where} holds control characters.")
        for where, text in _walk("", asdict(values))  # type: ignore[call-overload]  # the callers hand in dataclasses
        if UNSTORABLE.search(text)
    ]
    if problems:
        raise Invalid(problems=problems)


def malformed_number(where: str) -> Problem:
    """Return the problem of a field that holds no identity number."""
    message = "The check digit of the identity number is wrong, or it does not have 18 characters."
    return Problem("id-number-malformed", where, message)


def _walk(where: str, value: object) -> Iterator[tuple[str, str]]:
    """Give every text with its name, such as `parties.0.name`."""
    entries: Iterable[tuple[object, object]] = ()
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list | tuple):
        entries = enumerate(value)
    for name, inner in entries:
        yield from _walk(f"{where}.{name}" if where else str(name), inner)


def _texts(new: NewDispute) -> Iterator[Problem]:
    """Give a problem for each text that is missing or too long."""
    for where, most in TEXTS.items():
        text: str = getattr(new, where)
        if not text.strip():
            yield Problem("field-required", where, "This field is required.")
        yield from _too_long(where, text, most)
    if not 1 <= new.people_involved <= MOST_PEOPLE:
        params: dict[str, object] = {"min": 1, "max": MOST_PEOPLE}
        yield Problem("field-range", "people_involved", f"From 1 to {MOST_PEOPLE} is allowed.", params)


def _too_long(where: str, text: str | None, most: int) -> Iterator[Problem]:
    if text is not None and len(text) > most:
        params: dict[str, object] = {"max": most, "length": len(text)}
        yield Problem("text-too-long", where, f"{where} has more than {most} characters.", params)


def _place(new: NewDispute, regions: RegionRegister) -> tuple[Place | None, list[Problem]]:
    """Find the place by its code, or by its name in the address."""
    if new.region_code:
        region = regions.find(new.region_code)
        if region is None:
            message = f"There is no region {new.region_code}."
            return None, [Problem("unknown-region", "region_code", message, {"value": new.region_code})]
        if region.path.count("/") == 0:
            message = f"The region {new.region_code} is above a city."
            return None, [Problem("region-above-city", "region_code", message, {"value": new.region_code})]
        return regions.resolve(new.region_code), []
    if not new.address:
        message = "Where it happened is missing: region or address."
        return None, [Problem("case-where-missing", "region_code", message)]
    place = regions.locate(new.address)
    if place is None:
        return None, [Problem("region-not-found", "address", "The address names no region; give the region's code.")]
    return place, []


def _codes(new: NewDispute, codes: CodeRegister) -> Iterator[Problem]:
    """Give a problem for each value that its code table does not know."""
    if new.source not in set(Source):
        yield Problem("unknown-dispute-source", "source", f"There is no source {new.source}.", {"value": new.source})
    if codes.find_enabled(TYPES, new.type) is None:
        yield Problem("unknown-dispute-type", "type", f"There is no type {new.type}.", {"value": new.type})
    if codes.find_enabled(SEVERITIES, new.severity) is None:
        message = f"There is no severity {new.severity}."
        yield Problem("unknown-dispute-severity", "severity", message, {"value": new.severity})


def _parties(new: NewDispute, codes: CodeRegister) -> Iterator[Problem]:
    """Give a problem for each side without a party, and for each wrong field of a party."""
    for side in Side:
        if not any(party.side == side for party in new.parties):
            message = f"A dispute has at least one {side.value}."
            yield Problem("dispute-side-missing", "parties", message, {"side": side.value})
    if len(new.parties) > MOST_PARTIES:
        yield Problem("field-too-long", "parties", f"At most {MOST_PARTIES} are allowed.", {"max": MOST_PARTIES})
    for number, party in enumerate(new.parties):
        yield from _party(party, f"parties.{number}", codes)


def _party(party: NewParty, where: str, codes: CodeRegister) -> Iterator[Problem]:
    if party.side not in set(Side):
        message = f"There is no side {party.side}."
        yield Problem("unknown-dispute-side", f"{where}.side", message, {"value": party.side})
    if not party.name.strip():
        yield Problem("field-required", f"{where}.name", "This field is required.")
    if party.id_number is not None and not is_id_number(party.id_number):
        yield malformed_number(f"{where}.id_number")
    if party.sex is not None and codes.find_enabled(SEXES, party.sex) is None:
        yield Problem("unknown-sex", f"{where}.sex", f"There is no sex {party.sex}.", {"value": party.sex})
    for name, most in PARTY_TEXTS.items():
        yield from _too_long(f"{where}.{name}", getattr(party, name), most)


def _dates(new: NewDispute, today: date) -> Iterator[Problem]:
    if new.occurred_on is not None and new.occurred_on > today:
        message = "The dispute cannot have arisen in the future."
        yield Problem("date-in-future", "occurred_on", message)
    if new.superior_due_on is not None and new.superior_due_on < today:
        yield Problem("date-in-past", "superior_due_on", "The deadline of the superior is over already.")


def _superior(new: NewDispute) -> Iterator[Problem]:
    """Give a problem for each thing that a superior must say, and for each that nobody else may."""
    for where in SUPERIOR:
        given = getattr(new, where) not in {None, ""}
        if new.source == Source.SUPERIOR and not given:
            yield Problem("field-required", where, "This field is required.")
        elif new.source != Source.SUPERIOR and given:
            yield Problem("dispute-not-handed-down", where, "Only what a superior hands down has a superior.")
    for where, most in (("superior_unit", 32), ("superior_requirement", 4_000)):
        yield from _too_long(where, getattr(new, where), most)
