"""XML from strangers: read without entities, document types, network or surprise in size.

What is read is a copy: the names of vendors' namespaces, prefixes and encodings are made alike in it, while the file
itself is kept byte for byte.
"""

import re

from lxml import etree

from engine.bpmn.sentences import Findings

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 100_000
LONGEST_NAME = 200

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
_BESIDE = "http://www.omg.org/spec/BPMN/non-normative/"
# Namespaces of BPMN 1.x, of the drafts of 2.0, and of slips of the pen.
_NEARLY = re.compile(r"bpmn\.org|omg\.org/(?:spec/)?bpmn", re.IGNORECASE)
# What a file may begin with to say its order of bytes.
_MARKS = b"\xef\xbb\xbf\xff\xfe"
_INCLUDE = re.compile(r"https?://www\.w3\.org/\d{4}/XInclude")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,100})[\"']")
_ENCODINGS = re.compile(
    r"utf-?8|utf-?(?:16|32)(?:-?[lb]e)?|ucs-?[24]|iso-10646-ucs-[24]|us-ascii|ascii|iso-8859-\d+|latin-?1|gb2312|gbk"
    r"|gb18030|big5|big5-hkscs|windows-\d+|cp\d+|shift_jis|euc-(?:jp|kr|tw|cn)|koi8-r",
    re.IGNORECASE,
)
_UNICODE = re.compile(r"utf|ucs|iso-10646", re.IGNORECASE)
_QUALIFIED = re.compile(r"[^\W\d][\w.\-]*:[^\W\d][\w.\-]*")
# Attributes and inner elements of BPMN 2.0.2 that hold a qualified name; all others of the kind end in Ref.
_REFERRING = frozenset({"default", "calledElement", "bpmnElement"})
# Attributes of BPMN 2.0.2 that are true or false; XML Schema has two spellings for each.
_BOOLEAN = frozenset(
    {
        "cancelActivity",
        "cancelRemainingInstances",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isForCompensation",
        "isImmediate",
        "isInterrupting",
        "isSequential",
        "instantiate",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
        "waitForCompletion",
    }
)
_SPELT = {"1": "true", "0": "false"}
_LISTING = frozenset({"incoming", "outgoing"})


def parse(xml: bytes, findings: Findings) -> etree._Element:
    """Return the definitions element; raise DeploymentError for what is not a harmless BPMN file.

    Refused: more than 2 MB, 20,000 elements or 100,000 attributes, any DOCTYPE, any entity, any inclusion, an encoding
    that is unknown or cannot be the true one, namespaces of other versions, text that is not well-formed. Comments and
    processing instructions are dropped. References lose the prefix of the file's own namespace (BPMN 2.0.2 §8.1.3).
    """
    if len(xml) > MOST_BYTES:
        findings.add("xml-too-large", size=len(xml), limit=MOST_BYTES)
    elif not xml.lstrip(_MARKS).strip(b" \t\r\n\0"):
        findings.add("xml-empty")
    findings.raise_if_any()
    _check_encoding(xml, findings)
    findings.raise_if_any()
    root = _parse(xml, findings)
    findings.raise_if_any()
    _check_root(root, findings)
    findings.raise_if_any()
    _Walk(root, findings).walk()
    findings.raise_if_any()
    return root


def _check_encoding(xml: bytes, findings: Findings) -> None:
    """Refuse an encoding that no modeller writes, and text in UTF-8 that says to be something else."""
    declared = _DECLARED.match(xml[:2000].replace(b"\0", b"").lstrip(_MARKS))
    if declared is None:
        return
    name = declared[1].decode("ascii", "replace")
    if not _ENCODINGS.fullmatch(name):
        findings.add("xml-encoding-unknown", line=1, encoding=name)
    elif not _UNICODE.match(name) and _is_utf8(xml):
        findings.add("xml-encoding-wrong", line=1, encoding=name)


def _is_utf8(xml: bytes) -> bool:
    """Whether bytes are UTF-8 for certain: by characters of three bytes, which other encodings do not hit by chance."""
    try:
        return any(character > "\u07ff" for character in xml.decode())
    except UnicodeDecodeError:
        return False


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
        if b"<!DOCTYPE" in xml.replace(b"\0", b""):
            findings.add("xml-doctype")
        deep = "depth" in str(error.msg)
        findings.add("xml-too-deep" if deep else "xml-malformed", line=error.lineno, reason=error.msg)
        return root
    about: etree.DocInfo = root.getroottree().docinfo
    if about.internalDTD is not None:  # set by every DOCTYPE, with or without a subset
        findings.add("xml-doctype")
    return root


