"""`zhili test`: scenarios are played, what they reach is counted, drawn and completed."""

from pathlib import Path

import pytest
import yaml

from tests.builders.diagrams import chain, diagram, flows, user_task

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
      - wait: P1D
      - until: '= now + duration("P1D")'
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
        ("wait: P1D", "wait: PT1H", "order"),
        ("wait: P1D", "complete: decide", "refused"),
        ("now + ", "now - ", "lies behind"),
        ("with: {fine: true}", "with: {fine: true}\n        refused: true", "should have been refused"),
        ('ends: "yes"', 'cards: [{colour: red}], ends: "yes"', "cards"),
        ('ends: "yes"', 'sends: [x], ends: "yes"', "sent"),
        ('ends: "yes"', 'fails: [decide], ends: "yes"', "failed"),
        ("tasks: [{element: decide,", "tasks: [{element: decide, priority: 99,", "open tasks"),
        ("tasks: [{element: decide,", "tasks: [{element: decide, due_at: 2026-03-02T09:00:00+08:00,", "open tasks"),
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


def test_a_run_of_chosen_tests_lists_what_they_name_or_reach_and_asks_the_minimum_of_that(root, test_of):
    (root / "processes" / "other.bpmn").write_bytes(diagram("other", BODY))
    tests = root / "processes" / "tests"
    (tests / "tables.yaml").write_text("rules:\n- {decision: return_rule, then: {error: none}}\n", encoding="utf-8")
    chosen = test_of("--json", tests / "small.yaml").document
    assert (set(chosen["flows"]), chosen["tables"], chosen["total"]["flows"]["total"]) == ({"small"}, {}, 5)
    asked = test_of("--json", tests / "tables.yaml").document
    assert (asked["flows"], set(asked["tables"])) == ({}, {"return_rule"})
    assert set(test_of("--json").document["flows"]) == {"small", "other"}
    for choice in ((tests / "small.yaml",), ("--flow", "small"), ("--scenario", "fine")):
        assert test_of(*choice, "--minimum-flows", 80).code == 0
    assert test_of("--minimum-flows", 80).code == 1
    assert set(test_of("--json", "--flow", "other").document["flows"]) == {"other"}


def play(root: Path, test_of, body: str, scenario: str):
    """Run one scenario of another diagram."""
    (root / "processes" / "small.bpmn").write_bytes(diagram("small", body))
    text = f"flow: small\nscenarios:\n  - {scenario}\n"
    (root / "processes" / "tests" / "small.yaml").write_text(text, encoding="utf-8")
    return test_of()


def test_a_task_whose_group_nobody_holds_fails_unless_somebody_is_named(root, test_of):
    body = chain(user_task("decide", groups="nobody@230100"), names=("decide",))
    alone = play(root, test_of, body, "{name: a, given: {variables: {}}, when: [{complete: decide}]}")
    assert alone.code == 1
    assert "nobody@230100" in alone.out
    assert "small/decide" in alone.out
    refusal = "{name: a, given: {variables: {}}, when: [{complete: decide, refused: true}]}"
    assert play(root, test_of, body, refusal).code == 1
    named = "{name: a, given: {variables: {}}, when: [{complete: decide, by: nobody@230100}], then: {ends: end}}"
    assert play(root, test_of, body, named).code == 0


def by_the_clock(text: str, start: str) -> str:
    return (
        f'<bpmn:startEvent id="{start}"><bpmn:timerEventDefinition id="t">{text}</bpmn:timerEventDefinition>'
        "</bpmn:startEvent>"
        + user_task("decide", groups="supervisor@230100")
        + '<bpmn:endEvent id="end"/>'
        + flows(f"{start}>decide", "decide>end")
    )


def test_a_flow_that_begins_by_the_clock_begins_in_its_own_tests_alone(root, test_of):
    noise = by_the_clock("<bpmn:timeDate>= missing</bpmn:timeDate>", "elsewhere")
    (root / "processes" / "noise.bpmn").write_bytes(diagram("noise", noise))
    body = by_the_clock("<bpmn:timeCycle>R2/PT24H</bpmn:timeCycle>", "clock")
    steps = (
        "when: [{wait: PT23H}, {then: {tasks: []}}, {timer: clock}, {complete: decide}, {timer: clock}, "
        "{complete: decide}], then: {ends: end}"
    )
    answer = play(root, test_of, body, f"{{name: a, {steps}}}")
    assert answer.code == 0, answer.out
    third = steps.replace("{complete: decide}]", "{complete: decide}, {timer: clock}]")
    assert play(root, test_of, body, f"{{name: a, {third}}}").code == 1


@pytest.mark.parametrize(("ends", "code"), [("failed", 0), ("completed", 0), ("running", 1)])
def test_an_end_event_wins_over_the_word_for_a_status(root, test_of, ends, code):
    body = '<bpmn:startEvent id="start"/><bpmn:endEvent id="failed"/>' + flows("start>failed")
    answer = play(root, test_of, body, f"{{name: a, given: {{variables: {{}}}}, then: {{ends: {ends}}}}}")
    assert answer.code == code


def test_of_instances_that_begin_at_the_same_instant_the_one_seen_last_is_meant(root, test_of):
    body = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="gw" default="gw_leaf"/>'
        '<bpmn:callActivity id="call" calledElement="small"><bpmn:extensionElements>'
        '<camunda:in businessKey="= key"/><camunda:in sourceExpression="= left - 1" target="left"/>'
        '<camunda:in source="key" target="key"/></bpmn:extensionElements></bpmn:callActivity>'
        '<bpmn:endEvent id="done"/><bpmn:endEvent id="leaf"/>'
    ) + flows("start>gw", "gw>call[left > 0]", "call>done", "gw>leaf")
    given = "given: {variables: {left: 6, key: k1}, key: k1}"
    answer = play(root, test_of, body, f"{{name: a, {given}, then: {{variables: {{left: 0}}, ends: leaf}}}}")
    assert answer.code == 0, answer.out


def test_questions_to_tables_count_the_rows_that_answer(root, test_of):
    rows = "rules:\n- {decision: return_rule, given: {returns: 9, max_returns: 1}, then: {row: 2, answer: forced}}\n"
    (root / "processes" / "tests" / "tables.yaml").write_text(rows, encoding="utf-8")
    document = test_of("--json").document
    table = document["tables"]["return_rule"]
    assert (table["covered"], table["missing"]) == (1, [1])
    (root / "processes" / "tests" / "tables.yaml").write_text(rows.replace("row: 2", "row: 1"), encoding="utf-8")
    assert test_of("--json").code == 1


def test_a_question_that_fails_is_told_with_its_name_and_with_what_the_table_should_have_answered(root, test_of):
    ask = "- {name: 加急不是紧急程度, decision: task_priority, given: {urgency: 加急}, then: {row: 2, answer: 70}}"
    (root / "processes" / "tests" / "tables.yaml").write_text(f"rules:\n{ask}\n", encoding="utf-8")
    answer = test_of()
    assert answer.code == 1
    assert '加急不是紧急程度: task_priority {"urgency": "加急"}' in answer.out
    assert 'expected: {"rows": [2], "answer": 70}' in answer.out
    assert "decision-input-not-allowed" in answer.out


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
