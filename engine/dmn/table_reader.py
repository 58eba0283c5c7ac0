"""Reading a decision table with its columns and rows, and the texts of FEEL in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from engine.dmn.data_types import fits, is_allowed
from engine.dmn.document import Document
from engine.dmn.model import (
    Aggregation,
    DataType,
    DecisionTable,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
)
from engine.dmn.type_reader import Types, read_values, restricted, type_of
from engine.feel import Expression, FeelError, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.compiler import Compiler
from engine.feel.constants import constant_of, listed_constants, named_constants
from engine.feel.foreign import Recognised, declared, recognise
from engine.feel.kinds import Type
from engine.feel.syntax import parse_expression

_COLUMNS = frozenset({"input", "output", "rule", "annotation", "description", "extensionElements"})
# Words behind which a text of FEEL may name a type.
_NAMES_TYPES = re.compile(r"\b(?:instance|function)\b")
_ORDERED = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})


@dataclass(frozen=True, slots=True)
class Scope:
    """What the expressions of a decision may know.

    types     the item definitions
    names     the names that may occur, those with blanks among them
    variable  the name of what holds the expression
    local     the names that boxed expressions around it bind; None at the top of a decision
    kind      the type of what holds the expression
    """

    types: Types
    names: frozenset[str]
    variable: str
    local: frozenset[str] | None = None
    kind: DataType = field(default_factory=DataType)

    def inside(self, *names: str, variable: str = "", kind: DataType | None = None) -> "Scope":
        """Return the scope of something inside, which knows more names."""
        known = frozenset(names)
        return replace(
            self,
            names=self.names | known,
            variable=variable or self.variable,
            local=(self.local or frozenset()) | known,
            kind=kind or DataType(),
        )


def check_language(document: Document, element: etree._Element) -> bool:
    """Tell whether the expressions of an element are in FEEL; notes what to write instead where they are not."""
    for at in (element, document.root):
        language = at.get("expressionLanguage")
        if language and "feel" not in language.lower():
            text = document.text_of(element) or ""
            if not _suggest(document, element, text, declared(text, language)):
                document.unsupported(element, f"the expression language {language}")
            return False
    return True


def _suggest(document: Document, element: etree._Element, text: str, foreign: Recognised | None) -> bool:
    """Note the FEEL that says what an expression of another language says; False where none can be derived."""
    if foreign is None or foreign.suggestion is None:
        return False
    message = f"{text} is {foreign.language}; write {foreign.suggestion}"
    document.problem(
        element,
        "dmn-foreign-expression",
        message,
        text=text,
        language=foreign.language,
        suggestion=foreign.suggestion,
    )
    return True


def _refuse(document: Document, element: etree._Element, text: str, error: FeelError) -> None:
    """Note an expression that is no FEEL, and what to write where it is one of another language."""
    if not _suggest(document, element, text, recognise(text)):
        document.expression_problem(element, text, error)


def read_literal(document: Document, element: etree._Element | None, scope: Scope) -> Expression | None:
    """Read the expression in an element; notes a problem and returns None where there is none."""
    if element is None or not check_language(document, element):
        return None
    text = document.text_of(element)
    if not text:
        document.problem(element, "dmn-empty-expression", "the expression is empty")
        return None
    try:
        if scope.local is None:
            return compile_expression(text, scope.names, scope.types.named)
        if _NAMES_TYPES.search(text):
            return _inside(text, scope.names, scope.local, scope.types.named)
        return _compile_inside(text, scope.names, scope.local)
    except FeelError as error:
        _refuse(document, element, text, error)
        return None


@lru_cache(maxsize=8_192)
def _compile_inside(text: str, names: frozenset[str], local: frozenset[str]) -> Expression:
    return _inside(text, names, local, {})


def _inside(text: str, names: frozenset[str], local: frozenset[str], types: Mapping[str, Type]) -> Expression:
    """Compile an expression that stands inside a boxed one: its names may be bound by what is around it."""
    compiler = Compiler(text, names, types)
    compiler.scopes.append(local)
    code = compiler.compile(parse_expression(text, names, types))
    return Expression(text, code, frozenset(compiler.free), frozenset(compiler.uncertain))


def _read_tests(document: Document, element: etree._Element, names: frozenset[str]) -> UnaryTests | None:
    if not check_language(document, element):
        return None
    text = document.text_of(element) or ""
    try:
        return compile_unary_tests(text, names)
    except FeelError as error:
        _refuse(document, element, text, error)
        return None


def read_table(document: Document, element: etree._Element, scope: Scope) -> DecisionTable | None:
    """Read a decision table; notes each problem, returns None where the table cannot be used."""
    before = len(document.problems)
    for name, child in document.children(element):
        if name not in _COLUMNS:
            document.unsupported(child, f"the element {name} in a table")
    policy = _hit_policy(document, element)
    columns = [child for name, child in document.children(element) if name == "output"]
    inputs = tuple(_inputs(document, element, scope))
    outputs = tuple(_output(document, column, scope, single=len(columns) == 1) for column in columns)
    aggregation = _aggregation(document, element, policy, len(outputs))
    _check_columns(document, element, policy, outputs)
    rules = tuple(_rules(document, element, scope, inputs, outputs))
    if len(document.problems) > before or policy is None:
        return None
    return DecisionTable(policy, aggregation, inputs, outputs, rules)


def _hit_policy(document: Document, element: etree._Element) -> HitPolicy | None:
    text = element.get("hitPolicy") or "UNIQUE"
    try:
        return HitPolicy(text)
    except ValueError:
        document.unsupported(element, f"the hit policy {text}")
        return None


def _aggregation(
    document: Document,
    element: etree._Element,
    policy: HitPolicy | None,
    outputs: int,
) -> Aggregation | None:
    text = element.get("aggregation")
    if not text:
        return None
    if text not in Aggregation.__members__ or policy is not HitPolicy.COLLECT:
        document.unsupported(element, f"the aggregation {text} under {policy}")
        return None
    if outputs > 1 and text != Aggregation.COUNT:
        document.unsupported(element, f"the aggregation {text} of several outputs")
    return Aggregation(text)


def _check_columns(
    document: Document,
    element: etree._Element,
    policy: HitPolicy | None,
    outputs: tuple[OutputClause, ...],
) -> None:
    if not outputs:
        document.problem(element, "dmn-no-output", "the table has no output")
    names = [output.name for output in outputs]
    if len(set(names)) < len(names):
        document.problem(element, "dmn-duplicate-output", "two outputs have the same name")
    if policy in _ORDERED and not any(output.priorities for output in outputs):
        message = f"{policy} needs the output values in the order of their priority"
        document.problem(element, "dmn-missing-priorities", message, policy=str(policy))
    defaults = [output for output in outputs if output.default is not None]
    if defaults and len(defaults) < len(outputs):
        document.problem(element, "dmn-partial-default", "some outputs have a default and some have none")


def _inputs(document: Document, element: etree._Element, scope: Scope) -> Iterator[InputClause]:
    for name, child in document.children(element):
        if name != "input":
            continue
        source = document.child(child, "inputExpression")
        if source is None:
            document.problem(child, "dmn-empty-expression", "the input has no expression")
            continue
        if any(etree.QName(key).localname == "inputVariable" and value for key, value in child.attrib.items()):
            document.unsupported(child, "the attribute inputVariable")
        expression = read_literal(document, source, scope)
        kind = type_of(document, source, source.get("typeRef"), scope.types)
        kind = restricted(kind, read_values(document, document.child(child, "inputValues")))
        if expression is not None:
            label = child.get("label") or expression.text
            yield InputClause(child.get("id") or "", label, expression, kind, document.line_of(child))


def _output(document: Document, element: etree._Element, scope: Scope, *, single: bool) -> OutputClause:
    name = element.get("name") or element.get("label") or (scope.variable if single else "")
    if not name:
        document.problem(element, "dmn-missing-name", "one of several outputs needs a name")
    kind = type_of(document, element, element.get("typeRef"), scope.types)
    kind = restricted(kind, read_values(document, document.child(element, "outputValues")))
    allowed = (kind.element or kind).allowed
    default = read_literal(document, document.child(element, "defaultOutputEntry"), scope)
    if allowed is None and single:
        # The only output may leave its values to the type of the decision.
        allowed = (scope.kind.element or scope.kind).allowed
    priorities = listed_constants(allowed) if allowed is not None else None
    clause = OutputClause(
        id=element.get("id") or "",
        name=" ".join(name.split()),
        type=kind,
        priorities=priorities or (),
        default=default,
        line=document.line_of(element),
    )
    if default is not None:
        _check_answer(document, element, default, clause)
    return clause


def _rules(
    document: Document,
    element: etree._Element,
    scope: Scope,
    inputs: tuple[InputClause, ...],
    outputs: tuple[OutputClause, ...],
) -> Iterator[Rule]:
    rows = [child for name, child in document.children(element) if name == "rule"]
    columns = sum(1 for name, _ in document.children(element) if name == "input")
    for number, row in enumerate(rows, 1):
        cells = [child for name, child in document.children(row) if name == "inputEntry"]
        ends = [child for name, child in document.children(row) if name == "outputEntry"]
        if len(cells) != columns or len(ends) != len(outputs):
            message = f"row {number} has {len(cells)} + {len(ends)} cells, not {columns} + {len(outputs)}"
            document.problem(row, "dmn-wrong-cells", message, row=number)
            continue
        conditions = [_read_tests(document, cell, scope.names) for cell in cells]
        for cell, tests, clause in zip(cells, conditions, inputs, strict=False):
            _check_condition(document, cell, tests, clause)
        answers = [_answer(document, end, scope, output) for end, output in zip(ends, outputs, strict=True)]
        yield Rule(
            id=row.get("id") or f"row-{number}",
            number=number,
            conditions=tuple(test for test in conditions if test is not None),
            answers=tuple(answer for answer in answers if answer is not None),
            annotation=_annotation(document, row),
            line=document.line_of(row),
        )


def _check_condition(
    document: Document,
    element: etree._Element,
    tests: UnaryTests | None,
    clause: InputClause,
) -> None:
    """Note a cell that compares its input with a constant of another type: it could never match."""
    for value in named_constants(tests) if tests is not None else ():
        if not fits(value, replace(clause.type.element or clause.type, whole=False, components={})):
            message = f"{tests.text if tests else ''} is no {clause.type.name}"
            document.problem(
                element, "dmn-wrong-type", message, text=tests.text if tests else "", type=clause.type.name
            )
            return


def _annotation(document: Document, row: etree._Element) -> str:
    """Return the text beside a row: its description, or the cells of the annotation columns."""
    texts = [document.text_of(child) for name, child in document.children(row) if name == "annotationEntry"]
    description = document.child(row, "description")
    if description is not None and description.text:
        texts.insert(0, description.text.strip())
    return " ".join(text for text in texts if text)


def _answer(
    document: Document,
    element: etree._Element,
    scope: Scope,
    output: OutputClause,
) -> Expression | None:
    """Read an answer; an empty cell or `-` answers null."""
    text = document.text_of(element)
    if text in {None, "", "-"}:
        return compile_expression("null")
    expression = read_literal(document, element, scope)
    if expression is not None:
        _check_answer(document, element, expression, output)
    return expression


def _check_answer(
    document: Document,
    element: etree._Element,
    expression: Expression,
    output: OutputClause,
) -> None:
    """Note an answer that is written out and not of the column's type or values."""
    found, value = constant_of(expression)
    if not found or value is None:
        return
    if not fits(value, output.type):
        message = f"{expression.text} is no {output.type.name}"
        document.problem(element, "dmn-wrong-type", message, text=expression.text, type=output.type.name)
    elif not is_allowed(value, output.type):
        allowed = (output.type.element or output.type).allowed
        shown = allowed.text if allowed else ""
        message = f"{expression.text} is not among {shown}"
        document.problem(element, "dmn-not-allowed", message, text=expression.text, allowed=shown)
