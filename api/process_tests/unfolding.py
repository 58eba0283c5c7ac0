"""From the value of an expression back to its variables: tried with the few values that an author would try.

The expression itself says whether a guess is right; what is not found is not guessed.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice, product

from engine.feel import Expression, FeelError

MOST_TRIES = 2_000
NUMBERS = tuple(Decimal(one) for one in (0, 1, 2, 3, 4))


def unfold(expression: Expression, wanted: object, given: Mapping[str, object]) -> dict[str, object] | None:
    """Return values for the variables of an expression with which it gives a value; None where none were found.

    given   what is decided already; it is kept
    """
    names = sorted(expression.names)
    pools = [[given[name]] if name in given else _pool(wanted, expression.text) for name in names]
    for values in islice(product(*pools), MOST_TRIES):
        found = dict(zip(names, values, strict=True))
        try:
            value = expression(found)
        except FeelError:
            continue
        if value == wanted and isinstance(value, bool) == isinstance(wanted, bool):
            return found
    return None


def _pool(wanted: object, text: str) -> list[object]:
    """Return values to try for a variable: the wanted one, texts and numbers around it, and lists of that length."""
    pool: list[object] = [wanted, *NUMBERS, True, False, None]
    if isinstance(wanted, str):
        pool += [f"{wanted}0101", *_texts(text)]
    if isinstance(wanted, Decimal) and wanted == int(wanted) and 0 <= wanted <= 10:  # noqa: PLR2004  a short list
        pool.insert(1, ["x"] * int(wanted))
    if isinstance(wanted, Decimal):
        pool += [wanted * number for number in NUMBERS[2:]]
    return pool + ([] if isinstance(wanted, str) else _texts(text))


def _texts(text: str) -> list[object]:
    return [*dict.fromkeys(text.split('"')[1::2])]


def with_path(context: dict[str, object], name: str, value: object) -> None:
    """Put a value under a name, or under a path of names such as `facts.scope`."""
    *path, last = name.split(".")
    inner = context
    for part in path:
        found = inner.setdefault(part, {})
        if not isinstance(found, dict):
            return
        inner = found
    inner[last] = value


def paths_of(expression: Expression) -> Iterator[str]:
    """Stream the paths of two and more names that an expression reads, such as `facts.personal`."""
    words = "".join(one if one.isalnum() or one in "._" else " " for one in expression.text).split()
    yield from dict.fromkeys(word for word in words if "." in word and word.split(".")[0] in expression.names)
