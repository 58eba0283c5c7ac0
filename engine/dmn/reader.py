"""From a DMN file to decisions: what is not executed is refused, and every problem is told at once."""

from lxml import etree

from engine.dmn.data_types import read_types, type_of
from engine.dmn.document import Document
from engine.dmn.model import DataType, Decision, DecisionTable
from engine.dmn.table_reader import Scope, read_literal, read_table
from engine.errors import DeploymentError
from engine.feel import Expression, UnaryTests

# Elements around the decisions that say something to people and nothing to the machine.
_DOCUMENTATION = frozenset(
    (
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "authorityRequirement",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "artifact",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    ),
)
_NAMES = {
    "businessKnowledgeModel": "a business knowledge model",
    "decisionService": "a decision service",
    "import": "an import",
    "knowledgeRequirement": "a knowledge requirement",
}


def read_decisions(xml: bytes, file: str) -> tuple[Decision, ...]:
    """Read the decisions of a file.

    Reads    DMN 1.1 to 1.5: decision tables, literal expressions, requirements within the file, item definitions
    Returns  the decisions in the order of the file; `key` is the element id
    Raises   DeploymentError with every problem: file, element id, line
    """
    decisions, document = read_document(xml, file)
    if document.problems:
        raise DeploymentError(problems=document.problems)
    return decisions


def read_document(xml: bytes, file: str) -> tuple[tuple[Decision, ...], Document]:
    """Read the decisions that can be read, and the document with its problems."""
    document = Document(xml, file)
    model = _Model(document)
    decisions = tuple(decision for decision in map(model.decision, model.decisions.values()) if decision is not None)
    _check_cycles(document, model, decisions)
    return decisions, document


class _Model:
    """The elements of a file by id, and how decisions are made of them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.types = read_types(document)
        self.decisions: dict[str, etree._Element] = {}
        self.data: dict[str, etree._Element] = {}
        self._collect()

    def _collect(self) -> None:
        seen: set[str] = set()
        for name, element in self.document.children(self.document.root):
            # The standard lets a decision do without an id; its name then stands for it.
            key = element.get("id") or (name == "decision" and element.get("name")) or ""
            if key and key in seen:
                self.document.problem(element, "dmn-duplicate-id", f"the id {key} occurs twice", id=key)
            seen.add(key)
            if name == "decision" and key:
                self.decisions[key] = element
            elif name == "decision":
                self.document.problem(element, "dmn-missing-id", "the decision has neither id nor name")
            elif name == "inputData":
                self.data[key] = element
            elif name not in _DOCUMENTATION and name != "itemDefinition":
                self.document.unsupported(element, _NAMES.get(name, f"the element {name}"))

    def decision(self, element: etree._Element) -> Decision | None:
        """Make a decision; None where something in it is wrong."""
        before = len(self.document.problems)
        logic = self._logic(element)
        requires, given, known = self._requirements(element)
        name = element.get("name") or str(element.get("id"))
        key = element.get("id") or name
        variable = self._variable_name(element)
        scope = Scope(self.types, frozenset(known) | self.types.components, variable)
        table = expression = None
        if logic is None:
            return None
        if etree.QName(logic).localname == "decisionTable":
            table = read_table(self.document, logic, scope)
        else:
            expression = read_literal(self.document, logic, scope.names)
        if len(self.document.problems) > before:
            return None
        return Decision(
            key=key,
            name=name,
            variable=variable,
            type=self._variable_type(element),
            table=table,
            expression=expression,
            requires=tuple(requires),
            given=given,
            file=self.document.file,
            line=self.document.line_of(element),
            names=_names(table, expression),
        )

    def _logic(self, element: etree._Element) -> etree._Element | None:
        logic = None
        for name, child in self.document.children(element):
            if name in {"decisionTable", "literalExpression"}:
                logic = child
            elif name not in _DOCUMENTATION and name not in {"variable", "informationRequirement"}:
                self.document.unsupported(child, _NAMES.get(name, f"a decision by {name}"))
        if logic is None:
            self.document.problem(element, "dmn-no-logic", "the decision has neither a table nor an expression")
        return logic

    def _requirements(self, element: etree._Element) -> tuple[list[str], dict[str, DataType], set[str]]:
        requires: list[str] = []
        given: dict[str, DataType] = {}
        known: set[str] = set()
        for name, child in self.document.children(element):
            if name != "informationRequirement":
                continue
            for kind, target in self.document.children(child):
                key = self._target(kind, target)
                if key is None:
                    continue
                source = (self.decisions if kind == "requiredDecision" else self.data)[key]
                known.add(self._variable_name(source))
                if kind == "requiredDecision":
                    requires.append(key)
                else:
                    given[self._variable_name(source)] = self._variable_type(source)
        return requires, given, known

    def _target(self, kind: str, element: etree._Element) -> str | None:
        href = element.get("href") or ""
        known = {"requiredDecision": self.decisions, "requiredInput": self.data}.get(kind)
        if known is None:
            self.document.unsupported(element, f"the element {kind}")
            return None
        if href.startswith("#") and href[1:] in known:
            return href[1:]
        message = f"{href} is not in this file"
        self.document.problem(element, "dmn-unknown-reference", message, href=href)
        return None

    def _variable_name(self, element: etree._Element) -> str:
        variable = self.document.child(element, "variable")
        name = variable.get("name") if variable is not None else None
        return " ".join((name or element.get("name") or element.get("id") or "").split())

    def _variable_type(self, element: etree._Element) -> DataType:
        variable = self.document.child(element, "variable")
        if variable is None:
            return DataType()
        return type_of(self.document, variable, variable.get("typeRef"), self.types)


def _names(table: DecisionTable | None, expression: Expression | None) -> frozenset[str]:
    """Collect the variables that the expressions of a decision read."""
    if table is None:
        return expression.names if expression is not None else frozenset()
    read: list[Expression | UnaryTests] = [clause.expression for clause in table.inputs]
    read += [output.default for output in table.outputs if output.default is not None]
    for rule in table.rules:
        read += [*rule.conditions, *rule.answers]
    return frozenset(name for part in read for name in part.names)


def _check_cycles(document: Document, model: _Model, decisions: tuple[Decision, ...]) -> None:
    """Note each decision that needs itself."""
    needs = {decision.key: decision.requires for decision in decisions}
    for key, own in needs.items():
        reached: set[str] = set()
        pending = list(own)
        while pending:
            other = pending.pop()
            if other not in reached:
                reached.add(other)
                pending.extend(needs.get(other, ()))
        if key in reached:
            document.problem(model.decisions[key], "dmn-cycle", f"the decision {key} needs itself", decision=key)
