"""Every name of BPMN, Camunda and our own that is understood here; whatever is not listed is refused by name.

An attribute maps to None where any text goes, or to the texts that are allowed: those that mean what the engine does.
"""

Allowed = dict[str, frozenset[str] | None]

_TRUE, _FALSE = frozenset({"true"}), frozenset({"false"})
_ONE = frozenset({"1"})
_BOOLEAN = frozenset({"true", "false"})

_NAMED: Allowed = {"id": None, "name": None}
_NODE: Allowed = {**_NAMED}
_ACTIVITY: Allowed = {
    **_NODE,
    "default": None,
    "isForCompensation": _FALSE,
    "startQuantity": _ONE,
    "completionQuantity": _ONE,
}
_RETRIES: Allowed = {"camunda:asyncBefore": _BOOLEAN, "camunda:exclusive": _BOOLEAN}
_JOB: Allowed = {
    **_RETRIES,
    "camunda:type": frozenset({"external"}),
    "camunda:topic": None,
    "camunda:jobPriority": None,
    "camunda:taskPriority": None,
}
_CORRELATED: Allowed = {"zhili:correlationKey": None}
_IMPLEMENTATION: Allowed = {"implementation": None}

NODES: dict[str, Allowed] = {
    "startEvent": {**_NODE, "isInterrupting": _TRUE, "parallelMultiple": _FALSE, "camunda:formKey": None},
    "endEvent": _NODE,
    "intermediateCatchEvent": {**_NODE, "parallelMultiple": _FALSE, **_CORRELATED},
    "intermediateThrowEvent": {**_NODE, **_CORRELATED},
    "boundaryEvent": {
        **_NODE,
        "attachedToRef": None,
        "cancelActivity": _BOOLEAN,
        "parallelMultiple": _FALSE,
        **_CORRELATED,
    },
    "task": _ACTIVITY,
    "manualTask": _ACTIVITY,
    "userTask": {
        **_ACTIVITY,
        **_IMPLEMENTATION,
        "camunda:assignee": None,
        "camunda:candidateGroups": None,
        "camunda:candidateUsers": None,
        "camunda:dueDate": None,
        "camunda:followUpDate": None,
        "camunda:priority": None,
        "camunda:formKey": None,
    },
    "serviceTask": {**_ACTIVITY, **_IMPLEMENTATION, **_JOB},
    "sendTask": {**_ACTIVITY, **_IMPLEMENTATION, **_JOB, "messageRef": None},
    "receiveTask": {**_ACTIVITY, **_IMPLEMENTATION, "messageRef": None, "instantiate": _FALSE, **_CORRELATED},
    "businessRuleTask": {
        **_ACTIVITY,
        **_IMPLEMENTATION,
        **_RETRIES,
        "camunda:decisionRef": None,
        "camunda:resultVariable": None,
        "camunda:mapDecisionResult": frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"}),
        "camunda:decisionRefBinding": frozenset({"latest", "deployment"}),
    },
    "scriptTask": {**_ACTIVITY, "scriptFormat": None, "camunda:resultVariable": None},
    "callActivity": {
        **_ACTIVITY,
        "calledElement": None,
        "camunda:calledElementBinding": frozenset({"latest", "deployment", "version"}),
        "camunda:calledElementVersion": None,
    },
    "subProcess": {**_ACTIVITY, "triggeredByEvent": _FALSE},
    "exclusiveGateway": {**_NODE, "default": None, "gatewayDirection": None},
    "inclusiveGateway": {**_NODE, "default": None, "gatewayDirection": None},
    "parallelGateway": {**_NODE, "gatewayDirection": None},
    "eventBasedGateway": {
        **_NODE,
        "gatewayDirection": None,
        "instantiate": _FALSE,
        "eventGatewayType": frozenset({"Exclusive"}),
    },
}

# Flow elements beside the nodes. Data objects, stores and artifacts are drawings: they have no say in the flow.
PARTS: dict[str, Allowed] = {
    "sequenceFlow": {**_NAMED, "sourceRef": None, "targetRef": None, "isImmediate": _BOOLEAN},
    "laneSet": _NAMED,
    "dataObject": {**_NAMED, "isCollection": _BOOLEAN, "itemSubjectRef": None},
    "dataObjectReference": {**_NAMED, "dataObjectRef": None, "itemSubjectRef": None},
    "dataStoreReference": {**_NAMED, "dataStoreRef": None, "itemSubjectRef": None},
    "textAnnotation": {**_NAMED, "textFormat": None},
    "association": {"id": None, "sourceRef": None, "targetRef": None, "associationDirection": None},
    "group": {"id": None, "categoryValueRef": None},
    "documentation": {"id": None, "textFormat": None},
    "extensionElements": {},
}

