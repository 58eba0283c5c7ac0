"""The page on conformance tells the truth: its proofs exist, and every word that the reader knows is on it."""

import ast
import re
from functools import cache
from pathlib import Path

from engine.bpmn import moment, sentences, vocabulary, workflow, xml
from engine.bpmn.lint import flows, state_space
from engine.bpmn.reading import conditions, graph
from engine.bpmn.specs import scopes
from engine.services import call_limits

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformance.md"
BPMN = PAGE.read_text(encoding="utf-8").partition("\n## DMN and FEEL\n")[0]
PROOF = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@cache
def _tests(file: str) -> frozenset[str]:
    """Return the names of the tests in a file; without a folder it lies beside those of the interpreter."""
    path = ROOT / "tests" / (file if "/" in file else f"unit/bpmn/{file}")
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def _rows() -> list[tuple[str, list[str]]]:
    """Return the rows of every table that has proofs, each with the section that it stands in."""
    found, section, proven = [], "", False
    for line in BPMN.splitlines():
        if line.startswith("#"):
            section, proven = line.strip("# "), False
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if line.rstrip("| ").endswith("proof"):
                proven = True
            elif proven and not set(line) <= set("|-"):
                found.append((section, cells))
    return found


def test_every_proof_exists() -> None:
    missing = {f"{file}::{name}" for file, name in PROOF.findall(BPMN) if name not in _tests(file)}
    assert missing == set()


def test_every_row_has_its_proof_and_says_what_happens() -> None:
    rows = _rows()
    assert len(rows) > 100
    assert [cells for _section, cells in rows if not PROOF.search(cells[-1])] == []
    assert [cells for _section, cells in rows if len(cells) != 3 or not cells[1]] == []


def test_no_row_says_that_something_is_ignored() -> None:
    said = [cells for _section, cells in _rows() if "ignore" in PROOF.sub("", " ".join(cells)).lower()]
    assert said == []


def test_every_word_that_the_reader_knows_is_on_the_page() -> None:
    words = {*vocabulary.NODES, *vocabulary.EVENTS, *vocabulary.PARTS, *vocabulary.ROOTS, *vocabulary.REPEATS}
    words |= {*vocabulary.GLOBAL_TASKS, *vocabulary.ROLES, *vocabulary.DATA_IN, *vocabulary.DATA_OUT}
    assert {word for word in words if f"`{word}`" not in BPMN} == set()


def test_every_attribute_of_the_standard_that_the_reader_knows_is_on_the_page() -> None:
    tables = [
        *vocabulary.NODES.values(),
        *vocabulary.EVENTS.values(),
        *vocabulary.PARTS.values(),
        vocabulary.PROCESS,
        vocabulary.MULTI_INSTANCE,
        vocabulary.STANDARD_LOOP,
    ]
    words = {name for table in tables for name in table if ":" not in name}
    assert {word for word in words if not re.search(rf"`{word}(=[^`]*)?`", BPMN)} == set()


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    said = {cells[0]: cells[1] for section, cells in _rows() if section == "Limits of BPMN"}
    limits = {
        "a file": (xml.MOST_BYTES // 1024**2, xml.MOST_ELEMENTS, xml.MOST_ATTRIBUTES),
        "ids and names": (graph.LONGEST_ID, xml.LONGEST_NAME),
        "nesting of sub-processes": (graph.MOST_NESTED,),
        "inclusive and complex joins": (flows.MOST_WAYS,),
        "instances of a multi-instance": (scopes.MOST_INSTANCES,),
        "tokens that an activity takes in or hands out": (conditions.MOST_TOKENS,),
        "elements passed in one command": (workflow.STEP_BUDGET,),
        "tokens of an instance": (workflow.MOST_TOKENS,),
        "computing time of one command": (int(moment.MOST_SECONDS),),
        "calls": (call_limits.MOST_CALLS,),
        "problems told of one file": (sentences.MOST_PROBLEMS,),
        "exploration of states at deployment": (state_space.MOST_MARKINGS,),
    }
    wrong = {row for row, numbers in limits.items() if any(f"{number:,}" not in said[row] for number in numbers)}
    assert wrong == set()
