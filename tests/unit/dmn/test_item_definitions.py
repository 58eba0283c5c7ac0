from datetime import UTC, date, datetime

import pytest

from engine.dmn import DecisionError, evaluate, read_decisions, read_model

TYPES = """
<itemDefinition name='tLevel'><typeRef>string</typeRef><allowedValues><text>"high", "low"</text></allowedValues>
</itemDefinition>
<itemDefinition name='tLevels' isCollection='true'><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition name='tPair' isCollection='true'><typeRef>number</typeRef>
  <typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
<itemDefinition name='tNumbers' isCollection='true'><typeRef>number</typeRef></itemDefinition>
<itemDefinition name='tPerson'>
  <itemComponent name='full name'><typeRef>string</typeRef></itemComponent>
  <itemComponent name='level'><typeRef>tLevel</typeRef></itemComponent>
</itemDefinition>
<itemDefinition name='tFunction'><functionItem outputTypeRef='number'><parameters name='a' typeRef='number'/>
</functionItem></itemDefinition>
<itemDefinition name='tTree'><itemComponent name='value'><typeRef>number</typeRef></itemComponent>
  <itemComponent name='children' isCollection='true'><typeRef>tTree</typeRef></itemComponent></itemDefinition>
"""


@pytest.fixture
def answer(dmn):
    """Evaluate a literal whose decision is of a type."""

    def of(text, kind, context=None):
        xml = dmn.model(("a", (), dmn.literal(text)), extra=TYPES).replace(
            b'<variable name="a"/>', f"<variable name='a' typeRef='{kind}'/>".encode()
        )
        (decision,) = read_decisions(xml, "x.dmn")
        return evaluate(decision, context or {})

    return of


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ('"high"', "tLevel", "high"),
        ('["high"]', "tLevel", "high"),
        ('"other"', "tLevel", None),
        ('"low"', "tLevels", ["low"]),
        ('["low", "other"]', "tLevels", None),
        ("[1, 2]", "tPair", [1, 2]),
        ("[1]", "tPair", None),
        ("[[1]]", "number", None),
        ("[1, null]", "tNumbers", [1, None]),
        ("null", "tNumbers", None),
        ('{full name: "a", level: "low", more: 1}', "tPerson", {"full name": "a", "level": "low", "more": 1}),
        ('{full name: "a"}', "tPerson", None),
        ('{full name: "a", level: "other"}', "tPerson", None),
        ('"2026-01-01"', "date", None),
        (
            "{value: 1, children: [{value: 2, children: []}]}",
            "tTree",
            {"value": 1, "children": [{"value": 2, "children": []}]},
        ),
    ],
)
def test_an_answer_is_converted_or_null_with_a_reason(answer, text, kind, value):
    result = answer(text, kind)
    assert result.value == value
    told = [reason.code for reason in result.reasons]
    assert told == (["feel-null-type"] if value is None and text != "null" else [])


def test_a_date_becomes_its_midnight_in_utc_where_an_instant_is_wanted(answer):
    assert answer('date("2026-02-03")', "date and time").feel_value == datetime(2026, 2, 3, tzinfo=UTC)


def test_a_function_is_of_a_type_by_the_number_of_its_parameters(answer):
    assert answer("function(a) a", "tFunction").value == "function(a)"
    assert answer("function(a, b) a", "tFunction").value is None


@pytest.fixture
def given(dmn):
    def of(kind):
        extra = f"{TYPES}<inputData id='i' name='x'><variable name='x' typeRef='{kind}'/></inputData>"
        (decision,) = read_decisions(
            dmn.model(("a", (("requiredInput", "i"),), dmn.literal("x")), extra=extra), "x.dmn"
        )
        return decision

    return of


def test_input_data_that_came_as_json_is_read_as_its_type_says(given):
    assert evaluate(given("date"), {"x": "2026-01-02"}).feel_value == date(2026, 1, 2)
    assert evaluate(given("tNumbers"), {"x": 1}).value == [1]


def test_input_data_of_another_type_is_null_and_says_why(given):
    result = evaluate(given("number"), {"x": "many"})
    assert result.value is None
    assert result.reasons[0].params == {"value": '"many"', "type": "number"}


def test_input_data_that_is_not_allowed_is_refused_down_to_its_components(given):
    with pytest.raises(DecisionError) as caught:
        evaluate(given("tPerson"), {"x": {"full name": "a", "level": "other"}})
    assert caught.value.key == "decision-input-not-allowed"
    assert caught.value.details["allowed"] == 'level: "high", "low"'


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("<itemDefinition name='t'><typeRef>tNothing</typeRef></itemDefinition>", "dmn-unknown-type"),
        ("<itemDefinition name='t x'/><itemDefinition name='t  x'/>", "dmn-duplicate-name"),
        (
            "<itemDefinition name='t'><allowedValues><text>1 +</text></allowedValues></itemDefinition>",
            "feel-unexpected-end",
        ),
    ],
)
def test_a_definition_that_cannot_be_right_is_refused(dmn, extra, code):
    model = read_model({"x.dmn": dmn.model(("a", (), dmn.literal("1")), extra=extra)})
    assert [problem.code for problem in model.problems] == [code]


def test_definitions_that_mention_each_other_many_times_are_read_at_once(dmn):
    parts = "".join(f"<itemComponent name='c{n}'><typeRef>{{}}</typeRef></itemComponent>" for n in range(8))
    extra = "".join(
        f"<itemDefinition name='t{n}'>{parts.replace('{}', f't{(n + 1) % 20}')}</itemDefinition>" for n in range(20)
    )
    assert len(read_decisions(dmn.model(("a", (), dmn.literal("1")), extra=extra), "x.dmn")) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('["high" instance of tLevel, "other" instance of tLevel]', [True, False]),
        ('{full name: "a", level: "low"} instance of tPerson', True),
        ("[[1, 2] instance of tPair, [1] instance of tPair]", [True, False]),
        ('(function(x: tLevel) x)("other")', None),
        ('(function(x: tLevel) x)("low")', "low"),
    ],
)
def test_expressions_may_name_item_definitions(dmn, text, value):
    boxed = f"<list>{dmn.literal(text)}</list>"
    xml = dmn.model(("a", (), dmn.literal(text)), ("b", (), boxed), extra=TYPES)
    plain, listed = read_decisions(xml, "x.dmn")
    assert evaluate(plain, {}).value == value
    assert evaluate(listed, {}).value == [value]
