"""Mappings in and out of an activity: camunda:inputOutput, camunda:in, camunda:out, camunda:properties."""

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from engine.bpmn.elements import NO_MAPPING, NO_PROPERTIES, Assignment, IoMapping
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.values import Value
from engine.bpmn.xml import CAMUNDA, children, extension, plain, text_of


def read_mapping(node: Node, texts: TextReader) -> IoMapping:
    """Read the input and output parameters of a node."""
    blocks = extension(node.xml, "inputOutput")
    if not blocks:
        return NO_MAPPING
    return IoMapping(_parameters(blocks, "inputParameter", texts), _parameters(blocks, "outputParameter", texts))


def _parameters(blocks: list[etree._Element], kind: str, texts: TextReader) -> tuple[Assignment, ...]:
    found: list[Assignment] = []
    for block in blocks:
        for xml in children(block, kind, CAMUNDA):
            name = texts.variable(plain(xml, "name"))
            value = texts.value(text_of(xml), f"{kind} {name}")
            if name is None:
                if not plain(xml, "name"):
                    texts.note("attribute-missing", type=kind, attribute="name")
                continue
            if any(one.name == name for one in found):
                texts.note("mapping-name-twice", kind=kind, name=name)
            found.append(Assignment(name, value or Value(f"{texts.id}.{kind} {name}", "")))
    return tuple(found)


def read_calls(node: Node, texts: TextReader, kind: str) -> tuple[tuple[Assignment, ...], bool, Value | None]:
    """Read camunda:in or camunda:out: the assignments, whether everything goes over, the business key."""
    assignments: list[Assignment] = []
    everything, business_key = False, None
    for xml in extension(node.xml, kind):
        given = [name for name in ("source", "sourceExpression", "variables", "businessKey") if plain(xml, name)]
        if len(given) != 1:
            choices = "source, sourceExpression, variables, businessKey"
            texts.note("mapping-ambiguous", element=kind, choices=choices)
        elif given == ["variables"]:
            everything = True
        elif given == ["businessKey"]:
            business_key = texts.value(plain(xml, "businessKey"), f"{kind} businessKey")
        else:
            _assign(xml, kind, texts, assignments)
    return tuple(assignments), everything, business_key


def _assign(xml: etree._Element, kind: str, texts: TextReader, assignments: list[Assignment]) -> None:
    target = texts.variable(plain(xml, "target"))
    if target is None:
        if not plain(xml, "target"):
            texts.note("attribute-missing", type=kind, attribute="target")
        return
    source = texts.variable(plain(xml, "source"))
    text = plain(xml, "sourceExpression") or ""
    if source is None and not text:
        return
    expression = texts.expression(source or text, f"{kind} {target}")
    if expression is not None:
        assignments.append(Assignment(target, Value(f"{texts.id}.{kind} {target}", source or text, expression)))


def read_properties(xml: etree._Element) -> Mapping[str, str]:
    """Read camunda:properties: facts for other readers."""
    found = {}
    for block in extension(xml, "properties"):
        for prop in children(block, "property", CAMUNDA):
            name = plain(prop, "name")
            if name:
                found[name] = plain(prop, "value") or ""
    return MappingProxyType(found) if found else NO_PROPERTIES
