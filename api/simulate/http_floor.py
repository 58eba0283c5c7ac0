"""Robots at work through the interface: inboxes are fetched, tasks claimed, forms read and completed over HTTP."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from api.simulate.crew import Crew, Robot
from api.simulate.forms import Facts, fill
from api.simulate.habits import Habits
from api.simulate.http_matters import errand_over_http, facts_over_http
from api.simulate.shift import Found, Hands, Outcome, Planned
from api.simulate.wire import Document, Reply, Wire, with_query

OK, NOT_FOUND, CONFLICT, FORBIDDEN = 200, 404, 409, 403
COMPARED, CREATED = "case.compared", "user_task.created"
MOST_CANDIDATES = 5
# What an inbox shows at a glance: mostly little is new there.
GLANCE, PAGE, NEWS = 10, 100, 200
GONE = Outcome()
# Stands for the groups of a task that has none: it went to a person at once.
NOBODYS = ""


class HttpFloor:
    """Tasks by way of the interface."""

    def __init__(self, wire: Wire, crew: Crew, habits: Habits) -> None:
        """Let a crew work over a wire."""
        self._wire, self._crew, self._habits = wire, crew, habits
        self._robots = {robot.login: robot for robot in crew.robots}
        self._seen_until: dict[str, datetime] = {}
        self._read_until: str | None = None
        self._read: set[str] = set()
        self._departments: list[str] = []
        self._lock = threading.Lock()

    def new_tasks(self, hands: Hands, *, everywhere: bool) -> Sequence[Found]:
        """Fetch the inboxes of those for whom the history has news: the newest tasks, down to what was seen there."""
        groups = self._news()
        everywhere = everywhere or NOBODYS in groups
        robots = [one for one in self._crew.robots if everywhere or not groups.isdisjoint(one.groups)]
        found: dict[str, tuple[Document, list[str]]] = {}
        for robot, tasks in zip(robots, hands(self._inbox, robots), strict=True):
            for task in tasks:
                found.setdefault(task["id"], (task, []))[1].append(robot.login)
        return [_found(task, logins) for task, logins in found.values()]

    def perform(self, hands: Hands, ready: Sequence[Planned]) -> Iterable[Outcome]:
        """Do tasks, some of them at once."""
        return hands(self._do, ready)

    def _do(self, planned: Planned) -> Outcome:
        """Do one task. A task that somebody else has done meanwhile, or whose case has moved on, is gone."""
        message = self._message(planned)
        if message is not None:
            return Outcome(message=message)
        claimed = self._ask(planned, "POST", "/claim", {})
        if claimed.status in (NOT_FOUND, FORBIDDEN):
            return GONE
        task = self._ask(planned, "GET", "")
        if not task.is_fine or task.document["status"] != "open" or task.document["assignee"] != planned.robot:
            return self._judge(task, planned)
        facts = self._facts(planned, task.document.get("case"))
        entry = fill(task.document["form"], planned.element, self._habits, facts, planned.random)
        body = {"submission": entry, "revision": task.document["revision"]}
        return self._judge(self._ask(planned, "POST", "/complete", body), planned)

    def active(self) -> int:
        """Return how many instances are active, up to a page of them; standing processes do not count."""
        query: Document = {"status": "active", "limit": PAGE}
        while True:
            page = self._observe(with_query("/process-instances", query))
            busy = sum(instance["process_key"] not in self._habits.standing for instance in page["items"])
            if busy or page["next_after"] is None:
                return busy
            query |= {"after": page["next_after"]}

    def _news(self) -> frozenset[str]:
        """Return the groups that got a task since the history was read last; `NOBODYS`: a person got one."""
        groups: set[str] = set()
        while True:
            query = {"limit": NEWS} | ({} if self._read_until is None else {"after": self._read_until})
            page = self._observe(with_query("/history/events", query))
            for event in page["items"]:
                if event["id"] not in self._read and event["kind"] == CREATED:
                    groups.update(event["data"].get("groups") or (NOBODYS,))
            if page["next_after"] is None:
                # The last page is not full yet: it is read again, without what is known.
                self._read = {event["id"] for event in page["items"]}
                return frozenset(groups)
            self._read_until, self._read = page["next_after"], set()

    def _inbox(self, robot: Robot) -> list[Document]:
        return list(self._newest(robot))

    def _newest(self, robot: Robot) -> Iterator[Document]:
        since = self._seen_until.get(robot.login)
        query: dict[str, object] = {"box": "all", "sort": "-created", "limit": PAGE if since is None else GLANCE}
        while True:
            reply = self._wire.ask("GET", with_query("/user-tasks", query), robot.token)
            if not reply.is_fine:
                raise RuntimeError(f"{robot.login}: {reply.problem}")
            items, after = reply.document["items"], reply.document["next_after"]
            yield from items
            if items and "after" not in query:
                self._seen_until[robot.login] = datetime.fromisoformat(items[0]["created_at"])
            if after is None or (since is not None and datetime.fromisoformat(items[-1]["created_at"]) < since):
                return
            query |= {"after": after, "limit": PAGE}

    def _judge(self, reply: Reply, planned: Planned) -> Outcome:
        """Tell what an answer means; a command whose answer was lost has been carried out all the same."""
        if reply.status == CONFLICT:
            reply = self._ask(planned, "GET", "")
        if reply.status == OK:
            mine = reply.document["status"] == "completed" and reply.document["ended_by"] == planned.robot
            return Outcome(done=mine)
        return GONE if reply.status in (NOT_FOUND, FORBIDDEN) else Outcome(problem=reply.problem)

    def _ask(self, planned: Planned, method: str, what: str, body: Document | None = None) -> Reply:
        token = self._robots[planned.robot].token
        return self._wire.ask(method, f"/user-tasks/{planned.task_id}{what}", token, body)

    def _observe(self, path: str) -> Document:
        reply = self._wire.ask("GET", path, self._crew.observer.token)
        if not reply.is_fine:
            raise RuntimeError(f"{path}: {reply.problem}")
        return reply.document

    def _message(self, planned: Planned) -> str | None:
        """Let the reporter act before the robot does, now and then; returns what she did."""
        for message, likely in self._habits.messages.get(planned.element, {}).items():
            if planned.random.random() >= likely:
                continue
            field = {"withdraw": "reason", "supplement": "text"}[message]
            body = {field: self._habits.text((message, f"{message}_text", "*"), planned.random)}
            token = self._robots[planned.robot].token
            reply = self._wire.ask("POST", f"/cases/{planned.case_id}/{message}", token, body)
            if reply.is_fine and reply.document.get("delivered"):
                return message
        return None

    def _facts(self, planned: Planned, case: Document | None) -> Facts:
        if case is None:
            token = self._robots[planned.robot].token

            def ask(method: str, path: str, body: Document | None) -> Reply:
                return self._wire.ask(method, path, token, body)

            errand_over_http(ask, planned.element, planned.case_id, planned.random)
            return facts_over_http(ask, planned.element, planned.case_id, self._observe("/clock")["now"])
        return Facts(
            case=case,
            unit=lambda: self._unit(case, planned.random),
            candidates=lambda: self._candidates(planned, case),
        )

    def _unit(self, case: Document, random: Random) -> str | None:
        """Return a unit that could do the work: one that the table of responsibilities names, or any department."""
        inputs = {"category": case.get("category"), "district": case.get("district")}
        path = f"/decisions/{self._habits.responsibility}/evaluate"
        reply = self._wire.ask("POST", path, self._crew.observer.token, {"inputs": inputs})
        rows = reply.document.get("value") if reply.is_fine else None
        named = [row["lead_unit"] for row in rows or () if isinstance(row, dict) and row.get("lead_unit")]
        return str(random.choice(named or self._all_departments()))

    def _all_departments(self) -> list[str]:
        with self._lock:
            if not self._departments:
                items = self._observe(with_query("/units", {"kind": "department"}))["items"]
                self._departments = [unit["code"] for unit in items]
            return self._departments

    def _candidates(self, planned: Planned, case: Document) -> list[str]:
        """Return cases that may be the same matter and came earlier, so that no two are merged into each other."""
        entries = self._observe(f"/cases/{planned.case_id}/timeline")["entries"]
        named = [entry["data"].get("candidates", []) for entry in entries if entry["code"] == COMPARED]
        others = [self._observe(f"/cases/{other}") for other in (named[-1] if named else [])[:MOST_CANDIDATES]]
        return [other["id"] for other in others if _order(other) < _order(case)]


def _found(task: dict[str, Any], logins: Sequence[str]) -> Found:
    case: dict[str, Any] = task.get("case") or {}
    return Found(
        task_id=task["id"],
        element=task["element_id"],
        case_id=task["business_key"],
        case_key=f"{case['title']}|{case['address']}" if case else f"{task['process_key']}|{_subject(task)}",
        urgency=case.get("urgency"),
        created_at=datetime.fromisoformat(task["created_at"]),
        due_at=None if task["due_at"] is None else datetime.fromisoformat(task["due_at"]),
        robots=tuple(logins),
    )


def _subject(task: Document) -> str:
    """Return what a task is about where that is no case."""
    return str(task["facets"].get("subject", ""))


def _order(case: Document) -> tuple[str, str]:
    return str(case.get("received_at")), str(case.get("id"))
