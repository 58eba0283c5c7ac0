"""The same diagrams over HTTP: refused or doubted with the element's id and a sentence in both languages."""

import pytest

from tests.builders.wrong_models import WRONG_MODELS


@pytest.mark.parametrize("name", [name for name in WRONG_MODELS if name.endswith(" 1")])
def test_a_wrong_model_is_told_in_the_readers_language(as_, name):
    where, xml = WRONG_MODELS[name]
    body = {"files": [{"name": "wrong.bpmn", "text": xml.decode()}]}
    sentences = {}
    for language in ("zh-CN", "en"):
        answer = as_("designer").post(
            "/deployments?merge=true&dry_run=true", body, headers={"Accept-Language": language}
        )
        document = answer.get_json(force=True)
        told = document["errors"] if answer.status_code == 422 else document["findings"]
        here = [one for one in told if one["where"] == where and one["severity"] != "info"]
        assert here, document
        sentences[language] = here[0]["message"]

    assert not sentences["zh-CN"].isascii()
    assert sentences["en"] != sentences["zh-CN"]
