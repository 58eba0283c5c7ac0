"""From the elements of DMN files to decisions, functions and services, each made after what it requires."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from lxml import etree

from engine.dmn.box_reader import BoxReader, boxes_in, read_logic
from engine.dmn.boxes import function_value
from engine.dmn.document import Document, name_of
from engine.dmn.document_set import DocumentSet, Source, Target, circles, reference
from engine.dmn.evaluation import service_function
from engine.dmn.model import DataType, Decision, DecisionTable, Given, Knowledge, Logic, Need, Service
from engine.dmn.scopes import (
    DOCUMENTATION,
    Vocabulary,
    check_children,
    checked,
    put_function,
    variable_name,
    variable_type,
)
from engine.dmn.table_reader import Scope, read_literal, read_table
from engine.dmn.type_reader import type_of
from engine.feel import Expression
from engine.feel.run import Scope as Names
from engine.feel.values import Function

# What an element of a kind may require, by the name of the element that refers to it.
REQUIRED = {
    "requiredDecision": ("decision",),
    "requiredInput": ("inputData",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "encapsulatedDecision": ("decision",),
    "inputDecision": ("decision",),
    "inputData": ("inputData",),
}
_REQUIREMENTS = frozenset({"informationRequirement", "knowledgeRequirement"})
# A service needs no answer of its input decisions: they are given to it.
_GIVEN = frozenset({"inputDecision", "inputData", "requiredInput"})


@dataclass(slots=True)
class Graph:
    """What was made: decisions and services by reference, and the knowledge models."""

    decisions: dict[str, Decision]
    knowledge: dict[str, Knowledge]


class GraphReader:
    """Makes the elements of a set of files, in the order of their requirements."""

    def __init__(self, documents: DocumentSet) -> None:
        """Find what each element requires."""
        self.documents = documents
        self.graph = Graph({}, {})
        self.vocabulary = Vocabulary(documents)
        self._places: dict[str, tuple[Source, str, etree._Element]] = {}
        self._targets: dict[str, list[tuple[str, Target]]] = {}
        for source in documents.sources.values():
            for key, (kind, element) in source.elements.items():
                ref = reference(source.document.file, key)
                self._places[ref] = (source, kind, element)
                self._targets[ref] = self._requirements(source, kind, element)
        self._undefined = {
            target.ref for targets in self._targets.values() for role, target in targets if role == "inputDecision"
        }

    def references(self) -> Iterable[str]:
        """Return the references of all elements, in the order of the files."""
        return self._places.keys()

    def _requirements(self, source: Source, kind: str, element: etree._Element) -> list[tuple[str, Target]]:
        found: list[tuple[str, Target]] = []
        holders = [element] if kind == "decisionService" else []
        holders += [child for name, child in source.document.children(element) if name in _REQUIREMENTS]
        for holder in holders:
            parts = [part for part in source.document.children(holder) if part[0] not in DOCUMENTATION]
            if not parts:
                source.document.problem(holder, "dmn-unknown-reference", "the requirement names nothing", href="")
            for role, child in parts:
                if role not in REQUIRED:
                    if holder is not element:
                        source.document.unsupported(child, f"the element {role}")
                    continue
                target = self.documents.target(source, child, REQUIRED[role])
                if target is not None:
                    found.append((role, target))
        return found

    def read(self) -> Graph:
        """Make everything; what requires itself, and what requires that, is left out and told."""
        needs = {
            ref: {target.ref for role, target in targets if role not in _GIVEN}
            for ref, targets in self._targets.items()
        }
        lost: set[str] = set()
        for circle in circles(needs):
            self._refuse(circle)
            lost |= set(circle)
        for ref in TopologicalSorter(needs).static_order():
            if ref not in lost and not needs[ref] & lost and self._make(ref):
                continue
            lost.add(ref)
        return self.graph

    def _refuse(self, circle: list[str]) -> None:
        names = [name_of(self._places[ref][2]) for ref in circle]
        source, _, element = self._places[circle[0]]
        path = " → ".join(names)
        message = f"{names[0]} needs itself: {path}"
        source.document.problem(element, "dmn-cycle", message, decision=names[0], path=path)

    def _make(self, ref: str) -> bool:
        """Make one element; returns whether nothing was wrong with it."""
        source, kind, element = self._places[ref]
        if kind == "inputData":
            variable_type(source, element)
            return True
        before = len(source.document.problems)
        make = {"decision": self._decision, "decisionService": self._service}.get(kind, self._knowledge)
        make(ref, source, element)
        if len(source.document.problems) > before:
            self.graph.decisions.pop(ref, None)
            self.graph.knowledge.pop(ref, None)
            return False
        return True

    # -- what an element requires

    def _given(self, target: Target) -> Given:
        source, _, element = self._places[target.ref]
        return Given(target.ref, target.prefix, variable_name(element, source.document), variable_type(source, element))

    def _functions(self, ref: str) -> dict[str, object]:
        """Return the functions that an element requires, by name; those of an import in a context."""
        functions: dict[str, object] = {}
        for role, target in self._targets[ref]:
            if role != "requiredKnowledge":
                continue
            known = self.graph.knowledge.get(target.ref)
            service = self.graph.decisions.get(target.ref)
            if known is not None:
                put_function(functions, target.prefix, known.variable, known.function)
            elif service is not None and service.service is not None:
                function = service_function(service.name, service.service)
                put_function(functions, target.prefix, service.variable, function)
        return functions

    # -- decisions

    def _decision(self, ref: str, source: Source, element: etree._Element) -> None:
        document = source.document
        targets = self._targets[ref]
        needs = tuple(
            Need(target.prefix, self.graph.decisions[target.ref])
            for role, target in targets
            if role == "requiredDecision"
        )
        data = tuple(self._given(target) for role, target in targets if role == "requiredInput")
        functions = self._functions(ref)
        named = [(need.prefix, need.decision.variable) for need in needs] + [(one.prefix, one.name) for one in data]
        variable = variable_name(element, document)
        kind = variable_type(source, element)
        scope = Scope(source.types, self.vocabulary.names(source, named, functions), variable, kind=kind)
        body = self._body(document, element, ref)
        table, expression, logic = _logic(document, body, scope)
        if body is not None and logic is None:
            kind = self._narrowed(source, body, kind)
        read = next((one.names for one in (table, expression, logic) if one is not None), frozenset())
        self.graph.decisions[ref] = Decision(
            key=element.get("id") or name_of(element),
            name=element.get("name") or str(element.get("id")),
            variable=variable,
            type=kind,
            table=table,
            expression=expression,
            logic=logic,
            needs=needs,
            data=data,
            knowledge=functions,
            declared=self.vocabulary.declared(source),
            ref=ref,
            file=document.file,
            line=document.line_of(element),
            names=frozenset(read - functions.keys()),
        )

    def _narrowed(self, source: Source, body: etree._Element, kind: DataType) -> DataType:
        """Return the type of a decision; its expression may have one where the variable has none."""
        own = type_of(source.document, body, body.get("typeRef"), source.types)
        return own if kind.is_open else kind

    def _body(self, document: Document, element: etree._Element, ref: str) -> etree._Element | None:
        found = boxes_in(document, element)
        if len(found) > 1:
            document.problem(found[1], "dmn-many-expressions", "there is more than one expression")
        check_children(document, element, {"variable", *_REQUIREMENTS})
        if not found and ref not in self._undefined:
            document.problem(element, "dmn-no-logic", "the decision has neither a table nor an expression")
        return found[0] if found else None

    # -- knowledge

    def _knowledge(self, ref: str, source: Source, element: etree._Element) -> None:
        document = source.document
        check_children(document, element, {"variable", "encapsulatedLogic", *_REQUIREMENTS})
        body = document.child(element, "encapsulatedLogic")
        if body is None or not boxes_in(document, body):
            document.problem(element, "dmn-no-logic", "the knowledge model has no logic")
            return
        functions = self._functions(ref)
        variable = variable_name(element, document)
        names = self.vocabulary.names(source, [("", variable)], functions)
        result = variable_type(source, element)
        result = (result.result or DataType()) if result.name == "function" else result
        reader = BoxReader(document)
        reader.check_kind(body)
        parameters = reader.parameters(body, Scope(source.types, names, variable))
        bound = frozenset(name for name, _ in parameters)
        scope = Scope(source.types, names, variable).inside(*bound, variable=variable, kind=result)
        logic = read_logic(document, boxes_in(document, body)[0], scope, bound)
        result = self._narrowed(source, body, result)
        self.graph.knowledge[ref] = Knowledge(
            key=element.get("id") or name_of(element),
            name=element.get("name") or str(element.get("id")),
            variable=variable,
            parameters=tuple(Given(f"{ref}/{name}", "", name, kind) for name, kind in parameters),
            result=result,
            function=_function_of(variable, parameters, logic, result, functions),
            logic=logic,
            file=document.file,
            line=document.line_of(element),
        )

    # -- services

    def _service(self, ref: str, source: Source, element: etree._Element) -> None:
        document, targets = source.document, self._targets[ref]
        check_children(document, element, {"variable", *REQUIRED})
        outputs = tuple(self.graph.decisions[target.ref] for role, target in targets if role == "outputDecision")
        if not outputs:
            document.problem(element, "dmn-no-output-decision", "the service has no output decision")
        # Input data come first, then input decisions, each in the order of the file (DMN 1.3 §10.4).
        given = tuple(self._given(target) for role, target in targets if role == "inputData")
        given += tuple(self._given(target) for role, target in targets if role == "inputDecision")
        result = variable_type(source, element)
        result = (result.result or DataType()) if result.name == "function" else result
        self.graph.decisions[ref] = Decision(
            key=element.get("id") or name_of(element),
            name=element.get("name") or str(element.get("id")),
            variable=variable_name(element, document),
            type=DataType(),
            service=Service(given, outputs, result),
            ref=ref,
            file=document.file,
            line=document.line_of(element),
            names=frozenset(one.path for one in given),
        )


def _logic(
    document: Document, body: etree._Element | None, scope: Scope
) -> tuple[DecisionTable | None, Expression | None, Logic | None]:
    """Read what decides: a table, a literal expression or another boxed expression."""
    name = etree.QName(body).localname if body is not None else ""
    if body is None:
        return None, None, None
    if name == "decisionTable":
        return read_table(document, body, scope), None, None
    if name == "literalExpression":
        return None, read_literal(document, body, scope), None
    return None, None, read_logic(document, body, scope)


def _function_of(
    name: str,
    parameters: tuple[tuple[str, DataType], ...],
    logic: Logic,
    result: DataType,
    functions: Mapping[str, object],
) -> Function:
    """Return the function of a knowledge model: it sees its parameters, what it requires, and itself."""
    known = dict(functions)
    body = checked(logic.code, result)
    function = function_value(name, parameters, body, lambda run: Names(known, None, run))
    known.setdefault(name, function)
    return function
