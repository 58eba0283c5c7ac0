"""What the flow may do to a case, and when no more."""

from datetime import timedelta

import pytest

from engine.errors import Conflict, Invalid, NotFound
from registers.cases import ENDED, FINAL, CaseRegister, CaseStatus, NewCase
from tests.small_city import DAOLI, JIEDAO, NOW


@pytest.fixture
def cases(city, clock):
    return CaseRegister(city, clock)


@pytest.fixture
def new(cases):
    def one(**changes):
        given = {
            "channel": "hotline",
            "title": "供热不足",
            "detail": "室温十二度。",
            "anonymous": True,
            "reported_at": NOW,
            "region_code": JIEDAO,
        }
        return cases.report(NewCase(**(given | changes)))[0]

    return one


def test_a_case_goes_from_report_to_archive(cases, new, clock):
    case = new()
    steps = [
        lambda: cases.classify(case.id, category="HR01", request_type="求助", urgency="紧急"),
        lambda: cases.register(case.id),
        lambda: cases.file(case.id, condition="低于18度", closing_condition="恢复供热"),
        lambda: cases.dispatch(case.id, lead_unit="230100-ZJ", co_units=["230100-CG", "230100-ZJ", "230100-CG"]),
        lambda: cases.sign(case.id),
        lambda: cases.handle(case.id, result="已更换阀门"),
        lambda: cases.review(case.id),
        lambda: cases.note_callback(case.id, satisfaction="满意", solved=True),
        lambda: cases.close(case.id),
        lambda: cases.archive(case.id),
    ]
    statuses = []
    for step in steps:
        clock.advance(timedelta(hours=1))
        statuses.append(step().status.value)
    on_the_way = ["reported", "registered", "filed", "dispatched", "signed", "handled", "reviewed", "reviewed"]
    assert statuses == [*on_the_way, "closed", "archived"]
    done = cases.get(case.id)
    assert done.revision == 11
    assert done.co_units == ("230100-CG",)
    assert (done.outcome, done.satisfaction, done.solved) == (CaseStatus.CLOSED, "满意", True)
    assert done.archived_at - done.closed_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (lambda cases, case_id: cases.refuse(case_id, reason="不属于本市管辖"), CaseStatus.REFUSED),
        (lambda cases, case_id: cases.answer(case_id, result="政策见附件"), CaseStatus.ANSWERED),
        (lambda cases, case_id: cases.transfer(case_id, reason="转110"), CaseStatus.TRANSFERRED),
        (lambda cases, case_id: cases.decline(case_id, reason="不属实"), CaseStatus.NOT_FILED),
        (lambda cases, case_id: cases.close(case_id), CaseStatus.CLOSED),
    ],
)
def test_an_ended_case_can_only_be_archived_and_keeps_its_outcome(cases, new, end, outcome):
    case = new()
    assert end(cases, case.id).status is outcome
    with pytest.raises(Conflict) as caught:
        cases.sign(case.id)
    assert caught.value.key == "case-ended"
    archived = cases.archive(case.id)
    assert (archived.status, archived.outcome) == (CaseStatus.ARCHIVED, outcome)


def test_an_archived_or_withdrawn_case_never_changes(cases, new):
    archived, withdrawn = new(), new()
    cases.archive(archived.id)
    cases.withdraw(withdrawn.id, reason="已自行解决")
    verbs = [
        cases.archive,
        lambda case_id: cases.correct(case_id, title="另一标题"),
        lambda case_id: cases.classify(case_id, category="0101", request_type=None, urgency=None),
        lambda case_id: cases.withdraw(case_id, reason=""),
        lambda case_id: cases.redispatch(case_id, reason=None),
        lambda case_id: cases.attach_instance(case_id, "p1"),
    ]
    for case_id in (archived.id, withdrawn.id):
        before = cases.get(case_id)
        for verb in verbs:
            with pytest.raises(Conflict):
                verb(case_id)
        assert cases.get(case_id) == before
    assert FINAL < ENDED


def test_an_unknown_case_cannot_be_changed(cases):
    with pytest.raises(NotFound):
        cases.sign("unknown")


def test_a_clerk_moves_a_case_to_another_region_and_street_and_district_follow(cases, new):
    moved = cases.correct(new().id, region_code=DAOLI, address="中央大街1号", confidential=True)
    assert (moved.region_code, moved.district, moved.street) == (DAOLI, "230102", "230102")
    assert (moved.address, moved.confidential) == ("中央大街1号", True)


def test_a_clerk_cannot_change_what_is_not_hers(cases, new):
    with pytest.raises(Invalid) as caught:
        cases.correct(new().id, status="archived", case_no="1", title="好")
    assert [problem.where for problem in caught.value.problems] == ["case_no", "status"]


def test_correcting_nothing_changes_nothing(cases, new):
    case = new()
    assert cases.correct(case.id) == case


def test_a_supplement_is_added_to_the_detail(cases, new):
    case = new()
    assert cases.await_supplement(case.id, reason="请写明楼号").status is CaseStatus.SUPPLEMENTING
    case = cases.supplement(case.id, text=" 3号楼2单元 ")
    assert case.status is CaseStatus.REPORTED
    assert case.detail == "室温十二度。\n\n【补充】3号楼2单元"
    assert cases.supplement(case.id, text=" ").detail == case.detail


def test_returns_extensions_and_rounds_are_counted(cases, new):
    case = new()
    cases.count_return(case.id)
    cases.give_back(case.id, reason="不归我管")
    cases.count_extension(case.id)
    cases.redispatch(case.id, reason="不满意")
    case = cases.get(case.id)
    assert (case.returns, case.extensions, case.round, case.status) == (2, 1, 2, CaseStatus.FILED)


def test_rework_keeps_the_unit(cases, new):
    case = new()
    cases.dispatch(case.id, lead_unit="230100-ZJ")
    cases.handle(case.id, result="完成")
    again = cases.rework(case.id, reason="照片缺失")
    assert (again.status, again.lead_unit, again.reason) == (CaseStatus.SIGNED, "230100-ZJ", "照片缺失")


def test_followers_follow_to_the_head_of_the_chain(cases, new):
    head, middle, tail = new(), new(), new()
    cases.merge(tail.id, master_case_id=middle.id)
    cases.merge(middle.id, master_case_id=head.id)
    assert {case.id for case in cases.list_followers(head.id)} == {middle.id, tail.id}
    late = new()
    assert cases.merge(late.id, master_case_id=tail.id).master_case_id == head.id
    cases.handle(head.id, result="已修复")
    assert cases.find_result(cases.get(tail.id)) == "已修复"
    assert cases.find_result(cases.get(head.id)) == "已修复"


def test_a_case_is_not_merged_into_itself_or_its_follower_or_nothing(cases, new):
    head, tail = new(), new()
    cases.merge(tail.id, master_case_id=head.id)
    for case_id, master in ((head.id, head.id), (head.id, tail.id), (head.id, "unknown")):
        with pytest.raises(Invalid) as caught:
            cases.merge(case_id, master_case_id=master)
        assert caught.value.problems[0].code == "master-case-unfit"


def test_every_status_has_a_word_for_the_public():
    words = [status.label for status in CaseStatus]
    assert all(words)
    assert len(set(words)) == len(words)
