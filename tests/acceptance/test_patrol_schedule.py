"""Plans give their patrols on the right days to the right people, each exactly once, whatever happens."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from api.bootstrap import open_city
from engine.clock import FixedClock
from engine.jobs.executor import Executor
from engine.services import jobs
from tests.acceptance.patrols import District
from tests.api_city import settings_for

LOCAL = ZoneInfo("Asia/Shanghai")
# Half past one at night, before the National Day week of 2026: 1 to 7 October are off, Saturday 10 October is worked.
SEPTEMBER = datetime(2026, 9, 27, 17, 30, tzinfo=UTC)


@pytest.fixture
def clock():
    return FixedClock(SEPTEMBER)


@pytest.fixture
def district(as_, app, clock):
    return District(as_, app, clock)


def days_of(district, **query):
    return sorted(one["occurrence_on"] for one in district.tasks(**query))


def walk(district, days):
    """Move the clock day by day, a little after the time of dispatch."""
    for _ in range(days):
        district.run(days=1)


def october(*numbers):
    return [f"2026-10-{number:02d}" for number in numbers]


PLANS = [
    # Every day that is worked: 28 to 30 September, 8 to 10 October (a make-up Saturday), 12 to 15.
    ({"cycle": "daily"}, ["2026-09-28", "2026-09-29", "2026-09-30", *october(8, 9, 10, 12, 13, 14, 15)]),
    # Every day, holidays too.
    (
        {"cycle": "daily", "holiday_rule": "run"},
        ["2026-09-28", "2026-09-29", "2026-09-30", *october(*range(1, 16))],
    ),
    # Every third day; 1, 4 and 7 October move to the 8th, and are one patrol; Sunday 11 was not named.
    (
        {"cycle": "daily", "every": 3, "holiday_rule": "next_workday"},
        ["2026-09-28", *october(8, 10, 13)],
    ),
    # Thursdays: 1 October is moved back to Wednesday 30 September.
    ({"cycle": "weekly", "weekdays": [4], "holiday_rule": "previous_workday"}, ["2026-09-30", *october(8, 15)]),
    # Saturdays: 3 October is off, 10 October is worked.
    ({"cycle": "weekly", "weekdays": [6], "holiday_rule": "skip"}, october(10)),
    ({"cycle": "weekly", "weekdays": [6], "holiday_rule": "next_workday"}, october(8, 10)),
    # Every other week, Mondays and Fridays, from the week of 28 September.
    ({"cycle": "weekly", "every": 2, "weekdays": [1, 5]}, ["2026-09-28", *october(12)]),
    # The first and the last day of the month.
    ({"cycle": "monthly", "month_days": [1, -1], "holiday_rule": "next_workday"}, ["2026-09-30", *october(8)]),
    ({"cycle": "monthly", "month_days": [1, 5], "holiday_rule": "previous_workday"}, ["2026-09-30"]),
    # Until the 9th; the process of the plan then ends.
    ({"cycle": "daily", "valid_from": "2026-09-30", "valid_until": "2026-10-09"}, ["2026-09-30", *october(8, 9)]),
]


@pytest.mark.rows("R167", "R095", "R038")
def test_every_cycle_and_holiday_rule_gives_its_days_over_the_national_day(district, as_):
    plans = {}
    for number, (rhythm, expected) in enumerate(PLANS):
        plan = district.plan(title=f"计划{number}", limit_value=60, **rhythm)
        plans[plan["id"]] = expected
        announced = as_("pat").get(f"/patrol-templates/{plan['id']}/occurrences?count=100").get_json()["dates"]
        assert [day for day in announced if day <= "2026-10-15"] == expected, rhythm
    # From 01:30 on the 28th to 09:30 on the 15th.
    walk(district, 17)
    district.run(hours=8)
    for plan_id, expected in plans.items():
        assert days_of(district, template_id=plan_id) == expected
    last = as_("pat").get(f"/patrol-templates/{plan_id}").get_json()
    assert last["next_at"] is None
    [instance] = as_("auditor").get(f"/process-instances?case_id={plan_id}").get_json()["items"]
    assert instance["status"] == "completed"
    assert district.incidents() == []


@pytest.mark.rows("R167")
def test_a_plan_gives_each_member_a_task_with_her_objects_at_its_time(district, clock):
    named = district.objects
    district.plan(
        members=None,
        objects=None,
        assignments=[
            {"member": "alice", "objects": [named["某公园"], named["某小学"]]},
            {"member": "walter", "objects": [named["某加油站"]]},
        ],
        dispatch_time="08:30",
    )
    clock.instant = datetime(2026, 9, 28, 8, 29, 59, tzinfo=LOCAL).astimezone(UTC)
    district.run()
    assert district.tasks() == []
    district.run(seconds=1)
    tasks = {one["member"]: district.task(one["id"]) for one in district.tasks()}
    assert {member: [one["name"] for one in task["objects"]] for member, task in tasks.items()} == {
        "alice": ["某公园", "某小学"],
        "walter": ["某加油站"],
    }
    assert [task["risk"] for task in tasks.values()] == ["high", "high"]
    for member, task in tasks.items():
        assert datetime.fromisoformat(task["dispatched_at"]).astimezone(LOCAL).strftime("%H:%M") == "08:30"
        assert [one["element_id"] for one in district.inbox(member)] == ["receive_patrol"]


@pytest.mark.rows("R167")
def test_a_plan_that_is_made_after_its_time_of_day_begins_on_the_next_day(district, clock):
    clock.instant = datetime(2026, 9, 28, 9, 0, tzinfo=LOCAL).astimezone(UTC)
    district.plan()
    district.run()
    assert district.tasks() == []
    walk(district, 1)
    assert days_of(district) == ["2026-09-29"]


@pytest.mark.rows("R167", "R005")
def test_three_workers_at_once_give_each_task_once_and_each_task_has_one_process(district, as_, city_url, clock):
    for number in range(4):
        district.plan(title=f"计划{number}", members=["alice", "walter", "wendy"], limit_value=60)
    cities = [open_city(settings_for(city_url), clock) for _ in range(3)]
    for _ in range(4):
        clock.advance(timedelta(days=1))
        threads = [Thread(target=Executor(city.units).run_due) for city in cities]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        district.run()
    for city in cities:
        city.units.engine.dispose()
    tasks = district.tasks()
    counted = Counter((one["template_id"], one["occurrence_on"], one["member"]) for one in tasks)
    assert set(counted.values()) == {1}
    assert len(counted) == 4 * 3 * 3
    for task in tasks:
        [instance] = as_("auditor").get(f"/process-instances?case_id={task['id']}").get_json()["items"]
        assert instance["id"] == task["process_instance_id"]
    assert district.incidents() == []


@pytest.mark.rows("R167", "R005")
def test_a_worker_that_dies_with_the_dispatch_in_its_hands_loses_nothing(district, clock):
    district.plan(members=["alice", "walter"])
    clock.instant = datetime(2026, 9, 28, 8, 0, tzinfo=LOCAL).astimezone(UTC)
    with district.units() as uow:
        assert jobs.claim(uow, owner="the dead", limit=50)
    district.run()
    assert district.tasks() == []
    district.run(seconds=61)
    assert Counter(one["member"] for one in district.tasks()) == {"alice": 1, "walter": 1}


@pytest.mark.rows("R167")
def test_days_that_went_by_while_nothing_worked_are_left_out_on_record_and_not_given_in_a_burst(district, as_):
    plan = district.plan(limit_value=2)
    walk(district, 2)
    district.run(days=13)
    # It is the night to Tuesday, 13 October: of the days since the 29th only the last is still worth giving.
    assert days_of(district) == ["2026-09-28", "2026-09-29", "2026-10-12"]
    events = as_("auditor").get(f"/history/events?case_id={plan['id']}&limit=200").get_json()["items"]
    skipped = [one["data"] for one in events if one["kind"] == "patrol.occurrence_skipped"]
    assert [one["occurrence_on"] for one in skipped] == ["2026-09-30", *october(8, 9, 10)]
    assert all(one["clause"] for one in skipped)
    district.run(days=1)
    assert days_of(district)[-1] == "2026-10-13"


@pytest.mark.rows("R167")
def test_a_late_day_is_given_only_while_its_limit_would_still_run(district):
    district.plan(title="周巡", cycle="weekly", weekdays=[1], limit_value=2)
    district.plan(title="月巡", cycle="monthly", month_days=[28], limit_value=60)
    district.run(days=5)
    assert [one["title"] for one in district.tasks()] == ["月巡"]


@pytest.mark.rows("R167")
def test_a_plan_that_changes_while_it_waits_is_planned_anew(district, as_):
    plan = district.plan()
    walk(district, 1)
    address = f"/patrol-templates/{plan['id']}"
    known = as_("pat").get(address)
    body = district.template_body(title="学校周边周巡", cycle="weekly", weekdays=[3], dispatch_time="14:00")
    stale = as_("pat").put(address, body | {"revision": 1})
    assert stale.status_code == 409
    changed = as_("pat").put(address, body | {"revision": known.get_json()["revision"]})
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["next_at"] == "2026-09-30T06:00:00+00:00"
    walk(district, 3)
    assert [(one["occurrence_on"], one["title"]) for one in district.tasks()] == [
        ("2026-09-30", "学校周边周巡"),
        ("2026-09-28", "学校周边日巡"),
    ]
    assert as_("pat").put(address, body | {"weekdays": []}).status_code == 422
    assert as_("warden").put(address, body).status_code == 403


@pytest.mark.rows("R167")
def test_a_plan_that_is_laid_down_gives_nothing_until_it_is_taken_up_and_then_no_arrears(district, as_):
    plan = district.plan(limit_value=60)
    address = f"/patrol-templates/{plan['id']}"
    walk(district, 1)
    off = as_("pat").post(f"{address}/disable", {})
    assert (off.status_code, off.get_json()["enabled"], off.get_json()["next_at"]) == (200, False, None)
    assert as_("pat").post(f"{address}/disable", {}).get_json()["revision"] == off.get_json()["revision"]
    assert as_("pat").get(f"{address}/occurrences").get_json()["dates"] == []
    walk(district, 11)
    assert days_of(district) == ["2026-09-28"]
    changed = as_("pat").put(address, district.template_body(title="改名", limit_value=60))
    assert (changed.status_code, changed.get_json()["next_at"]) == (200, None)
    on = as_("pat").post(f"{address}/enable", {})
    assert on.get_json()["next_at"] == "2026-10-10T00:00:00+00:00"
    walk(district, 1)
    assert days_of(district) == ["2026-09-28", "2026-10-10"]
    instances = as_("auditor").get(f"/process-instances?case_id={plan['id']}").get_json()["items"]
    assert sorted(one["status"] for one in instances) == ["active", "completed"]
    assert as_("pat").get(address).get_json()["process_instance_id"] in [
        one["id"] for one in instances if one["status"] == "active"
    ]


@pytest.mark.rows("R167")
def test_a_plan_that_has_come_to_its_end_goes_on_when_it_is_prolonged(district, as_):
    plan = district.plan(valid_until="2026-09-28", limit_value=60)
    walk(district, 2)
    address = f"/patrol-templates/{plan['id']}"
    assert as_("pat").get(address).get_json()["next_at"] is None
    longer = district.template_body(valid_from="2026-09-28", valid_until="2026-09-30", limit_value=60)
    answer = as_("pat").put(address, longer)
    assert answer.get_json()["next_at"] == "2026-09-30T00:00:00+00:00"
    walk(district, 3)
    assert days_of(district) == ["2026-09-28", "2026-09-30"]


@pytest.mark.rows("R167", "R052")
def test_members_and_objects_that_are_out_of_use_get_no_task_and_the_manager_is_told(district, as_):
    district.plan(members=["alice", "walter"], objects=[district.objects["某小学"], district.objects["某公园"]])
    park = as_("pat").get(f"/patrol-objects/{district.objects['某公园']}").get_json()
    fields = ("name", "category", "risk", "region_code", "longitude", "latitude", "coordinate_system")
    changed = {name: park[name] for name in fields} | {"enabled": False, "revision": park["revision"]}
    assert as_("pat").put(f"/patrol-objects/{park['id']}", changed).status_code == 200
    [walter] = as_("admin").get("/accounts?search=walter").get_json()["items"]
    assert as_("admin").patch(f"/accounts/{walter['id']}", {"enabled": False}).status_code == 200
    walk(district, 1)
    [task] = district.tasks()
    assert (task["member"], task["total"]) == ("alice", 1)
    told = [one for one in as_("pat").get("/notices").get_json()["items"] if one["kind"] == "patrol.member_missing"]
    assert len(told) == 1
    assert "walter" in told[0]["text"]


@pytest.mark.rows("R095", "R166", "R167")
def test_what_a_plan_does_not_say_is_taken_from_the_table_of_frequencies(district, as_):
    silent = {"title": "合租房", "category": "shared_rental", "unit": "230102", "members": ["alice"]}
    silent |= {"objects": [district.objects["某公园"]], "dispatch_time": "09:00"}
    answer = as_("pat").post("/patrol-templates", silent)
    assert answer.status_code == 201, answer.text
    plan = answer.get_json()
    # 低风险合租房：每三个月一次，10 日，五个工作日，逢节假日顺延，半径 50 米。
    assert {name: plan[name] for name in ("cycle", "every", "month_days", "holiday_rule", "radius_m")} == {
        "cycle": "monthly",
        "every": 3,
        "month_days": [10],
        "holiday_rule": "next_workday",
        "radius_m": 50,
    }
    assert (plan["limit_value"], plan["limit_unit"]) == ("5", "工作日")
    narrower = as_("pat").post("/patrol-templates", silent | {"radius_m": 20})
    assert narrower.get_json()["radius_m"] == 20
    for wrong, field in (
        ({"radius_m": 51}, "radius_m"),
        ({"cycle": "hourly"}, "cycle"),
        ({"cycle": "weekly"}, "weekdays"),
        ({"cycle": "weekly", "weekdays": [8]}, "weekdays"),
        ({"cycle": "daily", "weekdays": [1]}, "weekdays"),
        ({"cycle": "monthly"}, "month_days"),
        ({"cycle": "monthly", "month_days": [0]}, "month_days"),
        ({"cycle": "daily", "every": 0}, "every"),
        ({"dispatch_time": "24:00"}, "dispatch_time"),
        ({"dispatch_time": None}, "dispatch_time"),
        ({"holiday_rule": "sleep"}, "holiday_rule"),
        ({"valid_from": "2026-10-01", "valid_until": "2026-09-30"}, "valid_until"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"members": ["charlie"]}, "assignments"),
    ):
        refused = as_("pat").post("/patrol-templates", silent | wrong)
        assert refused.status_code == 422, (wrong, refused.text)
        assert field in {one["where"] for one in refused.get_json(force=True)["errors"]}, (wrong, refused.text)
    assert len(as_("pat").get("/patrol-templates").get_json()["items"]) == 2


def test_plans_are_seen_in_their_area_and_by_the_centre_and_changed_by_those_who_plan_there(district, as_):
    plan = district.plan()
    address = f"/patrol-templates/{plan['id']}"
    for who in ("pat", "pit", "warden", "bob", "leader"):
        assert as_(who).get(address).status_code == 200, who
        assert [one["id"] for one in as_(who).get("/patrol-templates").get_json()["items"]] == [plan["id"]]
    for who in ("alice", "citizen", "handler", "admin"):
        assert as_(who).get(address).status_code == 403, who
        assert as_(who).post("/patrol-templates", {}).status_code == 403
    for who in ("bob", "warden"):
        assert as_(who).post(f"{address}/disable", {}).status_code == 403
    assert as_("pit").post(f"{address}/disable", {}).status_code == 200
    assert as_("pat").get("/patrol-templates?enabled=true").get_json()["items"] == []
    assert as_("pat").get("/patrol-templates/nothing").status_code == 404


def test_pages_of_plans_and_tasks_follow_each_other(district, as_, clock):
    for number in range(5):
        clock.advance(timedelta(seconds=1))
        district.plan(title=f"计划{number}", limit_value=60)
    walk(district, 1)
    for address in ("/patrol-templates", "/patrol-tasks", "/patrol-objects"):
        seen, after = [], ""
        while True:
            page = as_("pat").get(f"{address}?limit=2{after}").get_json()
            seen += [one["id"] for one in page["items"]]
            if page["next_after"] is None:
                break
            after = f"&after={page['next_after']}"
        whole = [one["id"] for one in as_("pat").get(f"{address}?limit=200").get_json()["items"]]
        assert seen == whole
        assert len(set(seen)) == len(seen) >= 3
        assert as_("pat").get(f"{address}?after=made-up").status_code == 422
