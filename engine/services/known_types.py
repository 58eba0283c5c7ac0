"""What is known about values before they exist: from the types of decisions, from forms, from diagrams."""

from collections.abc import Mapping
from decimal import Decimal

from engine.dmn import DataType, Decision, DecisionTable
from engine.dmn.model import SINGLE_HIT, Aggregation
from engine.feel import to_feel
from engine.feel.checking import ANY, StaticType
from engine.feel.checking.static_types import BOOLEAN, NUMBER, STRING, list_of
from engine.feel.constants import listed_constants

_DEEP = 8
_PLAIN: Mapping[str, StaticType] = {"string": STRING, "number": NUMBER, "integer": NUMBER, "boolean": BOOLEAN}


def of_data_type(kind: DataType, depth: int = 0) -> StaticType:
    """Return what a declared type says."""
    if depth > _DEEP:
        return ANY
    if kind.element is not None:
        return list_of(of_data_type(kind.element, depth + 1))
    fields = {name: of_data_type(part, depth + 1) for name, part in kind.components.items()}
    values = listed_constants(kind.allowed) if kind.allowed is not None else None
    plain = values is not None and all(isinstance(value, (str, Decimal, bool)) for value in values)
    return StaticType(kind.name, fields=fields, closed=bool(fields), values=values if plain else None)


def of_form(form: Mapping[str, object]) -> dict[str, StaticType]:
    """Return the fields of a form; dates are texts there, as everything is that JSON has no type for."""
    properties = form.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return {str(name): of_schema(schema) for name, schema in properties.items()}


def labels_of(form: Mapping[str, object], title: str) -> dict[str, str]:
    """Return what people call the fields of a form; `title` is the key of the label."""
    properties = form.get("properties")
    found = properties.items() if isinstance(properties, Mapping) else ()
    return {str(name): str(schema[title]) for name, schema in found if isinstance(schema, Mapping) and title in schema}


def of_schema(schema: object, depth: int = 0) -> StaticType:
    """Return what a JSON Schema says about a value."""
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return ANY
    name = schema.get("type")
    names = [one for one in name if one != "null"] if isinstance(name, list) else [name]
    if len(names) != 1:
        return ANY
    if names[0] == "array":
        return list_of(of_schema(schema.get("items"), depth + 1))
    if names[0] == "object":
        parts = schema.get("properties")
        fields = {str(key): of_schema(part, depth + 1) for key, part in parts.items()} if parts else {}
        return StaticType("context", fields=fields, closed=bool(fields) and schema.get("additionalProperties") is False)
    plain = _PLAIN.get(str(names[0]), ANY)
    values = _choices(schema)
    return StaticType(plain.name, values=tuple(map(to_feel, values))) if values and plain.is_known else plain


def _choices(schema: Mapping[str, object]) -> list[object]:
    """Return the values of a field that offers a choice."""
    listed = schema.get("enum")
    if isinstance(listed, list):
        return [value for value in listed if value is not None]
    options = schema.get("oneOf")
    if isinstance(options, list) and all(isinstance(one, Mapping) and "const" in one for one in options):
        return [one["const"] for one in options if one["const"] is not None]
    return [schema["const"]] if "const" in schema else []


def of_decision(decision: Decision) -> StaticType:
    """Return the type of what a decision answers."""
    if decision.table is None:
        return of_data_type(decision.type)
    table = decision.table
    if table.aggregation is not None:
        return NUMBER if table.aggregation is Aggregation.COUNT else ANY
    answer = of_row(table)
    return answer if table.hit_policy in SINGLE_HIT else list_of(answer)


def of_row(table: DecisionTable) -> StaticType:
    """Return the type of what one row answers."""
    fields = {output.name: of_data_type(output.type) for output in table.outputs}
    if len(fields) == 1:
        return next(iter(fields.values()))
    return StaticType("context", fields=fields, closed=True)
