"""A compiled diagram: what services, deployers and the runtime know about one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.correlation import JoinedKey
from engine.bpmn.elements import Element, Flow, ProcessPolicy, Requirement, StartPoint
from engine.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class ProcessModel:
    """One process, compiled once and shared by all its instances; nothing in it ever changes.

    content_hash   SHA-256 of the file, hexadecimal
    elements       every flow node, by id, in the order of the file
    flows          every sequence flow, by id
    start_events   the ways in
    messages, signals   names that it can wait for, at its start events too
    required       what must exist outside: topics, decisions, forms, processes
    spec           what the library executes; not for readers
    """

    key: str
    name: str
    file: str
    content_hash: str
    version_tag: str | None
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    start_events: tuple[StartPoint, ...]
    messages: frozenset[str]
    signals: frozenset[str]
    required: tuple[Requirement, ...]
    policy: ProcessPolicy
    spec: WorkflowSpec = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What a state remembers of the diagram that it belongs to."""
        return self.content_hash[:16]

    @property
    def declared(self) -> tuple[str, ...]:
        """Process variables that the diagram declares: data objects, properties, data inputs and outputs."""
        owned: tuple[str, ...] = self.spec.start.element.mapping.owned
        return owned

    @property
    def retrievals(self) -> Mapping[str, JoinedKey]:
        """By the name of a message: where its key is in its variables, for messages of a conversation."""
        events = (event for element in self.elements.values() if element.event for event in element.event.each)
        return {one.name: one.correlation.retrieval for one in events if one.name and one.correlation}

    def start_element(self, start_event: str | None) -> str:
        """Return the id of the start event to use: the one asked for, or the one without a trigger.

        Raises   Invalid when there is no such start event
        """
        for start in self.start_events:
            if start.element_id == start_event or (start_event is None and start.kind == "none"):
                return start.element_id
        raise Invalid(
            f"The process {self.key} has no start event {start_event or 'without a trigger'}.",
            code="start-event-unknown",
            process=self.key,
            start_event=start_event or "",
        )
