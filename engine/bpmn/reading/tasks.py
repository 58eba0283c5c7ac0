"""Work: what user tasks, jobs, decisions, calls and scripts say about themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal, cast

from engine.bpmn.elements import CallSpec, DecisionSpec, JobSpec, MultiInstanceSpec, ScriptSpec, UserTaskSpec, Work
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.mappings import read_calls
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.timers import TimerKind, TimerTextError, check_text, parse_retry
from engine.bpmn.values import Value
from engine.bpmn.vocabulary import MULTI_INSTANCE
from engine.bpmn.xml import BPMN, camunda, children, extension, plain, text_of, zhili


def read_work(node: Node, texts: TextReader) -> Work | None:
    """Return what kind of work a node is; None for nodes without work, or whose work is wrong."""
    reader = _READERS.get(node.type)
    return reader(node, texts) if reader else None


def _user_task(node: Node, texts: TextReader) -> UserTaskSpec:
    def value(name: str) -> Value | None:
        return texts.value(camunda(node.xml, name), f"camunda:{name}")

    return UserTaskSpec(
        assignee=value("assignee"),
        candidate_groups=value("candidateGroups"),
        candidate_users=value("candidateUsers"),
        due=_checked_instant(value("dueDate"), texts),
        follow_up=_checked_instant(value("followUpDate"), texts),
        priority=_checked_priority(value("priority"), texts),
        form_key=value("formKey"),
    )


def _checked_instant(value: Value | None, texts: TextReader) -> Value | None:
    if value is not None and value.literal is not None:
        try:
            check_instant_or_duration(value.literal)
        except TimerTextError as error:
            texts.note("timer-invalid", text=value.literal, reason=str(error))
    return value


def check_instant_or_duration(text: str) -> None:
    """Raise TimerTextError unless the text is an instant or a duration."""
    kind = TimerKind.DURATION if text.startswith("P") else TimerKind.DATE
    check_text(kind, text)


def _checked_priority(value: Value | None, texts: TextReader) -> Value | None:
    if value is not None and value.literal is not None and not value.literal.removeprefix("-").isdecimal():
        details = {"attribute": "priority", "type": "task", "value": value.literal, "allowed": "0, 1, 2, …"}
        texts.note("attribute-value", **details)
    return value


def _job(node: Node, texts: TextReader) -> JobSpec | None:
    topic = camunda(node.xml, "topic")
    if not topic or camunda(node.xml, "type") != "external":
        texts.note("topic-missing", type=node.type)
        return None
    literal = texts.value(topic, "camunda:topic")
    if literal is not None and literal.literal is None:
        texts.note("attribute-value", attribute="camunda:topic", type=node.type, value=topic, allowed="a literal")
    priority = camunda(node.xml, "jobPriority") or camunda(node.xml, "taskPriority")
    value = _checked_priority(texts.value(priority, "camunda:jobPriority"), texts)
    return JobSpec(topic, _retries(node, texts), value, camunda(node.xml, "asyncBefore") == "true")


def _retries(node: Node, texts: TextReader) -> tuple[int, timedelta] | None:
    for xml in extension(node.xml, "failedJobRetryTimeCycle"):
        try:
            return parse_retry(text_of(xml))
        except TimerTextError:
            texts.note("retry-invalid", text=text_of(xml))
    return None


def _decision(node: Node, texts: TextReader) -> DecisionSpec | None:
    ref = texts.value(camunda(node.xml, "decisionRef"), "camunda:decisionRef")
    if ref is None:
        if not camunda(node.xml, "decisionRef"):
            texts.note("decision-missing")
        return None
    binding = cast(Literal["latest", "deployment"], camunda(node.xml, "decisionRefBinding") or "latest")
    result = texts.variable(camunda(node.xml, "resultVariable"))
    mapping = cast(
        Literal["singleEntry", "singleResult", "collectEntries", "resultList"],
        camunda(node.xml, "mapDecisionResult") or "singleResult",
    )
    if mapping != "singleResult" and result is None:
        texts.note("attribute-missing", type="businessRuleTask", attribute=f"camunda:resultVariable for {mapping}")
    is_async = camunda(node.xml, "asyncBefore") == "true"
    return DecisionSpec(ref, binding, result, mapping, _retries(node, texts), is_async)


def _call(node: Node, texts: TextReader) -> CallSpec | None:
    called = texts.value(plain(node.xml, "calledElement"), "calledElement")
    if called is None:
        if not plain(node.xml, "calledElement"):
            texts.note("call-missing")
        return None
    binding = cast(Literal["latest", "deployment", "version"], camunda(node.xml, "calledElementBinding") or "latest")
    text = camunda(node.xml, "calledElementVersion") or ""
    version = int(text) if text.isdecimal() else None
    if (binding == "version") != (version is not None):
        texts.note("call-version-missing")
    ins, all_in, business_key = read_calls(node, texts, "in")
    outs, all_out, _ = read_calls(node, texts, "out")
    return CallSpec(called, binding, version, ins, outs, all_in, all_out, business_key)


def _script(node: Node, texts: TextReader) -> ScriptSpec | None:
    language = plain(node.xml, "scriptFormat") or ""
    if language.lower() != "feel":
        texts.note("script-format", format=language or "(none)")
        return None
    result = texts.variable(camunda(node.xml, "resultVariable"))
    if result is None and not camunda(node.xml, "resultVariable"):
        texts.note("script-without-result")
    blocks = children(node.xml, "script")
    for block in blocks:
        check_children(block, frozenset(), texts.findings, node.id)
    text = text_of(blocks[0] if blocks else None)
    expression = texts.expression(text, "script")
    if result is None or expression is None:
        return None
    return ScriptSpec(Value(f"{node.id}.script", text, expression), result)


def read_multi_instance(node: Node, texts: TextReader) -> MultiInstanceSpec | None:
    """Read the multi-instance marker of a node, if it has one."""
    blocks = children(node.xml, "multiInstanceLoopCharacteristics")
    if not blocks:
        return None
    xml = blocks[0]
    check_words(xml, MULTI_INSTANCE, texts.findings, node.id)
    for child in xml:
        if str(child.tag) not in _MULTI_PARTS:
            texts.note("element-unsupported", type=str(child.tag).rpartition("}")[2])
        check_children(child, frozenset(), texts.findings, node.id)
    parts = {name: text_of(found[0]) for name in _MULTI_NAMES if (found := children(xml, name))}
    source = camunda(xml, "collection") or parts.get("loopDataInputRef")
    collection = _collection(source, texts)
    cardinality = texts.value(parts.get("loopCardinality"), "loopCardinality")
    if (source is None) == (cardinality is None):
        texts.note("multi-instance-source")
    items = children(xml, "inputDataItem")
    element = texts.variable(camunda(xml, "elementVariable") or (plain(items[0], "name") if items else None))
    if element and not source:
        texts.note("multi-instance-element")
    completion = (
        texts.expression(parts["completionCondition"], "completionCondition")
        if "completionCondition" in parts
        else None
    )
    output = texts.variable(zhili(xml, "outputCollection"))
    given = zhili(xml, "outputElement")
    if (output is None) != (given is None):
        texts.note("multi-instance-output")
    output_element = texts.expression(given, "zhili:outputElement") if given is not None else None
    return MultiInstanceSpec(
        plain(xml, "isSequential") == "true", collection, cardinality, element, completion, output, output_element
    )


_MULTI_NAMES = ("loopDataInputRef", "loopCardinality", "completionCondition")
_MULTI_PARTS = frozenset(
    f"{{{BPMN}}}{name}" for name in (*_MULTI_NAMES, "inputDataItem", "documentation", "extensionElements")
)


def _collection(text: str | None, texts: TextReader) -> Value | None:
    """Read a bare name as a variable, as Camunda does; everything else is a value like all others."""
    if text and not text.lstrip().startswith(("=", "$", "#")):
        expression = texts.expression(text, "collection")
        return Value(f"{texts.id}.collection", text, expression) if expression else None
    return texts.value(text, "collection")


_READERS: dict[str, Callable[[Node, TextReader], Work | None]] = {
    "userTask": _user_task,
    "serviceTask": _job,
    "sendTask": _job,
    "businessRuleTask": _decision,
    "callActivity": _call,
    "scriptTask": _script,
}
