"""Files of process tests: what they say is read with its lines, and every mistake is told with its line."""

from pathlib import Path

import pytest

from api.process_tests.library import Library, read_library
from api.process_tests.nodes import read_nodes
from api.process_tests.reader import read_sheet
from engine.errors import Invalid

ROOT = Path(__file__).resolve().parents[3]
WHOLE = """
flow: case_lifecycle
steps:
  accepted:
    - complete: 受理登记
      with: {action: accept}
scenarios:
  - name: one
    given:
      case: {title: 井盖}
      rules: {verification: false, field_check: [{when: {round: 1}, then: true}, {then: false}]}
      handlers: {case.merge: {error: MASTER_UNFIT}}
    when:
      - do: accepted
      - wait: P2D
      - complete: file
        by: acceptor@230100
        refused: form-invalid
      - then: {tasks: [file]}
    then: {ends: archived}
rules:
  - name: by phone
    decision: verification
    given: {channel: phone, on: '= date("2026-03-02")'}
    then: {row: 3}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(ROOT)


def problems(text: str, library: Library) -> list[tuple[str, int | None]]:
    with pytest.raises(Invalid) as refused:
        read_sheet(text.encode(), "t.yaml", library)
    assert {problem.file for problem in refused.value.problems} == {"t.yaml"}
    return [(problem.code, problem.line) for problem in refused.value.problems]


def test_a_file_is_read_with_blocks_stubs_steps_and_questions(library):
    sheet = read_sheet(WHOLE.encode(), "t.yaml", library)
    [scenario] = sheet.scenarios
    assert [step.verb for step in scenario.steps] == ["complete", "wait", "complete", "expect", "expect"]
    assert scenario.steps[2].refused == "form-invalid"
    assert scenario.steps[0].line == 5
    assert [stub.then for stub in scenario.given.rules["verification"]] == [False]
    assert [dict(stub.when) for stub in scenario.given.rules["field_check"]] == [{"round": 1}, {}]
    assert scenario.given.handlers["case.merge"].error == "MASTER_UNFIT"
    assert [act.target for act in scenario.given.acts] == ["case.report"]
    assert (sheet.rules[0].name, sheet.rules[0].rows) == ("by phone", (3,))


def test_many_questions_to_one_table_are_written_under_one_head(library):
    text = (
        "rules:\n- decision: verification\n  cases:\n  - {given: {channel: phone}, then: {row: 3}}\n"
        "  - {given: {channel: app}, then: {answer: true}}\n- decision: return_rule\n  then: {row: 1}"
    )
    cases = read_sheet(text.encode(), "t.yaml", library).rules
    assert [(one.decision, one.line, one.rows) for one in cases] == [
        ("verification", 4, (3,)),
        ("verification", 5, None),
        ("return_rule", 6, (1,)),
    ]
    assert dict(cases[1].given) == {"channel": "app"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules:\n- decision: verification\n  cases: []", [("process-test-key-missing", 3)]),
        (
            "rules:\n- decision: verification\n  given: {}\n  cases: [{then: {row: 1}}]",
            [("process-test-key-unknown", 3)],
        ),
        ("rules:\n- decision: verification\n  cases:\n  - {given: {}}", [("process-test-key-missing", 4)]),
        ("flow: nowhere", [("process-test-flow-unknown", 1)]),
        ("flwo: case_lifecycle", [("process-test-key-unknown", 1)]),
        ("- a list", [("process-test-not-mapping", 1)]),
        ("flow: case_lifecycle\nscenarios: {}", [("process-test-not-list", 2)]),
        ("flow: case_lifecycle\nflow: dispatch", [("process-test-key-twice", 2)]),
        ("flow: [unclosed\n", [("process-test-yaml", 2)]),
        ("scenarios: [{name: a}]", [("process-test-key-missing", 1)]),
        ("flow: case_lifecycle\nscenarios:\n- {name: a}\n- {name: a}", [("process-test-name-twice", 4)]),
        ("rules:\n- decision: none\n  then: {row: 1}", [("process-test-decision-unknown", 2)]),
        ("rules:\n- decision: verification\n  then: {row: one}", [("process-test-not-number", 3)]),
        ("rules:\n- decision: verification\n  given: {}", [("process-test-key-missing", 2)]),
    ],
)
def test_a_mistake_is_told_with_its_line(library, text, told):
    assert problems(text, library) == told


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("complete: nothing", "process-test-task-unknown"),
        ("complete: gw_file", "process-test-task-unknown"),
        ("timer: nothing", "process-test-element-unknown"),
        ("wait: two days", "process-test-not-duration"),
        ("until: 2026-03-02", "process-test-not-instant"),
        ("act: case.burn", "process-test-act-unknown"),
        ("do: nothing", "process-test-block-unknown"),
        ("message: x, signal: y", "process-test-step-unclear"),
        ("complete: file, wiht: {}", "process-test-key-unknown"),
        ("complete: file, with: [1]", "process-test-not-mapping"),
        ("complete: file, errand: 1", "process-test-not-boolean"),
        ("complete: file, by: 'a b'", "process-test-person"),
        ("then: {path: [nothing]}", "process-test-element-unknown"),
        ("then: {tasks: file}", "process-test-not-list"),
        ("then: {tasks: [{group: x}]}", "process-test-key-missing"),
        ("then: {ends: nowhere}", "process-test-element-unknown"),
        ("then: {rows: {none: 1}}", "process-test-decision-unknown"),
        ("then: {colour: red}", "process-test-key-unknown"),
    ],
)
def test_a_step_that_cannot_be_meant_is_told(library, step, code):
    text = f"flow: case_lifecycle\nscenarios:\n- name: a\n  when:\n  - {{{step}}}"
    assert (code, 5) in problems(text, library)


def test_every_mistake_is_told_at_once(library):
    text = "flow: case_lifecycle\nscenarios:\n- name: a\n  given: {rules: {none: 1}}\n  when: [{complete: x}]"
    told = problems(text, library)
    assert {code for code, _ in told} == {"process-test-decision-unknown", "process-test-task-unknown"}


def test_blocks_that_name_each_other_in_a_circle_are_told(library):
    text = "flow: case_lifecycle\nsteps:\n  a: [{do: b}]\n  b: [{do: a}]"
    assert {code for code, _ in problems(text, library)} == {"process-test-block-unknown"}


@pytest.mark.parametrize("written", ["yes", "no", "on", "off", "07:30", "0101", "2026-03-02"])
def test_what_people_mean_as_text_is_text(written):
    assert read_nodes(f"a: {written}".encode(), "t.yaml").plain() == {"a": written}


def test_aliases_that_unfold_without_end_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(Invalid) as refused:
        read_nodes("\n".join(lines).encode(), "t.yaml")
    assert refused.value.problems[0].code == "process-test-too-large"


def test_a_list_within_itself_is_refused():
    with pytest.raises(Invalid) as refused:
        read_nodes(b"a: &a [*a]", "t.yaml")
    assert refused.value.problems[0].code in {"process-test-too-large", "process-test-yaml"}


@pytest.mark.parametrize("text", ["!!python/object/apply:os.system [ls]", "a: !!python/name:os.system x"])
def test_tags_of_a_language_are_data_and_nothing_is_run(text):
    assert read_nodes(text.encode(), "t.yaml").plain() in (["ls"], {"a": "x"})
