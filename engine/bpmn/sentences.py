"""Everything that can be wrong with a diagram, one sentence per code, and the list in which a reading collects them."""

from dataclasses import dataclass, field

from engine.errors import DeploymentError, Problem

SENTENCES: dict[str, str] = {
    # the file
    "xml-malformed": "The file is not well-formed XML: {reason}",
    "xml-doctype": "The file has a DOCTYPE; document types and entities are refused.",
    "xml-too-large": "The file has {size} bytes; at most {limit} are read.",
    "xml-too-many-elements": "The file has more than {limit} XML elements.",
    "bpmn-not-definitions": "The root element is {tag}; bpmn:definitions is expected.",
    "bpmn-no-process": "The file has no process.",
    "bpmn-problems-cut": "{count} problems were found; only the first {limit} are listed.",
    # names
    "id-missing": "A {type} has no id.",
    "id-duplicate": "The id {id} is used {count} times.",
    "id-invalid": "The id {id} is not a name that XML allows, or is longer than {limit} characters.",
    "element-unsupported": "{type} is not executed here.",
    "attribute-unsupported": "The attribute {attribute} of {type} is not executed here.",
    "attribute-value": "The attribute {attribute} of {type} must not be {value}; allowed: {allowed}.",
    "attribute-missing": "{type} needs {attribute}.",
    "reference-unresolved": "{attribute} names {target}, which does not exist or is not a {expected}.",
    "process-not-executable": "The process is marked as not executable: it is kept and shown, but cannot be started.",
    # structure
    "start-missing": "{type} has no start event.",
    "start-several": "{type} has {count} start events without a trigger; one is allowed.",
    "start-in-subprocess": "The start event of a sub-process must not have a trigger.",
    "end-missing": "{type} has no end event.",
    "element-unreachable": "No start event leads to {type} {id}.",
    "element-dead-end": "{type} {id} has no outgoing sequence flow.",
    "flow-crosses-scope": "The sequence flow joins elements of different processes or sub-processes.",
    "flow-not-allowed": "A sequence flow must not {direction} {type} {id}.",
    "flow-list-disagrees": "{id} lists the sequence flow {flow} as {direction}, which the flow itself does not say.",
    "nesting-too-deep": "Sub-processes are nested deeper than {limit}.",
    # flows
    "flow-without-condition": "{flow} out of the exclusive gateway {id} has no condition and is not the default.",
    "condition-not-allowed": "The flow {flow} out of {type} {id} must not have a condition.",
    "condition-on-default": "The default flow {flow} must not have a condition.",
    "default-not-outgoing": "The default flow {flow} does not leave {id}.",
    "default-alone": "The default flow {flow} of {id} has no conditional flow beside it.",
    "event-gateway-target": "{type} {id} cannot follow the event-based gateway {gateway}.",
    "event-gateway-single": "The event-based gateway {id} needs at least two flows.",
    "event-gateway-shared": "{id} follows the event-based gateway {gateway} and must have no other incoming flow.",
    "inclusive-join-too-large": "The inclusive gateways have {count} incoming flows among {nodes} elements: too many.",
    # events
    "event-definitions": "{type} has {count} event definitions; at most one is executed here.",
    "event-unsupported": "{type} with {definition} is not executed here.",
    "boundary-host": "The boundary event is not attached to an activity of its own scope.",
    "boundary-never-fires": "The boundary event is attached to {host}, which never waits.",
    "boundary-error-host": "{host} throws no BPMN error that the boundary event could catch.",
    "boundary-error-duplicate": "Two error boundary events of {host} catch the same error {error}.",
    "error-non-interrupting": "An error boundary event always interrupts.",
    "link-target": "The link {name} needs exactly one catching link event in the same scope; there are {count}.",
    "link-unused": "No link event throws the link {name}.",
    "timer-missing": "The timer has no timeDate, timeDuration or timeCycle.",
    "timer-invalid": "The timer text {text} is not usable: {reason}",
    "timer-cycle-here": "A timeCycle is allowed on non-interrupting boundary events only.",
    # expressions and values
    "expression-invalid": "{place}: {reason}",
    "expression-language": "{place}: {text} is {language}, which is not executed here; write it in FEEL: `= …`.",
    "expression-foreign": "{place}: {text} is {language}, which is not executed here; write {suggestion}",
    "conditional-event": "Conditional events are not executed yet; their condition is FEEL as everywhere.",
    "expression-empty": "{place}: the expression is empty.",
    "script-format": "The script format {format} is not executed here; use feel.",
    "script-foreign": "The script format {format} is not executed; write {suggestion} with scriptFormat feel{result}.",
    "script-without-result": "The script task needs camunda:resultVariable.",
    "retry-invalid": "The retry text {text} is not like R5/PT5M.",
    "variable-name": "{name} cannot be the name of a variable.",
    # activities
    "topic-missing": '{type} needs camunda:type="external" and camunda:topic.',
    "decision-missing": "The business rule task needs camunda:decisionRef.",
    "call-missing": "The call activity needs calledElement.",
    "call-version-missing": 'calledElementBinding="version" needs camunda:calledElementVersion, a whole number.',
    "mapping-ambiguous": "A {element} mapping needs exactly one of {choices}.",
    "loop-twice": "An activity is either a multi-instance or a loop, not both.",
    "multi-instance-source": "A multi-instance needs either a collection or a loopCardinality.",
    "multi-instance-element": "elementVariable needs a collection.",
    "multi-instance-output": "outputCollection and outputElement go together.",
}

MOST_PROBLEMS = 200


@dataclass(slots=True)
class Findings:
    """The problems (they refuse the file) and doubts (they do not) of one file, in the order in which they were met."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    def add(self, code: str, where: str = "", line: int | None = None, **params: object) -> None:
        """Note one problem at one element."""
        message = SENTENCES[code].format(**params)
        self.problems.append(Problem(code, where, message, dict(params), self.file, line))

    def warn(self, code: str, where: str = "", line: int | None = None, **params: object) -> None:
        """Note one doubt at one element: it runs as drawn, but perhaps not as meant."""
        message = SENTENCES[code].format(**params)
        self.doubts.append(Problem(code, where, message, dict(params), self.file, line, "warning"))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The doubts, ordered by line."""
        return tuple(sorted(self.doubts, key=lambda doubt: doubt.line or 0))

    def raise_if_any(self) -> None:
        """Raise DeploymentError with every problem, ordered by line; beyond 200 only their number."""
        if not self.problems:
            return
        found = sorted(self.problems, key=lambda problem: problem.line or 0)
        if len(found) > MOST_PROBLEMS:
            cut = {"count": len(found), "limit": MOST_PROBLEMS}
            message = SENTENCES["bpmn-problems-cut"].format(**cut)
            found = [*found[:MOST_PROBLEMS], Problem("bpmn-problems-cut", "", message, dict(cut), self.file)]
        raise DeploymentError(problems=found)
