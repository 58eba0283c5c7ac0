"""One evaluation: what it may still use, the names that it sees, and why a part of it is null."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from engine.feel.conversion import to_feel
from engine.feel.errors import FeelLimitError
from engine.feel.reasons import MAX_REASONS, Reason, brief

MAX_STEPS = 100_000
MAX_SIZE = 1_000_000
MAX_CALL_DEPTH = 64
NO_FACTS: Mapping[str, object] = MappingProxyType({})
# A step is the work of one loop turn; so many characters of a fresh string weigh the same.
CHARACTERS_PER_STEP = 64


class Run:
    """The account of one evaluation.

    steps, limit, depth  what was used, and what may be
    now                  the instant that `now()` gives
    facts                what domain functions may look up: working calendars and the like, by name
    reasons              why parts of it are null, the first causes first
    """

    __slots__ = ("_told", "converted", "depth", "facts", "limit", "now", "reasons", "steps")

    def __init__(
        self,
        limit: int = MAX_STEPS,
        now: datetime | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Open an account of `limit` steps."""
        self.facts = NO_FACTS if facts is None else facts
        self.reasons: list[Reason] = []
        self._told: set[tuple[str, int, int]] = set()
        self.steps = 0
        self.limit = limit
        self.now = now
        self.depth = 0
        self.converted: dict[int, tuple[object, object]] = {}

    def note(self, code: str, text: str, offset: int, **params: object) -> None:
        """Keep why a part is null: once for each place, however often it is passed; twenty at most."""
        if len(self.reasons) < MAX_REASONS and (code, offset, id(text)) not in self._told:
            self._told.add((code, offset, id(text)))
            shown = {name: brief(value) for name, value in params.items()}
            self.reasons.append(Reason(code, text, offset, shown))

    def charge(self, steps: int) -> None:
        """Take steps from the account; raises FeelLimitError when there are none left."""
        self.steps += steps
        if self.steps > self.limit:
            raise FeelLimitError("steps", self.limit)

    def sized_text(self, text: str) -> str:
        """Charge for a string that was built; raises FeelLimitError when it is too long."""
        if len(text) > MAX_SIZE:
            raise FeelLimitError("size", MAX_SIZE)
        self.charge(len(text) // CHARACTERS_PER_STEP)
        return text

    def room_for(self, size: int) -> None:
        """Charge for `size` elements before they are built."""
        if size > MAX_SIZE:
            raise FeelLimitError("size", MAX_SIZE)
        self.charge(size)

    def enter(self) -> None:
        """Count a call of a function that the author wrote."""
        self.depth += 1
        self.charge(1)
        if self.depth > MAX_CALL_DEPTH:
            raise FeelLimitError("call-depth", MAX_CALL_DEPTH)

    def leave(self) -> None:
        """Return from such a call."""
        self.depth -= 1

    def convert(self, value: object) -> object:
        """Convert a Python value that came with the context, each container once per evaluation."""
        if value.__class__ is int or value.__class__ is float:
            return to_feel(value)
        known = self.converted.get(id(value))
        if known is None:
            # The value is kept beside its image so that its id stays its own.
            known = self.converted[id(value)] = (value, to_feel(value))
        return known[1]


class Scope:
    """Names and their values, inside an outer scope; the outermost one holds the caller's context."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, object], outer: "Scope | None", run: Run) -> None:
        """Open a scope."""
        self.names = names
        self.outer = outer
        self.run = run
