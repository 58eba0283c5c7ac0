"""Regions that are no blocks: any acyclic graph of parts, and any graph at all through which one token walks.

A region is explored before it is drawn, all its choices and all its orders. Where a parallel join could starve, or
tokens could multiply too far, a join that synchronises takes its place. What then always brings exactly one token to
its exit can stand anywhere; everything else stands in a sub-process, which brings its tokens together by itself.
"""

from dataclasses import dataclass, field, replace
from itertools import chain, combinations

from hypothesis import strategies as st

MOST_STATES = 1_500
MOST_TOKENS = 4

JOINS = ("parallelGateway", "inclusiveGateway", "exclusiveGateway", "implicit")
SPLITS = ("parallelGateway", "inclusiveGateway", "exclusiveGateway", "all", "some")
_WAITING = ("task", "userTask")
Marking = tuple[tuple[int, ...], tuple[int, ...]]  # tokens inside each part, tokens waiting on each edge


@dataclass(frozen=True)
class Part:
    """One part of a region: how it joins, what it does (None: nothing), how it splits."""

    join: str
    split: str
    block: tuple | None = None


@dataclass(frozen=True)
class Net:
    """Parts in a row and edges between them; the first is the entry, parts without an edge out of them are exits.

    back   edges that lead back, each taken once by a token that comes by
    """

    parts: tuple[Part, ...]
    edges: tuple[tuple[int, int], ...]
    back: tuple[tuple[int, int], ...] = ()

    @property
    def exits(self) -> list[int]:
        sources = {source for source, _ in self.edges}
        return [number for number in range(len(self.parts)) if number not in sources]

    def into(self, part: int) -> list[int]:
        return [number for number, (_, target) in enumerate(self.edges) if target == part]

    def out_of(self, part: int) -> list[int]:
        return [number for number, (source, _) in enumerate(self.edges) if source == part]


@dataclass
class Findings:
    """What an exploration has seen.

    starving   parts at whose parallel join a token can wait for ever
    crowded    whether more tokens can meet at one place than is reasonable, or there are too many states to tell
    leaving    how many tokens can come to the exits in all
    """

    starving: set[int] = field(default_factory=set)
    crowded: bool = False
    leaving: set[int] = field(default_factory=set)


def explore(net: Net) -> Findings:
    """Visit every state of a region in which each part takes any time and each choice any outcome."""
    findings = Findings()
    start: Marking = (tuple(int(n == 0) for n in range(len(net.parts))), (0,) * len(net.edges))
    first = (start, 0)
    seen, stack = {first}, [first]
    while stack:
        marking, left = stack.pop()
        following = list(_steps(net, marking, left))
        if not following:
            waiting = {net.edges[edge][1] for edge, tokens in enumerate(marking[1]) if tokens}
            findings.starving |= waiting
            findings.leaving.add(left)
        for state in following:
            if max(*state[0][0], *state[0][1], state[1]) > MOST_TOKENS or len(seen) > MOST_STATES:
                findings.crowded = True
                return findings
            if state not in seen:
                seen.add(state)
                stack.append(state)
    return findings


def _steps(net: Net, marking: Marking, left: int) -> "list[tuple[Marking, int]]":
    inside, on_edges = marking
    states = []
    for part, tokens in enumerate(inside):
        if tokens:
            rest = _changed(inside, part, -1)
            if not net.out_of(part):
                states.append(((rest, on_edges), left + 1))
            states += [(_arrive(net, rest, on_edges, chosen), left) for chosen in _choices(net, part)]
    for part in range(len(net.parts)):
        if _may_join(net, marking, part):
            filled = [edge for edge in net.into(part) if on_edges[edge]]
            emptied = on_edges
            for edge in filled:
                emptied = _changed(emptied, edge, -1)
            states.append(((_changed(inside, part, 1), emptied), left))
    return states


def _changed(numbers: tuple[int, ...], index: int, by: int) -> tuple[int, ...]:
    return (*numbers[:index], numbers[index] + by, *numbers[index + 1 :])


def _choices(net: Net, part: int) -> list[tuple[int, ...]]:
    edges = net.out_of(part)
    split = net.parts[part].split if len(edges) > 1 else "all"
    if split == "exclusiveGateway":
        return [(edge,) for edge in edges]
    if split in {"inclusiveGateway", "some"}:
        return list(chain.from_iterable(combinations(edges, size) for size in range(1, len(edges) + 1)))
    return [tuple(edges)] if edges else []


