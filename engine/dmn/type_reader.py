"""Reading item definitions: the types of a DMN file, and references to them from anywhere in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.dmn.document import Document, name_of
from engine.dmn.feel_types import feel_types
from engine.dmn.model import DataType
from engine.feel import FeelError, UnaryTests, compile_unary_tests
from engine.feel.kinds import ALIASES, CLASSES, Type

MAX_TYPE_DEPTH = 64
_WHOLE = frozenset({"integer", "long", "int"})
# Names that modellers write for the types of FEEL.
_SYNONYMS = {**ALIASES, "integer": "number", "long": "number", "double": "number", "decimal": "number", "int": "number"}


@dataclass(frozen=True, slots=True)
class Types:
    """The item definitions that a file knows.

    items       its own by name, those of its imports by `prefix.name`
    own         the names of its own
    components  the names of the components of all of them
    named       the same as types of FEEL, for texts that name them
    """

    items: Mapping[str, DataType] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    named: Mapping[str, Type] = field(default_factory=dict)


def read_types(document: Document, imported: Mapping[str, Types] | None = None) -> Types:
    """Read the item definitions; a definition may refer to one that stands below it, or to one of an import.

    Reads   `imported`: the types of other files by the name of their import, which may be empty
    """
    known: dict[str, DataType] = {}
    components: set[str] = set()
    for prefix, types in (imported or {}).items():
        known |= {f"{prefix}.{name}" if prefix else name: types.items[name] for name in types.own}
        components |= types.components
    elements: dict[str, etree._Element] = {}
    for kind, element in document.children(document.root):
        if kind != "itemDefinition":
            continue
        name = name_of(element)
        if name in elements:
            document.duplicate(element, name)
        elements.setdefault(name, element)
    reader = _ItemReader(document, elements, known)
    own = {name: reader.named(name, 0) for name in elements}
    tag = f"{{{document.namespace}}}itemComponent"
    components |= {name_of(part) for part in document.root.iter(tag)}
    items = {**known, **own}
    return Types(items, frozenset(own), frozenset(components - {""}), feel_types(items))


class _ItemReader:
    """Reads item definitions and their components, each once."""

    def __init__(
        self, document: Document, elements: Mapping[str, etree._Element], imported: Mapping[str, DataType]
    ) -> None:
        self.document = document
        self.elements = elements
        self.done: dict[str, DataType] = dict(imported)
        self.open: set[str] = set()

    def named(self, name: str, depth: int) -> DataType:
        """Return the type of a name; what refers to itself stays unchecked there."""
        if name in self.elements and name not in self.open and name not in self.done:
            self.open.add(name)
            self.done[name] = self.item(self.elements[name], depth)
            self.open.discard(name)
        return self.done.get(name, DataType())

    def item(self, element: etree._Element, depth: int) -> DataType:
        """Read one definition or component."""
        if depth > MAX_TYPE_DEPTH:
            message = f"definitions nest deeper than {MAX_TYPE_DEPTH}"
            self.document.problem(element, "dmn-nested-too-deep", message, limit=MAX_TYPE_DEPTH)
            return DataType()
        base = self._base(element, depth)
        base = restricted(base, read_values(self.document, self.document.child(element, "allowedValues")))
        if element.get("isCollection") == "true":
            base = DataType("list", element=base)
        constraint = read_values(self.document, self.document.child(element, "typeConstraint"))
        return replace(base, allowed=constraint) if constraint is not None else base

    def _base(self, element: etree._Element, depth: int) -> DataType:
        parts = [child for kind, child in self.document.children(element) if kind == "itemComponent"]
        if parts:
            return DataType("context", components=self._components(parts, depth))
        function = self.document.child(element, "functionItem")
        if function is not None:
            return self._function(function, depth)
        reference = self.document.child(element, "typeRef")
        if reference is None or not (reference.text or "").strip():
            return DataType()
        return self._referred(reference, reference.text or "", depth)

    def _components(self, parts: list[etree._Element], depth: int) -> dict[str, DataType]:
        components: dict[str, DataType] = {}
        for part in parts:
            name = name_of(part)
            if name in components:
                self.document.duplicate(part, name)
            components[name] = self.item(part, depth + 1)
        return components

    def _function(self, element: etree._Element, depth: int) -> DataType:
        parameters = [child for kind, child in self.document.children(element) if kind == "parameters"]
        types = [self._referred(one, one.get("typeRef") or "", depth) for one in parameters]
        result = self._referred(element, element.get("outputTypeRef") or "", depth)
        return DataType("function", parameters=tuple(types) if types else None, result=result)

    def _referred(self, element: etree._Element, reference: str, depth: int) -> DataType:
        if not reference.strip():
            return DataType()
        for name in spellings(reference):
            if name in self.elements or name in self.done:
                return self.named(name, depth + 1)
        found = _plain(spellings(reference)[-1])
        if found is None:
            self.document.problem(element, "dmn-unknown-type", f"there is no type {reference}", type=reference)
        return found or DataType()


def spellings(reference: str) -> tuple[str, str]:
    """Return the name of a type as it is written, and without the prefix of its XML namespace."""
    name = " ".join(reference.split())
    return name, name.rsplit(":", 1)[-1]


def _plain(local: str) -> DataType | None:
    """Return a type of FEEL, None where there is none of this name."""
    name = _SYNONYMS.get(local, local)
    return DataType(name, whole=local in _WHOLE) if name in CLASSES or name == "Any" else None


def type_of(document: Document, element: etree._Element, reference: str | None, types: Types) -> DataType:
    """Return the type that an element refers to; notes a problem for one that does not exist."""
    if not reference or not reference.strip():
        return DataType()
    written, local = spellings(reference)
    found = types.items.get(written) or types.items.get(local) or _plain(local)
    if found is None:
        document.problem(element, "dmn-unknown-type", f"there is no type {reference}", type=reference)
    return found or DataType()


def read_values(document: Document, element: etree._Element | None) -> UnaryTests | None:
    """Read a list of allowed values; None where there is none."""
    text = document.text_of(element)
    if element is None or not text:
        return None
    try:
        return compile_unary_tests(text)
    except FeelError as error:
        document.expression_problem(element, text, error)
        return None


def restricted(kind: DataType, allowed: UnaryTests | None) -> DataType:
    """Return a type with the values that are listed for it; of a list they restrict the elements."""
    if allowed is None:
        return kind
    if kind.element is not None:
        return replace(kind, element=restricted(kind.element, allowed))
    return replace(kind, allowed=allowed)
