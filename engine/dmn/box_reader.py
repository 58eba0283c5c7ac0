"""Reading boxed expressions, one inside the other, into one syntax tree (DMN 1.3 §7.3, §10.2; DMN 1.4 for loops)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from lxml import etree

from engine.dmn.boxes import FunctionBox, LoopBox, Piece, TableBox, TruthOnly, Typed
from engine.dmn.document import Document, name_of
from engine.dmn.model import DataType, DecisionTable, Logic, Text
from engine.dmn.table_reader import Scope, check_language, read_table
from engine.dmn.type_reader import type_of
from engine.feel import FeelError, FeelLimitError
from engine.feel.compiler import Compiler
from engine.feel.nodes import (
    Call,
    ContextOf,
    Filter,
    For,
    If,
    ListOf,
    Literal,
    Node,
    Path,
    Quantified,
)
from engine.feel.nodes import Iterator as Loop
from engine.feel.syntax import parse_expression

MAX_BOXES = 64
# The key of the last entry of a boxed context, which is its answer; no name can be empty.
_RESULT = ""


def read_logic(document: Document, element: etree._Element, scope: Scope, names: frozenset[str] = frozenset()) -> Logic:
    """Read a boxed expression and make it ready to run; notes each problem.

    Reads   `names`: those that are bound around it, such as the parameters of a function
    """
    reader = BoxReader(document)
    node = reader.read(element, scope)
    compiler = Compiler("", scope.names)
    if names:
        compiler.scopes.append(names)
    try:
        code = compiler.compile(node)
    except (FeelError, RecursionError) as error:
        limit = error if isinstance(error, FeelError) else FeelLimitError("nesting-depth", MAX_BOXES)
        document.expression_problem(element, "", limit)
        code = compiler.compile(_NOTHING)
    kind = etree.QName(element).localname
    return Logic(kind, code, frozenset(compiler.free), tuple(reader.tables), tuple(reader.texts))


_NOTHING = Literal(0, None)


class BoxReader:
    """Reads one boxed expression with all that stands in it."""

    def __init__(self, document: Document) -> None:
        """Start with nothing found."""
        self.document = document
        self.tables: list[tuple[str, DecisionTable]] = []
        self.texts: list[Text] = []
        self._depth = 0

    def read(self, element: etree._Element, scope: Scope) -> Node:
        """Read the expression that an element is."""
        if self._depth >= MAX_BOXES:
            message = f"boxed expressions nest deeper than {MAX_BOXES}"
            self.document.problem(element, "dmn-nested-too-deep", message, limit=MAX_BOXES)
            return _NOTHING
        self._depth += 1
        node = _BOXES[etree.QName(element).localname](self, element, scope)
        self._depth -= 1
        kind = type_of(self.document, element, element.get("typeRef"), scope.types)
        return node if kind.is_open else Typed(0, node, kind)

    def inside(self, element: etree._Element, scope: Scope, name: str | None = None) -> Node:
        """Read the expression inside an element, or inside its child of a name; notes where there is none."""
        holder = self.document.child(element, name) if name else element
        found = boxes_in(self.document, holder) if holder is not None else []
        if len(found) > 1:
            self.document.problem(found[1], "dmn-many-expressions", "there is more than one expression")
        if not found or holder is None:
            what = name or etree.QName(element).localname
            self.document.problem(element, "dmn-no-expression", f"{what} holds no expression", holder=what)
            return _NOTHING
        kind = type_of(self.document, holder, holder.get("typeRef"), scope.types) if name else DataType()
        node = self.read(found[0], scope)
        return node if kind.is_open else Typed(0, node, kind)

    def variable(self, element: etree._Element, scope: Scope) -> tuple[str, DataType] | None:
        """Read the variable of an entry, a parameter or a column: its name and its type."""
        name = name_of(element)
        if not name:
            self.document.problem(element, "dmn-nameless", "a name is missing")
            return None
        return name, type_of(self.document, element, element.get("typeRef"), scope.types)

    def literal(self, element: etree._Element, scope: Scope) -> Node:
        """Read a text of FEEL."""
        if not check_language(self.document, element):
            return _NOTHING
        if self.document.child(element, "importedValues") is not None:
            self.document.unsupported(element, "an imported value")
        text = self.document.text_of(element)
        if not text:
            self.document.problem(element, "dmn-empty-expression", "the expression is empty")
            return _NOTHING
        where, line = self.document.id_of(element), self.document.line_of(element)
        self.texts.append(Text(text, where, line, scope.names))
        fail = partial(self.document.expression_problem, element, text)
        try:
            return Piece(
                0, text, scope.names, scope.types.named, parse_expression(text, scope.names, scope.types.named), fail
            )
        except FeelError as error:
            fail(error)
            return _NOTHING

    def table(self, element: etree._Element, scope: Scope) -> Node:
        """Read a decision table."""
        table = read_table(self.document, element, scope.inside())
        if table is None:
            return _NOTHING
        self.tables.append((scope.variable, table))
        return TableBox(0, scope.variable, table)

    def context(self, element: etree._Element, scope: Scope) -> Node:
        """Read a context; an entry without a variable is the answer of the whole."""
        entries: list[tuple[str, Node]] = []
        parts = [child for kind, child in self.document.children(element) if kind == "contextEntry"]
        for place, part in enumerate(parts):
            variable = self.document.child(part, "variable")
            if variable is None:
                if place < len(parts) - 1:
                    message = "the entry without a name must be the last one"
                    self.document.problem(part, "dmn-result-not-last", message)
                entries.append((_RESULT, self.inside(part, scope.inside())))
                continue
            named = self.variable(variable, scope)
            if named is None:
                continue
            name, kind = named
            if any(name == key for key, _ in entries):
                self.document.duplicate(variable, name)
            node = self.inside(part, scope.inside(variable=name, kind=kind))
            entries.append((name, node if kind.is_open else Typed(0, node, kind)))
            scope = scope.inside(name)
        node = ContextOf(0, tuple(entries))
        return Path(0, node, _RESULT) if entries and entries[-1][0] == _RESULT else node

    def invocation(self, element: etree._Element, scope: Scope) -> Node:
        """Read a call with its bindings; a binding without an expression gives null."""
        names: list[str] = []
        arguments: list[Node] = []
        for kind, binding in self.document.children(element):
            if kind != "binding":
                continue
            parameter = self.document.child(binding, "parameter")
            if parameter is None:
                self.document.problem(binding, "dmn-nameless", "the binding names no parameter")
                continue
            named = self.variable(parameter, scope)
            if named is None:
                continue
            if named[0] in names:
                self.document.duplicate(parameter, named[0])
            value = self.inside(binding, scope.inside()) if boxes_in(self.document, binding) else _NOTHING
            names.append(named[0])
            arguments.append(value if named[1].is_open else Typed(0, value, named[1]))
        function = self.inside(element, scope)
        return self._call(function, tuple(arguments), tuple(names))

    def _call(self, function: Node, arguments: tuple[Node, ...], names: tuple[str, ...]) -> Node:
        if not isinstance(function, Piece):
            return Call(0, function, arguments, names)
        # The call belongs to the text that names the function: what is wrong with it is told there.
        return replace(function, body=Call(0, function.body, arguments, names))

    def items(self, element: etree._Element, scope: Scope) -> Node:
        """Read a list."""
        return ListOf(0, tuple(self.read(item, scope.inside()) for item in boxes_in(self.document, element)))

    def relation(self, element: etree._Element, scope: Scope) -> Node:
        """Read a relation: a list of contexts, one of each row."""
        columns: list[tuple[str, DataType]] = []
        for kind, child in self.document.children(element):
            column = self.variable(child, scope) if kind == "column" else None
            if column is not None and any(column[0] == name for name, _ in columns):
                self.document.duplicate(child, column[0])
            columns += [column] if column is not None else []
        rows: list[Node] = []
        for kind, row in self.document.children(element):
            cells = boxes_in(self.document, row) if kind == "row" else []
            if kind == "row" and len(cells) != len(columns):
                number = len(rows) + 1
                message = f"row {number} has {len(cells)} cells, not {len(columns)}"
                self.document.problem(row, "dmn-wrong-cells", message, row=number)
            elif kind == "row":
                rows.append(self._row(cells, columns, scope))
        return ListOf(0, tuple(rows))

    def _row(self, cells: list[etree._Element], columns: list[tuple[str, DataType]], scope: Scope) -> Node:
        nodes = [self.read(cell, scope.inside()) for cell in cells]
        typed = [
            (name, node if kind.is_open else Typed(0, node, kind))
            for node, (name, kind) in zip(nodes, columns, strict=True)
        ]
        return ContextOf(0, tuple(typed))

    def parameters(self, element: etree._Element, scope: Scope) -> tuple[tuple[str, DataType], ...]:
        """Read the parameters of a function; notes a name that occurs twice."""
        found: list[tuple[str, DataType]] = []
        for kind, child in self.document.children(element):
            named = self.variable(child, scope) if kind == "formalParameter" else None
            if named is not None and any(named[0] == name for name, _ in found):
                self.document.duplicate(child, named[0])
            found += [named] if named is not None else []
        return tuple(found)

    def function(self, element: etree._Element, scope: Scope) -> Node:
        """Read a function definition; only those in FEEL are run."""
        self.check_kind(element)
        parameters = self.parameters(element, scope)
        body = self.inside(element, scope.inside(*(name for name, _ in parameters)))
        return FunctionBox(0, scope.variable, parameters, body)

    def check_kind(self, element: etree._Element) -> None:
        """Note a function that is not written in FEEL."""
        kind = element.get("kind") or "FEEL"
        if kind.upper() not in {"FEEL", "F"}:
            self.document.unsupported(element, f"a function of the kind {kind}")

    def conditional(self, element: etree._Element, scope: Scope) -> Node:
        """Read if, then and else."""
        condition, then, otherwise = (self.inside(element, scope.inside(), name) for name in ("if", "then", "else"))
        return If(0, condition, then, otherwise)

    def filter(self, element: etree._Element, scope: Scope) -> Node:
        """Read a filter: the elements of a list for which the match is true."""
        source = self.inside(element, scope.inside(), "in")
        match = self.inside(element, scope.inside("item"), "match")
        return LoopBox(0, Filter(0, source, TruthOnly(0, match)))

    def loop(self, element: etree._Element, scope: Scope) -> Node:
        """Read a loop: what it returns for each element of a list."""
        loops, name = self._iterator(element, scope)
        return For(0, loops, self.inside(element, scope.inside(name, "partial"), "return"))

    def quantified(self, element: etree._Element, scope: Scope) -> Node:
        """Read `some` or `every`."""
        loops, name = self._iterator(element, scope)
        condition = TruthOnly(0, self.inside(element, scope.inside(name), "satisfies"))
        every = etree.QName(element).localname == "every"
        return LoopBox(0, Quantified(0, every, loops, condition))

    def _iterator(self, element: etree._Element, scope: Scope) -> tuple[tuple[Loop, ...], str]:
        name = " ".join((element.get("iteratorVariable") or "").split())
        if not name:
            self.document.problem(element, "dmn-nameless", "the loop has no iterator variable")
        return (Loop(0, name, self.inside(element, scope.inside(), "in"), None),), name


def boxes_in(document: Document, element: etree._Element) -> list[etree._Element]:
    """Return the expressions that stand directly in an element."""
    return list(_boxes(document, element))


def _boxes(document: Document, element: etree._Element) -> Iterator[etree._Element]:
    for kind, child in document.children(element):
        if kind in _BOXES:
            yield child


_BOXES: dict[str, Callable[[BoxReader, etree._Element, Scope], Node]] = {
    "literalExpression": BoxReader.literal,
    "decisionTable": BoxReader.table,
    "context": BoxReader.context,
    "invocation": BoxReader.invocation,
    "list": BoxReader.items,
    "relation": BoxReader.relation,
    "functionDefinition": BoxReader.function,
    "conditional": BoxReader.conditional,
    "filter": BoxReader.filter,
    "for": BoxReader.loop,
    "some": BoxReader.quantified,
    "every": BoxReader.quantified,
}
BOXES = frozenset(_BOXES)
