"""Playing one scenario, or asking one table: what was expected is compared, what was reached is counted."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from api.process_tests.expectations import Difference, Look, agrees, failing
from api.process_tests.library import Library
from api.process_tests.model import RuleCase, Scenario, Sheet, Step
from api.process_tests.report import Failure, Outcome
from api.process_tests.row_inputs import meant
from api.process_tests.stage import NOBODY, Stage
from api.process_tests.town import Town
from api.process_tests.witness import Witness
from engine.clock import FixedClock
from engine.errors import EngineError
from engine.feel import FeelError
from engine.ports import UnitOfWork
from engine.services import decisions

MOST_TEXT = 2_000
_NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def play(town: Town, library: Library, rules: Path, sheet: Sheet, scenario: Scenario) -> Outcome:
    """Play a scenario in a town of its own; it never raises for what the engine or the tables refuse."""
    begun = time.monotonic()
    given = scenario.given
    witness = Witness(library, given.rules, given.handlers)
    clock = FixedClock(given.at.astimezone(UTC))
    with town.opened(clock, witness) as units:
        random = Random(f"{Path(sheet.file).name}|{scenario.name}")  # noqa: S311  chance, not secrecy
        stage = Stage(town, library, units, clock, witness, rules, sheet.flow, random)
        failure = _Player(stage, scenario).run()
    return Outcome(
        name=scenario.name,
        file=sheet.file,
        line=scenario.line,
        flow=sheet.flow,
        failure=failure,
        flows=frozenset(witness.flows),
        rows=frozenset(witness.rows),
        seconds=time.monotonic() - begun,
    )


class _Player:
    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self._stage = stage
        self._scenario = scenario
        self._expects_failures = False

    def run(self) -> Failure | None:
        given = self._scenario.given
        try:
            self._stage.arm()
        except (EngineError, FeelError) as error:
            return self._failure("refused", "given", self._scenario.line, "", _said(error))
        for act in given.acts:
            failure = self._happen(act, "given")
            if failure is not None:
                return failure
        if given.variables is not None:
            try:
                self._stage.start(given.variables, given.key, given.by)
            except (EngineError, FeelError) as error:
                return self._failure("refused", "given", self._scenario.line, "", _said(error))
        for position, step in enumerate(self._scenario.steps, start=1):
            place = f"{position} {step}"
            failure = self._look(step, place) if step.verb == "expect" else self._happen(step, place)
            if failure is not None:
                return failure
        return self._loose_ends()

    def _happen(self, step: Step, place: str) -> Failure | None:
        try:
            refusal: EngineError | FeelError | None = self._stage.refusing(step)
        except FeelError as error:
            refusal = error
        if refusal is None:
            if step.refused is False:
                return None
            return self._failure("not-refused", place, step.line, str(step.refused), "")
        codes = {getattr(refusal, "key", ""), *(problem.code for problem in getattr(refusal, "problems", ()))}
        if step.refused in codes or (step.refused is True and NOBODY not in codes):
            return None
        return self._failure("refused", place, step.line, str(step.refused or ""), _said(refusal))

    def _look(self, step: Step, place: str) -> Failure | None:
        look = Look(self._stage, step.of)
        for check in step.checks:
            self._expects_failures = self._expects_failures or check.kind == "fails"
            try:
                difference = look.at(check)
            except (EngineError, FeelError) as error:
                difference = Difference(check.kind, check.wanted, _said(error))
            if difference is not None:
                return self._failure(
                    difference.code, place, check.line, _text(difference.expected), _text(difference.found)
                )
        return None

    def _loose_ends(self) -> Failure | None:
        """Find fault with work that failed, unless the scenario has looked at it."""
        found = [] if self._expects_failures else failing(self._stage)
        if not found:
            return None
        return self._failure("fails", "then", self._scenario.line, "[]", _text(self._reasons()))

    def _reasons(self) -> list[str]:
        return [
            f"{job.element_id or job.topic}: {job.last_error or ''}" for job in self._stage.jobs() if job.attempts > 0
        ]

    def _failure(self, code: str, place: str, line: int, expected: str, found: str) -> Failure:
        path = tuple(
            element if key == self._stage.flow else f"{key}/{element}" for key, element, _ in self._stage.witness.path
        )
        troubles = "" if code == "fails" else "; ".join(self._reasons())
        return Failure(code, place, line, expected, found, path, troubles)


def ask(town: Town, library: Library, sheet: Sheet) -> Iterator[Outcome]:
    """Put the questions of a sheet to the tables, one after the other."""
    witness = Witness(library)
    with town.opened(FixedClock(_NOON), witness) as units, units(read_only=True) as uow:
        for case in sheet.rules:
            begun = time.monotonic()
            witness.rows.clear()
            failure = _asked(uow, case)
            question = f"{case.decision} {_text(case.given)}"
            name, spent = f"{case.name}: {question}" if case.name else question, time.monotonic() - begun
            reached = frozenset(witness.rows)
            yield Outcome(name, sheet.file, case.line, sheet.flow, failure, frozenset(), reached, spent)


def _asked(uow: UnitOfWork, case: RuleCase) -> Failure | None:
    try:
        context = {name: meant(value) for name, value in case.given.items()}
        answer = decisions.look_up(uow, case.decision, context)
    except (EngineError, FeelError) as error:
        if case.error in {getattr(error, "key", ""), getattr(error, "code", "")}:
            return None
        return Failure("answer", case.decision, case.line, case.error or _wanted(case), _said(error))
    return _compared(case, tuple(match.row for match in answer.result.matches), answer.value)


def _wanted(case: RuleCase) -> str:
    """Return the rows and the answer that a case expects, as far as they are said."""
    rows = {} if case.rows is None else {"rows": list(case.rows)}
    return _text(rows | ({"answer": case.answer} if case.has_answer else {}))


def _compared(case: RuleCase, rows: tuple[int, ...], answer: object) -> Failure | None:
    if case.error is not None:
        return Failure("answer", case.decision, case.line, case.error, _text(answer))
    if case.rows is not None and case.rows != rows:
        return Failure("rows", case.decision, case.line, _text(list(case.rows)), _text(list(rows)))
    if case.has_answer and not agrees(case.answer, answer):
        return Failure("answer", case.decision, case.line, _text(case.answer), _text(answer))
    return None


def _said(error: EngineError | FeelError) -> str:
    problems = "; ".join(str(problem) for problem in getattr(error, "problems", ()))
    return f"{getattr(error, 'key', '')}: {problems or error}"


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"
