"""The shipped tables of knowledge: templates, validity, the automatic review, levels, limits and scores."""

import re

import pytest

from registers.articles import Content, Scope, Template
from registers.articles.findings import basis_form, missing_parts, personal_numbers, sensitive_words, texts_of
from registers.cases.similarity import bigrams, likeness
from tests.unit.rules.shipped import answer, codes_of, rows_of

FINE = {
    "missing": [],
    "too_short": False,
    "words": [],
    "sensitivity": "none",
    "personal": [],
    "duplicate_score": 0,
    "duplicate_no": None,
    "validity": "fine",
    "basis_form": "fine",
}
TOPICS = {row["code"]: row for row in rows_of("codes/article_topics.csv")}
THEMES = sorted(code for code, row in TOPICS.items() if not row["parent"])


def verdict(scope="public", **facts):
    found = answer("knowledge_verdict", {"facts": FINE | facts, "scope": scope})
    return found["verdict"], [one["finding"] for one in found["findings"]]


@pytest.mark.parametrize(
    ("facts", "scope", "expected"),
    [
        ({}, "public", ("pass", [])),
        ({"missing": ["正文"]}, "public", ("returned", ["missing"])),
        ({"too_short": True}, "public", ("manual", ["too_short"])),
        ({"sensitivity": "forbidden"}, "public", ("returned", ["sensitive"])),
        ({"sensitivity": "notice"}, "public", ("manual", ["sensitive_notice"])),
        ({"personal": ["139****78"]}, "public", ("returned", ["personal_data"])),
        ({"personal": ["139****78"]}, "internal", ("manual", ["personal_data"])),
        ({"duplicate_score": 0.5999}, "public", ("pass", [])),
        ({"duplicate_score": 0.6}, "public", ("manual", ["similar"])),
        ({"duplicate_score": 0.8999}, "public", ("manual", ["similar"])),
        ({"duplicate_score": 0.9}, "public", ("returned", ["duplicate"])),
        ({"validity": "default"}, "public", ("pass", ["validity_default"])),
        ({"validity": "backwards"}, "public", ("returned", ["validity_backwards"])),
        ({"validity": "past"}, "public", ("returned", ["validity_past"])),
        ({"validity": "too_long"}, "public", ("returned", ["validity_too_long"])),
        ({"basis_form": "malformed"}, "public", ("returned", ["basis_malformed"])),
        ({"basis_form": "none"}, "public", ("pass", [])),
        ({"too_short": True, "basis_form": "malformed"}, "public", ("returned", ["too_short", "basis_malformed"])),
    ],
)
def test_the_automatic_review_returns_asks_or_passes(facts, scope, expected):
    assert verdict(scope, **facts) == expected


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_a_template_and_a_validity(theme):
    template, validity = answer("knowledge_template", {"theme": theme}), answer("knowledge_validity", {"theme": theme})
    assert set(template["required"]) <= {"basis", "keywords", "effective_on", "expires_on"}
    assert template["min_length"] > 0
    assert 0 < validity["default_months"] <= validity["longest_months"]
    assert validity["review_days"] > 0


@pytest.mark.parametrize("topic", sorted(TOPICS))
@pytest.mark.parametrize("found", ["manual", "pass"])
def test_every_topic_is_reviewed_by_one_level_at_the_centre(topic, found):
    inputs = {"theme": TOPICS[topic]["parent"] or topic, "topic": topic, "verdict": found, "owner_unit": "230100-GR"}
    levels = [answer("knowledge_review_level", inputs | {"level": level})["review_groups"] for level in (1, 2)]
    assert levels == [["knowledge_reviewer@230100"], []]


@pytest.mark.parametrize(
    ("element", "limit"),
    [("write_article", (5, "工作日")), ("review_article", (2, "工作日")), ("review_correction", (2, "工作日"))],
)
def test_every_step_of_knowledge_has_a_limit_and_two_warnings(element, limit):
    found = answer("knowledge_time_limit", {"element": element})
    assert (found["value"], found["unit"], found["calendar"]) == (*limit, "city")
    warnings = answer("knowledge_warnings", {"element": element, "owner_unit": "230100-GR"})
    assert [(one["rung"], one["fraction"], one["after"]) for one in warnings] == [("W1", 0.7, False), ("W2", 1, True)]
    assert all("@" in group for one in warnings for group in one["notify"])


