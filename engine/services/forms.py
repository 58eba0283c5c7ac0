"""Forms: what a person enters is completed and checked by the form's rules and its JSON Schema, field by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

from engine.bpmn import Moment
from engine.errors import Invalid, Problem
from engine.services.content_cache import ContentCache
from engine.services.form_rules import Entry, FormRules, read_rules


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is ready to check entries: its document, its JSON Schema, its rules."""

    document: dict[str, Any]
    validator: Draft202012Validator
    rules: FormRules


_FORMS: ContentCache[Form] = ContentCache(2000)


def enter(
    document: dict[str, Any], data: Mapping[str, object], variables: Callable[[], Mapping[str, object]], moment: Moment
) -> dict[str, object]:
    """Return an entry as it counts: without what does not apply, with what is computed and what goes by default.

    Reads    `variables`: those that the rules see; asked for only where the form has rules
    Raises   Invalid with one problem per field, named by its path
    """
    form = _compiled(document)
    if form.rules.problems:
        raise Invalid(problems=form.rules.problems, code="form-invalid")
    entry = Entry(form.rules, dict(data), variables() if form.rules else {}, moment)
    entry.complete()
    entry.check()
    broken = {problem.where for problem in entry.problems}
    found = [_problem(error) for error in form.validator.iter_errors(entry.data)]
    problems = (*entry.problems, *(problem for problem in found if problem.where not in broken))
    if problems:
        raise Invalid(problems=problems, code="form-invalid")
    return entry.data


def offered(document: dict[str, Any], variables: Callable[[], Mapping[str, object]], moment: Moment) -> dict[str, Any]:
    """Return a form as it is shown: the values that its rules give to empty fields stand there as `default`.

    A rule that cannot be evaluated gives none; whoever completes the task hears of it.
    """
    form = _compiled(document)
    if not form.rules:
        return document
    given = Entry(form.rules, {}, variables(), moment).defaults()
    fields = {
        name: hints | {"default": given[name]} if name in given else hints
        for name, hints in document["properties"].items()
    }
    return document | {"properties": fields}


def required(document: dict[str, Any], data: Mapping[str, object], moment: Moment) -> list[str]:
    """Return the fields that the rules ask for, given what has been entered; variables are not known here."""
    entry = Entry(_compiled(document).rules, dict(data), {}, moment)
    entry.complete()
    return entry.required()


def _compiled(document: dict[str, Any]) -> Form:
    """Return the ready form of a document, made once while the document lives."""

    def make() -> Form:
        return Form(document, Draft202012Validator(document), read_rules(document))

    form = _FORMS.get(id(document), make)
    return form if form.document is document else make()


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
    return read_rules(form, file).problems


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
