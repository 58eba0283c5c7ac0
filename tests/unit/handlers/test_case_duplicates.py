"""The same matter, reported twice."""

import pytest

from engine.errors import NotFound
from engine.handler import BpmnError
from registers.cases import CaseStatus, DuplicateRegister, LinkKind

WINDOW = {"days": 7, "limit": 5}


@pytest.fixture
def job(job, new_case, cases):
    for case_id in (job.case_id, new_case().id, new_case(detail="另一处，楼道没有灯。").id):
        cases.classify(case_id, category="HR01", request_type="求助", urgency="一般")
    return job


def test_the_table_says_which_are_candidates(job):
    job.decisions = {
        "duplicate_window": WINDOW,
        "duplicate_check": lambda score, **_: {"candidate": score > 0.9},
    }
    assert job.run("case.find_duplicates") == {"duplicates": 1}
    (candidate,) = DuplicateRegister(job.connection, job.clock).list_candidates(job.case_id)
    assert candidate.score == 1.0
    assert candidate.same_reporter is True
    inputs = [inputs for key, inputs in job.asked if key == "duplicate_check"]
    assert len(inputs) == 2
    assert set(inputs[0]) == {"score", "same_reporter", "hours", "distance_m"}
    assert job.events[-1][3]["compared"] == 2


def test_no_more_are_compared_than_the_table_allows(job):
    job.decisions = {"duplicate_window": {"days": 7, "limit": 1}, "duplicate_check": True}
    assert job.run("case.find_duplicates") == {"duplicates": 1}


def test_none_is_a_candidate_when_the_table_says_no(job):
    job.decisions = {"duplicate_window": WINDOW, "duplicate_check": False}
    assert job.run("case.find_duplicates") == {"duplicates": 0}


def test_merging_makes_a_follower_and_a_link(job, new_case, cases):
    master = new_case()
    job.enter("duplicate", action="merge", other_case_id=master.id, opinion="同一小区")
    job.run("case.merge")
    case = cases.get(job.case_id)
    assert (case.status, case.master_case_id) == (CaseStatus.MERGED, master.id)
    (link,) = DuplicateRegister(job.connection, job.clock).list_links(master.id)
    assert (link.kind, link.created_by) == (LinkKind.MERGED, "alice")
    assert job.events[-1][3]["master_case_id"] == master.id


def test_the_other_case_may_be_named_by_its_number(job, new_case, cases):
    other = cases.file(new_case().id, condition=None, closing_condition=None)
    job.enter("duplicate", action="related", other_case_id=other.case_no)
    job.run("case.relate")
    assert job.kinds() == ["case.related"]
    assert len(DuplicateRegister(job.connection, job.clock).list_links(other.id)) == 1
    assert cases.get(job.case_id).status is CaseStatus.REPORTED


def test_a_case_that_stands_alone_is_only_noted(job):
    job.enter("duplicate", action="distinct")
    job.run("case.relate")
    assert job.kinds() == ["case.found_distinct"]


def test_a_master_that_became_a_follower_meanwhile_takes_the_modelled_way_back(job, cases, new_case):
    other = cases.merge(new_case().id, master_case_id=job.case_id)
    job.enter("duplicate", action="merge", other_case_id=other.id)
    with pytest.raises(BpmnError) as caught:
        job.run("case.merge")
    assert caught.value.code == "MASTER_UNFIT"


def test_an_unknown_other_case_is_bad_data(job):
    job.enter("duplicate", action="merge", other_case_id="nowhere")
    with pytest.raises(NotFound):
        job.run("case.merge")
