"""Correlation: properties, keys and subscriptions, read and handed to the messages of a process.

A correlationKey concerns a message when each of its properties has a retrieval expression for it. A process with a
correlationSubscription to the key awaits what its data bindings give (context-based, BPMN 2.0.2 §8.4.2); without one
the first message of the conversation fixes the key for the instance (key-based). `zhili:correlationKey` at an event
goes before either.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.correlation import Correlation, JoinedKey
from engine.bpmn.elements import Element, EventSpec
from engine.bpmn.reading.events import Catalogue
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.values import Value
from engine.bpmn.vocabulary import THROWING_EVENTS
from engine.bpmn.xml import BPMN, children, line_of, plain, reference, text_of

_SENDING = THROWING_EVENTS | {"sendTask"}


@dataclass(slots=True)
class Conversations:
    """The correlation of a file.

    retrievals  by property, then by the name of the message: where the value is in its variables
    keys        by id: the properties of each correlationKey
    """

    retrievals: dict[str, dict[str, Value]] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of_message(self, name: str) -> tuple[str, JoinedKey] | None:
        """Return the key that concerns a message, and how its value is found."""
        for key, properties in self.keys.items():
            found = [self.retrievals[ref][name] for ref in properties if name in self.retrievals.get(ref, {})]
            if found and len(found) == len(properties):
                return key, JoinedKey(tuple(found))
        return None


def read_conversations(root: etree._Element, catalogue: Catalogue, findings: Findings) -> Conversations:
    """Read the correlationProperties of a file and the correlationKeys of its collaborations."""
    found = Conversations()
    for xml in children(root, "correlationProperty"):
        found.retrievals[plain(xml, "id") or ""] = _retrievals(xml, catalogue, findings)
    for xml in root.iter(f"{{{BPMN}}}correlationKey"):
        id_ = plain(xml, "id") or ""
        check_words(xml, {"id": None, "name": None}, findings)
        check_children(xml, frozenset({"correlationPropertyRef"}), findings, id_)
        refs = tuple(text_of(one).rpartition(":")[2] for one in children(xml, "correlationPropertyRef"))
        for ref in refs:
            if ref not in found.retrievals:
                _unresolved("correlationPropertyRef", ref, "correlationProperty", (id_, line_of(xml)), findings)
        if not refs:
            findings.add(
                "attribute-missing", id_, line_of(xml), type="correlationKey", attribute="correlationPropertyRef"
            )
        found.keys[id_] = refs
    _check_keys(found, root, findings)
    return found


def _retrievals(xml: etree._Element, catalogue: Catalogue, findings: Findings) -> dict[str, Value]:
    id_, found = plain(xml, "id") or "", dict[str, Value]()
    check_words(xml, {"id": None, "name": None, "type": None}, findings)
    check_children(xml, frozenset({"correlationPropertyRetrievalExpression"}), findings, id_)
    for one in children(xml, "correlationPropertyRetrievalExpression"):
        ref = reference(one, "messageRef")
        message = catalogue.messages.get(ref)
        if message is None:
            _unresolved("messageRef", ref, "message", (id_, line_of(one)), findings)
            continue
        value = _path(one, "messagePath", id_, findings)
        if value is not None:
            found[plain(message, "name") or ""] = value
    return found


def _path(xml: etree._Element, name: str, id_: str, findings: Findings) -> Value | None:
    check_children(xml, frozenset({name}), findings, id_)
    texts = TextReader(id_, line_of(xml), findings)
    blocks = children(xml, name)
    text = text_of(blocks[0]) if blocks else ""
    expression = texts.expression(text, name, plain(blocks[0], "language") if blocks else None)
    return None if expression is None else Value(f"{id_}.{name}", text, expression)


def _check_keys(found: Conversations, root: etree._Element, findings: Findings) -> None:
    """Refuse a message of which a key knows only a part, or that two keys would claim."""
    messages = {name for known in found.retrievals.values() for name in known}
    lines = {plain(xml, "id") or "": line_of(xml) for xml in root.iter(f"{{{BPMN}}}correlationKey")}
    for name in sorted(messages):
        whole = []
        for key, properties in found.keys.items():
            known = [ref for ref in properties if name in found.retrievals.get(ref, {})]
            if known and len(known) < len(properties):
                missing = next(ref for ref in properties if ref not in known)
                findings.add("correlation-partial", key, lines[key], message=name, property=missing)
            elif known:
                whole.append(key)
        if len(whole) > 1:
            findings.add("correlation-keys-several", whole[1], lines[whole[1]], message=name, keys=", ".join(whole))


def _unresolved(attribute: str, target: str, expected: str, at: tuple[str, int], findings: Findings) -> None:
    findings.add("reference-unresolved", *at, attribute=attribute, target=target, expected=expected)


def correlate(
    process: etree._Element,
    elements: Mapping[str, Element],
    starts: Container[str],
    found: Conversations,
    findings: Findings,
) -> dict[str, Element]:
    """Return the elements of a process, its messages with the keys that the conversations give.

    starts   ids of the elements at which an instance may begin
    """
    bindings = _subscriptions(process, found, findings)
    remembered = _awaited(elements.values(), starts, found) - bindings.keys()
    correlated = {}
    for element in elements.values():
        event = element.event
        if event is not None:
            parts = tuple(_correlated(element, part, found, bindings, remembered) for part in event.parts)
            event = replace(_correlated(element, event, found, bindings, remembered), parts=parts)
        correlated[element.id] = replace(element, event=event)
    _check_begun(correlated.values(), starts, findings)
    return correlated


def _awaited(elements: Iterable[Element], starts: Container[str], found: Conversations) -> set[str]:
    """Return the conversations of which an instance awaits messages after it has begun."""
    catching = (one for one in elements if one.event and one.type not in _SENDING and one.id not in starts)
    events = (event for element in catching if element.event for event in element.event.each)
    keyless = (event for event in events if event.kind == "message" and event.correlation_key is None)
    concerned = (found.of_message(event.name) for event in keyless if event.name)
    return {one[0] for one in concerned if one is not None}


def _correlated(
    element: Element,
    event: EventSpec,
    found: Conversations,
    bindings: Mapping[str, JoinedKey],
    remembered: Container[str],
) -> EventSpec:
    concerned = found.of_message(event.name) if event.kind == "message" and event.name else None
    if concerned is None or event.correlation_key is not None:
        return event
    key, retrieval = concerned
    correlation = Correlation(key, retrieval, remembered=key in remembered)
    if element.type in _SENDING or key not in bindings:
        return replace(event, correlation=correlation)
    return replace(event, correlation=correlation, correlation_key=bindings[key])


def _subscriptions(process: etree._Element, found: Conversations, findings: Findings) -> dict[str, JoinedKey]:
    id_, subscribed = plain(process, "id") or "", dict[str, JoinedKey]()
    for xml in children(process, "correlationSubscription"):
        check_children(xml, frozenset({"correlationPropertyBinding"}), findings, id_)
        key = reference(xml, "correlationKeyRef")
        if key not in found.keys:
            _unresolved("correlationKeyRef", key, "correlationKey", (id_, line_of(xml)), findings)
            continue
        bound = {}
        for one in children(xml, "correlationPropertyBinding"):
            ref = reference(one, "correlationPropertyRef")
            if ref not in found.keys[key]:
                _unresolved("correlationPropertyRef", ref, f"property of {key}", (id_, line_of(one)), findings)
            bound[ref] = _path(one, "dataPath", id_, findings)
        parts = [bound.get(ref) for ref in found.keys[key]]
        for ref, part in zip(found.keys[key], parts, strict=True):
            if part is None and ref not in bound:
                findings.add("correlation-unbound", id_, line_of(xml), key=key, property=ref)
        known = tuple(part for part in parts if part is not None)
        if len(known) == len(parts):
            subscribed[key] = JoinedKey(known)
    return subscribed


def _check_begun(elements: Iterable[Element], starts: Container[str], findings: Findings) -> None:
    """Refuse a catching event of a conversation that nothing in the process could have begun."""
    begun, awaited = set[str](), []
    for element in elements:
        for event in element.event.each if element.event else ():
            if event.correlation is None or not event.correlation.remembered:
                continue
            if element.type in _SENDING or element.id in starts:
                begun.add(event.correlation.conversation)
            else:
                awaited.append((element, event.correlation.conversation))
    for element, conversation in awaited:
        if conversation not in begun:
            findings.add("correlation-never-begun", element.id, element.line, conversation=conversation)
