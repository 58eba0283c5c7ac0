"""`zhili export`."""

from api.config import ROOT
from tests.builders.vendor_files import VENDOR_FILES


def test_the_newest_deployment_is_exported_byte_for_byte_and_deploys_again(zhili, city_url, tmp_path) -> None:
    folder = tmp_path / "city"
    answer = zhili("export", folder, "--json", url=city_url)
    assert answer.code == 0, answer.err
    names = answer.document["files"]
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == set(names)
    for name in names:
        source = ROOT / ("processes" if name.endswith(".bpmn") or name.startswith("forms/") else "rules") / name
        assert (folder / name).read_bytes() == source.read_bytes(), name
    again = zhili("deploy", folder, "--json", url=city_url).document
    assert (again["created"], again["deployment"]) == ([], answer.document["deployment"])


def test_an_older_deployment_is_exported_by_its_id(zhili, city_url, tmp_path) -> None:
    older = zhili("deploy", "--json", url=city_url).document["deployment"]
    file = tmp_path / "vendor.bpmn"
    file.write_bytes(VENDOR_FILES["Id_bizagi_like"])
    newer = zhili("deploy", file, "--json", url=city_url).document["deployment"]

    assert "vendor.bpmn" in zhili("export", tmp_path / "new", "--json", url=city_url).document["files"]
    assert (tmp_path / "new" / "vendor.bpmn").read_bytes() == VENDOR_FILES["Id_bizagi_like"]
    found = zhili("export", tmp_path / "old", "--deployment", older, "--json", url=city_url).document
    assert (found["deployment"], "vendor.bpmn" in found["files"]) == (older, False)
    assert newer != older


def test_nothing_is_overwritten_and_nothing_is_written_beside_it(zhili, city_url, tmp_path) -> None:
    (tmp_path / "dispatch.bpmn").write_text("mine", "utf-8")
    answer = zhili("export", tmp_path, url=city_url)
    assert answer.code == 2
    assert str(tmp_path / "dispatch.bpmn") in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["dispatch.bpmn"]
    assert (tmp_path / "dispatch.bpmn").read_text("utf-8") == "mine"


def test_a_deployment_that_does_not_exist_is_wrong_input(zhili, city_url, database_url, tmp_path) -> None:
    assert zhili("export", tmp_path, "--deployment", "nothing", url=city_url).code == 2
    assert zhili("export", tmp_path, url=database_url).code == 2
    assert list(tmp_path.iterdir()) == []
