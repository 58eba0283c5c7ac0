"""What is refused at deployment, and that every refusal names the element, the file and the line."""

from itertools import pairwise
from pathlib import Path

import pytest

from engine import bpmn
from engine.bpmn import read_deployed, read_file, read_processes
from engine.errors import DeploymentError, Problem
from tests.unit.bpmn.diagrams import (
    HEAD,
    MESSAGE,
    NOW,
    SIGNAL,
    catch,
    definitions,
    end,
    flow,
    node,
    path,
    process,
    script,
    service,
    start,
    throw,
    user,
)


def problems(xml: bytes) -> list[Problem]:
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "flow.bpmn")
    assert caught.value.problems
    return list(caught.value.problems)


def found(xml: bytes) -> set[tuple[str, str]]:
    return {(problem.code, problem.where) for problem in problems(xml)}


OK = start() + end() + path("s", "e")


def around(*parts: str) -> bytes:
    """Put one element, or a few, between a start and an end."""
    return process(start(), *parts, end(), path("s", "x", "e"))


# -- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE definitions [<!ENTITY a "b">]>',
        '<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE definitions>",
        '<!DOCTYPE d [<!ENTITY a "1234567890"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_doctype_is_refused(doctype, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{process(OK).decode()}'

    assert ("xml-doctype", "") in found(text.encode(encoding))


def test_an_entity_is_never_expanded():
    bomb = '<!DOCTYPE d [<!ENTITY a "x = 1">]>'
    body = process(start(), script("x", "&a;", "y"), end(), path("s", "x", "e")).decode()

    assert "xml-doctype" in {problem.code for problem in problems(f"{bomb}{body}".encode())}


@pytest.mark.parametrize("xml", [b"no xml", b"<definitions>", b"\x00\xff", process(OK)[:-3]])
def test_text_that_is_no_xml_is_refused(xml):
    assert {code for code, _ in found(xml)} == {"xml-malformed"}


def test_a_file_that_is_too_large_is_refused_unread():
    assert found(b"<" * (2 * 1024 * 1024 + 1)) == {("xml-too-large", "")}


def test_a_file_with_too_many_elements_is_refused():
    assert found(process(OK, "<group/>" * 20_000)) == {("xml-too-many-elements", "")}


def test_deep_nesting_of_elements_is_refused():
    assert "xml-too-deep" in {code for code, _ in found(b"<a>" * 3000 + b"</a>" * 3000)}


@pytest.mark.parametrize("xml", [b"<a/>", b'<a xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'])
def test_a_root_that_is_not_bpmn_is_refused(xml):
    assert {code for code, _ in found(xml)} == {"bpmn-not-definitions"}


def test_a_file_without_a_process_is_refused():
    assert found(definitions("")) == {("bpmn-no-process", "")}


def test_an_import_is_refused():
    assert ("element-unsupported", "") in found(definitions('<import importType="x" location="y" namespace="z"/>'))


def test_all_problems_come_at_once_with_element_file_and_line():
    xml = f'{HEAD}\n<process id="p" isExecutable="true">\n<startEvent id="s"/>\n<serviceTask id="a"/>\n'
    xml += '<scriptTask id="b" scriptFormat="groovy"/>\n<adHocSubProcess id="c"/>\n<endEvent id="e"/>\n'
    xml += "</process></definitions>"

    listed = problems(xml.encode())

    assert {(p.code, p.where, p.line) for p in listed} >= {
        ("topic-missing", "a", 4),
        ("script-format", "b", 5),
        ("ad-hoc-condition", "c", 6),
        ("element-dead-end", "s", 3),
        ("element-unreachable", "e", 7),
    }
    assert {p.file for p in listed} == {"flow.bpmn"}
    assert [p.line for p in listed] == sorted(p.line or 0 for p in listed)


def test_a_file_with_very_many_problems_lists_the_first_and_their_number():
    listed = problems(process(OK, *(node("adHocSubProcess", f"x{i}") for i in range(500))))

    assert len(listed) == 201
    assert listed[-1].code == "bpmn-problems-cut"
    assert listed[-1].params["count"] >= 500


