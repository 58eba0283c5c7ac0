"""What no engine could run as it is drawn is refused or doubted when it is deployed, at the element that is wrong."""

import pytest

from engine.errors import DeploymentError, Problem
from engine.services import deployment_check
from engine.services.deployments import resource
from tests.builders.wrong_models import WRONG_MODELS


@pytest.mark.parametrize("name", WRONG_MODELS)
def test_a_wrong_model_is_refused_or_doubted_at_its_element(name):
    where, xml = WRONG_MODELS[name]
    told: tuple[Problem, ...]
    try:
        told = deployment_check.check([resource("wrong.bpmn", xml)]).findings
    except DeploymentError as error:
        told = error.problems

    assert where in {one.where for one in told if one.severity != "info"}
    assert all(one.file == "wrong.bpmn" for one in told)
