"""Global tasks: tasks outside every process, for call activities; each is a process of its own with that one task.

BPMN 2.0.2 §10.3.5: a global task is callable as a process is. Its key is its id, its data inputs and outputs are those
of the process around it, and it can be started by itself.
"""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import GLOBAL_TASKS
from engine.bpmn.xml import BPMN, children, line_of, plain

# What a callable says of itself, and a process can say too.
_OF_PROCESS = frozenset({f"{{{BPMN}}}ioSpecification", f"{{{BPMN}}}property"})
_DESCRIBED = frozenset({f"{{{BPMN}}}supportedInterfaceRef", f"{{{BPMN}}}ioBinding"})


def global_tasks(root: etree._Element, findings: Findings) -> Iterator[etree._Element]:
    """Yield a process for each global task of a file: start event, task, end event."""
    known = {plain(xml, "id") for xml in root.iter(etree.Element)}
    for type_, local in GLOBAL_TASKS.items():
        for xml in children(root, type_):
            id_ = plain(xml, "id") or ""
            if not id_:
                findings.add("id-missing", "", line_of(xml), type=type_)
                continue
            made = [f"{id_}.{part}" for part in ("start", "task", "end")]
            for taken in known.intersection(made):
                findings.add("id-duplicate", taken or "", line_of(xml), id=taken, count=2)
            yield _process(xml, local, made)


def _process(xml: etree._Element, type_: str, ids: list[str]) -> etree._Element:
    """Return the process around one task; what it says of its data stays with the process."""
    start, middle, end = ids
    process = _made("process", xml, id=plain(xml, "id") or "", name=plain(xml, "name") or "", isExecutable="true")
    process.extend([deepcopy(one) for one in xml if one.tag in _OF_PROCESS])
    task = _made(type_, xml, **{str(name): str(value) for name, value in xml.attrib.items()})
    task.set("id", middle)
    language = task.get("scriptLanguage")
    if language is not None:
        task.set("scriptFormat", language)
        del task.attrib["scriptLanguage"]
    task.extend([deepcopy(one) for one in xml if one.tag not in _OF_PROCESS | _DESCRIBED])
    process.extend([_made("startEvent", xml, id=start), task, _made("endEvent", xml, id=end)])
    for source, target in ((start, middle), (middle, end)):
        process.append(_made("sequenceFlow", xml, id=f"{source}.flow", sourceRef=source, targetRef=target))
    return process


def _made(type_: str, xml: etree._Element, **attributes: str) -> etree._Element:
    made: etree._Element = etree.Element(f"{{{BPMN}}}{type_}", attributes)
    made.sourceline = xml.sourceline
    return made
