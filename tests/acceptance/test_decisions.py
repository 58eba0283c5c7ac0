"""Rule tables over the interface: asked, explained, checked, compared, replayed."""

import io

import pytest

from tests.builders.rule_tables import FEES, fee_file

DEARER = (FEES[0], ("new", '"huge"', "500", "§5"), ("dear", '"big"', "60", "§4 大件"))
FROM, TO = "2026-11-23T00:00:00+08:00", "2026-11-24T00:00:00+08:00"
ENGLISH = {"Accept-Language": "en"}


def deploy(as_, rows=FEES, note=""):
    files = {"files": [{"name": "fees.dmn", "text": fee_file(rows).decode()}], "note": note}
    answer = as_("ruler").post("/deployments?merge=true", files)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def fees(as_):
    deploy(as_, note="first")
    return as_


@pytest.fixture
def two(fees):
    """Give a city with two versions of the fee, the first of which was asked four times."""
    rows = [{"weight": weight} for weight in (1, 12, 13, 14)]
    assert fees("ruler").post("/decisions/fee/evaluate-bulk", {"rows": rows}).status_code == 200
    deploy(fees, DEARER, note="second")
    return fees


def test_an_evaluation_explains_itself_as_data_and_in_words(fees):
    asked = fees("ruler").post("/decisions/fee/evaluate", {"inputs": {"weight": 12}}).get_json()
    assert (asked["value"], asked["matches"][0]["row"], asked["version"]) == (50, 2, 1)
    answer = fees("auditor").get(f"/evaluations/{asked['evaluation_id']}")
    assert answer.status_code == 200, answer.text
    proof = answer.get_json()
    assert (proof["output"], proof["parts"], proof["context"]) == (50, ["size"], {"weight": 12})
    assert proof["explanation"]["required"][0]["matches"][0]["annotation"] == "§2"
    words = "".join(proof["words"])
    for part in ("输入：weight = 12。", "第 2 行匹配。", "依据：§4 大件。", "结果：50。"):
        assert part in words
    english = fees("auditor").get(f"/evaluations/{asked['evaluation_id']}", headers=ENGLISH).get_json()["words"]
    assert "Row 2 matches." in english
    assert fees("auditor").get("/evaluations/none").status_code == 404


def test_evaluations_are_listed_also_by_a_decision_that_took_part(two):
    listed = two("auditor").get("/evaluations?decision=size&limit=3").get_json()
    assert [one["decision_key"] for one in listed["items"]] == ["fee"] * 3
    rest = two("auditor").get(f"/evaluations?decision=size&limit=3&after={listed['next_after']}").get_json()
    assert len(rest["items"]) == 1
    assert two("auditor").get("/evaluations?decision=fee&version=2").get_json()["items"] == []


def test_the_evaluations_of_a_case_are_shown_to_who_sees_the_case_and_to_nobody_else(as_, report):
    case = report()
    listed = as_("acceptor").get(f"/evaluations?case_id={case['id']}")
    assert listed.status_code == 200, listed.text
    [first, *_] = listed.get_json()["items"]
    assert as_("acceptor").get(f"/evaluations/{first['id']}").get_json()["words"]
    assert as_("acceptor").get("/evaluations").status_code == 403
    assert as_("charlie").get(f"/evaluations?case_id={case['id']}").status_code in (403, 404)
    assert as_("charlie").get(f"/evaluations/{first['id']}").status_code in (403, 404)
    assert as_("citizen").get(f"/evaluations/{first['id']}").status_code == 403


def test_rows_are_asked_in_bulk_and_each_has_its_own_answer_or_error(fees):
    rows = [{"weight": 1}, {"weight": "heavy"}, {}, {"weight": 99}]
    answer = fees("ruler").post("/decisions/fee/evaluate-bulk", {"rows": rows}, headers=ENGLISH)
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert (found["answered"], found["failed"]) == (2, 2)
    assert [item["answer"] and item["answer"]["value"] for item in found["items"]] == [5, None, None, 50]
    assert found["items"][1]["error"]["where"] == "2"
    assert "weight" in found["items"][1]["error"]["message"]
    assert len(fees("auditor").get("/decisions/fee/evaluations").get_json()["items"]) == 2


