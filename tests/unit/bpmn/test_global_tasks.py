"""Global tasks, each a process of its own; and the standard's words for who does a task."""

import pytest

from engine import bpmn
from engine.bpmn import ProcessModel, UserTaskSpec, read_file
from engine.errors import DeploymentError, Invalid
from engine.model.step import CallOpened
from tests.unit.bpmn.diagrams import NOW, Run, definitions, end, node, path, process, service, start, user

CALL = node("callActivity", "c", attributes='calledElement="G"')
CALLER = f'<process id="p" isExecutable="true">{start()}{CALL}{end()}{path(*"sce")}</process>'


def models(inside: str) -> dict[str, ProcessModel]:
    return {model.key: model for model in read_file(definitions(inside), "f.bpmn").models}


def refused(inside: str) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_file(definitions(inside), "f.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def test_a_global_user_task_is_a_process_that_can_be_called_and_started_by_itself():
    found = models(f'<globalUserTask id="G" name="核实" camunda:candidateGroups="inspectors"/>{CALLER}')

    assert (list(found), found["G"].name) == (["p", "G"], "核实")
    run = Run(found["G"])
    assert run.waiting == ["G.task"]
    task = found["G"].elements["G.task"].task
    assert isinstance(task, UserTaskSpec)
    assert task.evaluate({}, NOW).candidate_groups == ("inspectors",)
    run.complete("G.task", {"ok": True})
    assert (run.variables, run.passed) == ({"ok": True}, ["G.start", "G.task", "G.end"])


def test_a_file_may_hold_nothing_but_a_global_task():
    assert list(models('<globalTask id="G"/>')) == ["G"]


@pytest.mark.parametrize("kind", ["globalTask", "globalManualTask"])
def test_a_global_task_that_nobody_is_told_of_passes_at_once(kind):
    assert Run(models(f'<{kind} id="G"/>')["G"]).step.ended is not None


def test_a_global_script_task_is_evaluated_in_its_own_language():
    attributes = 'id="G" scriptLanguage="feel" camunda:resultVariable="sum"'
    inside = f"<globalScriptTask {attributes}><script>a + 1</script></globalScriptTask>"

    assert Run(models(inside)["G"], {"a": 2}).variables == {"a": 2, "sum": 3}


def test_a_global_business_rule_task_asks_its_decision():
    run = Run(
        models('<globalBusinessRuleTask id="G" camunda:decisionRef="limits" camunda:resultVariable="days"/>')["G"]
    )

    run.complete("G.task", {"days": 3})

    assert run.variables == {"days": 3}


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        (
            '<globalScriptTask id="G" scriptLanguage="python"><script>x = 1</script></globalScriptTask>',
            "script-foreign",
        ),
        ('<globalScriptTask id="G"><script>1</script></globalScriptTask>', "script-format"),
        ('<globalBusinessRuleTask id="G"/>', "decision-missing"),
        ('<globalUserTask id="G" camunda:unknown="x"/>', "attribute-unsupported"),
        ('<globalUserTask id="G"><something/></globalUserTask>', "element-unsupported"),
    ],
)
def test_a_global_task_is_refused_for_what_a_task_inside_a_process_is(inside, problem):
    assert (problem, "G.task") in refused(inside)


def test_a_global_task_needs_an_id_and_ids_that_nobody_else_has():
    assert ("id-missing", "") in refused("<globalTask/>")
    assert ("id-duplicate", "G.task") in refused(
        f'<globalTask id="G"/><process id="p">{start("G.task")}{end()}{path("G.task", "e")}</process>'
    )


DATA = (
    '<ioSpecification><dataInput id="i" name="amount"/><dataOutput id="o" name="answer"/><inputSet><dataInputRefs>i'
    "</dataInputRefs></inputSet><outputSet><dataOutputRefs>o</dataOutputRefs></outputSet></ioSpecification>"
)


def test_a_global_task_declares_what_it_must_be_called_with():
    model = models(f'<globalUserTask id="G">{DATA}</globalUserTask>')["G"]

    with pytest.raises(Invalid):
        bpmn.start(model, {}, now=NOW)
    run = Run(model, {"amount": 1})
    run.complete("G.task", {"answer": 5})

    assert run.variables == {"amount": 1, "answer": 5}


