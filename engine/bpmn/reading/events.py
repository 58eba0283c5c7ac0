"""Events: what they catch or throw."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.elements import EventSpec
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.timers import TimerKind, TimerTextError, check_text
from engine.bpmn.values import Value
from engine.bpmn.vocabulary import EVENT_KINDS, EVENTS, ROOTS
from engine.bpmn.xml import camunda, children, line_of, plain, split, text_of, zhili


@dataclass(slots=True)
class Catalogue:
    """Messages, signals and errors of a file, by id."""

    messages: dict[str, etree._Element] = field(default_factory=dict)
    signals: dict[str, etree._Element] = field(default_factory=dict)
    errors: dict[str, etree._Element] = field(default_factory=dict)


def read_catalogue(root: etree._Element, findings: Findings) -> Catalogue:
    """Read what events may refer to."""
    catalogue = Catalogue()
    for kind, found in (
        ("message", catalogue.messages),
        ("signal", catalogue.signals),
        ("error", catalogue.errors),
    ):
        for xml in children(root, kind):
            check_words(xml, ROOTS[kind] or {}, findings)
            found[plain(xml, "id") or ""] = xml
    return catalogue


def read_event(node: Node, catalogue: Catalogue, texts: TextReader) -> EventSpec | None:
    """Return what an event or receive task says; None for everything else, or for a wrong one."""
    if node.type == "receiveTask":
        return _message(node, node.xml, catalogue, texts)
    if node.type not in EVENT_KINDS:
        return None
    definitions = [child for child in node.xml if split(str(child.tag))[1] in EVENTS]
    if len(definitions) > 1:
        texts.note("event-definitions", type=node.type, count=len(definitions))
        return None
    event = _defined(node, definitions, catalogue, texts)
    if event is None or node.type != "boundaryEvent":
        return event
    interrupting = plain(node.xml, "cancelActivity") != "false"
    return replace(event, attached_to=plain(node.xml, "attachedToRef"), interrupting=interrupting)


def _defined(
    node: Node, definitions: list[etree._Element], catalogue: Catalogue, texts: TextReader
) -> EventSpec | None:
    if not definitions:
        if node.type in {"startEvent", "endEvent", "intermediateThrowEvent"}:
            return EventSpec()
        texts.note("event-unsupported", type=node.type, definition="no event definition")
        return None
    xml = definitions[0]
    name = split(str(xml.tag))[1]
    kind = name.removesuffix("EventDefinition")
    if kind == "conditional":
        _conditional(xml, texts)
        return None
    if kind not in EVENT_KINDS[node.type]:
        texts.note("event-unsupported", type=node.type, definition=name)
        return None
    check_words(xml, EVENTS[name], texts.findings, node.id)
    check_children(xml, _TIMER_PARTS if kind == "timer" else frozenset(), texts.findings, node.id)
    return _READERS[kind](node, xml, catalogue, texts)


def _conditional(xml: etree._Element, texts: TextReader) -> None:
    """Refuse the event, and say of its condition what would be said of any other."""
    texts.note("conditional-event")
    check_words(xml, EVENTS["conditionalEventDefinition"], texts.findings, texts.id)
    check_children(xml, frozenset({"condition"}), texts.findings, texts.id)
    for condition in children(xml, "condition"):
        texts.expression(text_of(condition), "condition", plain(condition, "language"))


def _message(node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    name = _referred(xml, "messageRef", catalogue.messages, texts)
    text = zhili(node.xml, "correlationKey") or zhili(xml, "correlationKey")
    return EventSpec("message", name, texts.value(text, "zhili:correlationKey"))


def _signal(_node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    return EventSpec("signal", _referred(xml, "signalRef", catalogue.signals, texts))


def _error(node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    code, message = None, None
    ref = (plain(xml, "errorRef") or "").rpartition(":")[2]
    error = catalogue.errors.get(ref)
    if error is not None:
        code = plain(error, "errorCode")
        message = texts.value(camunda(error, "errorMessage"), "camunda:errorMessage")
        if not code:
            texts.note("attribute-missing", type="error", attribute="errorCode")
    elif ref:
        texts.note("reference-unresolved", attribute="errorRef", target=ref, expected="error")
    elif node.type == "endEvent":
        texts.note("attribute-missing", type="errorEventDefinition", attribute="errorRef")
    return EventSpec(
        "error",
        error_code=code,
        error_message=message,
        code_variable=texts.variable(camunda(xml, "errorCodeVariable")),
        message_variable=texts.variable(camunda(xml, "errorMessageVariable")),
    )


def _referred(xml: etree._Element, attribute: str, known: dict[str, etree._Element], texts: TextReader) -> str:
    """Return the name of the message or signal referred to; literal only, since subscriptions are found by it."""
    ref = (plain(xml, attribute) or "").rpartition(":")[2]
    kind = attribute.removesuffix("Ref")
    if not ref:
        texts.note("attribute-missing", type=kind, attribute=attribute)
        return ""
    if ref not in known:
        texts.note("reference-unresolved", attribute=attribute, target=ref, expected=kind)
        return ""
    value = texts.value(plain(known[ref], "name"), f"{kind} name")
    if value is None:
        texts.note("attribute-missing", type=kind, attribute="name")
    elif value.literal is None:
        texts.note("attribute-value", attribute="name", type=kind, value=value.text, allowed="a literal")
    return "" if value is None else value.text


def _timer(node: Node, xml: etree._Element, _catalogue: Catalogue, texts: TextReader) -> EventSpec:
    given = [kind for kind in TimerKind if children(xml, kind.value)]
    if len(given) != 1:
        texts.note("timer-missing")
        return EventSpec("timer")
    kind = given[0]
    timer = children(xml, kind.value)[0]
    check_children(timer, frozenset(), texts.findings, node.id)
    value = texts.value(text_of(timer), kind.value)
    repeats_here = node.type == "boundaryEvent" and plain(node.xml, "cancelActivity") == "false"
    if kind is TimerKind.CYCLE and not repeats_here:
        texts.findings.add("timer-cycle-here", node.id, line_of(timer))
    if value is None and not text_of(timer):
        texts.note("timer-invalid", text="", reason="the text is empty")
    if value is not None and value.literal is not None:
        _check_timer(kind, value, texts)
    return EventSpec("timer", timer_kind=kind, timer=value)


def _check_timer(kind: TimerKind, value: Value, texts: TextReader) -> None:
    try:
        check_text(kind, value.text)
    except TimerTextError as error:
        texts.note("timer-invalid", text=value.text, reason=str(error))


def _terminate(_node: Node, _xml: etree._Element, _catalogue: Catalogue, _texts: TextReader) -> EventSpec:
    return EventSpec("terminate")


def _link(_node: Node, xml: etree._Element, _catalogue: Catalogue, texts: TextReader) -> EventSpec:
    name = plain(xml, "name")
    if not name:
        texts.note("attribute-missing", type="linkEventDefinition", attribute="name")
    return EventSpec("link", name)


_TIMER_PARTS = frozenset(kind.value for kind in TimerKind)
_READERS: dict[str, Callable[[Node, etree._Element, Catalogue, TextReader], EventSpec]] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "error": _error,
    "terminate": _terminate,
    "link": _link,
}
