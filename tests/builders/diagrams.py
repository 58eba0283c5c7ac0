"""Small diagrams for tests: the frame around a few elements, and the sets that they are deployed in."""

import itertools
from collections.abc import Mapping

import orjson

from engine.model.deployment import Resource
from engine.services.deployments import resource

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zhili="urn:zhili:bpmn:1.0"
  id="definitions" targetNamespace="urn:test">
"""


def diagram(key: str, body: str, *, attributes: str = "", roots: str = "") -> bytes:
    """Wrap elements into one executable process; `roots` stand beside it (messages, signals, errors)."""
    return (
        f'{HEAD}{roots}<bpmn:process id="{key}" name="{key}" isExecutable="true" {attributes}>{body}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def flows(*pairs: str) -> str:
    """Draw sequence flows: `a>b`, `a>b[condition]`, ids are `a_b`."""
    drawn = []
    for pair in pairs:
        ends, _, condition = pair.partition("[")
        source, target = ends.split(">")
        inner = ""
        if condition:
            inner = f"<bpmn:conditionExpression>{escape(condition.rstrip(']'))}</bpmn:conditionExpression>"
        drawn.append(
            f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}'
            "</bpmn:sequenceFlow>"
        )
    return "".join(drawn)


def escape(text: str) -> str:
    """Make a text safe inside XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def chain(*elements: str, names: tuple[str, ...]) -> str:
    """Put elements in a row between a start and an end: `start`, the names, `end`."""
    ends = ("start", *names, "end")
    return (
        '<bpmn:startEvent id="start"/>'
        + "".join(elements)
        + '<bpmn:endEvent id="end"/>'
        + flows(*(f"{one}>{two}" for one, two in itertools.pairwise(ends)))
    )


def user_task(element_id: str, *, groups: str = "clerks", form: str = "", inner: str = "") -> str:
    """Draw a user task."""
    form_key = f'camunda:formKey="{form}"' if form else ""
    return (
        f'<bpmn:userTask id="{element_id}" name="{element_id}" camunda:candidateGroups="{escape(groups)}" {form_key}>'
        f"{inner}</bpmn:userTask>"
    )


def service_task(element_id: str, topic: str, *, attributes: str = "", inner: str = "") -> str:
    """Draw a service task."""
    return (
        f'<bpmn:serviceTask id="{element_id}" name="{element_id}" camunda:type="external" camunda:topic="{topic}" '
        f"{attributes}>{inner}</bpmn:serviceTask>"
    )


def table(
    key: str,
    inputs: Mapping[str, str],
    outputs: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    *,
    policy: str = "UNIQUE",
) -> bytes:
    """Write a decision table; `inputs` maps expressions to types, cells come in the order of the columns."""
    clauses = "".join(
        f'<input id="{key}_i{n}" label="{escape(name)}"><inputExpression id="{key}_e{n}" typeRef="{kind}">'
        f"<text>{escape(name)}</text></inputExpression></input>"
        for n, (name, kind) in enumerate(inputs.items())
    )
    results = "".join(f'<output id="{key}_o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rules = ""
    for n, cells in enumerate(rows):
        tests = "".join(
            f'<inputEntry id="{key}_r{n}i{m}"><text>{escape(cell)}</text></inputEntry>'
            for m, cell in enumerate(cells[: len(inputs)])
        )
        answers = "".join(
            f'<outputEntry id="{key}_r{n}o{m}"><text>{escape(cell)}</text></outputEntry>'
            for m, cell in enumerate(cells[len(inputs) :])
        )
        rules += f'<rule id="{key}_r{n}">{tests}{answers}</rule>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
        f'<decision id="{key}" name="{key}"><variable id="{key}_v" name="{key}"/>'
        f'<decisionTable id="{key}_t" hitPolicy="{policy}">{clauses}{results}{rules}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def form(**properties: object) -> bytes:
    """Write a form in which every property is required."""
    return orjson.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    )


def files(**contents: bytes) -> list[Resource]:
    """Name files by keyword: `a_bpmn=` is a.bpmn, `forms__a_json=` is forms/a.json."""
    named = []
    for keyword, content in contents.items():
        stem, _, kind = keyword.replace("__", "/").rpartition("_")
        named.append(resource(f"{stem}.{kind}", content))
    return named
