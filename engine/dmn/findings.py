"""What the analysis of a table finds, in words and in facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.dmn.coverage import GUESS, Place
from engine.dmn.errors import show
from engine.dmn.regions import Dimension
from engine.feel import to_json

Kind = Literal[
    "gap", "overlap", "unreachable", "conflict", "duplicate", "missing-default", "not-analysable", "not-decided"
]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a table that its author should know.

    kind      gap: no row for these inputs · overlap: two rows for them, and one may · conflict: two rows that answer
              differently, and may not · duplicate: two rows that say the same · unreachable: a row that never
              answers · missing-default: values that nobody listed have no row · not-analysable: a cell that does
              more than test its input · not-decided: more work than is done here
    severity  error: the table must not be deployed · warning · info
    rows      numbers of the rows, from 1
    witness   inputs that prove it, JSON, by label
    facts     what fills the sentence besides: column, text, reason
    """

    kind: Kind
    severity: Severity
    rows: tuple[int, ...]
    witness: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The key of the sentence."""
        more = self.facts.get("reason") or self.facts.get("what") or ""
        same = self.kind == "overlap" and self.facts.get("answers") == "same"
        return "-".join(part for part in ("table", self.kind, more, "same" if same else "") if part)

    @property
    def params(self) -> dict[str, object]:
        """What fills the sentence in any language."""
        shown = shown_inputs(self.witness)
        return {"kind": self.kind, "rows": list(self.rows), "witness": shown, "message": self.message, **self.facts}


def shown_inputs(inputs: Mapping[str, object]) -> str:
    """Write inputs as their author would."""
    return ", ".join(f"{name} = {show(value)}" for name, value in inputs.items())


def witness_at(dimensions: Sequence[Dimension], place: Place) -> dict[str, object]:
    """Return the inputs at a place; some value where any will do."""
    witness: dict[str, object] = {}
    for index, dimension in enumerate(dimensions):
        region = place.get(index, 1 if len(dimension.regions) > 1 else 0)
        if region != GUESS:
            witness[dimension.label] = to_json(dimension.regions[region].sample)
    return witness
