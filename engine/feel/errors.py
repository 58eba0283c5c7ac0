"""What can be wrong with an expression: its text, or what it asks of the machine."""

from engine.errors import Invalid


class FeelError(Invalid):
    """An expression cannot be used."""

    code = "feel-error"
    template = "The expression cannot be evaluated."


class FeelSyntaxError(FeelError):
    """The text is not FEEL, or a part of FEEL that is not supported.

    `line` and `column` are 1-based; `construct` is the piece of text that was not understood.
    """

    code = "feel-syntax"
    template = "Line {line}, column {column}: {construct} is not expected here."

    def __init__(
        self, text: str, offset: int, construct: str, reason: str, code: str = "feel-syntax", usage: str = ""
    ) -> None:
        """Point at the character where reading stopped; `usage` is how the construct is written."""
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        self.construct = construct
        super().__init__(
            f"Line {self.line}, column {self.column}: {reason}",
            code=code,
            line=self.line,
            column=self.column,
            construct=construct,
        )
        if usage:
            self.details["usage"] = usage


class FeelLimitError(FeelError):
    """An expression is too long, too deep, too slow or too big.

    `what` is one of source-length, nesting-depth, steps, size, number, call-depth; `limit` is the bound. Where the
    place is known, `details` has its line and column, from 1.
    """

    code = "feel-limit"
    template = "The expression exceeds the limit of {what}: {limit}."

    def __init__(self, what: str, limit: int) -> None:
        """Name the limit that was exceeded."""
        self.what = what
        self.limit = limit
        self._placed = False
        super().__init__(code=f"feel-limit-{what}", what=what, limit=limit)

    def at(self, text: str, offset: int) -> "FeelLimitError":
        """Name the place, unless a more exact one was named before."""
        if not self._placed:
            self._placed = True
            self.details["line"] = text.count("\n", 0, offset) + 1
            self.details["column"] = offset - (text.rfind("\n", 0, offset) + 1) + 1
        return self
