"""Alice works in the grid where it happened, Bob supervises, Charlie is a stranger: every endpoint meets all three."""

import io

import pytest

CASE_ENDPOINTS = ("", "/timeline", "/deadlines", "/cards", "/comments", "/attachments")


def open_task(as_, case):
    [task] = as_("acceptor").get(f"/user-tasks?case_id={case['id']}").get_json()["items"]
    return task


@pytest.mark.parametrize("ending", CASE_ENDPOINTS)
def test_a_case_is_there_for_her_area_and_for_the_centre_and_for_nobody_else(as_, report, ending):
    case = report("acceptor")
    path = f"/cases/{case['id']}{ending}"
    assert as_("alice").get(path).status_code == 200
    assert as_("bob").get(path).status_code == 200
    refused = as_("charlie").get(path)
    assert refused.status_code == 404
    assert case["title"] not in refused.text


@pytest.mark.parametrize("ending", CASE_ENDPOINTS)
def test_a_case_that_does_not_exist_looks_the_same_as_one_that_is_not_hers(as_, report, ending):
    case = report("acceptor")
    there = as_("charlie").get(f"/cases/{case['id']}{ending}").get_json(force=True)
    nowhere = as_("charlie").get(f"/cases/{'0' * 36}{ending}").get_json(force=True)
    for document, case_id in ((there, case["id"]), (nowhere, "0" * 36)):
        document["detail"] = document["detail"].replace(case_id, "?")
        document["params"]["id"] = "?"
    assert there == nowhere


def test_lists_and_counts_show_what_the_single_case_shows(as_, report):
    near = report("acceptor")
    far = report("acceptor", region_code="230103001001", title="南岗的井盖")
    for who, seen in (("alice", {near["id"]}), ("charlie", {far["id"]}), ("bob", {near["id"], far["id"]})):
        items = as_(who).get("/cases").get_json()["items"]
        assert {case["id"] for case in items} == seen, who
        counts = as_(who).get("/cases/counts").get_json()
        assert counts["total"] == len(seen)
        assert sum(counts["by_status"].values()) == len(seen)
        assert as_(who).get("/cases?search=南岗").get_json()["items"] == [
            one for one in items if one["id"] == far["id"]
        ]


def test_a_person_sees_the_inboxes_of_her_groups_only(as_, report):
    task = open_task(as_, report("acceptor"))
    for who in ("alice", "bob", "charlie", "handler", "archivist"):
        assert as_(who).get("/user-tasks").get_json()["items"] == [], who
        assert as_(who).get("/user-tasks/counts").get_json()["total"] == 0
    assert [one["id"] for one in as_("acceptor2").get("/user-tasks").get_json()["items"]] == [task["id"]]


@pytest.mark.parametrize(
    ("method", "ending", "body"),
    [
        ("POST", "/claim", {}),
        ("POST", "/unclaim", {}),
        ("POST", "/complete", {"submission": {"action": "accept"}}),
        ("PUT", "/draft", {"draft": {}}),
    ],
)
def test_a_task_of_other_groups_cannot_be_worked_on(as_, report, method, ending, body):
    task = open_task(as_, report("acceptor"))
    for who in ("alice", "bob", "charlie", "handler", "leader"):
        answer = as_(who).call(method, f"/user-tasks/{task['id']}{ending}", json=body)
        assert answer.status_code == 404, (who, answer.text)
    fresh = as_("acceptor").get(f"/user-tasks/{task['id']}").get_json()
    assert (fresh["status"], fresh["assignee"], fresh["revision"]) == ("open", None, task["revision"])


def test_a_task_is_shown_to_those_who_may_see_its_case(as_, report):
    task = open_task(as_, report("acceptor"))
    assert as_("alice").get(f"/user-tasks/{task['id']}").status_code == 200
    assert as_("bob").get(f"/user-tasks/{task['id']}").status_code == 200
    assert as_("charlie").get(f"/user-tasks/{task['id']}").status_code == 404


