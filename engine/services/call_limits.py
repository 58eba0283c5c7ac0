"""How far calls may go: processes that call each other would never stop, in depth or in number."""

from engine.errors import Invalid
from engine.model.process_instance import ProcessInstance
from engine.ports import UnitOfWork

# Calls within calls; a process that calls itself for ever becomes an incident at this depth.
MOST_CALLS = 8
# A root and everything that it called, ended or not: eight levels of a thousand each would flood any database.
MOST_IN_TREE = 10_000


def check(uow: UnitOfWork, instance: ProcessInstance) -> None:
    """Raise Invalid where one call more by this instance would lie too deep, or be one too many in its tree."""
    if uow.process_instances.count_tree(instance.root_id) >= MOST_IN_TREE:
        message = f"More than {MOST_IN_TREE} processes were called from one: do they call each other?"
        raise Invalid(message, code="calls-too-many", limit=MOST_IN_TREE)
    for _ in range(MOST_CALLS):
        if instance.parent_id is None:
            return
        instance = uow.process_instances.get(instance.parent_id)
    message = f"Processes call each other more than {MOST_CALLS} deep: does one of them call itself?"
    raise Invalid(message, code="calls-too-deep", limit=MOST_CALLS)
