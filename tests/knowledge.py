"""Work on knowledge articles over the interface, for acceptance tests."""

import io
from datetime import timedelta

from engine.jobs.executor import Executor

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"
BODY = (
    "每年十月二十日零时起供热，次年四月二十日二十四时停热，可以提前或者延期。"
    "供热期内卧室、起居室的温度不低于二十摄氏度。室温不达标的，先联系供热单位测温。"
)


def new_article(**changes: object) -> dict[str, object]:
    """Return a complete article that the automatic review passes; `None` takes a field out."""
    body: dict[str, object] = {
        "title": "冬天供热从哪天开始，温度多少算达标",
        "topic": "qa_heating",
        "body": BODY,
        "keywords": "供热 室温 供热期",
        "scope": "public",
        "unit": "230100-GR",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


class Desk:
    """The desk of everybody who works on articles: hands in, does tasks, reads."""

    def __init__(self, as_, app, clock) -> None:
        self.as_ = as_
        self.clock = clock
        self.executor = Executor(app.extensions["zhili"].units)

    def report(self, by: str = "editor", **changes: object) -> dict[str, object]:
        answer = self.as_(by).post("/articles", new_article(**changes))
        assert answer.status_code == 201, answer.text
        self.run()
        return self.read(answer.get_json(), by)

    def shelve(self, by: str = "editor", **changes: object) -> dict[str, object]:
        """Bring an article onto the shelf."""
        article = self.report(by, **changes)
        self.work("examiner", "review_article", article, action="pass", opinion="同意")
        return self.read(article, by)

    def run(self) -> None:
        """Let the machines do what is due."""
        self.executor.run_due()

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))
        self.run()

    def read(self, article: dict[str, object], by: str = "examiner") -> dict[str, object]:
        answer = self.as_(by).get(f"/articles/{article['id']}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def tasks(self, who: str, article: dict[str, object] | None = None) -> list[dict[str, object]]:
        items = self.as_(who).get("/user-tasks?limit=200").get_json()["items"]
        return [task for task in items if article is None or task["business_key"] == article["id"]]

    def work(self, who: str, element: str, article: dict[str, object] | None = None, **entered: object) -> None:
        """Do the one task of an element that lies in somebody's inbox."""
        [task] = [one for one in self.tasks(who, article) if one["element_id"] == element]
        answer = self.complete(who, task, **entered)
        assert answer.status_code == 200, answer.text
        self.run()

    def complete(self, who: str, task: dict[str, object], **entered: object):
        return self.as_(who).post(f"/user-tasks/{task['id']}/complete", {"submission": entered})

    def attach(self, who: str, article: dict[str, object], name: str, language: str = "zh-CN"):
        """Attach a file to an article."""
        address, data = f"/articles/{article['id']}/attachments", {"file": (io.BytesIO(PDF), name)}
        headers = {"Accept-Language": language}
        return self.as_(who).call("POST", address, data=data, content_type="multipart/form-data", headers=headers)

    def items(self, who: str, article: dict[str, object], part: str) -> list[dict[str, object]]:
        """Return what somebody reads of a part of an article."""
        answer = self.as_(who).get(f"/articles/{article['id']}/{part}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()["items"]

    def notices(self, who: str) -> list[dict[str, object]]:
        return self.as_(who).get("/notices").get_json()["items"]

    def log(self, article: dict[str, object], by: str = "examiner") -> list[dict[str, object]]:
        answer = self.as_(by).get(f"/articles/{article['id']}/log")
        assert answer.status_code == 200, answer.text
        return answer.get_json()["entries"]

    def incidents(self) -> list[dict[str, object]]:
        return self.as_("designer").get("/incidents?status=open").get_json()["items"]
