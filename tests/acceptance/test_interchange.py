"""Files of other modellers over HTTP: deployed, listed, drawn, started, and exported byte for byte."""

import base64
import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from api.config import ROOT
from tests.builders.vendor_files import CAMUNDA_LIKE, VENDOR_FILES

MIWG = sorted((ROOT.parent / "shared" / "data" / "miwg-a").glob("*.bpmn"))
OWN = sorted((ROOT / "processes").glob("*.bpmn"))


def deploy(as_, **files: bytes) -> str:
    """Deploy files beside those of the city; returns the id of the set."""
    listed = [{"name": f"{name}.bpmn", "base64": base64.b64encode(content).decode()} for name, content in files.items()]
    answer = as_("designer").post("/deployments?merge=true", {"files": listed})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def exported(as_, deployment: str, name: str, who: str = "designer"):
    return as_(who).get(f"/deployments/{deployment}/content?file={quote(name)}")


@pytest.mark.parametrize("key", VENDOR_FILES)
def test_a_file_of_another_modeller_runs_and_comes_back_byte_for_byte(as_, key):
    content = VENDOR_FILES[key]
    deployment = deploy(as_, vendor=content)

    [latest] = as_("designer").get(f"/process-definitions?key={key}").get_json()["items"]
    answers = [
        exported(as_, deployment, "vendor.bpmn"),
        as_("designer").get(f"/process-definitions/{latest['id']}/xml"),
    ]
    for answer in answers:
        assert answer.data == content
        assert answer.headers["Content-Type"] == "application/xml"
        assert "attachment" in answer.headers["Content-Disposition"]
    picture = as_("designer").get(f"/deployments/{deployment}/diagram?file=vendor.bpmn")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data == as_("designer").get(f"/process-definitions/{latest['id']}/diagram").data
    started = as_("designer").post(
        "/process-instances", {"process_key": key, "variables": {"blocked": True, "width": 2}}
    )
    assert started.status_code == 201, started.text
    assert started.get_json()["status"] == "active"


@pytest.mark.parametrize(("declared", "codec"), [("UTF-16", "utf-16"), ("GB18030", "gb18030"), ("UTF-8", "utf-8-sig")])
def test_an_encoding_survives(as_, declared, codec):
    text = CAMUNDA_LIKE.replace('encoding="UTF-8"', f'encoding="{declared}"').replace("\n", "\r\n")
    content = text.encode(codec)
    deployment = deploy(as_, encoded=content)

    assert exported(as_, deployment, "encoded.bpmn").data == content
    picture = as_("designer").get(f"/deployments/{deployment}/diagram?file=encoded.bpmn")
    assert "办理" in picture.text


@pytest.mark.parametrize("file", MIWG, ids=lambda file: file.name)
def test_a_drawing_of_the_interchange_group_is_kept_and_shown(as_, file: Path):
    content = file.read_bytes()
    deployment = deploy(as_, drawing=content)

    listed = as_("designer").get(f"/deployments/{deployment}/files").get_json()["items"]
    assert {"name": "drawing.bpmn", "kind": "bpmn"}.items() <= next(
        one for one in listed if one["name"] == "drawing.bpmn"
    ).items()
    assert exported(as_, deployment, "drawing.bpmn").data == content
    picture = as_("designer").get(f"/deployments/{deployment}/diagram?file=drawing.bpmn")
    assert picture.status_code == 200
    assert picture.data.count(b"data-element=") >= content.count(b"<task ")


def test_the_diagrams_of_the_city_come_back_byte_for_byte(as_):
    [newest] = as_("designer").get("/deployments").get_json()["items"]
    assert OWN
    for file in OWN:
        assert exported(as_, newest["id"], file.name).data == file.read_bytes(), file.name
        drawn = as_("designer").get(f"/deployments/{newest['id']}/diagram?file={file.name}")
        assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml"), file.name


def test_every_kind_of_file_comes_back_with_its_kind(as_):
    [newest] = as_("designer").get("/deployments").get_json()["items"]
    files = as_("designer").get(f"/deployments/{newest['id']}/files").get_json()["items"]

    assert {file["kind"] for file in files} == {"bpmn", "dmn", "form", "calendar"}
    assert [file["name"] for file in files] == sorted(file["name"] for file in files)
    types = {
        "forms/sign.json": "application/json",
        "verification.dmn": "application/xml",
        "calendars/city.csv": "text/csv",
    }
    for name, expected in types.items():
        answer = exported(as_, newest["id"], name)
        assert answer.headers["Content-Type"].startswith(expected)
        folder = "processes" if name.startswith("forms") else "rules"
        assert answer.data == (ROOT / folder / name).read_bytes()


def test_an_older_set_keeps_its_own_files(as_):
    older = deploy(as_, vendor=VENDOR_FILES["camunda_like"])
    newer = deploy(as_, vendor=VENDOR_FILES["camunda_like"].replace("催办".encode(), "督办".encode()))

    assert exported(as_, older, "vendor.bpmn").data == VENDOR_FILES["camunda_like"]
    assert "督办".encode() in exported(as_, newer, "vendor.bpmn").data


def test_what_does_not_exist_is_not_found(as_):
    [newest] = as_("designer").get("/deployments").get_json()["items"]

    assert as_("designer").get("/deployments/nothing/files").status_code == 404
    assert exported(as_, "nothing", "dispatch.bpmn").status_code == 404
    assert exported(as_, newest["id"], "../../etc/passwd").status_code == 404
    assert as_("designer").get(f"/deployments/{newest['id']}/content").status_code == 422
    for name in ("verification.dmn", "forms/sign.json", "no.bpmn"):
        answer = as_("designer").get(f"/deployments/{newest['id']}/diagram?file={quote(name)}")
        assert answer.status_code == 404, name
    assert as_("designer").get(f"/deployments/{newest['id']}/diagram?file=dispatch.bpmn&page=9").status_code == 404


def test_files_are_for_those_who_may_read_definitions(as_):
    [newest] = as_("designer").get("/deployments").get_json()["items"]
    for address in ("files", "content?file=dispatch.bpmn", "diagram?file=dispatch.bpmn"):
        for who, status in (("designer", 200), ("ruler", 200), ("auditor", 200), ("alice", 403), (None, 401)):
            assert as_(who).get(f"/deployments/{newest['id']}/{address}").status_code == status, (address, who)


def test_a_zip_archive_of_drawings_alone_brings_no_definition_and_is_exported(as_):
    drawing = VENDOR_FILES["signavio_like"].replace(b'isExecutable="true"', b'isExecutable="false"')
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("图/流程.bpmn", drawing)
    answer = as_("designer").call(
        "POST", "/deployments?merge=true", data=memory.getvalue(), content_type="application/zip"
    )
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["created"] == []
    told = [one for one in answer.get_json()["findings"] if one.get("file") == "图/流程.bpmn"]
    assert [one["code"] for one in told if one["severity"] == "warning"] == ["process-not-executable"]
    back = exported(as_, answer.get_json()["id"], "图/流程.bpmn")
    assert back.data == drawing
    assert quote("流程.bpmn") in back.headers["Content-Disposition"]
    picture = as_("designer").get(f"/deployments/{answer.get_json()['id']}/diagram?file={quote('图/流程.bpmn')}")
    assert "网格员" in picture.text
