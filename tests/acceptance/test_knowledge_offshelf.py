"""Knowledge leaves the shelf over the interface: on its last day, by a person, or because readers find it bad."""

import pytest

from tests.knowledge import BODY, Desk

RATERS = (
    "acceptor",
    "acceptor2",
    "alice",
    "archivist",
    "charlie",
    "citizen",
    "commander",
    "dispatcher",
    "handler",
    "leader",
    "neighbour",
    "reviewer",
)


@pytest.fixture
def desk(as_, app, clock):
    return Desk(as_, app, clock)


@pytest.fixture
def rate(as_, desk):
    def give(article, stars, raters=RATERS[:10]):
        for who in raters:
            answer = as_(who).post(f"/articles/{article['id']}/ratings", {"stars": stars})
            assert answer.status_code == 200, answer.text
        desk.run()

    return give


def removals(desk, article):
    return [one["data"] for one in desk.log(article) if one["code"] == "article.removed"]


# -------------------------------------------------------------------------------------------------------- expiry


@pytest.mark.rows("R005", "R102", "R118")
def test_a_robot_takes_an_article_off_on_its_last_day_and_logs_it(desk):
    article = desk.shelve(expires_on="2026-12-01")
    desk.wait(days=7, hours=14)
    assert desk.read(article)["status"] == "on_shelf"
    desk.wait(minutes=31)
    shown = desk.read(article)
    assert (shown["status"], shown["status_name"]) == ("off_shelf", "下架")
    assert (shown["removal_kind"], shown["removed_by"]) == ("expired", "system")
    assert shown["removed_at"] == "2026-11-30T16:01:00+00:00"
    assert [one["removal_kind"] for one in removals(desk, article)] == ["expired"]
    for who in ("editor", "steward"):
        assert any(one["title"] == "知识下架" for one in desk.notices(who)), who
    assert desk.as_("citizen").get(f"/articles/{article['id']}").status_code == 404
    assert desk.incidents() == []


@pytest.mark.rows("R102")
def test_a_new_version_is_watched_until_its_own_last_day(desk, as_):
    article = desk.shelve(expires_on="2026-12-01")
    revise(desk, as_, article, expires_on="2026-12-10")
    shown = desk.read(article)
    assert (shown["version"], shown["expires_on"]) == (2, "2026-12-10")
    desk.wait(days=8)
    assert desk.read(article)["status"] == "on_shelf"
    desk.wait(days=9)
    assert desk.read(article)["status"] == "off_shelf"
    assert len(removals(desk, article)) == 1
    instances = as_("auditor").get(f"/process-instances?process_key=knowledge_offshelf&case_id={article['id']}")
    assert [one["status"] for one in instances.get_json()["items"]] == ["terminated"]


def test_the_last_day_of_the_old_version_does_not_take_the_new_one_off(desk, as_, clock):
    article = desk.shelve(expires_on="2026-12-01")
    as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "延长有效期"})
    [task] = [one for one in desk.tasks("editor", article) if one["element_id"] == "write_article"]
    desk.complete("editor", task, **write_form(article, expires_on="2027-12-01"))
    [task] = [one for one in desk.tasks("examiner", article) if one["element_id"] == "review_article"]
    desk.complete("examiner", task, action="pass")
    # The message of the new version is still on its way when the timer of the old one is due.
    desk.wait(days=10)
    desk.wait(minutes=1)
    shown = desk.read(article)
    assert (shown["status"], shown["version"]) == ("on_shelf", 2)
    desk.wait(days=400)
    assert desk.read(article)["removal_kind"] == "expired"
    assert desk.incidents() == []


def write_form(article, **changes):
    """Return what an author enters who leaves an article as it is but for some changes."""
    entered = {name: article[name] for name in ("title", "topic", "scope")}
    entered |= {"action": "submit", "body": BODY, "keywords": "供热 室温"}
    return entered | changes


def revise(desk, as_, article, **changes):
    """Bring the next version of an article onto the shelf."""
    made = as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "政策有变化"})
    assert made.status_code == 201, made.text
    desk.work("editor", "write_article", article, **write_form(article, **changes))
    desk.work("examiner", "review_article", article, action="pass")


# ------------------------------------------------------------------------------------------------------ by a person


@pytest.mark.rows("R103", "R118")
@pytest.mark.parametrize("who", ["examiner", "steward"])
def test_a_reviewer_or_the_units_administrator_takes_an_article_off_with_a_reason(desk, as_, who):
    article = desk.shelve()
    address = f"/articles/{article['id']}/removal"
    for body in ({}, {"reason": ""}, {"reason": "   "}):
        refused = as_(who).post(address, body)
        assert refused.status_code == 422
        assert [one["where"] for one in refused.get_json(force=True)["errors"]] == ["reason"]
    taken = as_(who).post(address, {"reason": "电话号码已变更"})
    assert taken.status_code == 200, taken.text
    shown = taken.get_json()
    assert (shown["status"], shown["removal_kind"]) == ("off_shelf", "manual")
    assert (shown["removed_by"], shown["removal_reason"]) == (who, "电话号码已变更")
    assert [(one["by"], one["reason"]) for one in removals(desk, article)] == [(who, "电话号码已变更")]
    assert any("电话号码已变更" in one["text"] for one in desk.notices("editor"))
    again = as_(who).post(address, {"reason": "再下一次"})
    assert (again.status_code, again.get_json(force=True)["code"]) == (409, "article-not-on-shelf")


