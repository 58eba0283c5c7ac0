"""Data that a diagram declares: data objects, properties, data inputs and outputs, and where each can be seen.

Each of them is a variable. It is called by the `name` where that can be read in an expression, else by the `id`
(BPMN 2.0.2 §10.4.1 gives both, §10.4.3 leaves it to the expression language how data are named). A data object or
property lives as long as its process or sub-process, in each instance of it anew, and is null at first; an inner one
hides an outer one of the same name. `itemSubjectRef` and `dataState` describe; the former's types are not enforced.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from engine.bpmn.reading.graph import Graph, Node, Scope
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import DATA_IN, DATA_OUT, PARTS, SCOPES
from engine.bpmn.xml import CAMUNDA, children, extension, line_of, plain, reference, split, text_of
from engine.errors import Invalid
from engine.feel import compile_expression

# What bpmn-js writes as the target of an association that is only drawn.
PLACEHOLDER = "__targetRef_placeholder"
_VARIABLE = re.compile(r"[^\W\d]\w*")
_WORDS = PARTS["dataObject"]
# Where properties are checked with everything else that lies there.
_CHECKED = SCOPES | {"process"}

DatumKind = Literal["dataObject", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem", "parameter"]


@dataclass(frozen=True, slots=True)
class Datum:
    """One declared variable.

    owner   id of the process, sub-process, activity or event that it belongs to
    line    in the file
    """

    id: str
    variable: str
    kind: DatumKind
    owner: str
    line: int


@dataclass(slots=True)
class Sets:
    """What an ioSpecification, or the data of an event, says beside its names: ids of inputs and outputs.

    required   that must be there
    """

    required: set[str] = field(default_factory=set)


@dataclass(slots=True)
class DataCatalogue:
    """Everything declared in one process.

    scopes      by scope, then by id: what is seen inside
    owned       by node, then by id: its own data inputs, outputs, properties and items
    references  data object references: the id of their data object
    stores      ids of data store references
    sets        by node or process
    """

    scopes: dict[str, dict[str, Datum]] = field(default_factory=dict)
    owned: dict[str, dict[str, Datum]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    stores: set[str] = field(default_factory=set)
    sets: dict[str, Sets] = field(default_factory=dict)
    enclosing: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def own(self, node: Node, ref: str) -> Datum | None:
        """Return a node's own data of that id."""
        return self.owned.get(node.id, {}).get(ref)

    def seen(self, node: Node, ref: str) -> Datum | None:
        """Return the data of that id that a node sees around it; a reference stands for its data object."""
        ref = self.references.get(ref, ref)
        for scope in self.enclosing[node.scope.id]:
            found = self.scopes[scope].get(ref)
            if found is not None:
                return found
        return None

    def named(self, node: Node, variable: str) -> Datum | None:
        """Return what a name means around a node: the innermost data that is called so."""
        for scope in self.enclosing[node.scope.id]:
            for datum in self.scopes[scope].values():
                if datum.variable == variable:
                    return datum
        return None

    def variables(self, owner: str, *kinds: DatumKind) -> tuple[str, ...]:
        """Return the names of what a scope or node declares, of the kinds given."""
        known = {**self.scopes.get(owner, {}), **self.owned.get(owner, {})}
        return tuple(dict.fromkeys(one.variable for one in known.values() if one.kind in kinds))


def read_data(graph: Graph, findings: Findings) -> DataCatalogue:
    """Read what every scope and node declares; unknown references, unusable and clashing names become problems."""
    catalogue = DataCatalogue()
    for scope in graph.scopes:
        outer = () if scope.node is None else catalogue.enclosing[scope.node.scope.id]
        catalogue.enclosing[scope.id] = (scope.id, *outer)
        catalogue.scopes[scope.id] = _declared(scope, catalogue, findings)
        for xml in children(scope.xml, "dataStoreReference"):
            catalogue.stores.add(plain(xml, "id") or "")
    for node in graph.nodes:
        own = _owned(node, catalogue, findings)
        catalogue.owned[node.id] = own
        if node.type in SCOPES:
            inner = catalogue.scopes.setdefault(node.id, {})
            inner.update({id_: one for id_, one in own.items() if one.kind != "outputDataItem"})
            inner.update(_parameters(node))
            _check_names(node.id, inner.values(), findings)
        else:
            _check_names(node.id, own.values(), findings)
    _check_names(graph.top.id, catalogue.scopes[graph.top.id].values(), findings)
    for scope in graph.scopes:
        _references(scope, catalogue, findings)
    return catalogue


