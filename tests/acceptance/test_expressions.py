"""Writing expressions over HTTP: what may be written, what is wrong with it, what it gives."""

from tests.builders.diagrams import chain, diagram, table, user_task


def labels(answer):
    assert answer.status_code == 200, answer.text
    return {one["label"]: one for one in answer.get_json()["items"]}


def deploy_small(as_):
    form = (
        '{"type": "object", "properties": {"action": {"type": "string", "title": "处理结果", "x-title-en": "Action",'
        ' "enum": ["done", "later"]}, "days": {"type": "number"}}}'
    )
    small = diagram("small", chain(user_task("look", form="look"), names=("look",))).decode()
    rules = table("urgent", {"days": "number"}, ("answer",), (("< 5", "1"), (">= 5", "2"))).decode()
    files = [("small.bpmn", small), ("forms/look.json", form), ("urgent.dmn", rules)]
    body = {"files": [{"name": name, "text": text} for name, text in files]}
    made = as_("designer").post("/deployments?merge=true", body)
    if made.status_code == 403:
        for by, part in (("ruler", body["files"][2:]), ("designer", body["files"][:2])):
            made = as_(by).post("/deployments?merge=true", {"files": part})
    assert made.status_code == 201, made.text


def test_the_variables_of_a_process_are_offered_with_what_people_call_them(as_):
    deploy_small(as_)
    found = labels(as_("designer").get("/feel/completions?process=small"))
    assert found["action"]["kind"] == "variable"
    assert found["action"]["detail"] == '处理结果 · "done", "later"'
    assert found["days"]["type"] == "number"
    assert found["string length"]["documentation"].startswith("字符数")


def test_the_documentation_follows_the_language_of_the_caller(as_):
    found = labels(as_("designer").get("/feel/completions", headers={"Accept-Language": "en"}))
    assert found["string length"]["documentation"].startswith("The number of characters")


def test_the_inputs_of_a_decision_are_offered(as_):
    deploy_small(as_)
    assert labels(as_("designer").get("/feel/completions?decision=urgent"))["days"]["type"] == "number"


def test_a_place_that_does_not_exist_is_refused(as_):
    assert as_("designer").get("/feel/completions?process=nowhere").status_code == 404
    deploy_small(as_)
    assert as_("designer").get("/feel/completions?process=small&element=nowhere").status_code == 404


def test_mistakes_are_told_with_their_place_and_a_sentence(as_):
    deploy_small(as_)
    answer = as_("designer").post("/feel/check", {"expression": 'action = "never"', "process": "small"})
    assert answer.status_code == 200, answer.text
    [finding] = answer.get_json()["findings"]
    assert (finding["code"], finding["severity"], finding["line"], finding["column"]) == (
        "feel-value-impossible",
        "warning",
        1,
        1,
    )
    assert "可能的值" in finding["message"]


def test_types_may_be_given_instead_of_a_place(as_):
    body = {"expression": "amount + 1 > limit", "types": {"amount": "string", "limit": "number"}, "wanted": "boolean"}
    answer = as_("designer").post("/feel/check", body)
    assert [one["code"] for one in answer.get_json()["findings"]] == ["feel-operand-types"]
    body = {"expression": '> "a"', "types": {}, "cell_of": "number"}
    assert [one["code"] for one in as_("designer").post("/feel/check", body).get_json()["findings"]] == [
        "feel-operand-types"
    ]
    assert as_("designer").post("/feel/check", {"expression": "1", "types": {"a": "nonsense<"}}).status_code == 422
    assert as_("designer").post("/feel/check", {"expression": "1", "types": {"a": 1}}).status_code == 422


def test_a_text_that_is_no_expression_is_a_finding(as_):
    answer = as_("designer").post("/feel/check", {"expression": "1 +\n  *", "types": {}})
    [finding] = answer.get_json()["findings"]
    assert (finding["severity"], finding["line"]) == ("error", 2)
    assert answer.get_json()["type"] is None


def test_an_expression_is_evaluated_and_a_null_says_why(as_):
    answer = as_("ruler").post("/feel/evaluate", {"expression": "n * 2", "inputs": {"n": 21}})
    assert answer.status_code == 200, answer.text
    assert (answer.get_json()["value"], answer.get_json()["type"]) == (42, "number")
    answer = as_("ruler").post("/feel/evaluate", {"expression": 'n + "a"', "inputs": {"n": 1}})
    assert answer.get_json()["value"] is None
    assert [one["line"] for one in answer.get_json()["reasons"]] == [1]
    assert as_("ruler").post("/feel/evaluate", {"expression": "1 +"}).status_code == 422


def test_who_may_not_evaluate_decisions_may_not_evaluate_expressions(as_):
    assert as_("handler").post("/feel/evaluate", {"expression": "1", "inputs": {}}).status_code == 403


def test_a_deployment_tells_mistakes_of_expressions(as_):
    rules = table("wrong", {"days": "number"}, ("answer",), (("< 5", "1"), (">= 5", 'days + "a"')))
    answer = as_("ruler").post(
        "/deployments?dry_run=true&merge=true", {"files": [{"name": "wrong.dmn", "text": rules.decode()}]}
    )
    assert answer.status_code == 422, answer.text
    [problem] = answer.get_json(force=True)["errors"]
    assert (problem["code"], problem["file"]) == ("feel-operand-types", "wrong.dmn")
    assert problem["params"]["text"] == 'days + "a"'
