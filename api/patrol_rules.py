"""What the rule tables of patrols say to the interface: how often, how near, who, and what a track is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from engine.ports import UnitOfWork
from engine.services.decisions import Answer, Origin, ask, look_up
from registers.patrols import PatrolTask, PlanRules, TrackRules

FREQUENCY, CHECK_IN, TRACK, ROLES = "patrol_frequency", "patrol_check_in", "patrol_track", "patrol_roles"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRules:
    """What is believed of a phone: its track, and how far ahead its clock may be, in seconds."""

    track: TrackRules
    clock_ahead_s: float


def frequency(uow: UnitOfWork, category: str, risk: str | None) -> Mapping[str, object]:
    """Return how often objects of a category and a risk are patrolled unless somebody plans otherwise."""
    return _row(ask(uow, FREQUENCY, {"category": category, "risk": risk}, Origin()))


def plan_rules(uow: UnitOfWork, category: str, usual: Mapping[str, object]) -> PlanRules:
    """Return who may patrol, and the bounds within which a plan may move."""
    workers = _row(ask(uow, ROLES, {"category": category}, Origin()))["workers"]
    return PlanRules(
        workers=tuple(str(role) for role in cast("list[object]", workers)), max_radius_m=int(str(usual["radius_m"]))
    )


def phone_rules(uow: UnitOfWork, category: str | None = None) -> PhoneRules:
    """Return what is believed of a phone; only reads: looking at a track is no event of its own."""
    row = _looked_up(uow, TRACK, {"category": category})
    return PhoneRules(
        track=TrackRules(
            max_accuracy_m=_number(row["max_accuracy_m"]),
            max_speed_mps=_number(row["max_speed_mps"]),
            gap_after_s=_number(row["gap_after_s"]),
            restart_after=int(_number(row["restart_after"])),
        ),
        clock_ahead_s=_number(row["clock_ahead_s"]),
    )


def judge(uow: UnitOfWork, task: PatrolTask, facts: Mapping[str, object]) -> tuple[Mapping[str, object], Answer]:
    """Return what the table makes of the position of a check-in, and the proof."""
    answer = ask(uow, CHECK_IN, facts, Origin(task.process_instance_id, task.id, "patrol"))
    return _row(answer), answer


def _looked_up(uow: UnitOfWork, key: str, context: Mapping[str, object]) -> Mapping[str, object]:
    """Return what the latest version of a table answers, without a record of it."""
    return _row(look_up(uow, key, context))


def _row(answer: Answer) -> Mapping[str, object]:
    return answer.value if isinstance(answer.value, Mapping) else {}


def _number(value: object) -> float:
    return float(str(value))
