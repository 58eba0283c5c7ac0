from time import perf_counter

import pytest

from engine.dmn import HitPolicy, evaluate, read_decisions
from engine.errors import DeploymentError
from engine.feel import FeelLimitError

INPUT = [("age", "number", None)]
OUTPUT = [("light", "string", None, None)]
ROW = [(["-"], ['"green"'])]


def problems_of(xml):
    with pytest.raises(DeploymentError) as caught:
        read_decisions(xml if isinstance(xml, bytes) else xml.encode(), "rules/x.dmn")
    return caught.value.problems


def codes_of(xml):
    return [problem.code for problem in problems_of(xml)]


def test_a_table_is_read_with_its_columns_rows_and_lines(table):
    decision = table(INPUT, OUTPUT, ROW, "FIRST")
    assert (decision.key, decision.name, decision.hit_policy) == ("t1", "t1", HitPolicy.FIRST)
    assert [(clause.label, clause.type.name) for clause in decision.inputs] == [("age", "number")]
    assert [output.name for output in decision.outputs] == ["light"]
    assert [(rule.id, rule.number, rule.annotation) for rule in decision.rules] == [("r1", 1, "row 1")]
    assert decision.names == {"age"}


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_namespace_is_read(dmn, namespace):
    xml = dmn.model(("a", (), dmn.literal("1"))).decode()
    xml = xml.replace("https://www.omg.org/spec/DMN/20191111/MODEL/", namespace)
    assert [decision.key for decision in read_decisions(xml.encode(), "x.dmn")] == ["a"]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "dmn-not-xml"),
        (b"<a", "dmn-not-xml"),
        (b"<definitions xmlns='urn:other'/>", "dmn-not-a-model"),
        (b"<html xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'/>", "dmn-not-a-model"),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "dmn-doctype"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "dmn-doctype"),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".encode("utf-16"), "dmn-doctype"),
        (b"<a>" + b" " * 16_000_001 + b"</a>", "dmn-too-large"),
        (b"<a>" + b"<b/>" * 400_001 + b"</a>", "dmn-too-large"),
        (b"<a>" * 3_000 + b"</a>" * 3_000, "dmn-not-xml"),
    ],
)
def test_hostile_and_foreign_files_are_refused(xml, code):
    assert codes_of(xml) == [code]


def test_an_entity_bomb_is_refused(dmn):
    levels = "".join(
        f"<!ENTITY a{n} '{'&a' + str(n - 1) + ';' if n else 'ha'}{'&a0;' * 9 if n else ''}'>" for n in range(9)
    )
    codes = codes_of(f"<!DOCTYPE x [{levels}]><x>&a8;</x>")
    assert codes[0] in {"dmn-doctype", "dmn-not-xml"}


def test_every_problem_is_told_with_file_element_and_line(dmn):
    table = dmn.table(INPUT, OUTPUT, [(["< "], ['"a"']), (["-"], ["1 +"]), (["$"], ['"b"'])])
    problems = problems_of(dmn.model(("t1", (), table)).replace(b"<rule", b"\n<rule"))
    assert [(problem.where, problem.line, problem.file) for problem in problems] == [
        ("r1", 2, "rules/x.dmn"),
        ("r2", 3, "rules/x.dmn"),
        ("r3", 4, "rules/x.dmn"),
    ]
    assert {problem.code for problem in problems} == {"feel-syntax", "feel-unexpected-end"}
    assert problems[0].params["column"] == 2


@pytest.mark.parametrize(
    ("logic", "suggestion"),
    [
        (
            "<literalExpression expressionLanguage='text/javascript'><text>a === 1</text></literalExpression>",
            "a = 1",
        ),
        ("<literalExpression><text>${fee &gt; 10}</text></literalExpression>", "fee > 10"),
    ],
)
def test_an_expression_of_another_language_is_refused_with_the_feel_to_write(dmn, logic, suggestion):
    (problem,) = problems_of(dmn.model(("a", (), logic)))
    assert (problem.code, problem.params["suggestion"]) == ("dmn-foreign-expression", suggestion)


@pytest.mark.parametrize(
    ("logic", "construct"),
    [
        (
            "<literalExpression expressionLanguage='urn:js'><text>1</text></literalExpression>",
            "the expression language urn:js",
        ),
        (
            "<functionDefinition kind='Java'><list/></functionDefinition>",
            "a function of the kind Java",
        ),
        ("<nonsense/><literalExpression><text>1</text></literalExpression>", "the element nonsense"),
    ],
)
def test_a_construct_that_is_not_executed_is_refused_by_name(dmn, logic, construct):
    problems = problems_of(dmn.model(("a", (), logic)))
    assert problems[0].params["construct"] == construct


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("<nonsense id='e'/>", "dmn-unsupported"),
        ("<businessKnowledgeModel id='e' name='e'/>", "dmn-no-logic"),
        ("<decisionService id='e' name='e'/>", "dmn-unknown-reference"),
        (
            "<import id='e' name='e' namespace='urn:e' importType='http://www.w3.org/2001/XMLSchema'/>",
            "dmn-unsupported",
        ),
        ("<inputData name='a' id='e'/>", "dmn-duplicate-name"),
        ("<inputData/>", "dmn-missing-id"),
    ],
)
def test_an_element_beside_the_decisions_that_says_nothing_is_refused(dmn, extra, code):
    xml = dmn.model(("a", (), dmn.literal("1")), extra=extra)
    assert codes_of(xml)[0] == code


@pytest.mark.parametrize("names", [("a b", "a  b"), ("a b", "ab")])
def test_names_that_differ_by_blanks_alone_are_one_name(dmn, names):
    extra = "".join(f"<inputData id='i{number}' name='{name}'/>" for number, name in enumerate(names))
    assert codes_of(dmn.model(("x", (), dmn.literal("1")), extra=extra)) == ["dmn-duplicate-name"]


