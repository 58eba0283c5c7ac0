"""A process begins by the clock: deployed, moved on, replaced, looked at and fired over the interface."""

from datetime import timedelta
from random import Random

import pytest

from api.bootstrap import opened_city
from api.config import ROOT, Settings
from engine.jobs.executor import Executor
from engine.services import deployments, incidents, jobs, process_instances
from tests.acceptance.test_patrol_workers import settle, workers
from tests.api_city import NOW
from tests.builders.diagrams import diagram, escape, flows, user_task


def timed(kind, text, task="inspect", key="rounds"):
    body = (
        f'<bpmn:startEvent id="clock" name="每小时"><bpmn:timerEventDefinition id="t"><bpmn:{kind}>{escape(text)}'
        f"</bpmn:{kind}></bpmn:timerEventDefinition></bpmn:startEvent>"
        + user_task(task)
        + '<bpmn:endEvent id="end" name="完"/>'
        + flows(f"clock>{task}", f"{task}>end")
    )
    return diagram(key, body).decode()


class Operator:
    """Deploys, lets time pass, and looks."""

    def __init__(self, app, as_, clock):
        self.designer = as_("designer")
        self.clock = clock
        self._worker = Executor(app.extensions["zhili"].units, owner="worker")

    def deploy(self, text, **query):
        also = "".join(f"&{name}={value}" for name, value in query.items())
        body = {"files": [{"name": "rounds.bpmn", "text": text}]}
        return self.designer.post(f"/deployments?merge=true{also}", body)

    def later(self, **span):
        self.clock.advance(timedelta(**span))
        self._worker.run_due()

    @property
    def instances(self):
        return self.designer.get("/process-instances?process_key=rounds").get_json()["items"]

    @property
    def timers(self):
        return [
            one for one in self.designer.get("/jobs?kind=start").get_json()["items"] if one["process_key"] == "rounds"
        ]


@pytest.fixture
def operator(app, as_, clock):
    return Operator(app, as_, clock)


def test_three_hourly_rounds_start_three_instances_and_no_fourth(operator):
    assert operator.deploy(timed("timeCycle", "R3/PT1H")).status_code == 201
    [timer] = operator.timers
    assert timer["element_id"] == "clock"
    assert timer["due_at"] == (NOW + timedelta(hours=1)).isoformat()
    for _ in range(4):
        operator.later(hours=1)
    assert {one["started_by"] for one in operator.instances} == {"system"}
    assert len(operator.instances) == 3
    assert operator.timers == []
    operator.later(days=7)
    assert len(operator.instances) == 3


def test_a_new_version_replaces_the_timer_and_the_same_again_keeps_its_grid(operator):
    operator.deploy(timed("timeCycle", "R/PT1H"))
    operator.later(minutes=40)
    assert operator.deploy(timed("timeCycle", "R/PT1H")).status_code == 200
    assert [one["due_at"] for one in operator.timers] == [(NOW + timedelta(hours=1)).isoformat()]

    assert operator.deploy(timed("timeCycle", "R/PT1H", task="visit")).status_code == 201
    assert [one["due_at"] for one in operator.timers] == [(NOW + timedelta(minutes=100)).isoformat()]
    operator.later(hours=1)
    [instance] = operator.instances
    path = f"/process-instances/{instance['id']}/activities"
    assert [one["element_id"] for one in operator.designer.get(path).get_json()["items"]] == ["visit"]


def test_a_dry_run_says_what_is_wrong_and_arms_nothing(operator):
    assert operator.deploy(timed("timeCycle", "R/PT1H"), dry_run="true").status_code == 200
    assert operator.timers == []
    refused = operator.deploy(timed("timeDate", "= 1 + 1"), dry_run="true")
    assert refused.status_code == 422
    assert "clock" in {one["where"] for one in refused.get_json(force=True)["errors"]}
    warned = operator.deploy(timed("timeCycle", "R2/2020-01-01T00:00:00Z/P1D"), dry_run="true").get_json()
    assert [one["where"] for one in warned["findings"] if one["code"] == "start-timer-over"] == ["clock"]


def test_a_date_that_lies_behind_starts_at_once_and_only_once(operator):
    operator.deploy(timed("timeDate", "2026-11-20T09:00:00+08:00"))
    operator.later(seconds=1)
    assert len(operator.instances) == 1
    operator.deploy(timed("timeDate", "2026-11-20T09:00:00+08:00", task="visit"))
    operator.later(days=1)
    assert len(operator.instances) == 1


def test_the_working_days_of_the_city_give_the_date(operator):
    fifth = '= date and time(add working days(today(), 5), time("09:00:00+08:00"))'
    assert operator.deploy(timed("timeDate", fifth)).status_code == 201
    assert [one["due_at"] for one in operator.timers] == ["2026-11-30T01:00:00+00:00"]
    operator.later(days=7)
    assert len(operator.instances) == 1


def test_an_operator_fires_a_timer_now(operator, as_):
    operator.deploy(timed("timeCycle", "R/P1D"))
    [timer] = operator.timers
    assert as_("alice").post(f"/jobs/{timer['id']}/retry").status_code == 403
    assert operator.designer.post(f"/jobs/{timer['id']}/retry").status_code == 200
    operator.later(seconds=1)
    assert len(operator.instances) == 1
    assert [one["due_at"] for one in operator.timers] == [(NOW + timedelta(days=2)).isoformat()]


def test_a_timer_text_that_is_none_is_refused_with_its_event(operator):
    for kind, text in (("timeCycle", "R/PT0S"), ("timeDate", "tomorrow"), ("timeDuration", "P999999Y")):
        refused = operator.deploy(timed(kind, text))
        assert refused.status_code == 422
        assert "clock" in {one["where"] for one in refused.get_json(force=True)["errors"]}
    assert operator.timers == []


def test_workers_that_are_killed_start_each_round_of_each_process_once(city_url):
    chance, hours, keys = Random(7), 6, [f"rounds_{number}" for number in range(25)]
    with opened_city(Settings(database_url=city_url, data_root=ROOT, virtual_clock=True)) as city:
        city.move_clock(NOW)
        files = [(f"{key}.bpmn", timed("timeCycle", f"R{hours}/PT1H", key=key).encode()) for key in keys]
        with city.units() as uow:
            changed = [deployments.resource(name, content) for name, content in files]
            deployments.deploy(uow, deployments.merged(uow, changed), note="", by="designer")
        with workers(city_url, 3) as children:
            for number in range(1, hours + 1):
                city.move_clock(NOW + timedelta(hours=number))
                settle(city, children, [chance.choice(children)])
        with city.units(read_only=True) as uow:
            started = {key: process_instances.list_page(uow, key=key).items for key in keys}
            assert jobs.list_page(uow, kind="start").items == ()
            assert incidents.list_page(uow).items == ()
    for found in started.values():
        rounds = [(one.started_at - NOW) // timedelta(hours=1) for one in reversed(found)]
        assert rounds == list(range(1, hours + 1))
