"""What a form points at must exist."""

import pytest

from engine.errors import Invalid
from registers.cases import CaseRegister, NewCase
from registers.references import ReferenceRegister
from tests.small_city import DAOLI, JIEDAO, NOW

FORM = {
    "type": "object",
    "properties": {
        "region_code": {"type": "string", "x-widget": "region"},
        "lead_unit": {"type": "string", "x-widget": "unit"},
        "co_units": {"type": "array", "x-widget": "units"},
        "category": {"type": "string", "x-widget": "code", "x-code-table": "categories"},
        "other_case_id": {"type": "string", "x-widget": "duplicate-candidate"},
        "opinion": {"type": "string", "x-widget": "textarea"},
        "plain": {"type": "string"},
    },
}


@pytest.fixture
def references(city, clock):
    return ReferenceRegister(city, clock)


def test_everything_that_exists_is_fine(references, city, clock):
    given = {"title": "井盖", "detail": "破损", "anonymous": True, "reported_at": NOW, "region_code": JIEDAO}
    case, _ = CaseRegister(city, clock).report(NewCase(channel="hotline", **given))
    entries = {
        "region_code": DAOLI,
        "lead_unit": "230100-CG",
        "co_units": ["230100-ZJ", "230103"],
        "category": "0101",
        "other_case_id": case.id.replace("-", ""),
        "opinion": "230199",
        "plain": "nowhere",
    }
    references.check(FORM, entries)
    references.check(FORM, {"region_code": "", "lead_unit": None, "co_units": []})
    references.check({}, {"anything": "x"})


def test_every_field_that_refers_to_nothing_is_named(references):
    entries = {
        "region_code": "230199",
        "lead_unit": "230100-XX",
        "co_units": ["230100-CG", "230100-YY"],
        "category": "9999",
        "other_case_id": "not-a-case",
    }
    with pytest.raises(Invalid) as caught:
        references.check(FORM, entries)
    assert [(problem.where, problem.params["value"]) for problem in caught.value.problems] == [
        ("region_code", "230199"),
        ("lead_unit", "230100-XX"),
        ("co_units", "230100-YY"),
        ("category", "9999"),
        ("other_case_id", "not-a-case"),
    ]
    assert {problem.code for problem in caught.value.problems} == {"reference-unknown"}
