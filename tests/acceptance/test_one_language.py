"""FEEL everywhere: functions of the city in diagrams, tables, forms; other languages are refused with what to write."""

import json
from datetime import timedelta

import pytest

from tests.builders.diagrams import chain, diagram, escape, flows, table, user_task

HOLIDAY = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["agree", "refuse"]},
        "reason": {"type": "string", "x-required": 'action = "refuse"', "x-visible": 'action != "agree"'},
        "days": {"type": "integer", "x-default": "limit", "x-valid": "days <= limit"},
        "until": {"type": "string", "x-value": "add working days(today(), days)"},
        "office": {"type": "string", "x-value": "region unit(region)"},
    },
    "required": ["action"],
    "additionalProperties": False,
}


def deploy(as_, by="designer", **files: bytes):
    named = [
        {"name": name.replace("__", ".").replace("_of_", "/"), "text": text.decode()} for name, text in files.items()
    ]
    return as_(by).post("/deployments?merge=true", {"files": named})


def start(as_, key: str, **variables: object) -> str:
    started = as_("designer").post("/process-instances", {"process_key": key, "variables": variables})
    assert started.status_code == 201, started.text
    return started.get_json()["id"]


def waiting(as_, instance: str) -> list[str]:
    shown = as_("designer").get(f"/process-instances/{instance}/activities").get_json()
    return [one["element_id"] for one in shown["items"]]


def task_of(as_, instance: str) -> dict[str, object]:
    listed = as_("acceptor").get("/user-tasks").get_json()["items"]
    [found] = [one for one in listed if one["instance_id"] == instance]
    return found


def choosing() -> bytes:
    body = (
        '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="open" default="open_wait"/>'
        + user_task("now", groups="acceptor@230100")
        + '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDate>'
        + escape('= date and time(next workday(today() + duration("P1D")), time("08:00:00@Asia/Shanghai"))')
        + "</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        + '<bpmn:endEvent id="end"/>'
        + flows("start>open", "open>now[= is workday(today())]", "open>wait", "now>end", "wait>now")
    )
    return diagram("choosing", body)


def test_a_diagram_chooses_by_the_working_calendar_and_the_day_of_the_city(as_, clock):
    assert deploy(as_, choosing__bpmn=choosing()).status_code == 201
    assert waiting(as_, start(as_, "choosing")) == ["now"]

    # Friday 18:00 in UTC is Saturday in the city.
    clock.advance(timedelta(days=4, hours=16, minutes=30))
    assert waiting(as_, start(as_, "choosing")) == ["wait"]


def routing() -> bytes:
    return table(
        "region_route",
        {"region level(region)": "string", 'is within region(region, "230103")': "boolean"},
        ("office",),
        (
            ('"community"', "true", 'region unit(region at(region, "street"))'),
            ('not("community")', "true", "region unit(region)"),
            ("-", "false", '"230100"'),
        ),
    )


@pytest.mark.parametrize(
    ("region", "office"),
    [("230103002001", "230103002"), ("230103000000", "230103"), ("230102005000", "230100")],
)
def test_a_table_finds_the_office_by_the_code_of_the_region(as_, region, office):
    answer = deploy(as_, "ruler", region_route__dmn=routing())
    assert answer.status_code == 201, answer.text
    asked = as_("ruler").post("/decisions/region_route/evaluate", {"inputs": {"region": region}})
    assert asked.get_json()["value"] == office


def test_the_proof_of_a_decision_names_the_version_of_the_calendar(as_):
    due = table(
        "answer_by",
        {"kind": "string"},
        ("due",),
        (('"plain"', "add working days(today(), 5)"), ('not("plain")', "today()")),
    )
    assert deploy(as_, "ruler", answer_by__dmn=due).status_code == 201
    asked = as_("ruler").post("/decisions/answer_by/evaluate", {"inputs": {"kind": "plain"}}).get_json()
    assert asked["value"] == "2026-11-30"
    proof = as_("auditor").get(f"/evaluations/{asked['evaluation_id']}").get_json()
    assert proof["explanation"]["calendars"] == {"city": 1}


def test_candidates_are_found_in_the_directory(as_):
    groups = '= for unit in units of(starter, "acceptor") return "acceptor@" + unit'
    drawn = diagram("asking", chain(user_task("look", groups=groups), names=("look",)))
    assert deploy(as_, asking__bpmn=drawn).status_code == 201
    assert task_of(as_, start(as_, "asking", starter="acceptor"))["candidate_groups"] == ["acceptor@230100"]


@pytest.fixture
def leave(as_):
    drawn = diagram("leave", chain(user_task("decide", groups="acceptor@230100", form="leave"), names=("decide",)))
    answer = deploy(as_, leave__bpmn=drawn, forms_of_leave__json=json.dumps(HOLIDAY).encode())
    assert answer.status_code == 201, answer.text
    return task_of(as_, start(as_, "leave", limit=3, region="230103002000"))


def complete(as_, task, **entry: object):
    return as_("acceptor").post(
        f"/user-tasks/{task['id']}/complete", {"submission": entry, "revision": task["revision"]}
    )


def test_a_form_is_shown_with_its_rules_and_its_defaults(as_, leave):
    fields = as_("acceptor").get(f"/user-tasks/{leave['id']}").get_json()["form"]["properties"]
    assert fields["days"]["default"] == 3
    assert fields["office"]["default"] == "230103002"
    assert fields["reason"]["x-required"] == 'action = "refuse"'


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        ({"action": "refuse"}, "reason", "field-required"),
        ({"action": "refuse", "reason": "  "}, "reason", "field-required"),
        ({"action": "agree", "reason": "no"}, "reason", "field-hidden"),
        ({"action": "agree", "days": 4}, "days", "field-rule"),
    ],
)
def test_a_rule_of_a_form_is_enforced_when_the_task_is_completed(as_, leave, entry, field, code):
    answer = complete(as_, leave, **entry)
    assert answer.status_code == 422
    [problem] = answer.get_json(force=True)["errors"]
    assert (problem["where"], problem["code"]) == (field, code)
    assert problem["message"]


def test_values_of_a_form_are_computed_by_the_server_whatever_the_client_sends(as_, leave):
    assert complete(as_, leave, action="agree", until="2030-01-01").status_code == 200
    done = as_("acceptor").get(f"/user-tasks/{leave['id']}").get_json()
    assert done["submission"] == {"action": "agree", "days": 3, "until": "2026-11-26", "office": "230103002"}


def test_a_rule_in_another_language_is_refused_with_the_feel_to_write(as_):
    form = {"type": "object", "properties": {"a": {"type": "string", "x-required": "b == 1 && !c"}}}
    drawn = diagram("leave", chain(user_task("decide", form="leave"), names=("decide",)))
    answer = deploy(as_, leave__bpmn=drawn, forms_of_leave__json=json.dumps(form).encode())
    assert answer.status_code == 422
    [problem] = answer.get_json(force=True)["errors"]
    assert (problem["where"], problem["code"]) == ("properties.a.x-required", "form-rule-foreign")
    assert problem["params"]["suggestion"] == "b = 1 and not(c)"


def test_a_diagram_of_another_vendor_is_refused_with_the_feel_to_write_in_the_readers_language(as_):
    drawn = diagram("old", chain(user_task("look", groups="head@${unit}"), names=("look",)))
    answer = deploy(as_, old__bpmn=drawn)
    assert answer.status_code == 422
    [problem] = answer.get_json(force=True)["errors"]
    assert (problem["where"], problem["code"]) == ("look", "expression-foreign")
    assert '= "head@" + string(unit)' in problem["message"]
    assert "JUEL" in problem["message"]
