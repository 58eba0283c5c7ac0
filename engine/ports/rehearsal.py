"""What stands beside the engine in a rehearsal: it sees every step, and may answer for tables and handlers."""

from collections.abc import Mapping
from typing import Protocol

from engine.model.process_instance import ProcessInstance
from engine.model.step import Step


class Rehearsal(Protocol):
    """An observer of one rehearsal, with the answers that were agreed on beforehand."""

    def passed(self, instance: ProcessInstance, step: Step) -> None:
        """Hear of a step of an instance; a step that was undone is never told."""
        ...

    def decided(self, decision: str, rows: tuple[int, ...]) -> None:
        """Hear which rows of a decision answered; for a decision without a table there are none."""
        ...

    def answer(self, decision: str, context: Mapping[str, object]) -> tuple[object, ...]:
        """Return the agreed answer of a decision as the only element; empty where the decision itself answers."""
        ...

    def handle(self, topic: str, variables: Mapping[str, object]) -> Mapping[str, object] | None:
        """Return the agreed result of a service task; None where its handler works. May raise as a handler does."""
        ...
