"""Collections of multi-instances, what is refused of data, and what waits for them."""

import pytest

from engine.bpmn import read_file
from tests.unit.bpmn.data_parts import AMOUNT, TOTAL, data_in, data_out, many, refused, spec, sub, warned
from tests.unit.bpmn.diagrams import (
    Run,
    definitions,
    end,
    model_of,
    node,
    path,
    start,
    user,
)

LIST = '<dataObject id="d1" name="people" isCollection="true"/><dataObjectReference id="r1" dataObjectRef="d1"/>'


ANSWERS = '<dataObject id="d2" name="answers" isCollection="true"/><dataObjectReference id="r2" dataObjectRef="d2"/>'


ITEMS = (
    "<loopDataInputRef>{}</loopDataInputRef><loopDataOutputRef>{}</loopDataOutputRef>"
    '<inputDataItem id="itemIn" name="person"/><outputDataItem id="itemOut" name="answer"/>'
)


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize("ends", [("r1", "r2"), ("d1", "d2"), ("peopleI", "answersO")])
def test_a_multi_instance_reads_and_writes_collections_in_the_words_of_the_standard(ends, sequential):
    inside = spec("people", "answers") + data_in("r1", "peopleI") + data_out("answersO", "r2")
    loop = many(ITEMS.format(*ends), f'isSequential="{sequential}"')
    run = Run(model_of(LIST, ANSWERS, start(), user("u", inside + loop), end(), path(*"sue")), {"people": ["a", "b"]})

    assert run.positions[-1].local["person"] == ("a" if sequential == "true" else "b")
    run.complete("u", {"answer": 1})
    assert run.variables["answers"] is None
    run.complete("u", {"answer": 2})

    assert run.variables == {"people": ["a", "b"], "answers": [1, 2]}
    assert run.step.ended is not None


def test_items_are_handed_to_the_data_inputs_and_outputs_of_each_instance():
    inside = spec("who", "vote") + data_in("itemIn", "whoI") + data_out("voteO", "itemOut")
    run = Run(
        model_of(LIST, ANSWERS, start(), user("u", inside + many(ITEMS.format("r1", "r2"))), end(), path(*"sue")),
        {"people": ["a", "b"]},
    )

    assert [p.local["who"] for p in run.positions if p.kind == "user_task"] == ["a", "b"]
    run.complete("u", {"vote": "no"}, 1)
    run.complete("u", {"vote": "yes"})

    assert run.variables == {"people": ["a", "b"], "answers": ["yes", "no"]}


@pytest.mark.parametrize(
    "condition",
    [
        "nrOfCompletedInstances = 2 and nrOfInstances = 3 and nrOfActiveInstances = 1",
        "numberOfCompletedInstances = 2 and numberOfInstances = 3 and numberOfActiveInstances = 1",
        "count(answers[item = 1]) = 2 and numberOfTerminatedInstances = 0",
    ],
)
def test_the_completion_condition_sees_the_counters_by_both_names_and_what_is_collected(condition):
    loop = many(ITEMS.format("r1", "r2") + f"<completionCondition>{condition}</completionCondition>")
    run = Run(model_of(LIST, ANSWERS, start(), user("u", loop), end(), path(*"sue")), {"people": ["a", "b", "c"]})

    run.complete("u", {"answer": 1})
    assert run.step.ended is None
    run.complete("u", {"answer": 1})

    assert run.variables["answers"] == [1, 1, None]
    assert run.step.ended is not None


STORE = '<dataStoreReference id="ds" name="archive"/>'


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (data_in("ds", None), "data-store-association"),
        (data_out(None, "ds"), "data-store-association"),
        (data_in("nothing", None), "reference-unresolved"),
        (data_out(None, "nothing"), "reference-unresolved"),
        (spec("a"), "data-input-unfed"),
        (spec("a") + data_in("r1 r2", "aI"), "data-association-source"),
        (
            spec("a") + data_in("r1", "aI", "<assignment><from>1</from><to>other</to></assignment>"),
            "data-assignment-target",
        ),
        (
            spec("a")
            + data_in("r1", "aI", '<transformation language="http://www.w3.org/1999/XPath">/a</transformation>'),
            "expression-language",
        ),
        (spec("a") + data_in("r1", "aI", "<transformation>${amount}</transformation>"), "expression-foreign"),
        (spec("a") + data_in("r1", "aI", "<assignment><to>a</to></assignment>"), "attribute-missing"),
        (spec("a") + data_in("r1", "r2"), "reference-unresolved"),
        ("<ioSpecification><inputSet/><inputSet/><outputSet/></ioSpecification>", "data-sets"),
        ("<ioSpecification><inputSet/><outputSet/><outputSet/></ioSpecification>", "data-sets"),
        (
            "<ioSpecification><inputSet><dataInputRefs>no</dataInputRefs></inputSet></ioSpecification>",
            "reference-unresolved",
        ),
        ("<ioSpecification><other/></ioSpecification>", "element-unsupported"),
        ("<ioSpecification><inputSet><other/></inputSet></ioSpecification>", "element-unsupported"),
        (data_out(None, "r1", "<targetRef>r2</targetRef>"), "element-unsupported"),
        ("<dataInputAssociation/>", "attribute-missing"),
        ("<dataOutputAssociation/>", "attribute-missing"),
        ("<property/>", "data-name"),
        ('<property id="x1" name="n"/><property id="x2" name="n"/>', "data-name-clash"),
        (spec("a") + data_in("r1", "aI") + data_in("r2", "aI"), "data-name-twice"),
        (
            '<ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs><whileExecutingInputRefs>i'
            "</whileExecutingInputRefs></inputSet></ioSpecification>" + data_in("r1", "i"),
            "data-while-executing",
        ),
        (
            '<extensionElements><camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter>'
            "</camunda:inputOutput></extensionElements>" + spec("a") + data_in("r1", "aI"),
            "data-name-twice",
        ),
    ],
)
def test_data_that_cannot_be_handled_right_are_refused_at_their_activity(inside, code):
    assert (code, "u") in refused(AMOUNT, TOTAL, STORE, start(), user("u", inside), end(), path(*"sue"))


