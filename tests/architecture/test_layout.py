"""A page explains itself: no module and no function grows past its wall, and none is named after nothing."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOTS = ("engine", "registers", "handlers", "api")
MODULE_LINES = 400
FUNCTION_LINES = 40
# Names that say nothing: whatever has no place ends up there.
EMPTY_NAME = re.compile(r"(?:^|_)(?:utils?|helpers?|commons?|managers?|misc|base_utils)(?:$|_)")
EMPTY_CLASS = re.compile(r"(?:Util|Utils|Helper|Helpers|Manager)$")
# Whatever goes wrong there is kept with the job, for the next attempt or an operator; one failed beat is not the last.
RUNS_WORK = ("engine/services/advance.py", "engine/services/jobs.py", "engine/jobs/metronome.py")
FILES = [path for root in ROOTS for path in sorted((ROOT / root).rglob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _too_long(source: str, wall: int) -> list[str]:
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    sizes = ((node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [f"{name}: {size} lines" for name, size in sizes if size > wall]


def test_the_measure_counts_from_def_to_the_last_line() -> None:
    source = "@decorated\ndef short():\n    return 1\n\ndef long():\n    a = 1\n    b = 2\n    return a + b\n"
    assert _too_long(source, 3) == ["long: 4 lines"]


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_module_keeps_within_its_walls(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MODULE_LINES
    assert _too_long(source, FUNCTION_LINES) == []


def test_no_module_is_named_after_nothing() -> None:
    names = [_name(path) for path in FILES if any(EMPTY_NAME.search(part) for part in _parts(path))]
    assert names == []


def _parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).with_suffix("").parts


def test_no_class_is_named_after_nothing() -> None:
    names = [
        f"{_name(path)}: {node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name)
    ]
    assert names == []


def test_every_python_folder_is_a_package_and_data_folders_are_none() -> None:
    folders = {path.parent for path in FILES}
    assert sorted(_name(folder) for folder in folders if not (folder / "__init__.py").exists()) == []
    assert [name for name in ("processes", "rules", "migrations") if list((ROOT / name).rglob("__init__.py"))] == []


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler takes whatever comes and keeps it.

    One that cleans up and raises again does not, nor one that picks a failure out and raises all others again.
    """
    broad = handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )
    return broad and not any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def test_everything_is_caught_only_where_work_is_run_and_its_failure_kept() -> None:
    places = [
        f"{_name(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _swallows_everything(node)
    ]
    assert [place for place in places if place.split(":")[0] not in RUNS_WORK] == []
