import pytest

from engine.dmn import evaluate, imports_others, read_decisions, read_documents, read_model
from engine.errors import DeploymentError

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def importing(name, namespace, location=""):
    place = f" locationURI='{location}'" if location else ""
    return f"<import name='{name}' namespace='{namespace}' importType='{MODEL}'{place}/>"


def model(namespace, body):
    return f"<definitions xmlns='{MODEL}' name='{namespace}' namespace='{namespace}'>{body}</definitions>".encode()


def decision(key, text, *needs, kind=""):
    wanted = "".join(_requirement(role, href) for role, href in needs)
    variable = f"<variable name='{key}' typeRef='{kind}'/>" if kind else f"<variable name='{key}'/>"
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    return f"<decision id='{key}' name='{key}'>{variable}{wanted}{logic}</decision>"


def _requirement(role, href):
    holder = "knowledgeRequirement" if role == "requiredKnowledge" else "informationRequirement"
    return f"<{holder}><{role} href='{href}'/></{holder}>"


LIBRARY = model(
    "urn:lib",
    "<itemDefinition name='tAge'><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>"
    "</itemDefinition>"
    "<inputData id='age' name='Full Age'><variable name='Full Age' typeRef='tAge'/></inputData>"
    + decision("next year", "Full Age + 1", ("requiredInput", "#age"))
    + "<businessKnowledgeModel id='twice' name='Twice'><encapsulatedLogic><formalParameter name='x' typeRef='tAge'/>"
    "<literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    "<decisionService id='service' name='Ageing'><outputDecision href='#next year'/><inputData href='#age'/>"
    "</decisionService>",
)


def read(**files):
    found = read_documents({f"{name}.dmn": xml for name, xml in files.items()})
    return {one.key: one for one in found}


def test_what_is_imported_is_known_under_the_name_of_the_import():
    needs = (
        ("requiredDecision", "urn:lib#next year"),
        ("requiredInput", "urn:lib#age"),
        ("requiredKnowledge", "urn:lib#twice"),
        ("requiredKnowledge", "urn:lib#service"),
    )
    text = "[my lib.next year, my lib.Full Age, my lib.Twice(4), my lib.Ageing(9)]"
    found = read(main=model("urn:main", importing("my lib", "urn:lib") + decision("all", text, *needs)), lib=LIBRARY)
    assert evaluate(found["all"], {"Full Age": 5}).value == [6, 5, 8, 10]


def test_input_data_of_an_import_may_be_given_inside_the_name_of_the_import():
    body = importing("lib", "urn:lib") + decision("a", "lib.Full Age", ("requiredInput", "urn:lib#age"))
    found = read(main=model("urn:main", body), lib=LIBRARY)
    assert evaluate(found["a"], {"lib": {"Full Age": 7}}).value == 7


def test_an_import_without_a_name_is_known_as_if_it_stood_here():
    body = importing("", "urn:lib") + decision(
        "a",
        "Twice(next year)",
        ("requiredDecision", "urn:lib#next year"),
        ("requiredKnowledge", "urn:lib#twice"),
        kind="tAge",
    )
    found = read(main=model("urn:main", body), lib=LIBRARY)
    assert evaluate(found["a"], {"Full Age": 5}).value == 12


def test_a_type_of_an_import_is_known_by_its_prefix():
    body = importing("lib", "urn:lib") + decision("a", "n", kind="lib.tAge")
    found = read(main=model("urn:main", body), lib=LIBRARY)
    assert [evaluate(found["a"], {"n": n}).value for n in (150, 151)] == [150, None]


def test_imports_nest_and_each_file_sees_its_own():
    middle = importing("deep", "urn:lib") + decision(
        "m", "deep.next year * 10", ("requiredDecision", "urn:lib#next year")
    )
    top = importing("mid", "urn:mid") + decision("t", "mid.m + 1", ("requiredDecision", "urn:mid#m"))
    found = read(top=model("urn:top", top), mid=model("urn:mid", middle), lib=LIBRARY)
    result = evaluate(found["t"], {"Full Age": 1})
    assert result.value == 21
    assert result.explain()["required"][0]["required"][0]["decision"] == "next year"


def test_two_files_may_use_one_id():
    one, other = (model(f"urn:{name}", decision("same", f'"{name}"')) for name in ("one", "other"))
    body = importing("one", "urn:one") + importing("other", "urn:other")
    body += decision(
        "a", "one.same + other.same", ("requiredDecision", "urn:one#same"), ("requiredDecision", "urn:other#same")
    )
    found = read(main=model("urn:main", body), one=one, other=other)
    assert evaluate(found["a"], {}).value == "oneother"


def test_of_several_files_with_one_namespace_the_location_chooses():
    one, other = (model("urn:same", decision(name, f'"{name}"')) for name in ("one", "other"))
    body = importing("it", "urn:same", "rules/other.dmn") + decision(
        "a", "it.other", ("requiredDecision", "urn:same#other")
    )
    found = read(main=model("urn:main", body), one=one, other=other)
    assert evaluate(found["a"], {}).value == "other"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (importing("x", "urn:nowhere"), "dmn-unknown-import"),
        (importing("x", "urn:lib") + importing("x", "urn:lib"), "dmn-duplicate-name"),
        (decision("a", "1", ("requiredDecision", "urn:lib#next year")), "dmn-unknown-reference"),
        (importing("x", "urn:lib") + decision("a", "1", ("requiredDecision", "urn:lib#none")), "dmn-unknown-reference"),
        (importing("x", "urn:lib") + decision("a", "1", ("requiredDecision", "urn:lib#age")), "dmn-unknown-reference"),
        ("<import name='x' namespace='urn:lib' importType='urn:pmml'/>", "dmn-unsupported"),
    ],
)
def test_an_import_or_a_reference_that_leads_nowhere_is_refused(body, code):
    found = read_model({"main.dmn": model("urn:main", body), "lib.dmn": LIBRARY})
    assert [problem.code for problem in found.problems] == [code]


def test_an_import_that_two_files_answer_is_refused():
    files = {f"{name}.dmn": model("urn:same", decision(name, "1")) for name in ("one", "other")}
    found = read_model({"main.dmn": model("urn:main", importing("it", "urn:same")), **files})
    assert [problem.code for problem in found.problems] == ["dmn-ambiguous-import"]


def test_files_that_import_each_other_are_refused_with_the_path():
    files = {name: model(f"urn:{name}", importing("x", f"urn:{other}")) for name, other in (("a", "b"), ("b", "a"))}
    found = read_model(files)
    assert [problem.code for problem in found.problems] == ["dmn-import-cycle"]
    assert found.problems[0].params["path"] in {"a → b → a", "b → a → b"}


def test_a_file_alone_tells_that_its_import_is_missing():
    xml = model("urn:main", importing("x", "urn:lib"))
    assert imports_others(xml, "main.dmn")
    assert not imports_others(LIBRARY, "lib.dmn")
    with pytest.raises(DeploymentError) as caught:
        read_decisions(xml, "main.dmn")
    assert [(one.code, one.file) for one in caught.value.problems] == [("dmn-unknown-import", "main.dmn")]


def test_what_is_wrong_with_any_file_is_told_at_once():
    files = {"a.dmn": b"<a", "b.dmn": model("urn:b", decision("b", "1 +")), "c.dmn": model("urn:c", decision("c", "+"))}
    found = read_model(files)
    assert [(problem.file, problem.code) for problem in found.problems] == [
        ("a.dmn", "dmn-not-xml"),
        ("b.dmn", "feel-unexpected-end"),
        ("c.dmn", "feel-syntax"),
    ]
