"""Reporting, finding and counting cases."""

from datetime import timedelta

import pytest


def test_a_report_is_answered_with_the_case_and_where_it_is(as_, complete_report):
    answer = as_("acceptor").post("/cases", complete_report())
    case = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/cases/{case['id']}"
    assert (case["category_name"], case["status_name"], case["region_name"]) == (
        "污水井盖",
        "已上报",
        "省报社社区居委会",
    )
    assert case["process_instance_id"]


def test_the_same_external_id_twice_is_one_case(as_, complete_report):
    body = complete_report(external_id="10001")
    first, second = as_("acceptor").post("/cases", body), as_("acceptor").post("/cases", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json()["id"] == second.get_json()["id"]
    other = as_("acceptor").post("/cases", body | {"channel": "wechat"})
    assert other.status_code == 201
    assert as_("bob").get("/cases/counts").get_json()["total"] == 2


def test_a_refused_report_leaves_nothing_behind(as_, complete_report):
    assert as_("acceptor").post("/cases", complete_report(region_code="999999999999")).status_code == 422
    assert as_("bob").get("/cases/counts").get_json()["total"] == 0
    assert as_("auditor").get("/process-instances").get_json()["items"] == []


def test_nobody_reports_in_the_name_of_another_account(as_, complete_report):
    answer = as_("citizen").post("/cases", complete_report(reporter_code="account:neighbour"))
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"] == "reporter_code"


def test_pages_by_key_show_every_case_once_in_order(as_, report, clock):
    made = []
    for number in range(7):
        clock.advance(timedelta(minutes=1))
        made.append(report("acceptor", title=f"井盖{number}", reported_at=None)["id"])
    seen, after = [], None
    for _ in range(10):
        page = as_("bob").get("/cases?limit=3&sort=received_at" + (f"&after={after}" if after else "")).get_json()
        seen += [case["id"] for case in page["items"]]
        after = page["next_after"]
        if after is None:
            break
    assert seen == made
    newest = as_("bob").get("/cases?limit=2").get_json()["items"]
    assert [case["id"] for case in newest] == made[:-3:-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=reported", 2),
        ("status=archived", 0),
        ("district=230102", 1),
        ("district=230102&district=230103", 2),
        ("street=230102001", 1),
        ("channel=wechat", 1),
        ("urgency=特急&urgency=紧急&urgency=一般", 2),
        ("search=暖气", 1),
        ("search=暖气 不热", 1),
        ("search=暖气 井盖", 0),
        ("search=100%25", 0),
        ("reported_from=2026-11-23T00:00:00Z&reported_to=2026-11-24T00:00:00Z", 2),
        ("reported_to=2026-11-22T00:00:00%2B08:00", 0),
        ("mine=true", 0),
    ],
)
def test_filters_and_words_find_what_they_say(as_, report, query, found):
    report("acceptor")
    report("acceptor", channel="wechat", title="暖气不热", detail="家里暖气不热", region_code="230103001001")
    assert len(as_("bob").get(f"/cases?{query}").get_json()["items"]) == found
    assert as_("bob").get(f"/cases/counts?{query}").get_json()["total"] == found


@pytest.mark.parametrize(
    "query", ["sort=title", "limit=0", "limit=201", "limit=ten", "mine=yes", "reported_from=yesterday"]
)
def test_a_filter_that_cannot_be_meant_is_refused(as_, query):
    answer = as_("bob").get(f"/cases?{query}")
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"] == query.partition("=")[0]


def test_comments_are_added_and_kept(as_, report):
    case = report("acceptor")
    made = as_("alice").post(f"/cases/{case['id']}/comments", {"text": "  已到现场查看  "})
    assert made.status_code == 201
    assert (made.get_json()["author"], made.get_json()["text"]) == ("alice", "已到现场查看")
    listed = as_("bob").get(f"/cases/{case['id']}/comments").get_json()["items"]
    assert [one["text"] for one in listed] == ["已到现场查看"]
    assert as_("charlie").post(f"/cases/{case['id']}/comments", {"text": "x"}).status_code == 404
    assert as_("alice").post(f"/cases/{case['id']}/comments", {"text": " "}).status_code == 422


@pytest.mark.parametrize("code", ["AAAAAAAAAAAA", "x", "a" * 64])
def test_a_query_code_that_was_never_given_answers_nothing(as_, code):
    assert as_(None).get(f"/public/cases/{code}").status_code == 404


def test_guessing_query_codes_is_slowed_down(as_):
    answers = [as_(None).get(f"/public/cases/CODE{number:08d}").status_code for number in range(61)]
    assert set(answers[:60]) == {404}
    assert answers[60] == 429


def test_a_confidential_report_shows_the_public_no_title(as_, complete_report):
    body = complete_report(channel="wechat", confidential=True, reporter_name=None, reporter_phone=None)
    made = as_("citizen").post("/cases", body).get_json()
    assert as_(None).get(f"/public/cases/{made['query_code']}").get_json()["title"] is None


def test_two_clerks_report_at_once_and_both_get_their_own_numbers(as_, report):
    assert report("acceptor")["id"] != report("acceptor2")["id"]
