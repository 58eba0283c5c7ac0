"""Random sound diagrams: blocks inside blocks, rendered to BPMN."""

from itertools import count, pairwise

from hypothesis import strategies as st

from tests.unit.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    catch,
    end,
    flow,
    node,
    path,
    process,
    script,
    service,
    start,
    throw,
    timer,
    user,
)

Block = tuple  # (kind, *contents): contents are blocks, lists of blocks or booleans

LEAVES = st.sampled_from([("user",), ("job",), ("task",), ("timer",), ("signal",), ("throw",)])
_MULTI = st.tuples(st.just("multi"), st.booleans(), st.integers(0, 3))


def _larger(inner):
    several = st.lists(inner, min_size=2, max_size=3)
    branches = st.lists(st.tuples(st.booleans(), inner), min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("parallel"), several),
        st.tuples(st.just("exclusive"), branches),
        st.tuples(st.just("inclusive"), branches),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("submulti"), inner, st.booleans()),
        st.tuples(st.just("guard"), inner, inner, st.booleans()),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("events"), inner, inner),
        _MULTI,
    )


BLOCKS = st.recursive(LEAVES | _MULTI, _larger, max_leaves=12)


class Renderer:
    """Renders a block; each method returns the XML and the ids at which it is entered and left."""

    def __init__(self) -> None:
        self.numbers = count()

    def diagram(self, block: Block) -> bytes:
        xml, first, last = self.block(block)
        return process(start(), end(), xml, path("s", first), path(last, "e"))

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def block(self, block: Block) -> tuple[str, str, str]:
        return getattr(self, f"_{block[0]}")(*block[1:])

    def _leaf(self, prefix: str, render) -> tuple[str, str, str]:
        id_ = self.id(prefix)
        return render(id_), id_, id_

    def _user(self):
        return self._leaf("u", user)

    def _job(self):
        return self._leaf("j", service)

    def _task(self):
        return self._leaf("t", lambda id_: node("task", id_))

    def _timer(self):
        return self._leaf("w", lambda id_: catch(id_, timer("PT1H")))

    def _signal(self):
        return self._leaf("c", lambda id_: catch(id_, SIGNAL))

    def _throw(self):
        return self._leaf("x", lambda id_: throw(id_, SIGNAL))

    def _multi(self, sequential, times):
        marker = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
            f"<loopCardinality>{times}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        return self._leaf("m", lambda id_: user(id_, marker))

    def _sequence(self, blocks):
        parts = [self.block(block) for block in blocks]
        xml = "".join(part[0] for part in parts)
        links = "".join(path(one[2], two[1]) for one, two in pairwise(parts))
        return xml + links, parts[0][1], parts[-1][2]

    def _split(self, type_, branches, conditions=None):
        fork, join = self.id("f"), self.id("n")
        default = "" if conditions is None else f'default="{fork}_d"'
        xml = node(type_, fork, attributes=default) + node(type_, join)
        for number, block in enumerate(branches):
            part, first, last = self.block(block)
            if conditions is None:
                xml += part + path(fork, first) + path(last, join)
            elif number == 0:
                xml += part + flow(fork, first, name=f"{fork}_d") + path(last, join)
            else:
                xml += part + flow(fork, first, str(conditions[number]).lower()) + path(last, join)
        return xml, fork, join

    def _parallel(self, blocks):
        return self._split("parallelGateway", blocks)

    def _exclusive(self, branches):
        return self._split("exclusiveGateway", [b for _, b in branches], [c for c, _ in branches])

    def _inclusive(self, branches):
        return self._split("inclusiveGateway", [b for _, b in branches], [c for c, _ in branches])

    def _sub(self, block, marker=""):
        id_, first_id, last_id = self.id("p"), self.id("i"), self.id("o")
        xml, first, last = self.block(block)
        inside = start(first_id) + end(last_id) + xml + path(first_id, first) + path(last, last_id)
        return node("subProcess", id_, inside + marker), id_, id_

    def _submulti(self, block, sequential):
        marker = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
            "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        return self._sub(block, marker)

    def _guard(self, block, handler, interrupting):
        sub, host, _ = self._sub(block)
        event = self.id("b")
        xml, first, last = self.block(handler)
        xml += sub + boundary(event, host, timer("PT2H"), interrupting=interrupting) + path(event, first)
        if interrupting:
            merge = self.id("g")
            return xml + node("exclusiveGateway", merge) + path(host, merge) + path(last, merge), host, merge
        over = self.id("z")
        return xml + end(over) + path(last, over), host, host

    def _loop(self, block):
        merge, tally, split = self.id("g"), self.id("t"), self.id("g")
        variable = self.id("n")
        xml, first, last = self.block(block)
        xml += node("exclusiveGateway", merge) + node(
            "exclusiveGateway", split, attributes=f'default="{split}_{merge}"'
        )
        xml += script(tally, f"if {variable} = null then 1 else {variable} + 1", variable)
        out = self.id("t")
        xml += node("task", out) + flow(split, out, f"{variable} &gt;= 2") + path(split, merge)
        return xml + path(merge, first) + path(last, tally, split), merge, out

    def _events(self, one, two):
        gateway, merge, message, clock = self.id("q"), self.id("g"), self.id("y"), self.id("w")
        first, second = self.block(one), self.block(two)
        xml = node("eventBasedGateway", gateway) + node("exclusiveGateway", merge)
        xml += catch(message, MESSAGE) + catch(clock, timer("PT1H")) + first[0] + second[0]
        return (
            xml
            + path(gateway, message, first[1])
            + path(first[2], merge)
            + path(gateway, clock, second[1])
            + path(second[2], merge),
            gateway,
            merge,
        )
