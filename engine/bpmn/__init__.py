"""BPMN: read and check diagrams, run them; the only room of SpiffWorkflow.

SpiffWorkflow's workflow, tasks and task specs carry the tokens and decide what is enabled next, and nothing else: the
variables, the waiting, the clock and the history are ours.
"""

from engine.bpmn.compile import BpmnFile, read_deployed, read_file, read_processes
from engine.bpmn.correlation import JoinedKey
from engine.bpmn.elements import (
    CallSpec,
    DecisionSpec,
    Element,
    EventSpec,
    Flow,
    IoMapping,
    JobSpec,
    MultiInstanceSpec,
    ProcessPolicy,
    Requirement,
    ScriptSpec,
    StartPoint,
    UserTaskFacts,
    UserTaskSpec,
)
from engine.bpmn.failures import ExecutionError
from engine.bpmn.model import ProcessModel
from engine.bpmn.moment import Moment
from engine.bpmn.runtime import (
    begin_activity,
    cancel,
    complete,
    deliver,
    deliver_signal,
    fire_timer,
    positions,
    set_variables,
    start,
    throw_error,
    throw_escalation,
)

__all__ = [
    "BpmnFile",
    "CallSpec",
    "DecisionSpec",
    "Element",
    "EventSpec",
    "ExecutionError",
    "Flow",
    "IoMapping",
    "JobSpec",
    "JoinedKey",
    "Moment",
    "MultiInstanceSpec",
    "ProcessModel",
    "ProcessPolicy",
    "Requirement",
    "ScriptSpec",
    "StartPoint",
    "UserTaskFacts",
    "UserTaskSpec",
    "begin_activity",
    "cancel",
    "complete",
    "deliver",
    "deliver_signal",
    "fire_timer",
    "positions",
    "read_deployed",
    "read_file",
    "read_processes",
    "set_variables",
    "start",
    "throw_error",
    "throw_escalation",
]
