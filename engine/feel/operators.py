"""How operators run: arithmetic, comparison, logic, `between`, `in`, `instance of`."""

from collections.abc import Callable

from engine.feel.arithmetic import guarded, negate
from engine.feel.comparison import COMPARE, PLAIN, conjunction, member
from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    RangeOf,
    Test,
    mentions,
)
from engine.feel.reasons import Word
from engine.feel.run import Run, Scope
from engine.feel.type_names import resolve
from engine.feel.values import ARITHMETIC_FAILURES, Range


@compiles(Chain)
def _chain(compiler: Compiler, node: Chain) -> Code:
    first = compiler.compile(node.first)
    rest = [(guarded(operator), compiler.compile(operand), Word(operator)) for operator, operand in node.rest]
    note = compiler.noting(node, "feel-null-operands")

    def code(scope: Scope) -> object:
        value = first(scope)
        for operator, operand, sign in rest:
            right = operand(scope)
            answer = operator(value, right, scope.run)
            if answer is None:
                # No operator makes anything of null: what follows changes nothing.
                note(scope.run, operator=sign, left=value, right=right)
                return None
            value = answer
        return value

    return code


@compiles(Negate)
def _negate(compiler: Compiler, node: Negate) -> Code:
    operand = compiler.compile(node.operand)
    note = compiler.noting(node, "feel-null-operands")

    def code(scope: Scope) -> object:
        value = operand(scope)
        try:
            answer = negate(value)
        except ARITHMETIC_FAILURES:
            answer = None
        if answer is None:
            note(scope.run, operator=Word("-"), left=Word(), right=value)
        return answer

    return code


@compiles(Logic)
def _logic(compiler: Compiler, node: Logic) -> Code:
    operands = [compiler.compile(operand) for operand in node.operands]
    # `and` ends at the first false, `or` at the first true; what is neither makes the answer null.
    end = node.operator == "or"
    note = compiler.noting(node, "feel-null-not-boolean")

    def code(scope: Scope) -> object:
        answer: bool | None = not end
        for operand in operands:
            value = operand(scope)
            if value is end:
                return end
            if value.__class__ is not bool:
                answer = None
                note(scope.run, value=value)
        return answer

    return code


@compiles(Comparison)
def _comparison(compiler: Compiler, node: Comparison) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if isinstance(node.right, Literal) and node.right.value.__class__ in PLAIN and node.operator == "=":
        return _equals_constant(left, node.right.value, compiler.noting(node, "feel-null-not-comparable"))
    return _compared(compiler, node, left, right)


def _equals_constant(left: Code, constant: object, note: Callable[..., None]) -> Code:
    kind = constant.__class__

    def code(scope: Scope) -> object:
        value = left(scope)
        if value.__class__ is kind:
            return value == constant
        if value is None:
            return False
        note(scope.run, left=value, right=constant)
        return None

    return code


def _compared(compiler: Compiler, node: Comparison, left: Code, right: Code) -> Code:
    compare = COMPARE[node.operator]
    note = compiler.noting(node, "feel-null-not-comparable")

    def code(scope: Scope) -> object:
        one, other = left(scope), right(scope)
        answer = compare(one, other, scope.run)
        if answer is None:
            note(scope.run, left=one, right=other)
        return answer

    return code


@compiles(Between)
def _between(compiler: Compiler, node: Between) -> Code:
    operand, low, high = (compiler.compile(part) for part in (node.operand, node.low, node.high))
    above, below = COMPARE[">="], COMPARE["<="]
    note = compiler.noting(node, "feel-null-not-comparable")

    def code(scope: Scope) -> object:
        value, run = operand(scope), scope.run
        least, most = low(scope), high(scope)
        answer = conjunction(above(value, least, run), below(value, most, run))
        if answer is None:
            note(run, left=value, right=Range(least, most, low_closed=True, high_closed=True))
        return answer

    return code


_STATIC_FUNCTIONS = frozenset({"date", "time", "date and time", "duration"})
_TRUTHS = (Comparison, Logic, Between, In, InstanceOf)


def is_static(node: Node) -> bool:
    """Tell whether a piece of a syntax tree is written out: no variable, no loop, no clock."""
    if isinstance(node, Call):
        known = isinstance(node.function, Name) and node.function.name in _STATIC_FUNCTIONS
        return known and all(is_static(argument) for argument in node.arguments)
    if isinstance(node, RangeOf):
        return is_static(node.low) and is_static(node.high)
    return isinstance(node, Literal) or (isinstance(node, Negate) and is_static(node.operand))


def _settled(node: Node, code: Code) -> Code:
    """Compute what is written out once instead of in each test."""
    if not is_static(node):
        return code
    value = code(Scope({}, None, Run()))
    return lambda _scope: value


def compile_test(compiler: Compiler, test: Test) -> Code:
    """Return the closure of a unary test over the value that the scope knows as `?`."""
    operand = _settled(test.operand, compiler.compile(test.operand))
    if test.operator:
        compare = COMPARE[test.operator]
        return lambda scope: compare(scope.names["?"], operand(scope), scope.run)
    if mentions(test.operand, "?"):
        return operand
    decides = isinstance(test.operand, _TRUTHS)

    def code(scope: Scope) -> object:
        value, tested = scope.names["?"], operand(scope)
        if decides and value.__class__ is not bool:
            return tested
        return member(value, tested, scope.run)

    return code


@compiles(In)
def _in(compiler: Compiler, node: In) -> Code:
    operand = compiler.compile(node.operand)
    compiler.scopes.append(frozenset({"?"}))
    tests = [compile_test(compiler, test) for test in node.tests]
    compiler.scopes.pop()
    note = compiler.noting(node, "feel-null-not-comparable")

    def code(scope: Scope) -> object:
        value = operand(scope)
        inner = Scope({"?": value}, scope, scope.run)
        answers = [test(inner) for test in tests]
        if True in answers:
            return True
        if None not in answers:
            return False
        note(scope.run, left=value, right=Word("…"))
        return None

    return code


@compiles(InstanceOf)
def _instance_of(compiler: Compiler, node: InstanceOf) -> Code:
    operand, kind = compiler.compile(node.operand), resolve(compiler.text, node.type, compiler.types)

    def code(scope: Scope) -> object:
        value = operand(scope)
        scope.run.charge(kind.weight(value))
        return kind.holds(value)

    return code