def test_a_call_hands_its_data_inputs_to_the_called_task_and_takes_its_data_outputs():
    objects = '<dataObject id="d1" name="total"/><dataObject id="d2" name="result"/>'
    ends = (
        "<dataInputAssociation><sourceRef>d1</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d2</targetRef></dataOutputAssociation>"
    )
    call = node("callActivity", "c", DATA + ends, 'calledElement="G"')
    body = process(objects, start(), call, end(), path(*"sce"))
    run = Run(read_file(body, "f.bpmn").models[0], {"total": 3})

    (opened,) = run.step.opened
    assert isinstance(opened, CallOpened)
    assert (opened.called, opened.variables) == ("G", {"amount": 3})
    run.complete("c", {"answer": 5, "private": 1})

    assert run.variables == {"total": 3, "result": 5}


def test_a_call_with_a_drawn_association_hands_the_data_object_over_under_its_own_name():
    objects = '<dataObject id="d1" name="total"/>'
    ends = (
        "<dataInputAssociation><sourceRef>d1</sourceRef></dataInputAssociation>"
        "<dataOutputAssociation><targetRef>d1</targetRef></dataOutputAssociation>"
    )
    call = node("callActivity", "c", ends, 'calledElement="G"')
    run = Run(read_file(process(objects, start(), call, end(), path(*"sce")), "f.bpmn").models[0], {"total": 3})

    (opened,) = run.step.opened
    assert isinstance(opened, CallOpened)
    assert opened.variables == {"total": 3}
    run.complete("c", {"total": 4, "private": 1})

    assert run.variables == {"total": 4}


# -- who does it ------------------------------------------------------------------------------------------------------


def role(type_: str, text: str) -> str:
    expression = (
        f"<resourceAssignmentExpression><formalExpression>{text}</formalExpression></resourceAssignmentExpression>"
    )
    return f"<{type_}>{expression}</{type_}>"


def facts(inside: str, variables: dict[str, object]) -> tuple[str | None, tuple[str, ...]]:
    model = read_file(process(start(), user("u", inside), end(), path(*"sue")), "f.bpmn").models[0]
    task = model.elements["u"].task
    assert isinstance(task, UserTaskSpec)
    found = task.evaluate(variables, NOW)
    return found.assignee, found.candidate_groups


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (role("potentialOwner", '["street", group]'), (None, ("street", "city"))),
        (role("potentialOwner", '"street,city"'), (None, ("street", "city"))),
        (role("humanPerformer", "person"), ("lin", ())),
        (role("performer", "person"), ("lin", ())),
        (role("humanPerformer", "person") + role("potentialOwner", "group"), ("lin", ("city",))),
    ],
)
def test_roles_say_who_does_a_user_task(inside, expected):
    assert facts(inside, {"group": "city", "person": "lin"}) == expected


@pytest.mark.parametrize(
    ("inside", "attributes", "code"),
    [
        (role("resourceRole", '"a"'), "", "role-open"),
        ("<potentialOwner><resourceRef>r</resourceRef></potentialOwner>", "", "role-reference"),
        ("<potentialOwner/>", "", "attribute-missing"),
        (role("potentialOwner", '"a"'), 'camunda:candidateGroups="b"', "role-twice"),
        (role("humanPerformer", '"a"'), 'camunda:assignee="b"', "role-twice"),
        (role("humanPerformer", '"a"') + role("performer", '"b"'), "", "role-twice"),
        (role("potentialOwner", "${a}"), "", "expression-foreign"),
        (role("potentialOwner", "user(kermit)"), "", "expression-invalid"),
    ],
)
def test_roles_that_leave_open_who_does_it_are_refused(inside, attributes, code):
    with pytest.raises(DeploymentError) as caught:
        read_file(process(start(), user("u", inside, attributes), end(), path(*"sue")), "f.bpmn")

    assert (code, "u") in {(problem.code, problem.where) for problem in caught.value.problems}


def test_an_operation_describes_a_task_that_has_a_topic_and_refuses_one_without():
    operation = '<operation id="op" name="read"><inMessageRef>M</inMessageRef></operation>'
    interface = f'<interface id="if" name="files">{operation}</interface>'
    named = 'operationRef="op"'
    body = f'<process id="p">{start()}{service("x", attributes=named)}{end()}{path(*"sxe")}</process>'
    assert Run(models(interface + body)["p"]).waiting == ["x"]

    bare = f'<process id="p">{start()}{node("serviceTask", "x", attributes=named)}{end()}{path(*"sxe")}</process>'
    assert ("topic-missing", "x") in refused(interface + bare)