@pytest.mark.parametrize("ending", ["", "/activities", "/history", "/diagram", "/variables"])
def test_an_instance_is_shown_to_those_who_may_see_its_case(as_, report, ending):
    case = report("acceptor")
    path = f"/process-instances/{case['process_instance_id']}{ending}"
    for who, status in (
        ("alice", 200),
        ("bob", 200),
        ("auditor", 200),
        ("designer", 200),
        ("charlie", 404),
        ("citizen", 403),
    ):
        assert as_(who).get(path).status_code == status, who


def test_instances_are_listed_for_a_named_case_or_for_those_who_may_read_all(as_, report):
    case = report("acceptor")
    assert as_("auditor").get("/process-instances").status_code == 200
    assert as_("alice").get(f"/process-instances?case_id={case['id']}").status_code == 200
    assert as_("alice").get("/process-instances").status_code == 403
    assert as_("charlie").get(f"/process-instances?case_id={case['id']}").status_code == 404


def test_the_reporter_is_masked_for_those_who_need_not_know_her(as_, report):
    case = report("acceptor")
    for who, name, phone in (
        ("bob", "刘某某", "19900001234"),
        ("alice", "刘*", "199****1234"),
        ("auditor", "刘*", "199****1234"),
    ):
        shown = as_(who).get(f"/cases/{case['id']}").get_json()
        assert (shown["reporter_name"], shown["reporter_phone"]) == (name, phone), who
        listed = as_(who).get("/cases").get_json()["items"][0]
        assert (listed["reporter_name"], listed["reporter_phone"]) == (name, phone), who
        assert shown["query_code"] is None


@pytest.mark.parametrize("mark", ["confidential", "anonymous"])
def test_a_reporter_who_asked_for_it_is_hidden(as_, report, mark):
    case = report("acceptor", **{mark: True})
    shown = as_("alice").get(f"/cases/{case['id']}")
    assert shown.get_json()["reporter_name"] is None
    assert shown.get_json()["reporter_phone"] is None
    assert "19900001234" not in shown.text


def test_who_worked_on_a_case_may_read_it_afterwards(as_, report):
    case = report("acceptor", region_code="230103001001")
    assert as_("handler").get(f"/cases/{case['id']}").status_code == 404
    task = open_task(as_, case)
    answer = as_("acceptor").post(f"/user-tasks/{task['id']}/complete", {"submission": {"action": "accept"}})
    assert answer.status_code == 200
    done = as_("acceptor").get("/user-tasks?box=done").get_json()["items"]
    assert [one["id"] for one in done] == [task["id"]]
    assert done[0]["submission"] == {"action": "accept"}


def test_a_file_of_a_case_is_given_to_those_who_may_see_the_case(as_, report):
    case = report("acceptor")
    made = upload(as_("acceptor"), f"/cases/{case['id']}/attachments", "照片.png", PNG)
    assert made.status_code == 201, made.text
    path = f"/attachments/{made.get_json()['id']}/content"
    shown = as_("alice").get(path)
    assert shown.data == PNG
    assert shown.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert as_("charlie").get(path).status_code == 404
    assert as_("citizen").get(path).status_code == 404


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def upload(person, path, name, content):
    return person.call("POST", path, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("script.png", b"<svg onload='alert(1)'>", "file-name-misleads"),
        ("page.html", b"<html><script>alert(1)</script></html>", "file-name-misleads"),
        ("program.exe", b"MZ\x90\x00\x03\x00\x00\x00", "file-type-refused"),
        ("picture.pdf", PNG, "file-name-misleads"),
        ("empty.png", b"", "file-empty"),
    ],
)
def test_a_file_of_the_wrong_type_is_refused_with_its_field(as_, report, name, content, code):
    case = report("acceptor")
    answer = upload(as_("acceptor"), f"/cases/{case['id']}/attachments", name, content)
    assert answer.status_code == 422, answer.text
    assert [(one["where"], one["code"]) for one in answer.get_json(force=True)["errors"]] == [("file", code)]


def test_an_upload_without_a_file_names_the_field(as_, report):
    case = report("acceptor")
    answer = as_("acceptor").call(
        "POST", f"/cases/{case['id']}/attachments", data={"x": "y"}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"] == "file"
