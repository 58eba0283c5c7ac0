"""From a file to process models: read, check everything, compile once."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from lxml import etree

from engine.bpmn.assembly import assemble
from engine.bpmn.elements import Element
from engine.bpmn.lint import Budget, lint, lint_declarations
from engine.bpmn.model import ProcessModel
from engine.bpmn.reading.associations import read_declared
from engine.bpmn.reading.correlation import Conversations, correlate, read_conversations
from engine.bpmn.reading.data import read_data
from engine.bpmn.reading.elements import read_elements, read_flows
from engine.bpmn.reading.events import Catalogue, read_catalogue
from engine.bpmn.reading.global_tasks import global_tasks
from engine.bpmn.reading.graph import check_ids, read_graph
from engine.bpmn.reading.pools import check_pools
from engine.bpmn.reading.words import check_words
from engine.bpmn.requirements import awaited, read_policy, read_version_tag, requirements, start_points
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import PROCESS, ROOTS
from engine.bpmn.xml import BPMN, children, is_drawing, line_of, parse, plain, shown, split
from engine.errors import Problem

_CACHED = 128


@dataclass(frozen=True, slots=True)
class BpmnFile:
    """What a file holds.

    models    one per executable process
    findings  what is doubtful about it, though nothing refuses it
    """

    models: tuple[ProcessModel, ...]
    findings: tuple[Problem, ...]


def read_processes(xml: bytes, file: str) -> tuple[ProcessModel, ...]:
    """Return the executable processes of a BPMN file. Raises as `read_file` does."""
    return read_file(xml, file).models


@lru_cache(maxsize=_CACHED)
def read_file(xml: bytes, file: str) -> BpmnFile:
    """Read a BPMN file into one model per executable process; the same file is compiled once.

    A process that says `isExecutable="false"` is a drawing: it is kept with its file, and a finding says so.

    file     name for messages
    Raises   DeploymentError with every problem: element id, file, line
    """
    findings = Findings(file)
    read, drafts = _drafts(xml, findings)
    findings.raise_if_any()
    lint_declarations(read, findings)
    return BpmnFile(_compiled(xml, file, drafts), findings.warnings)


@lru_cache(maxsize=_CACHED)
def read_deployed(xml: bytes, file: str) -> tuple[ProcessModel, ...]:
    """Return the executable processes of a file that was deployed, perhaps by an earlier release.

    Its instances run on, also where a rule that came later would refuse the file today.
    Raises   DeploymentError when nothing can be made of it
    """
    findings = Findings(file)
    _, drafts = _drafts(xml, findings)
    try:
        return _compiled(xml, file, drafts)
    except Exception:
        findings.raise_if_any()  # what could not be compiled has a reason that can be told
        raise


def _drafts(xml: bytes, findings: Findings) -> "tuple[etree._Element, list[_Draft]]":
    root = parse(xml, findings)
    check_ids(root, findings)
    _check_roots(root, findings)
    catalogue = read_catalogue(root, findings)
    conversations = read_conversations(root, catalogue, findings)
    processes = [*children(root, "process"), *global_tasks(root, findings)]
    if not processes:
        findings.add("bpmn-no-process")
    budget = Budget()
    drafts = [
        _Draft(process, catalogue, conversations, findings, budget) for process in processes if _runs(process, findings)
    ]
    check_pools(root, {id_: one for draft in drafts for id_, one in draft.elements.items()}, catalogue, findings)
    return root, drafts


def _compiled(xml: bytes, file: str, drafts: "list[_Draft]") -> tuple[ProcessModel, ...]:
    content_hash = hashlib.sha256(xml).hexdigest()
    return tuple(draft.compile(content_hash, file) for draft in drafts)


def _runs(process: etree._Element, findings: Findings) -> bool:
    if plain(process, "isExecutable") != "false":
        return True
    findings.warn("process-not-executable", plain(process, "id") or "", line_of(process))
    return False


def _check_roots(root: etree._Element, findings: Findings) -> None:
    for xml in root:
        namespace, name = split(str(xml.tag))
        if namespace == BPMN and name not in ROOTS and not is_drawing(xml):
            findings.add("element-unsupported", plain(xml, "id") or "", line_of(xml), type=shown(str(xml.tag)))


class _Draft:
    """One process, read but not yet compiled."""

    def __init__(
        self,
        process: etree._Element,
        catalogue: Catalogue,
        conversations: Conversations,
        findings: Findings,
        budget: Budget,
    ) -> None:
        check_words(process, PROCESS, findings)
        id_ = plain(process, "id") or ""
        self.xml = process
        graph = read_graph(process, findings)
        data = read_data(graph, findings)
        name = plain(process, "name") or id_
        self.element = Element(id_, name, "process", line_of(process), mapping=read_declared(graph, data))
        self.flows = read_flows(graph, findings)
        elements = read_elements(graph, catalogue, data, findings)
        starts = {start.element_id for start in start_points(self.element, elements, self.flows)}
        self.elements = correlate(process, elements, starts, conversations, findings)
        lint(graph, self.elements, self.flows, findings, budget)

    def compile(self, content_hash: str, file: str) -> ProcessModel:
        """Return the model of a process without problems."""
        policy = read_policy(self.xml)
        return ProcessModel(
            key=self.element.id,
            name=self.element.name,
            file=file,
            content_hash=content_hash,
            version_tag=read_version_tag(self.xml),
            elements=MappingProxyType(self.elements),
            flows=MappingProxyType(self.flows),
            start_events=tuple(start_points(self.element, self.elements, self.flows)),
            messages=awaited(self.elements, "message"),
            signals=awaited(self.elements, "signal"),
            required=tuple(requirements(self.element, self.elements, policy)),
            policy=policy,
            spec=assemble(self.element, self.elements, self.flows),
        )