def test_rows_that_are_not_recorded_leave_no_evaluation(fees):
    body = {"rows": [{"weight": 1}], "record": False}
    [item] = fees("ruler").post("/decisions/fee/evaluate-bulk", body).get_json()["items"]
    assert item["answer"]["evaluation_id"] is None
    assert fees("auditor").get("/decisions/fee/evaluations").get_json()["items"] == []


def test_too_many_rows_are_refused_by_name(fees):
    answer = fees("ruler").post("/decisions/fee/evaluate-bulk", {"rows": [{}] * 1001})
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["where"] == "rows"


def test_a_file_is_validated_with_elements_and_lines_and_nothing_is_stored(as_):
    good = as_("ruler").call("POST", "/decisions/validate", data=fee_file(), content_type="application/xml")
    assert good.status_code == 200, good.text
    assert good.get_json()["valid"]
    assert [one["key"] for one in good.get_json()["decisions"]] == ["size", "fee"]
    broken = fee_file((("cheap", '"small" or', "5", ""),))
    files = {"file": (io.BytesIO(broken), "fees.dmn")}
    found = as_("ruler").call("POST", "/decisions/validate", data=files, headers=ENGLISH).get_json()
    assert not found["valid"]
    assert found["problems"][0]["file"] == "fees.dmn"
    assert found["problems"][0]["line"] == 1
    assert as_("ruler").get("/decisions/fee").status_code == 404


def test_an_overlap_is_found_with_its_rows(as_):
    twice = fee_file((*FEES, ("again", '"big"', "70", "§6")))
    found = as_("ruler").call("POST", "/decisions/validate", data=twice, content_type="application/xml").get_json()
    said = [*found["problems"], *found["findings"]]
    assert any("2" in str(one["params"].get("rows")) and "3" in str(one["params"].get("rows")) for one in said)


@pytest.mark.parametrize("body", [b"", b"<definitions", b"not xml"])
def test_what_is_no_table_is_no_answer_but_a_refusal_or_a_problem(as_, body):
    answer = as_("ruler").call("POST", "/decisions/validate", data=body, content_type="application/xml")
    assert answer.status_code == 422 if not body else not answer.get_json()["valid"]


def test_versions_are_listed_with_who_brought_them(two):
    items = two("ruler").get("/decisions/fee/versions").get_json()["items"]
    assert [(one["version"], one["latest"], one["note"]) for one in items] == [(2, True, "second"), (1, False, "first")]
    assert {one["deployed_by"] for one in items} == {"ruler"}
    assert items[0]["resource_hash"] != items[1]["resource_hash"]
    assert two("ruler").get("/decisions/none/versions").status_code == 404


def test_two_versions_are_compared_over_samples(two):
    body = {"version_a": 1, "version_b": 2, "samples": [{"weight": 1}, {"weight": 12}, {"weight": None}]}
    found = two("ruler").post("/decisions/fee/compare", body).get_json()
    assert (found["compared"], found["same"], found["different"]) == (3, 2, 1)
    assert found["shifts"] == [{"rows_a": [2], "rows_b": [3], "outcome": "different", "count": 1}]
    [difference] = found["differences"]
    assert (difference["sample"], difference["a"]["value"], difference["b"]["value"]) == (2, 50, 60)


def test_the_evaluations_of_a_period_are_asked_again(two):
    found = two("ruler").post("/decisions/fee/compare", {"from": FROM, "to": TO, "show": 1}).get_json()
    assert (found["version_a"], found["version_b"]) == (None, 2)
    assert (found["compared"], found["same"], found["different"], found["truncated"]) == (4, 1, 3, True)
    [difference] = found["differences"]
    assert two("ruler").get(f"/evaluations/{difference['evaluation_id']}").get_json()["output"] == 50
    before = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    assert two("ruler").post("/decisions/fee/compare", before).get_json()["compared"] == 0


