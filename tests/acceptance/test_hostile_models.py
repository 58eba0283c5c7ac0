"""Hostile files and models over HTTP: refused or stopped within five seconds of work, named, nothing half-done."""

import base64
import time
from datetime import timedelta

import pytest

from engine.jobs.executor import Executor
from tests.builders.diagrams import chain, diagram, flows, user_task

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">'
OK = '<process id="hostile" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>{}</process>'
FLOW = '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>'
FILE = HEAD + OK.format(FLOW) + "</definitions>"
MOST_SECONDS = 5.0


class Stopwatch:
    """Processor time of this thread, in which the application answers: a busy machine is no failure."""

    def __enter__(self):
        self._began = time.thread_time()
        return self

    def __exit__(self, *_):
        assert time.thread_time() - self._began < MOST_SECONDS


def post(as_, xml: bytes, name: str = "hostile.bpmn", beside: bytes | None = None):
    files = [{"name": name, "base64": base64.b64encode(xml).decode()}]
    if beside is not None:
        files.append({"name": "beside.bpmn", "base64": base64.b64encode(beside).decode()})
    with Stopwatch():
        return as_("designer").post("/deployments?merge=true", {"files": files})


def begin(as_, key: str, **variables: object):
    with Stopwatch():
        return as_("designer").post("/process-instances", {"process_key": key, "variables": variables})


def stored(as_) -> object:
    """Return all that a deployment leaves behind, as far as it can be asked for."""
    designer = as_("designer")
    sets = designer.get("/deployments").get_json()["items"]
    return (
        [one["id"] for one in sets],
        [one["id"] for one in designer.get("/process-definitions?latest=false").get_json()["items"]],
        [designer.get(f"/deployments/{one['id']}/files").get_json()["items"] for one in sets],
        designer.get("/history/events?limit=100").get_json(),
    )


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE d [<!ENTITY a0 "lol">{entities}]><d>&a9;</d>'.encode()


DOCTYPE = '<!DOCTYPE definitions SYSTEM "file:///etc/passwd">' + FILE
FILES = {
    "empty": (b"", "xml-empty"),
    "json": (b'{"process": "hostile"}', "xml-malformed"),
    "zeroes": (FILE.encode().replace(b"hostile", b"host\0ile"), "xml-malformed"),
    "doctype": (DOCTYPE.encode(), "xml-doctype"),
    "doctype_utf16": (DOCTYPE.encode("utf-16"), "xml-doctype"),
    "doctype_broken_utf16": (DOCTYPE[:-9].encode("utf-16"), "xml-doctype"),
    "bomb": (bomb(), "xml-doctype"),
    "entity": (
        b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + FILE.encode().replace(b"urn:x", b"&e;"),
        "xml-doctype",
    ),
    "include": (
        (
            HEAD + '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></definitions>'
        ).encode(),
        "xml-include",
    ),
    "deep": ((HEAD + "<a>" * 10_000 + "</a>" * 10_000 + "</definitions>").encode(), "xml-too-deep"),
    "large": (FILE.encode() + b" " * 2_100_000, "resource-too-large"),
    "flows": (
        (HEAD + OK.format("<sequenceFlow/>" * 100_000) + "</definitions>").encode(),
        "xml-too-many-elements",
    ),
    "attributes": (
        (HEAD[:-1] + "".join(f' a{n}=""' for n in range(150_000)) + "/>").encode(),
        "xml-too-many-attributes",
    ),
    "twice": (FILE.encode().replace(b'id="s"', b'id="s" id="s"'), "xml-malformed"),
    "old": (
        FILE.encode().replace(b"http://www.omg.org/spec/BPMN/20100524/MODEL", b"http://bpmn.org"),
        "bpmn-namespace",
    ),
    "https": (FILE.encode().replace(b"http:", b"https:"), "bpmn-namespace"),
    "bare": (FILE.encode().replace(b' xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"', b""), "bpmn-namespace"),
    "unknown": (b'<?xml version="1.0" encoding="klingon"?>' + FILE.encode(), "xml-encoding-unknown"),
    "lying": (('<?xml version="1.0" encoding="GB18030"?><!-- 谎 -->' + FILE).encode(), "xml-encoding-wrong"),
    "name": (FILE.encode().replace(b'"hostile"', b'"hostile" name="' + b"n" * 1_000_000 + b'"'), "name-too-long"),
    "id": (FILE.encode().replace(b"hostile", b"h" * 1_000_000), "id-invalid"),
}


