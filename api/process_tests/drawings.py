"""Pictures of what process tests reached: every diagram as SVG, every table on a page, and a page that leads there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from api.process_tests.library import Library
from api.process_tests.report import Report, Share
from engine.bpmn.diagram import Reached, render
from engine.dmn import Decision, OutputClause, Rule

STYLE = (
    "body{font:14px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:24px;color:#1f2a3a}"
    "table{border-collapse:collapse;margin:8px 0 28px}td,th{border:1px solid #c9d2de;padding:3px 8px;text-align:left}"
    "th{background:#eef2f7}.no td{background:#fdf0ed;border-style:dashed}.no .mark{color:#b4472f}.mark{color:#1b7f4b}"
)
REACHED, MISSED = "✔", "✘"


@dataclass(frozen=True, slots=True)
class Words:
    """The words on the pictures, and their language."""

    language: str
    title: str
    reached: str
    not_reached: str


def draw_coverage(report: Report, library: Library, folder: Path, words: Words) -> None:
    """Write `<flow>.svg` for every diagram, `tables.html` and `index.html` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, flows in report.flows.items():
        taken = frozenset(flow for flow, is_taken in flows.items() if is_taken)
        picture = library.pictures[key]
        reached = Reached(taken, (words.reached, words.not_reached), frozenset(flows))
        drawn = render(picture.content, file=picture.name, reached=reached)
        (folder / f"{key}.svg").write_bytes(drawn)
    tables = "".join(_table(library.decisions[key], rows, report.of_table(key)) for key, rows in report.rows.items())
    (folder / "tables.html").write_text(_page(tables, words), encoding="utf-8")
    (folder / "index.html").write_text(_page(_overview(report, library), words), encoding="utf-8")


def _page(content: str, words: Words) -> str:
    title = escape(words.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = f"<body><h1>{title}</h1>{content}</body>"
    return f'<!doctype html><html lang="{escape(words.language)}"><head>{head}</head>{body}</html>\n'


def _overview(report: Report, library: Library) -> str:
    flows = ((f"{key}.svg", f"{key} {library.models[key].name}", report.of_flow(key)) for key in report.flows)
    tables = (
        (f"tables.html#{key}", f"{key} {library.decisions[key].name}", report.of_table(key)) for key in report.rows
    )
    return "".join(_list([*part]) for part in (flows, tables))


def _list(entries: Iterable[tuple[str, str, Share]]) -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(link)}">{escape(name)}</a></td><td>{share.covered}/{share.total}</td>'
        f"<td>{share.percent:g}%</td></tr>"
        for link, name, share in entries
    )
    return f"<table>{rows}</table>"


def _table(decision: Decision, rows: Mapping[int, bool], share: Share) -> str:
    columns = [*(clause.label for clause in decision.inputs), *map(_title, decision.outputs)]
    head = "".join(f"<th>{escape(text)}</th>" for text in ("", "#", *columns))
    body = "".join(_row(rule, is_reached=rows[rule.number]) for rule in decision.rules)
    title = f"{decision.key} {decision.name} {share.covered}/{share.total} ({share.percent:g}%)"
    return f'<h2 id="{escape(decision.key)}">{escape(title)}</h2><table><tr>{head}</tr>{body}</table>'


def _row(rule: Rule, *, is_reached: bool) -> str:
    texts = [*(cell.text for cell in rule.conditions), *(answer.text for answer in rule.answers)]
    cells = "".join(f"<td>{escape(text)}</td>" for text in (str(rule.number), *texts))
    kind, mark = ("yes", REACHED) if is_reached else ("no", MISSED)
    return f'<tr class="{kind}"><td class="mark">{mark}</td>{cells}</tr>'


def _title(output: OutputClause) -> str:
    return output.name
