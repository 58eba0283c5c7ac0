"""Every name of BPMN, Camunda and our own that is understood here; whatever is not listed is refused by name.

An attribute maps to None where any text goes, or to the texts that are allowed: those that mean what the engine does.
"""

Allowed = dict[str, frozenset[str] | None]

_FALSE = frozenset({"false"})
_TRUE = frozenset({"true"})
_DIRECTIONS = frozenset({"Unspecified", "Converging", "Diverging", "Mixed"})
_BOOLEAN = frozenset({"true", "false"})

_NAMED: Allowed = {"id": None, "name": None}
_NODE: Allowed = {**_NAMED}
_ACTIVITY: Allowed = {
    **_NODE,
    "default": None,
    "isForCompensation": _BOOLEAN,
    "startQuantity": None,
    "completionQuantity": None,
}
_RETRIES: Allowed = {"camunda:asyncBefore": _BOOLEAN, "camunda:exclusive": _TRUE}
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
    "startEvent": {**_NODE, "isInterrupting": _BOOLEAN, "parallelMultiple": _BOOLEAN, "camunda:formKey": None},
    "endEvent": _NODE,
    "intermediateCatchEvent": {**_NODE, "parallelMultiple": _BOOLEAN, **_CORRELATED},
    "intermediateThrowEvent": {**_NODE, **_CORRELATED},
    "boundaryEvent": {
        **_NODE,
        "attachedToRef": None,
        "cancelActivity": _BOOLEAN,
        "parallelMultiple": _BOOLEAN,
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
    "serviceTask": {**_ACTIVITY, **_IMPLEMENTATION, **_JOB, "operationRef": None},
    "sendTask": {**_ACTIVITY, **_IMPLEMENTATION, **_JOB, **_CORRELATED, "messageRef": None, "operationRef": None},
    "receiveTask": {**_ACTIVITY, **_IMPLEMENTATION, "messageRef": None, "instantiate": _BOOLEAN, **_CORRELATED},
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
    "subProcess": {**_ACTIVITY, "triggeredByEvent": _BOOLEAN},
    "transaction": {**_ACTIVITY, "triggeredByEvent": _FALSE, "method": frozenset({"##Compensate"})},
    "adHocSubProcess": {
        **_ACTIVITY,
        "triggeredByEvent": _FALSE,
        "ordering": frozenset({"Parallel", "Sequential"}),
        "cancelRemainingInstances": _BOOLEAN,
    },
    "exclusiveGateway": {**_NODE, "default": None, "gatewayDirection": _DIRECTIONS},
    "inclusiveGateway": {**_NODE, "default": None, "gatewayDirection": _DIRECTIONS},
    "parallelGateway": {**_NODE, "gatewayDirection": _DIRECTIONS},
    "complexGateway": {**_NODE, "default": None, "gatewayDirection": _DIRECTIONS},
    "eventBasedGateway": {
        **_NODE,
        "gatewayDirection": _DIRECTIONS,
        "instantiate": _BOOLEAN,
        "eventGatewayType": frozenset({"Exclusive", "Parallel"}),
    },
}

# Flow elements beside the nodes, and what scopes say of their data. Stores and artifacts are drawings.
PARTS: dict[str, Allowed] = {
    "sequenceFlow": {**_NAMED, "sourceRef": None, "targetRef": None, "isImmediate": _TRUE},
    "laneSet": _NAMED,
    "dataObject": {**_NAMED, "isCollection": _BOOLEAN, "itemSubjectRef": None},
    "dataObjectReference": {**_NAMED, "dataObjectRef": None, "itemSubjectRef": None},
    "dataStoreReference": {**_NAMED, "dataStoreRef": None, "itemSubjectRef": None},
    "textAnnotation": {**_NAMED, "textFormat": None},
    "association": {"id": None, "sourceRef": None, "targetRef": None, "associationDirection": None},
    "group": {"id": None, "categoryValueRef": None},
    "documentation": {"id": None, "textFormat": None},
    "extensionElements": {},
    "ioSpecification": {"id": None},
    "property": {**_NAMED, "itemSubjectRef": None},
    "dataInputAssociation": {"id": None},
    "dataOutputAssociation": {"id": None},
    "correlationSubscription": {"id": None, "correlationKeyRef": None},
    "auditing": {"id": None},
    "monitoring": {"id": None},
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
    "escalation": {**_NAMED, "escalationCode": None, "structureRef": None},
    "itemDefinition": None,
    "category": None,
    "dataStore": None,
    "extension": None,
    "documentation": None,
    "correlationProperty": None,
    "interface": None,
    "resource": None,
    "endPoint": None,
    "partnerEntity": None,
    "partnerRole": None,
}
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
ROOTS |= dict.fromkeys(GLOBAL_TASKS)

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
    "escalationEventDefinition": {"id": None, "escalationRef": None, "camunda:escalationCodeVariable": None},
    "conditionalEventDefinition": {"id": None},
    "compensateEventDefinition": {"id": None, "activityRef": None, "waitForCompletion": _BOOLEAN},
    "cancelEventDefinition": {"id": None},
    "terminateEventDefinition": {"id": None},
    "linkEventDefinition": _NAMED,
}
ROOTS |= dict(EVENTS)

