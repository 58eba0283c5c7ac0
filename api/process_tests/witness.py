"""The witness of a rehearsal: which flows were taken, which rows answered; and it answers what was agreed on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from api.process_tests.library import Library
from api.process_tests.model import HandlerStub, Stub
from engine.handler import BpmnError
from engine.model.process_instance import ProcessInstance
from engine.model.step import Passage, Step

RIVALS = "eventBasedGateway"


@dataclass(slots=True)
class Witness:
    """Sees everything that one scenario does.

    path   every element entered, in order: process key, element id, business key
    flows  every sequence flow taken: process key, id
    rows   every row that answered: decision key, number
    sent   names of messages and signals thrown, in order
    born   every instance by its id, with its place in the order in which they were seen first
    """

    library: Library
    rules: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    handlers: Mapping[str, HandlerStub] = field(default_factory=dict)
    path: list[tuple[str, str, str | None]] = field(default_factory=list)
    flows: set[tuple[str, str]] = field(default_factory=set)
    rows: set[tuple[str, int]] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    born: dict[str, int] = field(default_factory=dict)
    _looks_away: bool = False

    def passed(self, instance: ProcessInstance, step: Step) -> None:
        """Note elements, flows and messages; a flow behind an event-based gateway counts once its event has come."""
        self.born.setdefault(instance.id, len(self.born))
        key = instance.process_key
        model = self.library.models[key]
        for passage in step.trace:
            if passage.event is Passage.ENTERED:
                self.path.append((key, passage.element_id, instance.business_key))
        ended = {passage.element_id for passage in step.trace if passage.event is Passage.COMPLETED}
        for flow in model.flows.values():
            is_rival = model.elements[flow.source].type == RIVALS
            if flow.target in ended if is_rival else flow.id in step.flows:
                self.flows.add((key, flow.id))
        self.sent += [thrown.name for thrown in step.thrown]

    def decided(self, decision: str, rows: tuple[int, ...]) -> None:
        """Note the rows that answered."""
        if not self._looks_away:
            self.rows |= {(decision, row) for row in rows}

    def answer(self, decision: str, context: Mapping[str, object]) -> tuple[object, ...]:
        """Return the agreed answer of the first stub whose inputs are as they are here."""
        for stub in self.rules.get(decision, ()):
            if all(context.get(name) == wanted for name, wanted in stub.when.items()):
                return (stub.then,)
        return ()

    def handle(self, topic: str, variables: Mapping[str, object]) -> Mapping[str, object] | None:
        """Return the agreed result of a service task, or raise the agreed BpmnError."""
        del variables
        stub = self.handlers.get(topic)
        if stub is not None and stub.error is not None:
            raise BpmnError(stub.error, variables=dict(stub.result))
        return None if stub is None else stub.result

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Note no rows for a block: what the test itself looks up is no part of the process."""
        self._looks_away = True
        try:
            yield
        finally:
            self._looks_away = False
