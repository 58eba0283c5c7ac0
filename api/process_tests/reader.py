"""Reading a file of process tests: everything that is wrong is told at once, each with its line."""

from collections.abc import Callable, Mapping
from datetime import datetime

from api.process_tests.fields import MOMENT, Fields, Findings
from api.process_tests.library import Library
from api.process_tests.model import Check, Given, HandlerStub, RuleCase, Scenario, Sheet, Step, Stub, Verb
from api.process_tests.names import Names
from api.process_tests.nodes import Node, read_nodes
from engine.errors import Invalid

# What a scenario may begin with, and the act that brings it about.
SUBJECTS: Mapping[str, str] = {
    "case": "case.report",
    "article": "article.report",
    "dispute": "dispute.register",
    "patrol_plan": "patrol.plan",
    "patrol_task": "patrol.order",
}
USUAL_START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
VERBS: tuple[Verb, ...] = ("complete", "message", "signal", "wait", "until", "timer", "act")
DO, EXPECT, CASES = "do", "then", "cases"
MOST_NESTED = 8


def read_sheet(text: bytes, file: str, library: Library) -> Sheet:
    """Read a file and check every name in it. Raises Invalid with one problem per mistake, each with its line."""
    findings = Findings(file)
    sheet = _SheetReader(library, findings).read(read_nodes(text, file))
    if findings.problems:
        raise Invalid(problems=findings.problems)
    return sheet


