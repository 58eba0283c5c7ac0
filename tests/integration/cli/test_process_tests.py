"""`zhili test`: scenarios are played, what they reach is counted, drawn and completed."""

from pathlib import Path

import pytest
import yaml

from tests.builders.diagrams import diagram, flows, user_task

ROOT = Path(__file__).resolve().parents[3]
BODY = (
    '<bpmn:startEvent id="start"/>'
    + user_task("decide", groups="acceptor@230100")
    + '<bpmn:exclusiveGateway id="gw" default="gw_no"/><bpmn:intermediateCatchEvent id="later">'
    "<bpmn:timerEventDefinition><bpmn:timeDuration>P2D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    "</bpmn:intermediateCatchEvent>"
    '<bpmn:endEvent id="yes"/><bpmn:endEvent id="no"/>'
    + flows("start>decide", "decide>gw", "gw>later[fine = true]", "later>yes", "gw>no")
)
TESTS = """
flow: small
scenarios:
  - name: fine
    given: {variables: {}, key: k1, at: 2026-03-02T09:00:00+08:00}
    when:
      - then: {tasks: [{element: decide, group: acceptor@230100}], ends: running}
      - complete: decide
        with: {fine: true}
      - then: {not_passes: [later_yes]}
      - wait: P2D
    then: {path: [start, decide, later, yes], passes: [later_yes], ends: "yes", tasks: [], variables: {fine: true}}
"""
TAKEN = {"start_decide": True, "decide_gw": True, "gw_later": True, "later_yes": True, "gw_no": False}


@pytest.fixture
def root(tmp_path) -> Path:
    """Give a source with one small diagram and the city's own tables."""
    (tmp_path / "processes" / "tests").mkdir(parents=True)
    (tmp_path / "processes" / "small.bpmn").write_bytes(diagram("small", BODY))
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    (tmp_path / "processes" / "tests" / "small.yaml").write_text(TESTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def test_of(root, zhili):
    """Give a function that runs the command on that source."""
    return lambda *arguments: zhili("test", *arguments, ZHILI_DATA_ROOT=str(root))


def rewrite(root: Path, old: str, new: str) -> None:
    file = root / "processes" / "tests" / "small.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_flow_that_no_scenario_takes_is_counted_as_missing(test_of):
    answer = test_of("--json", "--flow", "small")
    assert answer.code == 0
    flows_of = answer.document["flows"]["small"]
    assert (flows_of["covered"], flows_of["total"], flows_of["missing"]) == (4, 5, ["gw_no"])
    assert flows_of["percent"] == 80.0


def test_too_little_coverage_fails(test_of):
    assert test_of("--minimum-flows", 80).code == 0
    answer = test_of("--minimum-flows", 81)
    assert answer.code == 1
    assert "80%" in answer.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("path: [start, decide, later, yes]", "path: [decide, start]", "order"),
        ("passes: [later_yes]", "passes: [gw_no]", "not passed"),
        ('ends: "yes"', 'ends: "no"', "stands elsewhere"),
        ("tasks: []", "tasks: [decide]", "open tasks"),
        ("{fine: true}}", "{fine: false}}", "variables"),
        ("not_passes: [later_yes]", "not_passes: [gw_later]", "must not"),
        ("wait: P2D", "wait: P1D", "order"),
        ("wait: P2D", "complete: decide", "refused"),
        ("with: {fine: true}", "with: {fine: true}\n        refused: true", "should have been refused"),
        ('ends: "yes"', 'cards: [{colour: red}], ends: "yes"', "cards"),
        ('ends: "yes"', 'sends: [x], ends: "yes"', "sent"),
        ('ends: "yes"', 'fails: [decide], ends: "yes"', "failed"),
    ],
)
def test_a_disappointed_expectation_fails_with_its_place(root, test_of, old, new, said):
    rewrite(root, old, new)
    answer = test_of("--flow", "small")
    assert answer.code == 1
    assert said in answer.out
    assert "small.yaml:" in answer.out
    assert "expected:" in answer.out


def test_a_mistake_in_a_file_is_told_and_nothing_is_run(root, test_of):
    rewrite(root, "complete: decide", "complete: decid")
    answer = test_of()
    assert answer.code == 2
    assert "small.yaml:8" in answer.err
    assert answer.out == ""


def test_questions_to_tables_count_the_rows_that_answer(root, test_of):
    rows = "rules:\n- {decision: return_rule, given: {returns: 9, max_returns: 1}, then: {row: 2, answer: forced}}\n"
    (root / "processes" / "tests" / "tables.yaml").write_text(rows, encoding="utf-8")
    document = test_of("--json").document
    table = document["tables"]["return_rule"]
    assert (table["covered"], table["missing"]) == (1, [1])
    (root / "processes" / "tests" / "tables.yaml").write_text(rows.replace("row: 2", "row: 1"), encoding="utf-8")
    assert test_of("--json").code == 1


def test_a_test_is_made_for_the_missing_flow_and_reaches_it_when_it_is_run(root, test_of):
    answer = test_of("--suggest", "--write", "--flow", "small", "--json")
    [made] = answer.document["suggestions"]
    assert (made["goal"], made["confirmed"]) == ("gw_no", True)
    written = yaml.safe_load((root / "processes" / "tests" / "small.suggested.yaml").read_text(encoding="utf-8"))
    assert written["flow"] == "small"
    assert test_of("--minimum-flows", 100).code == 0


def test_a_question_is_made_for_every_row_of_a_table_and_the_table_agrees(root, test_of):
    found = test_of("--suggest", "--json").document["suggestions"]
    mine = [one for one in found if one["about"] in {"verification", "duplicate_check", "extension_rule"}]
    assert mine
    assert all(one["confirmed"] for one in mine)
    rules = {"rules": [one["test"] for one in mine]}
    (root / "processes" / "tests" / "tables.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    document = test_of("--json").document
    assert document["fine"]
    assert document["tables"]["extension_rule"]["percent"] == 100


def test_coverage_is_drawn_on_the_diagram_and_the_tables(zhili, tmp_path):
    file = ROOT / "processes" / "tests" / "dispatch.yaml"
    folder = tmp_path / "drawn"
    answer = zhili("test", file, "--scenario", "系统分拨", "--svg", folder)
    assert answer.code == 0
    drawing = (folder / "dispatch.svg").read_text(encoding="utf-8")
    assert 'data-element="flow_gw_match_automatic" data-reached="yes"' in drawing
    assert 'data-element="flow_gw_match_manual_dispatch" data-reached="no"' in drawing
    assert "not reached" in drawing
    assert '<tr class="no">' in (folder / "tables.html").read_text(encoding="utf-8")
    assert 'href="dispatch.svg"' in (folder / "index.html").read_text(encoding="utf-8")


def test_several_processes_at_once_find_the_same(test_of):
    alone, together = (test_of("--json", "-n", number).document for number in (1, 2))
    assert alone["flows"] == together["flows"]
    assert alone["fine"]
    assert together["fine"]
