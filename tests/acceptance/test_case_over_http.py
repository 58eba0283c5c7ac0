"""A complaint runs from report to archive over the interface, each step by the person whose work it is."""

from datetime import timedelta

import pytest

from api.errors import CONTENT_TYPE
from engine.jobs.executor import Executor

# Who does which task, and what she enters on the straight way.
STRAIGHT = {
    "register": ("acceptor", {"action": "accept", "opinion": "五要素齐全，予以受理"}),
    "duplicate": ("acceptor", {"action": "distinct"}),
    "verify": ("alice", {"action": "confirmed", "finding": "现场属实，井盖缺失"}),
    "file": ("acceptor", {"action": "file", "opinion": "符合立案条件"}),
    "manual_dispatch": ("dispatcher", {"action": "dispatch", "lead_unit": "230100-GS"}),
    "sign": ("handler", {"action": "sign"}),
    "handle": ("handler", {"action": "feedback", "result": "已更换井盖并恢复路面", "opinion": "办结"}),
    "result_review": ("leader", {"action": "approve", "opinion": "同意"}),
    "field_check": ("reviewer", {"action": "pass", "evidence": "现场照片合格"}),
    "callback": ("acceptor", {"action": "reached", "satisfaction": "满意", "solved": True, "opinion": "市民满意"}),
    "archive": ("archivist", {"action": "archive", "opinion": "材料齐全"}),
}


class Flow:
    """Carries one case on: finds the open task, and has the right person do it."""

    def __init__(self, as_, case):
        self.as_ = as_
        self.case = case
        self.done: list[str] = []

    def open_tasks(self):
        timeline = self.as_("bob").get(f"/cases/{self.case['id']}/timeline").get_json()
        return [entry for entry in timeline["entries"] if entry["kind"] == "user_task" and entry["outcome"] == "open"]

    def work(self, expected=None, who=None, **entered):
        [entry] = self.open_tasks()
        element = entry["code"]
        assert expected in (None, element), (expected, element)
        person, submission = STRAIGHT.get(element, ("", {}))
        worker = self.as_(who or person)
        claimed = worker.post(f"/user-tasks/{entry['task_id']}/claim", {})
        assert claimed.status_code == 200, (element, claimed.text)
        answer = worker.post(
            f"/user-tasks/{entry['task_id']}/complete",
            {"submission": entered or submission},
            headers={"If-Match": claimed.headers["ETag"]},
        )
        assert answer.status_code == 200, (element, answer.text)
        self.done.append(element)
        return answer.get_json()

    def run(self, *, until=None):
        for _ in range(30):
            tasks = self.open_tasks()
            if not tasks or tasks[0]["code"] == until:
                return self
            self.work()
        raise AssertionError(f"never ends: {self.done}")

    def state(self):
        return self.as_("bob").get(f"/cases/{self.case['id']}").get_json()


@pytest.mark.rows("R005", "R013", "R119", "R120", "R142")
def test_a_complaint_runs_from_report_to_archive_and_its_timeline_tells_everything(as_, report, clock):
    flow = Flow(as_, report("acceptor"))
    assert flow.state()["status_name"] == "已上报"
    for _ in range(20):
        if not flow.open_tasks():
            break
        clock.advance(timedelta(minutes=2))
        flow.work()
    case = flow.state()
    assert case["status"] == "archived", flow.done
    assert case["case_no"].startswith("230102")
    assert case["lead_unit"] == "230100-GS"
    assert case["result"] == "已更换井盖并恢复路面"
    assert (case["satisfaction"], case["solved"]) == ("满意", True)
    timeline = as_("bob").get(f"/cases/{case['id']}/timeline").get_json()
    assert timeline["complete"] is True
    entries = timeline["entries"]
    assert entries[0]["code"] == "process_instance.started"
    assert [entry["at"] if entry["kind"] == "event" else entry["ended_at"] for entry in entries] == sorted(
        entry["at"] if entry["kind"] == "event" else entry["ended_at"] for entry in entries
    )
    tasks = [entry for entry in entries if entry["kind"] == "user_task"]
    assert [task["code"] for task in tasks] == flow.done
    for task in tasks:
        assert task["who"] == STRAIGHT[task["code"]][0]
        assert task["who_name"]
        assert task["ended_at"] >= task["at"]
        assert task["action_name"] != task["action"]
        assert task["opinion"] == STRAIGHT[task["code"]][1].get("opinion")
        assert task["outcome"] == "completed"
    for entry in entries:
        assert any("\u4e00" <= character <= "\u9fff" for character in entry["what"]), entry["code"]
    assert as_("designer").get("/incidents?status=open").get_json()["items"] == []
    instances = as_("auditor").get(f"/process-instances?case_id={case['id']}").get_json()["items"]
    assert {instance["status"] for instance in instances} == {"completed"}
    clocks = as_("bob").get(f"/cases/{case['id']}/deadlines").get_json()["items"]
    assert {one["status"] for one in clocks} == {"stopped"}
    assert {one["light"] for one in clocks} == {"绿"}
    assert case["query_code"] is None


