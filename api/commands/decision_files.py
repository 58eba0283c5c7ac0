"""Files of inputs and answers of decisions: JSON, or CSV with a header."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from api.commands.words import say
from engine.dmn import Decision
from engine.services.decision_context import types_read

CSV = ".csv"


def read_rows(path: Path, decision: Decision) -> list[dict[str, object]]:
    """Return the inputs of every row; cells of CSV are what the table says of its inputs, empty ones null.

    Raises   click.UsageError naming the file
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == CSV:
            kinds = types_read(decision)
            return [
                {name: _typed(cell, kinds.get(name, "Any")) for name, cell in row.items() if name is not None}
                for row in csv.DictReader(io.StringIO(text), strict=True)
            ]
        document = json.loads(text)
    except (ValueError, csv.Error):
        raise _wrong(path) from None
    rows = document if isinstance(document, list) else [document]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise _wrong(path)
    return rows


def write_rows(path: Path, rows: Sequence[Mapping[str, object]], document: Mapping[str, object]) -> None:
    """Write every row with its answer: as CSV beside its inputs, else the whole document as JSON."""
    if path.suffix != CSV:
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
        return
    items = document["items"]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", *names, "rows", "answer", "error"])
        for row, item in zip(rows, items if isinstance(items, list) else [], strict=True):
            answer, error = item["answer"] or {}, item["error"] or {}
            matched = " ".join(str(match["row"]) for match in answer.get("matches", []))
            value = json.dumps(answer.get("value"), ensure_ascii=False) if answer else ""
            cells = [_plain(row.get(name)) for name in names]
            writer.writerow([item["row"], *cells, matched, value, error.get("message", "")])


def _typed(cell: str | None, kind: str) -> object:
    if cell is None or not cell.strip():
        return None
    if kind == "number":
        try:
            return Decimal(cell.strip())
        except InvalidOperation:
            return cell
    if kind == "string":
        return cell
    return {"true": True, "false": False}.get(cell.strip(), cell)


def _plain(value: object) -> str:
    if isinstance(value, (str, Decimal)):
        return str(value)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _wrong(path: Path) -> click.UsageError:
    return click.UsageError(say("decisions.bad_inputs", path=path))
