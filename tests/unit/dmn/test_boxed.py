import json
import re
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest

from engine.dmn import NoMatch, evaluate, read_decisions, read_model
from engine.errors import DeploymentError
from engine.feel import FeelLimitError


def literal(text, kind=""):
    reference = f" typeRef='{kind}'" if kind else ""
    return f"<literalExpression{reference}><text>{escape(text)}</text></literalExpression>"


def entry(name, logic, kind=""):
    reference = f" typeRef='{kind}'" if kind else ""
    variable = f"<variable name='{name}'{reference}/>" if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def function(parameters, logic, name="functionDefinition"):
    given = "".join(f"<formalParameter name='{one}' typeRef='{kind}'/>" for one, kind in parameters)
    return f"<{name}>{given}{logic}</{name}>"


def knowledge(name, parameters, logic, requires=()):
    needs = "".join(
        f"<knowledgeRequirement><requiredKnowledge href='#{one}'/></knowledgeRequirement>" for one in requires
    )
    body = function(parameters, logic, "encapsulatedLogic")
    inside = f"<variable name='{name}'/>{body}{needs}"
    return f"<businessKnowledgeModel id='{name}' name='{name}'>{inside}</businessKnowledgeModel>"


def needing(name, logic):
    return f"<knowledgeRequirement><requiredKnowledge href='#{name}'/></knowledgeRequirement>{logic}"


@pytest.fixture
def answer(dmn):
    def of(logic, context=None, extra=""):
        (decision,) = read_decisions(dmn.model(("a", (), logic), extra=extra), "x.dmn")
        return evaluate(decision, context or {})

    return of


@pytest.fixture
def codes(dmn):
    def of(logic, extra=""):
        return [problem.code for problem in read_model({"x.dmn": dmn.model(("a", (), logic), extra=extra)}).problems]

    return of


def test_an_entry_of_a_context_sees_those_above_it_even_with_blanks_in_their_names(answer):
    logic = entry("two words", literal("1 + n")) + entry("b", literal("two words * 10"))
    assert answer(f"<context>{logic}</context>", {"n": 2}).value == {"two words": 3, "b": 30}


def test_the_entry_without_a_name_is_the_answer_of_a_context(answer):
    logic = entry("x", literal("2")) + entry("", literal("x + 1"))
    assert answer(f"<context>{logic}</context>").value == 3


def test_an_entry_of_another_type_becomes_null_and_says_why(answer):
    result = answer(f"<context>{entry('x', literal('1 + 1'), 'string')}</context>")
    assert result.value == {"x": None}
    (reason,) = result.explain()["reasons"]
    assert (reason["code"], reason["text"]) == ("feel-null-type", "1 + 1")


def test_lists_and_relations_are_lists(answer):
    assert answer(f"<list>{literal('1')}{literal('n')}</list>", {"n": 5}).value == [1, 5]
    rows = "".join(f"<row>{literal(name)}{literal(price)}</row>" for name, price in (('"a"', "1"), ('"b"', "n")))
    relation = f"<relation><column name='item'/><column name='the price' typeRef='number'/>{rows}</relation>"
    assert answer(relation, {"n": 7}).value == [{"item": "a", "the price": 1}, {"item": "b", "the price": 7}]
    assert answer("<list/>").value == []
    assert answer("<context/>").value == {}


def test_a_boxed_function_is_called_by_position_and_by_name(answer):
    definition = entry("f", function([("a b", "number"), ("c", "number")], literal("a b - c")))
    calls = entry("", literal("[f(3, 1), f(c: 3, a b: 1)]"))
    assert answer(f"<context>{definition}{calls}</context>").value == [2, -2]


def test_a_function_is_not_called_with_an_argument_of_another_type(answer):
    definition = entry("f", function([("a", "number")], literal("1")))
    result = answer(f"<context>{definition}{entry('', literal('[f(true), f([2])]'))}</context>")
    assert result.value == [None, 1]
    assert [reason.code for reason in result.reasons] == ["feel-null-arguments"]