def test_a_draft_is_compared_without_being_deployed(fees):
    body = {"draft": fee_file(DEARER).decode(), "samples": [{"weight": 12}]}
    found = fees("ruler").post("/decisions/fee/compare", body).get_json()
    assert (found["version_a"], found["version_b"], found["different"]) == (1, None, 1)
    assert fees("ruler").get("/decisions/fee").get_json()["version"] == 1
    bad = fees("ruler").post("/decisions/fee/compare", body | {"draft": "<definitions"})
    assert bad.status_code == 422
    assert bad.get_json(force=True)["errors"][0]["file"] == "draft.dmn"
    foreign = fees("ruler").post("/decisions/urgency/compare", body)
    assert foreign.get_json(force=True)["errors"][0]["code"] == "draft-without-decision"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({}, "samples"),
        ({"from": FROM}, "samples"),
        ({"from": FROM, "to": TO, "samples": []}, "samples"),
        ({"samples": [], "draft": "<x/>", "version_b": 1}, "draft"),
        ({"samples": [], "version_a": 0}, "version_a"),
        ({"samples": [1]}, "samples.0"),
    ],
)
def test_a_comparison_that_cannot_be_meant_is_refused_by_field(fees, change, where):
    answer = fees("ruler").post("/decisions/fee/compare", change)
    assert answer.status_code == 422
    assert [one["where"] for one in answer.get_json(force=True)["errors"]] == [where]


def test_the_texts_of_two_versions_differ_by_row(two):
    found = two("ruler").get("/decisions/fee/diff?from=1&to=2").get_json()
    assert not found["identical"]
    assert [(row["kind"], row["row_before"], row["row_after"]) for row in found["rows"]] == [
        ("added", None, 2),
        ("changed", 2, 3),
    ]
    assert found["rows"][1]["cells"] == [{"column": "→ fee", "before": "50", "after": "60"}]
    assert two("ruler").get("/decisions/fee/diff?from=2").get_json()["identical"]
    assert two("ruler").get("/decisions/fee/diff?from=1&to=9").status_code == 404
    assert two("ruler").get("/decisions/fee/diff").status_code == 422


def test_who_may_not_ask_decisions_is_refused(two):
    for who in ("alice", "citizen"):
        assert two(who).post("/decisions/fee/evaluate-bulk", {"rows": []}).status_code == 403
        assert two(who).post("/decisions/fee/compare", {"samples": []}).status_code == 403
        assert two(who).get("/decisions/fee/versions").status_code == 403
        assert two(who).get("/decisions/fee/diff?from=1").status_code == 403
        answer = two(who).call("POST", "/decisions/validate", data=fee_file(), content_type="application/xml")
        assert answer.status_code == 403


MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
TOTAL = (
    f"<definitions xmlns='{MODEL}' name='total' namespace='urn:total'><decision id='total' name='total'>"
    "<literalExpression><text>amount + 1</text></literalExpression></decision></definitions>"
)


def test_the_reason_of_a_null_is_told_in_the_readers_language(as_):
    files = {"files": [{"name": "total.dmn", "text": TOTAL}], "note": ""}
    assert as_("ruler").post("/deployments?merge=true", files).status_code == 201
    asked = as_("ruler").post("/decisions/total/evaluate", {"inputs": {}}).get_json()
    assert asked["value"] is None
    assert asked["reasons"][0]["message"] == "amount 没有值。"
    proof = as_("auditor").get(f"/evaluations/{asked['evaluation_id']}", headers=ENGLISH).get_json()
    assert proof["explanation"]["reasons"][0]["message"] == "amount has no value."


def test_an_unknown_name_of_a_table_with_declared_inputs_is_noticed(as_):
    data = "<inputData id='age' name='age'><variable name='age' typeRef='number'/></inputData>"
    need = "<informationRequirement><requiredInput href='#age'/></informationRequirement>"
    table = (
        "<decisionTable><input id='i'><inputExpression><text>agee + 1</text></inputExpression></input><output id='o'/>"
        "<rule id='r'><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
        "</decisionTable>"
    )
    body = f"{data}<decision id='grown' name='grown'>{need}{table}</decision>"
    text = f"<definitions xmlns='{MODEL}' name='grown' namespace='urn:grown'>{body}</definitions>"
    ruler, xml = as_("ruler"), "application/xml"
    found = ruler.call("POST", "/decisions/validate", data=text.encode(), content_type=xml).get_json()
    assert [one["params"]["name"] for one in found["findings"] if "agee" in one["message"]] == ["agee"], found
