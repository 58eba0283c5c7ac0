"""Events: what they catch or throw."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.elements import EventSpec
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.sentences import Findings
from engine.bpmn.timers import TimerKind, TimerTextError, check_text, first_due
from engine.bpmn.values import CONSTANT_NOW, NOT_CONSTANT, Value, constant
from engine.bpmn.vocabulary import EVENT_KINDS, EVENTS, MULTIPLE_KINDS, ROOTS, THROWING_EVENTS, TRIGGERS
from engine.bpmn.xml import BPMN, camunda, children, line_of, plain, reference, split, text_of, zhili


@dataclass(slots=True)
class Catalogue:
    """Messages, signals, errors, escalations and event definitions of a file, by id."""

    messages: dict[str, etree._Element] = field(default_factory=dict)
    signals: dict[str, etree._Element] = field(default_factory=dict)
    errors: dict[str, etree._Element] = field(default_factory=dict)
    escalations: dict[str, etree._Element] = field(default_factory=dict)
    definitions: dict[str, etree._Element] = field(default_factory=dict)


def read_catalogue(root: etree._Element, findings: Findings) -> Catalogue:
    """Read what events may refer to."""
    catalogue = Catalogue()
    for kind, found in (
        ("message", catalogue.messages),
        ("signal", catalogue.signals),
        ("error", catalogue.errors),
        ("escalation", catalogue.escalations),
        *((kind, catalogue.definitions) for kind in EVENTS),
    ):
        for xml in children(root, kind):
            check_words(xml, ROOTS[kind] or {}, findings)
            found[plain(xml, "id") or ""] = xml
    return catalogue


def read_event(node: Node, catalogue: Catalogue, texts: TextReader) -> EventSpec | None:
    """Return what an event, receive or send task says; None for everything else, or for a wrong one."""
    if node.type == "receiveTask" or (node.type == "sendTask" and plain(node.xml, "messageRef")):
        return _message(node, node.xml, catalogue, texts)
    if node.type not in EVENT_KINDS:
        return None
    definitions = _definitions(node, catalogue, texts)
    several = len(definitions) > 1
    allowed = MULTIPLE_KINDS[node.type] if several else _kinds(node)
    parts = tuple(part for xml in definitions if (part := _defined(node, xml, catalogue, texts, allowed)) is not None)
    if len(parts) < len(definitions):
        return None
    if several:
        event: EventSpec | None = EventSpec(
            "multiple", parts=parts, parallel=plain(node.xml, "parallelMultiple") == "true"
        )
    else:
        event = parts[0] if parts else _none(node, texts)
    if event is None:
        return None
    if event.parallel and node.type == "startEvent" and node.scope.node is None:
        texts.note("event-parallel-start")
    if node.type == "boundaryEvent":
        interrupting = plain(node.xml, "cancelActivity") != "false"
        return replace(event, attached_to=reference(node.xml, "attachedToRef"), interrupting=interrupting)
    return replace(event, interrupting=plain(node.xml, "isInterrupting") != "false")


def _kinds(node: Node) -> frozenset[str]:
    """Return the kinds of events that a node may be."""
    scope = node.scope.node
    if node.type == "startEvent" and scope is not None and scope.is_triggered:
        return TRIGGERS
    return EVENT_KINDS[node.type]


def _definitions(node: Node, catalogue: Catalogue, texts: TextReader) -> list[etree._Element]:
    """Return the event definitions of a node, its own and those of the file that it refers to."""
    found = []
    for child in node.xml:
        namespace, name = split(str(child.tag))
        if namespace != BPMN:
            continue
        if name in EVENTS:
            found.append(child)
        elif name == "eventDefinitionRef":
            ref = text_of(child)
            if ref in catalogue.definitions:
                found.append(catalogue.definitions[ref])
            else:
                texts.note("reference-unresolved", attribute=name, target=ref, expected="event definition")
    return found


def _none(node: Node, texts: TextReader) -> EventSpec | None:
    if node.type in {"startEvent", "endEvent", "intermediateThrowEvent"}:
        return EventSpec()
    texts.note("event-unsupported", type=node.type, definition="no event definition")
    return None


def _defined(
    node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader, allowed: frozenset[str]
) -> EventSpec | None:
    name = split(str(xml.tag))[1]
    kind = name.removesuffix("EventDefinition")
    if kind not in allowed:
        texts.note("event-unsupported", type=node.type, definition=name)
        return None
    check_words(xml, EVENTS[name], texts.findings, node.id)
    check_children(xml, _PARTS.get(kind, frozenset()), texts.findings, node.id)
    return _READERS[kind](node, xml, catalogue, texts)


def _conditional(_node: Node, xml: etree._Element, _catalogue: Catalogue, texts: TextReader) -> EventSpec | None:
    blocks = children(xml, "condition")
    if not blocks:
        texts.note("attribute-missing", type="conditionalEventDefinition", attribute="condition")
        return None
    check_children(blocks[0], frozenset(), texts.findings, texts.id)
    expression = texts.expression(text_of(blocks[0]), "condition", plain(blocks[0], "language"))
    return None if expression is None else EventSpec("conditional", condition=expression)


def _code(node: Node, xml: etree._Element, attribute: str, texts: TextReader) -> str | None:
    """Return the code of an error or escalation; an event that catches one without code catches all of them."""
    code = plain(xml, attribute) or None
    if code is None:
        type_, id_ = split(str(xml.tag))[1], plain(xml, "id") or ""
        if node.type in THROWING_EVENTS:
            texts.note("attribute-missing", type=type_, attribute=attribute)
        else:
            texts.doubt("event-code-missing", type=type_, id=id_)
    return code


def _escalation(node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    code, ref = None, reference(xml, "escalationRef")
    escalation = catalogue.escalations.get(ref)
    if escalation is not None:
        code = _code(node, escalation, "escalationCode", texts)
    elif ref:
        texts.note("reference-unresolved", attribute="escalationRef", target=ref, expected="escalation")
    elif node.type in THROWING_EVENTS:
        texts.note("attribute-missing", type="escalationEventDefinition", attribute="escalationRef")
    variable = texts.variable(camunda(xml, "escalationCodeVariable"))
    return EventSpec("escalation", escalation_code=code, code_variable=variable)


def _compensate(node: Node, xml: etree._Element, _catalogue: Catalogue, texts: TextReader) -> EventSpec:
    if node.type not in THROWING_EVENTS:
        for name in ("activityRef", "waitForCompletion"):
            if plain(xml, name) is not None:
                texts.note("attribute-unsupported", attribute=name, type=f"compensateEventDefinition of a {node.type}")
    activity = reference(xml, "activityRef") or None
    return EventSpec("compensate", activity=activity, waits=plain(xml, "waitForCompletion") != "false")


def _message(node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    name = _referred(xml, "messageRef", catalogue.messages, texts)
    text = zhili(node.xml, "correlationKey") or zhili(xml, "correlationKey")
    return EventSpec("message", name, texts.value(text, "zhili:correlationKey"))


def _signal(_node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    return EventSpec("signal", _referred(xml, "signalRef", catalogue.signals, texts))


def _error(node: Node, xml: etree._Element, catalogue: Catalogue, texts: TextReader) -> EventSpec:
    code, message = None, None
    ref = reference(xml, "errorRef")
    error = catalogue.errors.get(ref)
    if error is not None:
        code = _code(node, error, "errorCode", texts)
        message = texts.value(camunda(error, "errorMessage"), "camunda:errorMessage")
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
    ref = reference(xml, attribute)
    kind = attribute.removesuffix("Ref")
    if not ref:
        texts.note("attribute-missing", type=kind, attribute=attribute)
        return ""
    if ref not in known:
        texts.note("reference-unresolved", attribute=attribute, target=ref, expected=kind)
        return ""
    value = texts.value(plain(known[ref], "name") or ref, f"{kind} name")
    if value is not None and value.literal is None:
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
    if kind is TimerKind.CYCLE and not _repeats(node):
        texts.findings.add("timer-cycle-here", node.id, line_of(timer))
    if value is None and not text_of(timer):
        texts.note("timer-invalid", text="", reason="the text is empty")
    if value is not None and value.literal is not None:
        _check_timer(kind, value, texts)
    elif value is not None:
        _check_constant(kind, value, texts)
    return EventSpec("timer", timer_kind=kind, timer=value)


def _repeats(node: Node) -> bool:
    """Whether a timer may fire again and again: it starts processes, or interrupts nothing."""
    if node.type == "startEvent" and node.scope.node is None:
        return True
    if sum(1 for child in node.xml if split(str(child.tag))[1] in {*EVENTS, "eventDefinitionRef"}) > 1:
        return False  # one of several events comes once
    if node.type == "startEvent":
        return plain(node.xml, "isInterrupting") == "false"
    return node.type == "boundaryEvent" and plain(node.xml, "cancelActivity") == "false"


def _check_constant(kind: TimerKind, value: Value, texts: TextReader) -> None:
    """Refuse a timer expression that reads nothing and never gives a timer."""
    given = constant(value)
    if given is NOT_CONSTANT:
        return
    try:
        first_due(kind, given, CONSTANT_NOW)
    except TimerTextError as error:
        shown_value = "null" if given is None else given
        texts.note("constant-wrong", place=kind.value, text=value.text, value=shown_value, reason=str(error))


def _check_timer(kind: TimerKind, value: Value, texts: TextReader) -> None:
    try:
        check_text(kind, value.text)
    except TimerTextError as error:
        texts.note("timer-invalid", text=value.text, reason=str(error))


def _terminate(_node: Node, _xml: etree._Element, _catalogue: Catalogue, _texts: TextReader) -> EventSpec:
    return EventSpec("terminate")


def _cancel(_node: Node, _xml: etree._Element, _catalogue: Catalogue, _texts: TextReader) -> EventSpec:
    return EventSpec("cancel")


def _link(_node: Node, xml: etree._Element, _catalogue: Catalogue, texts: TextReader) -> EventSpec:
    name = plain(xml, "name")
    if not name:
        texts.note("attribute-missing", type="linkEventDefinition", attribute="name")
    links = {plain(one, "id"): plain(one, "name") for one in xml.getroottree().getroot().iter(xml.tag)}
    for child in (*children(xml, "source"), *children(xml, "target")):
        ref = text_of(child).rpartition(":")[2]
        if links.get(ref) != name:  # links meet by their names; what is written beside must say the same
            texts.note("reference-unresolved", attribute=split(str(child.tag))[1], target=ref, expected=f"link {name}")
    return EventSpec("link", name)


_PARTS = {
    "timer": frozenset(kind.value for kind in TimerKind),
    "conditional": frozenset({"condition"}),
    "link": frozenset({"source", "target"}),
}
_READERS: dict[str, Callable[[Node, etree._Element, Catalogue, TextReader], EventSpec | None]] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "conditional": _conditional,
    "error": _error,
    "escalation": _escalation,
    "compensate": _compensate,
    "cancel": _cancel,
    "terminate": _terminate,
    "link": _link,
}
