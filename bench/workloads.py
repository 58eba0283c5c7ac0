"""Two diagrams that stand for many: W1 is small, W3 is what a real case looks like."""

import itertools
from dataclasses import dataclass

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="definitions" targetNamespace="urn:bench">
"""
TOPIC = "bench.work"


@dataclass(frozen=True)
class Workload:
    """A process, the user tasks on its way, and the data that it carries."""

    name: str
    body: str
    user_tasks: int
    data: dict[str, object]

    def xml(self, *, for_library: bool) -> bytes:
        """Return the diagram; the library alone has no handlers, so a script takes the place of a service task."""
        service = '<scriptTask id="{id}"><script>done = True</script></scriptTask>'
        if not for_library:
            service = '<serviceTask id="{id}" camunda:type="external" camunda:topic="' + TOPIC + '"/>'
        body = self.body
        for number in range(1, 5):
            body = body.replace(f"<service{number}/>", service.format(id=f"s{number}"))
        start = f'<process id="{self.name}" name="{self.name}" isExecutable="true">'
        return f"{HEAD}{start}{body}</process></definitions>".encode()


def _flows(*pairs: str) -> str:
    """Draw sequence flows: `a>b`, `a>b[condition]`."""
    drawn = []
    for pair in pairs:
        ends, _, condition = pair.partition("[")
        source, target = ends.split(">")
        inner = f"<conditionExpression>{condition.rstrip(']')}</conditionExpression>" if condition else ""
        ends = f'sourceRef="{source}" targetRef="{target}"'
        drawn.append(f'<sequenceFlow id="{source}_{target}" {ends}>{inner}</sequenceFlow>')
    return "".join(drawn)


def _chain(*names: str) -> str:
    return _flows(*(f"{one}>{two}" for one, two in itertools.pairwise(names)))


def _user(name: str) -> str:
    return f'<userTask id="{name}" name="{name}" camunda:candidateGroups="clerks"/>'


W1 = Workload(
    "w1",
    '<startEvent id="start"/>' + _user("u1") + '<exclusiveGateway id="x" default="x_other"/><service1/>' + _user("u2")
    + '<endEvent id="end"/><endEvent id="other"/>'
    + _flows("start>u1", "u1>x", "x>s1[amount &gt; 5]", "x>other", "s1>u2", "u2>end"),
    user_tasks=2,
    data={"amount": 7, "text": "x" * 900},
)  # fmt: skip

W3 = Workload(
    "w3",
    '<startEvent id="start"/>' + _user("u1") + "<service1/>" + _user("u2")
    + '<boundaryEvent id="late" attachedToRef="u2" cancelActivity="true"><timerEventDefinition>'
    '<timeDuration xsi:type="tFormalExpression">DURATION</timeDuration></timerEventDefinition></boundaryEvent>'
    '<endEvent id="too_late"/><subProcess id="sub"><startEvent id="sub_start"/>' + _user("u3")
    + '<service2/><endEvent id="sub_end"/>' + _chain("sub_start", "u3", "s2", "sub_end") + "</subProcess><service3/>"
    + _user("u4") + "<service4/>" + _user("u5") + '<endEvent id="end"/>'
    + _chain("start", "u1", "s1", "u2", "sub", "s3", "u4", "s4", "u5", "end") + _flows("late>too_late"),
    user_tasks=5,
    data={"amount": 7, "text": "x" * 3_900},
)  # fmt: skip
