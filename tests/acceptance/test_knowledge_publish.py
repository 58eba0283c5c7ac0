"""Knowledge comes from the draft to the shelf over the interface: checked by rules, reviewed by people."""

import pytest

from tests.api_city import file_of
from tests.knowledge import BODY, Desk, new_article

GUIDE = (
    "办理条件：本市常住居民。所需材料：身份证原件、房屋权属证明。办理流程：到供热单位营业厅提出申请，受理后现场查看，"
    "签订合同后开通。办理时限：受理之日起十个工作日内办结，逾期未办结的可以向市供热服务中心反映，由中心督促办理。"
)
LEVEL_TWO = """      <rule id="knowledge_review_level_row_900">
        <description>政策法规二级：责任单位管理员</description>
        <inputEntry id="r900_level"><text>2</text></inputEntry>
        <inputEntry id="r900_theme"><text>"policy"</text></inputEntry>
        <inputEntry id="r900_topic"><text>-</text></inputEntry>
        <inputEntry id="r900_verdict"><text>-</text></inputEntry>
        <outputEntry id="r900_groups">
          <text>["knowledge_reviewer@230100", "unit_admin@" + owner_unit]</text>
        </outputEntry>
        <outputEntry id="r900_name"><text>"二级审核"</text></outputEntry>
      </rule>
"""
POLICY = {
    "title": "城市供热条例释义",
    "topic": "policy_heating",
    "basis": "国办函〔2025〕66号",
    "effective_on": "2026-11-01",
    "body": BODY + "本条所称供热单位，是指取得供热经营许可，向用户供热的企业；用户是指与供热单位签订合同的单位和个人。",
}


@pytest.fixture
def desk(as_, app, clock):
    return Desk(as_, app, clock)


def findings(desk, article, by="editor"):
    """Return what the automatic review has found in the version that is being worked on."""
    draft = desk.read(article, by)["draft"]
    return {one["finding"]: one for one in draft["findings"]}


# ------------------------------------------------------------------------------------------------ the straight way


@pytest.mark.rows("R005", "R096", "R097", "R098", "R099", "R101")
def test_a_submitted_article_is_checked_reviewed_and_shelved_at_once(desk):
    article = desk.report()
    assert (article["status"], article["status_name"]) == ("reviewing", "待审（人工）")
    assert article["article_no"] == "ZS202611230001"
    [task] = desk.tasks("examiner", article)
    assert (task["element_id"], task["name"]) == ("review_article", "人工审核")
    assert task["facets"].get("subject", "《冬天供热从哪天开始，温度多少算达标》") == f"《{article['title']}》"
    desk.work("examiner", "review_article", action="pass", opinion="内容准确")
    shown = desk.read(article, "citizen")
    assert (shown["status"], shown["version"], shown["on_shelf"]) == ("on_shelf", 1, True)
    assert shown["expires_on"] == "2028-11-23", "two years for questions and answers, from the table"
    assert shown["review_due_on"] == "2027-02-21"
    assert any(notice["title"] == "知识已上架" for notice in desk.notices("editor"))
    assert desk.incidents() == []


@pytest.mark.rows("R097")
def test_a_draft_waits_in_its_authors_inbox_until_she_submits_it(desk):
    article = desk.report(submitted=False, body="", keywords="")
    assert article["status_name"] == "草稿"
    assert desk.tasks("colleague", article) == []
    [task] = desk.tasks("editor", article)
    assert (task["element_id"], task["assignee"]) == ("write_article", "editor")
    for entered, field in (
        ({}, "action"),
        ({"action": "submit"}, "title"),
        ({"action": "withdraw"}, "opinion"),
        ({"action": "withdraw", "opinion": "  "}, "opinion"),
        (write_form(topic="没有"), "topic"),
        (write_form(effective_on="2026-02-30"), "effective_on"),
        (write_form(scope="secret"), "scope"),
        (write_form(body="x" * 20_001), "body"),
        (write_form(more=1), "more"),
    ):
        refused = desk.complete("editor", task, **entered)
        assert refused.status_code == 422, entered
        assert field in {one["where"] for one in refused.get_json(force=True)["errors"]}, entered
    desk.work("editor", "write_article", **write_form(reason="第一稿"))
    shown = desk.read(article)
    assert (shown["status"], shown["body"], shown["keywords"]) == ("reviewing", BODY, ["供热", "室温"])
    assert shown["draft"]["reason"] == "第一稿"


