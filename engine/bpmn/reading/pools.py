"""Pools and message flows: a picture of who talks to whom, checked against the processes that do the talking.

BPMN 2.0.2 §9.3: message flows carry nothing by themselves, the messages of events and tasks do. A pool without a
process is a black box, `participantMultiplicity` describes.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.bpmn.elements import Element
from engine.bpmn.reading.events import Catalogue
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import ACTIVITIES, EVENT_KINDS, SCOPES
from engine.bpmn.xml import BPMN, children, line_of, plain, reference, split

_ENDS = ACTIVITIES | EVENT_KINDS.keys()


def check_pools(
    root: etree._Element, elements: Mapping[str, Element], catalogue: Catalogue, findings: Findings
) -> None:
    """Check every collaboration: participants and the ends of message flows exist, and agree on the message.

    elements   of all executable processes
    """
    homes = dict(_homes(root))
    processes = {plain(xml, "id") or "" for xml in children(root, "process")}
    for collaboration in children(root, "collaboration"):
        pools = {}
        for xml in children(collaboration, "participant"):
            id_, process = plain(xml, "id") or "", reference(xml, "processRef")
            pools[id_] = process
            if process and process not in processes:
                details = {"attribute": "processRef", "target": process, "expected": "process"}
                findings.add("reference-unresolved", id_, line_of(xml), **details)
        for xml in children(collaboration, "messageFlow"):
            _check_flow(xml, {**homes, **pools}, findings)
            _check_messages(xml, elements, catalogue, findings)


def _homes(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield each activity and event with the process that it lies in."""
    for process in children(root, "process"):
        stack = [process]
        while stack:
            for xml in stack.pop():
                namespace, type_ = split(str(xml.tag))
                if namespace == BPMN and type_ in _ENDS:
                    yield plain(xml, "id") or "", plain(process, "id") or ""
                    if type_ in SCOPES:
                        stack.append(xml)


def _check_flow(xml: etree._Element, homes: Mapping[str, str], findings: Findings) -> None:
    id_, ends = plain(xml, "id") or "", []
    for attribute in ("sourceRef", "targetRef"):
        end = reference(xml, attribute)
        if end in homes:
            ends.append(homes[end] or end)
        else:
            details = {"attribute": attribute, "target": end, "expected": "pool, activity or event"}
            findings.add("reference-unresolved", id_, line_of(xml), **details)
    if len(ends) == 2 and ends[0] == ends[1]:  # noqa: PLR2004 (source and target)
        findings.add("message-flow-inside", id_, line_of(xml), process=ends[0])


def _check_messages(
    xml: etree._Element, elements: Mapping[str, Element], catalogue: Catalogue, findings: Findings
) -> None:
    """Doubt a message flow whose ends, or whose own message, disagree by name."""
    names: dict[str, frozenset[str]] = {}
    for end in (reference(xml, "sourceRef"), reference(xml, "targetRef")):
        event = elements[end].event if end in elements else None
        found = frozenset(part.name for part in event.each if part.kind == "message" and part.name) if event else None
        if found:
            names[end] = found
    message = catalogue.messages.get(reference(xml, "messageRef"))
    if message is not None:
        names[plain(xml, "id") or ""] = frozenset({plain(message, "name") or ""})
    if names and not frozenset.intersection(*names.values()):
        said = "; ".join(f"{end}: {', '.join(sorted(found))}" for end, found in names.items())
        findings.warn("message-flow-disagrees", plain(xml, "id") or "", line_of(xml), messages=said)
