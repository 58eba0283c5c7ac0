"""Filling a form in: an action by its weight, then every field that the form asks for with that action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from api.simulate.habits import Habits

Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a robot knows about a case beyond the form.

    unit        names the unit that could do the work
    candidates  ids of cases that may be the same matter
    """

    case: Mapping[str, Any]
    unit: Callable[[], str | None]
    candidates: Callable[[], list[str]]


def fill(form: Form, element: str, habits: Habits, facts: Facts, random: Random) -> dict[str, object]:
    """Return an entry for a form; an action whose fields cannot be filled gives way to another one."""
    offered = [str(one["const"]) for one in form["properties"]["action"]["oneOf"]]
    entry: dict[str, object] = {}
    while offered:
        action = habits.action(element, offered, random)
        entry = _entry(form, element, action, habits, facts, random)
        if all(value is not None for value in entry.values()):
            return entry
        offered.remove(action)
    return {name: value for name, value in entry.items() if value is not None}


def _entry(form: Form, element: str, action: str, habits: Habits, facts: Facts, random: Random) -> dict[str, object]:
    entry: dict[str, object] = {"action": action}
    if "opinion" in form["properties"]:
        entry["opinion"] = habits.text((f"{element}.{action}", "opinion"), random)
    # What is entered may ask for more: a return with evidence asks for its basis.
    while missing := [name for name in required(form, entry) if name not in entry]:
        for name in missing:
            entry[name] = _value(form["properties"][name], (f"{element}.{name}", name), habits, facts, random)
    return entry


def required(form: Form, entry: Mapping[str, object]) -> list[str]:
    """Return the fields that a form asks for, given what has been entered already."""
    names = list(form.get("required", ()))
    for rule in form.get("allOf", ()):
        if _applies(rule.get("if", {}), entry):
            names += rule.get("then", {}).get("required", ())
    return list(dict.fromkeys(names))


def _applies(condition: Form, entry: Mapping[str, object]) -> bool:
    if any(name not in entry for name in condition.get("required", ())):
        return False
    for name, wanted in condition.get("properties", {}).items():
        allowed = [wanted["const"]] if "const" in wanted else wanted.get("enum")
        if name in entry and allowed is not None and entry[name] not in allowed:
            return False
    return True


def _value(spec: Form, keys: tuple[str, str], habits: Habits, facts: Facts, random: Random) -> object:
    """Return a value for a field; None where a robot has none."""
    known = _known(spec, facts, random)
    if known is not _UNKNOWN:
        return known
    written = habits.text(keys, random)
    if written is not None:
        return written
    choices = [one["const"] for one in spec.get("oneOf", ())] or list(spec.get("enum", ()))
    if choices:
        return random.choice(choices)
    kind = spec.get("type")
    if kind == "boolean":
        return random.random() < 0.5  # noqa: PLR2004  as a coin falls
    if kind in ("integer", "number"):
        return spec.get("minimum", 1)
    return habits.text(("*",), random)


_UNKNOWN = object()


def _known(spec: Form, facts: Facts, random: Random) -> object:
    """Return what the case itself says about a field of some kinds."""
    widget = spec.get("x-widget")
    if widget == "unit":
        return facts.unit()
    if widget == "region":
        return facts.case.get("region_code")
    if widget == "duplicate-candidate":
        found = facts.candidates()
        return random.choice(found) if found else None
    if widget == "code":
        return facts.case.get("category")
    return _UNKNOWN