def test_subprocesses_nested_deeper_than_eight_are_refused():
    def nested(depth: int) -> str:
        if not depth:
            return ""
        inner = nested(depth - 1)
        ids = (f"s{depth}", f"x{depth - 1}", f"e{depth}") if inner else (f"s{depth}", f"e{depth}")
        return node("subProcess", f"x{depth}", start(f"s{depth}") + inner + end(f"e{depth}") + path(*ids))

    assert read_processes(process(start(), nested(8), end(), path("s", "x8", "e")), "ok.bpmn")
    assert "nesting-too-deep" in {code for code, _ in found(process(start(), nested(9), end(), path("s", "x9", "e")))}


def test_a_process_marked_as_not_executable_is_kept_as_a_drawing_and_a_finding_says_so():
    xml = definitions(f'<process id="p" isExecutable="false">{OK}</process>')

    file = read_file(xml, "drawing.bpmn")

    assert file.models == ()
    assert [(finding.code, finding.where) for finding in file.findings if finding.severity == "warning"] == [
        ("process-not-executable", "p")
    ]


def test_drawings_documentation_and_foreign_namespaces_are_ignored():
    body = (
        '<collaboration id="c"><participant id="pa" name="街道" processRef="p"/>'
        '<participant id="pb" name="居民"/><messageFlow id="mf" sourceRef="pb" targetRef="x"/>'
        f'</collaboration><process id="p" name="流程" color:fill="red"><documentation>text</documentation>'
        f'<laneSet id="ls"><lane id="l1" name="受理员"><flowNodeRef>x</flowNodeRef></lane></laneSet>{start()}'
        f'<userTask id="x" name="受理" color:stroke="blue"><documentation/><extensionElements><other xmlns="urn:o"/>'
        f'<camunda:properties><camunda:property name="hint" value="read"/></camunda:properties></extensionElements>'
        f"<incoming>s_x</incoming><outgoing>x_e</outgoing></userTask>{end()}{path('s', 'x', 'e')}"
        '<textAnnotation id="ta"><text>note</text></textAnnotation><association id="as" sourceRef="x" targetRef="ta"/>'
        '<dataObject id="do"/><dataObjectReference id="dor" dataObjectRef="do"/><group id="g"/></process>'
        '<x:BPMNDiagram xmlns:x="http://www.omg.org/spec/BPMN/20100524/DI"><x:BPMNPlane id="s"/></x:BPMNDiagram>'
    )
    (model,) = read_processes(definitions(body), "f.bpmn")

    element = model.elements["x"]
    assert (element.name, element.lane, element.type) == ("受理", "受理员", "userTask")
    assert element.properties == {"hint": "read"}
    assert model.name == "流程"


def test_several_processes_in_a_file_become_several_models():
    other = OK.replace('"s"', '"s2"').replace('"e"', '"e2"').replace("s_e", "f2")
    xml = definitions(f'<process id="a">{OK}</process><process id="b">{other}</process>')

    models = read_processes(xml, "f.bpmn")

    assert [model.key for model in models] == ["a", "b"]
    assert len({model.content_hash for model in models}) == 1


def test_the_same_file_is_compiled_once():
    xml = process(OK)

    assert read_processes(xml, "f.bpmn")[0] is read_processes(bytes(bytearray(xml)), "f.bpmn")[0]


