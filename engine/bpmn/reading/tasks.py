"""Work: what user tasks, jobs, decisions, calls and scripts say about themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal, cast

from engine.bpmn.elements import CallSpec, DecisionSpec, JobSpec, ScriptSpec, UserTaskSpec, Work
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.mappings import read_calls
from engine.bpmn.reading.roles import read_roles
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children
from engine.bpmn.timers import TimerKind, TimerTextError, check_text, parse_retry
from engine.bpmn.values import Value
from engine.bpmn.xml import camunda, children, extension, plain, text_of
from engine.feel.foreign import derive_script, spoken_name


def read_work(node: Node, texts: TextReader) -> Work | None:
    """Return what kind of work a node is; None for nodes without work, or whose work is wrong."""
    reader = _READERS.get(node.type)
    return reader(node, texts) if reader else None


def _user_task(node: Node, texts: TextReader) -> UserTaskSpec:
    def value(name: str) -> Value | None:
        return texts.value(camunda(node.xml, name), f"camunda:{name}")

    person, groups = read_roles(node, texts)
    return UserTaskSpec(
        assignee=value("assignee") or person,
        candidate_groups=value("candidateGroups") or groups,
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
    message = plain(node.xml, "messageRef") if node.type == "sendTask" else None
    if message and not topic:
        if plain(node.xml, "operationRef"):
            texts.note("attribute-unsupported", attribute="operationRef", type="sendTask with messageRef")
        return None
    if node.type == "sendTask" and bool(message) == bool(topic):
        texts.note("send-unclear")
        return None
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
    blocks = children(node.xml, "script")
    text = text_of(blocks[0] if blocks else None)
    language = plain(node.xml, "scriptFormat") or ""
    if "feel" not in language.lower():
        _foreign_script(node, texts, text, language)
        return None
    result = texts.variable(camunda(node.xml, "resultVariable"))
    if result is None and not camunda(node.xml, "resultVariable"):
        texts.note("script-without-result")
    for block in blocks:
        check_children(block, frozenset(), texts.findings, node.id)
    expression = texts.expression(text, "script")
    if result is None or expression is None:
        return None
    return ScriptSpec(Value(f"{node.id}.script", text, expression), result)


def _foreign_script(node: Node, texts: TextReader, text: str, language: str) -> None:
    """Note a script of another language, with the expression and the variable to write instead."""
    found = derive_script(text, language)
    if found is None:
        texts.note("script-format", format=language or "(none)")
        return
    suggestion, variable = found
    named = variable if camunda(node.xml, "resultVariable") is None else None
    result = f' and camunda:resultVariable="{named}"' if named else ""
    texts.note("script-foreign", format=spoken_name(language), text=text, suggestion=f"= {suggestion}", result=result)


_READERS: dict[str, Callable[[Node, TextReader], Work | None]] = {
    "userTask": _user_task,
    "serviceTask": _job,
    "sendTask": _job,
    "businessRuleTask": _decision,
    "callActivity": _call,
    "scriptTask": _script,
}
