"""Declarations: messages, signals, errors and escalations that no event uses, and timers that start without an end."""

from lxml import etree

from engine.bpmn.reading.graph import Graph
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import CAMUNDA, children, line_of, plain, shown, split, text_of

# What other engines do with them is done by operators here, or not at all.
_UNHEARD = (f"{{{CAMUNDA}}}historyTimeToLive", f"{{{CAMUNDA}}}isStartableInTasklist")
_DECLARED = ("message", "signal", "error", "escalation")


def lint_declarations(root: etree._Element, findings: Findings) -> None:
    """Note what a file declares and refers to nowhere; drawings count as use."""
    language = plain(root, "expressionLanguage")
    if language and "feel" not in language.lower():
        findings.note("expression-language-elsewhere", line=line_of(root), language=language)
    for process in children(root, "process"):
        for name in _UNHEARD:
            if process.get(name) is not None:
                details = {"attribute": shown(name), "type": "process"}
                findings.note("attribute-unheard", plain(process, "id") or "", line_of(process), **details)
    used = {
        str(value).rpartition(":")[2]
        for xml in root.iter(etree.Element)
        for name, value in xml.attrib.items()
        if str(name).endswith("Ref")
    }
    used |= {
        (xml.text or "").strip().rpartition(":")[2]
        for xml in root.iter(etree.Element)
        if split(str(xml.tag))[1].endswith("Ref")
    }
    for type_ in _DECLARED:
        for xml in children(root, type_):
            id_ = plain(xml, "id") or ""
            if id_ not in used:
                findings.note("declaration-unused", id_, line_of(xml), type=type_, id=id_)


def lint_start_timers(graph: Graph, findings: Findings) -> None:
    """Note start events of the process whose timer never stops starting instances."""
    for node in graph.top.nodes.values():
        if node.type != "startEvent":
            continue
        for definition in children(node.xml, "timerEventDefinition"):
            for cycle in children(definition, "timeCycle"):
                text = text_of(cycle).strip()
                if _is_endless(text):
                    findings.warn("timer-start-endless", node.id, node.line, id=node.id, text=text)


def _is_endless(text: str) -> bool:
    """Tell whether an ISO 8601 repetition has neither a count nor an end; what is computed is not known."""
    head, *rest = text.split("/")
    if head != "R" or not rest:
        return False
    return not (len(rest) == 2 and rest[0].startswith("P"))  # noqa: PLR2004 (duration, then the end)
