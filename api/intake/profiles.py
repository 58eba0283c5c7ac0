"""Profiles: how the columns of somebody's file become the fields of a case. They are data, in `rules/intake/*.json`.

A profile is a JSON object:

    name              its key, which `--profile` names
    match             headers that a file must have for the profile to fit
    mode              `open`: cases that begin their way here; `historic`: taken over with their past
    channel           the channel of every row, unless `columns` or `defaults` has one
    zone              the zone of instants that are written without one
    datetime_formats  how instants are written (strptime); ISO 8601 is always understood
    columns           field → header, or a list of headers whose texts are joined
    defaults          field → value where the column is absent or empty
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import Invalid, NotFound, Problem
from registers.cases import NewCase

OPEN, HISTORIC = "open", "historic"
TARGET = "target_at"
"""The limit that the other system had set; a field of historic rows alone."""

CASE_FIELDS = frozenset(field.name for field in fields(NewCase)) - {"historic"}
KNOWN_FIELDS = CASE_FIELDS | {TARGET}


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file is read."""

    name: str
    match: tuple[str, ...]
    mode: str
    zone: ZoneInfo
    formats: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, object]

    @property
    def is_historic(self) -> bool:
        """Whether the cases come with their past."""
        return self.mode == HISTORIC

    def missing(self, headers: Iterable[str]) -> tuple[str, ...]:
        """Return the headers that a file lacks to be one of this kind."""
        known = set(headers)
        return tuple(header for header in self.match if header not in known)


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Read every profile. Raises Invalid for one that cannot be meant."""
    return tuple(read_profile(file) for file in sorted(folder.glob("*.json")))


def choose(profiles: Sequence[Profile], headers: Sequence[str], name: str | None) -> Profile:
    """Return the named profile, or the one whose headers the file has; the one that asks for more headers wins.

    Raises  NotFound for an unknown name, Invalid where no profile fits
    """
    if name is not None:
        found = next((profile for profile in profiles if profile.name == name), None)
        if found is None:
            names = ", ".join(profile.name for profile in profiles)
            raise NotFound(f"There is no profile {name}; known are {names}.", code="no-profile", name=name, known=names)
        missing = found.missing(headers)
        if missing:
            raise _columns_missing(missing)
        return found
    fitting = [profile for profile in profiles if not profile.missing(headers)]
    if fitting:
        return max(fitting, key=lambda profile: len(profile.match))
    nearest = min(profiles, key=lambda one: len(one.missing(headers)) / max(1, len(one.match)), default=None)
    if nearest is not None and len(nearest.missing(headers)) < len(nearest.match):
        raise _columns_missing(nearest.missing(headers), profile=nearest.name)
    found_headers = ", ".join(headers)[:200]
    message = f"No profile fits a file with the columns {found_headers}."
    raise Invalid(problems=[Problem("intake-no-profile", "", message, {"headers": found_headers})])


def read_profile(file: Path) -> Profile:
    """Read one profile."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        formats = content["datetime_formats"]
        columns = {field: _headers(header) for field, header in content["columns"].items()}
        profile = Profile(
            name=content["name"],
            match=tuple(content["match"]),
            mode=content["mode"],
            zone=ZoneInfo(content["zone"]),
            formats=tuple(formats),
            columns=columns,
            defaults={"channel": content.get("channel"), **content.get("defaults", {})},
        )
    except (ValueError, KeyError, TypeError, AttributeError, ZoneInfoNotFoundError) as error:
        raise _bad(file, f"{type(error).__name__}: {error}") from error
    unknown = sorted((set(profile.columns) | set(profile.defaults)) - KNOWN_FIELDS)
    if unknown:
        raise _bad(file, f"unknown fields {', '.join(unknown)}")
    if profile.mode not in (OPEN, HISTORIC):
        raise _bad(file, f"unknown mode {profile.mode}")
    return profile


def _headers(header: object) -> tuple[str, ...]:
    return (header,) if isinstance(header, str) else tuple(str(one) for one in header)  # type: ignore[attr-defined]  # a list; anything else is a TypeError


def _bad(file: Path, reason: str) -> Invalid:
    message = f"The profile cannot be read: {reason}."
    return Invalid(problems=[Problem("intake-profile-bad", "", message, {"reason": reason}, str(file))])


def _columns_missing(missing: Sequence[str], profile: str = "") -> Invalid:
    texts = {header: f"The column {header} is missing." for header in missing}
    return Invalid(
        problems=[
            Problem("intake-column-missing", header, text, {"column": header, "name": profile})
            for header, text in texts.items()
        ]
    )
