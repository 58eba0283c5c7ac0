"""Check-ins, tracks and figures of patrols: near and far, true and made up, on time and afterwards; who sees them."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from registers.org import AccountRegister
from registers.patrols import to_gcj02
from tests.acceptance.patrols import PLACES, District, metres_north


@pytest.fixture
def district(as_, app, clock):
    return District(as_, app, clock)


@pytest.fixture
def task_id(district):
    """Give a patrol of alice's that she has received."""
    made = district.order()[0]["id"]
    district.work("alice", made, action="receive")
    return made


def problem(answer):
    [error] = answer.get_json(force=True)["errors"]
    return error["where"], error["message"]


@pytest.mark.rows("R164")
def test_a_check_in_is_possible_inside_the_radius_only_and_the_refusal_names_the_distance(district, task_id):
    refused = district.check("alice", task_id, "某小学", metres=130)
    assert refused.status_code == 422
    where, message = problem(refused)
    assert where == "longitude"
    assert "130 米" in message
    assert "80 米" in message
    assert district.task(task_id)["done"] == 0
    assert district.task(task_id)["checks"] == []
    answer = district.check("alice", task_id, "某小学", metres=79)
    assert answer.status_code == 201
    check = answer.get_json()["check"]
    assert (round(check["distance_m"]), check["verdict"]) == (79, "accepted")
    assert check["rule"]["decision"] == "patrol_check_in"
    assert check["rule"]["version"] == 1


@pytest.mark.rows("R164")
def test_a_phone_and_a_map_of_different_systems_speak_of_the_same_spot(district, task_id):
    longitude, latitude = to_gcj02(PLACES["某小学"][:2])
    shifted = {"longitude": longitude, "latitude": latitude}
    as_wgs = district.check("alice", task_id, "某小学", **shifted)
    assert as_wgs.status_code == 422
    as_gcj = district.check("alice", task_id, "某小学", coordinate_system="GCJ-02", **shifted)
    assert as_gcj.status_code == 201
    assert as_gcj.get_json()["check"]["distance_m"] < 1


@pytest.mark.rows("R164")
def test_what_is_inaccurate_or_made_up_is_refused_or_kept_as_doubtful_and_never_counts(district, as_, task_id):
    refused = district.check("alice", task_id, "某小学", accuracy_m=180)
    assert refused.status_code == 422
    assert problem(refused)[0] == "accuracy_m"
    vague = district.check("alice", task_id, "某小学", accuracy_m=80)
    assert (vague.status_code, vague.get_json()["check"]["verdict"], vague.get_json()["done"]) == (201, "doubtful", 0)
    mock = district.check("alice", task_id, "某公园", mock=True, metres=3000)
    assert (mock.status_code, mock.get_json()["check"]["verdict"], mock.get_json()["done"]) == (201, "doubtful", 0)
    assert mock.get_json()["check"]["rule"]["reason"] == "mock"
    assert district.work("alice", task_id, action="finish") == "patrol"
    assert district.task(task_id)["stage_name"] == "巡查中"
    district.clock.advance(timedelta(minutes=1))
    true = district.check("alice", task_id, "某小学")
    assert (true.status_code, true.get_json()["check"]["round"], true.get_json()["done"]) == (201, 2, 1)
    events = as_("auditor").get(f"/history/events?case_id={task_id}&limit=200").get_json()["items"]
    doubted = [one["data"]["reason"] for one in events if one["kind"] == "patrol.check_doubted"]
    assert doubted == ["accuracy", "mock"]


@pytest.mark.rows("R164")
def test_an_object_that_cannot_be_reached_is_explained_from_near_by(district, task_id):
    silent = district.check("alice", task_id, "某小学", metres=300, result="unreachable", answers={})
    assert problem(silent)[0] == "finding"
    far = district.check("alice", task_id, "某小学", metres=900, result="unreachable", answers={}, finding="封路")
    assert problem(far)[0] == "longitude"
    near = district.check("alice", task_id, "某小学", metres=300, result="unreachable", answers={}, finding="封路")
    assert (near.status_code, near.get_json()["done"]) == (201, 1)


