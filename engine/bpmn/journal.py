"""What happens during one command, noted in order."""

from dataclasses import dataclass, field
from typing import Literal

from engine.bpmn.tokens import Token
from engine.model.step import Closed, Opened, Passage, Thrown, Trace


@dataclass(slots=True)
class Journal:
    """Trace, flows taken, waits that began or ended, and events thrown.

    What is opened and closed within the same command is in neither list.
    """

    trace: list[Trace] = field(default_factory=list)
    opened: dict[int, Opened] = field(default_factory=dict)
    closed: list[Closed] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)

    def passed(self, token: Token, event: Passage) -> None:
        """Note a passage of a token at its element."""
        self.trace.append(Trace(token.number, token.task_spec.element_id, event))

    def open(self, waiting: Opened) -> None:
        """Note that something waits from now on."""
        self.opened[waiting.activity] = waiting

    def close(self, token: Token, outcome: Literal["completed", "cancelled"]) -> None:
        """Note that something waits no longer."""
        if self.opened.pop(token.number, None) is None:
            self.closed.append(Closed(token.number, token.task_spec.element_id, outcome))
