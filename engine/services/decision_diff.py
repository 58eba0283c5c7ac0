"""What has changed between two versions of a table: columns, rows, cells. Rows are known by id, else by content."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.dmn import Decision, Rule

ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One text of a table, before and after; None where it is not there."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row: `kind` is added, removed, changed or moved; numbers count from 1, None where it is not there.

    cells  the texts that changed; of an added or a removed row every text
    """

    kind: str
    rule_id: str
    row_before: int | None
    row_after: int | None
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class TableDiff:
    """What has changed: `settings` are hit policy, columns, defaults and, without a table, the expression."""

    settings: tuple[CellChange, ...]
    rows: tuple[RowChange, ...]

    @property
    def identical(self) -> bool:
        """Tell whether nothing has changed that the table shows."""
        return not self.settings and not self.rows


def diff(before: Decision, after: Decision) -> TableDiff:
    """Compare two versions of a decision by what is written in them."""
    return TableDiff(tuple(_changes(_settings(before), _settings(after))), tuple(_rows(before, after)))


def _settings(decision: Decision) -> dict[str, str]:
    found = {"name": decision.name, "requires": ", ".join(decision.requires)}
    if decision.hit_policy is not None:
        policy = f"{decision.hit_policy} {decision.aggregation}" if decision.aggregation else str(decision.hit_policy)
        found["hit policy"] = policy
    if decision.expression is not None:
        found["expression"] = decision.expression.text
    if decision.logic is not None:
        found["kind"] = decision.logic.kind
        found |= {f"expression {text.where}": text.text for text in decision.logic.texts}
    for column in decision.inputs:
        found[f"input {column.label}"] = f"{column.expression.text}: {column.type.name}"
    for answer in decision.outputs:
        default = "" if answer.default is None else f" = {answer.default.text}"
        found[f"output {answer.name}"] = f"{answer.type.name}{default}"
    return found


def _rows(before: Decision, after: Decision) -> Iterator[RowChange]:
    pairs = _pairs(before, after)
    kept = _in_order([(old.number, new.number) for old, new in pairs])
    found: list[RowChange] = []
    for old, new in pairs:
        cells = tuple(_changes(_cells(before, old), _cells(after, new)))
        if cells or old.number not in kept:
            kind = "changed" if cells else "moved"
            found.append(RowChange(kind, new.id, old.number, new.number, cells))
    paired_old = {old.number for old, _ in pairs}
    paired_new = {new.number for _, new in pairs}
    found += [
        RowChange("removed", rule.id, rule.number, None, tuple(_changes(_cells(before, rule), {})))
        for rule in before.rules
        if rule.number not in paired_old
    ]
    found += [
        RowChange("added", rule.id, None, rule.number, tuple(_changes({}, _cells(after, rule))))
        for rule in after.rules
        if rule.number not in paired_new
    ]
    yield from sorted(found, key=lambda change: (change.row_after or change.row_before or 0, change.kind))


def _pairs(before: Decision, after: Decision) -> list[tuple[Rule, Rule]]:
    """Return the rows that are one and the same: by id; then by all their texts; then by their conditions."""
    ids = {rule.id: rule for rule in after.rules}
    pairs = [(rule, ids[rule.id]) for rule in before.rules if rule.id in ids]
    for part in (_all_texts, _condition_texts):
        old_taken, new_taken = ({pair[side].number for pair in pairs} for side in (0, 1))
        waiting: dict[tuple[str, ...], list[Rule]] = {}
        for rule in after.rules:
            if rule.number not in new_taken:
                waiting.setdefault(part(rule), []).append(rule)
        for rule in before.rules:
            same = waiting.get(part(rule))
            if rule.number not in old_taken and same:
                pairs.append((rule, same.pop(0)))
    return sorted(pairs, key=lambda pair: pair[0].number)


def _condition_texts(rule: Rule) -> tuple[str, ...]:
    return tuple(cell.text for cell in rule.conditions)


def _all_texts(rule: Rule) -> tuple[str, ...]:
    return (*_condition_texts(rule), *(cell.text for cell in rule.answers), rule.annotation)


def _cells(decision: Decision, rule: Rule) -> dict[str, str]:
    conditions = {column.label: cell.text for column, cell in zip(decision.inputs, rule.conditions, strict=True)}
    answers = {f"→ {column.name}": cell.text for column, cell in zip(decision.outputs, rule.answers, strict=True)}
    return conditions | answers | ({ANNOTATION: rule.annotation} if rule.annotation else {})


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[CellChange]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield CellChange(name, before.get(name), after.get(name))


def _in_order(pairs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the old numbers of the longest run of rows that kept their order; the others were moved."""
    ends: list[int] = []
    places: list[int] = []
    for _, new in pairs:
        place = bisect_left(ends, new)
        ends[place : place + 1] = [new]
        places.append(place)
    kept: list[int] = []
    wanted = len(ends) - 1
    for (old, _), place in zip(reversed(pairs), reversed(places), strict=True):
        if place == wanted:
            kept.append(old)
            wanted -= 1
    return frozenset(kept)
