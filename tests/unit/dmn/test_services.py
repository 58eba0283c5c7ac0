import pytest

from engine.dmn import evaluate, read_model


def service(name, outputs=(), decisions=(), data=(), kind=""):
    parts = [
        f"<{role} href='#{key}'/>"
        for role, keys in (("outputDecision", outputs), ("inputDecision", decisions), ("inputData", data))
        for key in keys
    ]
    reference = f" typeRef='{kind}'" if kind else ""
    variable = f"<variable name='{name}'{reference}/>"
    return f"<decisionService id='{name}' name='{name}'>{variable}{''.join(parts)}</decisionService>"


def data(name, kind):
    return f"<inputData id='{name}' name='{name}'><variable name='{name}' typeRef='{kind}'/></inputData>"


def calling(name, dmn, text):
    return f"<knowledgeRequirement><requiredKnowledge href='#{name}'/></knowledgeRequirement>{dmn.literal(text)}"


@pytest.fixture
def decisions(dmn):
    def read(*parts, extra=""):
        model = read_model({"x.dmn": dmn.model(*parts, extra=extra)})
        assert model.problems == ()
        return {one.key: one for one in model.decisions}

    return read


@pytest.fixture
def rated(dmn, decisions):
    """A decision over input data and another decision, and services around it."""
    needs = (("requiredInput", "n"), ("requiredDecision", "base"))
    extra = data("n", "number") + service("rating", ["rate"], ["base"], ["n"])
    extra += service("both", ["rate", "base"], [], ["n"]) + service("worded", ["base"], kind="string")
    return decisions(
        ("base", (), dmn.literal("100")),
        ("rate", needs, dmn.literal("base + n")),
        ("call", (("requiredDecision", "base"),), calling("rating", dmn, "[rating(1, 2), base]")),
        ("named", (), calling("rating", dmn, "rating(base: 1, n: 2)")),
        ("wrong", (), calling("rating", dmn, '[rating("x", 2), rating(1), rating(a: 1, b: 2)]')),
        extra=extra,
    )


def test_a_service_is_evaluated_by_name_over_what_it_is_given(rated):
    assert evaluate(rated["rating"], {"n": 1, "base": 10}).value == 11
    assert evaluate(rated["both"], {"n": 1}).value == {"rate": 101, "base": 100}


def test_a_service_is_called_like_a_function_with_data_first_and_leaves_the_callers_decisions_alone(rated):
    assert evaluate(rated["call"], {}).value == [3, 100]
    assert evaluate(rated["named"], {}).value == 3


def test_a_service_is_not_called_with_arguments_that_do_not_fit(rated):
    result = evaluate(rated["wrong"], {})
    assert result.value == [None, None, None]
    assert {reason.code for reason in result.reasons} == {"feel-null-arguments", "feel-null-not-a-function"}


def test_an_answer_that_is_not_of_the_type_of_the_service_is_null(rated):
    result = evaluate(rated["worded"], {})
    assert result.value is None
    assert [reason.code for reason in result.reasons] == ["feel-null-type"]


def test_the_proof_of_a_service_holds_the_decisions_inside(rated):
    (part,) = evaluate(rated["rating"], {"n": 1, "base": 10}).explain()["parts"]
    assert (part["kind"], part["name"], part["inputs"], part["value"]) == (
        "service",
        "rating",
        {"n": 1, "base": 10},
        11,
    )
    assert part["required"][0]["decision"] == "rate"


def test_an_input_decision_may_leave_its_logic_to_people(dmn, decisions):
    extra = service("judged", ["answer"], ["opinion"])
    needs = (("requiredDecision", "opinion"),)
    found = decisions(("opinion", (), ""), ("answer", needs, dmn.literal('"so: " + opinion')), extra=extra)
    assert evaluate(found["judged"], {"opinion": "yes"}).value == "so: yes"
    alone = evaluate(found["opinion"], {})
    assert (alone.value, [reason.code for reason in alone.reasons]) == (None, ["feel-null-no-logic"])


def test_a_decision_sees_of_its_file_only_what_it_requires(dmn, decisions):
    extra = data("secret", "number")
    found = decisions(("other", (), dmn.literal("1")), ("a", (), dmn.literal("[secret, other, free]")), extra=extra)
    context = {"secret": 1, "other": 2, "free": 3}
    assert evaluate(found["a"], context).value == [None, None, 3]


def test_a_service_that_calls_itself_through_its_decisions_is_refused(dmn):
    xml = dmn.model(("a", (), calling("s", dmn, "s()")), extra=service("s", ["a"]))
    model = read_model({"x.dmn": xml})
    assert [problem.code for problem in model.problems] == ["dmn-cycle"]
