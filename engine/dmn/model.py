"""What a DMN file says: decisions, their tables and what they need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.dmn.matcher import Matcher
from engine.feel import Expression, UnaryTests


class HitPolicy(StrEnum):
    """How many rows may match, and which of them answers."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What COLLECT makes of the answers."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


SINGLE_HIT = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})


@dataclass(frozen=True, slots=True)
class DataType:
    """A type by reference.

    name        type of FEEL, `Any` where it is not checked
    whole       whether a number must be whole
    element     the type of the elements of a list
    components  the types of the entries of a context
    allowed     the values that are allowed, where they are restricted
    """

    name: str = "Any"
    whole: bool = False
    element: "DataType | None" = None
    components: Mapping[str, "DataType"] = field(default_factory=dict)
    allowed: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions: `label` is what people read, `expression` gives the value."""

    id: str
    label: str
    expression: Expression
    type: DataType
    line: int


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of answers.

    name        key of the answer in the result
    type        its type, with the values that may be answered
    priorities  those values in their order, where they are listed
    default     the answer when no row matches
    """

    id: str
    name: str
    type: DataType
    priorities: tuple[object, ...]
    default: Expression | None
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: `number` counts from 1; `annotation` is the text beside it, e.g. the clause of the law."""

    id: str
    number: int
    conditions: tuple[UnaryTests, ...]
    answers: tuple[Expression, ...]
    annotation: str
    line: int


@dataclass(frozen=True, eq=False)
class DecisionTable:
    """A table of rules."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def matcher(self) -> Matcher:
        """The rows, made ready to be found; built once per table."""
        return Matcher([rule.conditions for rule in self.rules], len(self.inputs))

    @property
    def has_default(self) -> bool:
        """Tell whether the table answers when no row matches."""
        return any(output.default is not None for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: a table or an expression, and the decisions that it needs.

    key       element id, unique in its file; name what people read
    variable  the name under which its answer is known to decisions that need it
    table     the decision table, or None where `expression` decides
    requires  keys of the decisions that are evaluated first
    given     the types of the input data that it names, by variable
    names     every variable that its expressions read
    """

    key: str
    name: str
    variable: str
    type: DataType
    table: DecisionTable | None
    expression: Expression | None
    requires: tuple[str, ...]
    given: Mapping[str, DataType] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    names: frozenset[str] = frozenset()

    @property
    def hit_policy(self) -> HitPolicy | None:
        """Hit policy of the table."""
        return self.table.hit_policy if self.table else None

    @property
    def aggregation(self) -> Aggregation | None:
        """Aggregation of the table, where it collects."""
        return self.table.aggregation if self.table else None

    @property
    def inputs(self) -> tuple[InputClause, ...]:
        """Columns of conditions; none for an expression."""
        return self.table.inputs if self.table else ()

    @property
    def outputs(self) -> tuple[OutputClause, ...]:
        """Columns of answers; none for an expression."""
        return self.table.outputs if self.table else ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Rows; none for an expression."""
        return self.table.rules if self.table else ()
