"""A diagram that names a group to which nobody can belong is told, with the element and the part that is wrong."""

import pytest

from tests.builders.diagrams import chain, diagram, user_task


@pytest.mark.parametrize(
    ("groups", "wrong"),
    [
        ("acceptor@230100", {}),
        ("= boss", {}),
        ("acceptor@230100, akceptor@230100", {"akceptor@230100": "akceptor"}),
        ("acceptor@999999", {"acceptor@999999": "999999"}),
        ("clerks", {"clerks": "clerks"}),
    ],
)
def test_a_group_that_nobody_can_belong_to_is_doubted(as_, groups, wrong):
    drawn = diagram("asks", chain(user_task("look", groups=groups), names=("look",))).decode()
    body = {"files": [{"name": "asks.bpmn", "text": drawn}]}

    answer = as_("designer").post("/deployments?merge=true&dry_run=true", body)

    assert answer.status_code == 200, answer.text
    told = [one for one in answer.get_json()["findings"] if one["code"] == "group-unknown"]
    assert {one["params"]["group"]: one["params"]["part"] for one in told} == wrong
    assert {(one["where"], one["severity"]) for one in told} <= {("look", "warning")}
