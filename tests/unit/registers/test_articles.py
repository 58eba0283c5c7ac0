"""Knowledge articles: the pure facts of the automatic review, and the register that keeps them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.errors import Conflict, Invalid, NotFound
from registers.articles import (
    ArticleDuplicates,
    ArticleNotices,
    ArticleQuery,
    ArticleRegister,
    ArticleStatus,
    Content,
    CorrectionRegister,
    CorrectionStatus,
    NewArticle,
    RatingRegister,
    Reader,
    RemovalKind,
    Scope,
    Template,
    VersionState,
    read_content,
)
from registers.articles.findings import (
    add_months,
    basis_form,
    missing_parts,
    personal_numbers,
    sensitive_words,
    validity_of,
)
from registers.codes import CodeRegister

TODAY = date(2026, 11, 23)
CONTENT = Content(title="供热期", topic="qa_heating", body="十月二十日零时起供热。", keywords="供热 室温")
CODES = {
    "article_topics": "code,name,parent,owner_unit\nqa,便民问答,,\nqa_heating,供热问答,qa,230100-ZJ\npolicy,政策,,\n",
    "impression_tags": "code,name,stars\nclear,讲得清楚,4 5\nwrong,内容有误,1 2\n",
}


@pytest.fixture
def articles(city, clock):
    for table, text in CODES.items():
        CodeRegister(city, clock).load_csv(table, text)
    return ArticleRegister(city, clock)


@pytest.fixture
def add(articles):
    def make(**changes):
        content = replace(CONTENT, **{name: value for name, value in changes.items() if name != "unit"})
        return articles.add(NewArticle(content=content, unit=changes.get("unit", "230100-ZJ"), author="editor"))

    return make


@pytest.fixture
def shelve(articles, add):
    def make(**changes):
        article = add(**changes)
        return put_on_shelf(articles, article.id)

    return make


def put_on_shelf(articles, article_id):
    articles.begin_check(article_id)
    articles.begin_review(article_id)
    articles.note_review(article_id, reviewer="examiner", opinion=None)
    articles.approve(article_id, expires_on=date(2028, 11, 23))
    return articles.shelve(article_id, review_due_on=date(2027, 2, 21))


# ------------------------------------------------------------------------------------------------------- pure facts


@pytest.mark.parametrize(
    ("basis", "form"),
    [
        (None, "none"),
        ("  ", "none"),
        ("国办函〔2025〕66号", "fine"),
        ("国办发〔2020〕53号、黑政规〔2021〕4号", "fine"),
        ("国务院令第741号", "fine"),
        ("中华人民共和国主席令第四十五号", "fine"),
        ("GB/T 33358-2016", "fine"),
        ("《民法典》", "fine"),
        ("《意见》（国办函〔2025〕66号）", "fine"),
        ("国办函[2025]66号", "malformed"),
        ("国办函（2025）66号", "malformed"),
        ("国办函〔25〕66号", "malformed"),
        ("国办函〔2025〕第六十六号", "malformed"),
        ("上级文件", "malformed"),
        ("国办函〔2025〕66号、上级文件", "malformed"),
        ("、", "malformed"),
    ],
)
def test_a_document_is_named_by_office_year_and_number(basis, form):
    assert basis_form(basis) == form


def test_words_are_found_through_blanks_and_the_gravest_level_counts():
    words = [("代办假证", "forbidden"), ("内部资料", "notice"), ("", "forbidden")]
    said = replace(CONTENT, body="本文是 内部 资料。")
    assert sensitive_words(said, words) == (("内部资料",), "notice")
    assert sensitive_words(replace(said, title="代办 假证"), words)[1] == "forbidden"
    assert sensitive_words(CONTENT, words) == ((), "none")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证11010519491231002X", ("110****2X",)),
        ("电话13912345678，13912345678", ("139****78",)),
        ("热线0451-12345", ()),
        ("编号20261123000112345678", ()),
        ("电话23912345678", ()),
    ],
)
def test_numbers_of_people_are_found_and_masked_and_others_are_not(text, found):
    assert personal_numbers(replace(CONTENT, body=text)) == found


def test_the_template_says_which_parts_are_missing():
    template = Template(required=("basis", "keywords"), sections=("办理条件", "办理流程"), min_length=10)
    assert missing_parts(CONTENT, template) == ("依据文号", "段落“办理条件”", "段落“办理流程”")
    assert missing_parts(replace(CONTENT, title="", body=""), Template()) == ("标题", "正文")


@pytest.mark.parametrize(
    ("effective", "expires", "state"),
    [
        (None, None, "default"),
        (None, date(2026, 11, 23), "past"),
        (None, date(2026, 11, 24), "fine"),
        (date(2027, 1, 1), date(2027, 1, 1), "backwards"),
        (date(2027, 1, 1), date(2026, 1, 1), "past"),
        (None, date(2029, 1, 2), "too_long"),
        (None, date(2029, 1, 1), "fine"),
    ],
)
def test_the_days_of_a_content_are_looked_at(effective, expires, state):
    content = replace(CONTENT, effective_on=effective, expires_on=expires)
    assert validity_of(content, today=TODAY, longest_on=date(2029, 1, 1)) == state


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_added_by_the_calendar(day, months, result):
    assert add_months(day, months) == result


def test_what_was_entered_is_read_and_what_no_database_keeps_is_left_out():
    read = read_content(
        {
            "title": " 供\x00热 ",
            "topic": "qa",
            "keywords": "供热、 室温，供热",
            "expires_on": "2027-01-01\n",
            "basis": " ",
        }
    )
    assert (read.title, read.keywords, read.expires_on, read.basis) == ("供热", "供热 室温", date(2027, 1, 1), None)
    with pytest.raises(Invalid) as refused:
        read_content({"scope": "secret", "effective_on": "2026-02-30", "expires_on": "9999-01-01"})
    assert sorted(one.where for one in refused.value.problems) == ["effective_on", "expires_on", "scope"]


# ------------------------------------------------------------------------------------------------------ the register


def test_an_article_gets_a_number_and_a_first_draft(add, articles):
    first, second = add(), add(title="另一篇")
    assert (first.article_no, second.article_no) == ("ZS202611230001", "ZS202611230002")
    assert (first.status, first.version, first.open_version) == (ArticleStatus.DRAFT, 0, 1)
    with pytest.raises(NotFound):
        articles.get("nowhere")
    with pytest.raises(NotFound):
        articles.get_version(first.id, 2)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"topic": "nowhere"}, "topic"),
        ({"body": "\x07"}, "body"),
        ({"unit": "230100-XX"}, "unit"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(add, changes, where):
    with pytest.raises(Invalid) as refused:
        add(**changes)
    assert [one.where for one in refused.value.problems] == [where]


def test_the_status_follows_from_the_shelf_and_the_version_that_is_worked_on(articles, add, clock):
    article = add()
    article_id = article.id
    seen = [articles.get(article_id).status.value]
    for step in (
        lambda: articles.begin_check(article_id),
        lambda: articles.begin_review(article_id),
        lambda: articles.give_back(article_id, opinion="补充"),
        lambda: put_on_shelf(articles, article_id),
        lambda: articles.open_revision(article_id, author="editor", reason="更新"),
        lambda: articles.remove(article_id, kind=RemovalKind.MANUAL, reason="有误", by="steward"),
        lambda: articles.withdraw(article_id),
        lambda: articles.open_revision(article_id, author="editor", reason="重来", correction_id="c"),
        lambda: put_on_shelf(articles, article_id),
        lambda: articles.open_revision(article_id, author="editor", reason="纠错", correction_id="c"),
    ):
        clock.advance(timedelta(minutes=1))
        step()
        seen.append(articles.get(article_id).status.value)
    assert seen == [
        "draft",
        "checking",
        "reviewing",
        "draft",
        "on_shelf",
        "revising",
        "draft",
        "off_shelf",
        "draft",
        "on_shelf",
        "correcting",
    ]
    states = [(one.version, one.state) for one in articles.list_versions(article_id)]
    assert states == [
        (4, VersionState.DRAFT),
        (3, VersionState.SHELVED),
        (2, VersionState.WITHDRAWN),
        (1, VersionState.SUPERSEDED),
    ]


def test_one_version_is_worked_on_at_a_time_and_the_shelf_keeps_the_old_content(articles, shelve):
    article = shelve()
    draft = articles.open_revision(article.id, author=None, reason="更新")
    assert (draft.version, draft.author, draft.content.title) == (2, None, article.content.title)
    with pytest.raises(Conflict) as refused:
        articles.open_revision(article.id, author=None, reason="再来")
    assert refused.value.key == "article-revision-open"
    articles.write(article.id, replace(CONTENT, title="新标题"), by="editor")
    assert articles.get(article.id).content.title == "供热期"
    put_on_shelf(articles, article.id)
    assert articles.get(article.id).content.title == "新标题"
    with pytest.raises(Conflict):
        articles.withdraw(article.id)


def test_what_was_never_on_the_shelf_is_not_revised(articles, add):
    article = add()
    articles.withdraw(article.id)
    assert articles.get(article.id).status is ArticleStatus.WITHDRAWN
    with pytest.raises(Conflict) as refused:
        articles.open_revision(article.id, author=None, reason="x")
    assert refused.value.key == "article-never-shelved"


def test_a_first_draft_is_what_the_article_shows_until_it_is_on_the_shelf(articles, add):
    article = add()
    articles.write(article.id, replace(CONTENT, title="改过"), by="colleague", reason="第二稿")
    assert articles.get(article.id).content.title == "改过"
    assert articles.open_versions([article.id])[article.id].reason == "第二稿"
    assert articles.find_problems(replace(CONTENT, topic="nowhere", title="")) == (
        "article-title-missing",
        "unknown-topic",
    )


def test_lists_are_filtered_searched_scoped_and_paged(articles, shelve, add, clock):
    public = shelve()
    clock.advance(timedelta(minutes=1))
    internal = shelve(title="内部口径", scope=Scope.INTERNAL, body="值班员登记。", unit="230103")
    clock.advance(timedelta(minutes=1))
    draft = add(title="草稿", keywords="")
    ids = lambda **query: [one.id for one in articles.list_page(ArticleQuery(**query)).items]  # noqa: E731  one use
    assert ids() == [draft.id, internal.id, public.id]
    assert ids(search="口径") == [internal.id]
    assert ids(search="十月 室温") == [draft.id, public.id][1:]
    assert ids(topics=("policy",)) == []
    assert ids(units=("230103",)) == [internal.id]
    assert ids(in_review=True) == [draft.id]
    assert ids(review_due=date(2027, 2, 20)) == []
    assert ids(review_due=date(2027, 2, 21)) == [internal.id, public.id]
    assert ids(reader=Reader(scopes=(Scope.PUBLIC,))) == [public.id]
    assert ids(reader=Reader(scopes=(Scope.PUBLIC, Scope.INTERNAL))) == [internal.id, public.id]
    assert ids(reader=Reader(units=("230103",))) == [internal.id]
    assert ids(reader=Reader(article_ids=(draft.id,))) == [draft.id]
    assert ids(reader=Reader(author="editor")) == [draft.id, internal.id, public.id]
    assert ids(reader=Reader()) == []
    first = articles.list_page(ArticleQuery(limit=2))
    assert [one.id for one in articles.list_page(ArticleQuery(limit=2, after=first.next_after)).items] == [public.id]
    for wrong in ({"limit": 0}, {"limit": 201}, {"after": "x"}, {"after": "WyIyMDI2LTExLTIzIiwgMV0="}):
        with pytest.raises(Invalid):
            articles.list_page(ArticleQuery(**wrong))
    assert articles.count_by("status", ArticleQuery()) == {"on_shelf": 2, "draft": 1}


def test_the_nearest_article_is_found_but_not_the_article_itself(city, clock, shelve, add):
    other = shelve(title="供热期是什么时候")
    article = add()
    near = ArticleDuplicates(city, clock).find_nearest(article.content, but=article.id)
    assert near.article.id == other.id
    assert 0.6 < near.score < 1
    alone = replace(CONTENT, topic="policy", title="没有别的")
    assert ArticleDuplicates(city, clock).find_nearest(alone, but="x") is None


def test_related_articles_share_topic_or_keywords(articles, shelve):
    one = shelve()
    two = shelve(title="室温", topic="policy", keywords="室温")
    three = shelve(title="供热电话", keywords="供热 室温")
    shelve(title="无关", topic="policy", keywords="医保")
    assert [other.id for other in articles.list_related(one, None, limit=5)] == [three.id, two.id]
    assert articles.list_related(one, Reader(), limit=5) == ()


def test_a_rating_counts_once_per_reader_and_only_for_the_version_on_the_shelf(city, clock, articles, shelve):
    article, ratings = shelve(), RatingRegister(city, clock)
    ratings.rate(article, rater="one", stars=1, tags=["wrong", "wrong"])
    ratings.rate(article, rater="one", stars=5, tags=["clear"], comment="  ")
    ratings.rate(article, rater="two", stars=4)
    score = ratings.refresh(article)
    assert (score.votes, score.average, score.tags) == (2, 4.5, {"clear": 1})
    assert (articles.get(article.id).votes, articles.get(article.id).average) == (2, 4.5)
    assert [one.comment for one in ratings.list_ratings(article.id)] == [None, None]
    assert [one.id for one in articles.list_page(ArticleQuery(tags=("clear",))).items] == [article.id]
    articles.open_revision(article.id, author="editor", reason="更新")
    shown = put_on_shelf(articles, article.id)
    assert ratings.score_of(shown).votes == 0
    assert articles.list_page(ArticleQuery(tags=("clear",))).items == ()
    for stars, tags in ((0, ()), (6, ()), (5, ("wrong",)), (5, ("nowhere",))):
        with pytest.raises(Invalid):
            ratings.rate(article, rater="one", stars=stars, tags=tags)


def test_a_low_score_is_remembered_from_its_first_day(articles, shelve, clock):
    article = shelve()
    low = articles.note_score(article.id, low=True)
    clock.advance(timedelta(days=1))
    assert articles.note_score(article.id, low=True).low_since == low.low_since
    assert articles.note_score(article.id, low=False).low_since is None


def test_a_correction_goes_from_open_to_its_end(city, clock, shelve):
    article, corrections = shelve(), CorrectionRegister(city, clock)
    made = corrections.file(article, reader="citizen", text=" 日期错了 ")
    assert (made.status, made.version, made.text) == (CorrectionStatus.OPEN, 1, "日期错了")
    corrections.accept(made.id, by="examiner", answer=None)
    corrections.await_version(made.id, 2)
    assert [one.id for one in corrections.list_waiting(article.id, 2)] == [made.id]
    assert corrections.close(made.id, done=True).status is CorrectionStatus.DONE
    assert corrections.list_waiting(article.id, 2) == ()
    refused = corrections.refuse(corrections.file(article, reader="two", text="x").id, by="examiner", answer="没有错误")
    assert (refused.status, refused.answer) == (CorrectionStatus.REFUSED, "没有错误")
    assert [one.reader for one in corrections.list_of(article.id, reader="citizen")] == ["citizen"]
    with pytest.raises(NotFound):
        corrections.get("nowhere")


def test_the_theme_is_the_topic_at_the_top_and_an_unknown_author_is_none(city, clock, articles):
    assert articles is not None
    notices = ArticleNotices(city, clock)
    assert [notices.theme_of(topic) for topic in ("qa_heating", "qa", "nowhere")] == ["qa", "qa", "nowhere"]
    assert notices.find_author("nobody") is None
    assert notices.find_author(None) is None
