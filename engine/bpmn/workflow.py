"""One instance in memory for the length of one command: the library's workflow, restored without its history."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime

from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.bpmn.catching import Catcher, find_catcher
from engine.bpmn.failures import ExecutionError
from engine.bpmn.journal import Journal
from engine.bpmn.model import ProcessModel
from engine.bpmn.moment import Moment, moment_of
from engine.bpmn.specs.gateways import LateJoin
from engine.bpmn.specs.scopes import PAYLOAD, RESET, interrupt
from engine.bpmn.tokens import ROOT, Token
from engine.bpmn.variables import write
from engine.model.step import Ending, ErrorThrown, Passage, Thrown

STEP_BUDGET = 10_000
MOST_TOKENS = 10_000
_WATCHING = frozenset({"conditional", "ad_hoc"})


class TokenWorkflow(Workflow):
    """Tokens, variables and journal of an instance; the library's task states say what is enabled.

    variables   the process variables as they are now; values are replaced, never changed in place
    changed     names and new values of those that differ from the start of the command
    ready       tokens that may run, in order of becoming so
    touched     counts changes of data, so that conditions are asked again only then; `fresh` when one is new
    """

    def __init__(self, model: ProcessModel, variables: Mapping[str, object], now: datetime | Moment) -> None:
        """Begin with an empty tree: only the process itself."""
        super().__init__(model.spec, deserializing=True)
        self.model = model
        self.variables: dict[str, object] = dict(variables)
        self.changed: dict[str, object] = {}
        self.moment = moment_of(now).limited()
        self.now = self.moment.utc
        self.journal = Journal()
        self.ready: deque[Token] = deque()
        self.next_number = 1
        self.touched = 0
        self.fresh = True
        self._asked: dict[int, int] = {}
        self.ended: Ending | None = None
        self.error: ErrorThrown | None = None
        self.task_tree = Token(self, model.spec.start, state=TaskState.STARTED, id=ROOT)

    @property
    def root(self) -> Token:
        """The token of the process."""
        root: Token = self.task_tree
        return root

    # -- tokens -----------------------------------------------------------------------------------------------------

    def add(self, name: str, scope: Token, memory: dict[str, object]) -> Token:
        """Create a token at an element, not yet asked whether it may run."""
        token = Token(self, self.spec.task_specs[name], scope, TaskState.FUTURE, self.next_number)
        self.next_number += 1
        token.internal_data = memory
        return token

    def place(self, name: str, scope: Token, memory: dict[str, object]) -> None:
        """Create a token at an element and let the element decide whether it may run or must wait."""
        token = self.add(name, scope, memory)
        token.task_spec._update(token)  # noqa: SLF001 (the library's own way in)

    def begin(self, name: str) -> None:
        """Begin the process at one of its start points, and listen for its event sub-processes."""
        root = self.root
        root.task_spec.listen(root)
        root.task_spec.begin_at(root, name)

    def settle(self) -> None:
        """Run until every token waits; raise ExecutionError when that takes too long or can never end."""
        steps = 0
        while (self.spec.watches and self._watch()) or self.ready or self._feed() or self._open_join():
            token = self.ready.popleft() if self.ready else self.root
            if token.state != TaskState.READY:
                continue
            steps += 1
            if steps > STEP_BUDGET:
                raise ExecutionError("step-budget-exceeded", token.task_spec.element_id, limit=STEP_BUDGET)
            self.moment.check(token.task_spec.element_id)
            token.run()
            if len(self.tasks) > MOST_TOKENS:
                raise ExecutionError("too-many-tokens", token.task_spec.element_id, limit=MOST_TOKENS)
        self._refuse_stuck()

    def _feed(self) -> bool:
        """Let an element begin that waits for its data, once they are there."""
        for token in self.tasks.values() if self.spec.feeds else ():
            hungry = token.state == TaskState.WAITING and token.task_spec.element.mapping.awaited
            if hungry and token.task_spec.fed(token):
                token._ready()  # noqa: SLF001 (as the library's own joins do)
                return True
        return False

    def _open_join(self) -> bool:
        """Let the first enabled inclusive or complex gateway go, now that nothing else moves."""
        for token in self.tasks.values():
            gateway = token.task_spec
            if isinstance(gateway, LateJoin) and token.state == TaskState.WAITING and gateway.may_fire(token):
                gateway.go(token)
                return True
        return self.spec.resets and self._reset_one()

    def _reset_one(self) -> bool:
        """Let the first complex gateway begin anew for which nothing more can come."""
        for scope in list(self.tasks.values()) if self.ended is None else ():
            for name in scope.memory.get(RESET, {}):
                gateway = self.spec.task_specs[name]
                if gateway.may_reset(scope):
                    gateway.reset(scope)
                    scope.task_spec.inner_left(scope)
                    return True
        return False

    def _watch(self) -> bool:
        """Let every conditional event fire whose condition has become true, outermost scopes first.

        Asked after each single step that changed data: what was true for a moment only has been true (BPMN 2.0.2
        §10.5.5).
        """
        if not self.fresh and self._asked.get(ROOT) == self.touched:
            return False
        self.fresh, self._asked[ROOT] = False, self.touched
        tokens = [token for token in self.tasks.values() if token.state == TaskState.STARTED]
        watching = [token for token in tokens if token.task_spec.kind in _WATCHING]
        true = [token for token in sorted(watching, key=_depth) if self._becomes_true(token)]
        for token in true:
            if token.is_live:
                token.task_spec.finish(token, {})
        return bool(true)

    def _becomes_true(self, token: Token) -> bool:
        """Ask a condition, unless nothing has changed since it was last asked."""
        if self._asked.get(token.number) == self.touched:
            return False
        self._asked[token.number] = self.touched
        becomes: bool = token.task_spec.becomes_true(token)
        return becomes

    def _refuse_stuck(self) -> None:
        """Refuse a state in which tokens wait at joins only: nothing outside could ever move them."""
        if self.ended is not None:
            return
        others = [token for token in self.tasks.values() if token.id != ROOT]
        waiting = [token for token in others if token.state == TaskState.WAITING]
        joins = [token.task_spec.element_id for token in waiting if not token.task_spec.element.mapping.awaited]
        if len(joins) == len(waiting) > 0 and not any(
            token.task_spec.waits and token.state == TaskState.STARTED for token in others
        ):
            raise ExecutionError("stuck-at-join", ", ".join(dict.fromkeys(joins)))

    def cancelled(self, token: Token, *, entered: bool) -> None:
        """Note a cancelled token and take it out of the tree."""
        token.task_spec.given_up(token)
        if entered and token.task_spec.traced:
            self.journal.passed(token, Passage.CANCELLED)
        if entered and token.task_spec.opens:
            self.journal.close(token, "cancelled")
        token.leave()

    def _task_completed_notify(self, task: Token) -> None:
        """Tell the scope that a token inside is gone (the library would look for its end join and walk the tree)."""
        scope = self.tasks.get(task._parent)  # noqa: SLF001 (the tree is the library's)
        if scope is not None:
            scope.task_spec.inner_left(scope)

    # -- variables --------------------------------------------------------------------------------------------------

    def set_variables(self, values: Mapping[str, object]) -> None:
        """Write process variables."""
        for name, value in values.items():
            if name not in self.variables or not _same(self.variables[name], value):
                self.variables[name] = value
                self.touched += 1
                self.changed[name] = value

    # -- ends and events --------------------------------------------------------------------------------------------

    def end(self, ending: Ending) -> None:
        """Come to an end; the first end counts."""
        if self.ended is None:
            self.ended = ending

    def deliver_signal(self, signal: Thrown) -> None:
        """Deliver a signal to every catcher of this instance that waits now."""
        catchers = [token for token in self.tasks.values() if token.task_spec.kind == "signal"]
        self.deliver_to([token for token in catchers if token.task_spec.event.name == signal.name], signal.variables)

    def deliver_to(self, catchers: list[Token], payload: Mapping[str, object]) -> bool:
        """Deliver a payload to those that wait, outermost scopes first; return whether there was one."""
        reached = False
        for token in sorted(catchers, key=_depth):
            if token.is_live and token.state == TaskState.STARTED:
                reached = True
                token.task_spec.finish(token, payload)
        return reached

    def throw_error(
        self,
        token: Token,
        code: str,
        message: str,
        element_id: str,
        variables: Mapping[str, object] | None = None,
        *,
        inside: bool = False,
    ) -> None:
        """Throw a BPMN error: the nearest event that catches it takes it, or the instance ends.

        token   the activity that throws, or with `inside` the scope in which an end event throws
        """
        found = find_catcher(token, "error", code, inside=inside)
        if found is None:
            self.end(Ending.ERROR)
            self.error = ErrorThrown(code, message, element_id)
            for inner in reversed(self.root.inner):
                inner.cancel()
            return
        values = dict(variables or {})
        event = found[1].event
        if event.code_variable:
            values[event.code_variable] = code
        if event.message_variable:
            values[event.message_variable] = message
        self._catch(*found, values)

    def throw_escalation(self, token: Token, thrown: Thrown, *, inside: bool = True) -> None:
        """Throw an escalation: the nearest event that catches it takes it; else it leaves the instance."""
        found = find_catcher(token, "escalation", thrown.name, inside=inside)
        if found is None:
            self.journal.thrown.append(thrown)
            return
        variable = found[1].event.code_variable
        self._catch(*found, {**thrown.variables, **({variable: thrown.name} if variable else {})})

    def _catch(self, holder: Token, catcher: Catcher, inside: bool, values: dict[str, object]) -> None:  # noqa: FBT001
        """Place a token at the event that catches: an event sub-process of the holder, or its boundary event."""
        if inside:
            if catcher.event.interrupting:
                interrupt(holder)
            self.place(catcher.name, holder, {PAYLOAD: values})
            return
        scope = holder.scope
        if catcher.event.interrupting:
            holder.cancel()
        write(scope, values)
        self.place(catcher.name, scope, {})


def _depth(token: Token) -> tuple[int, int]:
    """Order by depth of the guarded scope, then by age; an armed boundary event belongs to its activity's scope."""
    depth, number = 0, token.number
    if token.task_spec.armed:
        token = token.scope
    while token.id != ROOT:
        depth, token = depth + 1, token.scope
    return depth, number


def _same(old: object, new: object) -> bool:
    """Whether two JSON values are the same; 1, 1.0 and true are not."""
    return type(old) is type(new) and old == new and not isinstance(old, (list, dict))
