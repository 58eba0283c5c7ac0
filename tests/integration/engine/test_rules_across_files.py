"""Rules in several files of one deployment: they are checked together, and a version keeps to its own deployment."""

import pytest

from engine.errors import DeploymentError
from engine.services import decisions, definitions
from tests.builders.diagrams import files
from tests.builders.world import World

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def rules(namespace: str, body: str) -> bytes:
    return f"<definitions xmlns='{MODEL}' name='{namespace}' namespace='{namespace}'>{body}</definitions>".encode()


def decision(key: str, text: str, href: str = "") -> str:
    need = f"<informationRequirement><requiredDecision href='{href}'/></informationRequirement>" if href else ""
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    return f"<decision id='{key}' name='{key}'>{need}{logic}</decision>"


IMPORT = f"<import name='law' namespace='urn:law' importType='{MODEL}'/>"
MAIN = rules("urn:main", IMPORT + decision("fee", "law.rate * 2", "urn:law#rate"))


def fee(world: World) -> object:
    with world.open() as uow:
        return decisions.evaluate(uow, "fee", {}, by="alice").value


def test_a_decision_may_require_one_in_another_file_of_its_deployment(world: World) -> None:
    world.deploy(files(main_dmn=MAIN, law_dmn=rules("urn:law", decision("rate", "5"))))
    assert fee(world) == 10


def test_a_version_finds_the_imported_file_of_its_own_deployment_again(world: World) -> None:
    world.deploy(files(main_dmn=MAIN, law_dmn=rules("urn:law", decision("rate", "5"))))
    with world.open(read_only=True) as uow:
        before = definitions.find_decision(uow, "fee")
    changed = rules("urn:main", IMPORT + decision("fee", "law.rate * 3", "urn:law#rate"))
    world.deploy(files(main_dmn=changed, law_dmn=rules("urn:law", decision("rate", "7"))))
    assert fee(world) == 21
    with world.open(read_only=True) as uow:
        (old,) = definitions.decisions_of(uow, before).values()
        assert old.needs[0].decision.expression is not None
        assert old.needs[0].decision.expression.text == "5"


def test_a_changed_import_makes_a_new_version_of_whoever_imports_it(world: World) -> None:
    world.deploy(files(main_dmn=MAIN, law_dmn=rules("urn:law", decision("rate", "5"))))
    world.deploy(files(main_dmn=MAIN, law_dmn=rules("urn:law", decision("rate", "7"))))
    assert fee(world) == 14
    with world.open(read_only=True) as uow:
        assert definitions.find_decision(uow, "fee").version == 2


def test_a_set_without_the_imported_file_is_refused_by_file_and_line(world: World) -> None:
    with pytest.raises(DeploymentError) as caught:
        world.deploy(files(main_dmn=MAIN))
    assert {(problem.code, problem.file) for problem in caught.value.problems} == {
        ("dmn-unknown-import", "main.dmn"),
        ("dmn-unknown-reference", "main.dmn"),
    }