class _SheetReader:
    def __init__(self, library: Library, findings: Findings) -> None:
        self._library = library
        self._findings = findings
        self._names = Names(library, findings)
        self._blocks: Mapping[str, Node] = {}
        self._flow: str | None = None

    def read(self, root: Node) -> Sheet:
        fields = Fields(root, "", self._findings, ("flow", "steps", "scenarios", "rules"))
        self._flow = self._names.flow(fields.text("flow"), fields.line("flow"))
        self._blocks = dict(fields.entries("steps"))
        for name, node in self._blocks.items():
            self._steps(node, f"steps.{name}", 0)
        scenarios = [self._scenario(node, where) for node, where in fields.items("scenarios")]
        if scenarios and self._flow is None and fields.text("flow") is None:
            self._findings.add("process-test-key-missing", "", root.line, "The key {key} is missing.", key="flow")
        self._refuse_twice(scenarios)
        rules = [case for node, where in fields.items("rules") for case in self._rule(node, where)]
        return Sheet(self._findings.file, self._flow, tuple(scenarios), tuple(rules))

    def _refuse_twice(self, scenarios: list[Scenario]) -> None:
        seen: set[str] = set()
        for scenario in scenarios:
            if scenario.name in seen:
                message = "Two scenarios have the name {name}."
                self._findings.add("process-test-name-twice", "", scenario.line, message, name=scenario.name)
            seen.add(scenario.name)

    def _scenario(self, node: Node, where: str) -> Scenario:
        fields = Fields(node, where, self._findings, ("name", "given", "when", "then"))
        name = fields.required_text("name")
        given = self._given(fields.get("given") or Node({}, node.line), f"{where}.given")
        steps = self._steps(fields.get("when"), f"{where}.when", 0)
        wanted = fields.get("then")
        if wanted is not None:
            steps.append(self._look(wanted, f"{where}.then"))
        return Scenario(name, given, tuple(steps), node.line)

    def _given(self, node: Node, where: str) -> Given:
        known = ("at", "variables", "key", "by", "rules", "handlers", *SUBJECTS)
        fields = Fields(node, where, self._findings, known)
        acts = [self._subject(kind, fields.get(kind), where) for kind in SUBJECTS if fields.get(kind) is not None]
        by = fields.text("by")
        if by is not None:
            self._names.person(by, where, fields.line("by"))
        return Given(
            at=fields.moment("at") or USUAL_START,
            acts=tuple(acts),
            variables=None if fields.get("variables") is None else fields.mapping("variables"),
            key=fields.text("key"),
            by=by,
            rules={key: self._stubs(key, one, where) for key, one in fields.entries("rules").items()},
            handlers={key: self._handler(key, one, where) for key, one in fields.entries("handlers").items()},
        )

    def _subject(self, kind: str, node: Node | None, where: str) -> Step:
        node = node or Node({}, 1)
        fields = Fields(node, f"{where}.{kind}", self._findings, None)
        data = fields.whole()
        by = data.pop("by", None)
        return Step(
            verb="act", line=node.line, target=SUBJECTS[kind], data=data, by=by if isinstance(by, str) else None
        )

    def _stubs(self, key: str, node: Node, where: str) -> tuple[Stub, ...]:
        self._names.decision(key, f"{where}.rules", node.line)
        if not node.items or not all("then" in item.entries for item in node.items):
            return (Stub({}, node.plain()),)
        stubs = []
        for item in node.items:
            fields = Fields(item, f"{where}.rules.{key}", self._findings, ("when", "then"))
            then = fields.needed("then")
            stubs.append(Stub(fields.mapping("when"), None if then is None else then.plain()))
        return tuple(stubs)

    def _handler(self, topic: str, node: Node, where: str) -> HandlerStub:
        self._names.topic(topic, f"{where}.handlers", node.line)
        fields = Fields(node, f"{where}.handlers.{topic}", self._findings, ("result", "error"))
        return HandlerStub(fields.mapping("result"), fields.text("error"))

    # ---------------------------------------------------------------------------------------------- steps

    def _steps(self, node: Node | None, where: str, depth: int) -> list[Step]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self._findings.add("process-test-not-list", where, node.line, "A list is expected here.")
            return []
        steps: list[Step] = []
        for position, item in enumerate(node.items):
            steps += self._step(item, f"{where}[{position}]", depth)
        return steps

    def _step(self, node: Node, where: str, depth: int) -> list[Step]:
        verbs = [verb for verb in (*VERBS, DO, EXPECT) if verb in node.entries]
        if len(verbs) != 1:
            words = ", ".join((*VERBS, DO, EXPECT))
            message = "A step says exactly one of {words}."
            self._findings.add("process-test-step-unclear", where, node.line, message, words=words)
            return []
        if verbs[0] == EXPECT:
            Fields(node, where, self._findings, (EXPECT,))
            return [self._look(node.entries[EXPECT], f"{where}.{EXPECT}")]
        if verbs[0] == DO:
            return self._block(node, where, depth)
        return [self._happening(node, where, verbs[0])]

    def _block(self, node: Node, where: str, depth: int) -> list[Step]:
        name = Fields(node, where, self._findings, (DO,)).required_text(DO)
        if name not in self._blocks or depth >= MOST_NESTED:
            message = "There are no steps {name} in this file, or they name each other in a circle."
            self._findings.add("process-test-block-unknown", where, node.line, message, name=name)
            return []
        return self._steps(self._blocks[name], f"steps.{name}", depth + 1)

    def _happening(self, node: Node, where: str, verb: str) -> Step:
        known = (verb, "with", "by", "of", "as", "correlation", "refused", "errand")
        fields = Fields(node, where, self._findings, known)
        target = fields.required_text(verb)
        self._check_target(verb, target, where, node.line)
        by, refused = fields.text("by"), fields.get("refused")
        if by is not None:
            self._names.person(by, where, fields.line("by"))
        return Step(
            verb=next(one for one in VERBS if one == verb),
            line=node.line,
            target=target,
            data=fields.mapping("with"),
            by=by,
            of=fields.text("of"),
            named=fields.text("as"),
            correlation=fields.text("correlation"),
            refused=False if refused is None else refused.value if isinstance(refused.value, str) else True,
            errand=fields.truth("errand", usual=True),
        )

    def _check_target(self, verb: str, target: str, where: str, line: int) -> None:
        checks: Mapping[str, Callable[[], object]] = {
            "complete": lambda: self._names.task(target, self._flow, where, line),
            "timer": lambda: self._names.place(target, self._flow, where, line),
            "wait": lambda: self._findings.duration(target, where, line),
            "until": lambda: self._findings.moment(target, where, line) if not target.startswith(MOMENT) else None,
            "act": lambda: self._names.act(target, where, line),
        }
        if verb in checks:
            checks[verb]()

    def _look(self, node: Node, where: str) -> Step:
        fields = Fields(node, where, self._findings, (*self._names.CHECKS, "of"))
        checks = []
        for kind, wanted in node.entries.items():
            if kind in self._names.CHECKS:
                self._names.check(kind, wanted, self._flow, f"{where}.{kind}")
                checks.append(Check(kind, wanted.plain(), wanted.line))
        return Step(verb="expect", line=node.line, of=fields.text("of"), checks=tuple(checks))

    # ---------------------------------------------------------------------------------------------- rules

    def _rule(self, node: Node, where: str) -> list[RuleCase]:
        """Return the one question of an entry, or all its `cases`, which are put to the same table."""
        known = ("decision", CASES) if CASES in node.entries else ("decision", *CASE)
        fields = Fields(node, where, self._findings, known)
        decision = fields.required_text("decision")
        self._names.decision(decision, where, node.line)
        if CASES not in node.entries:
            return [self._case(decision, fields, node, where)]
        cases = list(fields.items(CASES))
        if not cases:
            message = "The key {key} is missing."
            self._findings.add("process-test-key-missing", where, fields.line(CASES), message, key=CASES)
        return [self._case(decision, Fields(one, place, self._findings, CASE), one, place) for one, place in cases]

    def _case(self, decision: str, fields: Fields, node: Node, where: str) -> RuleCase:
        then = Fields(fields.get("then") or Node({}, node.line), f"{where}.then", self._findings, RULE_CHECKS)
        rows = then.numbers("row") if then.get("row") is not None else then.numbers("rows")
        answer = then.get("answer")
        if rows is None and answer is None and then.text("error") is None:
            message = "The key {key} is missing."
            self._findings.add("process-test-key-missing", f"{where}.then", node.line, message, key="row")
        return RuleCase(
            decision=decision,
            given=fields.mapping("given"),
            line=node.line,
            name=fields.text("name") or "",
            rows=rows,
            has_answer=answer is not None,
            answer=None if answer is None else answer.plain(),
            error=then.text("error"),
        )


CASE = ("name", "given", "then")
RULE_CHECKS = ("row", "rows", "answer", "error")