@pytest.mark.parametrize(
    "inside",
    [
        '<ioSpecification><dataInput id="i" camunda:x="1"/></ioSpecification>',
        '<ioSpecification><dataOutput id="i" zhili:x="1"/></ioSpecification>',
        '<property id="i" camunda:x="1"/>',
        many('<loopCardinality>1</loopCardinality><inputDataItem id="i" camunda:x="1"/>'),
    ],
)
def test_an_attribute_of_data_that_nobody_hears_is_refused(inside):
    assert ("attribute-unsupported", "i") in refused(start(), user("u", inside), end(), path(*"sue"))


def test_a_collection_that_is_put_together_from_parts_is_refused():
    parts = "<assignment><from>1</from><to>people.a</to></assignment>"
    inside = spec("people") + data_in("r1", "peopleI", parts) + many("<loopDataInputRef>peopleI</loopDataInputRef>")
    assert ("data-loop-input", "u") in refused(AMOUNT, start(), user("u", inside), end(), path(*"sue"))


@pytest.mark.parametrize("kind", ["in", "out"])
def test_a_call_does_not_hand_over_one_name_twice(kind):
    twice = f'<extensionElements><camunda:{kind} source="x" target="amount"/></extensionElements>'
    ends = data_in("r1", "amountI") if kind == "in" else data_out("madeO", "r1")
    declared = spec("amount") if kind == "in" else spec(outputs="made")
    call = node("callActivity", "c", twice + declared + ends, 'calledElement="G"')
    assert ("data-name-twice", "c") in refused(AMOUNT, start(), call, end(), path(*"sce"))


def test_a_subscription_inside_a_sub_process_is_refused():
    inner = sub(user("u"), path("s2", "u", "e2"), inside='<correlationSubscription id="cs" correlationKeyRef="K"/>')
    assert ("element-unsupported", "sub") in refused(start(), inner, end(), path("s", "sub", "e"))


def test_a_data_store_that_nobody_reads_or_writes_is_a_drawing():
    model = model_of(STORE, start(), user("u"), end(), path(*"sue"))

    assert Run(model).variables == {}


def test_a_task_that_nobody_does_has_no_required_data_output():
    task = node("task", "t", spec(outputs="x") + data_out("xO", "r1"))
    assert ("data-output-nobody", "t") in refused(AMOUNT, start(), task, end(), path(*"ste"))


def test_a_data_output_without_an_association_is_doubted_and_goes_nowhere():
    task = user("u", spec(outputs="x"))
    assert ("data-output-unused", "u") in warned(start(), task, end(), path(*"sue"))
    run = Run(model_of(start(), task, end(), path(*"sue")))

    run.complete("u", {"x": 1})

    assert run.variables == {}


def test_descriptions_are_kept_without_effect():
    described = '<auditing id="au"/><monitoring id="mo"/><rendering id="re"/>'
    item = '<itemDefinition id="item" structureRef="xsd:int" isCollection="false"/>'
    thing = '<dataObject id="d" name="amount" itemSubjectRef="item" isCollection="false"/>'
    body = f"{thing}{start()}{user('u', described)}{end()}{path(*'sue')}"
    file = read_file(definitions(f'{item}<process id="p" isExecutable="true">{body}</process>'), "f.bpmn")

    assert Run(file.models[0]).variables == {"amount": None}


def held_up(first: str, *, optional: bool = False) -> Run:
    """`a` needs the data object `amount`, which `b` gives."""
    take = spec("i", optional="i" if optional else "") + data_in("r1", "iI")
    give = user("b", spec(outputs="o") + data_out("oO", "r1"))
    gate = node("parallelGateway", "f") + node("parallelGateway", "j")
    ways = path("s", "f", "a", "j", "e") + path("f", "b", "j")
    return Run(model_of(AMOUNT, start(), gate, first.replace("TAKE", take), give, end(), ways))


@pytest.mark.parametrize("first", [user("a", "TAKE"), node("sendTask", "a", "TAKE", 'messageRef="M"')])
def test_an_activity_waits_until_the_data_that_it_needs_are_there(first):
    """BPMN 2.0.2 §10.4.2: it must wait while a source is unavailable."""
    run = held_up(first)
    assert [(p.element_id, p.kind) for p in run.positions] == [("a", "data"), ("b", "user_task")]
    assert "a" not in {name for name, _ in run.history}

    run.complete("b", {"o": 5})

    assert ("a", "entered") in run.history
    if run.step.ended is None:
        assert run.positions[0].local == {"i": 5}


def test_an_activity_does_not_wait_for_data_that_are_optional():
    run = held_up(user("a", "TAKE"), optional=True)

    assert sorted(run.waiting) == ["a", "b"]


def test_data_that_are_corrected_let_an_activity_begin():
    take = user("a", spec("i") + data_in("r1", "iI"))
    run = Run(model_of(AMOUNT, start(), take, end(), path("s", "a", "e")))
    assert [p.kind for p in run.positions] == ["data"]

    run.set_variables({"amount": 3})

    assert [p.kind for p in run.positions] == ["user_task"]
