"""The functions of the city in expressions: regions by their code, people by the directory."""

import pytest

import handlers.functions.people
import handlers.functions.regions  # noqa: F401 - importing registers them
from engine.feel import FeelError, compile_expression
from tests.builders.facts import some_facts


def value(text: str, facts=None):
    return compile_expression(text)({}, facts=some_facts() if facts is None else facts)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('region level("230000000000")', "province"),
        ('region level("230100000000")', "city"),
        ('region level("230102")', "district"),
        ('region level("230102001")', "street"),
        ('region level("230102001006")', "community"),
        ('region parent("230102001006")', "230102001000"),
        ('region parent("230000000000")', None),
        ('region ancestors("230000000000")', []),
        ('region at("230102001006", "city")', "230100000000"),
        ('region at("230102", "street")', None),
        ('region at("230102", "moon")', None),
        ('region unit("230102001006")', "230102001006"),
        ('region unit("230100000000")', "230100"),
        ('is within region("230102001006", "230102")', True),
        ('is within region("230102", "230102001006")', False),
        ('is within region("230102", "230102000000")', True),
        ('is within region("2301", "230102")', None),
        ('same district("230102001006", "230103001006")', False),
        ('same district("230100000000", "230100000000")', False),
        ('same district("x", "230102")', None),
        ('region level("030102001006")', None),
        ("region level(230102)", None),
    ],
)
def test_a_region_is_read_off_its_code(text, wanted):
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('has role("li", "dispatcher")', True),
        ('has role("li", "dispatcher", "230102")', False),
        ('has role("nobody", "dispatcher")', None),
        ('units of("li", "supervisor")', ["230102"]),
        ('units of("nobody")', None),
        ('unit of("li")', None),
        ('unit of("nobody")', None),
        ('people with role("supervisor", "230102")', ["li"]),
        ('people with role("supervisor", "230100")', []),
        ('unit above("230102-CG")', "230102"),
        ('unit above("230102-CG", 0)', "230102-CG"),
        ('unit above("230102-CG", 3)', None),
        ('unit above("230102-CG", 0.5)', None),
        ('unit above("230102-CG", 100000)', None),
    ],
)
def test_people_and_units_are_read_from_the_directory(text, wanted):
    assert value(text) == wanted


def test_without_a_directory_an_expression_stops():
    with pytest.raises(FeelError) as caught:
        value('has role("li", "dispatcher")', {})

    assert caught.value.key == "feel-no-facts"
