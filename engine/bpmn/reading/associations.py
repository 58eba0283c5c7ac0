"""Data associations of one node: what is copied into it when it begins and out of it when it is done.

BPMN 2.0.2 §10.4.2: a transformation gives the whole target, each assignment gives the target or an entry inside it,
without both the one source is copied. An association that is only drawn, between a data object and the node, copies
under the data object's own name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.elements import NO_MAPPING, Assignment, EventSpec, IoMapping
from engine.bpmn.reading.data import DataCatalogue, Datum
from engine.bpmn.reading.graph import Graph, Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.values import Value
from engine.bpmn.vocabulary import ACTIVITIES, SCOPES, THROWING_EVENTS
from engine.bpmn.xml import camunda, children, extension, plain, text_of

_PARTS = frozenset({"sourceRef", "targetRef", "transformation", "assignment"})
_PATH = re.compile(r"[^\W\d][\w\-]*(\.[^\W\d]\w*)*")
_CARRYING = frozenset({"message", "signal"})
_NOBODY = frozenset({"task", "manualTask"})


@dataclass(slots=True)
class Draft:
    """The associations of one node as they are read."""

    node: Node
    data: DataCatalogue
    texts: TextReader
    inputs: list[Assignment] = field(default_factory=list)
    outputs: list[Assignment] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    fed: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    collected: set[str] = field(default_factory=set)

    # -- one association ------------------------------------------------------------------------------------------

    def incoming(self, xml: etree._Element) -> None:
        """Read a dataInputAssociation."""
        target = self._end(xml, "targetRef", lambda ref: self.data.own(self.node, ref))
        sources = self._sources(xml, of_output=False)
        if target is not None and target.kind not in {"dataInput", "property"}:
            self.texts.note("data-association-end", attribute="targetRef", target=target.id)
            return
        if target is None:
            self._drawn_in(xml, sources)
            return
        self.fed.add(target.id)
        assignments = self._assignments(xml, target, sources)
        looped = {text_of(one).rpartition(":")[2] for one in self.repeats("loopDataInputRef")}
        if target.id in looped and (len(assignments) > 1 or any(one.path for one in assignments)):
            self.texts.note("data-loop-input", name=target.variable)
        self.inputs += assignments

    def outgoing(self, xml: etree._Element) -> None:
        """Read a dataOutputAssociation."""
        target = self._end(xml, "targetRef", self._reached)
        sources = self._sources(xml, of_output=True)
        self.used |= {source.id for source in sources}
        if target is None:
            self._missing(xml, "targetRef")
            return
        inside = target.owner == self.node.id
        if target.kind in {"dataInput", "inputDataItem"} or (inside and target.kind == "dataOutput"):
            self.texts.note("data-association-end", attribute="targetRef", target=target.id)
            return
        if self._in_body(sources, target):
            return
        plain_copy = not children(xml, "transformation") and not children(xml, "assignment")
        if plain_copy and (not sources or sources == [target]):
            if self.node.type not in SCOPES:
                self.passed.append(target.variable)
            return
        self.outputs += [replace(one, inside=inside) for one in self._assignments(xml, target, sources)]

    def _drawn_in(self, xml: etree._Element, sources: list[Datum]) -> None:
        """Read an association that names no target: the node gets the data object under its own name."""
        if children(xml, "transformation") or children(xml, "assignment"):
            self._missing(xml, "targetRef")
        elif not children(xml, "sourceRef"):
            self._missing(xml, "sourceRef")
        elif self.node.type not in SCOPES:
            for source in sources:
                value = self._copy(source, f"dataInputAssociation {source.variable}")
                self.inputs.append(Assignment(source.variable, value, standard=True))

    def _in_body(self, sources: list[Datum], target: Datum) -> bool:
        """Whether the association hands out the whole collection of a multi-instance: its body does that."""
        for xml in self.repeats("loopDataOutputRef"):
            ref = text_of(xml).rpartition(":")[2]
            if ref in {source.id for source in sources} or self.data.references.get(ref, ref) == target.id:
                self.collected |= {ref, *(source.id for source in sources)}
                return True
        return False

    def repeats(self, name: str) -> list[etree._Element]:
        """Return what the multi-instance marker of the node says under a name."""
        blocks = children(self.node.xml, "multiInstanceLoopCharacteristics")
        return [xml for block in blocks for xml in children(block, name)]

    # -- its ends -------------------------------------------------------------------------------------------------

    def _reached(self, ref: str) -> Datum | None:
        return self.data.own(self.node, ref) or self._around(ref)

    def _around(self, ref: str) -> Datum | None:
        """Return data around the node, unless another of the same name hides it."""
        datum = self.data.seen(self.node, ref)
        inner = None if datum is None else self.data.named(self.node, datum.variable)
        if datum is not None and inner is not None and inner.owner != datum.owner:
            self.texts.note("data-hidden", id=datum.id, name=datum.variable)
        return datum

    def _sources(self, xml: etree._Element, *, of_output: bool) -> list[Datum]:
        def find(ref: str) -> Datum | None:
            own = self.data.own(self.node, ref)
            return own or self._around(ref)

        found = []
        for one in children(xml, "sourceRef"):
            datum = self._find(text_of(one), "sourceRef", find)
            if datum is None:
                continue
            wrong = "dataInput" if of_output else "dataOutput"
            if datum.owner == self.node.id and datum.kind == wrong and self.node.type not in SCOPES:
                self.texts.note("data-association-end", attribute="sourceRef", target=datum.id)
            found.append(datum)
        return found

    def _end(self, xml: etree._Element, name: str, find: Callable[[str], Datum | None]) -> Datum | None:
        given = children(xml, name)
        if len(given) > 1:
            self.texts.note("element-unsupported", type=f"a second {name}")
        if not given or self._is_placeholder(text_of(given[0])):
            return None
        return self._find(text_of(given[0]), name, find)

    def _is_placeholder(self, ref: str) -> bool:
        known = {plain(one, "id") for one in children(self.node.xml, "property")}
        return ref in known and self.data.own(self.node, ref) is None

    def _find(self, ref: str, attribute: str, find: Callable[[str], Datum | None]) -> Datum | None:
        ref = ref.rpartition(":")[2]
        if ref in self.data.stores:
            self.texts.note("data-store-association", store=ref)
            return None
        datum = find(ref)
        if datum is None:
            self.texts.note("reference-unresolved", attribute=attribute, target=ref, expected="data seen here")
        return datum

    def _missing(self, xml: etree._Element, attribute: str) -> None:
        if not children(xml, attribute):
            self.texts.note("attribute-missing", type=_kind(xml), attribute=attribute)

    # -- what it copies -------------------------------------------------------------------------------------------

    def _assignments(self, xml: etree._Element, target: Datum, sources: list[Datum]) -> list[Assignment]:
        place, found = f"{_kind(xml)} {target.variable}", []
        for block in children(xml, "transformation"):
            value = self._value(block, place)
            if value is not None:
                found.append(Assignment(target.variable, value, standard=True))
        for block in children(xml, "assignment"):
            one = self._assignment(block, target, place)
            if one is not None:
                found.append(one)
        if not children(xml, "transformation") and not children(xml, "assignment"):
            if len(children(xml, "sourceRef")) != 1:
                self.texts.note("data-association-source", target=target.id, count=len(children(xml, "sourceRef")))
            found += [Assignment(target.variable, self._copy(one, place), standard=True) for one in sources[:1]]
        return found

    def _assignment(self, block: etree._Element, target: Datum, place: str) -> Assignment | None:
        check_children(block, frozenset({"from", "to"}), self.texts.findings, self.node.id)
        origins, ends = children(block, "from"), children(block, "to")
        if not origins or not ends:
            self.texts.note("attribute-missing", type="assignment", attribute="to" if origins else "from")
            return None
        text = text_of(ends[0]).removeprefix("=").strip()
        first, *path = text.split(".")
        if not _PATH.fullmatch(text) or first not in {target.variable, target.id}:
            self.texts.note("data-assignment-target", text=text, target=target.variable)
            return None
        value = self._value(origins[0], place)
        return None if value is None else Assignment(target.variable, value, standard=True, path=tuple(path))

    def _value(self, block: etree._Element, place: str) -> Value | None:
        check_children(block, frozenset(), self.texts.findings, self.node.id)
        text = text_of(block)
        expression = self.texts.expression(text, place, plain(block, "language"))
        return None if expression is None else Value(f"{self.node.id}.{place}", text, expression)

    def _copy(self, source: Datum, place: str) -> Value:
        """Return the value of a source; a property of the node's own is null before it begins."""
        fresh = source.owner == self.node.id and source.kind == "property" and place.startswith("dataInput")
        text = "null" if fresh else source.variable
        return Value(f"{self.node.id}.{place}", text, self.texts.expression(text, place))