def test_a_model_cannot_be_changed_from_outside():
    (model,) = read_processes(process(OK), "f.bpmn")

    with pytest.raises(TypeError):
        model.elements["s"] = model.elements["e"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        model.key = "q"  # type: ignore[misc]


def test_a_model_lists_what_it_needs_from_outside():
    xml = process(
        start().replace("<startEvent", '<startEvent camunda:formKey="report"'),
        user("u", attributes='camunda:formKey="check"'),
        user("v", attributes='camunda:formKey="= which"'),
        service("j"),
        node("businessRuleTask", "r", attributes='camunda:decisionRef="D01" camunda:decisionRefBinding="deployment"'),
        node(
            "callActivity",
            "c",
            attributes='calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="3"',
        ),
        end(),
        path("s", "u", "v", "j", "r", "c", "e"),
        attributes='zhili:assignmentDecision="D03" zhili:limitDecision="D11" zhili:rungDecisions="D07 D08" '
        'zhili:lightDecision="D06" camunda:versionTag="1.2"',
    )
    (model,) = read_processes(xml, "f.bpmn")

    assert [(need.kind, need.key, need.element_id, need.binding, need.version) for need in model.required] == [
        ("decision", "D03", "p", "latest", None),
        ("decision", "D11", "p", "latest", None),
        ("decision", "D07", "p", "latest", None),
        ("decision", "D08", "p", "latest", None),
        ("decision", "D06", "p", "latest", None),
        ("form", "report", "s", "latest", None),
        ("form", "check", "u", "latest", None),
        ("topic", "case.j", "j", "latest", None),
        ("decision", "D01", "r", "deployment", None),
        ("process", "q", "c", "version", 3),
    ]
    assert model.version_tag == "1.2"
    assert model.policy.rung_decisions == ("D07", "D08")
    assert all(need.line >= 1 for need in model.required)


def test_a_model_knows_the_messages_and_signals_it_catches():
    throwing = throw("t", '<messageEventDefinition messageRef="M2"/>')
    xml = process(start(), catch("m", MESSAGE), catch("x", SIGNAL), throwing, end(), path("s", "m", "x", "t", "e"))
    (model,) = read_processes(xml, "f.bpmn")

    assert model.messages == {"report"}
    assert model.signals == {"alarm"}


def test_five_thousand_elements_in_a_row_compile():
    ids = [f"t{i}" for i in range(5000)]
    xml = process(start(), *(f'<task id="{id_}"/>' for id_ in ids), end(), path("s", *ids, "e"))
    (model,) = read_processes(xml, "f.bpmn")

    assert len(model.elements) == 5002


def test_inclusive_gateways_beyond_all_measure_are_refused():
    ids = [f"g{i}" for i in range(400)]
    gateways = "".join(f'<inclusiveGateway id="{id_}"/>' for id_ in ids)
    doubled = "".join(flow(one, two, name=f"{one}_again") for one, two in pairwise(ids))

    listed = problems(process(start(), gateways, end(), path("s", *ids, "e"), doubled))

    assert [problem.code for problem in listed] == ["inclusive-join-too-large"]


def test_elements_may_be_called_start_end_and_root():
    xml = process(start("Start"), user("Root"), end("End"), path("Start", "Root", "End"))

    assert list(read_processes(xml, "f.bpmn")[0].elements) == ["Start", "Root", "End"]


MIWG = sorted((Path(__file__).resolve().parents[4] / "shared" / "data" / "miwg-a").glob("*.bpmn"))


@pytest.mark.parametrize("file", MIWG, ids=lambda file: file.name)
def test_a_reference_file_is_read_or_refused_by_element(file):
    """The diagrams of the Model Interchange Working Group, where the data folder is there."""
    xml = file.read_bytes().replace(b'isExecutable="false"', b'isExecutable="true"')
    if file.name in {"A.1.0.bpmn", "A.4.0.bpmn", "A.4.1.bpmn"}:
        assert all(model.elements for model in read_processes(xml, file.name))
        return
    listed = problems(xml)
    assert all(problem.where and problem.line for problem in listed)


def test_what_was_deployed_before_a_rule_came_runs_on():
    deadlock = node("exclusiveGateway", "x", attributes='default="x_a"') + user("a") + user("b")
    deadlock += (
        node("parallelGateway", "j") + flow("x", "a") + flow("x", "b", "go") + path("a", "j", "e") + path("b", "j")
    )
    xml = process(start(), deadlock, end(), path("s", "x"), attributes='isClosed="true"')
    assert {code for code, _ in found(xml)} == {"attribute-value"}

    (model,) = read_deployed(xml, "old.bpmn")

    step = bpmn.start(model, {"go": False}, now=NOW)
    assert [opened.element_id for opened in step.opened] == ["a"]


def test_what_cannot_be_compiled_at_all_is_refused_with_its_reason():
    xml = process(start(), node("userTask", "a"), '<sequenceFlow id="f" sourceRef="s" targetRef="nobody"/>')
    event = b'<boundaryEvent id="b" attachedToRef="nobody"><signalEventDefinition signalRef="S"/></boundaryEvent>'
    xml = xml.replace(b'<userTask id="a"', event + b'<userTask id="a"')

    with pytest.raises(DeploymentError):
        read_deployed(xml, "old.bpmn")
