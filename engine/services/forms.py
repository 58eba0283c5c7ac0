"""Forms: what a person enters is checked against the form's JSON Schema, field by field."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

from engine.errors import Invalid, Problem
from engine.services.content_cache import ContentCache

_VALIDATORS: ContentCache[Draft202012Validator] = ContentCache(2000)


def check(form: dict[str, Any], data: Mapping[str, object]) -> None:
    """Check an entry; raises Invalid with one problem per field, named by its path."""
    validator = _VALIDATORS.get(id(form), lambda: Draft202012Validator(form))
    if validator.schema is not form:
        validator = Draft202012Validator(form)
    problems = tuple(_problem(error) for error in validator.iter_errors(dict(data)))
    if problems:
        raise Invalid(problems=problems, code="form-invalid")


def check_schema(form: object, file: str) -> tuple[Problem, ...]:
    """Return what is wrong with a form itself."""
    if not isinstance(form, dict) or form.get("type") != "object":
        return (Problem("form-not-object", "type", "A form is a JSON Schema of type object.", {}, file),)
    try:
        Draft202012Validator.check_schema(form)
    except SchemaError as error:
        where = ".".join(str(part) for part in error.absolute_path)
        params: dict[str, object] = {"reason": error.message}
        return (Problem("form-schema", where, f"The form is not a JSON Schema: {error.message}", params, file),)
    return ()


# The rule that was broken → the code of the sentence about it.
_CODES = {
    "required": "field-required",
    "additionalProperties": "field-unknown",
    "unevaluatedProperties": "field-unknown",
    "enum": "field-choice",
    "oneOf": "field-choice",
    "const": "field-choice",
    "type": "field-type",
    "maxLength": "field-too-long",
    "minLength": "field-too-short",
    "minimum": "field-too-small",
    "maximum": "field-too-large",
    "pattern": "field-pattern",
    "format": "field-pattern",
}


def _problem(error: ValidationError) -> Problem:
    where = ".".join(str(part) for part in error.absolute_path)
    name = _missing(error) or where
    code = _CODES.get(str(error.validator), "field-invalid")
    return Problem(code, name, error.message[:300], {"field": name, "reason": error.message[:300]})


def _missing(error: ValidationError) -> str | None:
    """Return the field that a rule about the whole object means."""
    if error.validator == "required" and isinstance(error.instance, dict):
        wanted = error.validator_value if isinstance(error.validator_value, list) else []
        absent = [str(name) for name in wanted if name not in error.instance and f"'{name}'" in error.message]
        return ".".join([*(str(part) for part in error.absolute_path), *absent[:1]])
    if error.validator in ("additionalProperties", "unevaluatedProperties") and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        extra = [str(name) for name in error.instance if name not in known]
        return ", ".join(extra)
    return None
