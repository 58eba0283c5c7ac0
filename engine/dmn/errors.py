"""A table that does not answer exactly once, or answers what it may not, is an error that explains itself."""

import json
from collections.abc import Mapping, Sequence

from engine.errors import Invalid


def show(value: object) -> str:
    """Return a JSON value as its author would write it."""
    return json.dumps(value, ensure_ascii=False)


class DecisionError(Invalid):
    """A decision has no valid answer for these inputs.

    decision  key of the decision
    inputs    its inputs with their values, JSON
    rows      numbers of the rows that are concerned, from 1
    """

    code = "decision-error"
    template = "The decision {decision} has no valid answer for {inputs}."

    def __init__(
        self,
        decision: str,
        inputs: Mapping[str, object],
        rows: Sequence[int] = (),
        *,
        code: str | None = None,
        message: str | None = None,
        **details: object,
    ) -> None:
        """Keep what explains the error."""
        self.decision = decision
        self.inputs = dict(inputs)
        self.rows = tuple(rows)
        shown = ", ".join(f"{name} = {show(value)}" for name, value in inputs.items()) or "no inputs"
        known = {"decision": decision, "inputs": self.inputs, "rows": list(self.rows), "shown": shown, **details}
        super().__init__((message or self.template).format_map(known), code=code)
        self.details = known


class NoMatch(DecisionError):
    """No row matches and there is no default."""

    code = "decision-no-match"
    template = "No row of {decision} matches {shown}, and there is no default."


class TooManyMatches(DecisionError):
    """More than one row matches where one may, or the rows give different answers."""

    code = "decision-too-many-matches"
    template = "The rows {rows} of {decision} match {shown}; only one may."