@pytest.mark.rows("R164", "R166")
def test_answers_follow_the_checklist(district, task_id):
    for answers, field in (
        ({}, "answers.exit"),
        ({"exit": "yes"}, "answers.exit"),
        ({"exit": True, "people": "many"}, "answers.people"),
        ({"exit": True, "people": True}, "answers.people"),
        ({"exit": True, "weather": "fine"}, "answers.weather"),
    ):
        refused = district.check("alice", task_id, "某小学", answers=answers)
        assert refused.status_code == 422, answers
        assert problem(refused)[0] == field
    assert problem(district.check("alice", task_id, "某小学", result="abnormal"))[0] == "finding"
    kept = district.check("alice", task_id, "某小学", answers={"exit": False, "people": 40})
    assert kept.get_json()["check"]["answers"] == {"exit": False, "people": 40}


@pytest.mark.rows("R164")
def test_a_phone_may_send_again_and_whoever_says_something_else_says_why(district, task_id):
    at = district.clock.now().isoformat()
    first = district.check("alice", task_id, "某小学", at=at)
    again = district.check("alice", task_id, "某小学", at=at)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    district.clock.advance(timedelta(minutes=5))
    other = district.check("alice", task_id, "某小学", result="abnormal", finding="门锁损坏")
    assert other.status_code == 409
    assert other.get_json(force=True)["code"] == "patrol-object-checked"
    corrected = {"result": "abnormal", "finding": "门锁损坏", "correction_reason": "点错了"}
    # A correction is about what was found, not about where she is now.
    kept = district.check("alice", task_id, "某小学", metres=5000, **corrected)
    assert kept.status_code == 201, kept.text
    task = district.task(task_id)
    [school] = [one for one in task["objects"] if one["name"] == "某小学"]
    assert (school["result"], school["checked_at"]) == ("abnormal", first.get_json()["check"]["at"])
    assert [one["round"] for one in task["checks"]] == [1, 2]
    assert task["done"] == 1
    # What was never visited is not corrected into a visit.
    assert district.check("alice", task_id, "某公园", metres=5000, **corrected).status_code == 422


@pytest.mark.rows("R164")
def test_check_ins_are_the_members_alone_and_lie_in_the_time_of_the_task(district, as_, task_id, clock):
    for who, status in (("warden", 403), ("pat", 403), ("walter", 404), ("charlie", 404), ("citizen", 403)):
        assert district.check(who, task_id, "某小学").status_code == status, who
    assert district.check("alice", "nothing", "某小学").status_code == 404
    assert as_("alice").post(f"/patrol-tasks/{task_id}/checks", {}).status_code == 422
    elsewhere = district.check("alice", task_id, "某小学", object_id="nothing")
    assert elsewhere.status_code == 404
    clock.advance(timedelta(hours=2))
    for minutes, status in ((-150, 422), (10, 422), (-60, 201)):
        at = (clock.now() + timedelta(minutes=minutes)).isoformat()
        answer = district.check("alice", task_id, "某小学", at=at)
        assert answer.status_code == status, (minutes, answer.text)
    for wrong in (
        {"longitude": 181},
        {"accuracy_m": -1},
        {"result": "fine"},
        {"coordinate_system": "MARS"},
        {"at": "now"},
    ):
        assert district.check("alice", task_id, "某公园", **wrong).status_code == 422, wrong


def fixes(begin, steps, *, place="某小学", every=20, step_m=25.0, **changes):
    """Return fixes of a walk to the north: `steps` of them, `every` seconds and `step_m` metres apart."""
    longitude, latitude, *_ = PLACES[place]
    return [
        {
            "at": (begin + timedelta(seconds=every * number)).isoformat(),
            "longitude": longitude,
            "latitude": latitude + metres_north(step_m * number),
            "accuracy_m": 8,
        }
        | changes
        for number in range(steps)
    ]


