"""The types of a DMN file: item definitions, references to them, and values checked against them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from lxml import etree

from engine.dmn.document import Document
from engine.dmn.model import DataType
from engine.feel import FeelError, UnaryTests, YearsMonths, compile_unary_tests
from engine.feel.kinds import ALIASES, CLASSES
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time

MAX_TYPE_DEPTH = 16
_WHOLE = frozenset({"integer", "long", "int"})
# Names that modellers write for the types of FEEL.
_SYNONYMS = {**ALIASES, "integer": "number", "long": "number", "double": "number", "decimal": "number", "int": "number"}
_READERS = {
    "date": (parse_date, date),
    "time": (parse_time, time),
    "date and time": (parse_date_time, datetime),
    "days and time duration": (parse_duration, timedelta),
    "years and months duration": (parse_duration, YearsMonths),
}


@dataclass(frozen=True, slots=True)
class Types:
    """The item definitions of a file by name, and the names of their components."""

    items: Mapping[str, DataType] = field(default_factory=dict)
    components: frozenset[str] = frozenset()


def read_types(document: Document) -> Types:
    """Read the item definitions; a definition may refer to one that stands below it."""
    elements = {
        " ".join((element.get("name") or "").split()): element
        for name, element in document.children(document.root)
        if name == "itemDefinition"
    }
    reader = _ItemReader(document, elements)
    items = {name: reader.item(element, 0) for name, element in elements.items()}
    tag = f"{{{document.namespace}}}itemComponent"
    components = {" ".join((part.get("name") or "").split()) for part in document.root.iter(tag)}
    return Types(items, frozenset(components - {""}))


class _ItemReader:
    """Reads item definitions and their components."""

    def __init__(self, document: Document, elements: Mapping[str, etree._Element]) -> None:
        self.document = document
        self.elements = elements

    def item(self, element: etree._Element, depth: int) -> DataType:
        """Read one definition; what refers to itself stays unchecked."""
        base = self._base(element, depth)
        allowed = read_values(self.document, self.document.child(element, "allowedValues"))
        base = replace(base, allowed=allowed) if allowed is not None else base
        return DataType("list", element=base) if element.get("isCollection") == "true" else base

    def _base(self, element: etree._Element, depth: int) -> DataType:
        if depth > MAX_TYPE_DEPTH:
            return DataType()
        parts = [child for name, child in self.document.children(element) if name == "itemComponent"]
        if parts:
            return DataType("context", components={_name(part): self.item(part, depth + 1) for part in parts})
        reference = self.document.child(element, "typeRef")
        local = _local(reference.text or "") if reference is not None else ""
        return self.item(self.elements[local], depth + 1) if local in self.elements else _plain(local) or DataType()


def _name(element: etree._Element) -> str:
    return " ".join((element.get("name") or "").split())


def _local(reference: str) -> str:
    """Return the name of a type without its prefix."""
    return " ".join(reference.split()).rsplit(":", 1)[-1]


def _plain(local: str) -> DataType | None:
    """Return a type of FEEL, None where there is none of this name."""
    name = _SYNONYMS.get(local, local)
    return DataType(name, whole=local in _WHOLE) if name in CLASSES or name == "Any" else None


def type_of(document: Document, element: etree._Element, reference: str | None, types: Types) -> DataType:
    """Return the type that an element refers to; notes a problem for one that does not exist."""
    if not reference:
        return DataType()
    local = _local(reference)
    found = types.items.get(local) or _plain(local)
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


def coerced(value: object, wanted: DataType) -> object:
    """Return a value as its type has it.

    Texts of dates and durations become dates and durations; a list of one becomes its element where one value is
    wanted, and one value a list of one where a list is (DMN 1.3 §10.3.2.9.4).
    """
    if wanted.element is not None:
        if value is None:
            return None
        return [coerced(item, wanted.element) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and len(value) == 1 and wanted.name not in {"list", "Any"}:
        value = value[0]
    if isinstance(value, dict) and wanted.components:
        return {key: coerced(item, wanted.components.get(key, DataType())) for key, item in value.items()}
    reader = _READERS.get(wanted.name)
    if reader is None or not isinstance(value, str):
        return value
    parsed = reader[0](value)
    return parsed if parsed.__class__ is reader[1] else value


def fits(value: object, wanted: DataType) -> bool:
    """Tell whether a value is of a type; null is of any."""
    if value is None or wanted.name == "Any":
        return True
    if value.__class__ not in CLASSES[wanted.name]:
        return False
    if wanted.element is not None and isinstance(value, list):
        return all(fits(item, wanted.element) for item in value)
    if isinstance(value, dict):
        return all(key in value and fits(value[key], kind) for key, kind in wanted.components.items())
    return not (wanted.whole and isinstance(value, Decimal)) or value == value.to_integral_value()


def is_allowed(value: object, wanted: DataType) -> bool:
    """Tell whether a value is among those that its type allows."""
    if wanted.element is not None and isinstance(value, list):
        return all(is_allowed(item, wanted.element) for item in value)
    return value is None or wanted.allowed is None or wanted.allowed(value, {})