def test_a_requirement_that_names_nothing_is_refused(dmn):
    logic = "<knowledgeRequirement id='k'/><literalExpression><text>1</text></literalExpression>"
    assert codes_of(dmn.model(("a", (), logic))) == ["dmn-unknown-reference"]


@pytest.mark.parametrize(
    ("inputs", "outputs", "rows", "policy", "aggregation", "code"),
    [
        (INPUT, OUTPUT, ROW, "BEST", None, "dmn-unsupported"),
        (INPUT, OUTPUT, ROW, "COLLECT", "AVERAGE", "dmn-unsupported"),
        (INPUT, OUTPUT, ROW, "UNIQUE", "SUM", "dmn-unsupported"),
        (INPUT, OUTPUT, ROW, "PRIORITY", None, "dmn-missing-priorities"),
        (INPUT, OUTPUT, ROW, "OUTPUT ORDER", None, "dmn-missing-priorities"),
        (
            INPUT,
            [("a", "string", None, None), ("a", "string", None, None)],
            [(["-"], ["1", "1"])],
            "UNIQUE",
            None,
            None,
        ),
        (INPUT, OUTPUT, [(["-", "-"], ['"x"'])], "UNIQUE", None, "dmn-wrong-cells"),
        (INPUT, OUTPUT, [(["-"], ["1"])], "UNIQUE", None, "dmn-wrong-type"),
        (INPUT, OUTPUT, [(['"3"'], ['"x"'])], "UNIQUE", None, "dmn-wrong-type"),
        ([("day", "date", None)], OUTPUT, [(['> "2026-01-01"'], ['"x"'])], "UNIQUE", None, "dmn-wrong-type"),
        (INPUT, [("a", "string", '"x", "y"', None)], [(["-"], ['"z"'])], "UNIQUE", None, "dmn-not-allowed"),
        (INPUT, [("a", "string", '"x", "y"', '"z"')], ROW[:0], "UNIQUE", None, "dmn-not-allowed"),
        ([("age", "tAge", None)], OUTPUT, ROW, "UNIQUE", None, "dmn-unknown-type"),
        ([("", "number", None)], OUTPUT, ROW, "UNIQUE", None, "dmn-empty-expression"),
        (INPUT, [], [(["-"], [])], "UNIQUE", None, "dmn-no-output"),
        (
            INPUT,
            [("a", None, None, "1"), ("b", None, None, None)],
            [(["-"], ["1", "1"])],
            "FIRST",
            None,
            "dmn-partial-default",
        ),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(dmn, inputs, outputs, rows, policy, aggregation, code):
    codes = codes_of(dmn.model(("t1", (), dmn.table(inputs, outputs, rows, policy, aggregation))))
    assert (code or "dmn-duplicate-output") in codes


def test_references_must_be_in_the_file_and_without_cycles(dmn):
    one = dmn.model(("a", (("requiredDecision", "b"),), dmn.literal("1")))
    assert codes_of(one) == ["dmn-unknown-reference"]
    needs = (("requiredDecision", "b"),), (("requiredDecision", "a"),)
    (problem,) = problems_of(dmn.model(("a", needs[0], dmn.literal("1")), ("b", needs[1], dmn.literal("1"))))
    assert problem.code == "dmn-cycle"
    assert problem.params["path"] in {"a → b → a", "b → a → b"}


def test_a_chain_of_a_thousand_decisions_is_read_and_stopped_when_it_is_too_deep_to_run(dmn):
    chain = [(f"d{n}", (("requiredDecision", f"d{n + 1}"),), dmn.literal("1")) for n in range(1_000)]
    decisions = read_decisions(dmn.model(*chain, ("d1000", (), dmn.literal("1"))), "x.dmn")
    with pytest.raises(FeelLimitError):
        evaluate(decisions[0], {})


def test_a_table_of_ten_thousand_rows_is_read_in_seconds(dmn):
    inputs = [(f"n{column}", "number", None) for column in range(6)]
    rows = [([f"[{row}..{row + 1})", *["< 5"] * 5], [f'"{row}"']) for row in range(10_000)]
    xml = dmn.model(("t1", (), dmn.table(inputs, [("a", "string", None, None)], rows, "FIRST")))
    began = perf_counter()
    (decision,) = read_decisions(xml, "x.dmn")
    assert perf_counter() - began < 20
    assert evaluate(decision, {f"n{column}": 1 for column in range(6)}).value == "1"


def test_ids_are_unique(dmn):
    assert codes_of(dmn.model(("a", (), dmn.literal("1")), ("a", (), dmn.literal("2")))) == ["dmn-duplicate-id"]


def test_item_definitions_restrict_inputs(dmn):
    extra = (
        "<itemDefinition id='i' name='tLevel'><typeRef>string</typeRef>"
        '<allowedValues><text>"高", "低"</text></allowedValues></itemDefinition>'
    )
    xml = dmn.model(("t1", (), dmn.table([("level", "tLevel", None)], OUTPUT, ROW)), extra=extra)
    (decision,) = read_decisions(xml, "x.dmn")
    assert decision.inputs[0].type.name == "string"
    assert decision.inputs[0].type.allowed.text == '"高", "低"'


def test_diagrams_and_foreign_extensions_are_not_in_the_way(dmn):
    extra = "<extensionElements><x xmlns='urn:other'/></extensionElements><y xmlns='urn:other'/>"
    assert len(read_decisions(dmn.model(("a", (), dmn.literal("1")), extra=extra), "x.dmn")) == 1
