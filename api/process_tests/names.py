"""The names in a file of process tests: each has to be there in the diagrams, the tables, or among the acts."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from api.process_tests.acts import ACTS
from api.process_tests.fields import Fields, Findings
from api.process_tests.library import Library
from api.process_tests.nodes import Node

AT = "@"


class Names:
    """Looks every name up."""

    CHECKS: ClassVar[tuple[str, ...]] = (
        "path",
        "passes",
        "not_passes",
        "tasks",
        "cards",
        "variables",
        "record",
        "ends",
        "sends",
        "rows",
        "fails",
    )

    def __init__(self, library: Library, findings: Findings) -> None:
        """Look names up in a library, and note those that are not there."""
        self._library = library
        self._findings = findings

    def flow(self, key: str | None, line: int) -> str | None:
        """Return the key of a process that is there."""
        if key is not None and key not in self._library.models:
            known = ", ".join(self._library.models)
            message = "There is no process {key}; known are {known}."
            self._findings.add("process-test-flow-unknown", "flow", line, message, key=key, known=known)
            return None
        return key

    def place(self, wanted: str, flow: str | None, where: str, line: int) -> None:
        """Note an element or a sequence flow that is not there."""
        if self._library.find(wanted, flow) is None and (flow is not None or "/" in wanted):
            message = "The diagram {flow} has no element and no sequence flow {name}."
            self._findings.add("process-test-element-unknown", where, line, message, name=wanted, flow=flow or "")

    def task(self, wanted: str, flow: str | None, where: str, line: int) -> None:
        """Note a user task that is not there."""
        if self._library.find_task(wanted, flow) is None:
            message = "There is no user task {name}, or several processes have one: write process/element."
            self._findings.add("process-test-task-unknown", where, line, message, name=wanted)

    def decision(self, key: str, where: str, line: int) -> None:
        """Note a decision that is not there."""
        if key and key not in self._library.decisions:
            message = "There is no decision {key}."
            self._findings.add("process-test-decision-unknown", where, line, message, key=key)

    def topic(self, topic: str, where: str, line: int) -> None:
        """Note a topic that no service task has."""
        if topic not in self._library.topics():
            message = "No service task has the topic {topic}."
            self._findings.add("process-test-topic-unknown", where, line, message, topic=topic)

    def act(self, name: str, where: str, line: int) -> None:
        """Note an act that nobody can do."""
        if name not in ACTS:
            message = "There is no act {name}; known are {known}."
            known = ", ".join(sorted(ACTS))
            self._findings.add("process-test-act-unknown", where, line, message, name=name, known=known)

    def person(self, who: str, where: str, line: int) -> None:
        """Note who is neither a login nor `role@unit`; which logins there are is known when the city is there."""
        if not who.replace(AT, "").replace("_", "").replace("-", "").replace(".", "").isalnum():
            message = "{who} is neither a login nor role@unit."
            self._findings.add("process-test-person", where, line, message, who=who)

    def check(self, kind: str, node: Node, flow: str | None, where: str) -> None:
        """Note what cannot be expected."""
        ways: Mapping[str, Callable[[], object]] = {
            "tasks": lambda: self._open_tasks(node, flow, where),
            "cards": lambda: [Fields(item, where, self._findings, None) for item in self._list(node, where)],
            "variables": lambda: Fields(node, where, self._findings, None),
            "record": lambda: Fields(node, where, self._findings, None),
            "rows": lambda: self._rows(node, where),
            "sends": lambda: self._list(node, where),
            "fails": lambda: self._list(node, where),
            "ends": lambda: self._ending(node, flow, where),
        }
        if kind in ways:
            ways[kind]()
            return
        for item in self._list(node, where):
            self.place(str(item.plain()), flow, where, item.line)

    def _rows(self, node: Node, where: str) -> None:
        fields = Fields(node, where, self._findings, None)
        for key, item in node.entries.items():
            self.decision(key, where, item.line)
            fields.numbers(key)

    def _open_tasks(self, node: Node, flow: str | None, where: str) -> None:
        for item in self._list(node, where):
            self._open_task(item, flow, where)

    def _open_task(self, item: Node, flow: str | None, where: str) -> None:
        if isinstance(item.value, str):
            self.task(item.value, flow, where, item.line)
            return
        known = ("element", "group", "assignee", "name", "priority", "due_at", "light")
        element = Fields(item, where, self._findings, known).required_text("element")
        if element:
            self.task(element, flow, where, item.line)

    def _ending(self, node: Node, flow: str | None, where: str) -> None:
        if not isinstance(node.value, str):
            self._findings.add("process-test-not-text", where, node.line, "A text is expected here.")
        elif node.value not in ENDINGS:
            self.place(node.value, flow, where, node.line)

    def _list(self, node: Node, where: str) -> list[Node]:
        if not isinstance(node.value, list):
            self._findings.add("process-test-not-list", where, node.line, "A list is expected here.")
        return node.items


ENDINGS = ("running", "completed", "terminated", "failed", "cancelled")
