"""The rules of a form are checked against its fields when it is deployed."""

import pytest

from engine.services.form_expressions import check_form


def form(rule, text):
    return {"properties": {"amount": {"type": "number"}, "reason": {"type": "string", rule: text}}}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("x-required", "amount + 1"),
        ("x-valid", "1 + 1"),
        ("x-visible", "amuont > 3"),
        ("x-value", '"a" * 2'),
    ],
)
def test_a_rule_that_cannot_be_meant_is_found_with_its_place(rule, text):
    (where, written, finding), *_ = check_form(form(rule, text))
    assert (where, written) == (f"properties.reason.{rule}", text)
    assert finding.code


def test_a_rule_over_the_variables_of_the_task_is_let_be():
    assert list(check_form(form("x-required", 'amount > 3 and outcome = "refuse"'))) == []
