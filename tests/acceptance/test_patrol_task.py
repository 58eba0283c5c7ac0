"""A patrol is received, walked and finished over the interface; it is reminded of, missed, ended and taken back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.config import ROOT
from tests.acceptance.patrols import CHECKLIST, PLACES, District

LOCAL = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def district(as_, app, clock):
    return District(as_, app, clock)


def history(as_, task_id):
    """Return the kinds of what happened to a task, oldest first."""
    page = as_("auditor").get(f"/history/events?case_id={task_id}&limit=200").get_json()["items"]
    return [one["kind"] for one in page if one["kind"].startswith("patrol.")]


def notices(as_, who, kind):
    items = as_(who).get("/notices?limit=200").get_json()["items"]
    return [one for one in items if one["kind"] == kind]


@pytest.mark.rows("R164", "R166", "R169", "R281")
def test_a_patrol_given_by_hand_is_received_walked_object_by_object_and_finished(district, as_):
    tasks = district.order(members=["alice", "walter"])
    assert [one["member"] for one in tasks] == ["alice", "walter"]
    task_id = tasks[0]["id"]
    assert (tasks[0]["stage_name"], tasks[0]["done"], tasks[0]["total"]) == ("已派发", 0, 3)
    [slip] = notices(as_, "alice", "patrol.dispatched")
    assert "共 3 处" in slip["text"]
    [open_] = district.inbox("alice")
    assert (open_["element_id"], open_["facets"]["subject"]) == ("receive_patrol", "《节前安全巡查》")
    assert open_["due_at"] == district.task(task_id)["due_at"]
    early = district.check("alice", task_id, "某小学")
    assert early.status_code == 409
    assert early.get_json(force=True)["code"] == "patrol-not-under-way"
    assert district.work("alice", task_id, action="receive") == "receive_patrol"
    assert district.task(task_id)["stage_name"] == "已接收"
    for number, name in enumerate(PLACES, start=1):
        answer = district.check("alice", task_id, name)
        assert answer.status_code == 201, answer.text
        assert (answer.get_json()["done"], answer.get_json()["total"]) == (number, 3)
        [row] = district.tasks(member="alice")
        assert (row["done"], row["stage_name"]) == (number, "巡查中")
    assert district.work("alice", task_id, action="finish", log="三处均正常") == "patrol"
    task = district.task(task_id)
    assert (task["stage_name"], task["log"], task["light"]) == ("已完成", "三处均正常", "绿")
    assert [one["result"] for one in task["objects"]] == ["normal"] * 3
    assert history(as_, task_id) == [
        "patrol.dispatched",
        "patrol.received",
        *["patrol.checked"] * 3,
        "patrol.finished",
    ]
    timeline = as_("alice").get(f"/patrol-tasks/{task_id}/timeline").get_json()
    assert timeline["complete"] is True
    steps = [one["what"] for one in timeline["entries"] if one["code"].startswith("patrol.")]
    assert steps == ["派发", "接收", "打卡", "打卡", "打卡", "完成巡查"]
    assert as_("charlie").get(f"/patrol-tasks/{task_id}/timeline").status_code == 404
    [instance] = as_("auditor").get(f"/process-instances?case_id={task_id}").get_json()["items"]
    assert (instance["status"], instance["id"]) == ("completed", task["process_instance_id"])
    assert district.tasks(member="walter")[0]["stage_name"] == "已派发"
    assert district.incidents() == []


@pytest.mark.rows("R164")
def test_a_member_hands_a_patrol_over_with_a_reason_to_somebody_who_patrols_there(district, as_):
    task_id = district.order()[0]["id"]
    [open_] = district.inbox("alice")
    address = f"/user-tasks/{open_['id']}/complete"
    for entered, field in (
        ({"action": "hand_over", "new_member": "walter"}, "reason"),
        ({"action": "hand_over", "reason": "休假"}, "new_member"),
        ({"action": "lose"}, "action"),
    ):
        refused = as_("alice").post(address, {"submission": entered})
        assert refused.status_code == 422, entered
        assert field in {one["where"] for one in refused.get_json(force=True)["errors"]}
    for unfit in ("charlie", "acceptor", "nobody.here", "alice"):
        district.work("alice", task_id, action="hand_over", new_member=unfit, reason="休假")
        assert district.task(task_id)["member"] == "alice"
    assert len(notices(as_, "alice", "patrol.unfit_member")) == 4
    district.work("alice", task_id, action="hand_over", new_member="Walter", reason="休假")
    assert district.task(task_id)["member"] == "walter"
    assert district.inbox("alice") == []
    assert "休假" in notices(as_, "walter", "patrol.dispatched")[0]["text"]
    assert as_("alice").get(f"/patrol-tasks/{task_id}").status_code == 404
    district.work("walter", task_id, action="receive")
    assert district.check("alice", task_id, "某小学").status_code == 404
    assert district.check("walter", task_id, "某小学").status_code == 201
    assert "patrol.handed_over" in history(as_, task_id)


@pytest.mark.rows("R164")
def test_a_patrol_of_a_plan_is_not_handed_over_to_who_has_it_already(district):
    district.plan(members=["alice", "walter"])
    district.run(days=1)
    [task] = district.tasks(member="alice")
    district.work("alice", task["id"], action="hand_over", new_member="walter", reason="休假")
    assert district.task(task["id"])["member"] == "alice"


@pytest.mark.rows("R164", "R166")
def test_what_was_not_visited_comes_back_to_the_member_until_it_is_visited_or_explained(district, as_):
    task_id = district.order()[0]["id"]
    district.work("alice", task_id, action="receive")
    district.check("alice", task_id, "某小学")
    assert district.work("alice", task_id, action="finish", log="写早了") == "patrol"
    assert district.task(task_id)["stage_name"] == "巡查中"
    [missing] = notices(as_, "alice", "patrol.unchecked")
    assert "某公园、某加油站" in missing["text"]
    [open_] = district.inbox("alice")
    assert open_["element_id"] == "patrol"
    refused = as_("alice").post(f"/user-tasks/{open_['id']}/complete", {"submission": {"action": "give_up"}})
    assert refused.status_code == 422
    district.work("alice", task_id, action="give_up", reason="两处封路，明日补巡", log="封路")
    task = district.task(task_id)
    assert (task["stage_name"], task["reason"], task["done"]) == ("未完成", "两处封路，明日补巡", 1)
    assert task["performance"] == []
    assert district.check("alice", task_id, "某公园").status_code == 409


@pytest.mark.rows("R165", "R070", "R281")
def test_a_finding_becomes_a_case_in_one_tap_and_both_know_each_other(district, as_):
    task_id = district.order()[0]["id"]
    district.work("alice", task_id, action="receive")
    told = {"result": "abnormal", "finding": "井盖丢失，路人险些踩空", "report_case": True}
    answer = district.check("alice", task_id, "某小学", **told)
    assert answer.status_code == 201, answer.text
    finding = answer.get_json()["finding"]
    case_id = finding["case_id"]
    assert case_id
    district.run()
    case = as_("bob").get(f"/cases/{case_id}").get_json()
    assert (case["channel"], case["channel_name"]) == ("patrol", "巡查上报")
    assert case["external_id"] == f"{task_id}/1"
    assert case["title"] == "某小学：井盖丢失，路人险些踩空"
    assert (case["region_code"], case["street"]) == ("230102001001", "230102001")
    assert (case["longitude"], case["coordinate_system"]) == (PLACES["某小学"][0], "WGS-84")
    assert case["category_name"]
    assert case["process_instance_id"]
    [instance] = as_("auditor").get(f"/process-instances?case_id={case_id}").get_json()["items"]
    assert (instance["process_key"], instance["status"]) == ("case_lifecycle", "active")
    assert [one["id"] for one in district.tasks(case_id=case_id)] == [task_id]
    assert district.task(task_id)["findings"][0]["case_id"] == case_id
    assert case_id in [one["id"] for one in as_("alice").get("/cases?mine=true").get_json()["items"]]
    assert district.inbox("alice")[0]["element_id"] == "patrol"
    again = district.check("alice", task_id, "某小学", at=answer.get_json()["check"]["at"], **told)
    assert again.status_code == 200
    assert again.get_json()["finding"]["case_id"] == case_id
    assert len(district.task(task_id)["findings"]) == 1
    assert district.incidents() == []


@pytest.mark.rows("R165", "R281")
def test_findings_off_the_objects_are_reported_as_often_as_there_are_some(district, as_):
    task_id = district.order()[0]["id"]
    district.work("alice", task_id, action="receive")
    body = {"title": "占道经营", "detail": "校门北侧流动摊贩占道", "region_code": "230102001002"}
    body |= {"longitude": 126.61, "latitude": 45.76, "coordinate_system": "GCJ-02"}
    numbers = []
    for _ in range(3):
        answer = as_("alice").post(f"/patrol-tasks/{task_id}/findings", body)
        assert answer.status_code == 201, answer.text
        numbers.append(answer.get_json()["number"])
        assert as_("bob").get(f"/cases/{answer.get_json()['case_id']}").get_json()["region_code"] == "230102001002"
    assert numbers == [1, 2, 3]
    district.run()
    running = as_("auditor").get("/process-instances?process_key=case_lifecycle").get_json()["items"]
    assert len(running) == 3
    for wrong, field in (
        ({"region_code": None}, "object_id"),
        ({"region_code": "999999"}, "region_code"),
        ({"region_code": "230000000000"}, "region_code"),
        ({"label": "没有这个标签"}, "label"),
        ({"longitude": None}, "longitude"),
        ({"latitude": None, "object_id": district.objects["某小学"]}, "latitude"),
        ({"object_id": "not-of-this-task"}, "object_id"),
        ({"title": ""}, "title"),
    ):
        refused = as_("alice").post(f"/patrol-tasks/{task_id}/findings", body | wrong)
        assert refused.status_code == 422, refused.text
        assert field in {one["where"] for one in refused.get_json(force=True)["errors"]}
    silent = as_("alice").post(f"/patrol-tasks/{task_id}/findings", body | {"label": "停水", "coordinate_system": None})
    assert (silent.status_code, silent.get_json()["coordinate_system"]) == (201, "WGS-84")
    assert silent.get_json()["case_id"]
    unknown = {"result": "abnormal", "finding": "井盖丢失", "report_case": True, "label": "没有这个标签"}
    refused = district.check("alice", task_id, "某小学", **unknown)
    assert refused.status_code == 422, refused.text
    assert refused.get_json(force=True)["errors"][0]["where"] == "label"
    assert district.task(task_id)["done"] == 0
    assert len(district.task(task_id)["findings"]) == 4
    assert as_("warden").post(f"/patrol-tasks/{task_id}/findings", body).status_code == 403
    nothing = district.check("alice", task_id, "某小学", report_case=True)
    assert nothing.status_code == 422
    assert nothing.get_json(force=True)["errors"][0]["where"] == "report_case"


@pytest.mark.rows("R170")
def test_a_member_is_reminded_then_the_miss_is_written_once_then_the_patrol_ends(district, as_, clock):
    clock.instant = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    task_id = district.order(limit_value=2)[0]["id"]
    district.work("alice", task_id, action="receive")
    district.check("alice", task_id, "某小学")
    due_at = datetime.fromisoformat(district.task(task_id)["due_at"])
    assert due_at.astimezone(LOCAL).strftime("%m-%d %H:%M") == "11-25 18:00"
    lights, seen = [], {}
    while clock.now() < due_at + timedelta(days=3):
        district.run(hours=1)
        task = district.task(task_id)
        lights.append(task["light"])
        for kind in history(as_, task_id):
            seen.setdefault(kind, clock.now())
    assert sorted(dict.fromkeys(lights), key="绿黄红".index) == list(dict.fromkeys(lights)) == ["绿", "黄", "红"]
    # One working day before, at the due instant, and two working days after it.
    assert seen["patrol.reminded"].astimezone(LOCAL).day == 24
    assert due_at < seen["patrol.missed"] <= due_at + timedelta(hours=1)
    assert seen["patrol.lapsed"].astimezone(LOCAL).strftime("%m-%d") == "11-27"
    task = district.task(task_id)
    assert (task["stage_name"], task["done"]) == ("逾期未完成", 1)
    assert datetime.fromisoformat(task["missed_at"]) - due_at < timedelta(seconds=1)
    assert [(one["kind"], one["points"], one["person"]) for one in task["performance"]] == [
        ("patrol_missed", "-2", "alice"),
        ("patrol_lapsed", "-1", "alice"),
    ]
    rule = task["performance"][0]["rule"]
    assert (rule["decision"], rule["version"]) == ("patrol_rungs", 1)
    assert rule["clause"]
    for kind in ("patrol.remind", "patrol.missed", "patrol.lapsed"):
        assert len(notices(as_, "alice", kind)) == 1, kind
    assert len(notices(as_, "warden", "patrol.missed")) == 1
    assert district.inbox("alice") == []
    assert history(as_, task_id).count("patrol.missed") == 1
    assert district.incidents() == []


@pytest.mark.rows("R170")
def test_a_missed_patrol_can_still_be_finished_in_the_grace_after_it(district, as_, clock):
    task_id = district.order(limit_value=1, objects=[district.objects["某公园"]])[0]["id"]
    district.work("alice", task_id, action="receive")
    due_at = datetime.fromisoformat(district.task(task_id)["due_at"])
    clock.instant = due_at + timedelta(minutes=30)
    district.run()
    assert district.task(task_id)["missed_at"]
    district.check("alice", task_id, "某公园")
    district.work("alice", task_id, action="finish")
    district.run(days=10)
    task = district.task(task_id)
    assert task["stage_name"] == "已完成"
    assert [one["kind"] for one in task["performance"]] == ["patrol_missed"]
    assert [one["id"] for one in district.tasks(missed="true")] == [task_id]
    assert "patrol.lapsed" not in history(as_, task_id)


@pytest.mark.rows("R170")
def test_a_patrol_finished_late_before_anybody_noticed_was_missed_all_the_same(district, clock):
    task_id = district.order(limit_value=1, objects=[district.objects["某公园"]])[0]["id"]
    district.work("alice", task_id, action="receive")
    due_at = datetime.fromisoformat(district.task(task_id)["due_at"])
    clock.instant = due_at + timedelta(minutes=30)
    district.check("alice", task_id, "某公园")
    district.work("alice", task_id, action="finish")
    district.run()
    task = district.task(task_id)
    assert [one["kind"] for one in task["performance"]] == ["patrol_missed"]
    assert datetime.fromisoformat(task["missed_at"]) - due_at < timedelta(seconds=1)


@pytest.mark.rows("R170")
def test_after_a_long_stop_the_miss_and_the_end_are_both_written(district, clock):
    task_id = district.order(limit_value=1)[0]["id"]
    district.run(days=20)
    task = district.task(task_id)
    assert task["stage_name"] == "逾期未完成"
    assert sorted(one["kind"] for one in task["performance"]) == ["patrol_lapsed", "patrol_missed"]
    assert datetime.fromisoformat(task["missed_at"]) < clock.now() - timedelta(days=16)


@pytest.mark.rows("R170")
def test_a_patrol_finished_in_time_is_neither_reminded_of_nor_missed(district, as_):
    task_id = district.order(objects=[district.objects["某公园"]])[0]["id"]
    district.work("alice", task_id, action="receive")
    district.check("alice", task_id, "某公园")
    district.work("alice", task_id, action="finish")
    district.run(days=20)
    assert history(as_, task_id)[-1] == "patrol.finished"
    assert district.task(task_id)["performance"] == []


@pytest.mark.rows("R170", "R005")
def test_a_designer_moves_the_reminder_in_the_table_and_running_patrols_keep_theirs(district, as_, clock):
    before = district.order(title="旧规则")[0]["id"]
    source = (ROOT / "rules/patrol_task.dmn").read_text(encoding="utf-8")
    row = source.index('<rule id="patrol_rungs_row_001">')
    end = source.index("</rule>", row)
    changed = (
        source[row:end].replace("<text>-1</text>", "<text>-2</text>").replace('"工作日"</text>', '"工作时"</text>')
    )
    changed = changed.replace('"工作时", "紧急工作日"', '"工作日", "紧急工作日"')
    assert changed != source[row:end]
    body = {
        "note": "提前两个工作时提醒",
        "files": [{"name": "patrol_task.dmn", "text": source[:row] + changed + source[end:]}],
    }
    deployed = as_("ruler").post("/deployments?merge=true", body)
    assert deployed.status_code == 201, deployed.text
    after = district.order(title="新规则")[0]["id"]
    due_at = datetime.fromisoformat(district.task(after)["due_at"])
    assert due_at == datetime.fromisoformat(district.task(before)["due_at"])
    clock.instant = due_at - timedelta(hours=3)
    district.run()
    assert "patrol.reminded" in history(as_, before)
    assert "patrol.reminded" not in history(as_, after)
    clock.instant = due_at - timedelta(minutes=119)
    district.run()
    assert history(as_, after).count("patrol.reminded") == 1
    assert history(as_, before).count("patrol.reminded") == 1


@pytest.mark.rows("R164")
def test_whoever_plans_takes_a_patrol_back_until_it_has_ended(district, as_):
    task_id = district.order()[0]["id"]
    for stranger, status in (("alice", 403), ("warden", 403)):
        assert as_(stranger).post(f"/patrol-tasks/{task_id}/cancellation", {"reason": "x"}).status_code == status
    assert as_("pat").post(f"/patrol-tasks/{task_id}/cancellation", {"reason": ""}).status_code == 422
    answer = as_("pat").post(f"/patrol-tasks/{task_id}/cancellation", {"reason": "道路封闭"})
    assert answer.status_code == 200, answer.text
    assert (answer.get_json()["stage_name"], answer.get_json()["reason"]) == ("已撤回", "道路封闭")
    assert district.inbox("alice") == []
    assert "道路封闭" in notices(as_, "alice", "patrol.cancelled")[0]["text"]
    again = as_("pat").post(f"/patrol-tasks/{task_id}/cancellation", {"reason": "again"})
    assert again.status_code == 404
    district.run(days=20)
    assert district.task(task_id)["performance"] == []


@pytest.mark.rows("R166")
def test_a_patrol_by_hand_needs_members_objects_and_a_limit_that_fit(district, as_):
    far = {"name": "某南岗小学", "category": "school", "risk": "low", "region_code": "230103001001"}
    far |= {"longitude": 126.65, "latitude": 45.75, "coordinate_system": "WGS-84"}
    far_id = as_("pit").post("/patrol-objects", far).get_json()["id"]
    good = {
        "title": "节前安全巡查",
        "category": "school",
        "unit": "230102",
        "members": ["alice"],
        "objects": [district.objects["某小学"]],
        "checklist": CHECKLIST,
    }
    for wrong, field in (
        ({"title": "  "}, "title"),
        ({"category": "moon"}, "category"),
        ({"unit": "230103"}, "unit"),
        ({"unit": "999999"}, "unit"),
        ({"members": []}, "assignments"),
        ({"members": ["alice", "ALICE"]}, "assignments"),
        ({"members": ["charlie"]}, "assignments"),
        ({"members": ["acceptor"]}, "assignments"),
        ({"objects": []}, "assignments"),
        ({"objects": ["nothing"]}, "assignments"),
        ({"objects": [far_id]}, "assignments"),
        ({"limit_value": 0, "limit_unit": "工作日"}, "limit"),
        ({"limit_value": 1, "limit_unit": "年"}, "limit_unit"),
        ({"radius_m": 1000}, "radius_m"),
        ({"checklist": [{"text": "?", "kind": "photo"}]}, "checklist.0.kind"),
        ({"checklist": [CHECKLIST[0], CHECKLIST[0]]}, "checklist.1.key"),
        ({"colour": "red"}, "colour"),
    ):
        refused = as_("pat").post("/patrol-tasks", good | wrong)
        assert refused.status_code == 422, (wrong, refused.text)
        errors = refused.get_json(force=True)["errors"]
        assert field in {one["where"] for one in errors}, (wrong, errors)
        assert all(any("\u4e00" <= c <= "\u9fff" for c in one["message"]) for one in errors), errors
    assert district.tasks() == []
    usual = as_("pat").post("/patrol-tasks", good)
    [task] = usual.get_json()["items"]
    # What is not said is taken from the table of frequencies: a school of high risk has four working hours.
    assert (task["limit_value"], task["limit_unit"], task["radius_m"]) == ("4", "工作时", 80)


@pytest.mark.rows("R005")
def test_a_patrol_has_one_process_whoever_sends_its_message_again(district, as_):
    task_id = district.order()[0]["id"]
    again = {"name": "patrol_task_dispatched", "correlation_key": task_id, "variables": {"patrol_task_id": task_id}}
    assert as_("designer").post("/messages", again).status_code == 200
    district.run()
    instances = as_("auditor").get(f"/process-instances?case_id={task_id}").get_json()["items"]
    assert sorted(one["status"] for one in instances) == ["active", "failed"]
    [active] = [one["id"] for one in instances if one["status"] == "active"]
    assert district.task(task_id)["process_instance_id"] == active
    assert [one["element_id"] for one in district.inbox("alice")] == ["receive_patrol"]
    assert district.task(task_id)["light"] == "绿"
    # Whoever operates the city learns that somebody tried.
    assert [one["element_id"] for one in district.incidents()] == ["begin"]
