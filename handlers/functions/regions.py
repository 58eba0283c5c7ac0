"""Region codes in expressions: pure functions over the 12 digits of the statistical division codes (NBS, GB/T 2260).

    23 01 02 001 006   province, city, county or district, street or township, community or village
    a code of a higher level ends with zeros; a unit code leaves them out (6, 9 or 12 digits)

A text that is no such code has no answer: null, with the reason beside it.
"""

from engine.feel.functions.registry import builtin
from engine.feel.run import Run
from registers.regions import LEVELS, RegionLevel, full_code

# How many digits say which region of a level it is.
_DIGITS = dict(zip(LEVELS, (2, 4, 6, 9, 12), strict=True))
_ALL = 12


def _level(code: str) -> RegionLevel:
    """Return the level of a full code: that of its last digits that are not all zero."""
    return next(level for level in LEVELS if not code[_DIGITS[level] :].strip("0"))


def _above(code: str) -> list[str]:
    """Return the codes of the regions around a region, the nearest first."""
    own = _DIGITS[_level(code)]
    outer = [digits for digits in _DIGITS.values() if digits < own]
    found = [code[:digits].ljust(_ALL, "0") for digits in reversed(outer)]
    # A level that a code leaves out (a city without districts: its streets hang on 00) is no region of its own.
    return [one for position, one in enumerate(found) if one not in found[:position]]


@builtin("region level", "code: string")
def region_level(_run: Run, code: str) -> str | None:
    """Return province, city, district, street or community."""
    full = full_code(code)
    return None if full is None else _level(full).value


@builtin("region parent", "code: string")
def region_parent(_run: Run, code: str) -> str | None:
    """Return the 12 digits of the region directly around; a province has none."""
    full = full_code(code)
    above = [] if full is None else _above(full)
    return above[0] if above else None


@builtin("region ancestors", "code: string")
def region_ancestors(_run: Run, code: str) -> list[str] | None:
    """Return the codes of all regions around, from the nearest to the province."""
    full = full_code(code)
    return None if full is None else _above(full)


@builtin("is within region", "code: string, region: string")
def is_within_region(_run: Run, code: str, region: str) -> bool | None:
    """Tell whether a region lies in another one, or is it."""
    inner, outer = full_code(code), full_code(region)
    if inner is None or outer is None:
        return None
    return inner == outer or outer in _above(inner)


@builtin("same district", "a: string, b: string")
def same_district(_run: Run, first: str, second: str) -> bool | None:
    """Tell whether two regions lie in the same district; one above the districts lies in none."""
    codes = full_code(first), full_code(second)
    if codes[0] is None or codes[1] is None:
        return None
    districts = [_region_at(code, RegionLevel.DISTRICT) for code in codes if code is not None]
    return districts[0] is not None and districts[0] == districts[1]


@builtin("region at", "code: string, level: string")
def region_at(_run: Run, code: str, level: str) -> str | None:
    """Return the code of the region of a level that a region lies in, or is; null where it lies above that level."""
    full = full_code(code)
    return None if full is None or level not in set(LEVELS) else _region_at(full, RegionLevel(level))


@builtin("region unit", "code: string")
def region_unit(_run: Run, code: str) -> str | None:
    """Return the unit code under which a region's office stands in the organisation: 6, 9 or 12 digits."""
    full = full_code(code)
    return None if full is None else full[: max(6, _DIGITS[_level(full)])]


def _region_at(code: str, level: RegionLevel) -> str | None:
    if LEVELS.index(_level(code)) < LEVELS.index(level):
        return None
    found = code[: _DIGITS[level]].ljust(_ALL, "0")
    return found if _level(found) is level else None
