"""Tokens: the library's tasks, kept in a tree of scopes instead of a tree of history.

A token's parent is the token of the scope that it runs in (the process, a sub-process, a multi-instance body) or, for
an armed boundary event, the activity that it guards. A token that has passed is removed at once, so that a step costs
the same after five thousand loops as after one. The task data of the library stay empty: variables live beside the
tokens.
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

ROOT = -1


class Token(Task):
    """One token at one element; its id is the activity number, `internal_data` what it remembers."""

    @property
    def number(self) -> int:
        """Activity number."""
        return int(self.id)

    @property
    def scope(self) -> "Token":
        """The token of the enclosing scope."""
        scope: Token = self.workflow.tasks[self._parent]
        return scope

    @property
    def inner(self) -> "list[Token]":
        """Tokens inside this one, oldest first."""
        tasks = self.workflow.tasks
        return [tasks[number] for number in self._children]

    @property
    def memory(self) -> dict[str, Any]:
        """What the token remembers between steps: JSON values only."""
        memory: dict[str, Any] = self.internal_data
        return memory

    @property
    def is_live(self) -> bool:
        """Whether it has neither passed nor been cancelled."""
        return not self._state & TaskState.FINISHED_MASK

    def _set_state(self, value: int) -> None:
        """Change the state; a token that becomes ready joins the queue (the library would search the tree for it)."""
        self._state = value
        if value == TaskState.READY:
            self.workflow.ready.append(self)

    def cancel(self) -> None:
        """Cancel what is inside, newest first, then the token itself, and take it out of the tree."""
        if not self.is_live:
            return
        for token in reversed(self.inner):
            token.cancel()
        entered = self._state == TaskState.STARTED
        self._state = TaskState.CANCELLED
        self.workflow.cancelled(self, entered=entered)

    def leave(self) -> None:
        """Take a finished token, and whatever still guards it, out of the tree."""
        for token in reversed(self.inner):
            token.cancel()
        self.scope._children.remove(self.id)  # noqa: SLF001 (the tree is the library's)
        del self.workflow.tasks[self.id]