@pytest.mark.rows("R168", "R280")
def test_a_track_is_kept_in_any_order_once_and_measured_after_cleaning(district, as_, task_id, clock):
    begin = clock.now()
    clock.advance(timedelta(hours=1))
    walk = fixes(begin, 41)
    inaccurate = fixes(begin + timedelta(seconds=5), 3, accuracy_m=120, step_m=400)
    jump = [walk[10] | {"at": (begin + timedelta(seconds=205)).isoformat(), "latitude": 46.9}]
    address = f"/patrol-tasks/{task_id}/track"
    answer = as_("alice").post(address, {"points": [*reversed(walk), *inaccurate, *jump]})
    assert answer.get_json() == {"added": 45, "known": 0, "ignored": 0}
    again = as_("alice").post(address, {"points": walk[5:15]})
    assert again.get_json() == {"added": 0, "known": 10, "ignored": 0}
    outside = fixes(begin - timedelta(days=1), 5) + fixes(clock.now() + timedelta(hours=1), 5)
    assert as_("alice").post(address, {"points": outside}).get_json()["ignored"] == 10
    track = as_("alice").get(address).get_json()
    assert (len(track["points"]), track["inaccurate"], track["jumps"], track["gaps"]) == (41, 3, 1, [])
    assert track["kilometres"] == pytest.approx(1.0, abs=0.002)
    assert track["duration_minutes"] == pytest.approx(40 * 20 / 60, abs=0.1)
    assert district.task(task_id)["stage_name"] == "巡查中"


@pytest.mark.rows("R168")
def test_a_gap_is_told_and_its_way_is_counted_as_the_crow_flies(district, as_, task_id, clock):
    begin = clock.now()
    clock.advance(timedelta(hours=2))
    first = fixes(begin, 5)
    later = [
        one | {"at": (datetime.fromisoformat(one["at"]) + timedelta(minutes=30)).isoformat(), "mock": True}
        for one in fixes(begin + timedelta(seconds=100), 5, step_m=25)
    ]
    as_("alice").post(f"/patrol-tasks/{task_id}/track", {"points": first + later})
    track = as_("pat").get(f"/patrol-tasks/{task_id}/track").get_json()
    assert len(track["gaps"]) == 1
    assert track["gaps"][0]["minutes"] == pytest.approx(30.3, abs=0.1)
    assert track["mocked"] == 5
    assert track["kilometres"] == pytest.approx(0.3, abs=0.002)


@pytest.mark.rows("R168", "R280")
def test_a_track_is_the_members_and_of_those_who_answer_for_her_and_begins_when_she_receives(district, as_, clock):
    made = district.order()[0]["id"]
    address = f"/patrol-tasks/{made}/track"
    body = {"points": fixes(clock.now(), 2)}
    assert as_("alice").post(address, body).status_code == 409
    district.work("alice", made, action="receive")
    assert as_("alice").post(address, body).status_code == 200
    for who in ("warden", "pat", "walter"):
        assert as_(who).post(address, body).status_code in (403, 404), who
    for who, status in (("alice", 200), ("warden", 200), ("pat", 200), ("bob", 404), ("walter", 404), ("citizen", 403)):
        assert as_(who).get(address).status_code == status, who
    assert as_("bob").get(f"/patrol-tasks/{made}").get_json()["checks"] == []
    district.work("alice", made, action="give_up", reason="下雨")
    late = {"points": fixes(clock.now() - timedelta(seconds=200), 3)}
    assert as_("alice").post(address, late).get_json() == {"added": 3, "known": 0, "ignored": 0}


@pytest.mark.rows("R168", "R170")
def test_the_figures_of_a_day_equal_what_was_counted_by_hand(district, as_, clock):
    clock.instant = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    first = district.order(title="上午")[0]["id"]
    second = district.order(title="下午", objects=[district.objects["某公园"]], limit_value=1, limit_unit="自然小时")
    second = second[0]["id"]
    district.order(title="道外", members=["wendy"], objects=[district.objects["某公园"]], unit="230102001")
    begin = clock.now()
    for one in (first, second):
        district.work("alice", one, action="receive")
    clock.advance(timedelta(minutes=10))
    district.check("alice", first, "某小学")
    clock.advance(timedelta(minutes=10))
    district.check("alice", first, "某公园", result="abnormal", finding="护栏松动", report_case=True)
    clock.advance(timedelta(minutes=10))
    district.check("alice", first, "某加油站", mock=True)
    as_("alice").post(f"/patrol-tasks/{first}/track", {"points": fixes(begin, 61)})
    as_("alice").post(
        f"/patrol-tasks/{second}/track", {"points": fixes(begin, 11) + fixes(begin + timedelta(minutes=15), 2)}
    )
    clock.advance(timedelta(hours=1))
    district.run()
    rows = as_("pat").get("/patrol-statistics?day=2026-11-23").get_json()["items"]
    assert [(one["member"], one["unit"]) for one in rows] == [("alice", "230102"), ("wendy", "230102001")]
    figures = rows[0]
    # Walks of 60 x 25 m and 10 x 25 m, then back to where it began; a gap from 200 s to 900 s.
    assert figures.pop("kilometres") == pytest.approx(1.5 + 0.25 + 0.25 + 0.025, abs=0.003)
    # From 0 to 20 minutes (track and visits) and from 0 to 15 min 20 s.
    assert figures.pop("duration_minutes") == pytest.approx(20 + 15.3, abs=0.1)
    assert figures.pop("gap_minutes") == pytest.approx(700 / 60, abs=0.1)
    assert figures == {
        "member": "alice",
        "member_name": "爱丽丝",
        "unit": "230102",
        "unit_name": "道里区社会治理指挥中心",
        "tasks": 2,
        "points_planned": 4,
        "points": 2,
        "abnormal": 1,
        "doubtful": 1,
        "cases": 1,
        "finished": 0,
        "missed": 1,
        "gaps": 1,
    }
    assert as_("pat").get("/patrol-statistics?day=2026-11-24").get_json()["items"] == []
    assert [one["member"] for one in _items(as_, "pat", "day=2026-11-23&unit=230102001")] == ["wendy"]
    assert as_("pat").get("/patrol-statistics?day=yesterday").status_code == 422


