"""How functions run: `function`, the call of a function, and functions as values."""

from collections.abc import Callable

from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.errors import FeelLimitError
from engine.feel.functions.registry import BUILTINS, Builtin
from engine.feel.kinds import ANY, NO_FIT, Type
from engine.feel.nodes import Call, FunctionOf, Literal, Name
from engine.feel.reasons import Word
from engine.feel.run import Run, Scope
from engine.feel.type_names import resolve
from engine.feel.values import Function


@compiles(FunctionOf)
def _function(compiler: Compiler, node: FunctionOf) -> Code:
    body = compiler.within(frozenset(node.parameters), node.body)
    kinds = tuple(None if kind is None else resolve(compiler.text, kind, compiler.types) for kind in node.types)
    if node.external:
        body = _external(compiler, node)
    if not any(kinds):
        return lambda scope: closure(node.parameters, body, scope)
    note = compiler.noting(node, "feel-null-type")
    return lambda scope: typed(closure(node.parameters, body, scope), kinds, None, note)


def _external(compiler: Compiler, node: FunctionOf) -> Code:
    note = compiler.noting(node, "feel-null-external")

    def code(scope: Scope) -> object:
        note(scope.run, function=Word("external"))
        return None

    return code


def closure(parameters: tuple[str, ...], body: Code, scope: Scope) -> Function:
    """Return a function value that runs `body` inside the scope where it was written."""

    def call(run: Run, *arguments: object) -> object:
        run.enter()
        result = body(Scope(dict(zip(parameters, arguments, strict=True)), scope, run))
        run.leave()
        return result

    return Function(parameters, call)


def typed(
    function: Function, kinds: tuple[Type | None, ...], result: Type | None, note: Callable[..., None]
) -> Function:
    """Return a function that converts its arguments and its answer; one of another type makes the answer null."""

    def converted(run: Run, value: object, kind: Type | None) -> object:
        if kind is None:
            return value
        run.charge(kind.weight(value))
        found = kind.converted(value)
        if found is NO_FIT:
            note(run, value=value, type=Word(kind))
        return found

    def call(run: Run, *arguments: object) -> object:
        values = [converted(run, value, kind) for value, kind in zip(arguments, kinds, strict=True)]
        if any(value is NO_FIT for value in values):
            return None
        answer = converted(run, function.call(run, *values), result)
        return None if answer is NO_FIT else answer

    return Function(function.parameters, call, tuple(kind or ANY for kind in kinds), result)


@compiles(Call)
def _call(compiler: Compiler, node: Call) -> Code:
    arguments = [compiler.compile(argument) for argument in node.arguments]
    target = node.function
    if isinstance(target, Literal):
        raise compiler.refuse(target, str(target.value), "this is not a function", "feel-unknown-function")
    if not isinstance(target, Name) or compiler.is_local(target.name) or target.name in compiler.declared:
        return _call_of_value(compiler, node, compiler.compile(target), arguments)
    builtin = BUILTINS.get(target.name)
    if builtin is None:
        return _call_of_name(compiler, node, target, arguments)
    if not builtin.accepts(len(arguments), node.names):
        reason = f"{target.name} does not take these arguments; it is {builtin.usage()}"
        raise compiler.refuse(node, target.name, reason, "feel-wrong-arguments", usage=builtin.usage())
    return _call_of_builtin(compiler, node, builtin, arguments)


def _call_of_name(compiler: Compiler, node: Call, target: Name, arguments: list[Code]) -> Code:
    if None not in compiler.scopes:
        reason = f"there is no function {target.name}"
        raise compiler.refuse(target, target.name, reason, "feel-unknown-function")
    return _call_of_value(compiler, node, compiler.compile(target), arguments)


def _call_of_builtin(compiler: Compiler, node: Call, builtin: Builtin, arguments: list[Code]) -> Code:
    call = builtin.bind(len(arguments), node.names)
    note, name = compiler.noting(node, "feel-null-no-answer"), Word(builtin.name)
    text, offset = compiler.text, node.offset

    def code(scope: Scope) -> object:
        values = [argument(scope) for argument in arguments]
        try:
            answer = call(scope.run, values)
        except FeelLimitError as error:
            raise error.at(text, offset) from None
        if answer is None:
            note(scope.run, function=name, arguments=values)
        return answer

    return code


def _call_of_value(compiler: Compiler, node: Call, target: Code, arguments: list[Code]) -> Code:
    order = _ordered(node.names)
    note = compiler.noting(node, "feel-null-not-a-function")
    text, offset = compiler.text, node.offset

    def code(scope: Scope) -> object:
        function = target(scope)
        values = [argument(scope) for argument in arguments]
        fits = isinstance(function, Function) and (len(function.parameters) == len(values) or function.variadic)
        placed = order(function.parameters, values) if isinstance(function, Function) and fits else None
        if placed is None or not isinstance(function, Function):
            note(scope.run, value=function)
            return None
        try:
            return function.call(scope.run, *placed)
        except FeelLimitError as error:
            raise error.at(text, offset) from None

    return code


def _ordered(names: tuple[str, ...]) -> Callable[[tuple[str, ...], list[object]], list[object] | None]:
    if not names:
        return lambda _parameters, values: values

    def place(parameters: tuple[str, ...], values: list[object]) -> list[object] | None:
        given = dict(zip(names, values, strict=True))
        return [given[name] for name in parameters] if given.keys() == set(parameters) else None

    return place
