"""Inboxes and the work on one task."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest


@pytest.fixture
def task(as_, report):
    case = report("acceptor")
    [found] = as_("acceptor").get(f"/user-tasks?case_id={case['id']}").get_json()["items"]
    return found


def test_a_row_of_the_inbox_shows_the_task_its_light_and_its_case(as_, task):
    assert (task["name"], task["lane"], task["light"], task["status"]) == ("受理登记", "受理员", "绿", "open")
    assert task["case"]["title"] == "小区井盖丢失"
    assert task["due_at"]


def test_a_task_comes_with_its_form_its_case_and_its_revision(as_, task):
    answer = as_("acceptor").get(f"/user-tasks/{task['id']}")
    shown = answer.get_json()
    assert shown["form"]["properties"]["action"]["oneOf"]
    assert shown["case"]["detail"]
    assert answer.headers["ETag"] == f'"{shown["revision"]}"'


def test_claiming_takes_a_task_out_of_every_pool(as_, task):
    claimed = as_("acceptor").post(f"/user-tasks/{task['id']}/claim", {})
    assert claimed.get_json()["assignee"] == "acceptor"
    assert as_("acceptor2").get("/user-tasks").get_json()["items"] == []
    assert [one["id"] for one in as_("acceptor").get("/user-tasks?box=mine").get_json()["items"]] == [task["id"]]
    assert as_("acceptor").get("/user-tasks?box=pool").get_json()["items"] == []


def test_a_second_claim_gets_the_fresh_task_with_the_refusal(as_, task):
    as_("acceptor").post(f"/user-tasks/{task['id']}/claim", {})
    late = as_("acceptor2").post(f"/user-tasks/{task['id']}/claim", {})
    assert late.status_code == 409
    document = late.get_json(force=True)
    assert document["code"] == "task-taken"
    assert document["current"]["assignee"] == "acceptor"
    assert document["current"]["light"] == "绿"
    assert "acceptor" in document["detail"]


def test_giving_back_is_for_the_holder(as_, task):
    as_("acceptor").post(f"/user-tasks/{task['id']}/claim", {})
    assert as_("acceptor2").post(f"/user-tasks/{task['id']}/unclaim", {}).status_code == 403
    assert as_("acceptor").post(f"/user-tasks/{task['id']}/unclaim", {}).get_json()["assignee"] is None
    assert [one["id"] for one in as_("acceptor2").get("/user-tasks").get_json()["items"]] == [task["id"]]


def test_a_leader_assigns_to_a_candidate_and_to_nobody_else(as_, task):
    path = f"/user-tasks/{task['id']}/assign"
    assert as_("acceptor").post(path, {"assignee": "acceptor2"}).status_code == 403
    stranger = as_("leader").post(path, {"assignee": "charlie"})
    assert stranger.status_code == 422
    assert [(one["where"], one["code"]) for one in stranger.get_json(force=True)["errors"]] == [
        ("assignee", "not-a-candidate")
    ]
    assert as_("leader").post(path, {"assignee": "nobody-at-all"}).status_code == 422
    assert as_("leader").post(path, {"assignee": "acceptor2"}).get_json()["assignee"] == "acceptor2"


def test_a_draft_is_kept_for_its_holder_alone(as_, task):
    path = f"/user-tasks/{task['id']}"
    assert as_("acceptor").put(f"{path}/draft", {"draft": {"opinion": "x"}}).status_code == 403
    as_("acceptor").post(f"{path}/claim", {})
    assert as_("acceptor").put(f"{path}/draft", {"draft": {"opinion": "写到一半"}}).status_code == 200
    assert as_("acceptor").get(path).get_json()["draft"] == {"opinion": "写到一半"}
    assert as_("acceptor2").get(path).get_json()["draft"] is None
    assert "写到一半" not in as_("bob").get(path).text


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({}, "action"),
        ({"action": "dance"}, "action"),
        ({"action": "accept", "unknown": 1}, "unknown"),
        ({"action": "accept", "opinion": "长" * 2001}, "opinion"),
        ({"action": "answer"}, "answer"),
        ({"action": "transfer"}, "hotline"),
        ({"action": "supplement"}, "questions"),
    ],
)
def test_an_entry_is_checked_against_the_form_field_by_field(as_, task, entered, field):
    answer = as_("acceptor").post(f"/user-tasks/{task['id']}/complete", {"submission": entered})
    assert answer.status_code == 422, answer.text
    document = answer.get_json(force=True)
    assert document["code"] == "form-invalid"
    assert field in {one["where"] for one in document["errors"]}
    assert as_("acceptor").get(f"/user-tasks/{task['id']}").get_json()["status"] == "open"


def test_a_stale_revision_is_refused_in_the_header_and_in_the_body(as_, task):
    path = f"/user-tasks/{task['id']}/complete"
    as_("acceptor").post(f"/user-tasks/{task['id']}/claim", {})
    entered = {"submission": {"action": "accept"}}
    header = as_("acceptor").post(path, entered, headers={"If-Match": '"0"'})
    body = as_("acceptor").post(path, {**entered, "revision": 0})
    assert (header.status_code, body.status_code) == (409, 409)
    assert header.get_json(force=True)["current"]["revision"] == 1
    both = as_("acceptor").post(path, {**entered, "revision": 0}, headers={"If-Match": '"1"'})
    assert both.get_json(force=True)["errors"][0]["code"] == "revisions-differ"
    odd = as_("acceptor").post(path, entered, headers={"If-Match": "one"})
    assert odd.get_json(force=True)["errors"][0]["code"] == "if-match-malformed"
    assert as_("acceptor").post(path, entered, headers={"If-Match": '"1"'}).status_code == 200


def test_of_two_people_who_finish_one_task_one_wins_and_the_other_sees_the_fresh_state(app, as_, task):
    def finish(who):
        return as_(who).post(f"/user-tasks/{task['id']}/complete", {"submission": {"action": "accept"}})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(finish, ("acceptor", "acceptor2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409).get_json(force=True)
    assert loser["code"] == "task-ended"
    assert loser["current"]["status"] == "completed"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?light=绿", 3),
        ("?light=红", 0),
        ("?element=register", 3),
        ("?element=sign", 0),
        ("?process_key=case_lifecycle", 3),
        ("?process_key=dispatch", 0),
        ("?facet=district:230103", 1),
        ("?facet=district:230102", 2),
        ("?facet=channel:wechat", 1),
        ("?facet=channel:wechat&facet=district:230103", 0),
        ("?sort=-priority", 3),
        ("?sort=created", 3),
        ("?sort=-due", 3),
        ("?box=mine", 0),
        ("?box=pool", 3),
        ("?box=done", 0),
        ("?limit=2", 2),
    ],
)
def test_an_inbox_is_filtered_sorted_and_paged(as_, report, query, found):
    report("acceptor")
    report("acceptor", channel="wechat")
    report("acceptor", region_code="230103001001")
    assert len(as_("acceptor").get(f"/user-tasks{query}").get_json()["items"]) == found


@pytest.mark.parametrize("sort", ["due", "-due", "created", "-created", "priority", "-priority"])
def test_pages_of_an_inbox_show_every_task_once(as_, report, clock, sort):
    for number in range(5):
        clock.advance(timedelta(minutes=1))
        report("acceptor", title=f"井盖{number}")
    whole = [one["id"] for one in as_("acceptor").get(f"/user-tasks?sort={sort}").get_json()["items"]]
    seen, after = [], ""
    while after is not None:
        page = as_("acceptor").get(f"/user-tasks?sort={sort}&limit=2" + (f"&after={after}" if after else "")).get_json()
        seen += [one["id"] for one in page["items"]]
        after = page["next_after"]
    assert seen == whole
    assert len(set(seen)) == 5


def test_counts_follow_each_action_and_the_lights_of_the_clock(as_, report, clock):
    report("acceptor")
    counts = as_("acceptor").get("/user-tasks/counts").get_json()
    assert counts == {"total": 1, "lights": {"绿": 1, "黄": 0, "红": 0, "灰": 0}}
    clock.advance(timedelta(days=2))
    assert as_("acceptor").get("/user-tasks/counts").get_json()["lights"]["红"] == 1
    assert [one["light"] for one in as_("acceptor").get("/user-tasks?light=红").get_json()["items"]] == ["红"]


@pytest.mark.parametrize(
    "query",
    ["box=theirs", "sort=name", "light=紫", "facet=noseparator", "facet=Upper:x", "limit=0", "user=bob", "groups=x"],
)
def test_a_filter_of_an_inbox_that_cannot_be_meant_is_refused(as_, query):
    answer = as_("acceptor").get(f"/user-tasks?{query}")
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"].startswith(query.partition("=")[0])


def test_counts_are_of_open_work_only(as_):
    answer = as_("acceptor").get("/user-tasks/counts?box=done")
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"] == "box"


def test_a_task_has_comments_and_files_of_its_own(as_, task):
    made = as_("acceptor").post(f"/user-tasks/{task['id']}/comments", {"text": "请补充照片"})
    assert made.get_json()["task_id"] == task["id"]
    assert [one["text"] for one in as_("bob").get(f"/user-tasks/{task['id']}/comments").get_json()["items"]] == [
        "请补充照片"
    ]
    assert as_("charlie").get(f"/user-tasks/{task['id']}/comments").status_code == 404
    assert as_("acceptor").get(f"/user-tasks/{task['id']}/attachments").get_json() == {"items": []}
