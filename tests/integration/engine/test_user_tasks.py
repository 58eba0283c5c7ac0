"""A person's part: inbox, claim, form, completion, and the race of two."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import Conflict, Forbidden, Invalid
from engine.model.process_instance import InstanceStatus
from engine.services import history, process_instances, user_tasks
from tests.builders.diagrams import chain, diagram, files, flows, form, user_task
from tests.builders.world import World

TWO_STEPS = diagram("p", chain(user_task("check"), user_task("sign", groups="leaders"), names=("check", "sign")))


def test_it_works(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    instance = world.start(category="01")
    [task] = world.inbox("alice")
    assert (task.name, task.business_key, task.facets) == ("check", "case-1", {"category": "01"})

    world.complete(task, "alice", opinion="fine")
    assert world.inbox("alice") == []
    [sign] = world.inbox("bob")
    world.complete(sign, "bob")

    ended = world.instance(instance.id)
    assert ended.status is InstanceStatus.COMPLETED
    assert ended.variables["opinion"] == "fine"


def test_a_person_sees_the_inboxes_of_her_groups_only(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    world.start()
    assert len(world.inbox("alice")) == 1
    assert world.inbox("charlie") == []


def test_a_stranger_cannot_complete_or_claim(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    world.start()
    [task] = world.inbox("alice")
    with pytest.raises(Forbidden):
        world.complete(task, "charlie")
    with world.open() as uow, pytest.raises(Forbidden):
        user_tasks.claim(uow, task.id, by="charlie", groups=())
    assert world.inbox("alice") == [task]


def test_a_claimed_task_leaves_the_pool_and_comes_back_when_it_is_given_back(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    world.start()
    [task] = world.inbox("alice")
    with world.open() as uow:
        user_tasks.claim(uow, task.id, by="alice", groups=("clerks",), revision=task.revision)
    assert world.inbox("bob") == []
    assert [one.assignee for one in world.inbox("alice", box="mine")] == ["alice"]
    with world.open() as uow, pytest.raises(Conflict) as caught:
        user_tasks.claim(uow, task.id, by="bob", groups=("clerks",))
    assert caught.value.key == "task-taken"
    assert caught.value.details["by"] == "alice"
    with world.open() as uow:
        user_tasks.unclaim(uow, task.id, by="alice")
    assert len(world.inbox("bob")) == 1


def test_a_task_that_went_to_a_person_by_name_cannot_be_given_back_to_nobody(world: World) -> None:
    named = '<bpmn:userTask id="check" name="check" camunda:assignee="alice"/>'
    world.deploy(files(p_bpmn=diagram("p", chain(named, names=("check",)))))
    world.start()
    [task] = world.inbox("alice")
    with world.open() as uow, pytest.raises(Conflict) as caught:
        user_tasks.unclaim(uow, task.id, by="alice")
    assert caught.value.key == "task-without-pool"
    assert [one.assignee for one in world.inbox("alice")] == ["alice"]


def test_a_stale_revision_is_refused_with_the_fresh_task(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    world.start()
    [task] = world.inbox("alice")
    with world.open() as uow:
        user_tasks.assign(uow, task.id, assignee="bob", by="leader", revision=task.revision)
    with world.open() as uow, pytest.raises(Conflict) as caught:
        user_tasks.assign(uow, task.id, assignee="alice", by="leader", revision=task.revision)
    assert caught.value.details["task"].assignee == "bob"


def test_the_form_is_checked_on_the_server_field_by_field(world: World) -> None:
    body = chain(user_task("check", form="check"), names=("check",))
    checked = form(action={"enum": ["yes", "no"]}, amount={"type": "integer", "minimum": 1})
    world.deploy(files(p_bpmn=diagram("p", body), forms__check_json=checked))
    world.start()
    [task] = world.inbox("alice")
    with pytest.raises(Invalid) as caught:
        world.complete(task, action="maybe", amount=0, colour="red")
    found = {problem.where: problem.code for problem in caught.value.problems}
    assert found == {"action": "field-choice", "amount": "field-too-small", "colour": "field-unknown"}
    with pytest.raises(Invalid) as caught:
        world.complete(task)
    assert {problem.where for problem in caught.value.problems} == {"action", "amount"}
    world.complete(task, action="yes", amount=2)


def test_one_of_eight_wins_the_race_for_a_task(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    instance = world.start()
    [task] = world.inbox("alice")

    def attempt(_: int) -> str:
        try:
            world.complete(task, "alice")
        except Conflict:
            return "conflict"
        return "won"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert sorted(outcomes) == ["conflict"] * 7 + ["won"]
    assert len(world.inbox("bob", element_ids=("sign",))) == 1
    assert world.instance(instance.id).status is InstanceStatus.ACTIVE


def test_pages_of_several_groups_are_merged_in_order_and_lose_nothing(world: World) -> None:
    body = chain(user_task("check", groups="= groups"), names=("check",))
    world.deploy(files(p_bpmn=diagram("p", body)))
    for number in range(30):
        world.start(business_key=f"case-{number}", groups=["leaders"] if number % 3 else ["clerks", "leaders"])
    seen: list[str] = []
    after = None
    while True:
        with world.open(read_only=True) as uow:
            query = user_tasks.InboxQuery(
                user="bob", groups=world.groups["bob"], now=world.clock.now(), limit=7, after=after, sort="-created"
            )
            page = user_tasks.inbox(uow, query)
        seen += [task.id for task in page.items]
        after = page.next_after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 30
    with world.open(read_only=True) as uow:
        assert user_tasks.count(uow, query)["total"] == 30


def test_an_inbox_is_filtered_by_facet_element_and_words(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    world.start(business_key="case-1", category="heating")
    world.start(business_key="case-2", category="snow")
    assert [task.business_key for task in world.inbox("alice", facets=(("category", "snow"),))] == ["case-2"]
    assert [task.business_key for task in world.inbox("alice", search="case-1 check")] == ["case-1"]
    assert world.inbox("alice", element_ids=("sign",)) == []
    assert world.inbox("alice", search="100%") == []


def test_a_gateway_without_an_open_way_refuses_the_command_and_changes_nothing(world: World) -> None:
    body = (
        '<bpmn:startEvent id="start"/>'
        + user_task("check")
        + '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>'
        + flows("start>check", "check>which", 'which>a[action = "a"]', 'which>b[action = "b"]')
    )
    world.deploy(files(p_bpmn=diagram("p", body)))
    world.start()
    [task] = world.inbox("alice")
    with pytest.raises(Exception, match="which"):
        world.complete(task, action="c")
    assert world.inbox("alice") == [task]
    world.complete(task, action="b")


def test_an_empty_variable_is_a_value_of_record_like_any_other(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    instance = world.start(community=None, typename="x", nested={"typename": "timedelta", "__builtins__": []})
    kept = world.instance(instance.id).variables
    assert kept == {"community": None, "typename": "x", "nested": {"typename": "timedelta", "__builtins__": []}}
    with world.open(read_only=True) as uow:
        recorded = {change.name: change.value for change in history.variables(uow, instance.id)}
    assert recorded == kept


def test_what_i_have_done_is_a_page_and_a_count(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    for number in range(3):
        world.start(business_key=f"case-{number}")
    for task in world.inbox("alice"):
        world.complete(task)
    assert len(world.inbox("alice", box="done")) == 3
    with world.open(read_only=True) as uow:
        query = user_tasks.InboxQuery(user="alice", groups=(), now=world.clock.now(), box="done")
        assert user_tasks.count(uow, query) == {"total": 3}


@pytest.mark.parametrize("key", ["!", "W10", "eyJhIjoxfQ", "WzEsMl0", "WyJ4IiwieSJd"])
def test_a_page_key_that_no_page_gave_is_refused(world: World, key: str) -> None:
    query = user_tasks.InboxQuery(user="alice", groups=("clerks",), now=world.clock.now(), after=key)
    with world.open(read_only=True) as uow, pytest.raises(Invalid) as caught:
        user_tasks.inbox(uow, query)
    assert caught.value.problems[0].code == "invalid-page-key"


def test_a_corrected_variable_is_on_record_under_its_author(world: World) -> None:
    world.deploy(files(p_bpmn=TWO_STEPS))
    instance = world.start(amount=1)
    with world.open() as uow:
        process_instances.set_variables(uow, instance.id, {"amount": 2}, by="operator", revision=instance.revision)
    with world.open(read_only=True) as uow:
        changes = [(one.value, one.actor) for one in history.variables(uow, instance.id)]
    assert changes == [(1, "alice"), (2, "operator")]
    with world.open() as uow, pytest.raises(Conflict):
        process_instances.set_variables(uow, instance.id, {"amount": 3}, by="operator", revision=instance.revision)


def test_a_facet_may_be_any_value_and_of_any_length(world: World) -> None:
    world.deploy(files(p_bpmn=diagram("p", chain(user_task("look"), names=("look",)))))
    world.start(business_key="c1", category=5)
    world.start(business_key="c2", category="管" * 150)
    assert [task.business_key for task in world.inbox("alice", facets=(("category", "5"),))] == ["c1"]
    assert [task.business_key for task in world.inbox("alice", facets=(("category", "管" * 150),))] == ["c2"]
