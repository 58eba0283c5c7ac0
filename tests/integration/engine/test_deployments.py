"""Deployment: a set is named by its content, checked as a whole, and never changes a running case."""

import pytest

from engine.errors import DeploymentError
from engine.model.process_instance import InstanceStatus
from engine.services import definitions, deployments
from tests.builders.diagrams import chain, diagram, files, form, table, user_task
from tests.builders.world import World

FIRST = diagram("p", chain(user_task("check", form="check"), names=("check",)))
SECOND = diagram("p", chain(user_task("street"), user_task("check", form="check"), names=("street", "check")))
FORM = form(action={"const": "ok"})


def test_the_same_set_twice_is_one_deployment(world: World) -> None:
    first = world.deploy(files(p_bpmn=FIRST, forms__check_json=FORM))
    again = world.deploy(files(p_bpmn=FIRST, forms__check_json=FORM))
    assert [one.version for one in first.created] == [1]
    assert again.created == ()
    assert again.deployment == first.deployment


def test_a_changed_form_is_a_new_version_of_the_diagram_that_shows_it(world: World) -> None:
    world.deploy(files(p_bpmn=FIRST, forms__check_json=FORM))
    changed = form(action={"const": "yes"})
    result = world.deploy(files(p_bpmn=FIRST, forms__check_json=changed))
    assert [(one.key, one.version) for one in result.created] == [("p", 2)]


def test_running_cases_finish_on_their_version_and_new_ones_take_the_new_one(world: World) -> None:
    world.deploy(files(p_bpmn=FIRST, forms__check_json=FORM))
    old = world.start(business_key="old")
    world.deploy(files(p_bpmn=SECOND, forms__check_json=form(action={"const": "yes"})))
    world.start(business_key="new")
    by_case = {task.business_key: task for task in world.inbox("alice")}
    assert (by_case["old"].name, by_case["new"].name) == ("check", "street")
    world.complete(by_case["old"], action="ok")  # the old form, too
    assert world.instance(old.id).status is InstanceStatus.COMPLETED


def test_deploying_an_older_set_again_rolls_back_to_it_as_a_new_version(world: World) -> None:
    first = files(p_bpmn=FIRST, forms__check_json=FORM)
    world.deploy(first)
    world.deploy(files(p_bpmn=SECOND, forms__check_json=FORM))
    back = world.deploy(first)
    assert [(one.key, one.version) for one in back.created] == [("p", 3)]
    world.start()
    assert [task.name for task in world.inbox("alice")] == ["check"]


def test_a_dry_run_tells_what_would_happen_and_stores_nothing(world: World) -> None:
    with world.open(read_only=True) as uow:
        planned = deployments.plan(uow, files(p_bpmn=FIRST, forms__check_json=FORM))
    assert [(one.key, one.version) for one in planned.created] == [("p", 1)]
    with world.open(read_only=True) as uow:
        assert definitions.list_processes(uow) == ()


def test_every_problem_of_every_file_is_named_and_nothing_is_deployed(world: World) -> None:
    hostile = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    broken = diagram("q", '<bpmn:startEvent id="s"/><bpmn:complexGateway id="g"/>')
    call = diagram("r", chain('<bpmn:callActivity id="call" calledElement="nobody"/>', names=("call",)))
    overlapping = table("t", {"n": "number"}, ("x",), (("> 0", "1"), ("> 1", "2"), ("<= 0", "3")))
    with pytest.raises(DeploymentError) as caught:
        world.deploy(
            files(
                a_bpmn=hostile,
                b_bpmn=broken,
                c_bpmn=call,
                d_bpmn=FIRST,
                e_dmn=overlapping,
                forms__bad_json=b'{"type": "object",\n oops',
            )
        )
    found = {(problem.file, problem.where) for problem in caught.value.problems}
    assert ("b.bpmn", "g") in found
    assert ("c.bpmn", "call") in found
    assert ("d.bpmn", "check") in found
    assert ("e.dmn", "t") in found
    assert {"a.bpmn", "forms/bad.json"} <= {file for file, _ in found}
    with world.open(read_only=True) as uow:
        assert definitions.list_processes(uow) == ()


def test_one_changed_diagram_can_be_deployed_into_the_newest_set(world: World) -> None:
    world.deploy(files(p_bpmn=FIRST, forms__check_json=FORM))
    with world.open(read_only=True) as uow:
        resources = deployments.merged(uow, files(p_bpmn=SECOND))
    result = world.deploy(list(resources))
    assert [(one.key, one.version) for one in result.created] == [("p", 2)]
