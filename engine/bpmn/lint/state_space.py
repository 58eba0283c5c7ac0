"""The token game over a net: every choice is free, every marking that matters is visited once, within a bound.

A marking is one number, a bit for each link that holds a token. Each link leads to one part only, so parts never take
tokens from each other, and it is enough to move the token that is furthest up, in each way that it can go (a persistent
set): the others wait for it below, where it would meet them. Only where it goes round for ever, all are moved. Tokens
that meet without being joined are told and not followed: what comes after them is told when they are joined.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.lint.net import Link, Net, Part

MOST_MARKINGS = 6_000
MOST_WORK = 100_000
_MOST_FREE = 6
_FINAL = frozenset({"end", "stop"})
_SHOWN = 4


@dataclass(slots=True)
class Budget:
    """What exploring may still cost: markings, and tokens that are looked at."""

    markings: int = MOST_MARKINGS
    work: int = MOST_WORK

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.markings <= 0 or self.work <= 0


@dataclass(frozen=True, slots=True)
class Stuck:
    """A join that waits for ever: its id, a flow on which nothing comes, and the choices that lead there."""

    join: str
    missing: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two tokens on the way into, or out of, one element, and the choices that lead there."""

    element: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Explored:
    """What the token game shows.

    whole    every marking was visited: neither the bound nor a meeting kept it from that
    ends     whether a run can end
    trapped  an element from which a run goes round for ever, and the choices that lead there
    alive    the elements that run in some run
    """

    whole: bool = True
    cut: bool = False
    ends: bool = False
    stuck: dict[str, Stuck] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    trapped: Meeting | None = None
    early: dict[str, None] = field(default_factory=dict)
    met: dict[str, None] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    markings: int = 0


