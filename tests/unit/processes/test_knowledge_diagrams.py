"""Knowledge, walked: each way through publishing, leaving the shelf, and correcting."""

import pytest

from engine.handler import BpmnError
from engine.model.step import Ending
from tests.unit.processes.walking import Walk, model_of

PUBLISH, OFFSHELF = model_of("knowledge_publish"), model_of("knowledge_offshelf")
CORRECTION = model_of("knowledge_correction")
FINE = {
    "missing": [],
    "too_short": False,
    "words": [],
    "sensitivity": "none",
    "personal": [],
    "duplicate_score": 0,
    "duplicate_no": None,
    "validity": "fine",
    "basis_form": "none",
}
PLACE = {
    "topic": "qa_heating",
    "theme": "qa",
    "scope": "public",
    "owner_unit": "230100-GR",
    "author": "editor",
    "level": 1,
}
KEPT = {"kept": True}
NOW = {"effective_in_future": False, "effective_at": None}
LATER = {"effective_in_future": True, "effective_at": "2027-01-01T00:00:00+08:00"}
NEXT = {"eligible": True, "level": 2}


def publish(submitted=True, **says) -> Walk:
    said = {
        "begin": [PLACE],
        "save": [KEPT],
        "check": [{"facts": FINE, "level": 1}],
        "approve": [NOW],
        "shelve": [{"outcome": "published"}],
        **{
            element: [{"outcome": "withdrawn"}]
            for element in ("withdraw_draft", "withdraw_review", "withdraw_approved")
        },
    }
    return Walk(PUBLISH, said | says).run({"article_id": "a", "submitted": submitted})


def does(*actions):
    return [{"action": action} for action in actions]


def test_a_submitted_article_goes_straight_to_the_shelf():
    done = publish(review_article=does("pass"), record_review=[NEXT])
    assert done.ended is Ending.COMPLETED
    assert "write_article" not in done.passed
    assert done.passed[-3:] == ["shelve", "tell_shelf", "shelved"]
    assert done.variables["outcome"] == "published"


def test_a_draft_is_written_first():
    done = publish(submitted=False, write_article=does("submit"), review_article=does("pass"), record_review=[NEXT])
    assert done.passed.index("write_article") < done.passed.index("check")
    assert done.passed[-1] == "shelved"


def test_a_draft_is_given_up():
    done = publish(submitted=False, write_article=does("withdraw"))
    assert (done.passed[-1], done.variables["outcome"]) == ("abandoned", "withdrawn")


def test_what_cannot_be_kept_returns_to_its_author():
    done = publish(
        submitted=False,
        write_article=does("submit", "withdraw"),
        save=[{"kept": False, "verdict": "unkept"}, KEPT],
    )
    assert done.passed.count("write_article") == 2
    assert done.passed[done.passed.index("save") + 2] == "give_back"


def test_what_breaks_a_rule_returns_before_any_person_sees_it():
    done = publish(
        check=[{"facts": FINE | {"missing": ["正文"]}}, {"facts": FINE}],
        write_article=does("submit"),
        review_article=does("pass"),
        record_review=[NEXT],
    )
    assert done.passed.count("check") == 2
    assert done.passed.index("give_back") < done.passed.index("review_article")


def test_a_reviewer_returns_it_to_its_author():
    done = publish(
        review_article=does("return", "pass"),
        record_review=[{"eligible": True}, NEXT],
        write_article=does("submit"),
    )
    assert done.passed.count("review_article") == 2
    assert done.passed[-1] == "shelved"


def test_a_reviewer_who_must_not_review_is_followed_by_another_one():
    done = publish(review_article=does("pass", "pass"), record_review=[{"eligible": False}, NEXT])
    assert done.passed.count("review_article") == 2
    assert "give_back" not in done.passed


def test_an_author_takes_it_back_while_it_is_reviewed():
    done = publish(withdrawn_in_review=[{}])
    assert (done.passed[-1], done.variables["outcome"]) == ("withdrawn_review", "withdrawn")