def _items(as_, who, query):
    return as_(who).get(f"/patrol-statistics?{query}").get_json()["items"]


@pytest.mark.rows("R168")
def test_the_figures_come_as_a_table_too(district, as_, task_id):
    district.check("alice", task_id, "某小学")
    for options in ({"query": "?format=csv"}, {"query": "", "headers": {"Accept": "text/csv"}}):
        answer = as_("pat").get(f"/patrol-statistics{options.pop('query')}", **options)
        assert answer.mimetype == "text/csv"
        assert "attachment" in answer.headers["Content-Disposition"]
        [head, row] = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
        figures = dict(zip(head, row, strict=True))
        assert (figures["巡查员"], figures["已巡点位"], figures["应巡点位"]) == ("爱丽丝", "1", "3")
    for who, status in (("alice", 403), ("citizen", 403), ("bob", 200), ("warden", 200), ("pit", 200)):
        assert as_(who).get("/patrol-statistics").status_code == status, who


def test_tasks_are_seen_by_their_member_their_area_and_the_centre(district, as_):
    made = district.order(members=["alice"])[0]["id"]
    below = district.order(members=["wendy"], unit="230102001")[0]["id"]
    for who, expected in (
        ("alice", {made}),
        ("wendy", {below}),
        ("walter", set()),
        ("charlie", set()),
        ("pat", {made, below}),
        ("pit", {made, below}),
        ("warden", {made, below}),
        ("bob", {made, below}),
        ("leader", {made, below}),
    ):
        assert {one["id"] for one in district.tasks(who)} == expected, who
        for one in (made, below):
            assert as_(who).get(f"/patrol-tasks/{one}").status_code == (200 if one in expected else 404), (who, one)
    for who in ("citizen", "handler", "admin", "designer"):
        assert as_(who).get("/patrol-tasks").status_code == 403, who
    assert [one["id"] for one in district.tasks("pat", mine="true")] == []
    assert {one["id"] for one in district.tasks("pat", stage="dispatched")} == {made, below}
    assert district.tasks("pat", stage="finished") == []
    assert as_("pat").get("/patrol-tasks?stage=lost").status_code == 422
    assert {one["id"] for one in district.tasks("pat", search="节前")} == {made, below}
    assert district.tasks("pat", search="没有") == []
    assert as_("alice").get(f"/patrol-tasks/{made}/deadlines").get_json()["items"][0]["name"] == "巡查时限"


@pytest.mark.rows("R166")
def test_a_person_who_is_looked_after_is_known_to_those_who_visit_her_only(district, as_):
    person = district.add_object("李某某", 126.615, 45.771, "care_person", "medium")
    made = district.order(category="care_person", objects=[person])[0]["id"]
    for who, name in (("alice", "李某某"), ("pat", "李某某"), ("warden", "李某某"), ("bob", "李*")):
        [shown] = district.task(made, who)["objects"]
        assert shown["name"] == name, who
        assert (shown["address"] is None) is (who == "bob"), who
        assert (shown["longitude"] is None) is (who == "bob"), who
    [listed] = as_("bob").get("/patrol-objects?category=care_person").get_json()["items"]
    assert (listed["name"], listed["longitude"], listed["category_name"]) == ("李*", None, "重点关注人员")
    layer = as_("bob").get("/patrol-objects/geojson").get_json()
    assert len(layer["features"]) == 3
    assert len(as_("pat").get("/patrol-objects/geojson").get_json()["features"]) == 4


