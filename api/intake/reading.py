"""Reading somebody's file: its encoding found, its rows streamed, whatever is no table refused."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import Invalid, Problem

ENCODINGS = ("utf-8-sig", "gb18030")
BLOCK = 1024 * 1024
LARGEST_CELL = 1024 * 1024
FIRST_ROW = 2
"""The first line of a file is its header; rows are numbered as a spreadsheet shows them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, its cells by header, and how many bytes of the file have been read."""

    number: int
    cells: dict[str, str]
    position: int


class BrokenRow(Exception):
    """A row that is not a row of this table; the rows after it can be read."""

    def __init__(self, number: int, problem: Problem) -> None:
        """Keep the number and what is wrong."""
        super().__init__(str(problem))
        self.number = number
        self.problem = problem


@dataclass(slots=True)
class Table:
    """An opened file: its headers and its rows, which can be read once."""

    headers: tuple[str, ...]
    encoding: str
    size: int
    _reader: Iterator[list[str]]
    _source: BinaryIO

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Yield rows, and what stands in place of one."""
        number = FIRST_ROW - 1
        while True:
            number += 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                message = f"The file cannot be read on from here: {error}."
                yield BrokenRow(number, Problem("intake-broken-csv", "", message, {"reason": str(error)}))
                return
            if not any(cells):
                continue
            if len(cells) != len(self.headers):
                yield BrokenRow(number, _wrong_width(len(cells), len(self.headers)))
                continue
            yield Row(number, dict(zip(self.headers, cells, strict=True)), self._source.tell())


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV file in UTF-8 or GB18030.

    Raises  Invalid for a missing, empty or binary file, for one in another encoding, and for one without a header
    """
    if not path.is_file():
        message = f"There is no file {path}."
        raise Invalid(problems=[Problem("path-missing", str(path), message, {"path": str(path)})])
    encoding = find_encoding(path)
    csv.field_size_limit(LARGEST_CELL)
    with path.open("rb") as source:
        text = codecs.getreader(encoding)(source)
        # The reader splits lines as text does; a table's lines end with a line feed alone.
        reader = csv.reader(_lines(text), strict=True)
        yield Table(_header(path, reader), encoding, path.stat().st_size, reader, source)


def find_encoding(path: Path) -> str:
    """Return the encoding in which the whole file can be read; raises Invalid."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ENCODINGS}
    empty = True
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            empty = empty and not block.strip(b"\xef\xbb\xbf \t\r\n")
            if b"\0" in block:
                raise _refused("intake-not-text", "The file is not a text table (CSV).")
            decoders = {name: decoder for name, decoder in decoders.items() if _reads(decoder, block)}
    if empty:
        raise _refused("intake-empty", "The file is empty.")
    ended = [name for name, decoder in decoders.items() if _reads(decoder, b"", final=True)]
    if not ended:
        raise _refused("intake-encoding", "The file is neither UTF-8 nor GB18030.")
    return ended[0]


def _reads(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: codecs.StreamReader) -> Iterator[str]:
    """Yield lines that end with a line feed; other separators of Unicode are part of a cell."""
    rest = ""
    while block := text.read(BLOCK):
        *lines, rest = (rest + block).split("\n")
        for line in lines:
            yield line + "\n"
    if rest:
        yield rest


def _header(path: Path, reader: Iterator[list[str]]) -> tuple[str, ...]:
    try:
        headers = tuple(cell.strip() for cell in next(reader, []))
    except csv.Error as error:
        message = f"The file cannot be read on from here: {error}."
        raise _refused("intake-broken-csv", message, reason=str(error)) from None
    if len(set(headers)) != len(headers) or not all(headers):
        raise _refused("intake-header", "The first line must name every column, each once.", path=str(path))
    return headers


def _wrong_width(found: int, wanted: int) -> Problem:
    message = f"The row has {found} cells, the header {wanted}."
    return Problem("intake-row-width", "", message, {"found": found, "wanted": wanted})


def _refused(code: str, message: str, **params: object) -> Invalid:
    return Invalid(problems=[Problem(code, "", message, params)])
