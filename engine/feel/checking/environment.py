"""What an expression can see: names with their types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from engine.feel.checking.static_types import StaticType

Unknown = Literal["error", "warning", "open"]
_CLOSE = 0.75
_SHORT = 4
_FULL_WIDTH = {ord("（"): "(", ord("）"): ")", ord("，"): ",", 0x3000: " "}


@dataclass(frozen=True, slots=True)
class Environment:
    """Names and types.

    names     by name
    unknown   what a name is that is not among them: an error, doubtful (warning), or allowed unless it looks like
              a slip of the pen (open)
    labels    what people call a name, for editors
    """

    names: Mapping[str, StaticType] = field(default_factory=dict)
    unknown: Unknown = "error"
    labels: Mapping[str, str] = field(default_factory=dict)

    def type_of(self, name: str) -> StaticType | None:
        """Return the type of a name; None where it is not known."""
        return self.names.get(name)

    def with_names(self, names: Mapping[str, StaticType]) -> "Environment":
        """Return the environment inside a block that declares more names."""
        return Environment({**self.names, **names}, self.unknown, self.labels)

    def opened(self) -> "Environment":
        """Return the environment inside a filter, whose items may have entries of any name."""
        return Environment(self.names, "open", self.labels)


def is_slip(name: str, other: str) -> bool:
    """Tell whether two names differ by one slip of the pen: a character too many, too few, wrong, or two swapped."""
    first, second = sorted((_plain(name), _plain(other)), key=len)
    if first == second:
        return True
    if len(first) < (_SHORT if first.isascii() else _SHORT - 1) or len(second) - len(first) > 1:
        return False
    at = next((place for place in range(len(first)) if first[place] != second[place]), len(first))
    if len(second) > len(first):
        return first[at:] == second[at + 1 :]
    swapped = first[at : at + 2] == second[at : at + 2][::-1] and first[at + 2 :] == second[at + 2 :]
    return swapped or first[at + 1 :] == second[at + 1 :]


def nearest(name: str, known: Mapping[str, object]) -> str | None:
    """Return the known name that somebody most likely meant; None where none is near."""
    plain = {_plain(other): other for other in known if other not in {name, "?"}}
    own = _plain(name)
    if own in plain:
        return plain[own]
    # In short names, Chinese ones above all, one wrong character is already far away.
    cutoff = _CLOSE if len(own) > 3 else 0.6  # noqa: PLR2004
    found = get_close_matches(own, plain, n=1, cutoff=cutoff)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return "".join(name.translate(_FULL_WIDTH).lower().replace("_", "").split())