@pytest.mark.parametrize(
    ("votes", "average", "low_days", "low", "remove"),
    [
        (0, None, 0, False, False),
        (9, 1, 0, False, False),
        (10, 2.5, 0, False, False),
        (10, 2.49, 0, True, False),
        (10, 2.49, 6.99, True, False),
        (10, 2.49, 7, True, True),
        (10, 2.5, 7, False, False),
    ],
)
def test_a_score_is_low_with_ten_votes_and_takes_off_after_seven_days(votes, average, low_days, low, remove):
    found = answer("knowledge_score", {"votes": votes, "average": average, "low_days": low_days})
    assert (found["low"], found["remove"], found["grace"]) == (low, remove, "P7D")


def test_topics_stand_below_a_theme_and_name_a_unit():
    units = {row["code"] for row in rows_of("city/units.csv")}
    for code, row in TOPICS.items():
        assert row["parent"] == "" or row["parent"] in THEMES, code
        assert row["owner_unit"] in units, code
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,31}", code)


def test_words_and_impressions_have_levels_and_stars():
    assert {row["level"] for row in rows_of("codes/sensitive_words.csv")} == {"forbidden", "notice"}
    assert all(set(row["stars"].split()) <= set("12345") for row in rows_of("codes/impression_tags.csv"))


def test_the_people_who_write_and_review_are_in_the_trial_city():
    held = {group for row in rows_of("city/accounts.csv") for group in row["groups"].split(";")}
    assert {group.split("@")[0] for group in held} >= {"knowledge_editor", "knowledge_reviewer", "unit_admin"}
    for unit in {row["owner_unit"] for row in TOPICS.values()}:
        groups = answer("knowledge_assignment", {"element": "write_article", "owner_unit": unit})["groups"]
        assert held & set(groups), f"nobody writes for {unit}"
        assert held & set(
            answer("correction_assignment", {"element": "review_correction", "owner_unit": unit})["groups"]
        )
    assert "knowledge_editor" in codes_of("roles")


ARTICLES = rows_of("city/articles.csv")


@pytest.mark.parametrize("row", ARTICLES, ids=lambda row: row["title"])
def test_every_article_of_the_trial_city_passes_the_automatic_review(row):
    theme = TOPICS[row["topic"]]["parent"]
    rule = answer("knowledge_template", {"theme": theme})
    content = Content(
        title=row["title"],
        topic=row["topic"],
        body=row["body"],
        basis=row["basis"] or None,
        keywords=row["keywords"],
        scope=Scope(row["scope"]),
    )
    # What has an offset in days gets its dates when it is loaded.
    required = [name for name in texts_of(rule["required"]) if not row.get(name.replace("_on", "_in"))]
    words = [(one["code"], one["level"]) for one in rows_of("codes/sensitive_words.csv")]
    found, sensitivity = sensitive_words(content, words)
    facts = {
        "missing": list(missing_parts(content, Template(tuple(required), texts_of(rule["sections"])))),
        "too_short": len(content.body) < rule["min_length"],
        "words": list(found),
        "sensitivity": sensitivity,
        "personal": list(personal_numbers(content)),
        "basis_form": basis_form(content.basis),
    }
    assert verdict(row["scope"], **facts) == ("pass", [])


def test_the_articles_of_the_trial_city_are_different_and_written_by_people_who_may():
    groups = {row["login"]: set(row["groups"].split(";")) for row in rows_of("city/accounts.csv")}
    for row in ARTICLES:
        mine = {f"{role}@{row['unit']}" for role in ("knowledge_editor", "unit_admin")}
        assert groups[row["author"]] & mine, row["title"]
        assert row["until"] in ("shelf", "future", "review", "draft")
    texts = [bigrams(f"{row['title']} {row['body']}") for row in ARTICLES]
    assert max(likeness(one, other) for n, one in enumerate(texts) for other in texts[:n]) < 0.6
    assert len(ARTICLES) >= 30