def _check_root(root: etree._Element, findings: Findings) -> None:
    namespace, name = split(str(root.tag))
    if name != "definitions":
        findings.add("bpmn-not-definitions", line=line_of(root), tag=_cut(str(root.tag)))
    elif namespace != BPMN:
        _wrong_namespace(root, namespace, findings)


def _wrong_namespace(element: etree._Element, namespace: str, findings: Findings) -> None:
    tag, shown_name = split(str(element.tag))[1], _cut(namespace) or "-"
    details = {"tag": _cut(tag), "namespace": shown_name, "expected": BPMN}
    findings.add("bpmn-namespace", plain(element, "id") or "", line_of(element), **details)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


class _Walk:
    """One way through all elements: counts them, checks their namespaces, and shortens references."""

    def __init__(self, root: etree._Element, findings: Findings) -> None:
        self._root = root
        self._findings = findings
        self._own = {BPMN, root.get("targetNamespace", BPMN)}
        self._prefixes: dict[str, list[str]] = {}
        self._declared: list[str] = []
        self._foreign: etree._Element | None = None
        self._attributes = self._elements = 0

    def walk(self) -> None:
        """Go through the file; stop at the first limit."""
        # The library's own map of prefixes is built anew for each element that is asked: too slow for hostile files.
        for event, found in etree.iterwalk(self._root, events=("start", "end", "start-ns", "end-ns")):
            if event == "start-ns":
                self._declare(str(found[0]), str(found[1]))
            elif event == "end-ns":
                self._prefixes[self._declared.pop()].pop()
            elif event == "start":
                if not self._count(found):
                    return
                self._look_at(found)
            elif found is self._foreign:
                self._foreign = None

    def _declare(self, prefix: str, namespace: str) -> None:
        self._prefixes.setdefault(prefix, []).append(namespace)
        self._declared.append(prefix)

    def _count(self, element: etree._Element) -> bool:
        self._elements += 1
        self._attributes += len(element.attrib)
        if self._elements > MOST_ELEMENTS:
            self._findings.add("xml-too-many-elements", limit=MOST_ELEMENTS)
        elif self._attributes > MOST_ATTRIBUTES:
            self._findings.add("xml-too-many-attributes", limit=MOST_ATTRIBUTES)
        return max(self._elements - MOST_ELEMENTS, self._attributes - MOST_ATTRIBUTES) <= 0

    def _look_at(self, element: etree._Element) -> None:
        namespace, name = split(str(element.tag))
        if _INCLUDE.fullmatch(namespace):
            self._findings.add("xml-include", line=line_of(element))
        if self._foreign is not None:
            return
        if namespace in {BPMN, _DIAGRAM}:
            self._shorten(element, name)
        elif not namespace or (_NEARLY.search(namespace) and not namespace.startswith(_BESIDE)):
            _wrong_namespace(element, namespace, self._findings)
            self._foreign = element
        elif namespace not in PREFIXES:
            self._foreign = element

    def _shorten(self, element: etree._Element, name: str) -> None:
        for attribute, value in element.attrib.items():
            if ":" in value and (str(attribute) in _REFERRING or str(attribute).endswith("Ref")):
                element.set(attribute, self._local(str(value), anywhere=attribute == "calledElement"))
            elif value in _SPELT and attribute in _BOOLEAN:
                element.set(attribute, _SPELT[str(value)])
        if name in _LISTING or name.endswith(("Ref", "Refs")):
            text = str(element.text or "")
            if ":" in text:
                element.text = self._local(text)

    def _local(self, text: str, *, anywhere: bool = False) -> str:
        """Return the id that a qualified name of the file's own namespace means; any other name stays as it is.

        anywhere  whether what is named may lie in another file: processes are called by their key alone
        """
        if not _QUALIFIED.fullmatch(text.strip()):
            return text
        prefix, _, local = text.strip().partition(":")
        declared = self._prefixes.get(prefix)
        return local if declared and (anywhere or declared[-1] in self._own) else text


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


def reference(element: etree._Element, name: str) -> str:
    """Return the id that an attribute refers to, empty where there is none; `parse` has taken the prefix away."""
    return plain(element, name) or ""


def _attribute(element: etree._Element, namespace: str, name: str) -> str | None:
    value = element.get(f"{{{namespace}}}{name}")
    return None if value is None else str(value).strip()