def _kind(xml: etree._Element) -> str:
    return "dataOutputAssociation" if xml.tag.endswith("dataOutputAssociation") else "dataInputAssociation"


def read_associations(
    node: Node, event: EventSpec | None, mapping: IoMapping, data: DataCatalogue, texts: TextReader
) -> IoMapping:
    """Return the mapping of a node with its data beside what Camunda's words say, inputs in the order of the file."""
    draft = Draft(node, data, texts)
    own = data.owned.get(node.id, {})
    for read, name in ((draft.incoming, "dataInputAssociation"), (draft.outgoing, "dataOutputAssociation")):
        for xml in children(node.xml, name):
            check_words(xml, {"id": None}, texts.findings, node.id)
            check_children(xml, _PARTS, texts.findings, node.id)
            read(xml)
    if not own and not draft.inputs and not draft.outputs and not draft.passed and node.type not in SCOPES:
        return mapping
    _check_carrier(node, event, draft, texts)
    _check_twice(mapping, draft, texts)
    inputs = (*draft.inputs, *mapping.inputs) if _associations_first(node) else (*mapping.inputs, *draft.inputs)
    outputs = (*mapping.outputs, *draft.outputs)
    kept, results = _kept(node, draft), _results(node, draft)
    return IoMapping(inputs, outputs, kept, *results, tuple(draft.passed), _awaited(node, draft))