def test_hostile_files_are_refused_by_name_and_leave_nothing_behind(as_):
    before = stored(as_)
    for name, (content, code) in FILES.items():
        answer = post(as_, content, beside=diagram("beside", chain(user_task("look"), names=("look",))))

        assert answer.status_code == 422, (name, answer.text)
        errors = answer.get_json(force=True)["errors"]
        assert code in {error["code"] for error in errors}, (name, errors)
        assert {error["file"] for error in errors} == {"hostile.bpmn"}
        assert all(max(error["message"]) >= "\u4e00" for error in errors), (name, errors)
        assert len(answer.data) < 100_000, name
        assert "root:" not in answer.text, name
    assert stored(as_) == before


def test_a_huge_picture_inside_an_extension_is_kept(as_):
    picture = "QUJD" * 400_000
    note = f'<extensionElements><v:logo xmlns:v="urn:v" data="{picture}"/></extensionElements>'
    content = (HEAD + OK.format(FLOW).replace("<startEvent", note + "<startEvent", 1) + "</definitions>").encode()

    made = post(as_, content)

    assert made.status_code == 201, made.text
    address = f"/deployments/{made.get_json()['id']}/content?file=hostile.bpmn"
    assert as_("designer").get(address).data == content


def test_timers_that_nobody_can_mean_are_refused_at_their_element(as_):
    for text in ("R/PT0S", "P999999Y", "PT999999999999999999999S", "R999999999/PT1S", "-P1D"):
        kind = "timeCycle" if text.startswith("R") else "timeDuration"
        timer = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
        guard = (
            f'<bpmn:boundaryEvent id="late" attachedToRef="look" cancelActivity="false">{timer}</bpmn:boundaryEvent>'
        )

        answer = post(as_, diagram("hostile", chain(user_task("look"), guard, names=("look",)) + flows("late>end")))

        assert answer.status_code == 422, (text, answer.text)
        errors = {(error["code"], error["where"]) for error in answer.get_json(force=True)["errors"]}
        assert ("timer-invalid", "late") in errors, text


def test_two_thousand_people_wait_at_once(as_):
    """Deployed, started and read again: a split to 2,000 user tasks, and the join behind them."""
    names = [f"t{number}" for number in range(2000)]
    gateways = '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
    arms = flows(*(f"split>{name}" for name in names), *(f"{name}>join" for name in names))
    body = chain(gateways, *map(user_task, names), names=()).replace(
        flows("start>end"), flows("start>split", "join>end")
    )
    assert post(as_, diagram("hostile", body + arms)).status_code == 201

    started = begin(as_, "hostile")

    assert started.status_code == 201, started.text
    positions = as_("designer").get(f"/process-instances/{started.get_json()['id']}/activities").get_json()["items"]
    assert len({one["element_id"] for one in positions} & set(names)) == 2000


def test_two_thousand_elements_in_a_row_run_in_one_command(as_):
    names = [f"t{number}" for number in range(2000)]
    steps = [f'<bpmn:manualTask id="{name}"/>' for name in names]
    assert post(as_, diagram("hostile", chain(*steps, names=tuple(names)))).status_code == 201

    started = begin(as_, "hostile")

    assert (started.status_code, started.get_json()["status"]) == (201, "completed")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("<bpmn:loopCardinality>1000000</bpmn:loopCardinality>", "cardinality-invalid"),
        ("<bpmn:loopDataInputRef>= for i in 1..90000 return i</bpmn:loopDataInputRef>", "collection-too-large"),
        ("<bpmn:loopDataInputRef>= for i in 1..1000000 return i</bpmn:loopDataInputRef>", "expression-failed"),
    ],
)
def test_a_million_instances_are_a_clear_error_and_no_instance(as_, source, code):
    many = f"<bpmn:multiInstanceLoopCharacteristics>{source}</bpmn:multiInstanceLoopCharacteristics>"
    assert post(as_, diagram("hostile", chain(user_task("look", inner=many), names=("look",)))).status_code == 201

    answer = begin(as_, "hostile")

    assert answer.status_code == 400, answer.text
    assert answer.get_json(force=True)["code"] == code
    assert "look" in answer.get_json(force=True)["detail"]
    assert as_("designer").get("/process-instances?process_key=hostile").get_json()["items"] == []


