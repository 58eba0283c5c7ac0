"""The tokens of the reference: where they are, and in what phase."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

from tests.unit.bpmn.sketch import Node

WAITS = {
    "userTask": "user_task",
    "serviceTask": "service",
    "sendTask": "service",
    "businessRuleTask": "decision",
    "callActivity": "call",
    "receiveTask": "message",
}
Address = tuple[tuple[str, int], ...]


class Token:
    """A token at a node, or the scope that it opened there.

    role   `plain`, `body` (around the instances or rounds of an activity), `armed` (a boundary event that waits)
    phase  `ready`, `waiting` (at a join), `open` (for the world, or for what is inside), `gone`
    """

    def __init__(self, node: Node | None, around: "Token | None", role: str = "plain") -> None:
        self.node, self.around, self.role = node, around, role
        self.phase = "ready"
        self.inner: list[Token] = []
        self.via: str | None = None
        self.rivals: list[Token] = []
        self.gate: Node | None = None
        self.local: dict[str, object] | None = None
        self.done = self.total = 0
        self.interrupted = False
        self.payload: Mapping[str, object] = {}
        self.age = 0 if around is None else next(around.ages)
        self.ages = count(1) if around is None else around.ages
        if around is not None:
            around.inner.append(self)

    @property
    def at(self) -> Node:
        assert self.node is not None
        return self.node

    @property
    def outer(self) -> "Token":
        assert self.around is not None
        return self.around

    @property
    def running(self) -> "list[Token]":
        return [token for token in self.inner if token.role != "armed"]

    @property
    def kind(self) -> str:
        if self.phase == "waiting":
            return "join"
        if self.role == "body" or self.at.type == "subProcess":
            return "scope"
        return WAITS.get(self.at.type) or self.at.event or ""

    @property
    def depth(self) -> int:
        token = self.outer if self.role == "armed" else self
        return 0 if token.around is None else 1 + token.outer.depth

    def addresses(self, prefix: Address = ()) -> "Iterator[tuple[Address, Token]]":
        """Yield everything inside with its address: element and number among its like, from outside in."""
        seen: Counter[str] = Counter()
        for inner in self.inner:
            address = (*prefix, (inner.at.id, seen[inner.at.id]))
            seen[inner.at.id] += 1
            yield address, inner
            yield from inner.addresses(address)

    @property
    def everything(self) -> "list[Token]":
        """Every token inside, oldest first."""
        return sorted((token for _, token in self.addresses()), key=lambda token: token.age)