def _arrive(net: Net, inside: tuple[int, ...], on_edges: tuple[int, ...], edges: tuple[int, ...]) -> Marking:
    for edge in edges:
        target = net.edges[edge][1]
        waits = len(net.into(target)) > 1 and net.parts[target].join in {"parallelGateway", "inclusiveGateway"}
        if waits:
            on_edges = _changed(on_edges, edge, 1)
        else:
            inside = _changed(inside, target, 1)
    return inside, on_edges


def _may_join(net: Net, marking: Marking, part: int) -> bool:
    inside, on_edges = marking
    edges = net.into(part)
    filled = {edge for edge in edges if on_edges[edge]}
    join = net.parts[part].join
    if not filled or len(edges) < 2 or join not in {"parallelGateway", "inclusiveGateway"}:
        return False
    if join == "parallelGateway":
        return len(filled) == len(edges)
    waiting = {net.edges[edge][1] for edge, tokens in enumerate(on_edges) if tokens}
    places = {number for number, tokens in enumerate(inside) if tokens} | waiting
    for place in places - {part}:
        ahead = _ahead(net, place, part)
        if ahead & (set(edges) - filled) and not ahead & filled:
            return False
    return True


def _ahead(net: Net, place: int, without: int) -> set[int]:
    found: set[int] = set()
    stack = [place]
    while stack:
        for edge in net.out_of(stack.pop()):
            if edge not in found:
                found.add(edge)
                if net.edges[edge][1] != without:
                    stack.append(net.edges[edge][1])
    return found


def sound(net: Net) -> tuple[Net, bool]:
    """Return the region with the joins that it needs to end, and whether exactly one token always leaves it."""
    for _ in range(len(net.parts) + 2):
        findings = explore(net)
        if findings.crowded:
            net = replace(net, parts=tuple(replace(part, join="inclusiveGateway") for part in net.parts))
            findings = explore(net)
        if not findings.starving:
            break
        parts = [replace(p, join="inclusiveGateway") if n in findings.starving else p for n, p in enumerate(net.parts)]
        net = replace(net, parts=tuple(parts))
    return net, findings.leaving == {1} and len(net.exits) == 1 and not findings.crowded


@st.composite
def nets(draw: st.DrawFn, inner: st.SearchStrategy[tuple]) -> tuple:
    """Draw an acyclic region, its joins still unproven."""
    size = draw(st.integers(3, 7))
    blocks = st.one_of(st.none(), inner)
    parts = [Part(draw(st.sampled_from(JOINS)), draw(st.sampled_from(SPLITS)), draw(blocks)) for _ in range(size)]
    possible = [(source, target) for target in range(1, size) for source in range(target)]
    edges = set(draw(st.lists(st.sampled_from(possible), max_size=size + 3, unique=True)))
    for part in range(1, size):
        if not any(target == part for _, target in edges):
            edges.add((part - 1, part))
    if draw(st.booleans()):  # one exit
        edges |= {(part, size - 1) for part in range(size - 1) if not any(source == part for source, _ in edges)}
    return ("net", Net(tuple(parts), tuple(sorted(edges))))


@st.composite
def crossings(draw: st.DrawFn, inner: st.SearchStrategy[tuple]) -> tuple:
    """Draw an acyclic region of waiting parts and inclusive joins only: several tokens, ways that cross each other."""
    _, net = draw(nets(inner))
    splits = ("parallelGateway", "inclusiveGateway", "some")
    parts = [
        replace(part, join="inclusiveGateway", split=splits[SPLITS.index(part.split) % 3], block=part.block or _WAITING)
        for part in net.parts
    ]
    return ("net", replace(net, parts=tuple(parts)))


@st.composite
def walks(draw: st.DrawFn, inner: st.SearchStrategy[tuple]) -> tuple:
    """Draw a region through which one token walks, forwards and back, into the middle of loops and out of it."""
    _, net = draw(nets(inner))
    back = [(source, target) for source in range(1, len(net.parts)) for target in range(1, source + 1)]
    edges = draw(st.lists(st.sampled_from(back), min_size=1, max_size=3, unique=True))
    one_each = {source: (source, target) for source, target in edges}
    joins = ("exclusiveGateway", "implicit")
    parts = tuple(replace(part, join=joins[JOINS.index(part.join) % 2], split="exclusiveGateway") for part in net.parts)
    return ("net", replace(net, parts=parts, back=tuple(one_each.values())))