@pytest.mark.rows("R103")
@pytest.mark.parametrize(("who", "status"), [("citizen", 403), ("editor", 403), ("alice", 403), ("auditor", 403)])
def test_others_take_nothing_off(desk, as_, who, status):
    article = desk.shelve()
    assert as_(who).post(f"/articles/{article['id']}/removal", {"reason": "不喜欢"}).status_code == status
    assert desk.read(article)["status"] == "on_shelf"


def test_the_administrator_of_another_unit_takes_nothing_off(desk, as_):
    article = desk.shelve("editor2", unit="230100-YB", topic="qa_medical")
    refused = as_("steward").post(f"/articles/{article['id']}/removal", {"reason": "不归我管"})
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (403, "not-your-article")


def test_what_was_taken_off_is_revised_and_put_back(desk, as_):
    article = desk.shelve()
    as_("examiner").post(f"/articles/{article['id']}/removal", {"reason": "内容有误"})
    desk.run()
    assert as_("citizen").post(f"/articles/{article['id']}/revision", {"reason": "x"}).status_code == 403
    assert as_("editor2").post(f"/articles/{article['id']}/revision", {"reason": "x"}).status_code == 404
    revise(desk, as_, article)
    shown = desk.read(article)
    assert (shown["status"], shown["version"], shown["removal_reason"]) == ("on_shelf", 2, None)
    assert as_("citizen").get(f"/articles/{article['id']}").status_code == 200
    as_("examiner").post(f"/articles/{article['id']}/removal", {"reason": "又有误"})
    assert desk.read(article)["status"] == "off_shelf"
    assert len(removals(desk, article)) == 2


def test_one_version_is_worked_on_at_a_time(desk, as_):
    article = desk.shelve()
    first = as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "更新电话"})
    assert (first.status_code, first.get_json()["status_name"]) == (201, "修订中")
    assert first.get_json()["draft"]["version"] == 2
    second = as_("colleague").post(f"/articles/{article['id']}/revision", {"reason": "更新地址"})
    assert (second.status_code, second.get_json(force=True)["code"]) == (409, "article-revision-open")
    assert as_("citizen").get(f"/articles/{article['id']}").status_code == 200, (
        "the version on the shelf stays readable"
    )
    draft = desk.report(title="还没有上架", submitted=False)
    never = as_("editor").post(f"/articles/{draft['id']}/revision", {"reason": "x"})
    assert (never.status_code, never.get_json(force=True)["code"]) == (409, "article-revision-open")


def test_what_is_removed_while_it_is_revised_stays_off_when_the_draft_is_given_up(desk, as_):
    article = desk.shelve()
    as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "更新"})
    as_("steward").post(f"/articles/{article['id']}/removal", {"reason": "先下架再改"})
    assert desk.read(article)["status"] == "draft"
    assert as_("citizen").get(f"/articles/{article['id']}").status_code == 404
    desk.work("editor", "write_article", article, action="withdraw", opinion="不改了")
    assert desk.read(article)["status"] == "off_shelf"


# --------------------------------------------------------------------------------------------------------- low scores


@pytest.mark.rows("R104")
def test_a_score_that_stays_low_for_seven_days_takes_the_article_off(desk, rate):
    article = desk.shelve()
    rate(article, 2, RATERS[:9])
    assert desk.read(article)["low_since"] is None, "nine votes are too few"
    rate(article, 2, RATERS[9:10])
    shown = desk.read(article)
    assert (shown["votes"], shown["average"], shown["status"]) == (10, 2.0, "on_shelf")
    assert shown["low_since"] == "2026-11-23T01:30:00+00:00"
    for who in ("editor", "steward"):
        assert any(one["title"] == "知识评分差" for one in desk.notices(who)), who
    desk.wait(days=6, hours=23)
    assert desk.read(article)["status"] == "on_shelf"
    desk.wait(hours=1)
    shown = desk.read(article)
    assert (shown["status"], shown["removal_kind"], shown["removed_by"]) == ("off_shelf", "low_score", "system")
    assert "2.5 星" in shown["removal_reason"]
    for who in ("editor", "steward"):
        assert any("评分差，自动下架" in one["text"] for one in desk.notices(who)), who
    assert desk.incidents() == []


