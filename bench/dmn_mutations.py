"""DMN files that were bent: cells, attributes and structure, and the bytes themselves."""

from collections.abc import Callable
from copy import deepcopy
from xml.sax.saxutils import escape

from feel_grammar import Grammar
from lxml import etree

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
TYPES = ("number", "string", "date", "boolean", "tList", "nothing", "")
POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT", "U")


def table(grammar: Grammar) -> bytes:
    """Return a file with one table of a few rows."""
    source = grammar.source
    columns = 1 + source.below(3)
    head = "".join(
        f"<input id='i{index}'><inputExpression typeRef='{source.one_of(TYPES)}'>{_text(grammar.expression(4))}"
        "</inputExpression></input>"
        for index in range(columns)
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry>{_text(grammar.cell())}</inputEntry>" for _ in range(columns))
        + f"<outputEntry>{_text(grammar.expression(4))}</outputEntry></rule>"
        for _ in range(source.below(4))
    )
    logic = f"<decisionTable hitPolicy='{source.one_of(POLICIES)}'>{head}<output name='o'/>{rows}</decisionTable>"
    return (
        f"<definitions xmlns='{MODEL}' name='m' namespace='x'><itemDefinition name='tList' isCollection='true'>"
        f"<typeRef>number</typeRef></itemDefinition><decision id='d' name='d'>{logic}</decision></definitions>"
    ).encode(errors="replace")


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def bent(xml: bytes, grammar: Grammar) -> bytes:
    """Return a file with a few changes."""
    source = grammar.source
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for _ in range(1 + source.below(6)):
        elements = list(root.iter("{*}*"))
        element = elements[(source.below(256) * 256 + source.below(256)) % len(elements)]
        _CHANGES[source.below(len(_CHANGES))](root, element, grammar)
    changed = bytearray(etree.tostring(root))
    for _ in range(source.below(3) * source.below(3)):
        changed[(source.below(256) * 256 + source.below(256)) % len(changed)] = source.below(256)
    return bytes(changed)


def _retext(_root: etree._Element, element: etree._Element, grammar: Grammar) -> None:
    text = grammar.mutated(grammar.cell() if grammar.source.below(2) else grammar.expression(2))
    element.text = "".join(sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff")


def _remove(_root: etree._Element, element: etree._Element, _grammar: Grammar) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(_root: etree._Element, element: etree._Element, _grammar: Grammar) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.append(deepcopy(element))


def _move(root: etree._Element, element: etree._Element, grammar: Grammar) -> None:
    elements = list(root.iter("{*}*"))
    elements[grammar.source.below(256) % len(elements)].append(deepcopy(element))


def _attribute(_root: etree._Element, element: etree._Element, grammar: Grammar) -> None:
    names = (*element.attrib, "id", "name", "typeRef", "hitPolicy", "aggregation", "href", "isCollection")
    values = (*TYPES, *POLICIES, "#d", "#nowhere", "true", "SUM", "x y", "x" * 5000, *element.attrib.values())
    element.set(grammar.source.one_of(tuple(map(str, names))), grammar.source.one_of(tuple(map(str, values))))


def _rename(_root: etree._Element, element: etree._Element, grammar: Grammar) -> None:
    names = ("decision", "literalExpression", "context", "list", "relation", "invocation", "functionDefinition")
    element.tag = f"{{{MODEL}}}{grammar.source.one_of(names)}"


_CHANGES: tuple[Callable[[etree._Element, etree._Element, Grammar], None], ...] = (
    _retext,
    _retext,
    _remove,
    _double,
    _move,
    _attribute,
    _rename,
)
