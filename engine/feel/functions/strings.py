"""Functions on strings; characters are code points, positions start at 1."""

from decimal import Decimal

from engine.feel.functions.registry import builtin
from engine.feel.regex import Pattern, compile_pattern
from engine.feel.run import Run
from engine.feel.writing import write


@builtin("substring", "string: string, start position: number, length?: number")
def substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Return a part of a text; a negative start counts from the end."""
    first = int(start)
    if not first or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if not 0 <= begin < max(len(text), 1):
        return None if begin < 0 else ""
    return text[begin:] if length is None else text[begin : begin + int(length)]


@builtin("string length", "string: string")
def string_length(_run: Run, text: str) -> Decimal:
    """Return the number of characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    """Return the text in capitals."""
    return run.sized_text(text.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    """Return the text in small letters."""
    return run.sized_text(text.lower())


@builtin("substring before", "string: string, match: string")
def substring_before(_run: Run, text: str, match: str) -> str:
    """Return what stands before the first occurrence; empty where there is none."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(_run: Run, text: str, match: str) -> str:
    """Return what stands after the first occurrence; empty where there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def contains(_run: Run, text: str, match: str) -> bool:
    """Tell whether a text occurs in another."""
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether a text begins with another."""
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether a text ends with another."""
    return text.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Tell whether a pattern occurs in a text; null for a pattern that is not valid."""
    compiled = compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.search(text, 0, run) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Return a text with every occurrence replaced; `$1` stands for what the first group matched.

    A pattern that matches nothing at all, or is not valid, gives null, as XPath has it.
    """
    compiled = compile_pattern(pattern, flags or "")
    parts = compiled.template(replacement) if compiled is not None else None
    if compiled is None or parts is None or compiled.search("", 0, run) is not None:
        return None
    out: list[str] = []
    last = 0
    for groups in compiled.iterate(text, run):
        out.append(text[last : groups[0]])
        out.extend(part if isinstance(part, str) else _group(text, groups, part) for part in parts)
        last = groups[1]
    return run.sized_text("".join(out) + text[last:])


def _group(text: str, groups: list[int], number: int) -> str:
    start, end = groups[2 * number], groups[2 * number + 1]
    return text[start:end] if start >= 0 and end >= 0 else ""


@builtin("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[object] | None:
    """Return the pieces between occurrences of a pattern."""
    compiled: Pattern | None = compile_pattern(delimiter, "")
    if compiled is None or compiled.search("", 0, run) is not None:
        return None
    pieces: list[object] = []
    last = 0
    for groups in compiled.iterate(text, run):
        pieces.append(text[last : groups[0]])
        last = groups[1]
    pieces.append(text[last:])
    run.room_for(len(pieces))
    return pieces


@builtin("string join", "list: list, delimiter?: string")
def string_join(run: Run, values: list[object], delimiter: str | None = None) -> str | None:
    """Return the texts of a list in one, nulls left out; null where an element is no text."""
    texts = [value for value in values if isinstance(value, str)]
    if any(value is not None and not isinstance(value, str) for value in values):
        return None
    run.charge(len(values))
    # Weigh before building: the pieces may be one long text many times.
    run.room_for((sum(map(len, texts)) + len(delimiter or "") * len(texts)) // 64)
    return run.sized_text((delimiter or "").join(texts))


@builtin("string", "from: any")
def string(run: Run, value: object) -> str | None:
    """Return the text of a value, as it is written in FEEL."""
    if value is None:
        return None
    return value if isinstance(value, str) else run.sized_text(write(value, run))