def write_form(**changes):
    """Return what an author enters when she submits."""
    entered = {
        "action": "submit",
        "title": "冬天供热从哪天开始",
        "topic": "qa_heating",
        "scope": "public",
        "body": BODY,
        "keywords": "供热、室温",
    }
    return entered | changes


def test_a_draft_that_is_given_up_is_archived_with_the_reason(desk):
    article = desk.report(submitted=False)
    desk.work("editor", "write_article", article, action="withdraw", opinion="已有同样的知识")
    shown = desk.read(article, "editor")
    assert (shown["status_name"], shown["on_shelf"], shown["draft"]) == ("归档", False, None)
    [given_up] = [one for one in desk.log(article) if one["code"] == "article.withdrawn"]
    assert (given_up["data"]["by"], given_up["data"]["reason"]) == ("editor", "已有同样的知识")


# ------------------------------------------------------------------------------------------------ the automatic review


@pytest.mark.rows("R098")
@pytest.mark.parametrize(
    ("changes", "finding", "said"),
    [
        ({"topic": "guide_heating", "body": GUIDE.replace("所需材料", "材料")}, "missing", "段落“所需材料”"),
        ({"keywords": ""}, "missing", "关键词"),
        ({"body": ""}, "missing", "正文"),
        (POLICY | {"basis": None}, "missing", "依据文号"),
        (POLICY | {"effective_on": None}, "missing", "生效日期"),
        ({"body": BODY + "另可代办 假证。"}, "sensitive", "代办假证"),
        ({"body": BODY + "联系人手机13912345678。"}, "personal_data", "139****78"),
        ({"body": BODY + "示例：11010519491231002X。"}, "personal_data", "110****2X"),
        ({"effective_on": "2027-01-01", "expires_on": "2026-12-31"}, "validity_backwards", "不晚于生效日期"),
        ({"expires_on": "2026-11-23"}, "validity_past", "已过"),
        ({"expires_on": "2029-11-24"}, "validity_too_long", "最长有效期"),
        ({"basis": "国办函[2025]66号"}, "basis_malformed", "国办函〔2025〕66号"),
    ],
)
def test_what_breaks_a_rule_returns_to_its_author_at_once_with_the_reason(desk, changes, finding, said):
    article = desk.report(**changes)
    assert article["status"] == "draft"
    found = findings(desk, article)[finding]
    assert found["severity"] == "return"
    assert said in found["reason"]
    assert [task["element_id"] for task in desk.tasks("editor", article)] == ["write_article"]
    assert desk.tasks("examiner", article) == []
    [notice] = [one for one in desk.notices("editor") if one["title"] == "知识退回修改"]
    assert said in notice["text"]


@pytest.mark.rows("R098")
@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"body": "每年十月二十日。"}, "too_short"),
        ({"body": BODY + "本材料为内部资料。"}, "sensitive_notice"),
        ({"body": BODY + "值班手机13912345678。", "scope": "internal"}, "personal_data"),
    ],
)
def test_what_is_doubtful_reaches_the_reviewer_with_the_reason(desk, changes, finding):
    article = desk.report(**changes)
    assert article["status"] == "reviewing"
    assert findings(desk, article, "examiner")[finding]["severity"] == "manual"
    [task] = desk.tasks("examiner", article)
    assert task["element_id"] == "review_article"


@pytest.mark.rows("R098")
def test_a_missing_last_day_is_only_noted_and_taken_from_the_table(desk):
    article = desk.report()
    assert findings(desk, article)["validity_default"]["severity"] == "note"
    assert "validity_default" not in findings(desk, desk.report(title="另一篇", expires_on="2027-12-31", body=GUIDE))


@pytest.mark.rows("R098")
@pytest.mark.parametrize(
    "basis", ["国办函〔2025〕66号", "《城镇供热条例》（国务院令第741号）、GB/T 33358-2016", "《民法典》"]
)
def test_documents_named_as_documents_are_pass(desk, basis):
    assert "basis_malformed" not in findings(desk, desk.report(basis=basis))