def explore(net: Net, budget: Budget) -> Explored:
    """Play the token game, as far as the budget goes; what it cost is taken from the budget."""
    return _Game(net, budget).play()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One way in which a part gives tokens; `needs` are taken as well."""

    gives: int
    needs: int = 0
    label: str = ""


class _Game:
    """One game; `bits` numbers the links so that those further up come first."""

    def __init__(self, net: Net, budget: Budget) -> None:
        self.net, self.budget, self.found = net, budget, Explored()
        self.parts = _downward(net)
        self.links = [link for part in self.parts for link in part.ins]
        self.bits = {link: 1 << place for place, link in enumerate(self.links)}
        self.taking = {part: sum(self.bits[link] for link in part.ins) for part in self.parts}
        self.final = sum(self.taking[part] for part in self.parts if part.kind in _FINAL)
        self.stopping = sum(self.taking[part] for part in self.parts if part.kind == "stop")
        self.unarmed = 1 << len(self.links)
        self.armed = 0
        self.outcomes = {part: tuple(self.outcomes_of(part)) for part in self.parts}
        self.reaches: dict[Part, list[tuple[int, int]]] = {}
        self.before: dict[int, tuple[int, str]] = {}
        self.sources: dict[int, list[int]] = defaultdict(list)
        self.done: list[int] = []

    # -- what parts do --------------------------------------------------------------------------------------------

    def outcomes_of(self, part: Part) -> Iterator[_Outcome]:
        outs = list(part.outs)
        if part.kind == "and":
            yield _Outcome(sum(self.bit(link) for link in outs))
        elif part.kind == "xor":
            yield from (_Outcome(self.bit(link), 0, link.first if len(outs) > 1 else "") for link in outs)
        elif part.kind == "or":
            for chosen in self.subsets(outs):
                yield _Outcome(sum(self.bit(link) for link in chosen), 0, chosen[0].first if len(outs) > 1 else "")
        elif part.kind == "side":
            yield from self.beside(outs)

    def beside(self, outs: list[Link]) -> Iterator[_Outcome]:
        """Yield the plain way, and those on which something is sent beside it, each at most once in a run."""
        normal, *others = outs
        arms = {}
        for link in others:
            arms[link] = self.unarmed
            self.armed |= self.unarmed
            self.unarmed <<= 1
        yield _Outcome(self.bit(normal))
        for chosen in self.subsets(others):
            gives = self.bit(normal) | sum(self.bit(link) for link in chosen)
            yield _Outcome(gives, sum(arms[link] for link in chosen), chosen[0].first or chosen[0].into)

    def subsets(self, links: list[Link]) -> Iterator[tuple[Link, ...]]:
        """Yield every subset that is not empty; of many links only the small ones and the whole."""
        sizes = range(1, len(links) + 1)
        if len(links) > _MOST_FREE:
            self.found.cut = True
            sizes = range(1, 3)
            yield tuple(links)
        for size in sizes:
            yield from combinations(links, size)

    def bit(self, link: Link) -> int:
        return self.bits[link] if link.target.kind != "gone" else 0

    def may_take(self, part: Part, marking: int) -> bool:
        if part.kind == "and":
            return marking & self.taking[part] == self.taking[part]
        if part.kind == "or" and len(part.ins) > 1:
            return self.nothing_comes(part, marking)
        return True

    def nothing_comes(self, part: Part, marking: int) -> bool:
        """Tell whether no token can still come to an empty link of an inclusive join (BPMN 2.0.2, 13.4.3)."""
        if part not in self.reaches:
            self.reaches[part] = [(self.bits[link], self.upward(link, part)) for link in part.ins]
        empty = filled = 0
        for bit, reach in self.reaches[part]:
            if marking & bit:
                filled |= reach
            else:
                empty |= reach
        return not marking & ~self.taking[part] & empty & ~filled

    def upward(self, link: Link, join: Part) -> int:
        """Return the links from which a token can come to a link without passing the join."""
        seen, stack = {link}, [link]
        while stack:
            source = stack.pop().source
            self.budget.work -= 1
            fresh = [] if source is join else [one for one in source.ins if one not in seen]
            seen.update(fresh)
            stack += fresh
        return sum(self.bits[one] for one in seen)

    # -- the game -------------------------------------------------------------------------------------------------

    def play(self) -> Explored:
        found = self.found
        first = self.bits[self.net.start] | self.armed
        self.before[first] = (0, "")
        stack = [first]
        opened: set[int] = set()
        while stack and not self.budget.spent:
            self.budget.markings -= 1
            stack += self.step(stack.pop())
            if not stack:
                stack = self.open_up(opened)
        found.cut = found.cut or bool(stack)
        found.whole = not (found.cut or found.meetings)
        found.markings = len(self.before)
        self.note_alive()
        if found.whole:
            self.note_trap()
        return found

    def open_up(self, opened: set[int]) -> list[int]:
        """Move every token of the markings that go round for ever: a circle must not keep the other tokens waiting."""
        fresh: list[int] = []
        for marking in [one for one in self.restless() if one not in opened]:
            opened.add(marking)
            rest = marking & (1 << len(self.links)) - 1 & ~self.final
            while rest and not self.budget.spent:
                part = self.links[(rest & -rest).bit_length() - 1].target
                rest &= ~self.taking[part]
                if self.may_take(part, marking):
                    fresh += self.move(part, marking)
        return fresh

    def step(self, marking: int) -> list[int]:
        """Move the token that is furthest up; return the markings that are new."""
        rest = marking & (1 << len(self.links)) - 1 & ~self.final
        if marking & self.stopping:
            self.found.ends = True
            self.done.append(marking)
        while rest:
            self.budget.work -= 1
            part = self.links[(rest & -rest).bit_length() - 1].target
            if self.may_take(part, marking):
                return list(self.move(part, marking))
            rest &= ~self.taking[part]
        self.rest(marking)
        return []

    def move(self, part: Part, marking: int) -> Iterator[int]:
        taken = marking & self.taking[part]
        if part.kind in {"xor", "side"} and taken & (taken - 1):
            self.meet(self.entered(taken, part), marking)
            return
        self.found.alive.update(part.elements)
        for outcome in self.outcomes[part]:
            self.budget.work -= 1
            if marking & outcome.needs != outcome.needs:
                continue
            left = marking & ~taken & ~outcome.needs
            if left & outcome.gives & ~self.final:
                self.meet(part.owner, marking)
                continue
            following = left | outcome.gives
            self.sources[following].append(marking)
            if following not in self.before:
                self.before[following] = (marking, outcome.label)
                yield following

    def entered(self, taken: int, part: Part) -> str:
        """Return the element at which tokens meet."""
        names = {link.into for link in part.ins if self.bits[link] & taken}
        return names.pop() if len(names) == 1 else part.owner

    def meet(self, element: str, marking: int) -> None:
        self.done.append(marking)
        if element not in self.found.meetings:
            self.found.meetings[element] = Meeting(element, self.path(marking))

    def rest(self, marking: int) -> None:
        """Look at a marking in which nothing can move; where the scope is stopped, what waits is of no account."""
        if marking & self.stopping:
            return
        self.done.append(marking)
        waiting = marking & (1 << len(self.links)) - 1 & ~self.final
        if waiting:
            for part in self.parts:
                if waiting & self.taking[part]:
                    self.note_stuck(part, marking)
            return
        self.found.ends = True
        if marking & self.armed == self.armed:
            self.note_ends([link for link in self.links if self.bits[link] & marking & self.final])

    def note_stuck(self, part: Part, marking: int) -> None:
        for link in part.ins:
            if not marking & self.bits[link] and link.into not in self.found.stuck:
                missing = link.last or link.first or link.into
                self.found.stuck[link.into] = Stuck(link.into, missing, self.path(marking))
                return

    def note_ends(self, ending: list[Link]) -> None:
        seen: set[str] = set()
        for link in ending if len(ending) > 1 else ():
            self.found.early |= dict.fromkeys(link.goals)
            self.found.met |= dict.fromkeys(goal for goal in link.goals if goal in seen)
            seen.update(link.goals)

    def note_alive(self) -> None:
        marked = 0
        for marking in self.before:
            marked |= marking
        for link in self.links:
            if marked & self.bits[link]:
                self.found.alive.update(link.elements)

    def restless(self) -> Iterator[int]:
        """Yield the markings from which no run comes to rest."""
        self.budget.work -= len(self.before) // 4
        safe, stack = set(self.done), list(self.done)
        while stack:
            fresh = [one for one in self.sources[stack.pop()] if one not in safe]
            safe.update(fresh)
            stack += fresh
        yield from [marking for marking in self.before if marking not in safe]

    def note_trap(self) -> None:
        for marking in self.restless():
            link = self.links[(marking & -marking).bit_length() - 1]
            self.found.trapped = Meeting(link.into, self.path(marking))
            return

    def path(self, marking: int) -> tuple[str, ...]:
        """Return the last choices that lead to a marking, by the ids of the flows that were chosen."""
        labels: list[str] = []
        while marking and len(labels) < _SHOWN:
            marking, label = self.before[marking]
            if label:
                labels.append(label)
        return tuple(reversed(labels))


def _downward(net: Net) -> list[Part]:
    """Return the parts that can be reached, each before those below it; what ends comes last."""
    order: list[Part] = []
    seen = {net.start.target}
    stack = [(net.start.target, iter([*net.start.target.outs]))]
    while stack:
        link = next(stack[-1][1], None)
        if link is None:
            order.append(stack.pop()[0])
        elif link.target not in seen:
            seen.add(link.target)
            stack.append((link.target, iter([*link.target.outs])))
    order.reverse()
    return sorted(order, key=lambda part: part.kind in _FINAL)
