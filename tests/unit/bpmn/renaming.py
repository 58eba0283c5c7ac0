"""The same diagram under other ids and in another order of its document."""

import random
from dataclasses import dataclass

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# Names that engines use for themselves, that sort oddly, or that a careless reader of XML would split.
NAMES = (
    "Start",
    "End",
    "Root",
    "root",
    "EndJoin",
    "None",
    "true",
    "结案",
    "受理_审查",
    "甲.乙-丙",
    "Ünïcode",
    "_0",
    "p",
)
# What these are called is what expressions call them: not a mere id.
_KEPT = frozenset({"dataObject", "dataObjectReference", "dataStore", "property", "dataInput", "dataOutput"})
_REFERRING = frozenset({"default", "bpmnElement", "calledElement"})
_LISTING = frozenset({"incoming", "outgoing"})
# An ad-hoc sub-process offers its activities in the order of the document: there the order says something.
_SHUFFLED = frozenset({"definitions", "process", "subProcess", "transaction"})
_FLOW_NODES = ("Event", "ask", "ctivity", "ubProcess", "ateway", "transaction")


@dataclass(frozen=True)
class Renamed:
    """The other diagram, and the new name of each id."""

    xml: bytes
    names: dict[str, str]


def renamed(xml: bytes, seed: int) -> Renamed:
    """Give every id a new name wherever it is used, and shuffle the document; a node keeps the order of its flows."""
    chance = random.Random(seed)
    root = etree.fromstring(xml)
    elements = [element for element in root.iter("*") if isinstance(element.tag, str)]
    ids = [element.get("id") for element in elements if element.tag.startswith(BPMN) and _local(element) not in _KEPT]
    names = _new_names([id_ for id_ in ids if id_], chance)
    for element in elements:
        _rename(element, names)
    for element in elements:
        if _local(element) in _SHUFFLED:
            _shuffle(element, chance)
        elif element.tag.startswith(BPMN):
            _shuffle_incoming(element, chance)
    return Renamed(etree.tostring(root, encoding="utf-8"), names)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _new_names(ids: list[str], chance: random.Random) -> dict[str, str]:
    free = list(NAMES)
    chance.shuffle(free)
    new: dict[str, str] = {}
    for number, id_ in enumerate(chance.sample(ids, len(ids))):
        letter = chance.choice(["n", "Z", "编号", "_", "É"])
        new[id_] = free.pop() if free and chance.random() < 0.7 else f"{letter}{chance.randrange(10**6)}.{number}"
    return new


def _rename(element: etree._Element, names: dict[str, str]) -> None:
    for attribute, value in element.attrib.items():
        if attribute in {"id", *_REFERRING} or (attribute.endswith("Ref") and "}" not in attribute):
            prefix, colon, name = value.rpartition(":")
            if name in names and (element.tag.startswith(BPMN) or attribute == "bpmnElement"):
                element.set(attribute, f"{prefix}{colon}{names[name]}")
    if _local(element) in _LISTING or _local(element).endswith("Ref"):
        prefix, colon, name = (element.text or "").strip().rpartition(":")
        element.text = f"{prefix}{colon}{names.get(name, name)}"


def _shuffle(scope: etree._Element, chance: random.Random) -> None:
    """Put flow elements (of the definitions: all that is defined) at each other's places."""
    if _local(scope) == "definitions":
        movable = [child for child in scope if str(child.tag).startswith(BPMN)]
    else:
        movable = [child for child in scope if _local(child) == "sequenceFlow" or _local(child).endswith(_FLOW_NODES)]
    places = [scope.index(child) for child in movable]
    chance.shuffle(movable)
    for child in movable:
        scope.remove(child)
    for place, child in zip(places, movable, strict=True):
        scope.insert(place, child)


def _shuffle_incoming(node: etree._Element, chance: random.Random) -> None:
    listed = [child for child in node if _local(child) == "incoming"]
    texts = [child.text for child in listed]
    chance.shuffle(texts)
    for child, text in zip(listed, texts, strict=True):
        child.text = text