@pytest.mark.rows("R098")
def test_a_copy_returns_and_a_similar_article_reaches_the_reviewer(desk):
    first = desk.shelve()
    copy = desk.report(title=first["title"])
    assert copy["status"] == "draft"
    found = findings(desk, copy)["duplicate"]
    assert found["severity"] == "return"
    assert first["article_no"] in found["reason"]
    half = desk.report(title="供热期和室温标准", body=BODY[:60] + "外出请关好阀门。")
    assert half["status"] == "reviewing", findings(desk, half)
    assert findings(desk, half)["similar"]["severity"] == "manual"


def test_a_returned_draft_is_put_right_and_reviewed_anew(desk):
    article = desk.report(keywords="")
    desk.work("editor", "write_article", article, **write_form(title=article["title"]))
    assert desk.read(article)["status"] == "reviewing"
    assert "missing" not in findings(desk, article)


# ------------------------------------------------------------------------------------------------ reviews by people


@pytest.mark.rows("R099")
def test_a_reviewer_returns_with_an_opinion_that_the_author_reads(desk):
    article = desk.report()
    [task] = desk.tasks("examiner", article)
    refused = desk.complete("examiner", task, action="return")
    assert refused.status_code == 422
    assert {one["where"] for one in refused.get_json(force=True)["errors"]} == {"opinion"}
    desk.work("examiner", "review_article", article, action="return", opinion="请写明停热日期的依据")
    shown = desk.read(article, "editor")
    assert (shown["status"], shown["draft"]["opinion"]) == ("draft", "请写明停热日期的依据")
    assert any("请写明停热日期的依据" in notice["text"] for notice in desk.notices("editor"))
    desk.work("editor", "write_article", article, **write_form())
    desk.work("examiner", "review_article", article, action="pass")
    assert desk.read(article)["status"] == "on_shelf"


@pytest.mark.rows("R099")
def test_nobody_reviews_her_own_article(desk):
    article = desk.report("examiner2", unit="230100")
    desk.work("examiner2", "review_article", article, action="pass", opinion="自己写的，没有问题")
    assert desk.read(article)["status"] == "reviewing"
    [declined] = [one for one in desk.log(article) if one["code"] == "article.review_declined"]
    assert (declined["data"]["by"], declined["data"]["cause"]) == ("examiner2", "author")
    desk.work("examiner", "review_article", article, action="pass")
    assert desk.read(article)["status"] == "on_shelf"


@pytest.mark.rows("R099", "R100", "R124")
def test_one_row_of_the_table_adds_a_second_level_and_running_reviews_go_on(desk, as_):
    other = desk.report()
    running = desk.report(**POLICY)
    table = file_of("rules/knowledge_publish.dmn").read_text(encoding="utf-8")
    place = table.index('<rule id="knowledge_review_level_row_001">') - len("      ")
    changed = table[:place] + LEVEL_TWO + table[place:]
    files = [{"name": "knowledge_publish.dmn", "text": changed}]
    assert as_("editor").post("/deployments?merge=true", {"files": files}).status_code == 403
    deployed = as_("ruler").post("/deployments?merge=true", {"files": files, "note": "政策法规二级审核"})
    assert deployed.status_code == 201, deployed.text
    for article in (running, desk.report(**(POLICY | {"title": "供热价格政策解读", "body": GUIDE}))):
        desk.work("examiner", "review_article", article, action="pass", opinion="一级通过")
        shown = desk.read(article)
        assert (shown["status"], shown["draft"]["reviewers"]) == ("reviewing", ["examiner"])
        desk.work("examiner", "review_article", article, action="pass", opinion="我再审一次")
        assert desk.read(article)["status"] == "reviewing", "the second level is another person"
        desk.work("steward", "review_article", article, action="pass", opinion="二级通过")
        assert desk.read(article)["status"] == "on_shelf"
        levels = [one["data"]["level_name"] for one in desk.log(article) if one["code"] == "article.reviewed"]
        assert levels == ["一级审核", "二级审核"]
    desk.work("examiner", "review_article", other, action="pass")
    assert desk.read(other)["status"] == "on_shelf", "other topics keep their one level"
    assert desk.incidents() == []


