"""Rules of forms: what applies, what must be there, what is computed; each failure names its field."""

from datetime import UTC, datetime

import pytest

from engine.bpmn import Moment
from engine.errors import Invalid
from engine.services.forms import check_schema, enter, offered, required

NOW = Moment(datetime(2026, 11, 23, 1, tzinfo=UTC))


def form(**fields: object) -> dict[str, object]:
    return {"type": "object", "properties": fields}


def entered(document, data, **variables):
    return enter(document, data, lambda: variables, NOW)


def refusals(document, data, **variables):
    with pytest.raises(Invalid) as caught:
        entered(document, data, **variables)
    return [(problem.where, problem.code) for problem in caught.value.problems]


TEXT = {"type": "string"}
NUMBER = {"type": "number"}


def test_a_field_of_the_form_hides_a_variable_of_the_same_name():
    document = form(opinion=TEXT, reason=TEXT | {"x-required": "opinion != null"})

    assert entered(document, {}, opinion="of the last task") == {}
    assert refusals(document, {"opinion": "mine"}) == [("reason", "field-required")]


def test_a_value_sees_the_fields_before_it_and_the_variables():
    document = form(
        price=NUMBER,
        net=NUMBER | {"x-value": "price * count"},
        gross=NUMBER | {"x-value": "net * 1.1"},
    )

    assert entered(document, {"price": 10, "gross": 1}, count=3) == {"price": 10, "net": 30, "gross": 33}


def test_a_value_that_is_null_leaves_the_field_out():
    assert entered(form(a=NUMBER | {"x-value": "missing"}), {"a": 5}) == {}


def test_a_default_fills_only_what_was_left_out():
    document = form(day=TEXT | {"x-default": "string(today())"})

    assert entered(document, {}) == {"day": "2026-11-23"}
    assert entered(document, {"day": ""}) == {"day": ""}


def test_what_does_not_apply_is_neither_asked_for_nor_computed_and_must_be_empty():
    document = form(
        kind=TEXT,
        basis=TEXT | {"x-visible": 'kind = "b"', "x-required": "true"},
        total=NUMBER | {"x-visible": 'kind = "b"', "x-value": "1"},
    )

    assert entered(document, {"kind": "a", "basis": " "}) == {"kind": "a"}
    assert entered(document, {"kind": "b", "basis": "x"}) == {"kind": "b", "basis": "x", "total": 1}
    assert refusals(document, {"kind": "a", "basis": "x"}) == [("basis", "field-hidden")]


def test_a_rule_that_is_null_does_not_let_a_value_pass():
    document = form(days=NUMBER | {"x-valid": "days <= most"})

    assert entered(document, {}) == {}
    assert entered(document, {"days": 3}, most=3) == {"days": 3}
    assert refusals(document, {"days": 4}, most=3) == [("days", "field-rule")]
    assert refusals(document, {"days": 4}) == [("days", "field-rule")]


def test_a_rule_that_cannot_be_evaluated_is_a_problem_of_its_field():
    assert refusals(form(a=TEXT | {"x-required": "1 + 1"}), {}) == [("a", "form-rule-failed")]
    assert refusals(form(a=TEXT | {"x-required": "is workday(today())"}), {}) == [("a", "form-rule-failed")]


def test_one_field_has_one_problem():
    document = form(a=TEXT | {"x-required": "true"}) | {"required": ["a"]}

    assert refusals(document, {}) == [("a", "field-required")]


def test_variables_are_asked_for_only_where_there_are_rules():
    def variables():
        raise AssertionError

    assert enter(form(a=TEXT), {"a": "x"}, variables, NOW) == {"a": "x"}
    assert offered(form(a=TEXT), variables, NOW) == form(a=TEXT)


def test_a_form_is_offered_with_what_its_rules_give_to_empty_fields():
    document = form(a=TEXT | {"x-default": "name"}, b=TEXT | {"x-value": 'a + "!"'}, c=TEXT | {"x-default": "1/0"})

    shown = offered(document, lambda: {"name": "li"}, NOW)["properties"]

    assert (shown["a"]["default"], shown["b"]["default"], "default" in shown["c"]) == ("li", "li!", False)
    assert "default" not in document["properties"]["a"]


def test_what_is_asked_for_follows_what_was_entered():
    document = form(kind=TEXT, why=TEXT | {"x-required": 'kind = "no"'})

    assert required(document, {"kind": "no"}, NOW) == ["why"]
    assert required(document, {"kind": "yes"}, NOW) == []


@pytest.mark.parametrize(
    ("document", "where", "code"),
    [
        (form(a=TEXT | {"x-required": "b = "}), "properties.a.x-required", "form-rule-invalid"),
        (form(a=TEXT | {"x-required": ""}), "properties.a.x-required", "form-rule-invalid"),
        (form(a=TEXT | {"x-required": True}), "properties.a.x-required", "form-rule-invalid"),
        (form(a=TEXT | {"x-value": "${b.c()}"}), "properties.a.x-value", "form-rule-invalid"),
        (form(a=TEXT | {"x-value": "b ? 1 : 2"}), "properties.a.x-value", "form-rule-foreign"),
        (
            form(a={"type": "object", "properties": {"b": {"x-valid": "true"}}}),
            "properties.a.properties.b.x-valid",
            "form-rule-place",
        ),
        (form(a={"type": "array", "items": {"x-valid": "true"}}), "properties.a.items.x-valid", "form-rule-place"),
        (form() | {"x-visible": "true"}, "x-visible", "form-rule-place"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_with_its_field(document, where, code):
    [problem] = check_schema(document, "forms/f.json")

    assert (problem.where, problem.code, problem.file) == (where, code, "forms/f.json")