def test_what_has_expired_meanwhile_returns_to_its_author():
    done = publish(
        review_article=does("pass", "pass"),
        record_review=[NEXT],
        approve=[BpmnError("EXPIRED", variables={"verdict": "expired"}), NOW],
        write_article=does("submit"),
    )
    assert done.passed.count("give_back") == 1
    assert done.passed[-1] == "shelved"


@pytest.mark.parametrize(("says", "end"), [({"effective": [{}]}, "shelved"), ({"waiting": [{}]}, "withdrawn")])
def test_what_is_approved_waits_for_its_first_day_or_is_taken_back(says, end):
    done = publish(review_article=does("pass"), record_review=[NEXT], approve=[LATER], **says)
    assert done.passed[-1] == end


# --------------------------------------------------------------------------------------------------------- the shelf

WATCH = {"watch": [{"expires_at": "2027-01-01T00:00:00+08:00"}]}
LOW, GOOD = {"votes": 10, "average": 2, "low_days": 0}, {"votes": 10, "average": 4, "low_days": 0}


def offshelf(**says) -> Walk:
    return Walk(OFFSHELF, WATCH | says, start_event="shelved").run({"article_id": "a"})


def test_an_article_leaves_the_shelf_on_its_last_day():
    done = offshelf(expiry=[{}], expire=[{"expired": True}])
    assert done.passed[-2:] == ["gw_expired", "expired"]


def test_a_new_version_that_has_just_come_is_watched_instead():
    done = offshelf(expiry=[{}, {}], expire=[{"expired": False}, {"expired": True}])
    assert done.passed.count("watch") == 2
    assert done.passed[-1] == "expired"


def test_a_new_version_is_watched_anew():
    done = offshelf(new_version=[{}], expiry=[{}], expire=[{"expired": True}])
    assert done.passed.count("watch") == 2
    assert done.passed[-1] == "expired"


def test_an_article_is_taken_off_by_a_person():
    assert offshelf(on_shelf=[{"removal_reason": "x"}]).passed[-2:] == ["take_off", "taken_off"]


def test_a_score_that_stays_low_takes_the_article_off():
    done = offshelf(
        rated=[{}],
        assess=[LOW, LOW | {"low_days": 7}],
        note_score=[{"newly_low": True}, {"newly_low": False}],
        grace=[{}],
    )
    assert done.passed.count("knowledge_score") == 2
    assert (done.passed[-2:], done.ended) == (["drop", "dropped"], Ending.TERMINATED)


def test_a_score_that_recovers_changes_nothing():
    done = offshelf(
        rated=[{}],
        assess=[LOW, GOOD],
        note_score=[{"newly_low": True}, {"newly_low": False}],
        grace=[{}],
        expiry=[{}],
        expire=[{"expired": True}],
    )
    assert "drop" not in done.passed
    assert done.passed[-1] == "expired"


# -------------------------------------------------------------------------------------------------------- correction


def correct(**says) -> Walk:
    said = {"open": [{"article_id": "a", "owner_unit": "230100-GR"}], "review_correction": does("accept")}
    return Walk(CORRECTION, said | says).run({"correction_id": "c", "article_id": "a"})


def test_a_refused_correction_ends_with_an_answer():
    done = correct(review_correction=does("refuse"))
    assert done.passed[-2:] == ["refuse", "refused"]


@pytest.mark.parametrize("outcome", ["published", "withdrawn"])
def test_an_accepted_correction_has_a_version_of_its_own(outcome):
    done = correct(begin_revision=[{"way": "own"}], publish=[{"outcome": outcome}])
    assert done.passed[-2:] == ["close", "closed"]
    assert done.variables["outcome"] == outcome


def test_a_correction_joins_the_version_that_is_being_written():
    done = correct(begin_revision=[{"way": "joined"}], wait_revision=[{"outcome": "published"}])
    assert "publish" not in done.passed
    assert done.passed[-1] == "closed"


def test_a_correction_waits_for_the_version_in_review_and_then_has_its_own():
    done = correct(
        begin_revision=[{"way": "later"}, {"way": "own"}],
        wait_revision=[{"outcome": "published"}],
        publish=[{"outcome": "published"}],
    )
    assert done.passed.count("begin_revision") == 2
    assert done.passed.index("wait_revision") < done.passed.index("publish")
