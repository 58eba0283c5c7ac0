"""The city itself: code tables, regions and units, read from `rules/` and loaded by their registers.

Loading is idempotent: what is there is changed to what the files say, what is missing is added.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Invalid, Problem
from engine.ports import UnitOfWork
from registers.codes import CodeRegister
from registers.org import UnitRegister
from registers.regions import RegionRegister

CODES, CITY = "codes", "city"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the registers took."""

    codes: int
    regions: int
    units: int


def load_city(uow: UnitOfWork, rules: Path) -> Loaded:
    """Load `rules/codes/*.csv`, `rules/city/regions.csv` and `rules/city/units.csv`.

    Raises  Invalid with one problem per wrong row, named by its file
    """
    codes = 0
    for file in sorted((rules / CODES).glob("*.csv")):
        with _Named(file):
            codes += uow.get(CodeRegister).load_csv(file.stem, read_text(file))
    regions, units = rules / CITY / "regions.csv", rules / CITY / "units.csv"
    with _Named(regions):
        region_count = uow.get(RegionRegister).load(read_rows(regions))
    with _Named(units):
        unit_count = uow.get(UnitRegister).load(read_rows(units))
    uow.commit()
    return Loaded(codes, region_count, unit_count)


def read_text(file: Path) -> str:
    """Read a file of ours: UTF-8, with or without a mark. Raises Invalid where it is missing or something else."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = f"There is no file {file}."
        raise Invalid(problems=[Problem("path-missing", str(file), message, {"path": str(file)})]) from None
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text."
        raise Invalid(problems=[Problem("file-not-text", "", message, {"file": file.name}, str(file))]) from None


def read_rows(file: Path) -> Iterator[dict[str, str]]:
    """Read the rows of a table."""
    yield from csv.DictReader(io.StringIO(read_text(file), newline=""))


class _Named:
    """Give the problems of a block the name of the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Invalid) and not any(problem.file for problem in error.problems):
            problems = [
                Problem(one.code, one.where, one.message, one.params, str(self._file)) for one in error.problems
            ]
            raise Invalid(problems=problems) from error
