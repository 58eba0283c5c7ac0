"""Timer start events: armed by a deployment, fired once per round, replaced by the next version."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.errors import DeploymentError
from engine.jobs.executor import Executor
from engine.model.job import Job, JobKind, JobStatus
from engine.model.process_instance import ProcessInstance
from engine.services import definitions, deployments, history, incidents, jobs, process_instances, start_timers
from tests.builders.diagrams import diagram, escape, files, flows, user_task
from tests.builders.world import MONDAY, World


def timed(kind: str, text: str, *, start: str = "clock", task: str = "look", rest: str = "") -> bytes:
    """Draw a process that a timer starts and that waits for a clerk."""
    body = (
        f'<bpmn:startEvent id="{start}"><bpmn:timerEventDefinition id="t"><bpmn:{kind}>{escape(text)}</bpmn:{kind}>'
        f"</bpmn:timerEventDefinition></bpmn:startEvent>{rest}"
        + user_task(task)
        + '<bpmn:endEvent id="end"/>'
        + flows(f"{start}>{task}", f"{task}>end")
    )
    return diagram("p", body)


def instances(world: World, key: str = "p") -> list[ProcessInstance]:
    with world.open(read_only=True) as uow:
        return list(process_instances.list_page(uow, key=key).items)


def waiting(world: World) -> list[Job]:
    with world.open(read_only=True) as uow:
        return list(jobs.list_page(uow, kind="start").items)


def version_of(world: World, definition_id: str) -> int:
    with world.open(read_only=True) as uow:
        return definitions.get_process(uow, definition_id).version


def test_a_cycle_of_three_starts_three_instances_on_its_grid_and_no_fourth(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R3/PT1H")))
    assert instances(world) == []
    [job] = waiting(world)
    assert (job.kind, job.process_key, job.element_id) == (JobKind.START, "p", "clock")
    assert job.due_at == MONDAY + timedelta(hours=1)

    for round_number in (1, 2, 3):
        world.later(minutes=59)
        assert len(instances(world)) == round_number - 1
        world.later(minutes=1)
        assert len(instances(world)) == round_number

    assert waiting(world) == []
    assert world.later(days=30) == 0
    assert [one.started_at for one in reversed(instances(world))] == [MONDAY + timedelta(hours=n) for n in (1, 2, 3)]


def test_what_a_timer_starts_is_started_by_the_system_with_nothing_in_it(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeDuration", "PT1H")))
    world.later(hours=1)
    [instance] = instances(world)
    assert (instance.started_by, instance.business_key, instance.variables) == ("system", None, {})
    with world.open(read_only=True) as uow:
        [event] = history.events(uow, instance_id=instance.id, kinds=("process_instance.started",)).items
        assert event.actor == "system"
        entered = process_instances.history(uow, instance.id)
    assert [one.element_id for one in entered][:2] == ["clock", "look"]
    assert waiting(world) == []


def test_rounds_that_nobody_looked_at_are_one_late_start_and_then_the_grid_again(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    world.later(hours=5, minutes=30)
    assert len(instances(world)) == 1
    [job] = waiting(world)
    assert job.due_at == MONDAY + timedelta(hours=6)


def test_a_cycle_with_a_start_fires_there_first(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R2/2026-11-24T09:00:00+08:00/P1D")))
    assert [job.due_at for job in waiting(world)] == [MONDAY + timedelta(days=1)]
    world.later(days=1)
    assert [job.due_at for job in waiting(world)] == [MONDAY + timedelta(days=2)]
    world.later(days=1)
    assert waiting(world) == []
    assert len(instances(world)) == 2


def test_a_cycle_with_an_end_fires_there_last(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H/2026-11-23T03:30:00Z")))
    for minutes in (30, 60, 60):
        world.later(minutes=minutes)
    assert [one.started_at for one in reversed(instances(world))] == [
        MONDAY + timedelta(minutes=minutes) for minutes in (30, 90, 150)
    ]
    assert waiting(world) == []


def test_an_expression_is_asked_once_at_the_deployment(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeDate", '= now() + duration("PT2H")')))
    assert [job.due_at for job in waiting(world)] == [MONDAY + timedelta(hours=2)]
    world.later(hours=2)
    assert len(instances(world)) == 1
    assert waiting(world) == []


@pytest.mark.parametrize("text", ["= missing", '= "soon"', "= 1 + 1"])
def test_an_expression_that_gives_no_timer_refuses_the_deployment(world: World, text: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        world.deploy(files(p_bpmn=timed("timeDate", text)))
    assert "clock" in {problem.where for problem in caught.value.problems}
    assert waiting(world) == []


def test_a_cycle_whose_rounds_lie_behind_is_a_warning_and_never_fires(world: World) -> None:
    result = world.deploy(files(p_bpmn=timed("timeCycle", "R2/2020-01-01T00:00:00Z/P1D")))
    assert ("start-timer-over", "clock", "warning") in {(one.code, one.where, one.severity) for one in result.findings}
    assert waiting(world) == []


def test_a_set_that_is_deployed_again_shifts_nothing(world: World) -> None:
    set_ = files(p_bpmn=timed("timeCycle", "R/PT1H"))
    world.deploy(set_)
    [before] = waiting(world)
    world.clock.advance(timedelta(minutes=20))
    world.deploy(set_)
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H"), q_bpmn=diagram("q", _plain())))
    assert waiting(world) == [before]


def _plain() -> str:
    return '<bpmn:startEvent id="s"/>' + user_task("x") + '<bpmn:endEvent id="e"/>' + flows("s>x", "x>e")


def test_another_version_replaces_the_timers_and_an_older_set_brings_them_back(world: World) -> None:
    hourly, daily = (files(p_bpmn=timed("timeCycle", text)) for text in ("R/PT1H", "R/P1D"))
    world.deploy(hourly)
    world.later(minutes=10)
    world.deploy(daily)
    assert [job.due_at for job in waiting(world)] == [MONDAY + timedelta(minutes=10, days=1)]
    world.deploy(files(p_bpmn=diagram("p", _plain())))
    assert waiting(world) == []
    world.later(days=3)
    assert instances(world) == []
    world.deploy(hourly)
    assert [job.due_at for job in waiting(world)] == [MONDAY + timedelta(days=3, minutes=10, hours=1)]
    world.later(hours=1)
    [instance] = instances(world)
    assert version_of(world, instance.definition_id) == 4


def test_a_process_that_is_missing_in_a_newer_set_keeps_its_timers_as_it_can_still_be_started(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    world.deploy(files(q_bpmn=diagram("q", _plain())))
    world.later(hours=1)
    assert len(instances(world)) == 1
    assert len(waiting(world)) == 1


def test_a_date_that_lies_behind_starts_the_process_once_whatever_version_follows(world: World) -> None:
    text = "2026-11-22T09:00:00+08:00"
    world.deploy(files(p_bpmn=timed("timeDate", text)))
    world.worker.run_due()
    assert len(instances(world)) == 1
    world.deploy(files(p_bpmn=timed("timeDate", text, task="see")))
    world.worker.run_due()
    assert len(instances(world)) == 1
    world.deploy(files(p_bpmn=timed("timeDate", "2026-11-22T10:00:00+08:00", task="see")))
    world.worker.run_due()
    assert len(instances(world)) == 2


def test_a_date_that_is_still_waiting_goes_on_in_the_next_version(world: World) -> None:
    text = "2026-11-22T09:00:00+08:00"
    world.deploy(files(p_bpmn=timed("timeDate", text)))
    world.deploy(files(p_bpmn=timed("timeDate", text, task="see")))
    world.worker.run_due()
    assert [task.name for task in world.inbox("alice")] == ["see"]


def test_a_dry_run_arms_nothing(world: World) -> None:
    with world.open(read_only=True) as uow:
        deployments.plan(uow, files(p_bpmn=timed("timeCycle", "R/PT1H")))
    assert waiting(world) == []


def test_a_start_that_fails_is_retried_then_an_incident_and_goes_on_on_its_grid_when_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R3/PT1H")))
    with monkeypatch.context() as patch:
        patch.setattr(start_timers.Advance, "start", _broken)
        world.later(hours=1)
        for _ in range(3):
            world.later(minutes=2)
        [job] = waiting(world)
        assert (job.status, job.attempts) == (JobStatus.FAILED, 3)
        with world.open(read_only=True) as uow:
            [incident] = incidents.list_page(uow, status="open").items
        assert (incident.topic, incident.element_id) == ("p", "clock")
        assert world.later(hours=2) == 0
    with world.open() as uow:
        incidents.retry(uow, incident.id, by="operator")
    world.worker.run_due()
    assert len(instances(world)) == 1
    [job] = waiting(world)
    assert (job.status, job.attempts, job.due_at) == (JobStatus.WAITING, 0, MONDAY + timedelta(hours=4))
    with world.open(read_only=True) as uow:
        assert incidents.list_page(uow, status="open").items == ()


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("the world is broken")


def test_a_new_version_closes_the_incident_of_the_timer_that_it_replaces(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    with monkeypatch.context() as patch:
        patch.setattr(start_timers.Advance, "start", _broken)
        world.later(hours=1)
        for _ in range(3):
            world.later(minutes=2)
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT2H")))
    with world.open(read_only=True) as uow:
        assert incidents.list_page(uow, status="open").items == ()
    [job] = waiting(world)
    assert job.status is JobStatus.WAITING


def test_a_worker_that_dies_before_its_commit_leaves_the_round_to_another_one(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    world.clock.advance(timedelta(hours=1))
    with world.open() as uow:
        [job] = jobs.claim(uow, owner="dead", limit=10)
    with world.open() as uow:
        uow.commit = lambda: None  # type: ignore[method-assign]  # killed in the last moment: nothing is committed
        assert jobs.run(uow, job, owner="dead")
    assert instances(world) == []
    assert world.worker.run_due() == 0  # the lease of the dead one
    world.later(seconds=61)
    assert len(instances(world)) == 1
    assert [one.due_at for one in waiting(world)] == [MONDAY + timedelta(hours=2)]
    with world.open() as uow:
        assert not jobs.run(uow, job, owner="dead")  # it comes back, too late
    assert len(instances(world)) == 1


def test_several_workers_start_each_round_once(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    workers = [Executor(world.open, owner=f"worker-{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            world.clock.advance(timedelta(hours=1))
            list(pool.map(Executor.run_due, workers))
    assert len(instances(world)) == 5
    assert len(waiting(world)) == 1


def test_a_deployment_beside_workers_leaves_the_timer_of_the_newest_version_alone(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H")))
    workers = [Executor(world.open, owner=f"worker-{number}") for number in range(3)]

    def deploy() -> None:
        for number in range(6):
            world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H", task=f"task{number}")))

    def work(worker: Executor) -> None:
        for _ in range(20):
            world.clock.advance(timedelta(minutes=30))
            worker.run_due()

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(deploy), *(pool.submit(work, worker) for worker in workers)]
        for one in done:
            one.result()
    [job] = waiting(world)
    assert version_of(world, str(job.payload["definition"])) == 7


def test_a_deployment_waits_for_the_start_at_hand_and_does_not_repeat_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "2026-11-22T09:00:00+08:00"
    world.deploy(files(p_bpmn=timed("timeDate", text)))
    with world.open() as uow:
        [job] = jobs.claim(uow, owner="slow", limit=1)
    with ThreadPoolExecutor(1) as pool:
        with world.open() as uow:
            monkeypatch.setattr(uow, "commit", lambda: None)
            assert jobs.run(uow, job, owner="slow")
            deployment = pool.submit(world.deploy, files(p_bpmn=timed("timeDate", text, task="see")))
            with pytest.raises(TimeoutError):
                deployment.result(timeout=0.5)
            monkeypatch.undo()
            uow.commit()
        deployment.result()
    world.worker.run_due()
    assert [task.name for task in world.inbox("alice")] == ["look"]
    assert waiting(world) == []


def test_an_operator_fires_a_timer_before_its_hour_instead_of_its_next_round(world: World) -> None:
    world.deploy(files(p_bpmn=timed("timeCycle", "R3/PT1H")))
    [job] = waiting(world)
    with world.open() as uow:
        jobs.retry(uow, job.id, by="operator")
    world.worker.run_due()
    assert len(instances(world)) == 1
    [job] = waiting(world)
    assert job.due_at == MONDAY + timedelta(hours=2)


def test_a_rehearsal_arms_the_timers_of_its_own_process_when_it_begins(world: World) -> None:
    world.open.settings = replace(world.open.settings, start_timers=False)
    other = timed("timeDate", "= missing").replace(b'"p"', b'"q"')
    world.deploy(files(p_bpmn=timed("timeCycle", "R/PT1H"), q_bpmn=other))
    assert waiting(world) == []
    world.clock.advance(timedelta(days=100))
    with world.open() as uow:
        start_timers.begin(uow, "p")
    [job] = waiting(world)
    assert (job.process_key, job.due_at) == ("p", MONDAY + timedelta(days=100, hours=1))
