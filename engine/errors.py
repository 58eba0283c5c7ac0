"""The caller was wrong: one tree of errors, each with the ids that explain it.

A message here is English; `code` is the stable key under which a delivery layer finds the same sentence in the
caller's language. `details` fill the sentence and travel with the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the input.

    code     stable kebab-case key of the sentence, e.g. `missing-handler`
    where    the field path, element id or row that is wrong; empty when the whole input is
    message  the sentence in English
    params   what fills the sentence in any language
    file     name of the resource, where the input is a file
    line     1-based line in that file
    severity `error` refuses the input; `warning` and `info` do not
    """

    code: str
    where: str
    message: str
    params: dict[str, object] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None
    severity: Literal["error", "warning", "info"] = "error"

    def __str__(self) -> str:
        """Render as `file:line element: sentence`."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return " ".join(part for part in (place, f"[{self.where}]" if self.where else "", self.message) if part)


class EngineError(Exception):
    """The caller was wrong; nothing has changed."""

    code: ClassVar[str] = "engine-error"
    template: ClassVar[str] = "The request cannot be carried out."

    def __init__(self, message: str | None = None, *, code: str | None = None, **details: object) -> None:
        """Keep the sentence and the details that fill it; `code` refines the class's own."""
        self.details = details
        self.key = code or self.code
        self.message = message or self.template.format_map(_Blanks(details))
        super().__init__(self.message)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Single problems, where the error holds several."""
        return ()


class _Blanks(dict[str, object]):
    """Fill what is known; leave the name of what is not."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def because(error: EngineError) -> dict[str, object]:
    """Return the cause of a problem as parameters, so that it is told in the reader's language beside `reason`."""
    return {"reason_code": error.key, "reason_params": dict(error.details)}


class NotFound(EngineError):
    """What was asked for does not exist, or not for this caller."""

    code = "not-found"
    template = "There is no {kind} {id}."


class Conflict(EngineError):
    """The state has moved on since the caller looked."""

    code = "conflict"
    template = "The state of {kind} {id} has changed in the meantime."


class Forbidden(EngineError):
    """The caller may not do this."""

    code = "forbidden"
    template = "This is not yours to do."


class Invalid(EngineError):
    """The input breaks a rule; `problems` name each field, element or row."""

    code = "invalid"
    template = "The input is not valid."

    def __init__(
        self,
        message: str | None = None,
        *,
        problems: Iterable[Problem] = (),
        code: str | None = None,
        **details: object,
    ) -> None:
        """Keep the problems; the first one speaks for all where no message is given."""
        self._problems = tuple(problems)
        if message is None and self._problems:
            message = str(self._problems[0])
        super().__init__(message, code=code, **details)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every single problem that was found."""
        return self._problems


class DeploymentError(Invalid):
    """A set of diagrams, forms and tables is refused; nothing was deployed."""

    code = "deployment-refused"
    template = "The deployment is refused."
