"""Making a net smaller without changing whether it is sound: what is well nested shrinks to nothing.

The rules are those for Petri nets (T. Murata, Petri Nets: Properties, Analysis and Applications, 1989, section V),
told in terms of gateways: a row becomes one link, links side by side become one, gateways of one kind that follow each
other become one, and a way back to the same choice is left out. What ran on the way is remembered.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator

from engine.bpmn.lint.net import Link, Net, Part

_PASSING = frozenset({"xor", "and", "or"})
_ALIKE = frozenset(
    {
        ("xor", "xor"),
        ("xor", "or"),
        ("xor", "end"),
        ("xor", "stop"),
        ("xor", "gone"),
        ("and", "and"),
        ("and", "or"),
        ("or", "or"),
    }
)


def reduce_net(net: Net) -> None:
    """Apply every rule as often as it can be; the work grows with the size of the net."""
    _Reduction(net).run()


class _Reduction:
    """One net and the parts that have changed since they were last looked at."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.waiting = deque(net.parts)
        self.listed = set(net.parts)

    def run(self) -> None:
        while self.waiting:
            part = self.waiting.popleft()
            self.listed.discard(part)
            if part in self.net.parts:
                self.look(part)

    def again(self, *parts: Part) -> None:
        for part in parts:
            if part not in self.listed:
                self.listed.add(part)
                self.waiting.append(part)

    def look(self, part: Part) -> None:
        if part.kind == "side":
            self.side(part)
        if part.kind in _PASSING:
            self.turn_back(part)
            self.side_by_side(part)
            self.loose_end(part)
            if not self.row(part):
                self.follow(part)

    def row(self, part: Part) -> bool:
        """Take out a part with one link in and one out."""
        if len(part.ins) != 1 or len(part.outs) != 1:
            return False
        (before,), (after,) = part.ins, part.outs
        if before is after:
            return False
        before.elements += [*part.elements, *after.elements]
        before.goals += after.goals
        before.last, before.into = after.last, after.into
        before.first = before.first or after.first
        self.drop(after)
        del part.ins[before]
        before.target = after.target
        before.target.ins[before] = None
        del self.net.parts[part]
        self.again(before.source, before.target)
        return True

    def side_by_side(self, part: Part) -> None:
        """Make links between the same two parts one, where both agree about what that means."""
        groups: dict[Part, list[Link]] = defaultdict(list)
        for link in part.outs:
            if (part.kind, link.target.kind) in _ALIKE and link.target is not part:
                groups[link.target].append(link)
        for target, (kept, *others) in groups.items():
            for link in others:
                kept.elements += link.elements
                kept.goals += [goal for goal in link.goals if goal not in kept.goals]
                self.drop(link)
            if others:
                self.again(target, part)

    def turn_back(self, part: Part) -> None:
        """Leave out the way from a choice back to itself, where there is another way."""
        if part.kind != "xor":
            return
        for link in [link for link in part.outs if link.target is part]:
            if len(part.outs) > 1:
                part.elements += link.elements
                self.drop(link)
                self.again(part)

    def side(self, part: Part) -> None:
        """Leave out what runs beside an activity and ends by itself."""
        _, *others = part.outs
        for link in others:
            if link.target.kind in {"end", "gone"}:
                part.elements += link.elements
                self.drop(link)
        if len(part.outs) == 1:
            part.kind = "xor"
            self.again(part)

    def loose_end(self, part: Part) -> None:
        """Leave out a branch that runs beside others and ends by itself."""
        if part.kind != "and":
            return
        ending = [link for link in part.outs if link.target.kind == "end"]
        goals = Counter(goal for link in ending for goal in set(link.goals))
        self.net.met |= dict.fromkeys(goal for goal, count in goals.items() if count > 1)
        for link in ending:
            if len(part.outs) > 1:
                part.elements += link.elements
                self.net.early |= dict.fromkeys(link.goals)
                self.drop(link)
                self.again(part)

    def follow(self, part: Part) -> None:
        """Make two parts of one kind one, where the second follows the first."""
        for link in list(part.outs):
            after = link.target
            if after is part or after.kind != part.kind or len(after.ins) == len(after.outs) == 1:
                continue
            # A join in front of another join stays: it may fire where the other never does.
            if len(after.ins) == 1 or (len(part.outs) == 1 and part.kind == "xor"):
                self.absorb(part, link, after)
                return

    def absorb(self, part: Part, link: Link, after: Part) -> None:
        part.elements += [*link.elements, *after.elements]
        if len(part.outs) == 1:
            part.owner = after.owner
        self.drop(link)
        for other in list(after.ins):
            other.target = part
            part.ins[other] = None
        for other in list(after.outs):
            other.source = part
            part.outs[other] = None
            if not other.first:
                other.first = link.first
        del self.net.parts[after]
        self.again(part, *self.around(part))

    def around(self, part: Part) -> Iterator[Part]:
        yield from (link.source for link in part.ins)
        yield from (link.target for link in part.outs)

    def drop(self, link: Link) -> None:
        del link.source.outs[link]
        del link.target.ins[link]
        self.again(link.source, link.target)
