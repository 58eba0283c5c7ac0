"""Builders of DMN files."""

from xml.sax.saxutils import escape, quoteattr

import pytest

from engine.dmn import read_decisions

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table_xml(inputs, outputs, rows, policy="UNIQUE", aggregation=None):
    """Build a table; an input is (expression, type, values), an output (name, type, values, default)."""
    parts = [f"<decisionTable id='t' hitPolicy={quoteattr(policy)}"]
    parts.append(f" aggregation={quoteattr(aggregation)}>" if aggregation else ">")
    for index, (expression, kind, values) in enumerate(inputs):
        allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
        reference = f" typeRef={quoteattr(kind)}" if kind else ""
        text = f"<inputExpression{reference}><text>{escape(expression)}</text></inputExpression>"
        parts.append(f"<input id='in{index}'>{text}{allowed}</input>")
    for index, (name, kind, values, default) in enumerate(outputs):
        allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        entry = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        reference = f" typeRef={quoteattr(kind)}" if kind else ""
        parts.append(f"<output id='out{index}' name={quoteattr(name)}{reference}>{allowed}{entry}</output>")
    for number, (cells, answers) in enumerate(rows, 1):
        tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
        ends = "".join(f"<outputEntry><text>{escape(answer)}</text></outputEntry>" for answer in answers)
        parts.append(f"<rule id='r{number}'><description>row {number}</description>{tests}{ends}</rule>")
    return "".join(parts) + "</decisionTable>"


def model_xml(*decisions, extra=""):
    """Build a file of decisions, each (key, requirements, logic)."""
    body = ""
    for key, requirements, logic in decisions:
        needs = "".join(
            f"<informationRequirement id='q{key}{index}'><{kind} href='#{target}'/></informationRequirement>"
            for index, (kind, target) in enumerate(requirements)
        )
        name = f"name={quoteattr(key)}"
        body += f"<decision id={quoteattr(key)} {name}><variable {name}/>{needs}{logic}</decision>"
    return f"<definitions xmlns='{MODEL}' id='d' name='n' namespace='x'>{extra}{body}</definitions>".encode()


def literal_xml(text):
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


@pytest.fixture
def table():
    """Read a file with one table, under the key `t1`."""

    def build(inputs, outputs, rows, policy="UNIQUE", aggregation=None):
        xml = model_xml(("t1", (), table_xml(inputs, outputs, rows, policy, aggregation)))
        return read_decisions(xml, "t.dmn")[0]

    return build


@pytest.fixture
def dmn():
    """The builders of XML."""

    class Builders:
        model = staticmethod(model_xml)
        table = staticmethod(table_xml)
        literal = staticmethod(literal_xml)

    return Builders
