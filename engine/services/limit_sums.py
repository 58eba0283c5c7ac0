"""Limits that cannot be kept: the limits of the nodes on the shortest way are together more than that of the case.

A task that starts the clock of the case names the table in which its limit stands, in the property
`caseLimitDecision`; the limits of the nodes are those of the process's limit decision. Only what both tables say in
literal cells is compared, row by row of the case's table; what depends on anything else counts as no limit at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count

from engine.bpmn import CallSpec, Element, ProcessModel
from engine.deadlines.units import Unit
from engine.dmn import Decision
from engine.dmn.model import HitPolicy, Rule
from engine.errors import Problem
from engine.feel import UnaryTests
from engine.feel.constants import constant_of, listed_constants
from engine.model.deployment import Resource

PROPERTY = "caseLimitDecision"
MOST_CASES = 200
MOST_DEPTH = 30
_ANSWERING = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST})
_NOTHING: tuple[Decimal, tuple[str, ...]] = (Decimal(0), ())

Way = tuple[Decimal, tuple[str, ...]]
"""What a way takes at least, and the nodes on it that have a limit."""
Given = Mapping[str, frozenset[object]]
"""What a row of the case's table says of its inputs: the values that each can have, by expression."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """A literal limit: the time in hours, or in days where the unit is the working day."""

    value: Decimal
    unit: Unit
    calendar: str

    def within(self, other: "_Limit") -> Decimal:
        """Return what this limit takes at least, in the unit of another one; nothing where that cannot be said."""
        if other.unit.is_continuous:
            return self.value if self.unit is not Unit.WORKING_DAY else Decimal(0)
        return self.value if (self.unit, self.calendar) == (other.unit, other.calendar) else Decimal(0)


def check_limits(
    processes: Sequence[tuple[Resource, ProcessModel]], decisions: Sequence[tuple[Resource, Decision]]
) -> Iterator[Problem]:
    """Yield a warning for each limit of a case that is less than the limits of the nodes on its shortest way.

    Yields   also an error where the property names a decision that is not there
    """
    tables = {decision.key: decision for _, decision in decisions}
    roads = _Roads({model.key: model for _, model in processes}, tables)
    for file, model in processes:
        for element in model.elements.values():
            key = element.properties.get(PROPERTY)
            if key is None:
                continue
            if key not in tables:
                message = f"There is no decision {key}."
                yield Problem("missing-decision", element.id, message, {"key": key}, file.name, element.line)
            else:
                yield from _findings(roads, model, element, tables[key], file.name)


def _findings(roads: "_Roads", model: ProcessModel, element: Element, table: Decision, file: str) -> Iterator[Problem]:
    """Compare each row of the case's table with the shortest way; rows with the same answer are told together."""
    groups: dict[tuple[_Limit, Way], list[int]] = defaultdict(list)
    known: dict[tuple[object, ...], Way] = {}
    for row in _Rows(table).rows:
        given = {text: values for text, values in row.cells.items() if values and text in roads.expressions}
        case = (row.limit, *sorted(given.items(), key=lambda pair: pair[0]))
        if row.limit is None or (case not in known and len(known) >= MOST_CASES):
            continue
        if case not in known:
            known[case] = _Search(roads, row.limit).behind(model, element, given)
        if known[case][0] > row.limit.value:
            groups[row.limit, known[case]].append(row.number)
    for (limit, (total, nodes)), rows in groups.items():
        shown: dict[str, object] = {
            "id": element.id,
            "table": table.key,
            "rows": ", ".join(str(row) for row in rows),
            "limit": str(limit.value),
            "sum": str(total),
            "unit": str(Unit.NATURAL_HOUR if limit.unit.is_continuous else limit.unit),
            "nodes": ", ".join(nodes),
        }
        message = _SENTENCE.format(**shown)
        yield Problem("limit-sum", element.id, message, shown, file, element.line, "warning")