def test_what_expires_while_it_is_reviewed_goes_back_to_its_author(desk):
    article = desk.report(expires_on="2026-12-01")
    desk.wait(days=10)
    desk.work("examiner", "review_article", article, action="pass")
    shown = desk.read(article, "editor")
    assert (shown["status"], shown["draft"]["opinion"]) == ("draft", "审核期间已过失效日期，请重新填写。")
    desk.work("editor", "write_article", article, **write_form(expires_on="2027-12-01"))
    desk.work("examiner", "review_article", article, action="pass")
    assert desk.read(article)["expires_on"] == "2027-12-01"


def test_the_editors_of_the_unit_take_over_where_the_author_is_gone(desk, as_):
    article = desk.report()
    accounts = as_("admin").get("/accounts?search=editor&limit=200").get_json()["items"]
    [account] = [one for one in accounts if one["login"] == "editor"]
    changed = as_("admin").patch(f"/accounts/{account['id']}", {"enabled": False})
    assert changed.status_code == 200, changed.text
    desk.work("examiner", "review_article", article, action="return", opinion="请补充")
    [task] = desk.tasks("colleague", article)
    assert (task["element_id"], task["assignee"]) == ("write_article", None)
    desk.work("colleague", "write_article", article, **write_form())
    assert desk.read(article)["draft"]["author"] == "colleague"


def test_the_administrator_of_the_unit_hands_a_draft_to_another_editor(desk, as_):
    article = desk.report(submitted=False)
    [task] = desk.tasks("editor", article)
    address = f"/user-tasks/{task['id']}/assign"
    assert as_("steward").post(address, {"assignee": "editor2"}).status_code == 422
    assert as_("colleague").post(address, {"assignee": "colleague"}).status_code == 403
    assert as_("steward").post(address, {"assignee": "colleague"}).status_code == 200
    desk.work("colleague", "write_article", article, **write_form())
    assert desk.read(article)["draft"]["author"] == "colleague"


# ------------------------------------------------------------------------------------------------ the first day


@pytest.mark.rows("R101")
def test_an_article_waits_for_its_first_day(desk):
    article = desk.report(effective_on="2026-12-01")
    desk.work("examiner", "review_article", article, action="pass")
    shown = desk.read(article, "editor")
    assert (shown["status_name"], shown["on_shelf"]) == ("已通过待生效", False)
    assert desk.as_("citizen").get(f"/articles/{article['id']}").status_code == 404
    assert any("2026-12-01" in notice["text"] for notice in desk.notices("editor"))
    desk.wait(days=7)
    assert desk.read(article)["status"] == "approved"
    desk.wait(hours=14, minutes=30)
    shown = desk.read(article, "citizen")
    assert (shown["status"], shown["shelved_at"]) == ("on_shelf", "2026-11-30T16:00:00+00:00")
    assert shown["expires_on"] == "2028-12-01"


@pytest.mark.rows("R101")
def test_a_first_day_in_the_past_is_at_once(desk):
    assert desk.shelve(effective_on="2020-01-01")["status"] == "on_shelf"


@pytest.mark.parametrize(("who", "status"), [("editor", 200), ("steward", 200), ("editor2", 404), ("citizen", 403)])
def test_what_waits_for_its_first_day_is_taken_back_by_its_author_or_unit(desk, as_, who, status):
    article = desk.report(effective_on="2026-12-01")
    desk.work("examiner", "review_article", article, action="pass")
    answer = as_(who).post(f"/articles/{article['id']}/withdrawal", {"reason": "政策有变化"})
    assert answer.status_code == status
    desk.wait(days=10)
    shown = desk.read(article)
    assert shown["on_shelf"] is (status != 200)
    if status == 200:
        [withdrawn] = [one for one in desk.log(article) if one["code"] == "article.withdrawn"]
        assert (withdrawn["data"]["by"], withdrawn["data"]["reason"]) == (who, "政策有变化")


def test_what_is_being_reviewed_is_taken_back_and_what_is_not_is_refused(desk, as_):
    article = desk.report()
    assert as_("editor").post(f"/articles/{article['id']}/withdrawal", {}).status_code == 422
    taken = as_("editor").post(f"/articles/{article['id']}/withdrawal", {"reason": "写错了"})
    assert taken.get_json()["status"] == "withdrawn"
    assert desk.tasks("examiner", article) == []
    again = as_("editor").post(f"/articles/{article['id']}/withdrawal", {"reason": "再撤一次"})
    assert (again.status_code, again.get_json(force=True)["code"]) == (409, "article-not-withdrawable")


