"""Decisions (DMN 1.1 to 1.5): tables, boxed expressions, knowledge models and services; read, check, evaluate, explain.

A table answers exactly once: rows that contradict each other, or none that matches, are an error that names the
table, the inputs and the rows.
"""

from engine.dmn.analysis import analyse
from engine.dmn.errors import DecisionError, NoMatch, TooManyMatches
from engine.dmn.evaluation import DecisionResult, evaluate
from engine.dmn.findings import Finding
from engine.dmn.model import (
    Aggregation,
    DataType,
    Decision,
    DecisionTable,
    HitPolicy,
    InputClause,
    Knowledge,
    OutputClause,
    Rule,
)
from engine.dmn.reader import Model, imports_others, read_decisions, read_documents, read_model
from engine.dmn.trace import Match

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
    "Knowledge",
    "Match",
    "Model",
    "NoMatch",
    "OutputClause",
    "Rule",
    "TooManyMatches",
    "analyse",
    "evaluate",
    "imports_others",
    "read_decisions",
    "read_documents",
    "read_model",
]
