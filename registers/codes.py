"""Code tables: the short lists of values that forms, rules and imports share (register `codes`).

A table is a file `rules/codes/<table>.csv` with the columns `code`, `name` and, where wanted, `parent`, `position`,
`enabled` and `data` (a JSON object); every further column is kept in `data` too. A column `table` lets one file hold
several tables. A file without a column `code` (`permissions.csv`) is keyed by its whole row.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Boolean, Index, Integer, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Base, Document, Register
from registers.statements import upsert

KNOWN = ("table", "code", "name", "parent", "enabled", "position", "data")
NO = frozenset({"0", "false", "no", "否", "停用"})
TABLE_MAX, CODE_MAX, NAME_MAX = 64, 128, 200
FIRST_ROW = 2  # a file's first line is its header
PROBLEMS = {
    "code-missing": "row {row}: the code is empty or too long",
    "code-name-too-long": "row {row}: the name of {value} is too long",
    "code-data-malformed": "row {row}: the data of {value} are not a JSON object",
    "code-twice": "row {row}: the code {value} stands there twice",
}


class CodeRow(Base):
    """One value of one code table."""

    __tablename__ = "code_table"
    # Serves `list_codes` and the lists of children in forms.
    __table_args__ = (Index(None, "table_key", "position"),)

    table_key: Mapped[str] = mapped_column(String(TABLE_MAX), primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    parent: Mapped[str | None] = mapped_column(String(CODE_MAX))
    position: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool] = mapped_column(Boolean)
    data: Mapped[dict[str, object]] = mapped_column(Document)


@dataclass(frozen=True, slots=True)
class Code:
    """One value: its code, its Chinese name, its place in a hierarchy, and what else the table says about it."""

    table_key: str
    code: str
    name: str
    parent: str | None
    position: int
    enabled: bool
    data: dict[str, object] = field(default_factory=dict)


class CodeRegister(Register):
    """Reads and loads code tables."""

    def load(self, table: str, rows: Iterable[Mapping[str, str]]) -> int:
        """Make `rows` the content of a table: new ones added, known ones changed, missing ones disabled.

        Returns  the number of rows
        Raises   Invalid, one problem per wrong row (`where` is `row N`, the first data row being 2)
        """
        codes, problems = read_codes(table, rows)
        if problems:
            raise Invalid(problems=problems)
        known = [code.code for code in codes]
        gone = [code for code in self.list_codes(table, enabled=None) if code.code not in set(known)]
        upsert(self.connection, CodeRow, ("table_key", "code"), [_values(code) for code in codes])
        upsert(self.connection, CodeRow, ("table_key", "code"), [_values(code, enabled=False) for code in gone])
        return len(codes)

    def load_csv(self, table: str, text: str) -> int:
        """Load a file's text: rows with a column `table` into that table, all others into `table`; see `load`."""
        tables: dict[str, list[Mapping[str, str]]] = {}
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
            tables.setdefault((row.get("table") or "").strip() or table, []).append(row)
        return sum(self.load(name, rows) for name, rows in tables.items())

    def list_tables(self) -> tuple[str, ...]:
        """Return the names of all tables, sorted."""
        found = self.connection.execute(select(CodeRow.table_key).distinct().order_by(CodeRow.table_key))
        return tuple(found.scalars())

    def list_codes(self, table: str, *, parent: str | None = None, enabled: bool | None = True) -> tuple[Code, ...]:
        """Return a table's values in the order of its file; of one parent only, where given."""
        statement = select(CodeRow).where(CodeRow.table_key == table).order_by(CodeRow.position, CodeRow.code)
        if parent is not None:
            statement = statement.where(CodeRow.parent == parent)
        if enabled is not None:
            statement = statement.where(CodeRow.enabled == enabled)
        return tuple(Code(**row._asdict()) for row in self.connection.execute(statement))

    def find(self, table: str, code: str) -> Code | None:
        """Return a value, or None."""
        statement = select(CodeRow).where(CodeRow.table_key == table, CodeRow.code == code)
        row = self.connection.execute(statement).one_or_none()
        return None if row is None else Code(**row._asdict())

    def find_by_name(self, table: str, name: str) -> Code | None:
        """Return the first enabled value with this name, or None."""
        statement = (
            select(CodeRow)
            .where(CodeRow.table_key == table, CodeRow.name == name, CodeRow.enabled.is_(True))
            .order_by(CodeRow.position)
            .limit(1)
        )
        row = self.connection.execute(statement).one_or_none()
        return None if row is None else Code(**row._asdict())

    def find_enabled(self, table: str, code: str) -> Code | None:
        """Return a value that may still be chosen, or None."""
        found = self.find(table, code)
        return found if found is not None and found.enabled else None

    def require(self, table: str, code: str) -> Code:
        """Return an enabled value, or raise NotFound naming table and code."""
        found = self.find_enabled(table, code)
        if found is None:
            raise NotFound(
                f"There is no code {code} in the table {table}.", code="unknown-code", table=table, value=code
            )
        return found

    def name_of(self, table: str, code: str) -> str:
        """Return the name of a value, disabled ones too; the code itself where nobody named it."""
        found = self.find(table, code)
        return code if found is None else found.name

    def remove_table(self, table: str) -> None:
        """Forget a whole table."""
        self.connection.execute(delete(CodeRow).where(CodeRow.table_key == table))


def read_codes(table: str, rows: Iterable[Mapping[str, str]]) -> tuple[list[Code], list[Problem]]:
    """Turn the rows of a file into values; also return what is wrong with them."""
    codes: dict[str, Code] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = {key: (value or "").strip() for key, value in row.items() if key}
        code = _read_code(table, number, cells)
        problem = _problem(code, cells, codes)
        if problem is None:
            codes[code.code] = code
            continue
        params: dict[str, object] = {"row": number, "value": code.code}
        problems.append(Problem(problem, f"row {number}", PROBLEMS[problem].format_map(params), params))
    return list(codes.values()), problems


def _read_code(table: str, number: int, cells: Mapping[str, str]) -> Code:
    """Read one row: known columns by name, the rest as data."""
    key = cells["code"] if "code" in cells else ":".join(cells.values())
    position = cells.get("position", "")
    data: dict[str, object] = {name: value for name, value in cells.items() if name not in KNOWN}
    return Code(
        table_key=table,
        code=key,
        name=cells.get("name") or key,
        parent=cells.get("parent") or None,
        position=int(position) if position.isdecimal() else number,
        enabled=cells.get("enabled", "").casefold() not in NO,
        data=data | (_read_data(cells.get("data", "")) or {}),
    )


def _read_data(text: str) -> dict[str, object] | None:
    """Read the column `data`: a JSON object; None where it is something else."""
    if not text:
        return {}
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _problem(code: Code, cells: Mapping[str, str], known: Mapping[str, Code]) -> str | None:
    """Return the code of what is wrong with a row, if anything."""
    if not code.code or len(code.code) > CODE_MAX:
        return "code-missing"
    if len(code.name) > NAME_MAX:
        return "code-name-too-long"
    if _read_data(cells.get("data", "")) is None:
        return "code-data-malformed"
    return "code-twice" if code.code in known else None


def _values(code: Code, *, enabled: bool | None = None) -> dict[str, object]:
    """Return the columns of a value."""
    return {
        "table_key": code.table_key,
        "code": code.code,
        "name": code.name,
        "parent": code.parent,
        "position": code.position,
        "enabled": code.enabled if enabled is None else enabled,
        "data": code.data,
    }
