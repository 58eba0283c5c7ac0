"""Boxed expressions as syntax trees: the kinds of nodes that FEEL itself does not have, and how they run.

All else of a boxed expression is a node of FEEL: a boxed list is a list, a boxed loop a loop. So names, steps and
limits are those of FEEL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.dmn.data_types import conform
from engine.dmn.model import DataType, DecisionTable
from engine.dmn.tables import ask_table
from engine.dmn.trace import DecisionRun, Part
from engine.feel import FeelError, FeelLimitError
from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.kinds import Type
from engine.feel.nodes import Node
from engine.feel.reasons import Word
from engine.feel.run import Run, Scope
from engine.feel.values import Function


@dataclass(frozen=True, slots=True)
class Piece(Node):
    """A text of its own inside a boxed expression; `fail` is told what is wrong with it.

    names, types  what the text may name
    """

    text: str
    names: frozenset[str]
    types: Mapping[str, Type]
    body: Node
    fail: Callable[[FeelError], None]


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """An expression with a type: what is not of the type becomes null."""

    body: Node
    type: DataType


@dataclass(frozen=True, slots=True)
class TableBox(Node):
    """A decision table inside a boxed expression, by the name of what holds it."""

    name: str
    table: DecisionTable


@dataclass(frozen=True, slots=True)
class FunctionBox(Node):
    """A boxed function definition."""

    name: str
    parameters: tuple[tuple[str, DataType], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class TruthOnly(Node):
    """The condition of a boxed loop: an answer that is neither boolean nor null spoils the whole box."""

    body: Node


@dataclass(frozen=True, slots=True)
class LoopBox(Node):
    """A boxed filter or quantifier around its conditions."""

    body: Node


class _NoTruthError(Exception):
    """A condition gave something else than true, false or null."""


@compiles(Piece)
def _piece(compiler: Compiler, node: Piece) -> Code:
    inner = Compiler(node.text, node.names, node.types)
    inner.scopes = list(compiler.scopes)
    try:
        code = inner.compile(node.body)
    except FeelError as error:
        node.fail(error)
        return _null
    except RecursionError:
        node.fail(FeelLimitError("nesting-depth", 0))
        return _null
    compiler.free |= inner.free
    compiler.uncertain |= inner.uncertain
    return code


def _null(_scope: Scope) -> object:
    return None


@compiles(Typed)
def _typed(compiler: Compiler, node: Typed) -> Code:
    body, wanted = compiler.compile(node.body), node.type
    if wanted.is_open:
        return body
    text = node.body.text if isinstance(node.body, Piece) else ""
    return lambda scope: typed(body(scope), wanted, scope.run, text)


def typed(value: object, wanted: DataType, run: Run, text: str = "") -> object:
    """Return a value as its type has it; null, with the reason, where it is not of the type."""
    fitting, value = conform(value, wanted)
    if fitting:
        return value
    run.note("feel-null-type", text, 0, value=value, type=Word(wanted.name))
    return None


@compiles(TableBox)
def _table(compiler: Compiler, node: TableBox) -> Code:
    name, table = node.name, node.table
    compiler.free |= {known for known in table.names if not compiler.is_local(known)}

    def code(scope: Scope) -> object:
        scope.run.charge(1)
        answer = ask_table(name, table, scope)
        if isinstance(scope.run, DecisionRun):
            part = Part("table", name, answer.inputs, answer.value, table.hit_policy, table.aggregation, answer.matches)
            scope.run.record(part)
        return answer.value

    return code


@compiles(FunctionBox)
def _function(compiler: Compiler, node: FunctionBox) -> Code:
    body = compiler.within(frozenset(name for name, _ in node.parameters), node.body)
    return lambda scope: function_value(node.name, node.parameters, body, lambda _run: scope)


def function_value(
    name: str,
    parameters: tuple[tuple[str, DataType], ...],
    body: Code,
    outer: Callable[[Run], Scope],
) -> Function:
    """Return the function value of a boxed definition; arguments of the wrong type leave it uncalled."""

    def call(run: Run, *arguments: object) -> object:
        given = accepted(name, parameters, arguments, run)
        if given is None:
            return None
        run.enter()
        value = recorded("invocation", name, given, run, lambda _part: body(Scope(given, outer(run), run)))
        run.leave()
        return value

    return Function(tuple(parameter for parameter, _ in parameters), call)


def recorded(kind: str, name: str, given: Mapping[str, object], run: Run, compute: Callable[[Part], object]) -> object:
    """Compute, and keep in the trace what took part in it."""
    part = Part(kind, name, given)
    if not isinstance(run, DecisionRun):
        return compute(part)
    run.record(part)
    outer, run.parts = run.parts, part.parts
    part.value = compute(part)
    run.parts = outer
    return part.value


def accepted(
    name: str,
    parameters: tuple[tuple[str, DataType], ...],
    arguments: tuple[object, ...],
    run: Run,
) -> dict[str, object] | None:
    """Return arguments by the names of their parameters; None, with the reason, where one is of another type."""
    given: dict[str, object] = {}
    for (parameter, wanted), argument in zip(parameters, arguments, strict=True):
        fitting, value = conform(argument, wanted)
        if not fitting:
            run.note("feel-null-arguments", "", 0, function=Word(name), arguments={parameter: value})
            return None
        given[parameter] = value
    return given


@compiles(TruthOnly)
def _truth_only(compiler: Compiler, node: TruthOnly) -> Code:
    body = compiler.compile(node.body)
    text = node.body.text if isinstance(node.body, Piece) else ""

    def code(scope: Scope) -> object:
        value = body(scope)
        if value is None or value.__class__ is bool:
            return value
        scope.run.note("feel-null-not-boolean", text, 0, value=value)
        raise _NoTruthError

    return code


@compiles(LoopBox)
def _loop(compiler: Compiler, node: LoopBox) -> Code:
    body = compiler.compile(node.body)

    def code(scope: Scope) -> object:
        try:
            return body(scope)
        except _NoTruthError:
            return None

    return code
