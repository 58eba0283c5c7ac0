"""From text to tokens, one at a time: names that hold blanks are known only where they are declared."""

from collections.abc import Callable, Iterable
from collections.abc import Iterator as Iterate
from contextlib import contextmanager

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.lexer import Names, Token, names_of, read_token

MAX_LENGTH = 4_000


class TokenReader:
    """A text, the place where reading is, and the names that are known there."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        """Take the text and the names that may occur in it; raises FeelLimitError when it is too long."""
        if len(text) > MAX_LENGTH:
            raise FeelLimitError("source-length", MAX_LENGTH).at(text, MAX_LENGTH)
        self.text = text
        self.position = 0
        self.known = names_of(frozenset(names))
        # Keys of contexts that were written in this text: they may follow a dot anywhere.
        self._keys = frozenset({"time offset", "start included", "end included"})
        self._token: Token | None = None

    def rewind(self, position: int) -> None:
        """Go back to a place that was read before."""
        self.position = position
        self._token = None

    # -- tokens

    @property
    def token(self) -> Token:
        """The next token, read with the names that are known here."""
        if self._token is None:
            self._token = read_token(self.text, self.position, self.known)
        return self._token

    def advance(self) -> Token:
        """Take the next token."""
        token = self.token
        self.position = token.end
        self._token = None
        return token

    def at(self, *signs: str) -> bool:
        """Tell whether one of these signs comes next."""
        return self.token.kind == "sign" and self.token.value in signs

    def at_word(self, *words: str) -> bool:
        """Tell whether one of these keywords comes next."""
        return self.token.kind == "word" and self.token.value in words

    def expect(self, sign: str) -> Token:
        """Take this sign; raises FeelSyntaxError for anything else."""
        if not self.at(sign):
            raise self.unexpected(f"{sign} is expected")
        return self.advance()

    def expect_word(self, word: str) -> Token:
        """Take this keyword; raises FeelSyntaxError for anything else."""
        if not self.at_word(word):
            raise self.unexpected(f"{word} is expected")
        return self.advance()

    def unexpected(self, hope: str = "") -> FeelSyntaxError:
        """Say what was found instead."""
        token = self.token
        found = "the end of the text" if token.kind == "end" else self.text[token.start : token.end]
        if token.kind == "end":
            reason = f"{hope or 'a value is expected'}, but the text ends"
            return FeelSyntaxError(self.text, token.start, found, reason, "feel-unexpected-end")
        reason = f"{hope}, not {found!r}" if hope else f"{found!r} is not expected"
        return FeelSyntaxError(self.text, token.start, found, reason)

    # -- names

    def new_name(self, *stops: str) -> str:
        """Take a name that is introduced here: everything up to one of the signs that must follow it."""
        return self.words_until(lambda: self.at(*stops))

    def words_until(self, stop: Callable[[], bool]) -> str:
        """Take a new name: everything up to the word or sign that must follow it."""
        start = self.token.start
        end = start
        while not stop():
            if self.token.kind not in {"name", "word", "number"} and not self.at("-", "+", "*", "/", ".", "**", "->"):
                raise self.unexpected("a name is expected")
            end = self.advance().end
        if end == start:
            raise self.unexpected("a name is expected")
        return " ".join(self.text[start:end].split())

    @contextmanager
    def declared(self, names: Iterable[str]) -> Iterate[None]:
        """Know more names within a block."""
        before = self.known
        self.declare(names)
        try:
            yield
        finally:
            self.known = before
            self._token = None

    def declare(self, names: Iterable[str]) -> None:
        """Know more names from here on."""
        self.known = Names(self.known.all.union(names))
        self._token = None

    def remember_key(self, key: str) -> None:
        """Know a key of a context after dots."""
        self._keys |= {key}

    def read_property(self) -> str:
        """Take the name after a dot; keywords are allowed there."""
        with self.declared(self._keys):
            token = self.token
            if token.kind not in {"name", "word"}:
                raise self.unexpected("a name is expected after the dot")
            self.advance()
        return str(token.value)

    def finish(self) -> None:
        """Check that the text ends here."""
        if self.token.kind != "end":
            raise self.unexpected()
