"""Words: attributes and inner elements of one XML element, against the vocabulary."""

from lxml import etree

from engine.bpmn.reading.refusing import refuse_vendor_attribute, refuse_vendor_part
from engine.bpmn.sentences import Findings
from engine.bpmn.vocabulary import ACTIVITIES, EXTENSION_PARTS, EXTENSIONS, INSIDE, NODES, REPEATS, SCOPES, Allowed
from engine.bpmn.xml import BPMN, CAMUNDA, LONGEST_NAME, PREFIXES, ZHILI, line_of, plain, shown, split

_COMMON = frozenset({"documentation", "extensionElements"})
_OF_NODES = frozenset({"incoming", "outgoing"})
_OURS = frozenset(PREFIXES)


def check_words(xml: etree._Element, allowed: Allowed, findings: Findings, where: str = "") -> None:
    """Note every attribute and inner element that is not understood.

    Foreign namespaces may say what they like, but no expression: nobody would hear it.

    allowed   attributes of the element
    where     id to report, where the element has none
    """
    id_ = plain(xml, "id") or where
    _check_attributes(xml, allowed, findings, id_)
    type_ = split(str(xml.tag))[1]
    if type_ in NODES and type_ not in SCOPES:
        inside = _OF_NODES | INSIDE.get(type_, frozenset())
        if type_ in ACTIVITIES:
            inside |= REPEATS
        check_children(xml, inside, findings, id_)
    for extensions in xml.findall(f"{{{BPMN}}}extensionElements"):
        _check_extensions(extensions, EXTENSIONS.get(type_, frozenset()), findings, id_)


def _check_attributes(xml: etree._Element, allowed: Allowed, findings: Findings, id_: str) -> None:
    type_ = shown(str(xml.tag))
    longest = LONGEST_NAME // 2 if type_ == "lane" else LONGEST_NAME
    if len(plain(xml, "name") or "") > longest:
        count = len(plain(xml, "name") or "")
        findings.add("name-too-long", id_, line_of(xml), type=type_, count=count, limit=longest)
    for name, value in xml.attrib.items():
        namespace = split(str(name))[0]
        if namespace and namespace not in _OURS:
            refuse_vendor_attribute(xml, str(name), str(value), findings, id_)
            continue
        label = shown(str(name))
        if label not in allowed:
            findings.add("attribute-unsupported", id_, line_of(xml), attribute=label, type=type_)
            continue
        texts = allowed[label]
        if texts is not None and str(value).strip() not in texts:
            words = ", ".join(sorted(texts))
            details = {"attribute": label, "type": type_, "value": str(value), "allowed": words}
            findings.add("attribute-value", id_, line_of(xml), **details)


def check_children(xml: etree._Element, inside: frozenset[str], findings: Findings, id_: str) -> None:
    """Note every inner element that is not among the given BPMN names, or documentation or extensions."""
    inside |= _COMMON
    for child in xml:
        namespace, type_ = split(str(child.tag))
        if namespace not in _OURS or (namespace == BPMN and type_ in inside):
            continue
        findings.add("element-unsupported", id_, line_of(child), type=shown(str(child.tag)))


def _check_extensions(extensions: etree._Element, known: frozenset[str], findings: Findings, id_: str) -> None:
    for child in extensions:
        namespace, name = split(str(child.tag))
        if namespace not in _OURS:
            refuse_vendor_part(child, findings, id_)
            continue
        if namespace == ZHILI or namespace != CAMUNDA or name not in known:
            findings.add("element-unsupported", id_, line_of(child), type=shown(str(child.tag)))
            continue
        for part in child.iter():
            check_part(part, findings, id_)


def check_part(part: etree._Element, findings: Findings, id_: str) -> None:
    """Check one element inside the extension elements."""
    namespace, name = split(str(part.tag))
    if namespace == CAMUNDA and name in EXTENSION_PARTS:
        _check_attributes(part, EXTENSION_PARTS[name], findings, id_)
    else:
        findings.add("element-unsupported", id_, line_of(part), type=shown(str(part.tag)))
