"""A DMN file as a tree of elements, read without trust, and the list of what is wrong with it."""

from collections.abc import Iterator
from itertools import islice
from typing import cast

from lxml import etree

from engine.errors import DeploymentError, Problem
from engine.feel import FeelError

# A table of 10,000 rows and ten columns is a file of about 15 MB with 250,000 elements.
MAX_BYTES = 16_000_000
MAX_ELEMENTS = 400_000

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    },
)


def name_of(element: etree._Element) -> str:
    """Return the name of an element, its blanks made single."""
    return " ".join((element.get("name") or "").split())


class Document:
    """A file that is being read: its tree, and the problems found so far."""

    def __init__(self, xml: bytes, file: str) -> None:
        """Parse; raises DeploymentError for what is no DMN file, too big, or hostile."""
        self.file = file
        self.problems: list[Problem] = []
        self.root = self._parse(xml)
        self.namespace = etree.QName(self.root).namespace or ""
        if self.namespace not in NAMESPACES or etree.QName(self.root).localname != "definitions":
            raise self._refused("dmn-not-a-model", "this is no DMN file of version 1.1 to 1.5", self.root)

    def _parse(self, xml: bytes) -> etree._Element:
        if len(xml) > MAX_BYTES:
            raise self._refused("dmn-too-large", f"the file is larger than {MAX_BYTES} bytes")
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            recover=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(xml, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise self._refused("dmn-not-xml", f"this is no well-formed XML: {error}", line=line) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._refused("dmn-doctype", "a DOCTYPE is not allowed")
        if sum(1 for _ in islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
            raise self._refused("dmn-too-large", f"the file has more than {MAX_ELEMENTS} elements")
        return root

    def _refused(
        self,
        code: str,
        message: str,
        element: etree._Element | None = None,
        line: int | None = None,
    ) -> DeploymentError:
        line = self.line_of(element) if element is not None else line
        return DeploymentError(problems=[Problem(code, "", message, {}, self.file, line)])

    def problem(self, element: etree._Element, code: str, message: str, **params: object) -> None:
        """Note what is wrong with an element."""
        where = self.id_of(element)
        self.problems.append(Problem(code, where, message, params, self.file, self.line_of(element)))

    def duplicate(self, element: etree._Element, name: str) -> None:
        """Note a name that something else has already."""
        self.problem(element, "dmn-duplicate-name", f"the name {name} is taken already", name=name)

    def unsupported(self, element: etree._Element, construct: str) -> None:
        """Note a construct that is not executed."""
        self.problem(element, "dmn-unsupported", f"{construct} is not supported", construct=construct)

    def expression_problem(self, element: etree._Element, text: str, error: FeelError) -> None:
        """Note an expression that does not compile."""
        self.problem(element, error.key, f"{text!r}: {error.message}", text=text, **error.details)

    def line_of(self, element: etree._Element) -> int:
        """Return the line in which an element starts."""
        # The type stubs of the library give this property no usable type.
        return cast("int | None", element.sourceline) or 0

    def id_of(self, element: etree._Element) -> str:
        """Return the id of an element, or of the next one around it."""
        at: etree._Element | None = element
        while at is not None:
            if at.get("id"):
                return str(at.get("id"))
            at = at.getparent()
        return ""

    def children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """Yield the local name and the element of each child in the DMN namespace; others are not executed."""
        for child in element:
            name = etree.QName(child)
            if name.namespace == self.namespace:
                yield name.localname, child

    def child(self, element: etree._Element, name: str) -> etree._Element | None:
        """Return the first child of a name."""
        return next((child for local, child in self.children(element) if local == name), None)

    def text_of(self, element: etree._Element | None) -> str | None:
        """Return what stands in the `text` of an element."""
        text = self.child(element, "text") if element is not None else None
        return None if text is None else (text.text or "").strip()