def _declared(scope: Scope, catalogue: DataCatalogue, findings: Findings) -> dict[str, Datum]:
    found = {}
    for xml in children(scope.xml, "dataObject"):
        check_children(xml, frozenset({"dataState"}), findings, plain(xml, "id") or scope.id)
        datum = _datum(xml, "dataObject", scope.id, findings)
        if datum is not None:
            found[datum.id] = datum
    if scope.node is None:
        found.update(_properties(scope.xml, scope.id, findings))
        found.update(_specification(scope.xml, scope.id, catalogue, findings))
        for name in ("dataInputAssociation", "dataOutputAssociation"):
            for xml in children(scope.xml, name):
                findings.add("element-unsupported", scope.id, line_of(xml), type=name)
    for xml in children(scope.xml, "correlationSubscription") if scope.node is not None else ():
        findings.add("element-unsupported", scope.id, line_of(xml), type="correlationSubscription")
    return found


def _owned(node: Node, catalogue: DataCatalogue, findings: Findings) -> dict[str, Datum]:
    found = _properties(node.xml, node.id, findings)
    found.update(_specification(node.xml, node.id, catalogue, findings))
    for repeat in children(node.xml, "multiInstanceLoopCharacteristics"):
        for kind in ("inputDataItem", "outputDataItem"):
            for xml in children(repeat, kind):
                datum = _datum(xml, kind, node.id, findings)
                if datum is not None:
                    found[datum.id] = datum
    return found


def _properties(xml: etree._Element, owner: str, findings: Findings) -> dict[str, Datum]:
    found = {}
    for one in children(xml, "property"):
        check_children(one, frozenset({"dataState"}), findings, owner)
        if plain(one, "name") != PLACEHOLDER:
            datum = _datum(one, "property", owner, findings)
            if datum is not None:
                found[datum.id] = datum
    return found


def _specification(xml: etree._Element, owner: str, catalogue: DataCatalogue, findings: Findings) -> dict[str, Datum]:
    """Read an ioSpecification, or what an event says directly; at most one set of each kind is executed here."""
    type_ = split(str(xml.tag))[1]
    blocks = [xml] if type_.endswith("Event") else children(xml, "ioSpecification")
    found: dict[str, Datum] = {}
    sets = catalogue.sets[owner] = Sets()
    if len(blocks) > 1:
        findings.add("data-sets", owner, line_of(blocks[1]), type="ioSpecification", count=len(blocks))
    for block in blocks[:1]:
        if block is not xml:
            check_children(
                block, (DATA_IN | DATA_OUT) - {"dataInputAssociation", "dataOutputAssociation"}, findings, owner
            )
        for kind in ("dataInput", "dataOutput"):
            for one in children(block, kind):
                check_children(one, frozenset({"dataState"}), findings, owner)
                datum = _datum(one, kind, owner, findings)
                if datum is not None:
                    found[datum.id] = datum
        for kind in ("input", "output"):
            sets.required |= _required(block, kind, (owner, type_), found, findings)
    return found


