"""Fields of requests and answers: strict about types, and wrong values carry the code of their sentence."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Self

import marshmallow as ma
from marshmallow import validate

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Within these years every clock, calendar and database agrees; outside some overflow.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Wrong(str):
    """The English sentence of what is wrong with a field, with the code and the parameters of it."""

    __slots__ = ("code", "params")

    code: str
    params: Mapping[str, object]

    def __new__(cls, code: str, message: str, **params: object) -> Self:
        """Make the sentence and remember its code."""
        self = super().__new__(cls, message)
        self.code = code
        self.params = params
        return self

    def __deepcopy__(self, memo: object) -> "Wrong":
        """Stay the same: nothing in it ever changes."""
        del memo
        return self


def wrong(code: str, message: str, **params: object) -> ma.ValidationError:
    """Return the error that refuses a field."""
    return ma.ValidationError([Wrong(code, message, **params)])


class _Coded:
    """Gives the errors that a field of the library raises itself the codes of ours."""

    REASONS = {  # noqa: RUF012  never changed
        "required": ("field-required", "This field is required."),
        "null": ("field-null", "This field must not be null."),
        "type": ("field-not-object", "An object is expected."),
    }
    kind_code = "field-invalid"
    kind_message = "Not a valid value."

    def make_error(self, key: str, **kwargs: object) -> ma.ValidationError:
        """Return our error for a reason of the library."""
        del kwargs
        code, message = self.REASONS.get(key, (self.kind_code, self.kind_message))
        return wrong(code, message)


class Text(_Coded, ma.fields.String):
    """Text without control characters; `min`/`max` count characters after trimming."""

    kind_code, kind_message = "field-not-text", "Text is expected."

    def __init__(
        self,
        *,
        max: int = 200,  # noqa: A002  the word of JSON Schema
        min: int = 0,  # noqa: A002  the word of JSON Schema
        pattern: str | None = None,
        trim: bool = True,
        **kwargs: Any,  # noqa: ANN401  the library's own options
    ) -> None:
        """Limit the length; `pattern` must match the whole text."""
        own: list[validate.Validator] = [Length(min=min, max=max)]
        if pattern is not None:
            own.append(Pattern(rf"^(?:{pattern})\Z"))
        super().__init__(validate=[*own, *kwargs.pop("validate", ())], **kwargs)
        self.trim = trim

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  the library's signature
        text = super()._deserialize(value, attr, data, **kwargs)
        if CONTROL_CHARACTERS.search(text):
            raise wrong("field-control-character", "Control characters are not allowed.")
        return text.strip() if self.trim else text


class Password(Text):
    """A secret: read, never trimmed, never written."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  the library's own options
        """Read only."""
        super().__init__(trim=False, load_only=True, **kwargs)


class Integer(_Coded, ma.fields.Integer):
    """A whole number; text is not one."""

    kind_code, kind_message = "field-not-integer", "A whole number is expected."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401  the library's signature
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return int(super()._deserialize(value, attr, data, **kwargs) or 0)


class QueryInteger(_Coded, ma.fields.Integer):
    """A whole number in an address, written in digits."""

    kind_code, kind_message = "field-not-integer", "A whole number is expected."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401  the library's signature
        if not re.fullmatch(r"-?[0-9]{1,9}", str(value)):
            raise self.make_error("invalid")
        return int(super()._deserialize(value, attr, data, **kwargs) or 0)


class Number(_Coded, ma.fields.Float):
    """A finite number."""

    kind_code, kind_message = "field-not-number", "A number is expected."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:  # noqa: ANN401  the library's signature
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid")
        return float(super()._deserialize(value, attr, data, **kwargs) or 0.0)


