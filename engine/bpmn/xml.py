"""XML from strangers: read without entities, document types, network or surprise in size."""

from lxml import etree

from engine.bpmn.sentences import Findings

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 20_000

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZHILI = "urn:zhili:bpmn:1.0"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
# Engines whose files look alike: what they say in their own words is not heard, so it must not hold a rule.
VENDORS = {
    "http://activiti.org/bpmn": "activiti:",
    "http://flowable.org/bpmn": "flowable:",
    SPIFF: "spiffworkflow:",
    "http://camunda.org/schema/zeebe/1.0": "zeebe:",
    "http://www.jboss.org/drools": "drools:",
}
PREFIXES = {BPMN: "", CAMUNDA: "camunda:", ZHILI: "zhili:"}
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"


def parse(xml: bytes, findings: Findings) -> etree._Element:
    """Return the definitions element; raise DeploymentError for what is not a harmless BPMN file.

    Refused: more than 2 MB or 20,000 elements, any DOCTYPE, any entity, text that is not well-formed. Comments and
    processing instructions are dropped.
    """
    if len(xml) > MOST_BYTES:
        findings.add("xml-too-large", size=len(xml), limit=MOST_BYTES)
    findings.raise_if_any()
    root = _parse(xml, findings)
    findings.raise_if_any()
    if root.tag != f"{{{BPMN}}}definitions":
        findings.add("bpmn-not-definitions", line=line_of(root), tag=root.tag)
    findings.raise_if_any()
    return root


def _parse(xml: bytes, findings: Findings) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.Element("nothing")
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in xml:
            findings.add("xml-doctype")
        findings.add("xml-malformed", line=error.lineno, reason=error.msg)
        return root
    about: etree.DocInfo = root.getroottree().docinfo
    if about.internalDTD is not None:  # set by every DOCTYPE, with or without a subset
        findings.add("xml-doctype")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        findings.add("xml-too-many-elements", limit=MOST_ELEMENTS)
    return root


def line_of(element: etree._Element) -> int:
    """Return the 1-based line on which an element starts; 0 where it is not known."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def split(tag: str) -> tuple[str, str]:
    """Return namespace and local name of a tag or attribute; the namespace is empty where there is none."""
    if tag.startswith("{"):
        namespace, _, local = tag[1:].partition("}")
        return namespace, local
    return "", tag


def shown(tag: str) -> str:
    """Return the name as a person writes it: `userTask`, `camunda:assignee`."""
    namespace, local = split(tag)
    return PREFIXES.get(namespace, VENDORS.get(namespace, "")) + local


def is_drawing(element: etree._Element) -> bool:
    """Whether the element belongs to the picture, not to the process."""
    return split(str(element.tag))[0] == _DIAGRAM


def children(element: etree._Element, local: str, namespace: str = BPMN) -> list[etree._Element]:
    """Return the direct children of one name."""
    return element.findall(f"{{{namespace}}}{local}")


def extension(element: etree._Element, local: str) -> list[etree._Element]:
    """Return the camunda extension elements of one name."""
    return element.findall(f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}{local}")


def text_of(element: etree._Element | None) -> str:
    """Return all text inside, without surrounding blanks; comments inside do not cut it."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def camunda(element: etree._Element, name: str) -> str | None:
    """Return an attribute of the camunda namespace."""
    return _attribute(element, CAMUNDA, name)


def zhili(element: etree._Element, name: str) -> str | None:
    """Return an attribute of our own namespace."""
    return _attribute(element, ZHILI, name)


def plain(element: etree._Element, name: str) -> str | None:
    """Return an attribute without namespace."""
    value = element.get(name)
    return None if value is None else str(value).strip()


def _attribute(element: etree._Element, namespace: str, name: str) -> str | None:
    value = element.get(f"{{{namespace}}}{name}")
    return None if value is None else str(value).strip()