CIRCLE = chain('<bpmn:exclusiveGateway id="again" default="again_work"/><bpmn:manualTask id="work"/>', names=("again",))
DOUBLE = '<bpmn:exclusiveGateway id="merge"/><bpmn:parallelGateway id="split"/>'
LOOP = (
    '<bpmn:subProcess id="loop"><bpmn:startEvent id="in"/><bpmn:endEvent id="out"/>'
    '<bpmn:sequenceFlow id="in_out" sourceRef="in" targetRef="out"/><bpmn:standardLoopCharacteristics>'
    "<bpmn:loopCondition>true</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:subProcess>"
)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (
            CIRCLE.replace(flows("again>end"), flows("again>end[false]", "again>work", "work>again")),
            {"step-budget-exceeded"},
        ),
        (
            chain(DOUBLE, names=("merge", "split")) + "".join(
                f'<bpmn:sequenceFlow id="back{n}" sourceRef="split" targetRef="merge"/>' for n in range(2)
            ),
            {"step-budget-exceeded", "too-many-tokens"},
        ),
        (
            chain(DOUBLE, names=("merge", "split")) + "".join(
                f'<bpmn:sequenceFlow id="back{n}" sourceRef="split" targetRef="merge"/>' for n in range(1000)
            ),
            {"too-many-tokens"},
        ),
        (chain(LOOP, names=("loop",)), {"step-budget-exceeded"}),
    ],
    ids=["circle", "doubling", "thousandfold", "loop"],
)  # fmt: skip
def test_a_circle_without_a_wait_is_refused_or_stopped_with_its_element(as_, body, codes):
    made = post(as_, diagram("hostile", body))
    if made.status_code == 422:
        assert all(error["where"] for error in made.get_json(force=True)["errors"])
        return

    answer = begin(as_, "hostile")

    assert answer.status_code == 400, answer.text
    assert answer.get_json(force=True)["code"] in codes
    assert as_("designer").get("/process-instances?process_key=hostile").get_json()["items"] == []


def test_expressions_that_cost_too_much_together_are_stopped(as_):
    names = tuple(f"s{number}" for number in range(400))
    costly = "count(for i in 1..30, j in 1..1000 return i * j)"
    steps = [
        f'<bpmn:scriptTask id="{name}" scriptFormat="feel" camunda:resultVariable="n">'
        f"<bpmn:script>{costly}</bpmn:script></bpmn:scriptTask>"
        for name in names
    ]
    assert post(as_, diagram("hostile", chain(*steps, names=names))).status_code == 201

    answer = begin(as_, "hostile")

    assert answer.status_code == 400, answer.text
    assert answer.get_json(force=True)["code"] == "time-budget-exceeded"


def calling(key: str, called: str, *, always: bool) -> dict[str, str]:
    """Return the file of a process that calls another one; with a way past the call, unless it always does."""
    call = f'<bpmn:callActivity id="ask" calledElement="{called}"/>'
    if always:
        return {"name": f"{key}.bpmn", "text": diagram(key, chain(call, names=("ask",))).decode()}
    choice = '<bpmn:exclusiveGateway id="enough" default="enough_ask"/><bpmn:endEvent id="stop"/>'
    body = chain(call, choice, names=("enough", "ask")) + flows("enough>stop[enough = true]")
    return {"name": f"{key}.bpmn", "text": diagram(key, body).decode()}


CIRCLES = (("own",), ("one", "two"), ("one", "two", "three"))


def test_processes_that_can_only_call_each_other_in_a_circle_are_refused(as_):
    before = stored(as_)
    for circle in CIRCLES:
        files = [calling(key, after, always=True) for key, after in zip(circle, (*circle[1:], circle[0]), strict=True)]
        answer = as_("designer").post("/deployments?merge=true", {"files": files})
        assert answer.status_code == 422, answer.text
        [error] = answer.get_json(force=True)["errors"]
        assert (error["code"], error["where"]) == ("call-circle-endless", "ask")
    assert stored(as_) == before


@pytest.mark.parametrize("circle", CIRCLES, ids="-".join)
def test_processes_that_do_call_each_other_for_ever_become_one_incident(as_, app, clock, circle):
    files = [calling(key, after, always=False) for key, after in zip(circle, (*circle[1:], circle[0]), strict=True)]
    made = as_("designer").post("/deployments?merge=true", {"files": files})
    assert made.status_code == 201, made.text
    assert "call-circle" in {finding["code"] for finding in made.get_json()["findings"]}
    started = begin(as_, circle[0])
    assert started.status_code == 201, started.text

    executor = Executor(app.extensions["zhili"].units)
    for _ in range(8):
        clock.advance(timedelta(hours=1))
        with Stopwatch():
            executor.run_due()

    [incident] = as_("designer").get("/incidents?status=open").get_json()["items"]
    assert incident["element_id"] == "ask"
    assert "call each other" in incident["message"]
    instances = as_("designer").get("/process-instances?limit=100").get_json()["items"]
    assert {one["root_id"] for one in instances} == {started.get_json()["id"]}
    assert len(instances) == 9
