"""Handlers of the knowledge flows: what the interface cannot easily reach."""

from datetime import timedelta

import pytest

from engine.handler import BpmnError, MissingVariable
from registers.articles import ArticleRegister, ArticleStatus, Content, CorrectionRegister, NewArticle
from registers.codes import CodeRegister
from registers.notices import NoticeRegister
from registers.org import AccountRegister
from tests.unit.handlers.fake_job import FakeJob

TABLES = {
    "knowledge_template": {"required": [], "sections": [], "min_length": 0},
    "knowledge_validity": {"default_months": 24, "longest_months": 36, "review_days": 90},
    "knowledge_assignment": {"groups": ["knowledge_editor@230100-ZJ"], "priority": 50},
}
ENTERED = {"action": "submit", "title": "供热期", "topic": "qa_heating", "scope": "public", "body": "十月二十日。"}


class Messages(FakeJob):
    """A job that remembers what it sends."""

    def send_message(self, name, correlation_key, variables):
        self.sent = [*getattr(self, "sent", []), (name, correlation_key, variables)]
        return True


@pytest.fixture
def job(connection, clock, monkeypatch):
    codes = CodeRegister(connection, clock)
    codes.load_csv("article_topics", "code,name,parent\nqa,便民问答,\nqa_heating,供热问答,qa\n")
    AccountRegister(connection, clock).add("editor", "采编", "Trial-City-2026", must_change=False)
    new = NewArticle(content=Content(title="供热期", topic="qa_heating"), unit="230100-ZJ", author="editor")
    article = ArticleRegister(connection, clock).add(new)
    made = Messages(connection, clock, article.id)
    made.variables["article_id"] = article.id
    made.decisions = dict(TABLES)
    return made


def article_of(job):
    return job.get(ArticleRegister).get(job["article_id"])


def shelve(job):
    job.run("knowledge.begin")
    job.run("knowledge.check")
    job.run("knowledge.begin_review")
    job.enter("review_article", "examiner", action="pass")
    job.run("knowledge.review")
    job.run("knowledge.approve")
    job.run("knowledge.shelve")


def test_a_draft_with_an_unknown_topic_goes_back_with_the_reason(job):
    job.run("knowledge.begin")
    job.enter("write_article", "editor", **ENTERED | {"topic": "nowhere"})
    assert job.run("knowledge.write")["kept"] is False
    job.run("knowledge.give_back")
    assert article_of(job).status is ArticleStatus.DRAFT
    assert job.events[-1][3]["cause"] == "unkept"
    [notice] = job.get(NoticeRegister).list_for(["editor"])
    assert "没有所填的主题" in notice.text
    job.enter("write_article", "editor", **ENTERED)
    assert job.run("knowledge.write") | {"subject": "《供热期》", "theme": "qa"} == job.run("knowledge.write")


def test_the_editors_are_told_by_the_table_and_the_administrators_where_the_author_is_gone(job):
    account = job.get(AccountRegister).find_by_login("editor")
    job.get(AccountRegister).disable(account.id)
    begun = job.run("knowledge.begin")
    assert (begun["author"], begun["editors"]) == (None, ["knowledge_editor@230100-ZJ"])
    job.variables |= {"verdict": "expired"}
    job.run("knowledge.give_back")
    assert len(job.get(NoticeRegister).list_for(["unit_admin@230100-ZJ"])) == 1


def test_nothing_is_approved_that_has_expired(job):
    job.run("knowledge.begin")
    job.enter("write_article", "editor", **ENTERED | {"expires_on": "2026-11-24"})
    job.run("knowledge.write")
    job.run("knowledge.check")
    job.run("knowledge.begin_review")
    job.clock.advance(timedelta(days=2))
    with pytest.raises(BpmnError) as refused:
        job.run("knowledge.approve")
    assert (refused.value.code, refused.value.variables) == ("EXPIRED", {"verdict": "expired"})


def test_the_last_day_of_an_old_version_takes_nothing_off(job):
    shelve(job)
    assert job.run("knowledge.watch")["expires_at"] == "2028-11-23T00:00:00+08:00"
    assert job.run("knowledge.expire") == {"expired": False}
    assert article_of(job).on_shelf
    job.clock.advance(timedelta(days=731))
    assert job.run("knowledge.expire") == {"expired": True}
    assert article_of(job).status is ArticleStatus.OFF_SHELF
    assert job.kinds()[-1] == "article.removed"


def test_an_article_without_a_last_day_is_bad_data(job):
    job.run("knowledge.begin")
    with pytest.raises(MissingVariable):
        job.run("knowledge.watch")


def test_corrections_that_wait_for_a_version_are_told_how_it_ended(job):
    shelve(job)
    corrections, articles = job.get(CorrectionRegister), job.get(ArticleRegister)
    made = corrections.file(article_of(job), reader="citizen", text="日期错了")
    job.variables |= {"correction_id": made.id}
    job.enter("review_correction", "examiner", action="accept", opinion="属实")
    assert job.run("correction.begin") == {"way": "own"}
    assert article_of(job).status is ArticleStatus.CORRECTING
    other = corrections.file(article_of(job), reader="neighbour", text="还有一处")
    job.variables |= {"correction_id": other.id}
    assert job.run("correction.begin") == {"way": "joined"}
    articles.begin_check(article_of(job).id)
    third = corrections.file(article_of(job), reader="neighbour", text="第三处")
    job.variables |= {"correction_id": third.id}
    assert job.run("correction.begin") == {"way": "later"}
    job.variables |= {"withdrawn_by": "editor", "withdraw_reason": "不改了"}
    job.run("knowledge.withdraw")
    assert job.sent == [("revision_settled", one.id, {"outcome": "withdrawn"}) for one in (made, other, third)]


def test_a_flow_without_its_form_or_draft_is_broken(job):
    for topic in ("knowledge.write", "knowledge.review"):
        with pytest.raises(MissingVariable):
            job.run(topic)
    shelve(job)
    with pytest.raises(MissingVariable):
        job.run("knowledge.begin")
    made = job.get(CorrectionRegister).file(article_of(job), reader="citizen", text="x")
    job.variables |= {"correction_id": made.id}
    with pytest.raises(MissingVariable):
        job.run("correction.refuse")
