"""Files of other modellers: with whatever prefixes, encodings and extensions, they mean the same here."""

import pytest

from engine.bpmn import read_file, read_processes
from engine.bpmn.diagram import render
from engine.errors import DeploymentError, NotFound
from tests.builders.vendor_files import CAMUNDA_LIKE, QUALIFIED, VENDOR_FILES
from tests.unit.bpmn.diagrams import MESSAGE, Run, end, flow, node, path, process, script, start, user


def problems(xml):
    with pytest.raises(DeploymentError) as caught:
        read_processes(xml, "file.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def model(xml):
    (found,) = read_processes(xml, "file.bpmn")
    return found


@pytest.mark.parametrize("key", VENDOR_FILES)
def test_a_file_of_another_modeller_is_read_without_a_doubt_but_for_words_that_another_engine_would_hear(key):
    found = read_file(VENDOR_FILES[key], f"{key}.bpmn")

    heard = {one.params["name"].partition(":")[0] for one in found.findings if one.code == "vendor-unheard"}
    assert heard == ({"zeebe"} if key == "zeebe_like" else set())
    doubts = [str(one) for one in found.findings if one.severity != "info" and one.code != "vendor-unheard"]
    assert ([one.key for one in found.models], doubts) == ([key], [])


def test_every_reference_may_be_a_qualified_name():
    run = Run(model(QUALIFIED.encode()))

    assert run.waiting == ["wait"]
    run.deliver("wait")
    assert run.passed[-2:] == ["caught", "escaped"]


@pytest.mark.parametrize(
    ("reference", "place", "expected"),
    [
        ('messageRef="tns:report"', "wait", ("reference-unresolved", "wait")),
        ('attachedToRef="tns:work"', "caught", ("boundary-host", "caught")),
        ('sourceRef="tns:begin"', "f1", ("reference-unresolved", "f1")),
        ('targetRef="tns:wait"', "f1", ("reference-unresolved", "f1")),
        ('default="tns:f5"', "choose", ("default-not-outgoing", "choose")),
        ('errorRef="tns:nobody"', "failed", ("reference-unresolved", "failed")),
        ("<semantic:outgoing>tns:f1<", "begin", ("flow-list-disagrees", "begin")),
    ],
)
@pytest.mark.parametrize("prefix", ["EAUML", "unknown"])
def test_a_name_of_another_namespace_is_not_one_of_this_file(reference, place, expected, prefix):
    assert place == expected[1]
    assert expected in problems(QUALIFIED.replace(reference, reference.replace("tns:", f"{prefix}:"), 1).encode())


def test_an_inner_element_may_declare_a_prefix_for_itself():
    inner = 'xmlns:own="http://www.example.org/city" id="wait" messageRef="own:report"'
    xml = QUALIFIED.replace('id="wait" messageRef="tns:report"', inner)
    elsewhere = xml.replace('errorRef="tns:nobody"', 'errorRef="own:nobody"', 1)

    assert Run(model(xml.encode())).waiting == ["wait"]
    assert ("reference-unresolved", "failed") in problems(elsewhere.encode())


def test_a_called_process_may_stand_in_a_file_with_another_namespace():
    call = node("callActivity", "c", attributes='xmlns:other="urn:other" calledElement="other:permit"')
    found = model(process(start(), call, end(), path("s", "c", "e")))

    assert [need.key for need in found.required if need.kind == "process"] == ["permit"]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16LE", "utf-16-le"),
        ("GB18030", "gb18030"),
        ("gbk", "gbk"),
        ("GB2312", "gb2312"),
    ],
)
def test_a_file_may_be_written_in_any_usual_encoding(declared, codec):
    text = CAMUNDA_LIKE.replace('encoding="UTF-8"', f'encoding="{declared}"').replace("\n", "\r\n")

    assert model(text.encode(codec)).elements["Activity_1"].name == "办理"


def test_a_file_may_be_written_in_latin_letters():
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        + process(start(), user("u", attributes='name="Pr\u00fcfung"'), end(), path("s", "u", "e")).decode()
    )

    assert model(text.encode("latin-1")).elements["u"].name == "Pr\u00fcfung"


@pytest.mark.parametrize("declared", ["GB18030", "ISO-8859-1", "windows-1252"])
def test_a_file_that_is_not_in_the_encoding_it_names_is_refused(declared):
    text = CAMUNDA_LIKE.replace('encoding="UTF-8"', f'encoding="{declared}"')

    assert problems(text.encode()) == {("xml-encoding-wrong", "")}


