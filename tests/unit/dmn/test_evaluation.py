import json
from datetime import date
from decimal import Decimal

import pytest

from engine.dmn import DecisionError, NoMatch, TooManyMatches, evaluate, read_decisions

AGE = [("age", "number", None)]
LIGHT = [("light", "string", None, None)]


def test_a_unique_table_answers_with_the_row_that_matches(table):
    decision = table(AGE, LIGHT, [(["< 3"], ['"green"']), ([">= 3"], ['"red"'])])
    result = evaluate(decision, {"age": 5})
    assert result.value == "red"
    assert [(match.row, match.rule_id, match.annotation) for match in result.matches] == [(2, "r2", "row 2")]
    assert result.inputs == {"age": 5}


def test_a_table_that_matches_twice_under_unique_names_table_inputs_and_rows(table):
    decision = table(AGE, LIGHT, [(["< 3"], ['"green"']), (["< 9"], ['"red"']), (["-"], ['"blue"'])])
    with pytest.raises(TooManyMatches) as caught:
        evaluate(decision, {"age": 2})
    assert (caught.value.decision, caught.value.rows) == ("t1", (1, 2, 3))
    assert caught.value.inputs == {"age": 2}
    assert "t1" in str(caught.value)
    assert "age = 2" in str(caught.value)


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_a_single_hit_table_without_a_match_or_default_is_an_error_that_names_the_inputs(table, policy):
    outputs = [("light", "string", '"green", "red"', None)]
    decision = table(AGE, outputs, [(["< 3"], ['"green"'])], policy)
    with pytest.raises(NoMatch) as caught:
        evaluate(decision, {"age": 7})
    assert caught.value.inputs == {"age": 7}
    assert caught.value.code == "decision-no-match"


@pytest.mark.parametrize(
    ("policy", "aggregation", "answer"),
    [
        ("RULE ORDER", None, []),
        ("OUTPUT ORDER", None, []),
        ("COLLECT", None, []),
        ("COLLECT", "SUM", None),
        ("COLLECT", "MIN", None),
        ("COLLECT", "MAX", None),
        ("COLLECT", "COUNT", 0),
    ],
)
def test_a_multiple_hit_table_without_a_match_answers_nothing(table, policy, aggregation, answer):
    outputs = [("n", "number", "1, 2, 3", None)]
    decision = table(AGE, outputs, [(["< 3"], ["1"])], policy, aggregation)
    assert evaluate(decision, {"age": 7}).value == answer


def test_any_answers_once_when_the_rows_agree_and_fails_when_they_do_not(table):
    rows = [(["< 3"], ['"green"']), (["< 9"], ['"green"']), (["1"], ['"red"'])]
    decision = table(AGE, LIGHT, rows, "ANY")
    assert evaluate(decision, {"age": 2}).value == "green"
    with pytest.raises(TooManyMatches) as caught:
        evaluate(decision, {"age": 1})
    assert caught.value.key == "decision-different-answers"
    assert caught.value.rows == (1, 2, 3)


def test_first_answers_with_the_first_row_that_matches(table):
    decision = table(AGE, LIGHT, [(["< 3"], ['"green"']), (["-"], ['"red"'])], "FIRST")
    assert [evaluate(decision, {"age": age}).value for age in (1, 5, None)] == ["green", "red", "red"]


def test_priority_answers_with_the_value_that_is_listed_first(table):
    outputs = [("light", "string", '"red", "yellow", "green"', None)]
    rows = [(["-"], ['"green"']), (["> 5"], ['"red"']), (["> 3"], ['"yellow"'])]
    decision = table(AGE, outputs, rows, "PRIORITY")
    assert [evaluate(decision, {"age": age}).value for age in (1, 4, 6)] == ["green", "yellow", "red"]
    assert [match.row for match in evaluate(decision, {"age": 6}).matches] == [2]


