"""Deploying over the interface: JSON, multipart, zip; a dry run; and every way in which a set is refused."""

import base64
import io
import zipfile

import pytest

from api.config import ROOT
from tests.builders.diagrams import chain, diagram, service_task, table, user_task

SMALL = diagram("small", chain(user_task("look"), names=("look",)))
SMALL_CHANGED = diagram("small", chain(user_task("look", groups="others"), names=("look",)))


def as_json(**files: bytes):
    return {"files": [{"name": name.replace("__", "."), "text": content.decode()} for name, content in files.items()]}


def zipped(**files: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return memory.getvalue()


def test_a_set_is_deployed_as_json_and_started(as_):
    made = as_("designer").post("/deployments?merge=true", as_json(small__bpmn=SMALL))
    assert made.status_code == 201, made.text
    [created] = made.get_json()["created"]
    assert (created["kind"], created["key"], created["version"]) == ("process", "small", 1)
    started = as_("designer").post(
        "/process-instances", {"process_key": "small", "business_key": "b1", "variables": {"n": 1}}
    )
    assert started.status_code == 201, started.text
    assert started.headers["ETag"] == f'"{started.get_json()["revision"]}"'


def test_a_dry_run_says_what_would_happen_and_stores_nothing(as_):
    planned = as_("designer").post("/deployments?merge=true&dry_run=true", as_json(small__bpmn=SMALL))
    assert planned.status_code == 200
    assert (planned.get_json()["dry_run"], planned.get_json()["id"]) == (True, None)
    assert [one["key"] for one in planned.get_json()["created"]] == ["small"]
    assert as_("designer").get("/process-definitions?key=small").get_json()["items"] == []
    assert len(as_("designer").get("/deployments").get_json()["items"]) == 1


def test_a_set_is_deployed_as_multipart_by_file_names(as_):
    answer = as_("designer").call(
        "POST",
        "/deployments?merge=true",
        data={"files": (io.BytesIO(SMALL), "small.bpmn")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 201, answer.text


def test_a_set_is_deployed_as_a_zip_archive_with_its_folders(as_):
    form = b'{"type": "object", "properties": {"action": {"type": "string"}}}'
    drawn = diagram("small", chain(user_task("look", form="look"), names=("look",)))
    archive = zipped(**{"small__bpmn": drawn, "forms/look__json": form})
    answer = as_("designer").call("POST", "/deployments?merge=true", data=archive, content_type="application/zip")
    assert answer.status_code == 201, answer.text
    [latest] = as_("designer").get("/process-definitions?key=small").get_json()["items"]
    shown = as_("designer").get(f"/process-definitions/{latest['id']}/forms/look")
    assert shown.get_json()["type"] == "object"


def test_a_file_may_come_as_base64(as_):
    body = {"files": [{"name": "small.bpmn", "base64": base64.b64encode(SMALL).decode()}]}
    assert as_("designer").post("/deployments?merge=true", body).status_code == 201


def test_the_same_set_again_changes_nothing_and_a_changed_one_is_the_next_version(as_):
    designer = as_("designer")
    designer.post("/deployments?merge=true", as_json(small__bpmn=SMALL))
    again = designer.post("/deployments?merge=true", as_json(small__bpmn=SMALL))
    assert (again.status_code, again.get_json()["created"]) == (200, [])
    changed = designer.post("/deployments?merge=true", as_json(small__bpmn=SMALL_CHANGED))
    assert [(one["key"], one["version"]) for one in changed.get_json()["created"]] == [("small", 2)]


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b"<not xml", "xml-malformed", ""),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "xml-doctype", ""),
        (diagram("broken", chain(service_task("act", "no.such.topic"), names=("act",))), "missing-handler", "act"),
        (diagram("broken", chain(user_task("look", form="no_such_form"), names=("look",))), "missing-form", "look"),
        (
            diagram("broken", chain('<bpmn:choreographyTask id="odd"/>', names=("odd",))),
            "element-unsupported",
            "odd",
        ),
    ],
)
def test_a_bad_diagram_is_refused_with_file_line_and_element_and_nothing_is_deployed(as_, content, code, where):
    answer = as_("designer").post("/deployments?merge=true", as_json(broken__bpmn=content, small__bpmn=SMALL))
    assert answer.status_code == 422, answer.text
    document = answer.get_json(force=True)
    assert document["code"] == "deployment-refused"
    found = [one for one in document["errors"] if one["code"] == code]
    assert found, document["errors"]
    assert found[0]["where"] == where
    assert found[0]["file"] == "broken.bpmn"
    assert found[0].get("line", 1) >= 1
    assert any("\u4e00" <= character <= "\u9fff" for character in found[0]["message"])
    assert as_("designer").get("/process-definitions?key=small").get_json()["items"] == []


