"""Who sees which disputes, how much of them, how they are looked for; the registers of mediators, institutions."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.acceptance.test_mediation import COMMUNITY, DISTRICT, STREET, application, mediation, register_mediators

__all__ = ["mediation", "register_mediators"]

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def found_by(as_, who, query=""):
    answer = as_(who).get(f"/disputes{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()["items"]


@pytest.mark.rows("R061", "R211", "R213")
def test_each_person_sees_the_disputes_of_her_area_or_her_work_and_no_other(mediation, as_):
    mediation.begin().work("accept_dispute", "committee")
    seers = ("citizen", "committee", "street_committee", "district_committee", "mira", "bob", "auditor", "commander")
    for who in seers:
        assert [one["id"] for one in found_by(as_, who)] == [mediation.id], who
        assert as_(who).get(f"/disputes/{mediation.id}").status_code == 200, who
    for who in ("neighbour", "far_committee", "stella", "nora", "lawyer", "alice", "charlie", "acceptor"):
        assert found_by(as_, who) == [], who
        for part in ("", "/timeline"):
            assert as_(who).get(f"/disputes/{mediation.id}{part}").status_code == 404, who
    for who in ("far_committee", "stella", "nora", "lawyer"):
        assert as_(who).get(f"/disputes/{mediation.id}/records").status_code == 404, who
        assert as_(who).get(f"/disputes/{mediation.id}/attachments").status_code == 404, who
    for who in ("handler", "designer", None):
        assert as_(who).get("/disputes").status_code in {401, 403}, who


@pytest.mark.rows("R061")
def test_numbers_and_phones_are_whole_for_those_only_who_handle_the_dispute(mediation, as_):
    mediation.begin().work("accept_dispute", "committee")

    def parties(who):
        return as_(who).get(f"/disputes/{mediation.id}").get_json()["parties"]

    for who in ("committee", "mira"):
        assert [one["phone"] for one in parties(who)] == ["19900001111", "19900002222"], who
        assert parties(who)[0]["id_number"] == "990000198001010012"
    for who in ("street_committee", "district_committee", "bob", "auditor"):
        assert [one["phone"] for one in parties(who)] == ["199****1111", "199****2222"], who
        assert parties(who)[0]["id_number"] == "9900**********0012"
        assert parties(who)[1]["workplace"] is None
    own, other = parties("citizen")
    assert (own["phone"], other["phone"]) == ("19900001111", "199****2222")
    assert "19900001111" not in as_("bob").get(f"/disputes/{mediation.id}/timeline").text
    assert "990000198001010012" not in as_("bob").get("/disputes").text


def test_an_applicant_follows_the_steps_and_reads_nothing_that_committees_note(mediation, as_):
    mediation.begin().until_session()
    mediation.session("continue")
    seen = mediation.state("citizen")
    assert (seen["registered_by"], seen["excluded_mediators"], seen["institutions"]) == (None, None, [])
    assert seen["handled"] is False
    steps = as_("citizen").get(f"/disputes/{mediation.id}/timeline").get_json()["entries"]
    assert [one["what"] for one in steps][:3] == ["纠纷登记", "受理", "确定调解员"]
    assert not any(one.get("who") or one.get("opinion") or one.get("data") for one in steps)
    assert as_("citizen").get(f"/disputes/{mediation.id}/records").status_code == 403
    assert as_("citizen").get(f"/process-instances?case_id={mediation.id}").status_code in {403, 404}
    assert as_("citizen").get(f"/user-tasks/{mediation.open_task()}").status_code == 404


@pytest.mark.rows("R214")
def test_files_of_a_dispute_are_kept_with_its_tasks_and_read_by_whoever_reads_the_file(mediation, as_):
    mediation.begin().until_session()
    task = mediation.open_task("mediation_session")
    sent = as_("mira").call(
        "POST",
        f"/user-tasks/{task}/attachments",
        data={"file": (BytesIO(PNG), "现场.png")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 201, sent.text
    [listed] = as_("street_committee").get(f"/disputes/{mediation.id}/attachments").get_json()["items"]
    assert listed["name"] == "现场.png"
    content = f"/attachments/{listed['id']}/content"
    assert as_("committee").get(content).status_code == 200
    for who in ("citizen", "far_committee", "lawyer", "alice"):
        assert as_(who).get(content).status_code == 404, who


@pytest.mark.rows("R212")
def test_disputes_are_found_by_each_filter_and_by_all_together(mediation, as_, clock):
    mediation.begin(severity="serious")
    first = mediation.id
    clock.advance(timedelta(days=2))
    other = [
        {"side": "applicant", "name": "赵某某"},
        {"side": "respondent", "name": "某某物业公司"},
    ]
    mediation.begin(
        "committee", source="patrol", title="物业费纠纷", type="property", parties=other, facts="拖欠物业费"
    )
    second = mediation.id
    queries = {
        "applicant=王某": [first],
        "respondent=物业": [second],
        "applicant=物业": [],
        "title=漏水": [first],
        "search=天花板": [first],
        "search=赵某某": [second],
        "type=property": [second],
        "type=property&type=neighbour": [second, first],
        "source=application": [first],
        "severity=serious": [first],
        "status=registered": [second, first],
        "status=closed": [],
        "level=community": [second, first],
        f"committee_unit={COMMUNITY}": [second, first],
        f"district={DISTRICT}&street={STREET}": [second, first],
        "applied_to=2026-11-24T00:00:00%2B08:00": [first],
        "applied_from=2026-11-24T00:00:00%2B08:00": [second],
        "applicant=王&respondent=李&title=漏水&type=neighbour&severity=serious&status=registered": [first],
        "applicant=王&type=property": [],
        "sort=applied_at": [first, second],
    }
    for query, expected in queries.items():
        assert [one["id"] for one in found_by(as_, "bob", f"?{query}")] == expected, query
    page = as_("bob").get("/disputes?limit=1").get_json()
    assert [one["id"] for one in page["items"]] == [second]
    rest = as_("bob").get(f"/disputes?limit=1&after={page['next_after']}").get_json()
    assert ([one["id"] for one in rest["items"]], rest["next_after"]) == ([first], None)
    assert [one["id"] for one in found_by(as_, "citizen", "?mine=true")] == [first]
    counted = as_("bob").get("/disputes/counts?status=registered").get_json()
    assert counted == {"total": 2, "by_status": {"registered": 2}, "by_type": {"neighbour": 1, "property": 1}}
    assert found_by(as_, "bob")[0]["respondents"] == ["某某物业公司"]
    for wrong in ("limit=0", "sort=title", "after=forged", "applied_from=yesterday"):
        assert as_("bob").get(f"/disputes?{wrong}").status_code == 422, wrong


@pytest.mark.rows("R207", "R208", "R209")
@pytest.mark.parametrize(
    ("who", "changes", "where"),
    [
        ("citizen", {"title": None}, "title"),
        ("citizen", {"title": "  "}, "title"),
        ("citizen", {"facts": None}, "facts"),
        ("citizen", {"type": "weather"}, "type"),
        ("citizen", {"severity": "mild"}, "severity"),
        ("citizen", {"region_code": None}, "region_code"),
        ("citizen", {"region_code": "999999999999"}, "region_code"),
        ("citizen", {"region_code": "230000000000"}, "region_code"),
        ("citizen", {"region_code": "230100000000"}, "region_code"),
        ("citizen", {"region_code": None, "address": "某处"}, "region_code"),
        ("citizen", {"parties": [{"side": "applicant", "name": "王某"}]}, "parties"),
        ("citizen", {"parties": []}, "parties"),
        ("citizen", {"source": "patrol"}, "source"),
        ("citizen", {"source": "superior"}, "source"),
        ("citizen", {"source": "rumour"}, "source"),
        ("citizen", {"occurred_on": "2026-12-24"}, "occurred_on"),
        ("citizen", {"occurred_on": "昨天"}, "occurred_on"),
        ("citizen", {"people_involved": 0}, "people_involved"),
        ("citizen", {"source_case_id": "5bb5b813-88ec-4c4c-9d38-456266f960e4"}, "source_case_id"),
        ("citizen", {"superior_due_on": "2026-12-24"}, "superior_due_on"),
        ("leader", {"source": "superior", "superior_unit": "230100", "superior_requirement": "办"}, "superior_due_on"),
        (
            "leader",
            {
                "source": "superior",
                "superior_unit": "230999",
                "superior_requirement": "办",
                "superior_due_on": "2026-12-24",
            },
            "superior_unit",
        ),
        (
            "leader",
            {
                "source": "superior",
                "superior_unit": "230100",
                "superior_requirement": "办",
                "superior_due_on": "2026-11-01",
            },
            "superior_due_on",
        ),
    ],
)
def test_what_cannot_be_registered_is_refused_by_the_name_of_its_field(as_, who, changes, where):
    answer = as_(who).post("/disputes", application(**changes))
    assert answer.status_code == 422, answer.text
    problems = answer.get_json(force=True)["errors"]
    assert where in {one["where"] for one in problems}
    assert all(any("\u4e00" <= character <= "\u9fff" for character in one["message"]) for one in problems)
    assert found_by(as_, "bob") == []


@pytest.mark.parametrize(
    ("party", "where"),
    [
        ({"side": "witness", "name": "张某"}, "parties.2.side"),
        ({"side": "applicant", "name": " "}, "parties.2.name"),
        ({"side": "applicant", "name": "张某", "id_number": "990000198001010013"}, "parties.2.id_number"),
        ({"side": "applicant", "name": "张某", "sex": "5"}, "parties.2.sex"),
        ({"side": "applicant", "name": "张某", "nickname": "x"}, "parties.2.nickname"),
    ],
)
def test_a_wrong_party_is_refused_by_its_place(as_, party, where):
    parties = [*application()["parties"], party]
    answer = as_("citizen").post("/disputes", application(parties=parties))
    assert answer.status_code == 422
    assert [one["where"] for one in answer.get_json(force=True)["errors"]] == [where]


@pytest.mark.rows("R202")
def test_a_dispute_is_made_from_a_case_and_found_from_it(mediation, as_, report):
    case = report("acceptor", title="楼上漏水反复投诉")
    mediation.begin("acceptor", source_case_id=case["id"])
    assert [one["id"] for one in found_by(as_, "bob", f"?source_case_id={case['id']}")] == [mediation.id]
    assert mediation.state()["source_case_id"] == case["id"]


@pytest.mark.rows("R203")
def test_a_committee_keeps_the_mediators_of_its_area(register_mediators, as_):
    listed = as_("committee").get("/mediators").get_json()["items"]
    assert [one["login"] for one in listed] == ["dora", "mira", "nora", "stella"]
    queries = {
        f"unit={STREET}": ["stella"],
        "field=labour": ["dora", "nora", "stella"],
        "level=community": ["mira"],
        "search=米": ["mira"],
        "enabled=false": [],
        "limit=2": ["dora", "mira"],
    }
    for query, expected in queries.items():
        found = as_("acceptor").get(f"/mediators?{query}").get_json()["items"]
        assert [one["login"] for one in found] == expected, query
    body = {"certificate_no": "HRTJ-1", "phone": "19900003333", "fields": ["neighbour"], "id_number": None}
    changed = as_("street_committee").patch("/mediators/mira", body)
    assert changed.status_code == 200, changed.text
    assert (changed.get_json()["certificate_no"], changed.get_json()["field_names"]) == ("HRTJ-1", ["邻里纠纷"])
    assert as_("lawyer").get("/mediators/mira").status_code == 403
    assert as_("acceptor").get("/mediators/mira").get_json()["phone"] == "199****3333"
    assert as_("mira").get("/mediators/mira").get_json()["phone"] == "19900003333"
    assert as_("acceptor").get("/mediators/nobody").status_code == 404


@pytest.mark.rows("R203")
def test_mediators_of_other_areas_and_wrong_fields_are_refused(register_mediators, as_):
    refused = as_("far_committee").patch("/mediators/mira", {"enabled": False})
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (403, "mediator-of-another-area")
    moved = as_("committee").patch("/mediators/mira", {"unit": "230103"})
    assert moved.status_code == 403
    twice = as_("committee").post("/mediators", {"login": "mira", "unit": COMMUNITY})
    assert (twice.status_code, twice.get_json(force=True)["code"]) == (409, "mediator-known")
    for body, where in (
        ({"login": "ghost", "unit": COMMUNITY}, "login"),
        ({"login": "bob", "unit": COMMUNITY, "fields": ["weather"]}, "fields"),
        ({"login": "bob", "unit": COMMUNITY, "id_number": "123"}, "id_number"),
    ):
        answer = as_("committee").post("/mediators", body)
        assert [one["where"] for one in answer.get_json(force=True)["errors"]] == [where]
    answer = as_("leader").post("/mediators", {"login": "bob", "unit": "230100-GS"})
    assert [one["code"] for one in answer.get_json(force=True)["errors"]] == ["unit-without-committee"]
    assert as_("mira").post("/mediators", {"login": "bob", "unit": COMMUNITY}).status_code == 403
    for body, where in (({"relation": "x"}, "id_number"), ({"relation": "x", "id_number": "12"}, "id_number")):
        answer = as_("mira").post("/mediators/mira/avoidances", body)
        assert [one["where"] for one in answer.get_json(force=True)["errors"]] == [where]
    assert as_("mira").post("/mediators/stella/avoidances", {"relation": "x", "workplace": "y"}).status_code == 404
    assert as_("committee").delete("/mediators/mira/avoidances/none").status_code == 404


@pytest.mark.rows("R205")
def test_institutions_are_kept_by_category_and_field(register_mediators, as_):
    made = as_("commander").post(
        "/mediation-institutions", {"unit": "230100-YTW", "category": "industry", "fields": ["medical"]}
    )
    assert made.status_code == 201, made.text
    assert made.get_json()["name"] == "市医疗纠纷人民调解委员会"
    queries = {
        "category=law_firm": ["230100-LST"],
        "field=medical": ["230100-LST", "230100-YTW", "230100-ZCW"],
        "field=traffic": ["230100-LST", "230100-ZCW"],
        "search=医疗": ["230100-YTW"],
        "limit=1": ["230100-LST"],
    }
    for query, expected in queries.items():
        found = as_("mira").get(f"/mediation-institutions?{query}").get_json()["items"]
        assert [one["unit"] for one in found] == expected, query
    off = as_("leader").patch("/mediation-institutions/230100-YTW", {"enabled": False, "contact_name": "湛某"})
    assert (off.get_json()["enabled"], off.get_json()["category_name"]) == (False, "行业性专业性调解组织")
    found = as_("mira").get("/mediation-institutions?enabled=true").get_json()["items"]
    assert "230100-YTW" not in {one["unit"] for one in found}
    assert as_("mira").get("/mediation-institutions/230100-YTW").get_json()["contact_name"] == "湛某"
    twice = as_("leader").post("/mediation-institutions", {"unit": "230100-LST", "category": "law_firm"})
    assert (twice.status_code, twice.get_json(force=True)["code"]) == (409, "institution-known")
    for body, where in (
        ({"unit": "230100-XX", "category": "law_firm"}, "unit"),
        ({"unit": "230100-GZC", "category": "club"}, "category"),
        ({"unit": "230100-GZC", "category": "notary", "fields": ["weather"]}, "fields"),
    ):
        answer = as_("leader").post("/mediation-institutions", body)
        assert [one["where"] for one in answer.get_json(force=True)["errors"]] == [where]
    assert as_("mira").patch("/mediation-institutions/230100-LST", {"enabled": False}).status_code == 403
    assert as_("leader").patch("/mediation-institutions/230100-GZC", {"enabled": False}).status_code == 404


def test_what_somebody_applied_for_herself_nobody_else_takes_back(mediation, as_):
    mediation.begin("citizen", source="application", title="本人申请的纠纷")
    mediation.work("accept_dispute", "committee")
    for other in ("mira", "committee"):
        refused = as_(other).post(f"/disputes/{mediation.id}/withdrawal", {"reason": "代为撤回"})
        assert refused.status_code == 404, other
    own = as_("citizen").post(f"/disputes/{mediation.id}/withdrawal", {"reason": "已自行和解"})
    assert own.status_code == 200, own.text


def test_a_file_joins_a_task_only_while_it_is_open_and_of_whoever_works_on_it(mediation, as_):
    mediation.begin()
    mediation.work("accept_dispute", "committee")
    [task] = as_("mira").get("/user-tasks").get_json()["items"]
    address = f"/user-tasks/{task['id']}/attachments"
    for stranger in ("bob", "committee", "street_committee"):
        assert attach(as_, stranger, address) == 404, stranger
    assert attach(as_, "mira", address) == 201
    mediation.work("rights_notice", "mira")
    assert attach(as_, "mira", address) == 409


def attach(as_, who: str, address: str) -> int:
    file = (BytesIO(b"%PDF-1.4\n%%EOF\n"), "告知书.pdf")
    return as_(who).post(address, data={"file": file}, content_type="multipart/form-data").status_code
