"""`zhili decisions compare | replay | diff`: what two versions of a rule table say differently."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from api.commands.console import FAILED, for_machines, json_option, show, show_table
from api.commands.decision_files import read_rows
from api.commands.decisions import FILE, KEY, decisions
from api.commands.running import checked_city
from api.commands.words import command, language, option, say
from api.decision_asking import first_side
from api.decision_view import comparison_view, diff_view
from api.language import CITY_ZONE, catalog
from engine.model.history import EvaluationFilter
from engine.ports import UnitOfWork
from engine.services.decision_comparison import Comparison, compare_samples
from engine.services.decision_comparison import replay as replay_period
from engine.services.decision_diff import diff
from engine.services.decision_versions import Side, side_of_draft, side_of_version

AGAINST = option("--against", help="decision_against")
SHOW = option("--show", "shown", type=click.IntRange(min=0), default=20, help="decision_show")
FAIL = option("--fail-on-difference", "fail", is_flag=True, help="fail_on_difference")
DAY_LENGTH = 10


def add_to(program: click.Group) -> None:
    """Put the commands into the group of decisions, which is in the program already."""
    del program
    for one in (compare, replay, difference):
        decisions.add_command(one)


@command("compare", help="decisions_compare")
@KEY
@option("--samples", type=FILE, required=True, help="decision_inputs")
@option("--version", type=click.IntRange(min=1), help="decision_a")
@AGAINST
@SHOW
@FAIL
@json_option
def compare(key: str, samples: Path, version: int | None, against: str | None, shown: int, *, fail: bool) -> None:
    """Ask two versions the same samples."""
    with checked_city().units(read_only=True) as uow:
        b = _side(uow, key, against)
        a = first_side(uow, key, version, b)
        result = compare_samples(uow, a, b, read_rows(samples, a.decision), shown=shown)
    _show(a, b, result, fail=fail)


@command("replay", help="decisions_replay")
@KEY
@option("--from", "since", required=True, help="decision_from")
@option("--to", "before", required=True, help="decision_to")
@AGAINST
@option("--base", type=click.IntRange(min=1), help="decision_base")
@SHOW
@FAIL
@json_option
def replay(key: str, since: str, before: str, against: str | None, base: int | None, shown: int, *, fail: bool) -> None:
    """Ask another version everything that was asked in a period."""
    wanted = EvaluationFilter(decision_key=key, since=_instant(since), before=_instant(before, end=True))
    with checked_city().units(read_only=True) as uow:
        b = _side(uow, key, against)
        a = None if base is None else side_of_version(uow, key, base)
        result = replay_period(uow, a, b, wanted, shown=shown)
    _show(a, b, result, fail=fail)


@command("diff", help="decisions_diff")
@KEY
@option("--from", "before", type=click.IntRange(min=1), help="decision_a")
@AGAINST
@FAIL
@json_option
def difference(key: str, before: int | None, against: str | None, *, fail: bool) -> None:
    """List what has changed in the text of a table."""
    with checked_city().units(read_only=True) as uow:
        b = _side(uow, key, against)
        a = first_side(uow, key, before, b)
    found = diff(a.decision, b.decision)
    document = diff_view(a, b, found) | {
        "settings": [asdict(one) for one in found.settings],
        "rows": [asdict(one) for one in found.rows],
    }
    rows = [("", say("decisions.setting"), one.column, one.before or "—", one.after or "—") for one in found.settings]
    for change in found.rows:
        number = " → ".join(str(one) for one in (change.row_before, change.row_after) if one is not None)
        kind = say(f"decisions.{change.kind}")
        rows += [(number, kind, one.column, one.before or "—", one.after or "—") for one in change.cells] or [
            (number, kind, "", "", "")
        ]
    if found.identical:
        show(document, [say("decisions.identical")])
        return
    show_table(document, [say(f"column.{name}") for name in ("row", "change", "column", "before", "after")], rows)
    if fail:
        raise click.exceptions.Exit(FAILED)


def _side(uow: UnitOfWork, key: str, against: str | None) -> Side:
    """Return the second side: a version by number, a file, or the latest version."""
    if against is None or against.isdecimal():
        return side_of_version(uow, key, None if against is None else int(against))
    path = Path(against)
    if not path.is_file():
        raise click.UsageError(f"--against: {path}")
    return side_of_draft(uow, key, path.read_bytes(), str(path))


def _instant(text: str, *, end: bool = False) -> datetime:
    """Read a day or an instant of the city; the end of a period is the end of the day that is named."""
    try:
        if len(text) == DAY_LENGTH:
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), CITY_ZONE)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise click.UsageError(say("decisions.bad_instant")) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=CITY_ZONE)


def _show(a: Side | None, b: Side, result: Comparison, *, fail: bool) -> None:
    document = comparison_view(a, b, result, catalog(language()))
    if for_machines():
        show(document | {"shifts": [asdict(one) for one in result.shifts]})
    else:
        _show_tables(a, b, result, document)
    if fail and result.different:
        raise click.exceptions.Exit(FAILED)


def _show_tables(a: Side | None, b: Side, result: Comparison, document: Mapping[str, object]) -> None:
    counts = {name: document[name] for name in ("compared", "same", "moved", "different", "incomplete", "skipped")}
    recorded = say("decisions.recorded") if a is None else _name(a)
    lines = [say("decisions.sides", a=recorded, b=_name(b)), say("decisions.compared", **counts)]
    lines += [say(f"decisions.{name}", **counts) for name in ("incomplete", "skipped") if counts[name]]
    show(document, lines)
    if result.shifts:
        columns = [say(f"column.{name}") for name in ("rows_a", "rows_b", "outcome", "count")]
        rows = [
            (_rows(one.rows_a), _rows(one.rows_b), say(f"decisions.{one.outcome}"), one.count) for one in result.shifts
        ]
        show_table(document, columns, rows)
    if result.differences:
        columns = [
            say(f"column.{name}") for name in ("evaluation", "inputs", "rows_a", "answer_a", "rows_b", "answer_b")
        ]
        show_table(document, columns, [_difference(one) for one in _entries(document["differences"])])
    if document["truncated"]:
        show(document, [say("decisions.more", shown=len(result.differences))])


def _difference(one: dict[str, object]) -> tuple[object, ...]:
    name = one["evaluation_id"] or one["sample"]
    return name, _json(one["inputs"]), *_said(one["a"]), *_said(one["b"])


def _said(side: object) -> tuple[str, str]:
    known = side if isinstance(side, dict) else {}
    error = known.get("error")
    return _rows(known.get("rows", ())), error["message"] if error else _json(known.get("value"))


def _rows(rows: tuple[int, ...]) -> str:
    return ", ".join(str(row) for row in rows) or "—"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _entries(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _name(side: Side) -> str:
    return say("decisions.draft") if side.version is None else f"{side.decision.key}:{side.version}"
