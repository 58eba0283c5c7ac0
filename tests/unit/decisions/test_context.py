"""What a decision reads is kept as JSON and comes back as it was."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import orjson
import pytest

from engine.dmn import evaluate, read_decisions
from engine.feel import Range, YearsMonths, to_feel
from engine.services.decision_context import kept, names_read, restored
from tests.builders.rule_tables import fee_file

VALUES = [
    None,
    True,
    "0101",
    7,
    2.5,
    2**70,
    Decimal("0.1"),
    Decimal("1234567890.12345678901234567"),
    date(2026, 11, 23),
    time(9, 30),
    datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    timedelta(days=1, hours=2),
    YearsMonths(14),
    Range(Decimal(1), Decimal(5), low_closed=True, high_closed=False),
    [1, date(2026, 1, 1)],
    {"kind": "C", "since": date(2026, 1, 1)},
    {"$type": "mine", "value": 3},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_the_value_that_it_was(value):
    document = orjson.loads(orjson.dumps(kept({"v": value}, frozenset({"v"}))))
    assert to_feel(restored(document)["v"]) == to_feel(value)


def test_only_what_is_read_is_kept_and_what_is_missing_stays_away():
    assert kept({"weight": 3, "name": "刘"}, frozenset({"weight", "height"})) == {"weight": 3}


def test_a_decision_reads_what_its_requirements_read_and_not_what_they_make():
    fee = {one.key: one for one in read_decisions(fee_file(), "fees.dmn")}["fee"]
    assert names_read(fee) == {"weight"}


def test_a_kept_context_gives_the_same_answer_again():
    file = {one.key: one for one in read_decisions(fee_file(), "fees.dmn")}
    context = {"weight": Decimal("9.99"), "other": "x"}
    again = restored(kept(context, names_read(file["fee"])))
    assert (
        evaluate(file["fee"], again, decisions=file).value == evaluate(file["fee"], context, decisions=file).value == 5
    )
