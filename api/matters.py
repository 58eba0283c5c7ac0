"""What a process can be about: a case, a dispute, an article, a patrol; and who may see the work on it.

An instance, a task and a file name their matter by its key alone. Each kind of matter brings the rule of who sees the
work on one of its own: tasks, diagrams, files, not only the result that the public reads. Whatever serves all kinds
asks here, and a new flow changes nothing there.
"""

from collections.abc import Callable

from api.credentials import Caller
from engine.errors import NotFound
from engine.ports import UnitOfWork

Sees = Callable[[UnitOfWork, Caller, str], bool]
"""Tells whether a caller may see the work on the matter of a key; False where it is of another kind."""

_RULES: list[Sees] = []


def matter(sees: Sees) -> Sees:
    """Make a function the rule of who sees the work on one kind of matter."""
    _RULES.append(sees)
    return sees


def sees_matter(uow: UnitOfWork, caller: Caller, key: str | None) -> bool:
    """Tell whether a caller may see the work on what a key names; nobody does where there is no key."""
    return key is not None and any(sees(uow, caller, key) for sees in _RULES)


def require_matter(uow: UnitOfWork, caller: Caller, key: str) -> str:
    """Return the key of a matter that the caller may see, or raise NotFound: for her there is none."""
    if not sees_matter(uow, caller, key):
        raise NotFound(kind="case", id=key)
    return key