def test_a_decision_that_answers_functions_shows_their_heads(answer):
    result = answer(f"<context>{entry('f', function([('a', 'number')], literal('a')))}</context>")
    assert result.value == {"f": "function(a)"}
    assert json.dumps(result.explain())


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        ("<conditional><if>«n > 1»</if><then>«1»</then><else>«2»</else></conditional>", 1),
        ("<conditional><if>«null»</if><then>«1»</then><else>«2»</else></conditional>", 2),
        ("<for iteratorVariable='e'><in>«[1, 2]»</in><return>«e * n»</return></for>", [3, 6]),
        ("<for iteratorVariable='e'><in>«[1, 2]»</in><return>«count(partial)»</return></for>", [0, 1]),
        ("<some iteratorVariable='the e'><in>«[1, 2]»</in><satisfies>«the e = 2»</satisfies></some>", True),
        ("<every iteratorVariable='e'><in>«[1, 2]»</in><satisfies>«e = 2»</satisfies></every>", False),
        ("<some iteratorVariable='e'><in>«[1, 2]»</in><satisfies>«e + 1»</satisfies></some>", None),
        ("<filter><in>«[1, 5]»</in><match>«item > n»</match></filter>", [5]),
        ("<filter><in>«[{v: 1}, {v: 5}]»</in><match>«v > n»</match></filter>", [{"v": 5}]),
        ("<filter><in>«[1, 5]»</in><match>«item > null»</match></filter>", []),
        ("<filter><in>«[1, 5]»</in><match>«1»</match></filter>", None),
    ],
)
def test_boxed_conditions_and_loops_run_like_those_of_feel(answer, logic, value):
    """What stands in « » is a literal expression."""
    boxed = re.sub("«(.*?)»", lambda found: literal(found.group(1)), logic)
    assert answer(boxed, {"n": 3}).value == value


def test_a_table_inside_a_context_sees_its_entries_and_is_part_of_the_proof(dmn, answer):
    table = dmn.table(
        [("level", "number", None)],
        [("light", None, None, None)],
        [(["< limit"], ['"low"']), (["-"], ["name"])],
        "FIRST",
    )
    logic = entry("level", literal("n + 1")) + entry("limit", literal("3")) + entry("name", literal('"high"'))
    logic = f"<context>{logic}{entry('light', table)}{entry('', literal('light'))}</context>"
    result = answer(logic, {"n": 5})
    assert result.value == "high"
    (part,) = result.explain()["parts"]
    assert (part["kind"], part["name"], part["inputs"], part["value"]) == ("table", "light", {"level": 6}, "high")
    assert [match["row"] for match in part["matches"]] == [2]
    assert [name for name, _ in result.decision.tables] == ["light"]
    assert result.decision.names == {"n"}


def test_a_table_inside_that_does_not_answer_names_what_holds_it(dmn, answer):
    table = dmn.table([("n", "number", None)], [("light", None, None, None)], [(["< 3"], ['"low"'])])
    with pytest.raises(NoMatch) as caught:
        answer(f"<context>{entry('light', table)}</context>", {"n": 5})
    assert caught.value.decision == "light"


def test_an_invocation_calls_a_knowledge_model_and_is_part_of_the_proof(answer):
    binding = f"<binding><parameter name='the base'/>{literal('n')}</binding>"
    logic = needing("Twice", f"<invocation>{literal('Twice')}{binding}</invocation>")
    result = answer(logic, {"n": 4}, knowledge("Twice", [("the base", "number")], literal("the base * 2")))
    assert result.value == 8
    (part,) = result.explain()["parts"]
    assert (part["kind"], part["name"], part["inputs"], part["value"]) == ("invocation", "Twice", {"the base": 4}, 8)


def test_a_table_inside_a_knowledge_model_is_inside_the_call_of_it(dmn, answer):
    table = dmn.table([("x", "number", None)], [("y", None, None, None)], [(["< 3"], ["1"]), ([">= 3"], ["2"])])
    result = answer(needing("F", literal("F(1) + F(9)")), {}, knowledge("F", [("x", "number")], table))
    assert result.value == 3
    told = result.explain()["parts"]
    assert [part["parts"][0]["matches"][0]["row"] for part in told] == [1, 2]


