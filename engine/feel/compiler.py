"""From syntax tree to closures: each node becomes a function of the scope, once; running is calling them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.functions.registry import BUILTINS
from engine.feel.kinds import Type
from engine.feel.nodes import Literal, Name, Node
from engine.feel.reasons import Word
from engine.feel.run import Run, Scope

Code = Callable[[Scope], object]
N = TypeVar("N", bound=Node)

MAX_HEIGHT = 192
NO_TYPES: Mapping[str, Type] = MappingProxyType({})
# Values of the caller's context that need no conversion; whole numbers this small need no rounding.
_READY = frozenset({str, bool, type(None)})
_SMALL = 10**30


class Compiler:
    """Compiles one text and notes the names that it takes from the context."""

    def __init__(self, text: str, declared: frozenset[str], types: Mapping[str, Type] = NO_TYPES) -> None:
        """Take the text, for errors, the names that the caller declares, and its types by name."""
        self.text = text
        self.types = types
        self.declared = declared
        self.free: set[str] = set()
        self.uncertain: set[str] = set()
        # The scopes that are open where we are; None is a filter, whose names depend on its items.
        self.scopes: list[frozenset[str] | None] = []
        self._height = 0

    def compile(self, node: Node) -> Code:
        """Return the closure of a node; raises FeelSyntaxError for what is not supported."""
        self._height += 1
        if self._height > MAX_HEIGHT:
            raise FeelLimitError("nesting-depth", MAX_HEIGHT).at(self.text, node.offset)
        code = _COMPILERS[node.__class__](self, node)
        self._height -= 1
        return code

    def within(self, names: frozenset[str] | None, node: Node) -> Code:
        """Compile a node that sees more names."""
        self.scopes.append(names)
        try:
            return self.compile(node)
        finally:
            self.scopes.pop()

    def is_local(self, name: str) -> bool:
        """Tell whether a name is bound inside the text."""
        return any(names is not None and name in names for names in self.scopes)

    def noting(self, node: Node, code: str) -> Callable[..., None]:
        """Return the function that notes why this node is null."""
        text, offset = self.text, node.offset

        def note(run: Run, **params: object) -> None:
            run.note(code, text, offset, **params)

        return note

    def refuse(self, node: Node, construct: str, reason: str, code: str, usage: str = "") -> FeelSyntaxError:
        """Return the error that points at a node."""
        return FeelSyntaxError(self.text, node.offset, construct, reason, code, usage)


_COMPILERS: dict[type[Node], Callable[[Compiler, Any], Code]] = {}


def compiles(kind: type[N]) -> Callable[[Callable[[Compiler, N], Code]], Callable[[Compiler, N], Code]]:
    """Register the function that compiles one kind of node."""

    def register(function: Callable[[Compiler, N], Code]) -> Callable[[Compiler, N], Code]:
        _COMPILERS[kind] = function
        return function

    return register


@compiles(Literal)
def _literal(_compiler: Compiler, node: Literal) -> Code:
    value = node.value
    return lambda _scope: value


@compiles(Name)
def _name(compiler: Compiler, node: Name) -> Code:
    name = node.name
    if name == "?" and not compiler.is_local(name):
        raise compiler.refuse(node, "?", "? has a meaning in the cells of a table only", "feel-no-input")
    missing = _missing(compiler, node)
    if not compiler.scopes:
        compiler.free.add(name)
        return _from_context(name, missing)
    if not compiler.is_local(name):
        (compiler.uncertain if None in compiler.scopes else compiler.free).add(name)
    return _from_scopes(name, missing)


def _missing(compiler: Compiler, node: Name) -> Code:
    """Return what a name stands for that no variable has: a built-in function, else null with its reason."""
    note, name = compiler.noting(node, "feel-null-unknown-name"), Word(node.name)
    builtin = BUILTINS.get(node.name)
    function = builtin.as_value() if builtin is not None else None

    def code(scope: Scope) -> object:
        if function is None:
            note(scope.run, name=name)
        return function

    return code


def _from_context(name: str, missing: Code) -> Code:
    def code(scope: Scope) -> object:
        value = scope.names.get(name)
        kind = value.__class__
        if kind in _READY:
            return missing(scope) if value is None and name not in scope.names else value
        if isinstance(value, int) and -_SMALL < value < _SMALL:
            return Decimal(value)
        return scope.run.convert(value)

    return code


def _from_scopes(name: str, missing: Code) -> Code:
    def code(scope: Scope) -> object:
        while scope.outer is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        value = scope.names.get(name)
        kind = value.__class__
        if kind in _READY:
            return missing(scope) if value is None and name not in scope.names else value
        if isinstance(value, int) and -_SMALL < value < _SMALL:
            return Decimal(value)
        return scope.run.convert(value)

    return code