class Boolean(_Coded, ma.fields.Boolean):
    """True or false, nothing that merely looks like it."""

    kind_code, kind_message = "field-not-boolean", "true or false is expected."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401  the library's signature
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryBoolean(_Coded, ma.fields.Boolean):
    """`true` or `false` in an address."""

    kind_code, kind_message = "field-not-boolean", "true or false is expected."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401  the library's signature
        del attr, data, kwargs
        if value not in {"true", "false"}:
            raise self.make_error("invalid")
        return bool(value == "true")


class Instant(_Coded, ma.fields.DateTime):
    """An instant with its zone (ISO 8601); kept and answered in UTC."""

    kind_code, kind_message = "field-not-instant", "An instant with its zone is expected: 2026-01-31T09:00:00+08:00."

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  the library's own options
        """Read and write ISO 8601."""
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ANN401  the library's signature
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            # An address turns the + of a zone into a blank.
            instant = super()._deserialize(value.strip().replace(" ", "+"), attr, data, **kwargs)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if instant.tzinfo is None or not FIRST_YEAR < instant.year < LAST_YEAR:
            raise self.make_error("invalid")
        return instant.astimezone(UTC)


class Day(_Coded, ma.fields.Date):
    """A day of the calendar (ISO 8601), without a time."""

    kind_code, kind_message = "field-not-date", "A date is expected: 2026-01-31."

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ANN401  the library's signature
        del attr, data, kwargs
        try:
            day = date.fromisoformat(value.strip()) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR < day.year < LAST_YEAR:
            raise self.make_error("invalid")
        return day


class ListOf(_Coded, ma.fields.List[Any]):
    """A list with a limit of entries."""

    kind_code, kind_message = "field-not-list", "A list is expected."

    def __init__(self, inner: ma.fields.Field[Any], *, max: int = 100, **kwargs: Any) -> None:  # noqa: A002, ANN401  the words of JSON Schema; the library's own options
        """Limit the number of entries."""
        super().__init__(inner, validate=Length(max=max), **kwargs)


class Document(_Coded, ma.fields.Dict):
    """A JSON object whose content somebody else defines (a form, variables)."""

    kind_code, kind_message = "field-not-object", "An object is expected."

    def __init__(self, *, max: int = 200, **kwargs: Any) -> None:  # noqa: A002, ANN401  the words of JSON Schema; the library's own options
        """Limit the number of entries."""
        super().__init__(keys=ma.fields.String(), validate=Length(max=max), **kwargs)


class Nested(_Coded, ma.fields.Nested):
    """An object with a schema of its own."""


class Anything(ma.fields.Raw):
    """Any JSON value."""


class Length(validate.Length):
    """Counts characters or entries."""

    def _format_error(self, value: object, message: str) -> str:
        del value, message
        if self.max is not None and not self.min:
            return Wrong("field-too-long", f"At most {self.max} are allowed.", max=self.max)
        params = {"min": self.min, "max": self.max}
        return Wrong("field-length", f"From {self.min} to {self.max} are allowed.", **params)


class Range(validate.Range):
    """Limits a number."""

    def _format_error(self, value: object, message: str) -> str:
        del value, message
        return Wrong("field-range", f"From {self.min} to {self.max} is allowed.", min=self.min, max=self.max)


class OneOf(validate.OneOf):
    """Allows the listed values only."""

    def _format_error(self, value: object) -> str:
        del value
        choices = [str(choice) for choice in self.choices]
        return Wrong("field-not-allowed", f"One of {', '.join(choices)} is expected.", choices=choices)


class Pattern(validate.Regexp):
    """The whole text must have this form."""

    def _format_error(self, value: str | bytes) -> str:
        del value
        return Wrong("field-form", "The text does not have the expected form.")


class Schema(ma.Schema):
    """Base of all schemas: unknown names are refused by name, answers keep the order of declaration."""

    error_messages = {  # noqa: RUF012  the library's own declaration
        "unknown": Wrong("field-unknown", "There is no such field here."),
        "type": Wrong("field-not-object", "An object is expected."),
    }

    class Meta:
        """Refuse what is not declared."""

        unknown = ma.RAISE
