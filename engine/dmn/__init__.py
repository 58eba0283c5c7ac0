"""Decision tables (DMN 1.3): read, check, evaluate, explain.

A table answers exactly once: rows that contradict each other, or none that matches, are an error that names the
table, the inputs and the rows.
"""

from engine.dmn.analysis import Finding, analyse
from engine.dmn.errors import DecisionError, NoMatch, TooManyMatches
from engine.dmn.evaluation import DecisionResult, Match, evaluate
from engine.dmn.model import (
    Aggregation,
    DataType,
    Decision,
    DecisionTable,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
)
from engine.dmn.reader import read_decisions

__all__ = [
    "Aggregation",
    "DataType",
    "Decision",
    "DecisionError",
    "DecisionResult",
    "DecisionTable",
    "Finding",
    "HitPolicy",
    "InputClause",
    "Match",
    "NoMatch",
    "OutputClause",
    "Rule",
    "TooManyMatches",
    "analyse",
    "evaluate",
    "read_decisions",
]