def test_a_table_that_overlaps_is_refused_over_the_interface(as_):
    overlapping = table("twice", {"n": "number"}, ("answer",), (("< 5", "1"), ("< 9", "2")))
    answer = as_("ruler").post("/deployments?merge=true", as_json(twice__dmn=overlapping))
    assert answer.status_code == 422, answer.text
    assert "table-overlap" in {one["code"] for one in answer.get_json(force=True)["errors"]}


@pytest.mark.parametrize("name", ["/etc/passwd.bpmn", "../x.bpmn", "forms/../../x.json", "a b.bpmn", ""])
def test_a_file_name_that_leads_elsewhere_is_refused(as_, name):
    body = {"files": [{"name": name, "text": "x"}]}
    assert as_("designer").post("/deployments", body).status_code == 422
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(name or "_", b"x")
    if name:
        answer = as_("designer").call("POST", "/deployments", data=archive.getvalue(), content_type="application/zip")
        assert answer.status_code == 422, answer.text


def test_an_archive_that_unpacks_to_too_much_is_refused(as_):
    bomb = zipped(small__bpmn=SMALL, big__bpmn=b"0" * (25 * 1024 * 1024))
    assert len(bomb) < 100_000
    answer = as_("designer").call("POST", "/deployments", data=bomb, content_type="application/zip")
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["code"] == "archive-too-large"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"no archive at all"])
def test_an_archive_that_cannot_be_read_is_refused(as_, content):
    answer = as_("designer").call("POST", "/deployments", data=content, content_type="application/zip")
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"files": []}, "deployment-empty"),
        ({"files": [{"name": "a.bpmn"}]}, "file-content-unclear"),
        ({"files": [{"name": "a.bpmn", "text": "x", "base64": "eA=="}]}, "file-content-unclear"),
        ({"files": [{"name": "a.bpmn", "base64": "***"}]}, "file-not-base64"),
        ({"files": [{"name": "notes.txt", "text": "x"}]}, "file-kind-unknown"),
        ({"files": [{"name": "a.bpmn", "text": "x"}, {"name": "a.bpmn", "text": "y"}]}, "file-twice"),
    ],
)
def test_a_set_that_is_not_one_is_refused(as_, body, code):
    answer = as_("designer").post("/deployments", body)
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["code"] == code


def test_diagrams_and_rules_are_deployed_by_different_people(as_):
    rules = (ROOT / "rules/verification.dmn").read_text(encoding="utf-8")
    tables = {"files": [{"name": "verification.dmn", "text": rules}]}
    refused = as_("designer").post("/deployments?merge=true", tables)
    assert refused.status_code == 403
    assert refused.get_json(force=True)["params"]["permission"] == "decision.deploy"
    assert as_("ruler").post("/deployments?merge=true", as_json(small__bpmn=SMALL)).status_code == 403
    assert as_("ruler").post("/deployments?merge=true", tables).status_code in (200, 201)
    for who in ("alice", "bob", "admin", "auditor", "acceptor"):
        assert as_(who).post("/deployments", tables).status_code == 403, who


def test_a_definition_is_read_as_it_was_deployed_and_drawn(as_):
    [latest] = as_("designer").get("/process-definitions?key=case_lifecycle").get_json()["items"]
    assert as_("designer").get(f"/process-definitions/{latest['id']}").get_json()["name"] == latest["name"]
    xml = as_("designer").get(f"/process-definitions/{latest['id']}/xml")
    assert xml.data == (ROOT / "processes/case_lifecycle.bpmn").read_bytes()
    assert xml.headers["Content-Disposition"].startswith("attachment")
    picture = as_("designer").get(f"/process-definitions/{latest['id']}/diagram")
    assert picture.mimetype == "image/svg+xml"
    assert "受理登记" in picture.text
    assert "data-mark" not in picture.text
    assert as_("designer").get("/process-definitions/nothing").status_code == 404
    assert as_("designer").get(f"/process-definitions/{latest['id']}/forms/no_such_form").status_code == 404


def test_a_diagram_without_a_picture_says_so(as_):
    as_("designer").post("/deployments?merge=true", as_json(small__bpmn=SMALL))
    [latest] = as_("designer").get("/process-definitions?key=small").get_json()["items"]
    answer = as_("designer").get(f"/process-definitions/{latest['id']}/diagram")
    assert answer.status_code == 404
    assert answer.get_json(force=True)["code"] == "no-picture"