# ------------------------------------------------------------------------------------------------ watching the reviews


@pytest.mark.rows("R100", "R173")
def test_every_step_and_waiting_time_is_visible_and_what_is_late_is_flagged(desk, as_):
    article = desk.report()
    [row] = as_("examiner").get("/articles/reviews").get_json()["items"]
    assert (row["step"], row["step_name"], row["state_name"]) == ("review_article", "人工审核", "待审（人工）")
    assert row["candidate_groups"] == ["knowledge_reviewer@230100"]
    assert (row["light"], row["overdue"], row["waiting_hours"]) == ("绿", False, 0)
    assert row["due_at"] is not None
    desk.wait(days=2, hours=1)
    assert as_("examiner").get("/articles/reviews").get_json()["items"][0]["light"] == "黄"
    desk.wait(days=3)
    [late] = as_("examiner").get("/articles/reviews?overdue=true").get_json()["items"]
    assert (late["article_id"], late["light"], late["overdue"]) == (article["id"], "红", True)
    assert late["waiting_hours"] == 121
    assert any("时限提醒" in notice["title"] for notice in desk.notices("examiner"))
    assert any("时限提醒" in notice["title"] for notice in desk.notices("steward"))
    assert [row["article_id"] for row in as_("steward").get("/articles/reviews").get_json()["items"]] == [article["id"]]
    assert as_("editor2").get("/articles/reviews").get_json()["items"] == []
    assert as_("citizen").get("/articles/reviews").status_code == 403
    desk.work("examiner", "review_article", article, action="pass")
    assert as_("examiner").get("/articles/reviews").get_json()["items"] == []


@pytest.mark.rows("R100")
def test_the_log_tells_who_did_what_when_and_why(desk, as_):
    article = desk.report(keywords="")
    desk.work("editor", "write_article", article, **write_form())
    desk.work("examiner", "review_article", article, action="return", opinion="请补充依据")
    desk.work("editor", "write_article", article, **write_form(basis="国办函〔2025〕66号"))
    desk.work("examiner", "review_article", article, action="pass", opinion="同意")
    kinds = [one["code"] for one in desk.log(article) if one["code"].startswith("article.")]
    returned = ["article.written", "article.checked"]
    assert kinds == [
        "article.opened",
        "article.checked",
        "article.judged",
        "article.returned",
        *returned,
        "article.judged",
        "article.reviewed",
        "article.returned",
        *returned,
        "article.judged",
        "article.reviewed",
        "article.approved",
        "article.shelved",
    ]
    for entry in desk.log(article, "editor"):
        assert any("\u4e00" <= character <= "\u9fff" for character in entry["what"]), entry["code"]
    assert as_("alice").get(f"/articles/{article['id']}/log").status_code == 404
    assert as_("citizen").get(f"/articles/{article['id']}/log").status_code == 403


# ------------------------------------------------------------------------------------------------ who sees what


@pytest.mark.rows("R096")
def test_a_draft_exists_for_its_author_her_unit_and_the_reviewers_alone(desk, as_):
    article = desk.report(submitted=False)
    seen = {
        who: as_(who).get(f"/articles/{article['id']}").status_code
        for who in ("editor", "colleague", "steward", "examiner", "auditor", "editor2", "alice", "citizen", "leader")
    }
    assert seen == dict.fromkeys(("editor", "colleague", "steward", "examiner", "auditor"), 200) | dict.fromkeys(
        ("editor2", "alice", "citizen", "leader"), 404
    )
    listed = {who: len(as_(who).get("/articles").get_json()["items"]) for who in seen}
    assert listed == {who: int(status == 200) for who, status in seen.items()}
    assert as_("admin").get("/articles").status_code == 403


