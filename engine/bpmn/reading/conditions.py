"""What decides when an element begins or ends: ad-hoc completion, activation of complex gateways, token quantities."""

from engine.bpmn.elements import AdHocSpec
from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children
from engine.bpmn.xml import children, line_of, plain, text_of
from engine.feel import Expression

MOST_TOKENS = 100


def read_ad_hoc(node: Node, texts: TextReader) -> AdHocSpec | None:
    """Read how an ad-hoc sub-process comes to its end; without a condition it never would."""
    if node.type != "adHocSubProcess":
        return None
    condition = _expression(node, "completionCondition", texts)
    if condition is None:
        if not children(node.xml, "completionCondition"):
            texts.note("ad-hoc-condition")
        return None
    sequential = plain(node.xml, "ordering") == "Sequential"
    return AdHocSpec(condition, sequential, plain(node.xml, "cancelRemainingInstances") != "false")


def read_activation(node: Node, texts: TextReader) -> Expression | None:
    """Read when a complex gateway fires; one with a single incoming flow has nothing to wait for."""
    if node.type != "complexGateway":
        return None
    if not children(node.xml, "activationCondition"):
        several = len(node.incoming) > 1
        note = texts.note if several else texts.doubt
        note("complex-activation", id=node.id)
        return None
    return _expression(node, "activationCondition", texts)


def _expression(node: Node, name: str, texts: TextReader) -> Expression | None:
    blocks = children(node.xml, name)
    if not blocks:
        return None
    check_children(blocks[0], frozenset(), texts.findings, node.id)
    reader = TextReader(node.id, line_of(blocks[0]), texts.findings)
    return reader.expression(text_of(blocks[0]), name, plain(blocks[0], "language"))


def read_quantity(node: Node, name: str, texts: TextReader) -> int:
    """Read how many tokens an activity takes in or hands out: a whole number from 1 to 100."""
    text = plain(node.xml, name)
    if text is None:
        return 1
    if text.isdecimal() and 1 <= int(text) <= MOST_TOKENS:
        return int(text)
    texts.note("attribute-value", attribute=name, type=node.type, value=text, allowed=f"1 … {MOST_TOKENS}")
    return 1
