"""Two versions of a decision over the same contexts: samples, or what was asked in a period (replay)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.bpmn import Moment
from engine.errors import Invalid
from engine.model.history import DecisionEvaluation, EvaluationFilter
from engine.ports import UnitOfWork
from engine.services import decisions, definitions, facts
from engine.services.decision_context import restored
from engine.services.decision_versions import Said, Side

PAGE = 500


class Outcome(StrEnum):
    """How two answers to one context stand to each other; `moved`: the same answer by other rows."""

    SAME = "same"
    MOVED = "moved"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Case:
    """One context that both sides are asked.

    inputs    what to show for it
    unseen    variables that only the other version reads and the record therefore does not hold
    recorded  what was answered then, where it comes from a record
    """

    context: Mapping[str, object]
    inputs: Mapping[str, object]
    at: datetime
    sample: int | None = None
    evaluation_id: str | None = None
    unseen: tuple[str, ...] = ()
    recorded: Said | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One context to which the two sides answer differently."""

    case: Case
    a: Said
    b: Said


@dataclass(frozen=True, slots=True)
class RowShift:
    """How often rows of one side were replaced by rows of the other; an empty side is a default or an error."""

    rows_a: tuple[int, ...]
    rows_b: tuple[int, ...]
    outcome: Outcome
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two sides.

    compared     contexts that both sides were asked; same, moved and different add up to it
    incomplete   of these, those whose record lacks a variable that only the other version reads
    skipped      records from before contexts were kept, which cannot be asked again
    shifts       by row, the most frequent first; differences: the first ones, `different` counts all
    """

    compared: int
    same: int
    moved: int
    different: int
    incomplete: int
    skipped: int
    shifts: tuple[RowShift, ...]
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class _Tally:
    """What was seen so far."""

    shown: int
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    shifts: Counter[tuple[tuple[int, ...], tuple[int, ...], Outcome]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    incomplete: int = 0
    skipped: int = 0

    def add(self, case: Case, a: Said, b: Said) -> None:
        same = a.answer == b.answer
        outcome = (Outcome.SAME if a.rows == b.rows else Outcome.MOVED) if same else Outcome.DIFFERENT
        self.outcomes[outcome] += 1
        self.incomplete += bool(case.unseen)
        if outcome is not Outcome.SAME:
            self.shifts[a.rows, b.rows, outcome] += 1
        if outcome is Outcome.DIFFERENT and len(self.differences) < self.shown:
            self.differences.append(Difference(case, a, b))

    def total(self) -> Comparison:
        return Comparison(
            compared=self.outcomes.total(),
            same=self.outcomes[Outcome.SAME],
            moved=self.outcomes[Outcome.MOVED],
            different=self.outcomes[Outcome.DIFFERENT],
            incomplete=self.incomplete,
            skipped=self.skipped,
            shifts=tuple(RowShift(*key, count) for key, count in self.shifts.most_common()),
            differences=tuple(self.differences),
        )


def compare_samples(
    uow: UnitOfWork, a: Side, b: Side, samples: Sequence[Mapping[str, object]], *, shown: int
) -> Comparison:
    """Ask both sides every sample; keeps the first `shown` differences. Only reads."""
    moment = facts.moment_of(uow)
    tally = _Tally(shown)
    for number, sample in enumerate(samples, start=1):
        case = Case(sample, sample, moment.local, sample=number)
        tally.add(case, a.say(sample, moment), b.say(sample, moment))
    return tally.total()


def replay(
    uow: UnitOfWork, a: Side | None, b: Side, wanted: EvaluationFilter, *, shown: int, most: int | None = None
) -> Comparison:
    """Ask `b`, and `a` where it is given, what was asked in a period; without `a` stands what was answered then.

    Reads    the records in pages, so that a long period needs no more memory than a short one; each is asked as of
             its own instant, with the calendars of today
    Raises   Invalid where there are more than `most` records
    """
    if most is not None and uow.history.count_evaluations(wanted, most=most + 1) > most:
        message = f"The period holds more than {most} evaluations."
        raise Invalid(message, code="replay-too-long", most=most)
    tally = _Tally(shown)
    known = facts.facts_of(uow)
    for case in _cases(uow, b, wanted, tally):
        moment = Moment(case.at, known)
        said = case.recorded if a is None else a.say(case.context, moment)
        tally.add(case, said or Said(), b.say(case.context, moment))
    return tally.total()


def _cases(uow: UnitOfWork, b: Side, wanted: EvaluationFilter, tally: _Tally) -> Iterator[Case]:
    unseen: dict[str | None, tuple[str, ...]] = {}
    for one in _records(uow, wanted):
        if one.context is None:
            tally.skipped += 1
            continue
        if one.definition_id not in unseen:
            unseen[one.definition_id] = tuple(sorted(b.reads - _read_by(uow, one)))
        yield Case(
            context=restored(one.context),
            inputs=one.inputs,
            at=one.at.astimezone(uow.settings.zone),
            evaluation_id=one.id,
            unseen=unseen[one.definition_id],
            recorded=Said(one.output, one.rows),
        )


def _records(uow: UnitOfWork, wanted: EvaluationFilter) -> Iterable[DecisionEvaluation]:
    after: str | None = None
    while True:
        page = uow.history.page_of_period(wanted, after=after, limit=PAGE)
        yield from page.items
        if page.next_after is None:
            return
        after = page.next_after


def _read_by(uow: UnitOfWork, evaluation: DecisionEvaluation) -> frozenset[str]:
    definition = definitions.get_decision(uow, str(evaluation.definition_id))
    return decisions.reads_of(uow, definition)
