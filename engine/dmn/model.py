"""What a DMN file says: decisions, their tables and what they need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.dmn.matcher import Matcher
from engine.feel import Expression, UnaryTests
from engine.feel.compiler import Code
from engine.feel.values import Function


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
    allowed     the values that are allowed, where they are restricted; of a list, the list as a whole
    parameters  how many parameters a function takes, and their types; None where anything may be called
    result      the type of what a function answers
    """

    name: str = "Any"
    whole: bool = False
    element: "DataType | None" = None
    components: Mapping[str, "DataType"] = field(default_factory=dict)
    allowed: UnaryTests | None = None
    parameters: "tuple[DataType, ...] | None" = None
    result: "DataType | None" = None

    @property
    def is_open(self) -> bool:
        """Tell whether every value is of this type."""
        return self.name == "Any" and self.allowed is None


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

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that its expressions read, for certain."""
        read: list[Expression | UnaryTests] = [clause.expression for clause in self.inputs]
        read += [output.default for output in self.outputs if output.default is not None]
        for rule in self.rules:
            read += [*rule.conditions, *rule.answers]
        return frozenset(name for part in read for name in part.names)

    @property
    def has_default(self) -> bool:
        """Tell whether the table answers when no row matches."""
        return any(output.default is not None for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of FEEL inside a boxed expression, for those who check or show it.

    where, line  id of the element around it, and its line in the file
    names        the names that may occur in it
    """

    text: str
    where: str
    line: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Logic:
    """A boxed expression that is ready to run.

    kind    name of its element, e.g. `context`
    code    what runs in the scope of the decision
    names   the variables that it takes from that scope, for certain
    tables  the decision tables inside, by the names of what holds them
    texts   the expressions inside, in the order of the file
    """

    kind: str
    code: Code
    names: frozenset[str]
    tables: tuple[tuple[str, DecisionTable], ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What comes from outside: input data, or a decision whose answer is given to a service.

    ref     file and element id, unique in a set of files
    prefix  the name of the import through which it is known; empty in its own file
    name    its variable
    """

    ref: str
    prefix: str
    name: str
    type: DataType

    @property
    def path(self) -> str:
        """The name under which expressions know it."""
        return f"{self.prefix}.{self.name}" if self.prefix else self.name


@dataclass(frozen=True, slots=True)
class Need:
    """A decision that another one requires, and the name of the import through which it is known."""

    prefix: str
    decision: "Decision"


@dataclass(frozen=True, slots=True)
class Service:
    """The inside of a decision service.

    parameters  what must be given: input data, then input decisions, in the order of the file
    outputs     the decisions whose answers it gives
    result      the type of its answer
    """

    parameters: tuple[Given, ...]
    outputs: tuple["Decision", ...]
    result: DataType


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions require.

    parameters  with their types, in their order; `result` is the type of what it answers
    function    the value that expressions call
    logic       its body
    """

    key: str
    name: str
    variable: str
    parameters: tuple[Given, ...]
    result: DataType
    function: Function
    logic: Logic
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A decision: a table, a boxed expression or a service, and what it needs.

    key        element id, unique in its file; `ref` is unique in a set of files; name is what people read
    variable   the name under which its answer is known to decisions that need it
    table      the decision table, or None where `expression` (a literal), `logic` or `service` decides
    needs      the decisions that are evaluated first
    data       the input data that it names
    knowledge  the functions that it requires, by name; those of an import in a context
    declared   all variables of its file: of these it sees only those that it requires
    names      every variable that its expressions read
    """

    key: str
    name: str
    variable: str
    type: DataType
    table: DecisionTable | None = None
    expression: Expression | None = None
    logic: Logic | None = None
    service: Service | None = None
    needs: tuple[Need, ...] = ()
    data: tuple[Given, ...] = ()
    knowledge: Mapping[str, object] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    ref: str = ""
    file: str = ""
    line: int = 0
    names: frozenset[str] = frozenset()

    @property
    def requires(self) -> tuple[str, ...]:
        """Keys of the decisions that are evaluated first."""
        return tuple(need.decision.key for need in self.needs)

    @property
    def given(self) -> Mapping[str, DataType]:
        """The types of the input data that it names, by the name that expressions use."""
        return {data.path: data.type for data in self.data}

    @property
    def tables(self) -> tuple[tuple[str, DecisionTable], ...]:
        """Every decision table inside, by the name of what holds it."""
        if self.table is not None:
            return ((self.name, self.table),)
        return self.logic.tables if self.logic is not None else ()

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