PROCESS: Allowed = {
    **_NAMED,
    "isExecutable": _BOOLEAN,
    "isClosed": _FALSE,
    "processType": frozenset({"None", "Public", "Private"}),
    "camunda:versionTag": None,
    "camunda:historyTimeToLive": None,
    "camunda:isStartableInTasklist": _BOOLEAN,
    "zhili:assignmentDecision": None,
    "zhili:limitDecision": None,
    "zhili:rungDecisions": None,
    "zhili:lightDecision": None,
}

# Children of the definitions. Their insides are read where they matter; collaborations are documentation.
ROOTS: dict[str, Allowed | None] = {
    "process": PROCESS,
    "collaboration": None,
    "message": {**_NAMED, "itemRef": None},
    "signal": {**_NAMED, "structureRef": None},
    "error": {**_NAMED, "errorCode": None, "structureRef": None, "camunda:errorMessage": None},
    "itemDefinition": None,
    "category": None,
    "dataStore": None,
    "extension": None,
    "documentation": None,
}

EVENTS: dict[str, Allowed] = {
    "timerEventDefinition": {"id": None},
    "messageEventDefinition": {"id": None, "messageRef": None, **_CORRELATED},
    "signalEventDefinition": {"id": None, "signalRef": None},
    "errorEventDefinition": {
        "id": None,
        "errorRef": None,
        "camunda:errorCodeVariable": None,
        "camunda:errorMessageVariable": None,
    },
    "terminateEventDefinition": {"id": None},
    "linkEventDefinition": _NAMED,
    "conditionalEventDefinition": {"id": None, "camunda:variableName": None, "camunda:variableEvents": None},
}

# What each kind of event may do; a start event inside a sub-process has no definition at all.
EVENT_KINDS: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"message", "signal"}),
    "endEvent": frozenset({"terminate", "error", "message", "signal"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "link"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "error"}),
}

MULTI_INSTANCE: Allowed = {
    "id": None,
    "isSequential": _BOOLEAN,
    "behavior": frozenset({"All"}),
    "camunda:collection": None,
    "camunda:elementVariable": None,
    "zhili:outputCollection": None,
    "zhili:outputElement": None,
}

STANDARD_LOOP: Allowed = {"id": None, "testBefore": _BOOLEAN, "loopMaximum": None}
REPEATS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})

# Children of a node, beside documentation, extensionElements, incoming and outgoing.
INSIDE: dict[str, frozenset[str]] = {
    "scriptTask": frozenset({"script"}),
    **{kind: frozenset(EVENTS) for kind in EVENT_KINDS},
}
MULTIPLE = frozenset(
    {"userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity", "subProcess"}
)

_MAPPING = frozenset({"inputOutput"})
_BESIDE = frozenset({"properties"})
EXTENSIONS: dict[str, frozenset[str]] = {
    "process": _BESIDE,
    "userTask": _MAPPING | _BESIDE,
    "serviceTask": _MAPPING | _BESIDE | {"failedJobRetryTimeCycle"},
    "sendTask": _MAPPING | _BESIDE | {"failedJobRetryTimeCycle"},
    "businessRuleTask": _MAPPING | _BESIDE | {"failedJobRetryTimeCycle"},
    "receiveTask": _MAPPING | _BESIDE,
    "scriptTask": _MAPPING | _BESIDE,
    "subProcess": _MAPPING | _BESIDE,
    "callActivity": _BESIDE | {"in", "out"},
    "intermediateCatchEvent": _MAPPING | _BESIDE,
    "intermediateThrowEvent": _MAPPING | _BESIDE,
    "boundaryEvent": _MAPPING | _BESIDE,
    "endEvent": _MAPPING | _BESIDE,
}
EXTENSION_PARTS: dict[str, Allowed] = {
    "in": {
        "source": None,
        "sourceExpression": None,
        "target": None,
        "variables": frozenset({"all"}),
        "businessKey": None,
    },
    "out": {"source": None, "sourceExpression": None, "target": None, "variables": frozenset({"all"})},
    "inputParameter": {"name": None},
    "outputParameter": {"name": None},
    "inputOutput": {},
    "properties": {},
    "property": _NAMED | {"value": None},
    "failedJobRetryTimeCycle": {},
}

# Activities at which a boundary event can come true, and those whose work can end in a BPMN error.
WAITING = MULTIPLE
THROWING = frozenset({"userTask", "serviceTask", "sendTask", "businessRuleTask", "callActivity", "subProcess"})
