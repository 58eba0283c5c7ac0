"""Variables: one dict per process instance, and local ones where the diagram makes a scope.

Local are the input parameters of an activity, the element and counters of a multi-instance, and whatever is written
inside a sub-process that is an instance of a multi-instance or has mappings of its own: instances never mix.
"""

from collections.abc import Mapping

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
    """Write results of something inside a scope: to the nearest scope that keeps its own, else to the process."""
    while scope.id != ROOT:
        if scope.task_spec.keeps_variables:
            remember(scope, values)
            return
        scope = scope.scope
    scope.workflow.set_variables(values)


def remember(token: Token, values: Mapping[str, object]) -> None:
    """Add local variables to a token."""
    token.memory[LOCAL] = {**token.memory.get(LOCAL, {}), **values}