@pytest.mark.rows("R096", "R107")
def test_citizens_read_what_is_public_and_the_people_of_the_city_what_is_internal_too(desk, as_):
    public = desk.shelve()
    internal = desk.shelve(title="供热投诉的内部处理口径", body=GUIDE, scope="internal")

    def read(who, article):
        return as_(who).get(f"/articles/{article['id']}").status_code

    assert [read(who, public) for who in ("citizen", "alice", "editor2")] == [200, 200, 200]
    assert [read(who, internal) for who in ("citizen", "alice", "editor2")] == [404, 200, 200]
    assert [one["id"] for one in as_("citizen").get("/articles").get_json()["items"]] == [public["id"]]
    assert len(as_("alice").get("/articles").get_json()["items"]) == 2
    shown = desk.read(public, "citizen")
    hidden = ("author", "author_name", "open_version", "low_since", "process_instance_id", "draft")
    assert {name: shown[name] for name in hidden} == dict.fromkeys(hidden)
    assert shown["can_see_work"] is False
    assert desk.read(public, "colleague")["author_name"] == "艾采编"


def test_an_article_is_found_by_words_topic_unit_scope_and_page_by_page(desk, as_):
    one = desk.shelve()
    desk.wait(minutes=1)
    two = desk.shelve(title="暖气报修电话", body=GUIDE, keywords="报修 暖气", basis="国办函〔2025〕66号")

    def found(query):
        return {item["id"] for item in as_("alice").get(f"/articles{query}").get_json()["items"]}

    assert found("?search=报") == {two["id"]}
    assert found("?search=室温 供热") == {one["id"]}
    assert found("?search=66号") == {two["id"]}
    assert found(f"?search={one['article_no']}") == {one["id"]}
    assert found("?search=100%25") == set()
    assert found("?topic=qa") == {one["id"], two["id"]}
    assert found("?topic=qa_heating&unit=230100-GR&scope=public&status=on_shelf") == {one["id"], two["id"]}
    assert found("?topic=policy") == set()
    assert found("?mine=true") == set()
    first = as_("alice").get("/articles?limit=1").get_json()
    rest = as_("alice").get(f"/articles?limit=1&after={first['next_after']}").get_json()
    assert [item["id"] for item in first["items"] + rest["items"]] == [two["id"], one["id"]]
    assert rest["next_after"] is None
    counted = as_("alice").get("/articles/counts").get_json()
    assert counted == {"by_topic": {"qa_heating": 2}, "by_status": {"on_shelf": 2}, "by_unit": {"230100-GR": 2}}
    assert [other["id"] for other in desk.read(one, "citizen")["related"]] == [two["id"]]


@pytest.mark.rows("R096")
def test_what_should_be_looked_at_again_is_reported(desk, as_):
    article = desk.shelve()

    def due():
        return as_("steward").get("/articles?review_due=true").get_json()["items"]

    assert due() == []
    desk.wait(days=90)
    assert [one["id"] for one in due()] == [article["id"]]


# ------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"topic": "no_such"}, "topic"),
        ({"title": None}, "title"),
        ({"title": "   "}, "title"),
        ({"scope": "secret"}, "scope"),
        ({"effective_on": "2026-02-30"}, "effective_on"),
        ({"expires_on": "tomorrow"}, "expires_on"),
        ({"unit": "230100-YB"}, "unit"),
        ({"unit": "nowhere"}, "unit"),
        ({"body": "x" * 20_001}, "body"),
        ({"status": "on_shelf"}, "status"),
        ({"submitted": "yes"}, "submitted"),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_cannot_be_kept_is_refused_by_field_in_the_readers_language(as_, changes, where, language):
    refused = as_("editor").post("/articles", new_article(**changes), headers={"Accept-Language": language})
    assert refused.status_code == 422, refused.text
    [problem] = refused.get_json(force=True)["errors"]
    assert problem["where"] == where
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["message"]) is (language == "zh-CN")
    assert as_("examiner").get("/articles").get_json()["items"] == []


@pytest.mark.parametrize(("who", "status"), [("citizen", 403), ("examiner", 403), ("alice", 403), ("acceptor", 201)])
def test_who_may_hand_in(as_, who, status):
    assert as_(who).post("/articles", new_article(unit=None)).status_code == status


def test_the_unit_is_found_by_the_topic_where_nobody_names_it(as_):
    assert as_("editor").post("/articles", new_article(unit=None)).get_json()["unit"] == "230100-GR"
    assert as_("acceptor").post("/articles", new_article(unit=None)).get_json()["unit"] == "230100"


