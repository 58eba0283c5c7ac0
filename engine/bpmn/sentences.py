"""Everything that can be wrong with a diagram, one sentence per code, and the list in which a reading collects them."""

from dataclasses import dataclass, field

from engine.errors import DeploymentError, Problem

SENTENCES: dict[str, str] = {
    # the file
    "xml-malformed": "The file is not well-formed XML: {reason}",
    "xml-doctype": "The file has a DOCTYPE; document types and entities are refused.",
    "xml-too-large": "The file has {size} bytes; at most {limit} are read.",
    "xml-too-many-elements": "The file has more than {limit} XML elements.",
    "xml-too-many-attributes": "The file has more than {limit} XML attributes.",
    "xml-too-deep": "The XML elements are nested too deeply: {reason}",
    "xml-empty": "The file is empty.",
    "xml-encoding-unknown": "The file says that it is encoded in {encoding}, which is not read here; use UTF-8.",
    "xml-encoding-wrong": "The file says that it is encoded in {encoding}, but it is UTF-8: correct its first line.",
    "xml-include": "The file includes another one (XInclude); inclusions are refused.",
    "bpmn-namespace": "The element {tag} is in the namespace {namespace}; that of BPMN 2.0 is {expected}.",
    "bpmn-not-definitions": "The root element is {tag}; bpmn:definitions is expected.",
    "bpmn-no-process": "The file has no process.",
    "bpmn-problems-cut": "{count} problems were found; only the first {limit} are listed.",
    # names
    "id-missing": "A {type} has no id.",
    "id-duplicate": "The id {id} is used {count} times.",
    "id-invalid": "The id {id} is not a name that XML allows, or is longer than {limit} characters.",
    "name-too-long": "The name of {type} has {count} characters; at most {limit} are kept.",
    "element-unsupported": "{type} is not executed here.",
    "attribute-unsupported": "The attribute {attribute} of {type} is not executed here.",
    "attribute-value": "The attribute {attribute} of {type} must not be {value}; allowed: {allowed}.",
    "attribute-missing": "{type} needs {attribute}.",
    "reference-unresolved": "{attribute} names {target}, which does not exist or is not a {expected}.",
    "process-not-executable": "The process is marked as not executable: it is kept and shown, but cannot be started.",
    # structure
    "start-missing": "{type} has no start event, and nothing in it where it could begin.",
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
    "boundary-never-fires": "The boundary event is attached to {host}, which never waits: it will not fire.",
    "boundary-error-host": "{host} throws no BPMN error that the boundary event could catch.",
    "boundary-error-duplicate": "Two error boundary events of {host} catch the same error {error}.",
    "error-non-interrupting": "An error boundary event always interrupts.",
    "link-target": "The link {name} needs exactly one catching link event in the same scope; there are {count}.",
    "link-unused": "No link event throws the link {name}.",
    "timer-missing": "The timer has no timeDate, timeDuration or timeCycle.",
    "timer-invalid": "The timer text {text} is not usable: {reason}",
    "timer-cycle-here": "A timeCycle is allowed where nothing is interrupted, and at the start of a process.",
    "event-input": "A {type} takes no data in.",
    "event-output": "A {type} gives no data out.",
    "event-parallel-start": "A process cannot start with several events together; use a parallel event-based gateway.",
    "event-subprocess-start": "The event sub-process needs exactly one start event, with a trigger; it has {count}.",
    "event-subprocess-flow": "An event sub-process is begun by its event: no sequence flow leads to it or out of it.",
    "event-subprocess-plain": "The event sub-process cannot repeat and cannot be a compensation handler.",
    "trigger-interrupts": "A start event with {kind} must interrupt.",
    "start-never-interrupting": "Only the start event of an event sub-process can be non-interrupting.",
    "compensation-handler": "The compensation event needs one association to a compensation handler.",
    "compensation-handler-flow": "The compensation handler is outside the flow: no flows, no boundary events.",
    "compensation-handler-unused": "No compensation event points to the compensation handler.",
    "compensation-handler-shared": "{count} compensation events point to the handler; one is allowed.",
    "compensation-outside": "A compensation handler cannot stand in an ad-hoc sub-process.",
    "compensation-flow": "A compensation event has no sequence flow, only the association to its handler.",
    "compensation-target": "{target} is no activity here that can be compensated.",
    "compensation-nothing": "Nothing in this scope can be compensated.",
    "cancel-outside": "A cancel event belongs to a transaction.",
    "cancel-uncaught": "The transaction has a cancel end event, but no cancel event at its boundary.",
    "escalation-duplicate": "Two events of {host} catch the same escalation {escalation}.",
    "instantiate-with-flow": "{type} {id} starts an instance, so no sequence flow leads to it.",
    "element-twice": "{type} has more than one {element}.",
    "event-gateway-mixed": "Behind the event-based gateway {id} the receive task {task} stands beside a message event.",
    "mapping-name-twice": "Two parameters {kind} are called {name}: one of them would be lost.",
    "expression-language-elsewhere": "The file says {language} for its expressions; here they are FEEL.",
    "attribute-unheard": "The attribute {attribute} of {type} has no effect here.",
    "vendor-unheard": "{name} is a word of another engine; nobody here hears it.",
    "quantity-without-flow": "{id} needs {count} tokens to begin, but no sequence flow brings one.",
    "instantiate-repeats": "{id} starts an instance once: it cannot repeat.",
    "inclusive-without-condition": "{flow} out of the inclusive gateway {id} has no condition and is not the default.",
    "event-code-missing": "The {type} {id} has no code: the event catches every {type}.",
    "constant-wrong": "{place}: {text} always gives {value}: {reason}",
    "instantiate-inside": "{type} {id} cannot start an instance from inside a sub-process.",
    "compensation-of-process": "A process is compensated by nobody: this event sub-process would never run.",
    "gateway-direction": "The gateway {id} says {direction}, but has {incoming} flows in and {outgoing} out.",
    "event-gateway-parallel": "A parallel event-based gateway must start an instance.",
    "ad-hoc-condition": "The ad-hoc sub-process needs a completionCondition: without one it would never end.",
    "ad-hoc-content": "{type} {id} has no place in an ad-hoc sub-process.",
    "complex-activation": "The complex gateway {id} needs an activationCondition.",
    # expressions and values
    "expression-invalid": "{place}: {reason}",
    "expression-language": "{place}: {text} is {language}, which is not executed here; write it in FEEL: `= …`.",
    "expression-foreign": "{place}: {text} is {language}, which is not executed here; write {suggestion}",
    "expression-empty": "{place}: the expression is empty.",
    "script-format": "The script format {format} is not executed here; use feel.",
    "script-foreign": "The script format {format} is not executed; write {suggestion} with scriptFormat feel{result}.",
    "script-without-result": "The script task needs camunda:resultVariable.",
    "retry-invalid": "The retry text {text} is not like R5/PT5M.",
    "variable-name": "{name} cannot be the name of a variable.",
    # data, conversations, people
    "data-name": "{type} {id} has neither a name nor an id that an expression could read.",
    "data-name-clash": "{first} and {second} are both called {name} in one scope.",
    "data-object-label": "Expressions read the data object {object}, drawn as {name}, by the name {variable}.",
    "data-sets": "{count} of {type} are given; one is executed here.",
    "data-while-executing": "{type} is not executed here: data are read at the start and written at the end.",
    "data-association-end": "{attribute} must not name {target} here.",
    "data-association-source": "The data association to {target} needs one source or a transformation, not {count}.",
    "data-assignment-target": "The assignment to {text} is outside the target {target} of its data association.",
    "data-hidden": "{id} cannot be reached here: something nearer is called {name} too.",
    "data-store-association": "There is no data store {store} to read or write; lasting data are in the registers.",
    "data-input-unfed": "The data input {name} ({id}) is required, but no association gives it a value.",
    "data-loop-input": "The instances go through the data input {name}; it needs one source or one transformation.",
    "data-output-unused": "The data output {name} ({id}) has no association: what the result says of it is dropped.",
    "data-output-nobody": "{type} has a required data output {name}, but nobody who would give it a value.",
    "data-not-carried": "{type} with {definition} carries no data; messages, signals and thrown codes do.",
    "data-name-twice": "{name} is written twice, by a parameter and an association or by two associations.",
    "correlation-partial": "The message {message} has no value for {property}, another property of its key.",
    "correlation-keys-several": "The message {message} has several correlation keys: {keys}; one is executed here.",
    "correlation-unbound": "The subscription to {key} does not say where the data have the property {property}.",
    "correlation-never-begun": "Nothing in the process begins the conversation {conversation}; its key is unknown.",
    "message-flow-inside": "Both ends of the message flow are in {process}; message flows go from pool to pool.",
    "message-flow-disagrees": "The ends of the message flow speak of different messages: {messages}",
    "lane-node-twice": "{node} lies in the lanes {lane} and {other} of one lane set; {lane} counts.",
    "lane-node-unknown": "The lane {lane} lists {node}, which is not in the process.",
    "role-open": "A resourceRole does not say what its people do; use potentialOwner or humanPerformer.",
    "role-reference": "{type} refers to a resource; give a resourceAssignmentExpression instead.",
    "role-twice": "Who does the task is said more than once: {roles}.",
    # activities
    "send-unclear": "The send task needs either messageRef or a topic for a handler.",
    "topic-missing": '{type} needs camunda:type="external" and camunda:topic.',
    "decision-missing": "The business rule task needs camunda:decisionRef.",
    "call-missing": "The call activity needs calledElement.",
    "call-version-missing": 'calledElementBinding="version" needs camunda:calledElementVersion, a whole number.',
    "mapping-ambiguous": "A {element} mapping needs exactly one of {choices}.",
    "loop-twice": "An activity is either a multi-instance or a loop, not both.",
    "multi-instance-source": "A multi-instance needs either a collection or a loopCardinality.",
    "multi-instance-element": "elementVariable needs a collection.",
    "multi-instance-output": "outputCollection and outputElement go together.",
    # lint: runs as drawn, but perhaps not as meant
    "soundness-deadlock": "{id} waits for ever for a token on {missing} when a run goes along {path}.",
    "soundness-endless": "At {id} a run goes round for ever when it goes along {path}.",
    "soundness-dead": "{type} {id} can never run.",
    "soundness-unsynchronised": "Two tokens come to {id} when a run goes along {path}: what follows runs twice.",
    "soundness-early-end": "A run can reach {id} while another branch of it is still under way, and then goes on.",
    "soundness-not-decided": "{type} {id} has more states than the {limit} that are explored; the rest may be unsound.",
    "soundness-not-explored": "{type} decides by itself how many tokens it takes or gives: soundness is not examined.",
    "implicit-join": "{type} {id} runs once for each of several tokens that come in the same run ({path}).",
    "implicit-split": "{type} {id} takes all of {flows} at once; a parallel gateway would say so.",
    "gateway-without-default": "{type} {id} has no default flow: a run stops there when no condition is true.",
    "gateway-superfluous": "{type} {id} has one flow in and one out: it does nothing.",
    "gateway-mixed": "{type} {id} joins flows and splits them; two gateways would say so.",
    "flow-duplicate": "{flow} leads from {source} to {target}, as {other} does.",
    "label-missing": "{type} {id} has no label.",
    "label-missing-flow": "The flow {flow} out of the choice {id} has no label.",
    "declaration-unused": "No event uses the {type} {id}.",
    "timer-start-endless": "The timer {text} of {id} starts instances without an end.",
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

    def note(self, code: str, where: str = "", line: int | None = None, **params: object) -> None:
        """Note one remark at one element: nothing is wrong with it, but its readers should know."""
        message = SENTENCES[code].format(**params)
        self.doubts.append(Problem(code, where, message, dict(params), self.file, line, "info"))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The doubts, ordered by line; beyond 200 the remarks go first, and their number is told."""
        found = self.doubts
        if len(found) > MOST_PROBLEMS:
            cut = {"count": len(found), "limit": MOST_PROBLEMS}
            message = SENTENCES["bpmn-problems-cut"].format(**cut)
            kept = sorted(found, key=lambda doubt: doubt.severity == "info")[:MOST_PROBLEMS]
            found = [*kept, Problem("bpmn-problems-cut", "", message, dict(cut), self.file, severity="info")]
        return tuple(sorted(found, key=lambda doubt: doubt.line or 0))

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
