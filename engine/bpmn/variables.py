"""Variables: one dict per process instance, and local ones where the diagram makes a scope.

Local are the data objects and properties of a sub-process or activity, the input parameters of an activity, the
element and counters of a multi-instance, what is new inside a sub-process whose instances are collected, and whatever
is written inside one that has parameters of its own. What a scope declares as data is written there from everywhere
inside; all else is written to the process.
"""

from collections.abc import Mapping, Sequence

from engine.bpmn.tokens import ROOT, Token

LOCAL = "local"


def context_of(token: Token) -> Mapping[str, object]:
    """Return what an expression at this token sees: process variables, overlaid by local ones, innermost last."""
    layers = []
    variables: dict[str, object] = token.workflow.variables
    while token.id != ROOT:
        layer = token.task_spec.layer(token)
        if layer:
            layers.append(layer)
        token = token.scope
    if not layers:
        return variables
    merged = dict(variables)
    for layer in reversed(layers):
        merged.update(layer)
    return merged


def local_of(token: Token) -> dict[str, object]:
    """Return only the variables that are local to an activity and the scopes around it; counters are not among them."""
    local: dict[str, object] = {}
    while token.id != ROOT:
        local = {**token.memory.get(LOCAL, {}), **local}
        token = token.scope
    return local


def write(scope: Token, values: Mapping[str, object]) -> None:
    """Write results of something inside a scope, each to the scope that declares it.

    What no scope declares goes to the nearest scope that keeps its own, else to the process.
    """
    for name, value in values.items():
        holder = _holder(scope, name)
        if holder.id == ROOT:
            scope.workflow.set_variables({name: value})
        else:
            remember(holder, {name: value})


def _holder(scope: Token, name: str) -> Token:
    """Return the token that holds a variable: who declares it, has it, or keeps what is new.

    A sub-process with parameters in Camunda's words keeps whatever its outputs do not hand out. An instance of a
    multi-instance that collects keeps what is new to it, for the collection; what a scope around it or the process has
    is written there (BPMN 2.0.2 §10.4.1: data of a process can be read and written in its sub-processes).
    """
    keeper = None
    while scope.id != ROOT:
        if declares(scope, name):
            return scope
        has = name in scope.memory.get(LOCAL, {})
        if has and (keeper is not None or scope.task_spec.keeps_variables):
            return scope if keeper is None or not keeper.task_spec.element.mapping.isolates else keeper
        if keeper is None and scope.task_spec.keeps_variables:
            keeper = scope
        scope = scope.scope
    if keeper is None or name in scope.task_spec.element.mapping.owned:
        return scope
    isolated = keeper.task_spec.element.mapping.isolates
    return scope if name in scope.workflow.variables and not isolated else keeper


def declares(token: Token, name: str) -> bool:
    """Whether the diagram declares a variable at the element of a token.

    The body of a multi-instance has none; a sub-process that is undone has those that it had.
    """
    spec = token.task_spec
    return spec.name in {spec.element_id, f"{spec.element_id}#undo"} and name in spec.element.mapping.owned


def remember(token: Token, values: Mapping[str, object]) -> None:
    """Add local variables to a token."""
    token.memory[LOCAL] = {**token.memory.get(LOCAL, {}), **values}
    token.workflow.touched += 1


def put(value: object, path: Sequence[str], entry: object) -> object:
    """Return a value with one entry inside it replaced; what is no context on the way becomes one."""
    if not path:
        return entry
    entries = value if isinstance(value, Mapping) else {}
    return {**entries, path[0]: put(entries.get(path[0]), path[1:], entry)}
