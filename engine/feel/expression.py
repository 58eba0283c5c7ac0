"""Expressions and cells that are ready to run; compiled once per text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import engine.feel.calls
import engine.feel.functions
import engine.feel.iteration
import engine.feel.operators
import engine.feel.structures  # noqa: F401 - importing these rooms registers what they compile and compute
from engine.feel.compiler import NO_TYPES, Code, Compiler
from engine.feel.errors import FeelLimitError
from engine.feel.kinds import Type
from engine.feel.nodes import Cell, Node
from engine.feel.operators import compile_test
from engine.feel.reasons import Reason
from engine.feel.run import MAX_CALL_DEPTH, MAX_STEPS, Run, Scope
from engine.feel.syntax import parse_cell, parse_expression

CACHE_SIZE = 8_192
_NAMES_TYPES = re.compile(r"instance\s+of|function\s*\(")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value, and why it or a part of it is null."""

    value: object
    reasons: tuple[Reason, ...]


class Expression:
    """A compiled expression.

    text         as it was written
    names        the variables that it takes from the context, for certain
    maybe_names  those that may also be entries of a filtered item
    """

    __slots__ = ("code", "maybe_names", "names", "text")

    def __init__(self, text: str, code: Code, names: frozenset[str], maybe_names: frozenset[str]) -> None:
        """Keep the closure; made by `compile_expression`."""
        self.text = text
        self.code = code
        self.names = names
        self.maybe_names = maybe_names

    def __call__(
        self,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> object:
        """Evaluate over a context.

        Reads    variables by name; one that is missing is null; `now` is the instant of `now()` and `today()`,
                 `facts` what domain functions look up
        Returns  a FEEL value
        Raises   FeelLimitError when the work or the result grows too big; FeelError for `now()` without an instant
        """
        return self.within(Scope(context, None, Run(max_steps, now, facts)))

    def evaluate(
        self,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> Evaluated:
        """Evaluate as a call does, and keep the reasons of every null beside the value."""
        run = Run(max_steps, now, facts)
        value = self.within(Scope(context, None, run))
        return Evaluated(value, tuple(run.reasons))

    def within(self, scope: Scope) -> object:
        """Evaluate in a scope that is already open."""
        try:
            return self.code(scope)
        except RecursionError:
            raise FeelLimitError("call-depth", MAX_CALL_DEPTH) from None

    def __repr__(self) -> str:
        """Show the text."""
        return f"Expression({self.text!r})"


class UnaryTests:
    """The compiled content of a cell: tests of an input value.

    text, names, maybe_names  as of an expression; `cell` is what was written, for analysis
    """

    __slots__ = ("_codes", "cell", "maybe_names", "names", "text")

    def __init__(self, text: str, cell: Cell, codes: tuple[Code, ...], compiler: Compiler) -> None:
        """Keep the closures; made by `compile_unary_tests`."""
        self.text = text
        self.cell = cell
        self._codes = codes
        self.names = frozenset(compiler.free - {"?"})
        self.maybe_names = frozenset(compiler.uncertain - {"?"})

    def __call__(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        facts: Mapping[str, object] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> bool:
        """Tell whether a value passes; a test that cannot be decided (null) is not passed.

        Raises   as `Expression` does
        """
        run = Run(max_steps, now, facts)
        return self.passes(run.convert(value), Scope(context, None, run))

    def passes(self, value: object, scope: Scope) -> bool:
        """Test a FEEL value in a scope that is already open."""
        try:
            return self.passes_in(Scope({"?": value}, scope, scope.run))
        except RecursionError:
            raise FeelLimitError("call-depth", MAX_CALL_DEPTH) from None

    def passes_in(self, scope: Scope) -> bool:
        """Test the value that a scope knows as `?`."""
        if self.cell.negated:
            return all(code(scope) is False for code in self._codes)
        return not self._codes or any(code(scope) is True for code in self._codes)

    def __repr__(self) -> str:
        """Show the text."""
        return f"UnaryTests({self.text!r})"


def compile_expression(text: str, names: Iterable[str] = (), types: Mapping[str, Type] | None = None) -> Expression:
    """Compile an expression, once per text.

    Reads    `names`: names that may occur and hold blanks or signs, or are functions in the context;
             `types`: the types that the text may name beside those of FEEL
    Raises   FeelSyntaxError with line, column and construct; FeelLimitError for a text too long or too deep
    """
    if types and _NAMES_TYPES.search(text):
        return _compiled(text, frozenset(names), types)
    return _expression(text, frozenset(names))


@lru_cache(maxsize=CACHE_SIZE)
def _expression(text: str, names: frozenset[str]) -> Expression:
    return _compiled(text, names, NO_TYPES)


def _compiled(text: str, names: frozenset[str], types: Mapping[str, Type]) -> Expression:
    compiler = Compiler(text, names, types)
    code = compiler.compile(parse_expression(text, names, types))
    return Expression(text, code, frozenset(compiler.free), frozenset(compiler.uncertain))


def of_node(text: str, node: Node) -> Expression:
    """Compile a piece of a syntax tree that was read before."""
    compiler = Compiler(text, frozenset())
    code = compiler.compile(node)
    return Expression(text, code, frozenset(compiler.free), frozenset(compiler.uncertain))


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Compile a cell of a decision table, once per text; reads and raises as `compile_expression` does."""
    return _unary_tests(text, frozenset(names))


@lru_cache(maxsize=CACHE_SIZE)
def _unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    cell = parse_cell(text, names)
    compiler = Compiler(text, names)
    compiler.scopes.append(frozenset({"?"}))
    return UnaryTests(text, cell, tuple(compile_test(compiler, test) for test in cell.tests), compiler)
