"""Who catches what was thrown inside: errors and escalations look for the nearest event that takes them.

On the way out the event sub-processes of each scope come first, then the boundary events of the activity that holds
it. A scope whose interrupting event sub-process has begun listens no more, and no event sub-process catches what it
throws itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.bpmn.elements import EventSpec
from engine.bpmn.tokens import ROOT, Token

INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Catcher:
    """An event that waits for something to be thrown, without being armed.

    event  what it catches
    name   spec at which a token is placed when it does: a boundary event or an event sub-process
    """

    event: EventSpec
    name: str

    @property
    def code(self) -> str | None:
        """The code that it takes; None takes any."""
        return self.event.error_code if self.event.kind == "error" else self.event.escalation_code


def find_catcher(token: Token, kind: str, code: str, *, inside: bool) -> tuple[Token, Catcher, bool] | None:
    """Return who catches an error or escalation: the token that holds the catcher, the catcher, whether it is inside.

    token   the activity that throws, or with `inside` the scope in which an event threw
    """
    origin = None
    while True:
        spec = token.task_spec
        if inside and not token.memory.get(INTERRUPTED):
            found = _best(spec.handlers, kind, code, without=origin)
            if found is not None:
                return token, found, True
        if token.id == ROOT:
            return None
        found = _best(spec.catchers, kind, code)
        if found is not None:
            return token, found, False
        origin, inside = spec.element_id, True
        token = token.scope


def _best(catchers: Iterable[Catcher], kind: str, code: str, without: str | None = None) -> Catcher | None:
    """Return the catcher for the code, else the one for all."""
    found = [one for one in catchers if one.event.kind == kind and one.name != without]
    exact = [one for one in found if one.code == code]
    return next(iter([*exact, *(one for one in found if one.code is None)]), None)
