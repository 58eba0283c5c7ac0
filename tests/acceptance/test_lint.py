"""What a designer's diagram is told before it is deployed, over HTTP and at the command line."""

import json

import pytest
from click.testing import CliRunner

from api.cli import main
from tests.builders.diagrams import chain, diagram, flows, table, user_task

START, END = '<bpmn:startEvent id="start"/>', '<bpmn:endEvent id="end"/>'


def gateway(kind, id_):
    return f'<bpmn:{kind}Gateway id="{id_}" name="{id_}"/>'


GROUPS = "acceptor@230100"


def branches(split, join):
    """Two tasks between a split and a join, then one more; the second flow has a condition where there is a choice."""
    condition = "[more]" if split == "exclusive" else ""
    other = "[not(more)]" if split == "exclusive" else ""
    return diagram(
        "small",
        START
        + gateway(split, "fork")
        + user_task("look", groups=GROUPS)
        + user_task("ask", groups=GROUPS)
        + gateway(join, "meet")
        + user_task("decide", groups=GROUPS)
        + END
        + flows(
            "start>fork",
            f"fork>look{condition}",
            f"fork>ask{other}",
            "look>meet",
            "ask>meet",
            "meet>decide",
            "decide>end",
        ),
    )


def dry_run(as_, xml, language="zh-CN"):
    body = {"files": [{"name": "small.bpmn", "text": xml.decode()}]}
    return as_("designer").post("/deployments?dry_run=true&merge=true", body, headers={"Accept-Language": language})


def told(answer, code):
    assert answer.status_code == 200, answer.text
    return [one for one in answer.get_json()["findings"] if one["code"] == code]


def test_tokens_that_are_not_joined_are_a_warning_with_their_gateway_file_and_line(as_):
    xml = branches("parallel", "exclusive")
    [finding] = told(dry_run(as_, xml), "soundness-unsynchronised")
    assert (finding["severity"], finding["where"], finding["file"]) == ("warning", "meet", "small.bpmn")
    assert finding["line"] == xml[: xml.index(b'id="meet"')].count(b"\n") + 1
    assert finding["params"]["id"] == "meet"
    assert "令牌" in finding["message"]
    [english] = told(dry_run(as_, xml, "en"), "soundness-unsynchronised")
    assert "Two tokens come to meet" in english["message"]


def test_a_diagram_that_no_run_can_pass_is_refused_at_its_join(as_):
    answer = dry_run(as_, branches("exclusive", "parallel"))
    assert answer.status_code == 422, answer.text
    [problem] = answer.get_json(force=True)["errors"]
    assert (problem["code"], problem["severity"], problem["where"]) == ("soundness-deadlock", "error", "meet")
    assert problem["params"]["missing"] in {"look_meet", "ask_meet"}


def test_a_well_drawn_diagram_has_no_finding(as_):
    answer = dry_run(as_, branches("parallel", "parallel"))
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["findings"] == []


def test_a_remark_has_its_own_severity(as_):
    xml = diagram("small", chain(user_task("look").replace('name="look"', ""), names=("look",)))
    [finding] = told(dry_run(as_, xml), "label-missing")
    assert (finding["severity"], finding["where"]) == ("info", "look")


def test_a_process_that_always_calls_itself_is_refused_and_what_is_deployed_stays(as_):
    call = '<bpmn:callActivity id="again" name="again" calledElement="small"/>'
    answer = dry_run(as_, diagram("small", chain(call, names=("again",))))
    assert answer.status_code == 422, answer.text
    assert [one["code"] for one in answer.get_json(force=True)["errors"]] == ["call-circle-endless"]
    assert as_("designer").get("/process-definitions?key=small").get_json()["items"] == []


@pytest.fixture
def validate(tmp_path, monkeypatch):
    """Run `zhili validate` over one file, in English."""

    def run(xml, *options, **others):
        path = tmp_path / "small.bpmn"
        path.write_bytes(xml)
        for name, content in others.items():
            (tmp_path / f"{name}.dmn").write_bytes(content)
        monkeypatch.setenv("ZHILI_LANG", "en")
        return CliRunner().invoke(main, ["validate", str(tmp_path), *options])

    return run


def test_validate_tells_the_same_to_people_and_to_machines(validate):
    xml = branches("parallel", "exclusive")
    result = validate(xml)
    assert result.exit_code == 0, result.output
    assert "[meet]" in result.output
    document = json.loads(validate(xml, "--json").output)
    [finding] = [one for one in document["findings"] if one["code"] == "soundness-unsynchronised"]
    assert (finding["severity"], finding["where"]) == ("warning", "meet")
    assert finding["file"].endswith("small.bpmn")
    assert finding["params"]["id"] == "meet"


def test_validate_tells_a_case_limit_that_its_nodes_cannot_keep(validate):
    clock = (
        '<bpmn:businessRuleTask id="clock" name="clock" camunda:decisionRef="small_case"><bpmn:extensionElements>'
        '<camunda:properties><camunda:property name="caseLimitDecision" value="small_case"/></camunda:properties>'
        "</bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    body = chain(clock, user_task("look"), names=("clock", "look"))
    xml = diagram("small", body, attributes='zhili:limitDecision="small_node"')
    outputs = ("value", "unit", "calendar")
    nodes = table("small_node", {"element": "string"}, outputs, (('"look"', "9", '"工作时"', '"city"'),))
    cases = table("small_case", {"urgency": "string"}, outputs, (('"一般"', "8", '"工作时"', '"city"'),))
    document = json.loads(validate(xml, "--json", small_node=nodes, small_case=cases).output)
    [finding] = [one for one in document["findings"] if one["code"] == "limit-sum"]
    assert (finding["severity"], finding["where"], finding["params"]["rows"]) == ("warning", "clock", "1")
    assert (finding["params"]["limit"], finding["params"]["sum"]) == ("8", "9")