# ------------------------------------------------------------------------------------------------ files


@pytest.mark.rows("R097")
def test_files_of_the_version_on_the_shelf_are_for_its_readers_and_later_ones_for_insiders(desk, as_):
    article = desk.report(submitted=False)
    first = desk.attach("editor", article, "条例.pdf")
    assert first.status_code == 201, first.text
    assert as_("citizen").get(f"/articles/{article['id']}/attachments").status_code == 404
    desk.wait(minutes=1)
    desk.work("editor", "write_article", article, **write_form())
    desk.work("examiner", "review_article", article, action="pass")
    desk.wait(minutes=1)
    assert desk.attach("editor", article, "新条例.pdf").status_code == 201
    assert desk.attach("editor2", article, "x.pdf").status_code == 403
    address = f"/articles/{article['id']}/attachments"
    [shown] = as_("citizen").get(address).get_json()["items"]
    assert shown["name"] == "条例.pdf"
    [_, later] = as_("colleague").get(address).get_json()["items"]
    assert as_("citizen").get(f"{address}/{shown['id']}/content").status_code == 200
    assert as_("citizen").get(f"{address}/{later['id']}/content").status_code == 404


@pytest.mark.rows("R096", "R107")
def test_what_was_internal_stays_internal_when_the_next_version_is_public(desk, as_):
    def pass_through(scope):
        desk.wait(minutes=1)
        desk.work("editor", "write_article", article, **write_form(scope=scope))
        desk.work("examiner", "review_article", article, action="pass")
        desk.wait(minutes=1)

    def rate(who, comment):
        rated = as_(who).post(f"/articles/{article['id']}/ratings", {"stars": 4, "comment": comment})
        assert rated.status_code == 200, rated.text
        return [one["comment"] for one in rated.get_json()["items"]]

    article = desk.report(submitted=False, scope="internal")
    assert desk.attach("editor", article, "内部口径.pdf").status_code == 201
    pass_through("internal")
    assert rate("alice", "内部意见") == ["内部意见"]
    as_("editor").post(f"/articles/{article['id']}/revision", {"reason": "向公众公开"})
    desk.wait(minutes=1)
    assert desk.attach("editor", article, "公开说明.pdf").status_code == 201
    pass_through("public")
    assert rate("citizen", "清楚") == ["清楚"]

    def read(who, part, name):
        return [one[name] for one in desk.items(who, article, part)]

    assert read("citizen", "versions", "version") == [2]
    assert read("citizen", "ratings", "comment") == ["清楚"]
    assert read("citizen", "attachments", "name") == ["公开说明.pdf"]
    for who in ("alice", "colleague"):
        assert read(who, "versions", "version") == [2, 1]
        assert read(who, "ratings", "comment") == ["清楚", "内部意见"]
        assert read(who, "attachments", "name") == ["内部口径.pdf", "公开说明.pdf"]
    [internal, public] = desk.items("alice", article, "attachments")

    def content(one):
        return as_("citizen").get(f"/articles/{article['id']}/attachments/{one['id']}/content")

    assert (content(internal).status_code, content(public).status_code) == (404, 200)


@pytest.mark.rows("R097")
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "已提交审核"), ("en", "is submitted")])
def test_no_file_joins_a_version_that_is_being_reviewed_or_waits_for_its_first_day(desk, language, said):
    def refuse():
        refused = desk.attach("editor", article, "夹带.pdf")
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (409, "article-files-closed")

    article = desk.report(effective_on="2026-12-01")
    assert article["status"] == "reviewing"
    refuse()
    desk.work("examiner", "review_article", article, action="pass")
    assert desk.read(article)["status"] == "approved"
    refuse()
    translated = desk.attach("editor", article, "夹带.pdf", language=language).get_json(force=True)
    assert said in translated["detail"]
    desk.wait(days=10)
    assert desk.items("citizen", article, "attachments") == []
    assert desk.attach("editor", article, "下一版.pdf").status_code == 201


def test_a_version_that_is_returned_takes_files_again(desk):
    article = desk.report()
    desk.work("examiner", "review_article", article, action="return", opinion="请附上条例")
    assert desk.attach("editor", article, "条例.pdf").status_code == 201