@pytest.mark.rows("R154")
def test_a_citizen_reports_follows_and_asks_with_the_code_alone(as_, complete_report):
    made = (
        as_("citizen")
        .post("/cases", complete_report(channel="wechat", reporter_name=None, reporter_phone=None))
        .get_json()
    )
    code = made["query_code"]
    asked = as_(None).get(f"/public/cases/{code.lower()}")
    assert asked.status_code == 200
    assert set(asked.get_json()) == {
        "query_code",
        "case_no",
        "title",
        "status",
        "status_name",
        "reported_at",
        "filed_at",
        "closed_at",
        "lead_unit_name",
    }
    assert asked.get_json()["status_name"] == "已上报"
    own = as_("citizen").get("/cases?mine=true").get_json()["items"]
    assert [case["id"] for case in own] == [made["id"]]
    steps = as_("citizen").get(f"/cases/{made['id']}/timeline").get_json()["entries"]
    assert steps
    assert not any(entry.get("who") or entry.get("opinion") or entry.get("data") for entry in steps)
    assert as_("neighbour").get("/cases").get_json()["items"] == []
    assert as_("neighbour").get(f"/cases/{made['id']}").status_code == 404


def test_a_reporter_takes_her_report_back_until_it_is_accepted(as_, complete_report):
    body = complete_report(channel="wechat", reporter_name=None, reporter_phone=None)
    made = as_("citizen").post("/cases", body).get_json()
    assert as_("neighbour").post(f"/cases/{made['id']}/withdraw", {"reason": "x"}).status_code == 404
    assert as_("citizen").post(f"/cases/{made['id']}/withdraw", {"reason": "已自行解决"}).get_json() == {"delivered": 1}
    assert as_("citizen").get(f"/cases/{made['id']}").get_json()["status"] == "withdrawn"
    again = as_("citizen").post(f"/cases/{made['id']}/withdraw", {"reason": "again"})
    assert again.status_code == 404
    assert again.get_json(force=True)["code"] == "message-not-awaited"


def test_a_reporter_adds_what_was_asked_for(as_, complete_report):
    body = complete_report(channel="wechat", reporter_name=None, reporter_phone=None)
    flow = Flow(as_, as_("citizen").post("/cases", body).get_json())
    flow.work("register", action="supplement", questions="请补充具体楼号")
    assert flow.state()["status"] == "supplementing"
    answer = as_("citizen").post(f"/cases/{flow.case['id']}/supplement", {"text": "3号楼2单元门口"})
    assert answer.get_json() == {"delivered": 1}
    assert "3号楼2单元门口" in flow.state()["detail"]
    assert [task["code"] for task in flow.open_tasks()] == ["register"]


@pytest.mark.rows("R125")
def test_what_is_not_accepted_needs_a_reason_of_the_list_and_is_archived_too(as_, report):
    flow = Flow(as_, report("acceptor"))
    [task] = flow.open_tasks()
    address = f"/user-tasks/{task['task_id']}/complete"
    for entered in ({"action": "refuse"}, {"action": "refuse", "reason": "don't like it"}):
        refused = as_("acceptor").post(address, {"submission": entered})
        assert refused.status_code == 422
        assert refused.content_type == CONTENT_TYPE
        assert "reason" in {one["where"] for one in refused.get_json(force=True)["errors"]}
    flow.work("register", action="refuse", reason="outside_jurisdiction", opinion="不属于本市管辖")
    assert flow.state()["status"] == "refused"
    flow.work("archive")
    assert flow.state()["status"] == "archived"


@pytest.mark.rows("R151", "R152")
def test_a_department_that_is_not_responsible_sends_the_case_back_to_dispatch(as_, report):
    flow = Flow(as_, report("acceptor")).run(until="sign")
    objection = {"return_kind": "dispatch_error", "return_reason": "井盖由通信公司产权，派单有误"}
    flow.work("sign", action="return", **objection)
    [task] = flow.open_tasks()
    assert task["code"] == "review_return"
    leader = as_("leader")
    shown = leader.get(f"/user-tasks/{task['task_id']}").get_json()
    assert shown["form"]["properties"]["action"]
    done = leader.post(
        f"/user-tasks/{task['task_id']}/complete", {"submission": {"action": "agree", "opinion": "同意退回"}}
    )
    assert done.status_code == 200
    assert [one["code"] for one in flow.open_tasks()] == ["manual_dispatch"]
    assert flow.state()["returns"] == 1


