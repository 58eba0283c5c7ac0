"""Parts of diagrams with data: objects, inputs, outputs and associations."""

import pytest

from engine.bpmn import read_file
from engine.errors import DeploymentError
from tests.unit.bpmn.diagrams import (
    end,
    node,
    process,
    start,
)

AMOUNT = '<dataObject id="d1" name="amount"/><dataObjectReference id="r1" name="amount" dataObjectRef="d1"/>'


TOTAL = '<dataObject id="d2" name="total"/><dataObjectReference id="r2" name="total" dataObjectRef="d2"/>'


def data_in(source: str, target: str | None, inside: str = "") -> str:
    end_ = "" if target is None else f"<targetRef>{target}</targetRef>"
    sources = "".join(f"<sourceRef>{one}</sourceRef>" for one in source.split())
    return f"<dataInputAssociation>{sources}{end_}{inside}</dataInputAssociation>"


def data_out(source: str | None, target: str, inside: str = "") -> str:
    sources = "".join(f"<sourceRef>{one}</sourceRef>" for one in (source or "").split())
    return f"<dataOutputAssociation>{sources}<targetRef>{target}</targetRef>{inside}</dataOutputAssociation>"


def spec(inputs: str = "", outputs: str = "", *, optional: str = "") -> str:
    """Return an ioSpecification; ids are the names with a capital behind: `a` is `aI` or `aO`."""
    parts = [f'<dataInput id="{name}I" name="{name}"/>' for name in inputs.split()]
    parts += [f'<dataOutput id="{name}O" name="{name}"/>' for name in outputs.split()]
    refs = "".join(f"<dataInputRefs>{name}I</dataInputRefs>" for name in inputs.split())
    refs += "".join(f"<optionalInputRefs>{name}I</optionalInputRefs>" for name in optional.split())
    out = "".join(f"<dataOutputRefs>{name}O</dataOutputRefs>" for name in outputs.split())
    return f"<ioSpecification>{''.join(parts)}<inputSet>{refs}</inputSet><outputSet>{out}</outputSet></ioSpecification>"


def refused(*parts: str) -> set[tuple[str, str]]:
    with pytest.raises(DeploymentError) as caught:
        read_file(process(*parts), "test.bpmn")
    return {(problem.code, problem.where) for problem in caught.value.problems}


def warned(*parts: str) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in read_file(process(*parts), "test.bpmn").findings}


def sub(*parts: str, id_: str = "sub", inside: str = "", type_: str = "subProcess") -> str:
    return node(type_, id_, inside + start("s2") + "".join(parts) + end("e2"))


def many(inside: str, attributes: str = "") -> str:
    return f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"
