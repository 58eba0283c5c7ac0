"""What a check finds: where, how bad, and a code under which the sentence is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]

SENTENCES: dict[str, str] = {
    "feel-name-unknown": "There is no {name} here.",
    "feel-name-misspelt": "There is no {name} here; {suggestion} is meant, perhaps.",
    "feel-property-unknown": "{context} has no {name}; it has {known}.",
    "feel-property-misspelt": "{context} has no {name}; {suggestion} is meant, perhaps.",
    "feel-operand-types": "{left} {operator} {right} is not defined.",
    "feel-compare-types": "{left} and {right} are never equal.",
    "feel-value-impossible": "{value} is none of the values that there can be: {allowed}.",
    "feel-argument-type": "{function} takes {expected} as {parameter}, not {found}.",
    "feel-argument-count": "{function} is written {usage}.",
    "feel-not-boolean": "A condition is true or false; this is {found}.",
    "feel-result-type": "{expected} is expected; this is {found}.",
    "feel-not-function": "{name} is {found}, no function.",
}


@dataclass(frozen=True, slots=True)
class ExpressionFinding:
    """Something that is wrong or doubtful in an expression.

    severity      error: certain whatever the values are · warning: doubtful
    line, column  place in the expression, from 1
    """

    code: str
    severity: Severity
    line: int
    column: int
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.code].format_map(self.params)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of a character, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