@pytest.mark.rows("R104")
def test_a_score_that_recovers_within_the_seven_days_keeps_the_article(desk, rate):
    article = desk.shelve()
    rate(article, 2)
    desk.wait(days=3)
    rate(article, 5)
    shown = desk.read(article)
    assert (shown["average"], shown["votes"], shown["low_since"]) == (5.0, 10, None)
    desk.wait(days=10)
    assert desk.read(article)["status"] == "on_shelf"
    kinds = [one["code"] for one in desk.log(article) if one["code"].startswith("article.score")]
    assert kinds == ["article.score_low", "article.score_recovered"]


@pytest.mark.rows("R104")
def test_a_score_that_recovers_and_falls_again_has_its_seven_days_anew(desk, rate):
    article = desk.shelve()
    rate(article, 2)
    desk.wait(days=3)
    rate(article, 5, RATERS[:4])
    assert desk.read(article)["low_since"] is None
    desk.wait(days=2)
    rate(article, 1, RATERS[:4])
    desk.wait(days=2)
    assert desk.read(article)["status"] == "on_shelf", "seven days after the first time"
    desk.wait(days=5)
    assert desk.read(article)["status"] == "off_shelf", "seven days after the second time"


@pytest.mark.rows("R104")
def test_a_new_version_begins_with_a_new_score(desk, as_, rate):
    article = desk.shelve()
    rate(article, 1)
    revise(desk, as_, article)
    shown = desk.read(article)
    assert (shown["votes"], shown["average"], shown["low_since"]) == (0, None, None)
    desk.wait(days=8)
    assert desk.read(article)["status"] == "on_shelf"
    assert len(as_("citizen").get(f"/articles/{article['id']}/ratings").get_json()["items"]) == 10


# ------------------------------------------------------------------------------------------------------------ ratings


@pytest.mark.rows("R110")
def test_readers_rate_with_stars_impressions_and_a_comment_and_only_the_latest_counts(desk, as_):
    article = desk.shelve()
    address = f"/articles/{article['id']}/ratings"
    as_("citizen").post(address, {"stars": 1, "tags": ["outdated"], "comment": "电话打不通"})
    given = as_("citizen").post(address, {"stars": 4, "tags": ["clear", "useful"], "comment": "改好了"})
    assert (given.get_json()["votes"], given.get_json()["average"]) == (1, 4.0)
    as_("neighbour").post(address, {"stars": 5, "tags": ["clear"]})
    shown = as_("citizen").get(address).get_json()
    assert (shown["votes"], shown["average"]) == (2, 4.5)
    assert shown["tags"][0] == {"tag": "clear", "name": "讲得清楚", "count": 2}
    assert sorted((one["rater"] or "", one["mine"]) for one in shown["items"]) == [("", False), ("citizen", True)]
    inside = as_("steward").get(address).get_json()["items"]
    assert {one["rater"] for one in inside} == {"citizen", "neighbour"}

    def tagged(tag):
        return as_("alice").get(f"/articles?tag={tag}").get_json()["items"]

    assert [one["id"] for one in tagged("clear")] == [article["id"]]
    assert tagged("outdated") == []


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"stars": 0}, 422, "stars"),
        ({"stars": 6}, 422, "stars"),
        ({"stars": "5"}, 422, "stars"),
        ({}, 422, "stars"),
        ({"stars": 5, "tags": ["outdated"]}, 422, "tags"),
        ({"stars": 5, "tags": ["no_such"]}, 422, "tags"),
    ],
)
def test_what_is_no_rating_is_refused(desk, as_, body, status, where):
    article = desk.shelve()
    refused = as_("citizen").post(f"/articles/{article['id']}/ratings", body)
    assert refused.status_code == status
    assert {one["where"] for one in refused.get_json(force=True)["errors"]} == {where}


def test_nobody_rates_her_own_article_or_one_that_she_cannot_read(desk, as_):
    article = desk.shelve(scope="internal")
    own = as_("editor").post(f"/articles/{article['id']}/ratings", {"stars": 5})
    assert (own.status_code, own.get_json(force=True)["code"]) == (409, "article-own-rating")
    assert as_("citizen").post(f"/articles/{article['id']}/ratings", {"stars": 5}).status_code == 404
    draft = desk.report(title="草稿", submitted=False)
    rated = as_("examiner").post(f"/articles/{draft['id']}/ratings", {"stars": 5})
    assert (rated.status_code, rated.get_json(force=True)["code"]) == (409, "article-not-on-shelf")


def test_a_rating_counts_even_before_the_watch_over_the_shelf_has_begun(desk, as_):
    article = desk.report()
    [task] = desk.tasks("examiner", article)
    desk.complete("examiner", task, action="pass")
    rated = as_("citizen").post(f"/articles/{article['id']}/ratings", {"stars": 3})
    assert (rated.status_code, rated.get_json()["votes"]) == (200, 1)
