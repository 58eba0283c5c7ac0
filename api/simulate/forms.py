"""Filling a form in: an action by its weight, then every field that the form asks for with that action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, cast

from api.simulate.habits import Habits
from engine.bpmn import Moment
from engine.services import forms
from registers.local_time import LOCAL_ZONE

Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a robot knows about a case beyond the form.

    unit        names the unit that could do the work
    candidates  ids of cases that may be the same matter
    choices     what a widget that refers to something offers: mediators, institutions
    entered     what the fields hold already: the draft that is to be submitted again
    today       the city's day; days that a form asks for lie a little ahead
    """

    case: Mapping[str, Any]
    unit: Callable[[], str | None]
    candidates: Callable[[], list[str]]
    choices: Callable[[str], Sequence[str]] = lambda _widget: ()
    entered: Mapping[str, object] = field(default_factory=dict)
    today: date | None = None


def fill(form: Form, element: str, habits: Habits, facts: Facts, random: Random) -> dict[str, object]:
    """Return an entry for a form; an action whose fields cannot be filled gives way to another one."""
    offered = [str(one["const"]) for one in form["properties"].get("action", {}).get("oneOf", ())]
    entry: dict[str, object] = {} if offered else _entry(form, element, None, habits, facts, random)
    while offered:
        action = habits.action(element, offered, random)
        entry = _entry(form, element, action, habits, facts, random)
        if all(value is not None for value in entry.values()):
            return entry
        offered.remove(action)
    return {name: value for name, value in entry.items() if value is not None}


def fill_up(
    form: Form, element: str, entered: Mapping[str, object], habits: Habits, facts: Facts, random: Random
) -> dict[str, object]:
    """Return an entry that keeps what was entered and adds what the form asks for beside it.

    Where no action was entered, it is the likeliest one; what was entered as null stays away.
    """
    offered = [str(one["const"]) for one in form["properties"].get("action", {}).get("oneOf", ())]
    weights = habits.actions.get(element, {})
    usual = max(offered, key=lambda action: weights.get(action, 0.0)) if offered else None
    action = str(entered["action"]) if entered.get("action") is not None else usual
    known = replace(facts, entered={**facts.entered, **entered})
    whole = _entry(form, element, action, habits, known, random) | dict(entered)
    return {name: value for name, value in whole.items() if value is not None}


def _entry(
    form: Form, element: str, action: str | None, habits: Habits, facts: Facts, random: Random
) -> dict[str, object]:
    entry: dict[str, object] = {} if action is None else {"action": action}
    entry |= {name: value for name, value in facts.entered.items() if name in form["properties"]}
    if "opinion" in form["properties"]:
        entry["opinion"] = habits.text((f"{element}.{action}", "opinion"), random)
    # What is entered may ask for more: a return with evidence asks for its basis.
    while missing := [name for name in required(form, entry, facts.today or date(1970, 1, 1)) if name not in entry]:
        for name in missing:
            entry[name] = _value(form["properties"][name], (f"{element}.{name}", name), habits, facts, random)
    return entry


def required(form: Form, entry: Mapping[str, object], today: date) -> list[str]:
    """Return the fields that a form asks for on a day, given what has been entered already."""
    names = list(form.get("required", ()))
    for rule in form.get("allOf", ()):
        if _applies(rule.get("if", {}), entry):
            names += rule.get("then", {}).get("required", ())
    names += forms.required(cast("dict[str, Any]", form), entry, Moment(datetime.combine(today, time(12), LOCAL_ZONE)))
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
AHEAD_DAYS = (3, 12)


def _known(spec: Form, facts: Facts, random: Random) -> object:
    """Return what the matter itself says about a field of some kinds."""
    widget = spec.get("x-widget")
    ways: dict[object, Callable[[], object]] = {
        "unit": facts.unit,
        "region": lambda: facts.case.get("region_code"),
        "duplicate-candidate": lambda: _one_of(facts.candidates(), random),
        "code": lambda: facts.case.get("category"),
        "date": lambda: _ahead(facts.today, random),
        "mediator": lambda: _one_of(sorted(facts.choices("mediator")), random),
        "institution": lambda: _one_of(sorted(facts.choices("institution")), random),
    }
    return ways[widget]() if widget in ways else _UNKNOWN


def _one_of(found: Sequence[str], random: Random) -> str | None:
    return random.choice(found) if found else None


def _ahead(today: date | None, random: Random) -> str | None:
    """Return a day a little ahead, as a form takes it."""
    return None if today is None else (today + timedelta(days=random.randint(*AHEAD_DAYS))).isoformat()