_SENTENCE = (
    "{table}, rows {rows}: the case has {limit} {unit}, but the nodes on the shortest way from {id} to the end have "
    "{sum} {unit} together: {nodes}."
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: its limit, and the values that its cells list, by expression; None for any other cell."""

    number: int
    limit: _Limit | None
    cells: Mapping[str, frozenset[object] | None]

    def match(self, facts: Given) -> str:
        """Tell whether the row matches: `yes`, `no` or `maybe`."""
        sure = True
        for text, wanted in self.cells.items():
            known = facts.get(text)
            if wanted is None or known is None:
                sure = False
            elif not wanted & known:
                return "no"
            elif not known <= wanted:
                sure = False
        return "yes" if sure else "maybe"


class _Rows:
    """The rows of a table, found by the element that they speak of."""

    def __init__(self, table: Decision) -> None:
        self.rows = [_Row(rule.number, _limit_of(table, rule), _cells(table, rule)) for rule in table.rules]
        self.answering = table.hit_policy in _ANSWERING
        self.expressions = {text for row in self.rows for text in row.cells}
        self.named: dict[object, list[_Row]] = defaultdict(list)
        for row in self.rows:
            for name in row.cells.get("element") or ():
                self.named[name].append(row)
        self.others = [row for row in self.rows if not row.cells.get("element")]

    def least(self, facts: Given, element: str, limit: _Limit) -> Decimal:
        """Return the least time that the table can give to a node; nothing where it may give none."""
        found: list[Decimal] = []
        rows = sorted((*self.named.get(element, ()), *self.others), key=lambda row: row.number)
        for row in rows if self.answering else ():
            match = row.match(facts)
            if match != "no":
                found.append(row.limit.within(limit) if row.limit is not None else Decimal(0))
            if match == "yes":
                return min(found)
        return Decimal(0)


def _cells(table: Decision, rule: Rule) -> dict[str, frozenset[object] | None]:
    return {
        clause.expression.text: _listed(tests)
        for clause, tests in zip(table.inputs, rule.conditions, strict=True)
        if tests.cell.tests or tests.cell.negated
    }


def _listed(tests: UnaryTests) -> frozenset[object] | None:
    """Return the texts and numbers that a cell lists; None for any other cell."""
    values = listed_constants(tests)
    if values is None or not all(isinstance(value, (str, Decimal, bool)) for value in values):
        return None
    return frozenset(values)


def _limit_of(table: Decision, rule: Rule) -> _Limit | None:
    """Return the limit that a row gives, where its cells are literal."""
    answers = {output.name: constant_of(answer) for output, answer in zip(table.outputs, rule.answers, strict=True)}
    value, unit, calendar = (answers.get(name, (False, None))[1] for name in ("value", "unit", "calendar"))
    if not isinstance(value, Decimal) or not isinstance(unit, str) or unit not in set(Unit):
        return None
    known = Unit(unit)
    return _Limit(value * 24 if known.is_day and known.is_continuous else value, known, str(calendar))


class _Roads:
    """The processes and tables of a set, each looked at once."""

    def __init__(self, models: Mapping[str, ProcessModel], tables: Mapping[str, Decision]) -> None:
        self.models = models
        keys = {model.policy.limit_decision for model in models.values()} & set(tables)
        self.tables = {key: _Rows(tables[key]) for key in keys if key is not None}
        self.expressions = {text for rows in self.tables.values() for text in rows.expressions}
        self.maps: dict[str, _Map] = {}

    def map_of(self, model: ProcessModel) -> "_Map":
        """Return what follows what in a process."""
        if model.key not in self.maps:
            self.maps[model.key] = _Map(model)
        return self.maps[model.key]


class _Map:
    """What follows each element of a process; a boundary event may fire before any time has passed."""

    def __init__(self, model: ProcessModel) -> None:
        self.following: dict[str, list[str]] = defaultdict(list)
        self.guards: dict[str, list[str]] = defaultdict(list)
        self.starts: dict[str | None, list[str]] = defaultdict(list)
        for flow in model.flows.values():
            self.following[flow.source].append(flow.target)
        catches: dict[tuple[str | None, str | None], str] = {}
        throws: list[tuple[str, tuple[str | None, str | None]]] = []
        for element in model.elements.values():
            event = element.event
            if element.type == "startEvent":
                self.starts[element.scope].append(element.id)
            elif event is not None and event.attached_to and event.kind != "compensate":
                self.guards[event.attached_to].append(element.id)
            elif event is not None and event.kind == "link":
                if element.type == "intermediateCatchEvent":
                    catches[element.scope, event.name] = element.id
                else:
                    throws.append((element.id, (element.scope, event.name)))
        for throw, name in throws:
            self.following[throw] += [catches[name]] if name in catches else []


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for the shortest way, in the unit of the case's limit.

    called  what is known of called processes: by key, and by whether they get the variables of the caller
    depth   how many calls lead here
    """

    roads: _Roads
    limit: _Limit
    called: dict[tuple[str, bool], Way] = field(default_factory=dict)
    depth: int = 0

    def behind(self, model: ProcessModel, element: Element, given: Given) -> Way:
        """Return what is left behind an element, to the end of the process."""
        total, nodes = self.shortest(model, [element.id], given, skip=element.id)
        while element.scope is not None:
            element = model.elements[element.scope]
            more, others = self.shortest(model, [element.id], given, skip=element.id)
            total, nodes = total + more, (*nodes, *others)
        return total, nodes

    def whole(self, model: ProcessModel, scope: str | None, given: Given) -> Way:
        """Return the shortest way through a process or a sub-process."""
        return self.shortest(model, self.roads.map_of(model).starts[scope], given)

    def shortest(self, model: ProcessModel, starts: Sequence[str], given: Given, *, skip: str = "") -> Way:
        """Go to the nearest node, then to the next (E. W. Dijkstra, 1959), until one ends."""
        chart, order = self.roads.map_of(model), count()
        queue: list[tuple[Decimal, int, str, tuple[str, ...]]] = []

        def reach(place: str, time: Decimal, nodes: tuple[str, ...]) -> None:
            heappush(queue, (time, next(order), place, nodes))

        for start in starts:
            reach(start, *_NOTHING)
        seen: set[str] = set()
        while queue:
            time, _, place, nodes = heappop(queue)
            if not place:
                return time, nodes
            if place in seen:
                continue
            seen.add(place)
            for guard in chart.guards[place]:
                reach(guard, time, nodes)
            cost, inner = _NOTHING if place == skip else self.cost(model, model.elements[place], given)
            for target in chart.following[place] or [""]:
                reach(target, time + cost, (*nodes, *inner))
        return _NOTHING

    def cost(self, model: ProcessModel, element: Element, given: Given) -> Way:
        """Return what an element takes at least; what repeats may have nothing to do."""
        if element.repeats or element.ad_hoc is not None:
            return _NOTHING
        if element.type == "userTask":
            return self.node(model, element, given)
        if element.type in {"subProcess", "transaction"}:
            return self.whole(model, element.id, given)
        return self.call(element.task, given) if isinstance(element.task, CallSpec) else _NOTHING

    def node(self, model: ProcessModel, element: Element, given: Given) -> Way:
        """Return the limit of a user task."""
        rows = self.roads.tables.get(model.policy.limit_decision or "")
        if rows is None:
            return _NOTHING
        facts = {**given, "element": frozenset({element.id}), "process": frozenset({model.key})}
        time = rows.least(facts, element.id, self.limit)
        return (time, (f"{element.id} ({time})",)) if time else _NOTHING

    def call(self, task: CallSpec, given: Given) -> Way:
        """Return the shortest way through a called process; it knows what the caller gives it whole."""
        key = task.called.literal if task.binding != "version" else None
        if key is None or key not in self.roads.models or self.depth >= MOST_DEPTH:
            return _NOTHING
        known = given if task.all_in else {}
        place = (key, bool(known))
        if place not in self.called:
            self.called[place] = _NOTHING  # what it finds when it comes back to itself
            inner = _Search(self.roads, self.limit, self.called, self.depth + 1)
            self.called[place] = inner.whole(self.roads.models[key], None, known)
        return self.called[place]
