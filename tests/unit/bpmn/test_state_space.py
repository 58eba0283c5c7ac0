"""Making a net small and moving one token at a time shows the same as every order of every token."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.bpmn.lint.net import build_net
from engine.bpmn.lint.soundness import explore_scope
from engine.bpmn.lint.state_space import Budget
from engine.bpmn.reading.graph import read_graph
from engine.bpmn.sentences import Findings
from engine.bpmn.xml import children, parse
from tests.unit.bpmn.diagrams import TERMINATE, end, flow, node, path, process, start, user

MOST = 3_000
_FINAL = {"end", "stop"}


def every_order(net):
    """Play the whole token game; return whether tokens meet, whether runs get stuck, whether one ends, what runs."""
    first = frozenset([net.start])
    seen, stack = {first}, [first]
    meets = stuck = ends = False
    alive = {name for link in first for name in link.elements}
    while stack:
        marking = stack.pop()
        parts = {link.target for link in marking}
        moved = False
        for part in parts - {one for one in parts if one.kind in _FINAL}:
            here = [link for link in part.ins if link in marking]
            meets = meets or (part.kind == "xor" and len(here) > 1)
            taken = [frozenset([link]) for link in here] if part.kind == "xor" else [frozenset(part.ins)]
            for takes in taken if part.kind == "xor" or len(here) == len(part.ins) else []:
                moved = True
                alive |= {*part.elements, *(name for link in part.outs for name in link.elements)}
                for gives in [[out] for out in part.outs] if part.kind == "xor" else [list(part.outs)]:
                    left = marking - takes
                    meets = meets or any(link in left and link.target.kind not in _FINAL for link in gives)
                    following = left | frozenset(gives)
                    if following not in seen:
                        seen.add(following)
                        stack.append(following)
        assume(len(seen) < MOST)
        ends = ends or any(part.kind == "stop" for part in parts) or (not moved and {p.kind for p in parts} == {"end"})
        stuck = stuck or (not moved and bool({part.kind for part in parts} - {"end"}) and not _stops(parts))
    return meets, stuck, ends, alive


def _stops(parts):
    return any(part.kind == "stop" for part in parts)


@st.composite
def diagrams(draw):
    """Any graph of choices, parallel gateways and tasks that begins at one place, with ways back."""
    number = draw(st.integers(2, 6))
    kinds = [draw(st.sampled_from(["exclusiveGateway", "parallelGateway", "userTask"])) for _ in range(number)]
    edges = {(draw(st.integers(0, place - 1)), place) for place in range(1, number)}
    edges |= draw(st.sets(st.tuples(st.integers(0, number - 1), st.integers(0, number - 1)), max_size=number))
    parts = [start(), end("e0"), end("e1", draw(st.sampled_from(["", TERMINATE]))), path("s", "n0")]
    for place, kind in enumerate(kinds):
        targets = sorted(f"n{target}" for source, target in edges if source == place and target != place)
        if not targets or draw(st.integers(0, 3)) == 0:
            targets.append(draw(st.sampled_from(["e0", "e1"])))
        name, chooses = f"n{place}", kind == "exclusiveGateway" and len(targets) > 1
        default = f'default="{name}_{targets[-1]}"' if chooses else ""
        parts.append(user(name) if kind == "userTask" else node(kind, name, attributes=default))
        parts += [flow(name, target, "x" if chooses and target != targets[-1] else None) for target in targets]
    return process(*parts)


def scope_of(xml):
    findings = Findings("any.bpmn")
    (drawn,) = children(parse(xml, findings), "process")
    return read_graph(drawn, findings).top


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(xml=diagrams())
def test_the_small_game_shows_what_the_whole_game_shows(xml):
    scope = scope_of(xml)
    meets, stuck, ends, alive = every_order(build_net(scope))
    net, found = explore_scope(scope, Budget())

    assert not found.cut
    if not meets:
        assert (bool(found.stuck), found.ends, bool(found.meetings)) == (stuck, ends, False)
        if found.trapped is None:
            assert {id_ for id_ in scope.nodes if scope.nodes[id_].type == "userTask" and id_ in found.alive} >= (
                {id_ for id_ in alive if id_ in scope.nodes and scope.nodes[id_].type == "userTask"}
            )
    else:
        # Where a branch ends by itself while its first round is under way, or ends the scope, it is a remark at most.
        ended = found.early or found.met or net.early or b"terminateEventDefinition" in xml
        assert found.meetings or found.trapped or ended


def test_what_is_well_nested_shrinks_to_one_marking():
    gates = node("parallelGateway", "f") + node("parallelGateway", "j")
    xml = process(start(), gates, user("a"), user("b"), end(), path("s", "f", "a", "j", "e"), path("f", "b", "j"))
    _, found = explore_scope(scope_of(xml), Budget())
    assert (found.markings, found.alive) == (1, {"s", "f", "a", "b", "j", "e"})
