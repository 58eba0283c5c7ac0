"""A district with objects and patrols, for the acceptance tests of both flows."""

from datetime import timedelta

from engine.jobs.executor import Executor

# Around 兆麟街道 of 道里区, in WGS-84.
PLACES = {
    "某小学": (126.6120, 45.7700, "school", "high"),
    "某公园": (126.6160, 45.7720, "park", "low"),
    "某加油站": (126.6200, 45.7740, "hazmat", "high"),
}
CHECKLIST = [
    {"key": "exit", "text": "疏散通道是否畅通", "kind": "yes_no"},
    {"key": "people", "text": "现场人数", "kind": "number", "required": False},
]


def metres_north(metres: float) -> float:
    """Return a distance to the north in degrees of latitude."""
    return metres / 111_195


class District:
    """Objects of 道里区, and what pat, who plans there, gives to her people."""

    def __init__(self, as_, app, clock):
        self.as_, self.clock = as_, clock
        self.units = app.extensions["zhili"].units
        self.objects = {}
        for name, (longitude, latitude, category, risk) in PLACES.items():
            self.objects[name] = self.add_object(name, longitude, latitude, category, risk)

    def add_object(self, name, longitude, latitude, category, risk, region="230102001001"):
        body = {
            "name": name,
            "category": category,
            "risk": risk,
            "region_code": region,
            "address": f"兆麟街道{name}",
            "longitude": longitude,
            "latitude": latitude,
            "coordinate_system": "WGS-84",
        }
        answer = self.as_("pat").post("/patrol-objects", body)
        assert answer.status_code == 201, answer.text
        return answer.get_json()["id"]

    def template_body(self, **changes):
        body = {
            "title": "学校周边日巡",
            "category": "school",
            "unit": "230102",
            "members": ["alice"],
            "objects": [self.objects["某小学"]],
            "checklist": CHECKLIST,
            "cycle": "daily",
            "holiday_rule": "skip",
            "dispatch_time": "08:00",
            "limit_value": 2,
            "limit_unit": "工作日",
        } | changes
        return {name: value for name, value in body.items() if value is not None}

    def plan(self, **changes):
        answer = self.as_("pat").post("/patrol-templates", self.template_body(**changes))
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    def order(self, **changes):
        body = {
            "title": "节前安全巡查",
            "category": "school",
            "unit": "230102",
            "members": ["alice"],
            "objects": list(self.objects.values()),
            "checklist": CHECKLIST,
            "limit_value": 3,
            "limit_unit": "工作日",
        } | changes
        answer = self.as_("pat").post("/patrol-tasks", body)
        assert answer.status_code == 201, answer.text
        return answer.get_json()["items"]

    def task(self, task_id, who="pat"):
        answer = self.as_(who).get(f"/patrol-tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def tasks(self, who="pat", **query):
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return self.as_(who).get(f"/patrol-tasks?limit=200&{words}").get_json()["items"]

    def inbox(self, who):
        return self.as_(who).get("/user-tasks").get_json()["items"]

    def work(self, who, task_id, **entered):
        """Complete the one user task of a patrol."""
        [open_] = [one for one in self.inbox(who) if one["business_key"] == task_id]
        answer = self.as_(who).post(f"/user-tasks/{open_['id']}/complete", {"submission": entered})
        assert answer.status_code == 200, answer.text
        return open_["element_id"]

    def check(self, who, task_id, name, *, metres=5.0, **changes):
        """Check in some metres to the north of an object."""
        longitude, latitude, *_ = PLACES[name]
        body = {
            "object_id": self.objects[name],
            "longitude": longitude,
            "latitude": latitude + metres_north(metres),
            "coordinate_system": "WGS-84",
            "accuracy_m": 12,
            "result": "normal",
            "answers": {"exit": True},
        } | changes
        return self.as_(who).post(f"/patrol-tasks/{task_id}/checks", body)

    def run(self, **advance):
        """Move the clock, and do what has become due."""
        if advance:
            self.clock.advance(timedelta(**advance))
        Executor(self.units).run_due()

    def incidents(self):
        return self.as_("designer").get("/incidents?status=open").get_json()["items"]
