"""A reader finds a mistake in an article: it is looked at, put right, reviewed and put back, over the interface."""

import pytest

from tests.knowledge import BODY, Desk


@pytest.fixture
def desk(as_, app, clock):
    return Desk(as_, app, clock)


@pytest.fixture
def article(desk):
    return desk.shelve()


def correct(desk, as_, article, who="citizen", text="停热日期写错了，应为四月二十日"):
    made = as_(who).post(f"/articles/{article['id']}/corrections", {"text": text})
    assert made.status_code == 201, made.text
    desk.run()
    return made.get_json()


def state(as_, article, made, who="citizen"):
    items = as_(who).get(f"/articles/{article['id']}/corrections").get_json()["items"]
    [one] = [item for item in items if item["id"] == made["id"]]
    return one


def write_form(**changes):
    entered = {
        "action": "submit",
        "title": "冬天供热从哪天开始，温度多少算达标",
        "topic": "qa_heating",
        "scope": "public",
        "body": BODY + "（已更正）",
        "keywords": "供热 室温",
    }
    return entered | changes


def finish(desk, article, who="editor"):
    """Write and review the version that is being worked on."""
    desk.work(who, "write_article", article, **write_form())
    desk.work("examiner", "review_article", article, action="pass")


@pytest.mark.rows("R005", "R096", "R112", "R118")
def test_an_accepted_correction_becomes_a_new_version_and_everybody_is_told(desk, as_, article):
    made = correct(desk, as_, article)
    assert (made["status_name"], made["version"], made["mine"]) == ("待审核", 1, True)
    assert desk.read(article)["status"] == "on_shelf"
    [task] = [one for one in desk.tasks("examiner", article) if one["element_id"] == "review_correction"]
    assert task["due_at"] is not None
    desk.work("examiner", "review_correction", article, action="accept", opinion="属实，请更正")
    shown = desk.read(article)
    assert (shown["status_name"], shown["draft"]["version"]) == ("纠错中", 2)
    assert shown["draft"]["reason"] == "纠错：停热日期写错了，应为四月二十日"
    assert as_("citizen").get(f"/articles/{article['id']}").status_code == 200, "the old version stays readable"
    assert any("停热日期写错了" in one["text"] for one in desk.notices("editor"))
    assert state(as_, article, made)["status_name"] == "已采纳，修改中"
    finish(desk, article)
    shown = desk.read(article, "citizen")
    assert (shown["version"], shown["status"]) == (2, "on_shelf")
    assert shown["body"].endswith("（已更正）")
    assert (state(as_, article, made)["status"], state(as_, article, made)["revised_in"]) == ("done", 2)
    assert any("已在第 2 版更正" in one["text"] for one in desk.notices("citizen"))
    versions = as_("citizen").get(f"/articles/{article['id']}/versions").get_json()["items"]
    assert [(one["version"], one["state"], one["author"]) for one in versions] == [
        (2, "shelved", None),
        (1, "superseded", None),
    ]
    inside = as_("steward").get(f"/articles/{article['id']}/versions").get_json()["items"]
    assert [(one["author"], one["reviewers"]) for one in inside] == [("editor", ["examiner"])] * 2
    assert inside[0]["correction_id"] == made["id"]
    kinds = [one["code"] for one in desk.log(article) if one["code"].startswith("correction.")]
    assert kinds == ["correction.filed", "correction.accepted", "correction.closed"]
    assert desk.incidents() == []


@pytest.mark.rows("R112")
def test_a_refused_correction_is_answered_with_the_reason(desk, as_, article):
    made = correct(desk, as_, article)
    [task] = [one for one in desk.tasks("steward", article) if one["element_id"] == "review_correction"]
    refused = desk.complete("steward", task, action="refuse")
    assert refused.status_code == 422
    assert {one["where"] for one in refused.get_json(force=True)["errors"]} == {"opinion"}
    desk.work("steward", "review_correction", article, action="refuse", opinion="日期以条例为准，没有错误")
    closed = state(as_, article, made)
    assert (closed["status"], closed["answer"]) == ("refused", "日期以条例为准，没有错误")
    assert closed["decided_by"] is None, "the reader does not learn who decided"
    assert closed["closed_at"] is not None
    assert any("日期以条例为准" in one["text"] for one in desk.notices("citizen"))
    assert desk.read(article)["version"] == 1


@pytest.mark.rows("R112")
def test_a_correction_whose_draft_is_given_up_is_closed_as_not_done(desk, as_, article):
    made = correct(desk, as_, article)
    desk.work("examiner", "review_correction", article, action="accept")
    desk.work("editor", "write_article", article, action="withdraw", opinion="核对后没有错误")
    assert state(as_, article, made)["status"] == "abandoned"
    assert desk.read(article)["status"] == "on_shelf"
    assert any("没有完成修改" in one["text"] for one in desk.notices("citizen"))