@pytest.mark.parametrize(
    ("policy", "aggregation", "answer"),
    [
        ("RULE ORDER", None, [2, 3, 1]),
        ("OUTPUT ORDER", None, [1, 2, 3]),
        ("COLLECT", "SUM", 6),
        ("COLLECT", "MIN", 1),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_multiple_hit_tables_order_and_aggregate(table, policy, aggregation, answer):
    outputs = [("n", "number", "1, 2, 3", None)]
    decision = table(AGE, outputs, [(["-"], ["2"]), (["> 0"], ["3"]), (["> 1"], ["1"])], policy, aggregation)
    assert evaluate(decision, {"age": 2}).value == answer


def test_several_outputs_answer_a_context(table):
    outputs = [("limit", "number", None, None), ("unit", "string", None, None)]
    decision = table(AGE, outputs, [(["-"], ["5", '"工作日"'])])
    result = evaluate(decision, {"age": 1})
    assert result.value == {"limit": 5, "unit": "工作日"}
    assert result.feel_value == {"limit": Decimal(5), "unit": "工作日"}
    assert result.matches[0].outputs == {"limit": 5, "unit": "工作日"}


def test_the_default_answers_when_no_row_matches(table):
    outputs = [("light", "string", None, '"grey"')]
    decision = table(AGE, outputs, [(["< 3"], ['"green"'])])
    result = evaluate(decision, {"age": 7})
    assert (result.value, result.matches) == ("grey", ())
    collected = table(AGE, outputs, [(["< 3"], ['"green"'])], "COLLECT")
    assert evaluate(collected, {"age": 7}).value == ["grey"]


def test_an_input_that_is_not_listed_is_refused_by_name(table):
    decision = table([("kind", "string", '"部件", "事件"')], LIGHT, [(["-"], ['"green"'])])
    with pytest.raises(DecisionError) as caught:
        evaluate(decision, {"kind": "其他"})
    assert caught.value.key == "decision-input-not-allowed"
    assert caught.value.details["value"] == '"其他"'


def test_an_input_of_the_wrong_type_is_refused_by_name(table):
    decision = table(AGE, LIGHT, [(["-"], ['"green"'])])
    with pytest.raises(DecisionError) as caught:
        evaluate(decision, {"age": "seven"})
    assert caught.value.key == "decision-input-type"


def test_an_answer_that_is_not_listed_is_refused_when_it_is_computed(table):
    outputs = [("light", "string", '"green", "red"', None)]
    decision = table(AGE, outputs, [(["-"], ["colour"])])
    assert evaluate(decision, {"age": 1, "colour": "red"}).value == "red"
    with pytest.raises(DecisionError) as caught:
        evaluate(decision, {"age": 1, "colour": "pink"})
    assert (caught.value.key, caught.value.rows) == ("decision-output-not-allowed", (1,))


def test_a_date_that_came_as_json_text_is_read_as_its_type_says(table):
    decision = table(
        [("due", "date", None)], LIGHT, [(['> date("2026-05-01")'], ['"red"']), (["-"], ['"green"'])], "FIRST"
    )
    assert evaluate(decision, {"due": "2026-05-02"}).value == "red"
    assert evaluate(decision, {"due": date(2026, 4, 30)}).value == "green"


def test_required_decisions_are_evaluated_first_and_bound_under_their_names(dmn):
    xml = dmn.model(
        (
            "level",
            (),
            dmn.table(
                [("age", "number", None)],
                [("level", "string", None, None)],
                [(["< 3"], ['"low"']), (["-"], ['"high"'])],
                "FIRST",
            ),
        ),
        ("answer", (("requiredDecision", "level"),), dmn.literal('"level " + level')),
    )
    decisions = {decision.key: decision for decision in read_decisions(xml, "x.dmn")}
    result = evaluate(decisions["answer"], {"age": 1}, decisions)
    assert result.value == "level low"
    assert result.explain()["required"][0]["matches"][0]["row"] == 1


def test_a_required_decision_is_found_by_itself_and_may_be_replaced(dmn):
    xml = dmn.model(("a", (), dmn.literal("1")), ("b", (("requiredDecision", "a"),), dmn.literal("a + 1")))
    first, second = read_decisions(xml, "x.dmn")
    assert evaluate(second, {}).value == 2
    (other,) = read_decisions(dmn.model(("a", (), dmn.literal("10"))), "y.dmn")
    assert evaluate(second, {}, {"a": other, "b": second}).value == 11
    assert second.requires == (first.key,)


def test_names_with_blanks_are_known_where_they_are_required(dmn):
    extra = "<inputData id='i1' name='Full Name'><variable name='Full Name' typeRef='string'/></inputData>"
    xml = dmn.model(("a", (("requiredInput", "i1"),), dmn.literal('"Hello " + Full Name')), extra=extra)
    (decision,) = read_decisions(xml, "x.dmn")
    assert evaluate(decision, {"Full Name": "王"}).value == "Hello 王"
    assert decision.names == {"Full Name"}


def test_the_explanation_is_json_and_tells_rows_inputs_and_annotations(table):
    decision = table(AGE, LIGHT, [(["-"], ['"green"'])])
    proof = json.loads(json.dumps(evaluate(decision, {"age": 1.5}).explain()))
    assert proof == {
        "decision": "t1",
        "name": "t1",
        "hit_policy": "UNIQUE",
        "inputs": {"age": 1.5},
        "matches": [{"rule_id": "r1", "row": 1, "outputs": {"light": "green"}, "annotation": "row 1"}],
        "value": "green",
        "required": [],
        "parts": [],
        "reasons": [],
    }


def test_true_and_one_are_different_keys_of_a_lookup(table):
    decision = table([("flag", None, None)], LIGHT, [(["true"], ['"yes"']), (["1"], ['"one"'])])
    assert [evaluate(decision, {"flag": flag}).value for flag in (True, 1)] == ["yes", "one"]


def test_a_cell_may_compute_with_the_input_and_with_other_variables(table):
    rows = [(["? > limit and ? < 2 * limit"], ['"over"']), (["not(? > limit)"], ['"under"'])]
    decision = table(AGE, LIGHT, rows)
    assert [evaluate(decision, {"age": age, "limit": 10}).value for age in (5, 15)] == ["under", "over"]
    with pytest.raises(NoMatch):
        evaluate(decision, {"age": 20, "limit": 10})


def test_an_expression_that_works_too_much_is_stopped(dmn):
    xml = dmn.model(("a", (), dmn.literal("count(for i in 1..1000, j in 1..1000 return i)")))
    (decision,) = read_decisions(xml, "x.dmn")
    with pytest.raises(Exception, match="steps"):
        evaluate(decision, {})
