"""Rules of forms: FEEL beside the fields of a form, over what was entered and the variables of the task.

x-visible   whether the field applies at all; a value for one that does not is refused
x-required  whether it must be filled in
x-default   the value of a field that was left out
x-value     the value of a field that nobody enters: computed here, whatever the client sends
x-valid     what must be true of a value that was entered

A name is a field of the form (null where it is empty), else a variable. Fields are gone through in the order of the
form, so that a value sees the ones before. Null counts as false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn import Moment
from engine.errors import Invalid, Problem, because
from engine.feel import Expression, FeelError, compile_expression, to_json
from engine.feel.foreign import recognise

VISIBLE, REQUIRED, DEFAULT, VALUE, VALID = RULES = ("x-visible", "x-required", "x-default", "x-value", "x-valid")


@dataclass(frozen=True, slots=True)
class FormRules:
    """The compiled rules of a form: by field, in the order of the form, and by kind."""

    fields: Mapping[str, Mapping[str, Expression]]
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        return any(self.fields.values())


@dataclass(slots=True)
class Entry:
    """What was entered, on its way through the rules.

    data      the values, completed as the rules say
    problems  one per field that breaks a rule
    """

    rules: FormRules
    data: dict[str, object]
    variables: Mapping[str, object]
    moment: Moment
    problems: list[Problem] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)

    def complete(self) -> None:
        """Leave out what does not apply, and put in what is computed or given by default."""
        for name, rules in self.rules.fields.items():
            if VISIBLE in rules and not self._holds(name, VISIBLE):
                self.hidden.add(name)
                if not _is_blank(self.data.pop(name, None)):
                    message = f"The field {name} does not apply."
                    self.problems.append(Problem("field-hidden", name, message, {"field": name}))
            elif VALUE in rules:
                self._put(name, VALUE)
            elif DEFAULT in rules and name not in self.data:
                self._put(name, DEFAULT)

    def check(self) -> None:
        """Note each field that is missing, or whose value is not as it must be."""
        for name, rules in self.rules.fields.items():
            blank = _is_blank(self.data.get(name))
            if name in self.hidden:
                continue
            if blank and REQUIRED in rules and self._holds(name, REQUIRED):
                self.problems.append(Problem("field-required", name, f"The field {name} is required.", {"field": name}))
            elif not blank and VALID in rules and not self._holds(name, VALID):
                params: dict[str, object] = {"field": name, "rule": rules[VALID].text}
                message = f"The field {name} does not meet the rule {rules[VALID].text}."
                self.problems.append(Problem("field-rule", name, message, params))

    def defaults(self) -> dict[str, object]:
        """Return the values that the rules give to fields which nobody has filled in yet."""
        before = dict(self.data)
        self.complete()
        return {name: value for name, value in self.data.items() if name not in before}

    def required(self) -> list[str]:
        """Return the fields that must be filled in, given what has been entered."""
        names = [name for name, rules in self.rules.fields.items() if REQUIRED in rules and name not in self.hidden]
        return [name for name in names if self._holds(name, REQUIRED)]

    def _put(self, name: str, kind: str) -> None:
        value = self._evaluate(name, kind)
        if value is None:
            self.data.pop(name, None)
        else:
            self.data[name] = value

    def _holds(self, name: str, kind: str) -> bool:
        value = self._evaluate(name, kind)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._fail(name, kind, f"{value} is neither true nor false")
        return False

    def _evaluate(self, name: str, kind: str) -> object:
        context = {**self.variables, **dict.fromkeys(self.rules.fields), **self.data}
        try:
            found = self.rules.fields[name][kind](context, now=self.moment.local, facts=self.moment.facts)
            return to_json(found)
        except FeelError as error:
            self._fail(name, kind, error.message)
            return None

    def _fail(self, name: str, kind: str, reason: str) -> None:
        params: dict[str, object] = {"field": name, "rule": kind, "reason": reason}
        self.problems.append(Problem("form-rule-failed", name, f"{kind} cannot be evaluated: {reason}", params))


def _is_blank(value: object) -> bool:
    """Tell whether nothing was entered: no value, no list, or nothing but blanks."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def read_rules(form: Mapping[str, Any], file: str = "") -> FormRules:
    """Compile the rules of a form; what is wrong with them stands in `problems`, with the field and the rule."""
    properties = form.get("properties")
    fields = properties if isinstance(properties, dict) else {}
    problems: list[Problem] = []
    compiled = {
        str(name): dict(_of_field(str(name), hints, problems, file)) if isinstance(hints, dict) else {}
        for name, hints in fields.items()
    }
    problems += _misplaced(form, "", file)
    return FormRules(compiled, tuple(problems))


def _of_field(
    name: str, hints: Mapping[str, object], problems: list[Problem], file: str
) -> Iterator[tuple[str, Expression]]:
    for kind in RULES:
        if kind not in hints:
            continue
        text = hints[kind]
        try:
            if not isinstance(text, str):
                raise FeelError("FEEL is expected, as a text")
            yield kind, compile_expression(text.strip().removeprefix("=").strip())
        except Invalid as error:
            problems.append(_wrong(name, kind, text, error, file))


def _wrong(name: str, kind: str, text: object, error: Invalid, file: str) -> Problem:
    """Return what is wrong with a rule: another language, with the FEEL to write instead, or a mistake."""
    where = f"properties.{name}.{kind}"
    reason = error.message
    params: dict[str, object] = {"field": name, "rule": kind, "text": str(text), "reason": reason, **because(error)}
    foreign = recognise(text) if isinstance(text, str) else None
    if foreign is None or foreign.suggestion is None:
        return Problem("form-rule-invalid", where, f"{kind} of the field {name}: {reason}", params, file)
    params |= {"language": foreign.language, "suggestion": foreign.suggestion}
    message = f"{kind} of the field {name}: {text} is {foreign.language}; write {foreign.suggestion}"
    return Problem("form-rule-foreign", where, message, params, file)


def _misplaced(part: object, path: str, file: str) -> Iterator[Problem]:
    """Yield the rules that stand where nobody would follow them: anywhere but at a field of the form itself."""
    is_field = path.startswith("properties.") and path.count(".") == 1
    if isinstance(part, dict):
        for key, inner in part.items():
            place = f"{path}.{key}" if path else str(key)
            if key in RULES and not is_field:
                params: dict[str, object] = {"rule": key, "place": path or "the form"}
                message = f"{key} belongs to the fields of the form itself, not to {path or 'the form'}."
                yield Problem("form-rule-place", place, message, params, file)
            else:
                yield from _misplaced(inner, place, file)
    elif isinstance(part, list):
        for position, inner in enumerate(part):
            yield from _misplaced(inner, f"{path}[{position}]", file)