def _awaited(node: Node, draft: Draft) -> tuple[str, ...]:
    """Return the data inputs that must be there before a node begins (BPMN 2.0.2 §10.4.2); instances take theirs."""
    if any(draft.repeats(name) for name in ("loopDataInputRef", "loopCardinality", "loopCondition")):
        return ()
    own, required = draft.data.owned[node.id].values(), draft.data.sets[node.id].required
    return tuple(one.variable for one in own if one.kind == "dataInput" and one.id in required)


def read_declared(graph: Graph, data: DataCatalogue) -> IoMapping:
    """Return what a process declares: its variables, and those that a start must bring."""
    owner = graph.top.id
    names = data.variables(owner, "dataObject", "property", "dataInput", "dataOutput")
    known, needed = data.scopes[owner].values(), data.sets[owner].required
    required = (one.variable for one in known if one.kind == "dataInput" and one.id in needed)
    return IoMapping(owned=names, required=tuple(required)) if names else NO_MAPPING


def _associations_first(node: Node) -> bool:
    names = [str(child.tag).rpartition("}")[2] for child in node.xml]
    both = "dataInputAssociation" in names and "extensionElements" in names
    return both and names.index("dataInputAssociation") < names.index("extensionElements")


def _sends(node: Node) -> bool:
    """Whether a send task sends its message here, without the handler of a topic."""
    return node.type == "sendTask" and not camunda(node.xml, "topic")


def _kept(node: Node, draft: Draft) -> tuple[str, ...]:
    """Return the variables of the node's own; data inputs of an activity are local without being kept for results."""
    data = draft.data
    unfed = [one for one in data.owned[node.id].values() if one.kind == "dataInput" and one.id not in draft.fed]
    for one in unfed:
        if one.id in data.sets[node.id].required:
            draft.texts.note("data-input-unfed", name=one.variable, id=one.id)
    if node.type in SCOPES:
        return data.variables(node.id, "dataObject", "property", "dataInput", "dataOutput", "outputDataItem")
    names = [*data.variables(node.id, "property", "outputDataItem"), *(one.variable for one in unfed)]
    produced = data.variables(node.id, "dataOutput")
    return tuple(name for name in dict.fromkeys(names) if name not in produced)


