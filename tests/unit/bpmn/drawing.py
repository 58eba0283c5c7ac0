"""Draws blocks and regions as sketches."""

from collections.abc import Sequence
from itertools import count, pairwise

from tests.unit.bpmn.nets import Net, Part, sound
from tests.unit.bpmn.sketch import Flow, Node, Repeat, Sketch, When

FLAGS = ("f0", "f1", "f2", "f3")
SIGNALS = ("S", "S2")
Block = tuple  # (kind, *contents): contents are blocks, lists of blocks, numbers or regions
Ends = tuple[str, str]  # the nodes at which a block is entered and left

_THROWN = {"escalation": "X", "error": "E"}


def drawn(block: Block) -> Sketch:
    """Draw a block as a process of its own."""
    return Draughtsman().process(block)


class Draughtsman:
    """Draws blocks into one sketch; what is drawn is said by the nodes at which it is entered and left."""

    def __init__(self) -> None:
        self.sketch = Sketch()
        self.scope: str | None = None
        self.least = 0  # signals before this one may not be thrown here: they would call the thrower again for ever
        self.numbers = count()

    def process(self, block: Block) -> Sketch:
        if block[0] == "top":
            self._top(*block[1:])
        else:
            self._whole(block)
        return self.sketch

    def _top(self, block: Block, handler: Block, interrupting: bool, event: str, end: str) -> None:
        """Draw a process with an event sub-process, that ends in some way of its own."""
        self._whole(("sequence", [("task", "userTask"), block]), None if end == "none" else end)
        self._triggered(handler, interrupting or event == "error", event)

    def _whole(self, block: Block, end: str | None = None) -> None:
        """Draw a start, the block and its end into the scope; a region keeps the ends that it has."""
        start = self.node("startEvent", "s")
        if block[0] == "net":
            first, lasts = self._region(*sound(block[1]))
        else:
            first, last = self.block(block)
            lasts = [last]
        self.flow(start, first)
        for last in lasts:
            self.flow(last, self._ended(end))

    def _ended(self, end: str | None) -> str:
        reference = self._signal("S") if end == "signal" else None
        if end == "signal" and reference is None:
            end = None
        return self.node("endEvent", "e", event=end, reference=_THROWN.get(str(end), reference))

    def _signal(self, name: str) -> str | None:
        """Return the signal to throw here in place of one; None where none is left."""
        return next(iter(SIGNALS[max(SIGNALS.index(name), self.least) :]), None)

    # -- nodes and flows --------------------------------------------------------------------------------------------

    def node(self, type_: str, prefix: str, **details: object) -> str:
        id_ = f"{prefix}{next(self.numbers)}"
        self.sketch.nodes[id_] = Node(id_, type_, self.scope, **details)
        return id_

    def flow(self, source: str, target: str, when: When | None = None, *, default: bool = False) -> None:
        id_ = f"{source}_{target}_{next(self.numbers)}"
        self.sketch.flows[id_] = Flow(id_, source, target, when)
        if default:
            self.sketch.nodes[source].default = id_

    def path(self, *ids: str) -> None:
        for source, target in pairwise(ids):
            self.flow(source, target)

    def type_of(self, id_: str) -> str:
        return self.sketch.nodes[id_].type

    def activity(self, type_: str, **details: object) -> str:
        if type_ == "receiveTask":
            details["reference"] = "M"
        if type_ == "scriptTask":
            details["reference"] = f"count{next(self.numbers) % 3}"
        return self.node(type_, "a", **details)

    def fork(self, source: str, targets: Sequence[str], flags: Sequence[int]) -> None:
        """Draw conditional flows: the flag of each says when; one of them is the default."""
        default = sum(flags) % len(targets)
        for number, (target, flag) in enumerate(zip(targets, flags, strict=True)):
            when = None if number == default else When(FLAGS[flag % len(FLAGS)], negated=flag >= len(FLAGS))
            self.flow(source, target, when, default=number == default)

    # -- blocks -----------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> Ends:
        return getattr(self, f"_{block[0]}")(*block[1:])

    def _task(self, type_: str) -> Ends:
        id_ = self.activity(type_)
        return id_, id_

    def _repeated(self, type_: str, repeat: Repeat) -> Ends:
        id_ = self.activity(type_, repeat=repeat)
        return id_, id_

    def _caught(self, type_: str, event: str, signal: str = "S", **details: object) -> str:
        reference = {"message": "M", "signal": signal, "error": "E", "escalation": "X"}.get(event)
        return self.node(type_, "c", event=event, reference=reference, **details)

    def _catch(self, event: str, signal: str) -> Ends:
        id_ = self._caught("intermediateCatchEvent", event, signal)
        return id_, id_

    def _throw(self, signal: str) -> Ends:
        thrown = self._signal(signal)
        id_ = self.node("intermediateThrowEvent", "t", event=thrown and "signal", reference=thrown)
        return id_, id_

    def _escalate(self) -> Ends:
        id_ = self.node("intermediateThrowEvent", "t", event="escalation", reference="X")
        return id_, id_

    def _link(self) -> Ends:
        name = f"link{next(self.numbers)}"
        throw = self.node("intermediateThrowEvent", "t", event="link", reference=name)
        return throw, self.node("intermediateCatchEvent", "c", event="link", reference=name)

    def _sequence(self, blocks: Sequence[Block]) -> Ends:
        parts = [self.block(block) for block in blocks]
        for one, two in pairwise(parts):
            self.flow(one[1], two[0])
        return parts[0][0], parts[-1][1]

    def _parallel(self, blocks: Sequence[Block], plain: bool) -> Ends:
        """Draw a fork and its join; plainly the fork is a task with several flows out of it."""
        fork = self.activity("task") if plain else self.node("parallelGateway", "g")
        join = self.node("parallelGateway", "g")
        for block in blocks:
            first, last = self.block(block)
            self.path(fork, first)
            self.path(last, join)
        return fork, join

    def _chosen(self, fork: str, join: str, branches: Sequence[tuple[int, Block]]) -> Ends:
        parts = [self.block(block) for _, block in branches]
        self.fork(fork, [first for first, _ in parts], [flag for flag, _ in branches])
        for _, last in parts:
            self.flow(last, join)
        return fork, join

    def _exclusive(self, branches: Sequence[tuple[int, Block]], plain: bool) -> Ends:
        """Draw a choice; plainly the branches meet at a task."""
        join = self.activity("userTask") if plain else self.node("exclusiveGateway", "g")
        return self._chosen(self.node("exclusiveGateway", "g"), join, branches)

    def _inclusive(self, branches: Sequence[tuple[int, Block]], plain: bool) -> Ends:
        """Draw a choice of several; plainly the conditions are on the flows out of a task."""
        fork = self.activity("userTask") if plain else self.node("inclusiveGateway", "g")
        return self._chosen(fork, self.node("inclusiveGateway", "g"), branches)

    def _into(self, sub: str) -> str | None:
        outer, self.scope = self.scope, sub
        return outer

    def _sub(self, block: Block, end: str = "none", repeat: Repeat | None = None) -> Ends:
        sub = self.activity("subProcess", repeat=repeat)
        outer = self._into(sub)
        if end == "several":
            block = ("sequence", [("task", "userTask"), block])
            self._whole(("net", Net((Part("", "all", block), Part("", ""), Part("", "")), ((0, 1), (0, 2)))))
        else:
            self._whole(block, None if end == "none" else end)
        self.scope = outer
        return sub, sub

    def _resub(self, block: Block, repeat: Repeat) -> Ends:
        return self._sub(block, repeat=repeat)

    def _guarded(self, host: str, handler: Block, interrupting: bool, event: str) -> Ends:
        guard = self._caught("boundaryEvent", event, host=host, interrupting=interrupting)
        outer = self.least
        if event == "signal" and not interrupting:
            self.least = max(outer, SIGNALS.index("S") + 1)
        first, last = self.block(handler)
        self.least = outer
        return self._led_back(host, guard, (first, last), interrupting)

    def _led_back(self, host: str, guard: str, handler: Ends, interrupting: bool) -> Ends:
        """Draw the flows around the handler of a boundary event: it replaces its host, or ends beside it."""
        first, last = handler
        self.flow(guard, first)
        if not interrupting:
            self.flow(last, self.node("endEvent", "e"))
            return host, host
        merge = self.node("exclusiveGateway", "g")
        self.flow(host, merge)
        self.flow(last, merge)
        return host, merge

    def _guard(self, block: Block, handler: Block, interrupting: bool, event: str) -> Ends:
        return self._guarded(self._sub(block)[0], handler, interrupting, event)

    def _watch(self, type_: str, handler: Block, interrupting: bool, event: str) -> Ends:
        return self._guarded(self.activity(type_), handler, interrupting, event)

    def _bare(self, block: Block) -> Ends:
        """Draw a sub-process without start and, if nothing inside has an end of its own, without end."""
        sub = self.activity("subProcess")
        outer = self._into(sub)
        first, last = self.activity("task"), self.activity("task")
        inner = self.block(block)
        self.path(first, inner[0])
        self.path(inner[1], last)
        if any(node.type == "endEvent" for node in self.sketch.inside(sub)):
            self.flow(last, self.node("endEvent", "e"))
        self.scope = outer
        return sub, sub

    def _handled(self, block: Block, handler: Block, interrupting: bool, event: str, again: bool) -> Ends:
        """Draw a sub-process with an event sub-process inside, or two: the other hears what the first throws."""
        sub, _ = self._sub(block)
        outer = self._into(sub)
        again = again and event != "escalation"
        if again:
            handler = ("sequence", [("task", "userTask"), ("escalate",), handler])
        self._triggered(handler, interrupting or event == "error", event)
        if again:
            self._triggered(("task", "userTask"), not interrupting, "escalation")
        self.scope = outer
        return sub, sub

    def _triggered(self, handler: Block, interrupting: bool, event: str) -> None:
        sub = self.node("subProcess", "h", triggered=True)
        outer, least = self._into(sub), self.least
        if event == "signal" and not interrupting:
            self.least = max(least, SIGNALS.index("S") + 1)
        start = self._caught("startEvent", event, interrupting=interrupting)
        first, last = self.block(handler)
        self.path(start, first)
        self.flow(last, self.node("endEvent", "e"))
        self.scope, self.least = outer, least

    def _escalated(self, block: Block, handler: Block, interrupting: bool, ends: bool) -> Ends:
        """Draw a sub-process that escalates, on its way or at its end, to its boundary."""
        block = ("sequence", [("escalate",), block])
        sub, _ = self._sub(block, "escalation" if ends else "none")
        return self._guarded(sub, handler, interrupting, "escalation")

    def _rescue(self, block: Block, handler: Block, flag: int, every: bool) -> Ends:
        """Draw a sub-process that may end in an error, caught at its boundary."""
        sub = self.activity("subProcess")
        outer = self._into(sub)
        start, choice = self.node("startEvent", "s"), self.node("exclusiveGateway", "g")
        first, last = self.block(block)
        self.path(start, first)
        error = self.node("endEvent", "e", event="error", reference="E")
        self.flow(last, choice)
        self.fork(choice, [error, self.node("endEvent", "e")], [flag, flag + 1])
        self.scope = outer
        guard = self.node("boundaryEvent", "c", event="error", reference=None if every else "E", host=sub)
        first, last = self.block(handler)
        merge = self.node("exclusiveGateway", "g")
        self.path(guard, first)
        self.path(last, merge)
        self.flow(sub, merge)
        return sub, merge

    def _counted(self, last: str, back: str) -> str:
        """Draw the way back that is taken once, and return the way on."""
        variable = f"turns{next(self.numbers)}"
        tally = self.node("scriptTask", "a", reference=variable)
        split, on = self.node("exclusiveGateway", "g"), self.activity("task")
        self.path(last, tally, split)
        self.flow(split, on, When(variable, least=2))
        self.flow(split, back, default=True)
        return on

    def _loop(self, block: Block) -> Ends:
        merge = self.node("exclusiveGateway", "g")
        first, last = self.block(block)
        self.flow(merge, first)
        return merge, self._counted(last, merge)

    def _events(self, one: Block, two: Block, event: str) -> Ends:
        gateway, merge = self.node("eventBasedGateway", "g"), self.node("exclusiveGateway", "g")
        for kind, block in ((event, one), ("timer", two)):
            first, last = self.block(block)
            self.path(gateway, self._caught("intermediateCatchEvent", kind), first)
            self.flow(last, merge)
        return gateway, merge

    # -- regions ----------------------------------------------------------------------------------------------------

    def _net(self, net: Net) -> Ends:
        """Draw a region in line if it brings one token to its exit, else in a sub-process."""
        proven, tame = sound(net)
        if not tame:
            return self._sub(("net", net))
        first, (last,) = self._region(proven, tame)
        return first, last

    def _region(self, net: Net, _tame: bool) -> tuple[str, list[str]]:
        parts = [self._part(net, number) for number in range(len(net.parts))]
        outs = {number: last for number, (_, last) in enumerate(parts)}
        for source, target in net.back:
            outs[source] = self._counted(outs[source], parts[target][0])
        for number in range(len(net.parts)):
            targets = [parts[net.edges[edge][1]][0] for edge in net.out_of(number)]
            if targets:
                self._split(net.parts[number].split, outs[number], targets)
        return parts[0][0], [outs[number] for number in net.exits]

    def _part(self, net: Net, number: int) -> Ends:
        """Draw the join of a part, if it has one, and what it does."""
        part = net.parts[number]
        arriving = len(net.into(number)) + sum(target == number for _, target in net.back) + (number == 0)
        joins = arriving > 1
        if part.block is None and joins and part.join != "implicit":
            gateway = self.node(part.join, "g")
            return gateway, gateway
        first, last = self.block(part.block or ("task", "task"))
        if joins and (part.join != "implicit" or self.type_of(first) in {"parallelGateway", "inclusiveGateway"}):
            join = self.activity("task") if part.join == "implicit" else self.node(part.join, "g")
            self.flow(join, first)
            first = join
        return first, last

    def _split(self, split: str, last: str, targets: Sequence[str]) -> None:
        """Draw the flows out of a part: through a gateway, the one that joined if it is alike, or out of a task."""
        if len(targets) == 1:
            self.flow(last, targets[0])
            return
        busy = bool(self.sketch.leaving(last))
        if split in {"all", "some"}:
            if busy or not self.sketch.nodes[last].is_activity:
                last = self._after(last, "task")
        elif self.type_of(last) != split:
            last = self._after(last, split)
        if split in {"all", "parallelGateway"}:
            for target in targets:
                self.flow(last, target)
        else:
            seed = next(self.numbers)
            self.fork(last, targets, [(seed * 3 + 5 * number) % 8 for number in range(len(targets))])

    def _after(self, last: str, type_: str) -> str:
        following = self.node(type_, "g")
        self.flow(last, following)
        return following