def _required(
    block: etree._Element, kind: str, owner: tuple[str, str], found: dict[str, Datum], findings: Findings
) -> set[str]:
    """Return the ids that the one inputSet or outputSet demands."""
    given = children(block, f"{kind}Set")
    if len(given) > 1:
        findings.add("data-sets", owner[0], line_of(given[1]), type=f"{kind}Set", count=len(given))
    if not given:
        return set()
    side, other = kind.capitalize(), "output" if kind == "input" else "input"
    names = {role: role.format(side) for role in ("data{}Refs", "optional{}Refs", "whileExecuting{}Refs")}
    check_children(given[0], frozenset(names.values()) | {f"{other}SetRefs"}, findings, owner[0])
    refs: dict[str, set[str]] = {}
    for role, name in names.items():
        refs[role] = {text_of(one).rpartition(":")[2] for one in children(given[0], name)}
        for ref in sorted(refs[role]):
            if ref not in found or found[ref].kind != f"data{side}":
                details = {"attribute": name, "target": ref, "expected": f"data{side}"}
                findings.add("reference-unresolved", owner[0], line_of(given[0]), **details)
    executing = refs["whileExecuting{}Refs"]
    if executing and owner[1] != "process":
        findings.add("data-while-executing", owner[0], line_of(given[0]), type=names["whileExecuting{}Refs"])
    return (refs["data{}Refs"] & found.keys()) - refs["optional{}Refs"] - executing


def _datum(xml: etree._Element, kind: DatumKind, owner: str, findings: Findings) -> Datum | None:
    parent = xml.getparent()
    within = "" if parent is None else split(str(parent.tag))[1]
    if kind != "dataObject" and not (kind == "property" and within in _CHECKED):
        check_words(xml, _WORDS, findings, owner)
    id_, line = plain(xml, "id") or "", line_of(xml)
    for text in (plain(xml, "name"), id_):
        if text and is_variable(text):
            return Datum(id_ or text, text, kind, owner, line)
    findings.add("data-name", owner, line, type=kind, id=id_ or "?", name=plain(xml, "name") or "")
    return None


def is_variable(text: str) -> bool:
    """Whether an expression can read a variable of that name."""
    if not _VARIABLE.fullmatch(text):
        return False
    try:
        return compile_expression(text).names == {text}
    except Invalid:
        return False


def _parameters(node: Node) -> dict[str, Datum]:
    """Return the input parameters of a sub-process: they hide data around it."""
    found = {}
    for block in extension(node.xml, "inputOutput"):
        for xml in children(block, "inputParameter", CAMUNDA):
            name = plain(xml, "name") or ""
            found[f"{node.id} {name}"] = Datum("", name, "parameter", node.id, line_of(xml))
    return found


def _check_names(owner: str, declared: Iterable[Datum], findings: Findings) -> None:
    """Refuse two data of one owner under one name; an input and an output may share theirs, and so may an item."""
    seen: dict[str, Datum] = {}
    for datum in declared:
        if datum.kind in {"inputDataItem", "outputDataItem"}:
            continue
        other = seen.setdefault(datum.variable, datum)
        if other is not datum and {other.kind, datum.kind} != {"dataInput", "dataOutput"}:
            details = {"name": datum.variable, "first": other.id or other.kind, "second": datum.id or datum.kind}
            findings.add("data-name-clash", owner, datum.line, **details)


def _references(scope: Scope, catalogue: DataCatalogue, findings: Findings) -> None:
    for xml in children(scope.xml, "dataObjectReference"):
        id_, ref = plain(xml, "id") or "", reference(xml, "dataObjectRef")
        check_children(xml, frozenset({"dataState"}), findings, id_ or scope.id)
        known = (catalogue.scopes[outer].get(ref) for outer in catalogue.enclosing[scope.id])
        datum = next((one for one in known if one is not None and one.kind == "dataObject"), None)
        if datum is None:
            details = {"attribute": "dataObjectRef", "target": ref, "expected": "data object seen here"}
            findings.add("reference-unresolved", id_, line_of(xml), **details)
            continue
        catalogue.references[id_] = ref
        drawn = plain(xml, "name") or ""
        if drawn != datum.variable and is_variable(drawn):
            findings.warn("data-object-label", id_, line_of(xml), name=drawn, variable=datum.variable, object=ref)
