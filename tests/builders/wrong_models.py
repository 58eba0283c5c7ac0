"""Diagrams that must be refused or doubted, three of each kind, with the id of the element that is wrong."""

from itertools import pairwise

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
ROOTS = '<message id="M" name="report"/><signal id="S" name="alarm"/>'
SE = '<startEvent id="s"/><endEvent id="e"/>'
COMPENSATE = "<compensateEventDefinition/>"


def _process(inside: str) -> bytes:
    return f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{inside}</process></definitions>'.encode()


def _node(type_: str, id_: str, inside: str = "", attributes: str = "") -> str:
    return f'<{type_} id="{id_}" {attributes}>{inside}</{type_}>'


def _users(*ids: str) -> str:
    return "".join(_node("userTask", id_) for id_ in ids)


def _flow(source: str, target: str, when: str = "") -> str:
    condition = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def _path(*ids: str) -> str:
    return "".join(_flow(one, two) for one, two in pairwise(ids))


def _sub(inside: str, attributes: str = "") -> str:
    """A sub-process `h` between start and end."""
    return SE + _node("subProcess", "h", inside, attributes) + _path("s", "h", "e")


def _between(part: str, id_: str) -> str:
    return SE + part + _path("s", id_, "e")


def _forked(gateway: str, *, onwards: str = "") -> str:
    return (
        SE
        + _node("parallelGateway", "f")
        + _users("a", "b")
        + gateway
        + _path("s", "f", "a", "j")
        + (_path("f", "b", "j") + (onwards or _path("j", "e")))
    )


def _timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def _catch(definition: str) -> str:
    return _between(_node("intermediateCatchEvent", "k", definition), "k")


def _throw(definition: str, *before: str) -> str:
    return SE + "".join(before) + _node("intermediateThrowEvent", "t", definition) + _path("s", "t", "e")


def _script(text: str) -> str:
    return _node("scriptTask", "a", f"<script>{text}</script>", 'scriptFormat="feel" camunda:resultVariable="y"')


def _ad_hoc(inside: str, attributes: str = "") -> str:
    return _between(_node("adHocSubProcess", "h", inside, attributes), "h")


def _choice(type_: str, *conditions: str) -> str:
    tasks = [f"x{number}" for number in range(len(conditions))]
    flows = "".join(_flow("g", task, when) for task, when in zip(tasks, conditions, strict=True))
    ends = "".join(_path(task, "e") for task in tasks)
    return SE + _node(type_, "g") + "".join(_node("task", task) for task in tasks) + _path("s", "g") + flows + ends


_ONE = _users("a") + _path("s", "a")
_LINK = '<linkEventDefinition name="L"/>'
_TRIGGERED = 'triggeredByEvent="true"'
_LATE = _node("startEvent", "k", _timer("= PT1H")) + '<endEvent id="ee"/>' + _path("k", "ee")
_TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
_BOUNDARY = _node("boundaryEvent", "k", _timer("=P1D"), 'attachedToRef="a"') + _path("k", "e")

_MODELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ad-hoc sub-process without condition": (
        "h",
        (
            _ad_hoc(_users("a", "b")),
            _ad_hoc(_users("a"), 'ordering="Sequential"'),
            _ad_hoc(_users("a", "b") + _path("a", "b")),
        ),
    ),
    "complex gateway without activation condition": (
        "j",
        (
            _forked(_node("complexGateway", "j")),
            _forked(_node("complexGateway", "j") + _users("c"), onwards=_path("j", "c", "e")),
            SE
            + _node("complexGateway", "j")
            + _users("a", "b")
            + _path("s", "j")
            + _flow("j", "a", "x")
            + _flow("j", "b", "y")
            + _path("a", "e")
            + _path("b", "e"),
        ),
    ),
    "compensation without a handler": (
        "t",
        (
            _throw(COMPENSATE),
            SE
            + _users("a")
            + _node("intermediateThrowEvent", "t", '<compensateEventDefinition activityRef="a"/>')
            + _path("s", "a", "t", "e"),
            '<startEvent id="s"/>' + _users("a") + _node("endEvent", "t", COMPENSATE) + _path("s", "a", "t"),
        ),
    ),
    "link without its catch": (
        "t",
        (
            '<startEvent id="s"/>' + _node("intermediateThrowEvent", "t", _LINK) + _path("s", "t"),
            SE
            + _node("intermediateThrowEvent", "t", _LINK)
            + _node("intermediateCatchEvent", "k", _LINK.replace("L", "l"))
            + _path("s", "t")
            + _path("k", "e"),
            _sub('<startEvent id="hs"/>' + _node("intermediateThrowEvent", "t", _LINK) + _path("hs", "t")),
        ),
    ),
    "condition with an unknown variable": (
        "g_x0",
        tuple(_choice("exclusiveGateway", "nobody &gt; 1", when) for when in ("true", "1 = 1", "false")),
    ),
    "send task without message": (
        "a",
        tuple(
            _between(_node("sendTask", "a", attributes=more), "a")
            for more in ("", 'messageRef=""', 'messageRef="nope"')
        ),
    ),
    "receive task without message": (
        "a",
        tuple(
            _between(_node("receiveTask", "a", attributes=more), "a")
            for more in ("", 'messageRef="S"', 'messageRef="nope"')
        ),
    ),
    "broken script": ("a", tuple(_between(_script(text), "a") for text in ("x +", "if x then", "foo(1)"))),
    "unquoted duration": (
        "k",
        (
            _catch(_timer("= PT5M")),
            SE + _ONE + _path("a", "e") + _BOUNDARY,
            SE + _ONE + _path("a", "e") + _node("subProcess", "ev", _LATE, _TRIGGERED),
        ),
    ),
    "invalid duration": (
        "k",
        (_catch(_timer("PT5X")), _catch(_timer('= duration("5 minutes")')), _catch(_timer("tomorrow", "timeDate"))),
    ),
    "gateway without default or condition": (
        "g",
        (
            _choice("exclusiveGateway", "x", "y"),
            _choice("inclusiveGateway", "", ""),
            _choice("exclusiveGateway", "x", ""),
        ),
    ),
    "orphan": (
        "o",
        (
            SE + _ONE + _path("a", "e") + _users("o"),
            SE + _ONE + _path("a", "e") + _users("o") + _path("o", "e"),
            _sub('<startEvent id="hs"/>' + _users("b", "o") + _path("hs", "b")),
        ),
    ),
    "dangling flow": (
        "x",
        tuple(
            SE + _ONE + _path("a", "e") + f'<sequenceFlow id="x" {ends}/>'
            for ends in ('sourceRef="a" targetRef="nope"', 'sourceRef="a"', 'sourceRef="nope" targetRef="a"')
        ),
    ),
    "missing called process": (
        "a",
        tuple(
            _between(_node("callActivity", "a", inside, f'calledElement="nope" {more}'), "a")
            for inside, more in (("", ""), (_TWICE, ""), ("", 'camunda:calledElementBinding="deployment"'))
        ),
    ),
    "two nodes with one id": (
        "a",
        (
            SE + _users("a", "a") + _path("s", "a", "e"),
            SE + _users("a") + _node("task", "a") + _path("s", "a", "e"),
            SE + _ONE + _path("a", "e") + _node("subProcess", "h", _users("a")),
        ),
    ),
}

WRONG_MODELS: dict[str, tuple[str, bytes]] = {
    f"{kind} {number}": (where, _process(inside))
    for kind, (where, several) in _MODELS.items()
    for number, inside in enumerate(several, start=1)
}
