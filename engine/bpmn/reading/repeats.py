"""Repetition: the marker of a multi-instance and of a standard loop."""

from lxml import etree

from engine.bpmn.elements import LoopSpec, MultiInstanceSpec
from engine.bpmn.reading.data import is_variable
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.values import NOT_CONSTANT, Value, constant
from engine.bpmn.vocabulary import MULTI_INSTANCE, STANDARD_LOOP
from engine.bpmn.xml import BPMN, camunda, children, plain, text_of, zhili

_MULTI_NAMES = ("loopDataInputRef", "loopDataOutputRef", "loopCardinality", "completionCondition")
_LOOP_NAMES = ("loopCondition",)


def read_multi_instance(
    node: Node, texts: TextReader, data: tuple[str | None, str | None] = (None, None)
) -> MultiInstanceSpec | None:
    """Read the multi-instance marker of a node, if it has one.

    data   what loopDataInputRef and loopDataOutputRef mean, where they refer to declared data
    """
    blocks = children(node.xml, "multiInstanceLoopCharacteristics")
    if not blocks:
        return None
    xml = blocks[0]
    check_words(xml, MULTI_INSTANCE, texts.findings, node.id)
    parts = _parts(xml, _MULTI_NAMES, texts, "inputDataItem", "outputDataItem")
    source = camunda(xml, "collection") or data[0] or parts.get("loopDataInputRef")
    collection = _collection(source, texts)
    cardinality = _cardinality(parts.get("loopCardinality"), texts)
    if sum(one is not None for one in (camunda(xml, "collection"), parts.get("loopDataInputRef"))) > 1:
        texts.note("multi-instance-source")
    if (source is None) == (parts.get("loopCardinality") is None):
        texts.note("multi-instance-source")
    element = texts.variable(camunda(xml, "elementVariable") or _item(xml, "inputDataItem"))
    if element and not source:
        texts.note("multi-instance-element")
    given = parts.get("completionCondition")
    completion = None if given is None else texts.expression(given, "completionCondition")
    output = texts.variable(zhili(xml, "outputCollection") or data[1] or parts.get("loopDataOutputRef"))
    given = zhili(xml, "outputElement") or texts.variable(_item(xml, "outputDataItem"))
    if (output is None) != (given is None):
        texts.note("multi-instance-output")
    output_element = texts.expression(given, "zhili:outputElement") if given is not None else None
    return MultiInstanceSpec(
        plain(xml, "isSequential") == "true", collection, cardinality, element, completion, output, output_element
    )


def _item(xml: etree._Element, name: str) -> str | None:
    """Return the name of the variable that holds one item, by its name or else its id."""
    names = (text for item in children(xml, name)[:1] for text in (plain(item, "name"), plain(item, "id")) if text)
    return next((text for text in names if is_variable(text)), None)


def _cardinality(text: str | None, texts: TextReader) -> Value | None:
    """Read a number, or an expression with or without `=`; refuse what always gives something else."""
    if text is None or text.strip().isdecimal():
        return texts.value(text, "loopCardinality")
    expression = texts.expression(text, "loopCardinality")
    if expression is None:
        return None
    value = Value(f"{texts.id}.loopCardinality", text, expression)
    given = constant(value)
    if given is not NOT_CONSTANT and (isinstance(given, bool) or not isinstance(given, int) or given < 0):
        details = {"attribute": "loopCardinality", "type": "multiInstanceLoopCharacteristics"}
        texts.note("attribute-value", **details, value="null" if given is None else str(given), allowed="0, 1, 2, …")
    return value


def read_loop(node: Node, texts: TextReader) -> LoopSpec | None:
    """Read the standard loop of a node, if it has one."""
    blocks = children(node.xml, "standardLoopCharacteristics")
    if not blocks:
        return None
    xml = blocks[0]
    if children(node.xml, "multiInstanceLoopCharacteristics"):
        texts.note("loop-twice")
    check_words(xml, STANDARD_LOOP, texts.findings, node.id)
    parts = _parts(xml, _LOOP_NAMES, texts)
    most = plain(xml, "loopMaximum")
    if most is not None and not (most.isdecimal() and int(most)):
        details = {"attribute": "loopMaximum", "type": "standardLoopCharacteristics", "value": most}
        texts.note("attribute-value", **details, allowed="1, 2, 3, …")
        most = None
    condition = None
    if "loopCondition" in parts or most is None:
        condition = texts.expression(parts.get("loopCondition"), "loopCondition")
        if condition is None:
            return None
    return LoopSpec(condition, plain(xml, "testBefore") == "true", None if most is None else int(most))


def _parts(xml: etree._Element, names: tuple[str, ...], texts: TextReader, *beside: str) -> dict[str, str]:
    """Return the texts of the named children; note every other child."""
    known = {f"{{{BPMN}}}{name}" for name in (*names, *beside, "documentation", "extensionElements")}
    for child in xml:
        if str(child.tag) not in known:
            texts.note("element-unsupported", type=str(child.tag).rpartition("}")[2])
        check_children(child, frozenset(), texts.findings, texts.id)
    return {name: text_of(found[0]) for name in names if (found := children(xml, name))}


def _collection(text: str | None, texts: TextReader) -> Value | None:
    """Read a bare name as a variable, as Camunda does; everything else is a value like all others."""
    if text and not text.lstrip().startswith(("=", "$", "#")):
        expression = texts.expression(text, "collection")
        return Value(f"{texts.id}.collection", text, expression) if expression else None
    return texts.value(text, "collection")
