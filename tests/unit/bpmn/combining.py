"""Parts of diagrams in which several elements are combined."""

from tests.unit.bpmn.diagrams import (
    Run,
    boundary,
    end,
    node,
    path,
    start,
    user,
)

XOR, AND, OR, EVENT = "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"


COMPENSATE, CANCEL = "<compensateEventDefinition/>", "<cancelEventDefinition/>"


ESCALATION = '<escalationEventDefinition escalationRef="X"/>'


CONDITION = "<conditionalEventDefinition><condition>= level &gt; 3</condition></conditionalEventDefinition>"


LINK = '<linkEventDefinition name="there"/>'


UNDOES = 'isForCompensation="true"'


TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


AGAIN = "<standardLoopCharacteristics><loopCondition>= again</loopCondition></standardLoopCharacteristics>"


def sub(id_: str, *ids: str, parts: str = "", inside: str = "", type_: str = "subProcess", last: str = "") -> str:
    """A sub-process with a start event, the user tasks named (or nodes given in `parts`) in a row, and an end event."""
    first, final = f"{id_}_first", f"{id_}_last"
    tasks = "".join(user(one) for one in ids if f'id="{one}"' not in parts)
    content = start(first) + tasks + parts + end(final, last) + path(first, *ids, final)
    return node(type_, id_, content + inside)


def triggered(id_: str, definition: str, *ids: str, parts: str = "", interrupting: bool = True, last: str = "") -> str:
    """An event sub-process with the nodes named in a row."""
    first, final = f"{id_}_s", f"{id_}_e"
    begin = node("startEvent", first, definition, f'isInterrupting="{str(interrupting).lower()}"')
    tasks = "".join(user(one) for one in ids if f'id="{one}"' not in parts)
    content = begin + tasks + parts + end(final, last) + path(first, *ids, final)
    return node("subProcess", id_, content, 'triggeredByEvent="true"')


def undone(host: str, handler: str | None = None) -> str:
    """A compensation event at a host, and its handler `undo_<host>`."""
    xml = node("boundaryEvent", f"c_{host}", COMPENSATE, f'attachedToRef="{host}"')
    xml += handler or user(f"undo_{host}", attributes=UNDOES)
    return xml + f'<association id="as_{host}" sourceRef="c_{host}" targetRef="undo_{host}"/>'


def tasks(run: Run) -> list[str]:
    """The user tasks that wait, oldest first."""
    return [position.element_id for position in run.positions if position.kind == "user_task"]


def tx(id_: str, content: str, after: str, off: str) -> str:
    """A transaction with its cancel event, which leads to `off`."""
    return (
        node("transaction", id_, content)
        + boundary(f"{id_}_off", id_, CANCEL)
        + path(f"{id_}_off", off)
        + path(id_, after)
    )