def _results(node: Node, draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the data outputs of an activity or event, and those that its result must have."""
    if node.type in SCOPES:
        return (), ()
    collected = draft.collected | {text_of(ref).rpartition(":")[2] for ref in draft.repeats("loopDataOutputRef")}
    data = draft.data
    outputs = [one for one in data.owned[node.id].values() if one.kind == "dataOutput" and one.id not in collected]
    for one in outputs:
        if one.id not in draft.used:
            draft.texts.doubt("data-output-unused", name=one.variable, id=one.id)
    required = [one for one in outputs if one.id in data.sets[node.id].required]
    if required and (node.type in _NOBODY or _sends(node)):
        draft.texts.note("data-output-nobody", name=required[0].variable, type=node.type)
    return tuple(one.variable for one in outputs), tuple(one.variable for one in required)


def _check_carrier(node: Node, event: EventSpec | None, draft: Draft, texts: TextReader) -> None:
    """Refuse data of an event that carries none."""
    if node.type in ACTIVITIES or event is None:
        return
    declared = [one for one in draft.data.owned[node.id].values() if one.kind in {"dataInput", "dataOutput"}]
    carrying = _CARRYING | {"escalation", "error"} if node.type in THROWING_EVENTS else _CARRYING
    begins = node.type == "startEvent" and event.kind == "none" and node.scope.node is None
    carries = begins or all(part.kind in carrying for part in event.each)
    if not carries and (declared or draft.inputs or draft.outputs or draft.passed):
        texts.note("data-not-carried", type=node.type, definition=event.kind)


def _check_twice(mapping: IoMapping, draft: Draft, texts: TextReader) -> None:
    for ours, theirs, kind in ((draft.inputs, mapping.inputs, "in"), (draft.outputs, mapping.outputs, "out")):
        taken = {one.name for one in theirs} | {plain(xml, "target") for xml in extension(draft.node.xml, kind)}
        for one in ours:
            if one.name in taken and not one.path:
                texts.note("data-name-twice", name=one.name)
            taken.add(one.name)


def collection_of(node: Node, mapping: IoMapping, data: DataCatalogue) -> str | None:
    """Return what loopDataInputRef means, as an expression: a data input stands for the data that feed it."""
    for block in children(node.xml, "multiInstanceLoopCharacteristics"):
        if camunda(block, "collection"):
            return None
        for xml in children(block, "loopDataInputRef"):
            ref = text_of(xml).rpartition(":")[2]
            own = data.own(node, ref)
            datum = own or data.seen(node, ref)
            if own is not None:
                fed = [one.value.text for one in mapping.inputs if one.standard and one.name == own.variable]
                return fed[0] if fed else None
            return None if datum is None else datum.variable
    return None


def output_of(node: Node, data: DataCatalogue) -> str | None:
    """Return the variable that loopDataOutputRef means: a data output stands for the data that it feeds."""
    for block in children(node.xml, "multiInstanceLoopCharacteristics"):
        for xml in children(block, "loopDataOutputRef"):
            ref = text_of(xml).rpartition(":")[2]
            own = data.own(node, ref)
            if own is None:
                datum = data.seen(node, ref)
                return None if datum is None else datum.variable
            return _target_of(node, ref, data) or own.variable
    return None


def _target_of(node: Node, ref: str, data: DataCatalogue) -> str | None:
    for xml in children(node.xml, "dataOutputAssociation"):
        sources = {text_of(one).rpartition(":")[2] for one in children(xml, "sourceRef")}
        targets = children(xml, "targetRef")
        if ref in sources and targets:
            datum = data.seen(node, text_of(targets[0]).rpartition(":")[2])
            return None if datum is None else datum.variable
    return None
