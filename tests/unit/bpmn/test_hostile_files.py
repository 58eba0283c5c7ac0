"""Whatever is uploaded: a model, or a refusal that says why; never a crash."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import bpmn
from engine.bpmn import ExecutionError, ProcessModel, read_processes
from engine.errors import DeploymentError, Invalid, Problem
from tests.unit.bpmn.blocks import BLOCKS
from tests.unit.bpmn.diagrams import (
    ERROR,
    HEAD,
    MESSAGE,
    NOW,
    SIGNAL,
    boundary,
    catch,
    end,
    flow,
    mapping,
    node,
    path,
    process,
    script,
    service,
    start,
    throw,
    timer,
    user,
)
from tests.unit.bpmn.drawing import drawn

RETRIES = (
    "<extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></extensionElements>"
)
CALL_IN = '<extensionElements><camunda:in source="x" target="y"/></extensionElements>'
LINK = '<linkEventDefinition name="on"/>'
VOTE = (
    '<multiInstanceLoopCharacteristics camunda:collection="= list" camunda:elementVariable="one">'
    "<completionCondition>nrOfCompletedInstances &gt; 2</completionCondition></multiInstanceLoopCharacteristics>"
)
RICH = process(
    start(),
    user("u", mapping({"a": "= 1"}, {"b": "= a"}) + VOTE, 'camunda:candidateGroups="= g" camunda:dueDate="P1D"'),
    boundary("b", "u", timer("R3/PT1H", "timeCycle"), interrupting=False),
    boundary("b2", "u", MESSAGE),
    node("exclusiveGateway", "g", attributes='default="g_j"'),
    service("j", RETRIES),
    boundary("b3", "j", ERROR),
    node("callActivity", "c", CALL_IN, 'calledElement="q"'),
    node("subProcess", "p2", start("i") + script("x", "1 + 1", "n") + end("o", ERROR) + path("i", "x", "o")),
    node("eventBasedGateway", "v"),
    catch("m", MESSAGE, 'zhili:correlationKey="= k"'),
    catch("t", timer("2026-11-30T00:00:00Z", "timeDate")),
    throw("l", LINK),
    catch("l2", LINK),
    node("businessRuleTask", "r", attributes='camunda:decisionRef="D" camunda:resultVariable="d"'),
    end("e", SIGNAL),
    path("s", "u", "g"),
    flow("g", "c", 'x = "y"'),
    path("g", "j", "p2", "v", "m", "l"),
    path("v", "t", "e"),
    path("c", "e"),
    path("b", "e"),
    path("b2", "e"),
    path("b3", "e"),
    path("l2", "r", "e"),
)  # fmt: skip


def damaged(xml: bytes, seed: int) -> bytes:
    """Drop, double, move and rewrite a few elements and attributes."""
    chance = random.Random(seed)
    root = etree.fromstring(xml)
    words = ["", "=", "= 1 +", "${x}", "#{", "P", "R/PT1S", "u", "nobody", "true", "-1", "é" * 200, "3", "All"]
    for _ in range(chance.randint(1, 4)):
        inside = [element for element in root.iter() if element is not root]
        if not inside:
            break
        element, other = chance.choice(inside), chance.choice(inside)
        action = chance.randint(0, 5)
        if action == 0:
            element.getparent().remove(element)
        elif action == 1:
            element.getparent().append(etree.fromstring(etree.tostring(element)))
        elif action == 2 and element not in set(other.iterancestors()) | {other}:
            other.append(element)
        elif action == 3 and element.attrib:
            del element.attrib[chance.choice(list(element.attrib))]
        elif action == 4 and element.attrib:
            element.attrib[chance.choice(list(element.attrib))] = chance.choice(words)
        else:
            element.text = chance.choice(words)
    return etree.tostring(root)


def read(xml: bytes) -> tuple[tuple[ProcessModel, ...], tuple[Problem, ...]]:
    try:
        return read_processes(xml, "hostile.bpmn"), ()
    except DeploymentError as error:
        return (), error.problems


def check(xml: bytes) -> None:
    models, problems = read(xml)
    assert models or problems
    assert all(problem.message and problem.code for problem in problems)
    for model in models:
        try:
            step = bpmn.start(model, {"list": [1, 2], "g": ["a"]}, now=NOW)
        except (ExecutionError, Invalid):
            continue
        assert step.ended or bpmn.positions(model, step.state)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_damaged_file_is_read_or_refused(seed):
    check(damaged(RICH, seed))


@settings(max_examples=100, deadline=None)
@given(block=BLOCKS, seed=st.integers(0, 10**9))
def test_a_damaged_random_file_is_read_or_refused(block, seed):
    check(damaged(drawn(block).xml, seed))


@settings(max_examples=200, deadline=None)
@given(start=st.integers(0, 4000), junk=st.binary(max_size=8))
def test_a_file_with_foreign_bytes_is_read_or_refused(start, junk):
    check(RICH[:start] + junk + RICH[start + len(junk) :])


@settings(deadline=None)
@given(encoding=st.sampled_from(["utf-7", "cp037", "ebcdic", "no-such", "gb18030", "latin-1", "utf-16-le"]))
def test_a_file_that_lies_about_its_encoding_is_read_or_refused(encoding):
    check(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + RICH)


def test_the_undamaged_file_is_read():
    (model,) = read_processes(RICH, "rich.bpmn")

    assert len(model.elements) == 19


# Of processor time: a busy machine is no failure.
MOST_SECONDS = 5.0
NAMESPACES = " ".join(f'xmlns:n{number}="urn:n{number}"' for number in range(30_000))
MANY = HEAD.replace("<definitions", f"<definitions {NAMESPACES}")
FLOWS = "".join(flow("split", "merge", name=f"back{number}") for number in range(1000))
HEAVY = "count(for i in 1..30, j in 1..1000 return i * j)"


@pytest.mark.parametrize(
    "xml",
    [
        MANY + '<message messageRef="n0:x"/>' * 19_000 + "</definitions>",
        HEAD + '<a b="c:d"/>' * 19_000 + "</definitions>",
        process(*(user("u") for _ in range(9_000))).decode(),
        process(*(node("userTask", f"u{n}", "", 'x="1" y="2"') for n in range(6_000))).decode(),
        process(start(), user("u", f"<documentation>{'x' * 1_900_000}</documentation>"), end()).decode(),
        process(start(), script("x", "(" * 500_000, "y"), end()).decode(),
    ],
    ids=["prefixes", "colons", "same_ids", "unknown_words", "long_text", "long_script"],
)
def test_a_file_at_the_limits_of_size_is_read_or_refused_in_time(xml):
    began = time.thread_time()
    check(xml.encode())
    assert time.thread_time() - began < MOST_SECONDS


LIMITS = {
    "exploding tokens": (
        (node("exclusiveGateway", "merge"), node("parallelGateway", "split"), FLOWS, path("s", "merge", "split", "e")),
        "too-many-tokens",
    ),
    "costly scripts": (
        (*(script(f"x{n}", HEAVY, "y") for n in range(300)), path("s", *(f"x{n}" for n in range(300)), "e")),
        "time-budget-exceeded",
    ),
    "costly mappings": (
        (user("u", mapping({f"v{n}": f"= {HEAVY}" for n in range(400)})), path("s", "u", "e")),
        "time-budget-exceeded",
    ),
    "a thousand times a thousand": (
        (
            node(
                "subProcess",
                "outer",
                start("i") + user("u", VOTE.replace("list", "many")) + end("o") + path("i", "u", "o")
                + VOTE.replace("list", "many"),
            ),
            path("s", "outer", "e"),
        ),
        "too-many-tokens",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_model_that_would_never_be_done_is_stopped_in_time_with_its_element(name):
    parts, code = LIMITS[name]
    (model,) = read_processes(process(start(), end(), *parts), "hostile.bpmn")
    began = time.thread_time()
    with pytest.raises(ExecutionError) as caught:
        bpmn.start(model, {"many": list(range(1000))}, now=NOW)

    assert time.thread_time() - began < MOST_SECONDS
    assert caught.value.key == code
    assert caught.value.element_id.partition(".")[0] in model.elements


def test_two_thousand_steps_that_end_are_run_to_their_end():
    ids = [f"x{number}" for number in range(2000)]
    (model,) = read_processes(
        process(start(), end(), *(script(i, "n + 1", "n") for i in ids), path("s", *ids, "e")), "f"
    )

    assert bpmn.start(model, {"n": 0}, now=NOW).state.variables == {"n": 2000}