@pytest.mark.rows("R166")
def test_what_was_found_at_a_person_tells_who_she_is_to_those_who_may_know_only(district, as_):
    person = district.add_object("李某某", 126.615, 45.771, "care_person", "medium")
    code = as_("pat").get(f"/patrol-objects/{person}").get_json()["code"]
    made = district.order(category="care_person", objects=[person, district.objects["某小学"]])[0]["id"]
    district.work("alice", made, action="receive")
    told = {"result": "abnormal", "finding": "李某某独居，今日未起床", "report_case": True, "object_id": person}
    checked = district.check("alice", made, "某小学", **told, longitude=126.615, latitude=45.771)
    assert checked.status_code == 201, checked.text
    assert checked.get_json()["finding"]["title"] == f"{code}：李某某独居，今日未起床"
    place = {"title": "井盖丢失", "detail": "路人险些踩空", "object_id": district.objects["某小学"]}
    assert as_("alice").post(f"/patrol-tasks/{made}/findings", place).status_code == 201
    for who in ("alice", "pat", "warden"):
        first = district.task(made, who)["findings"][0]
        assert (first["detail"], first["address"]) == ("李某某独居，今日未起床", "兆麟街道李某某"), who
        assert first["longitude"] == 126.615, who
    first, second = district.task(made, "bob")["findings"]
    assert (first["title"], first["detail"], first["address"]) == (code, "***", None)
    assert (first["longitude"], first["latitude"]) == (None, None)
    assert (second["detail"], second["address"]) == ("路人险些踩空", "兆麟街道某小学")
    assert "李某某" not in as_("bob").get(f"/patrol-tasks/{made}").text
    assert "李某某" not in as_("bob").get(f"/patrol-tasks/{made}/timeline").text
    events = as_("auditor").get("/history/events?limit=200")
    assert "patrol.case_reported" in {one["kind"] for one in events.get_json()["items"]}
    patrol_events = [one for one in events.get_json()["items"] if one["kind"].startswith("patrol")]
    assert "李某某" not in str(patrol_events)


@pytest.mark.rows("R166")
def test_a_search_for_a_name_does_not_tell_who_is_looked_after(district, as_):
    person = district.add_object("李某某", 126.615, 45.771, "care_person", "medium")
    code = as_("pat").get(f"/patrol-objects/{person}").get_json()["code"]
    for who, word, found in (
        ("pat", "李某某", [person]),
        ("pit", "李某某", [person]),
        ("bob", "李某某", []),
        ("bob", code, [person]),
        ("bob", "某小学", [district.objects["某小学"]]),
    ):
        listed = as_(who).get(f"/patrol-objects?search={word}").get_json()["items"]
        assert [one["id"] for one in listed] == found, (who, word)
    assert len(as_("pat").get("/patrol-objects/geojson?search=李某某").get_json()["features"]) == 1
    assert as_("bob").get("/patrol-objects/geojson?search=李某某").get_json()["features"] == []


@pytest.mark.rows("R166")
def test_who_may_know_the_people_of_one_district_does_not_know_those_of_another(district, as_, app):
    body = {"name": "王某某", "category": "care_person", "risk": "medium", "region_code": "230103001001"}
    body |= {"address": "南岗某楼", "longitude": 126.66, "latitude": 45.75}
    far = as_("pit").post("/patrol-objects", body)
    assert far.status_code == 201, far.text
    near = district.add_object("李某某", 126.615, 45.771, "care_person", "medium")
    with app.extensions["zhili"].units() as uow:
        accounts = uow.get(AccountRegister)
        accounts.set_groups(accounts.find_by_login("bob").id, ["supervisor@230100", "patrol_manager@230102"])
        uow.commit()
    shown = {one["id"]: one for one in as_("bob").get("/patrol-objects?category=care_person").get_json()["items"]}
    assert (shown[near]["name"], shown[near]["longitude"]) == ("李某某", 126.615)
    hidden = shown[far.get_json()["id"]]
    assert (hidden["name"], hidden["address"], hidden["longitude"]) == ("王*", None, None)
    assert as_("bob").get("/patrol-objects?search=王某某").get_json()["items"] == []


