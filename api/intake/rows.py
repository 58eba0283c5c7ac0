"""A row of somebody's file becomes a new case, by a profile; what cannot be read is named by its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.intake.profiles import TARGET, Profile
from engine.errors import Invalid, Problem
from registers.cases import NewCase

INSTANTS = frozenset({"occurred_at", "reported_at", "closed_at", TARGET})
NUMBERS = frozenset({"longitude", "latitude"})
FLAGS = frozenset({"anonymous", "confidential"})
YES = frozenset({"1", "true", "yes", "y", "是"})
NO = frozenset({"", "0", "false", "no", "n", "否"})
JOINT = "；"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a row says: the case, and the limit that the other system had set for it."""

    case: NewCase
    target_at: datetime | None


def read_row(profile: Profile, cells: Mapping[str, str]) -> Incoming:
    """Read a row. Raises Invalid with a problem per field that cannot be read."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for field in {**profile.columns, **profile.defaults}:
        text = _text(profile, cells, field)
        value: object = text or profile.defaults.get(field)
        if isinstance(value, str):
            try:
                value = _value(profile, field, value)
            except ValueError:
                problems.append(_unreadable(field, str(value)))
                continue
        if value is not None:
            values[field] = value
    if problems:
        raise Invalid(problems=problems)
    target = values.pop(TARGET, None)
    # What the register misses it names itself, with all other problems of the case.
    needed = {"channel": "", "title": "", "detail": ""}
    case = NewCase(**{**needed, **values}, historic=profile.is_historic)  # type: ignore[arg-type]  # the profile's fields are the case's
    return Incoming(case, target if isinstance(target, datetime) else None)


def _text(profile: Profile, cells: Mapping[str, str], field: str) -> str:
    texts = (cells.get(header, "").strip() for header in profile.columns.get(field, ()))
    return JOINT.join(text for text in texts if text)


def _value(profile: Profile, field: str, text: str) -> object:
    """Return what a text means in a field; raises ValueError."""
    if field in INSTANTS:
        return _instant(profile, text)
    if field in NUMBERS:
        return float(text)
    if field in FLAGS:
        return _flag(text)
    return text


def _instant(profile: Profile, text: str) -> datetime:
    for form in profile.formats:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  the zone is the profile's
        except ValueError:
            continue
        return _zoned(found, profile)
    return _zoned(datetime.fromisoformat(text), profile)


def _zoned(instant: datetime, profile: Profile) -> datetime:
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=profile.zone)


def _flag(text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise ValueError(text)
    return word in YES


# Field → the code and the sentence about a text that cannot be read as what the field holds.
UNREADABLE = (
    (INSTANTS, "intake-not-instant", "{value!r} is not an instant."),
    (NUMBERS, "intake-not-number", "{value!r} is not a number."),
    (FLAGS, "intake-not-flag", "{value!r} is not yes or no."),
)


def _unreadable(field: str, text: str) -> Problem:
    shown = text[:60]
    code, message = next((code, message) for fields, code, message in UNREADABLE if field in fields)
    return Problem(code, field, message.format(value=shown), {"value": shown})