@pytest.mark.parametrize("declared", ["utf-7", "no-such", "IBM037", "../../etc"])
def test_a_file_in_an_encoding_that_no_modeller_writes_is_refused(declared):
    text = CAMUNDA_LIKE.replace('encoding="UTF-8"', f'encoding="{declared}"')

    assert problems(text.encode("ascii", "xmlcharrefreplace")) == {("xml-encoding-unknown", "")}


def test_comments_and_instructions_do_not_cut_a_text():
    cut = "amount <!-- of\n money --> * <?print no?>2"
    condition = "amount &gt; <!-- the limit -->1<![CDATA[00]]>"
    found = model(
        process(
            start(),
            script("double", cut, "amount"),
            node("exclusiveGateway", "g", attributes='default="g_e"'),
            user("u"),
            end(),
            path("s", "double", "g"),
            flow("g", "u", condition),
            flow("g", "e"),
            path("u", "e"),
        )
    )

    assert Run(found, {"amount": 60}).waiting == ["u"]
    assert Run(found, {"amount": 50}).waiting == []


@pytest.mark.parametrize(
    "namespace",
    [
        "https://www.omg.org/spec/BPMN/20100524/MODEL",
        "http://schema.omg.org/spec/BPMN/2.0",
        "http://www.omg.org/spec/BPMN/20100501/MODEL",
        "http://bpmn.org",
        "",
    ],
)
def test_a_file_in_another_namespace_is_told_the_right_one(namespace):
    expected = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    with pytest.raises(DeploymentError) as caught:
        read_processes(QUALIFIED.replace(expected, namespace).encode(), "old.bpmn")

    codes = {problem.code for problem in caught.value.problems}
    assert codes <= {"bpmn-namespace", "xml-malformed"}
    if namespace:
        assert expected in caught.value.problems[0].message


@pytest.mark.parametrize("namespace", ["", "https://www.omg.org/spec/BPMN/20100524/MODEL"])
def test_a_condition_in_another_namespace_is_refused_and_not_passed_over(namespace):
    text = f'<conditionExpression xmlns="{namespace}">false</conditionExpression>'
    stray = flow("s", "u").replace("></", f">{text}</")

    assert ("bpmn-namespace", "") in problems(process(start(), user("u"), end(), stray, path("u", "e")))


def test_vendors_may_nest_whatever_they_like_in_their_own_elements():
    words = '<x:box xmlns:x="urn:x"><plain ref="no:thing"/><definitions/></x:box>'
    inside = f"<extensionElements>{words}</extensionElements>"

    assert Run(model(process(start(), user("u", inside), end(), path("s", "u", "e")))).waiting == ["u"]


def test_of_several_pictures_each_can_be_drawn():
    xml = QUALIFIED.encode()

    assert b'data-element="wait"' in render(xml)
    assert render(xml, page=2) == render(xml)
    assert b'data-element="inside"' in render(xml, page=3)
    for page in (1, 4):
        with pytest.raises(NotFound):
            render(xml, page=page)


def test_true_and_false_may_be_spelt_one_and_nought():
    event = node("boundaryEvent", "b", MESSAGE, 'attachedToRef="u" cancelActivity="0"')
    parts = start() + user("u") + event + user("told") + end() + path("s", "u", "e") + path("b", "told", "e")
    (found,) = read_processes(process(parts).replace(b'isExecutable="true"', b'isExecutable="1"'), "file.bpmn")
    run = Run(found)
    run.deliver("b")

    assert sorted(run.waiting) == ["b", "told", "u"]


@pytest.mark.parametrize("name", ["conditionExpression", "completionCondition", "script", "extensionElements"])
def test_what_may_stand_once_is_not_read_twice(name):
    twice = f"<{name}>1</{name}><{name}>2</{name}>" if name != "extensionElements" else f"<{name}/><{name}/>"
    marker = f'<multiInstanceLoopCharacteristics camunda:collection="= x">{twice}</multiInstanceLoopCharacteristics>'
    task = {
        "script": node("scriptTask", "u", twice, 'scriptFormat="feel" camunda:resultVariable="x"'),
        "completionCondition": user("u", marker),
    }.get(name, user("u", twice if name == "extensionElements" else ""))
    way = flow("u", "e", "true", name="f").replace("</sequenceFlow>", f"{twice}</sequenceFlow>")
    way = way if name == "conditionExpression" else path("u", "e")

    with pytest.raises(DeploymentError) as caught:
        read_processes(process(start(), task, end(), path("s", "u"), way), "file.bpmn")

    assert "element-twice" in {problem.code for problem in caught.value.problems}
