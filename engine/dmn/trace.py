"""What took part in an answer: tables that were asked, functions and services that were called, reasons for nulls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.dmn.model import Aggregation, HitPolicy
from engine.feel import FeelError, to_json
from engine.feel.run import MAX_STEPS, Run
from engine.feel.values import Function

# A loop may call a function a thousand times; so many parts of an answer are kept.
MAX_PARTS = 200


@dataclass(frozen=True, slots=True)
class Match:
    """A row that answers: its id, its number from 1, its answers as JSON, the text beside it."""

    rule_id: str
    row: int
    outputs: Mapping[str, object]
    annotation: str

    def explain(self) -> dict[str, object]:
        """Return the row as JSON."""
        return {
            "rule_id": self.rule_id,
            "row": self.row,
            "outputs": dict(self.outputs),
            "annotation": self.annotation,
        }


@dataclass(slots=True)
class Part:
    """A table, a function or a service that took part in an answer.

    kind    table, invocation or service
    name    of what holds the table; of the function or service
    inputs  what went in, FEEL values by name; `value` is what came out
    parts   what took part in it in turn; `required` are the decisions that a service evaluated, explained
    """

    kind: str
    name: str
    inputs: Mapping[str, object]
    value: object = None
    hit_policy: HitPolicy | None = None
    aggregation: Aggregation | None = None
    matches: tuple[Match, ...] = ()
    parts: "list[Part]" = field(default_factory=list)
    required: list[dict[str, object]] = field(default_factory=list)

    def explain(self) -> dict[str, object]:
        """Return the part as JSON."""
        told: dict[str, object] = {
            "kind": self.kind,
            "name": self.name,
            "inputs": {name: shown(value) for name, value in self.inputs.items()},
            "value": shown(self.value),
        }
        if self.kind == "table":
            told["hit_policy"] = str(self.hit_policy)
            told["matches"] = [match.explain() for match in self.matches]
        else:
            told["parts"] = [part.explain() for part in self.parts]
        if self.kind == "service":
            told["required"] = self.required
        return told


def shown(value: object) -> object:
    """Return a FEEL value as JSON; a function is shown as the text of its head."""
    try:
        return to_json(value)
    except FeelError as error:
        if error.key != "feel-foreign-value":
            raise
        return to_json(_without_functions(value))


def _without_functions(value: object) -> object:
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    if isinstance(value, list):
        return [_without_functions(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_functions(item) for key, item in value.items()}
    return value


class DecisionRun(Run):
    """The account of an evaluation of decisions: also what takes part, in the order in which it was done."""

    __slots__ = ("parts", "room")

    def __init__(
        self,
        limit: int = MAX_STEPS,
        now: datetime | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Open an account of `limit` steps, with room for MAX_PARTS parts."""
        super().__init__(limit, now, facts)
        self.parts: list[Part] = []
        self.room = MAX_PARTS

    def record(self, part: Part) -> None:
        """Keep a part, while there is room."""
        if self.room > 0:
            self.room -= 1
            self.parts.append(part)