@pytest.mark.rows("R112")
def test_a_correction_that_is_returned_in_review_goes_back_to_its_author(desk, as_, article):
    made = correct(desk, as_, article)
    desk.work("examiner", "review_correction", article, action="accept")
    desk.work("editor", "write_article", article, **write_form())
    desk.work("examiner", "review_article", article, action="return", opinion="还是不对")
    finish(desk, article)
    assert state(as_, article, made)["status"] == "done"


@pytest.mark.rows("R112")
def test_a_correction_joins_the_version_that_its_author_is_writing(desk, as_, article):
    as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "更新电话"})
    made = correct(desk, as_, article)
    desk.work("examiner", "review_correction", article, action="accept")
    assert state(as_, article, made)["revised_in"] == 2
    assert any("停热日期写错了" in one["text"] for one in desk.notices("editor"))
    finish(desk, article)
    assert state(as_, article, made)["status"] == "done"
    assert desk.read(article)["version"] == 2
    assert desk.tasks("editor", article) == []


@pytest.mark.rows("R112")
def test_a_correction_waits_for_the_version_that_is_in_review_and_then_has_its_own(desk, as_, article):
    as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "更新电话"})
    desk.work("editor", "write_article", article, **write_form())
    made = correct(desk, as_, article)
    desk.work("examiner", "review_correction", article, action="accept")
    assert state(as_, article, made)["status"] == "accepted"
    assert [one["element_id"] for one in desk.tasks("examiner", article)] == ["review_article"]
    desk.work("examiner", "review_article", article, action="pass")
    shown = desk.read(article)
    assert (shown["version"], shown["status"], shown["draft"]["version"]) == (2, "correcting", 3)
    finish(desk, article)
    assert (state(as_, article, made)["status"], desk.read(article)["version"]) == ("done", 3)
    assert desk.incidents() == []


@pytest.mark.rows("R112")
def test_two_corrections_are_put_right_by_one_version(desk, as_, article):
    first = correct(desk, as_, article)
    second = correct(desk, as_, article, "neighbour", "室温标准也写错了")
    for _ in range(2):
        task = next(one for one in desk.tasks("examiner", article) if one["element_id"] == "review_correction")
        assert desk.complete("examiner", task, action="accept").status_code == 200
        desk.run()
    finish(desk, article)
    assert state(as_, article, first)["status"] == "done"
    assert state(as_, article, second, "neighbour")["status"] == "done"
    assert desk.read(article)["version"] == 2


@pytest.mark.rows("R112")
def test_the_editors_of_the_unit_put_it_right_where_the_author_is_gone(desk, as_, article):
    [account] = [
        one
        for one in as_("admin").get("/accounts?search=editor&limit=200").get_json()["items"]
        if one["login"] == "editor"
    ]
    as_("admin").patch(f"/accounts/{account['id']}", {"enabled": False})
    made = correct(desk, as_, article)
    desk.work("examiner", "review_correction", article, action="accept")
    assert any("停热日期写错了" in one["text"] for one in desk.notices("steward"))
    finish(desk, article, "colleague")
    assert state(as_, article, made)["status"] == "done"


def test_a_late_review_of_a_correction_is_warned_of(desk, as_, article):
    correct(desk, as_, article)
    desk.wait(days=5)
    assert any("纠错审核" in one["title"] for one in desk.notices("examiner"))
    assert any("纠错审核" in one["title"] for one in desk.notices("steward"))


@pytest.mark.rows("R112")
def test_a_reader_sees_her_own_corrections_and_insiders_all_of_them(desk, as_, article):
    made = correct(desk, as_, article)
    address = f"/articles/{article['id']}/corrections"
    assert as_("neighbour").get(address).get_json()["items"] == []
    assert [one["reader"] for one in as_("citizen").get(address).get_json()["items"]] == ["citizen"]
    assert [(one["id"], one["reader"]) for one in as_("steward").get(address).get_json()["items"]] == [
        (made["id"], "citizen")
    ]


def test_what_cannot_be_corrected_is_refused(desk, as_, article):
    address = f"/articles/{article['id']}/corrections"
    for body in ({}, {"text": ""}, {"text": "  "}, {"text": "x" * 2001}, {"text": "错", "by": "x"}):
        assert as_("citizen").post(address, body).status_code == 422
    internal = desk.shelve(title="内部口径", body="供热投诉由值班员登记，一小时内派出。" * 3, scope="internal")
    assert as_("citizen").post(f"/articles/{internal['id']}/corrections", {"text": "错"}).status_code == 404
    as_("examiner").post(f"/articles/{article['id']}/removal", {"reason": "过时"})
    gone = as_("examiner").post(address, {"text": "错"})
    assert (gone.status_code, gone.get_json(force=True)["code"]) == (409, "article-not-on-shelf")
    assert as_(None).post(address, {"text": "错"}).status_code == 401