@pytest.mark.parametrize("revision", [-1, 2**63, 2**64 - 1])
def test_a_revision_that_no_object_or_plan_can_have_is_refused(district, as_, revision):
    school = as_("pat").get(f"/patrol-objects/{district.objects['某小学']}").get_json()
    said = ("name", "category", "risk", "region_code", "address", "longitude", "latitude", "coordinate_system")
    body = {name: school[name] for name in said} | {"revision": revision}
    plan = f"/patrol-templates/{district.plan()['id']}"
    for answer in (
        as_("pat").put(f"/patrol-objects/{school['id']}", body),
        as_("pat").put(plan, district.template_body(revision=revision)),
        as_("pat").post(f"{plan}/disable", {"revision": revision}),
    ):
        assert (answer.status_code, problem(answer)[0]) == (422, "revision"), answer.text


@pytest.mark.rows("R168")
def test_a_track_that_comes_after_the_end_does_not_change_the_task(district, as_, task_id, clock):
    walk = fixes(clock.now(), 5)
    clock.advance(timedelta(minutes=10))
    assert as_("pat").post(f"/patrol-tasks/{task_id}/cancellation", {"reason": "大雪"}).status_code == 200
    before = district.task(task_id)
    late = as_("alice").post(f"/patrol-tasks/{task_id}/track", {"points": walk})
    assert late.get_json() == {"added": 5, "known": 0, "ignored": 0}
    after = district.task(task_id)
    assert (after["stage"], after["started_at"], after["revision"]) == ("cancelled", None, before["revision"])


@pytest.mark.rows("R052", "R094")
def test_objects_are_added_and_changed_in_the_area_of_who_plans_there(district, as_):
    layer = as_("pat").get("/patrol-objects/geojson?category=school").get_json()
    [school] = layer["features"]
    assert school["geometry"] == {"type": "Point", "coordinates": [126.612, 45.77]}
    assert (school["properties"]["name"], school["properties"]["coordinate_system"]) == ("某小学", "WGS-84")
    good = {"name": "某合租房", "category": "shared_rental", "risk": "high", "region_code": "230102001001"}
    good |= {"longitude": 126.61, "latitude": 45.77}
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"category": "moon"}, "category"),
        ({"risk": "none"}, "risk"),
        ({"region_code": "1"}, "region_code"),
        ({"region_code": "230000000000"}, "region_code"),
        ({"region_code": "230103001001"}, "region_code"),
        ({"longitude": 200}, "longitude"),
        ({"latitude": "north"}, "latitude"),
        ({"coordinate_system": "MARS"}, "coordinate_system"),
        ({"code": "a b"}, "code"),
    ):
        refused = as_("pat").post("/patrol-objects", good | wrong)
        assert refused.status_code == 422, (wrong, refused.text)
        assert field in {one["where"] for one in refused.get_json(force=True)["errors"]}, (wrong, refused.text)
    made = as_("pat").post("/patrol-objects", good | {"code": "HZF-001"})
    assert made.status_code == 201, made.text
    assert made.get_json()["coordinate_system"] == "GCJ-02"
    taken = as_("pat").post("/patrol-objects", good | {"code": "HZF-001"})
    assert taken.status_code == 409
    address = f"/patrol-objects/{made.get_json()['id']}"
    changed = as_("pat").put(address, good | {"risk": "low", "revision": 1})
    assert (changed.status_code, changed.get_json()["risk_name"]) == (200, "低风险")
    assert as_("pat").put(address, good | {"revision": 1}).status_code == 409
    assert as_("pat").put(address, good | {"region_code": "230103001001"}).status_code == 422
    for who, status in (("warden", 403), ("alice", 403), ("bob", 403)):
        assert as_(who).put(address, good).status_code == status, who
    assert as_("alice").get(address).status_code == 403
    assert as_("warden").get(address).status_code == 200
    events = as_("auditor").get("/history/events?limit=200").get_json()["items"]
    assert [one["kind"] for one in events if one["subject_id"] == made.get_json()["id"]] == [
        "patrol_object.added",
        "patrol_object.changed",
    ]