_CAUGHT = frozenset({"timer", "message", "signal", "conditional"})
_THROWN = frozenset({"message", "signal", "escalation"})

# What each kind of event may do; the start event of an embedded sub-process has no definition at all.
EVENT_KINDS: dict[str, frozenset[str]] = {
    "startEvent": _CAUGHT,
    "endEvent": _THROWN | {"error", "compensate", "cancel", "terminate"},
    "intermediateCatchEvent": _CAUGHT | {"link"},
    "intermediateThrowEvent": _THROWN | {"compensate", "link"},
    "boundaryEvent": _CAUGHT | {"error", "escalation", "compensate", "cancel"},
}
THROWING_EVENTS = frozenset({"endEvent", "intermediateThrowEvent"})
# The start event of an event sub-process, and what several definitions of one event may be.
TRIGGERS = _CAUGHT | {"error", "escalation", "compensate"}
MULTIPLE_KINDS: dict[str, frozenset[str]] = {
    "startEvent": _CAUGHT,
    "endEvent": _THROWN,
    "intermediateCatchEvent": _CAUGHT,
    "intermediateThrowEvent": _THROWN,
    "boundaryEvent": _CAUGHT,
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
    "complexGateway": frozenset({"activationCondition"}),
    **{kind: frozenset(EVENTS) | {"eventDefinitionRef"} for kind in EVENT_KINDS},
}
# What may stand inside an element once only.
ONCE = frozenset(
    {
        "activationCondition",
        "camunda:failedJobRetryTimeCycle",
        "camunda:inputOutput",
        "camunda:properties",
        "completionCondition",
        "condition",
        "conditionExpression",
        "dataPath",
        "extensionElements",
        "from",
        "inputDataItem",
        "ioSpecification",
        "loopCardinality",
        "loopCondition",
        "loopDataInputRef",
        "loopDataOutputRef",
        "messagePath",
        "multiInstanceLoopCharacteristics",
        "outputDataItem",
        "resourceAssignmentExpression",
        "script",
        "standardLoopCharacteristics",
        "targetRef",
        "timeCycle",
        "timeDate",
        "timeDuration",
        "to",
        "transformation",
    }
)
# Expressions whose own language is looked at nowhere else.
SPOKEN = frozenset({"loopCondition", "loopCardinality", "completionCondition", "timeDate", "timeDuration", "timeCycle"})
# Elements with elements inside.
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
    }
)
ACTIVITIES = TASKS | SCOPES | {"callActivity"}

# Data and descriptions inside nodes; auditing, monitoring and rendering are not executed (§10.2, §10.3.4).
_DESCRIBED = frozenset({"auditing", "monitoring"})
DATA_IN = frozenset({"dataInput", "inputSet", "dataInputAssociation"})
DATA_OUT = frozenset({"dataOutput", "outputSet", "dataOutputAssociation"})
ROLES = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
_OF_ACTIVITIES = frozenset({"ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation"})
for _type in NODES:
    INSIDE[_type] = INSIDE.get(_type, frozenset()) | _DESCRIBED
    if _type in ACTIVITIES:
        INSIDE[_type] |= _OF_ACTIVITIES
    elif _type in EVENT_KINDS:
        INSIDE[_type] |= (DATA_IN if _type in THROWING_EVENTS else DATA_OUT) | {"property"}
INSIDE["userTask"] |= ROLES | {"rendering"}

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
    "transaction": _MAPPING | _BESIDE,
    "adHocSubProcess": _MAPPING | _BESIDE,
    "callActivity": _BESIDE | {"in", "out"},
    "startEvent": _MAPPING | _BESIDE,
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

# Activities that wait, so that a boundary event can come true; and those whose work can end in a BPMN error.
WAITING = ACTIVITIES - {"task", "manualTask", "scriptTask"}
THROWING = WAITING - {"receiveTask"}
