"""What came of process tests: which scenarios hold, and which flows and rows they reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.process_tests.library import Library


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a scenario fails: what was looked at, what was expected and found, and how far the path had come.

    troubles  automatic work that had failed by then, and why
    """

    code: str
    step: str
    line: int
    expected: str
    found: str
    path: tuple[str, ...] = ()
    troubles: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one scenario, or of one question to a table."""

    name: str
    file: str
    line: int
    flow: str | None
    failure: Failure | None
    flows: frozenset[tuple[str, str]] = frozenset()
    rows: frozenset[tuple[str, int]] = frozenset()
    seconds: float = 0.0

    @property
    def is_fine(self) -> bool:
        """Whether it holds."""
        return self.failure is None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share of 100, rounded down to a tenth: 100 is never said of less."""
        return 100.0 if self.total == 0 else self.covered * 1000 // self.total / 10


@dataclass(slots=True)
class Report:
    """Everything.

    flows  process key → id of a sequence flow → whether a scenario took it
    rows   decision key → number of a row → whether it answered
    """

    outcomes: list[Outcome] = field(default_factory=list)
    flows: dict[str, dict[str, bool]] = field(default_factory=dict)
    rows: dict[str, dict[int, bool]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def failed(self) -> list[Outcome]:
        """Return what does not hold."""
        return [outcome for outcome in self.outcomes if not outcome.is_fine]

    def of_flow(self, key: str) -> Share:
        """Return how much of a diagram was passed."""
        return _share(self.flows[key].values())

    def of_table(self, key: str) -> Share:
        """Return how many rows of a table answered."""
        return _share(self.rows[key].values())

    @property
    def all_flows(self) -> Share:
        """Return how many sequence flows of all diagrams were taken."""
        return _share(taken for flows in self.flows.values() for taken in flows.values())

    @property
    def all_rows(self) -> Share:
        """Return how many rows of all tables answered."""
        return _share(taken for rows in self.rows.values() for taken in rows.values())

    def document(self) -> dict[str, object]:
        """Return it for a machine."""
        return {
            "fine": not self.failed,
            "scenarios": [_scenario(outcome) for outcome in self.outcomes],
            "flows": {key: _covered(self.of_flow(key), flows) for key, flows in self.flows.items()},
            "tables": {key: _covered(self.of_table(key), rows) for key, rows in self.rows.items()},
            "total": {"flows": _shown(self.all_flows), "rows": _shown(self.all_rows)},
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True, slots=True)
class Named:
    """The diagrams and tables that chosen tests are about, by key: they are listed even where nothing reached them.

    only   the one diagram to list; None: every one that is named or reached
    """

    flows: frozenset[str]
    tables: frozenset[str]
    only: str | None = None


def report_of(outcomes: Iterable[Outcome], library: Library, seconds: float, named: Named | None = None) -> Report:
    """Count what outcomes reached of a library: of all of it, or of what is named or reached."""
    found = list(outcomes)
    flows = frozenset().union(*(outcome.flows for outcome in found))
    rows = frozenset().union(*(outcome.rows for outcome in found))
    listed = None if named is None else named.flows | {key for key, _ in flows}
    if named is not None and named.only is not None:
        listed = frozenset({named.only})
    tables = None if named is None else named.tables | {key for key, _ in rows}
    return Report(
        outcomes=found,
        flows={
            key: {flow: (key, flow) in flows for flow in model.flows}
            for key, model in sorted(library.models.items())
            if listed is None or key in listed
        },
        rows={
            key: {rule.number: (key, rule.number) in rows for rule in decision.rules}
            for key, decision in sorted(library.decisions.items())
            if decision.rules and (tables is None or key in tables)
        },
        seconds=seconds,
    )


def _share(taken: Iterable[bool]) -> Share:
    every = list(taken)
    return Share(sum(every), len(every))


def _scenario(outcome: Outcome) -> dict[str, object]:
    shown: dict[str, object] = {"name": outcome.name, "flow": outcome.flow, "file": outcome.file, "line": outcome.line}
    failure = outcome.failure
    if failure is not None:
        found = {"code": failure.code, "step": failure.step, "line": failure.line, "path": list(failure.path)}
        shown["failure"] = found | {
            "expected": failure.expected,
            "found": failure.found,
            "troubles": failure.troubles,
        }
    return shown | {"fine": outcome.is_fine, "seconds": round(outcome.seconds, 3)}


def _covered(share: Share, taken: Mapping[str, bool] | Mapping[int, bool]) -> dict[str, object]:
    return _shown(share) | {"missing": [name for name, is_taken in taken.items() if not is_taken]}


def _shown(share: Share) -> dict[str, object]:
    return {"covered": share.covered, "total": share.total, "percent": share.percent}
