"""Every answer of a decision is kept with its proof, in the transaction that asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Invalid, NotFound
from engine.model.history import EvaluationFilter
from engine.persistence.history import HistoryRepository
from engine.ports import EngineSettings
from engine.services import decisions, definitions, deployments
from engine.services.decision_comparison import Outcome, replay
from engine.services.decision_versions import side_of_draft, side_of_version
from engine.services.decisions import Origin
from tests.builders.rule_tables import FEES, MODEL, fee_file
from tests.builders.world import MONDAY, World

ORIGIN = Origin("instance-1", "case-1", "ask_fee")
CHANGED = (FEES[0], ("new", '"huge"', "500", "§5"), ("dear", '"big"', "60", "§4 大件"))


@pytest.fixture
def fees(world):
    world.deploy([deployments.resource("fees.dmn", fee_file())])
    return world


def ask(world, **context):
    with world.open() as uow:
        answer = decisions.ask(uow, "fee", context, ORIGIN)
        uow.commit()
    return answer


def test_the_proof_holds_inputs_rows_grounds_and_what_was_required(fees):
    answer = ask(fees, weight=12, secret="not read")
    with fees.open(read_only=True) as uow:
        found = decisions.explain(uow, answer.evaluation_id)
        assert found.definition_id == definitions.find_decision(uow, "fee").id
    assert (found.decision_key, found.decision_version, found.instance_id) == ("fee", 1, "instance-1")
    assert (found.inputs, found.rows, found.output) == ({"size": "big"}, (2,), 50)
    assert found.context == {"weight": 12}
    assert found.parts == ("size",)
    [match] = found.explanation["matches"]
    assert (match["rule_id"], match["row"], match["annotation"]) == ("fee_dear", 2, "§4 大件")
    [required] = found.explanation["required"]
    assert (required["decision"], required["inputs"], required["matches"][0]["row"]) == ("size", {"weight": 12}, 2)
    assert found.explanation["microseconds"] >= 0


def test_an_evaluation_is_found_by_decision_version_instance_case_and_period(fees):
    ask(fees, weight=1)
    with fees.open(read_only=True) as uow:
        found = lambda **wanted: len(decisions.evaluations(uow, EvaluationFilter(**wanted)).items)  # noqa: E731  one word
        assert found(decision_key="fee", decision_version=1) == 1
        assert found(decision_key="fee", decision_version=2) == 0
        assert found(instance_id="instance-1") == found(business_key="case-1") == 1
        assert found(instance_id="instance-2") == 0
        assert found(decision_key="size") == 0
        assert found(decision_key="size", took_part=True) == 1
        assert found(since=MONDAY, before=MONDAY + timedelta(seconds=1)) == 1
        assert found(since=MONDAY + timedelta(seconds=1)) == 0


def test_what_is_rolled_back_leaves_no_proof(fees):
    with fees.open() as uow:
        answer = decisions.ask(uow, "fee", {"weight": 1}, ORIGIN)
    with fees.open(read_only=True) as uow, pytest.raises(NotFound):
        decisions.explain(uow, answer.evaluation_id)


def test_looking_up_keeps_nothing(fees):
    with fees.open() as uow:
        assert decisions.look_up(uow, "fee", {"weight": 1}).value == 5
        uow.commit()
    with fees.open(read_only=True) as uow:
        assert decisions.evaluations(uow, EvaluationFilter()).items == ()


def test_a_row_with_an_error_spoils_no_other_row(fees):
    with fees.open() as uow:
        rows = decisions.evaluate_many(uow, "fee", [{"weight": 1}, {"weight": None}, {"weight": 20}], by="alice")
    assert [(row.row, row.answer and row.answer.value) for row in rows] == [(1, 5), (2, None), (3, 50)]
    assert isinstance(rows[1].error, Invalid)
    with fees.open(read_only=True) as uow:
        kept = decisions.evaluations(uow, EvaluationFilter(decision_key="fee")).items
    assert [one.element_id for one in kept] == ["user:alice"] * 2


def test_a_replay_tells_by_row_what_another_version_would_have_answered(fees, monkeypatch):
    monkeypatch.setattr("engine.services.decision_comparison.PAGE", 2)
    for weight in (1, 2, 12, 13, 14):
        fees.clock.advance(timedelta(minutes=1))
        ask(fees, weight=weight)
    period = EvaluationFilter(decision_key="fee", since=MONDAY, before=MONDAY + timedelta(days=1))
    with fees.open(read_only=True) as uow:
        draft = side_of_draft(uow, "fee", fee_file(CHANGED), "fees.dmn")
        for a in (None, side_of_version(uow, "fee", 1)):
            found = replay(uow, a, draft, period, shown=2)
            assert (found.compared, found.same, found.different) == (5, 2, 3)
            [shift] = found.shifts
            assert (shift.rows_a, shift.rows_b, shift.outcome, shift.count) == ((2,), (3,), Outcome.DIFFERENT, 3)
            assert [(one.a.value, one.b.value) for one in found.differences] == [(50, 60)] * 2
        with pytest.raises(Invalid) as refused:
            replay(uow, None, draft, period, shown=2, most=4)
        assert refused.value.key == "replay-too-long"


def test_the_same_answer_by_another_row_is_moved_and_not_different(fees):
    ask(fees, weight=12)
    with fees.open(read_only=True) as uow:
        draft = side_of_draft(uow, "fee", fee_file((FEES[0], ("new", '"huge"', "500", "§5"), FEES[1])), "fees.dmn")
        found = replay(uow, None, draft, EvaluationFilter(decision_key="fee"), shown=9)
    assert (found.moved, found.different) == (1, 0)


def test_a_variable_that_only_the_other_version_reads_is_told_as_unseen(fees):
    ask(fees, weight=12)
    with fees.open(read_only=True) as uow:
        other = fee_file().replace(b"<text>weight</text>", b"<text>weight * factor</text>")
        found = replay(
            uow, None, side_of_draft(uow, "fee", other, "f.dmn"), EvaluationFilter(decision_key="fee"), shown=9
        )
    assert found.incomplete == found.different == 1
    assert found.differences[0].case.unseen == ("factor",)
    assert found.differences[0].b.error is not None


def test_an_evaluation_from_before_proofs_were_kept_is_skipped(fees, monkeypatch):
    add = HistoryRepository.add_evaluation
    monkeypatch.setattr(
        HistoryRepository,
        "add_evaluation",
        lambda self, one: add(self, replace(one, context=None, explanation=None, definition_id=None, parts=())),
    )
    ask(fees, weight=12)
    with fees.open(read_only=True) as uow:
        draft = side_of_version(uow, "fee")
        found = replay(uow, None, draft, EvaluationFilter(decision_key="fee"), shown=9)
    assert (found.compared, found.skipped) == (0, 1)


def test_today_in_a_table_is_the_day_of_the_city(database_url):
    world = World(database_url, EngineSettings(zone=ZoneInfo("Asia/Shanghai")))
    world.clock.advance(datetime(2026, 11, 23, 20, 0, tzinfo=UTC) - MONDAY)
    day = "<decision id='day' name='day'><literalExpression><text>string(today())</text></literalExpression></decision>"
    xml = f"<definitions xmlns='{MODEL}' id='d' name='d' namespace='x'>{day}</definitions>"
    world.deploy([deployments.resource("day.dmn", xml.encode())])
    with world.open() as uow:
        assert decisions.ask(uow, "day", {}, Origin()).value == "2026-11-24"
    world.close()