def test_a_knowledge_model_sees_its_parameters_and_what_it_requires_and_nothing_else(answer):
    inner = knowledge("Inner", [("x", "number")], literal("x + 1"))
    outer = knowledge("Outer", [("x", "number")], literal("[Inner(x), secret]"), ["Inner"])
    assert answer(needing("Outer", literal("Outer(1)")), {"secret": 7}, inner + outer).value == [2, None]


def test_a_knowledge_model_that_is_not_required_cannot_be_called(codes):
    assert codes(literal("F(1)"), knowledge("F", [("x", "number")], literal("x"))) == ["feel-unknown-function"]


def test_a_knowledge_model_may_hide_a_function_of_feel(answer):
    assert answer(needing("abs", literal("abs(-1)")), {}, knowledge("abs", [("x", "number")], literal("x"))).value == -1


def test_recursion_of_a_knowledge_model_works_and_is_bounded(answer):
    factorial = knowledge("f", [("n", "number")], literal("if n <= 1 then 1 else n * f(n - 1)"))
    assert answer(needing("f", literal("f(6)")), {}, factorial).value == 720
    with pytest.raises(FeelLimitError):
        answer(needing("f", literal("f(1)")), {}, knowledge("f", [("n", "number")], literal("f(n)")))


def test_knowledge_models_that_require_each_other_are_refused_with_the_path(dmn):
    extra = knowledge("f", [], literal("1"), ["g"]) + knowledge("g", [], literal("1"), ["f"])
    model = read_model({"x.dmn": dmn.model(("a", (), needing("f", literal("f()"))), extra=extra)})
    assert [problem.code for problem in model.problems] == ["dmn-cycle"]
    assert model.problems[0].params["path"] in {"f → g → f", "g → f → g"}
    assert (model.decisions, model.knowledge) == ((), ())


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ("<invocation/>", "dmn-no-expression"),
        (f"<context>{entry('x', '')}</context>", "dmn-no-expression"),
        (f"<context>{entry('', literal('1'))}{entry('x', literal('1'))}</context>", "dmn-result-not-last"),
        (f"<context>{entry('x y', literal('1'))}{entry('x  y', literal('1'))}</context>", "dmn-duplicate-name"),
        (f"<context>{entry('x', '<literalExpression/>')}</context>", "dmn-empty-expression"),
        (f"<list>{literal('1 +')}</list>", "feel-unexpected-end"),
        (f"<list>{literal('1', 'tNothing')}</list>", "dmn-unknown-type"),
        (f"<relation><column name='a'/><row>{literal('1')}{literal('2')}</row></relation>", "dmn-wrong-cells"),
        (f"<for><in>{literal('[1]')}</in><return>{literal('1')}</return></for>", "dmn-nameless"),
        (f"<filter><in>{literal('[1]')}</in></filter>", "dmn-no-expression"),
        (f"{literal('1')}{literal('2')}", "dmn-many-expressions"),
        (f"<context>{entry('f', function([('a', ''), ('a', '')], literal('1')))}</context>", "dmn-duplicate-name"),
        ("<list>" * 70 + literal("1") + "</list>" * 70, "dmn-nested-too-deep"),
    ],
)
def test_a_boxed_expression_that_cannot_be_right_is_refused(codes, logic, code):
    assert code in codes(logic)


def test_all_that_is_wrong_with_a_boxed_expression_is_told_with_its_line(dmn):
    logic = f"<context>\n{entry('x', literal('1 +'))}\n{entry('y', literal('nothing(1)'))}</context>"
    with pytest.raises(DeploymentError) as caught:
        read_decisions(dmn.model(("a", (), logic)), "x.dmn")
    assert [(one.code, one.line) for one in caught.value.problems] == [
        ("feel-unexpected-end", 2),
        ("feel-unknown-function", 3),
    ]


def test_a_loop_that_calls_a_table_a_thousand_times_keeps_a_bounded_proof(dmn, answer):
    table = dmn.table([("x", "number", None)], [("y", None, None, None)], [(["-"], ["x"])])
    logic = needing("F", literal("sum(for i in 1..1000 return F(i))"))
    result = answer(logic, {}, knowledge("F", [("x", "number")], table))
    assert result.feel_value == Decimal(500_500)
    assert len(result.parts) <= 200