@pytest.mark.rows("R173", "R179")
def test_what_is_late_turns_yellow_and_red_and_gets_its_cards_once(as_, report, app, clock):
    flow = Flow(as_, report("acceptor")).run(until="handle")
    executor = Executor(app.extensions["zhili"].units)
    lights = []
    for _ in range(24):
        lights.append(flow.state()["light"])
        clock.advance(timedelta(minutes=30))
        executor.run_due()
    assert lights[0] == "绿"
    assert lights == sorted(lights, key=["绿", "黄", "红"].index)
    assert lights[-1] == "红"
    cards = as_("bob").get(f"/cases/{flow.case['id']}/cards").get_json()["items"]
    colours = sorted(card["colour"] for card in cards)
    assert "red" in colours
    assert flow.state()["cards"] == [card["colour"] for card in reversed(cards)]
    counted = as_("bob").get(f"/cards/counts?case_id={flow.case['id']}").get_json()
    assert counted == {colour: colours.count(colour) for colour in ("yellow", "red")}
    issued = [
        entry
        for entry in as_("bob").get(f"/cases/{flow.case['id']}/timeline").get_json()["entries"]
        if entry["code"] == "card.issued"
    ]
    assert len(issued) == len(cards)
    executor.run_due()
    assert len(as_("bob").get(f"/cases/{flow.case['id']}/cards").get_json()["items"]) == len(cards)
    inbox = as_("handler").get(f"/user-tasks?light=红&case_id={flow.case['id']}").get_json()["items"]
    assert [task["light"] for task in inbox] == ["红"]
    picture = as_("bob").get(f"/process-instances/{flow.state()['process_instance_id']}/diagram").text
    assert 'data-element="handle" data-mark="late"' in picture
    assert 'data-element="register" data-mark="done"' in picture


@pytest.mark.rows("R012", "R015")
def test_a_designer_adds_a_user_task_and_running_cases_finish_on_the_old_version(as_, report):
    old = Flow(as_, report("acceptor"))
    files = diagram_with_first_review(as_)
    dry = as_("designer").post("/deployments?merge=true&dry_run=true", {"files": files})
    assert dry.status_code == 200, dry.text
    assert [(one["key"], one["version"]) for one in dry.get_json()["created"]] == [("case_lifecycle", 2)]
    assert dry.get_json()["id"] is None
    made = as_("designer").post("/deployments?merge=true", {"files": files, "note": "加入街道初审"})
    assert made.status_code == 201, made.text
    again = as_("designer").post("/deployments?merge=true", {"files": files})
    assert again.status_code == 200
    assert again.get_json()["created"] == []
    new = Flow(as_, report("acceptor", title="另一个井盖"))
    old.work("register")
    assert "street_review" not in {task["code"] for task in old.open_tasks()}
    assert [task["code"] for task in new.open_tasks()] == ["street_review"]
    [task] = new.open_tasks()
    done = as_("alice").post(
        f"/user-tasks/{task['task_id']}/complete", {"submission": {"action": "confirmed", "finding": "属实"}}
    )
    assert done.status_code == 200, done.text
    new.run()
    old.run()
    assert (old.state()["status"], new.state()["status"]) == ("archived", "archived")
    versions = as_("designer").get("/process-definitions?key=case_lifecycle&latest=false").get_json()["items"]
    assert [one["version"] for one in versions] == [2, 1]


def diagram_with_first_review(as_):
    """Return the diagram with a user task 街道初审 between classification and registration."""
    [latest] = as_("designer").get("/process-definitions?key=case_lifecycle").get_json()["items"]
    xml = as_("designer").get(f"/process-definitions/{latest['id']}/xml").text
    flow = next(line for line in xml.split("<bpmn:sequenceFlow ") if 'sourceRef="classify"' in line)
    flow_id = flow.split('id="')[1].split('"')[0]
    target = flow.split('targetRef="')[1].split('"')[0]
    task = (
        '<bpmn:userTask id="street_review" name="街道初审" camunda:formKey="verify" '
        'camunda:candidateGroups="= [&#34;grid_worker@&#34; + street]">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="reviewed">= true</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>"
        f'<bpmn:sequenceFlow id="to_street_review" sourceRef="classify" targetRef="street_review"/>'
        f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="street_review" targetRef="{target}"/>'
    )
    start = xml.index("<bpmn:sequenceFlow " + flow[:40])
    ending = "/>" if "/>" in flow else "</bpmn:sequenceFlow>"
    end = xml.index(ending, start) + len(ending)
    changed = xml[:start] + task + xml[end:]
    for side in ("outgoing", "incoming"):
        changed = changed.replace(f"<bpmn:{side}>{flow_id}</bpmn:{side}>", "")
    return [{"name": "case_lifecycle.bpmn", "text": changed}]
