"""`zhili deploy`, `validate`, `definitions`."""

import shutil
from pathlib import Path

import pytest

from api.config import ROOT


@pytest.fixture
def diagram(tmp_path: Path) -> Path:
    """Give a copy of a diagram that a designer may change."""
    return Path(shutil.copy(ROOT / "processes" / "extension.bpmn", tmp_path))


def test_a_fresh_database_gets_everything_and_the_same_again_changes_nothing(zhili, database_url) -> None:
    first = zhili("deploy", "--note", "first", "--json", url=database_url).document
    assert {"kind": "process", "key": "case_lifecycle", "version": 1} in first["created"]
    assert {"kind": "calendar", "key": "city", "version": 1} in first["created"]
    again = zhili("deploy", "--json", url=database_url).document
    assert again["created"] == []
    assert again["deployment"] == first["deployment"]
    assert sorted(again["unchanged"]) == sorted(one["key"] for one in first["created"])


def test_a_dry_run_tells_what_is_new_and_deploys_nothing(zhili, database_url) -> None:
    answer = zhili("deploy", "--dry-run", url=database_url)
    assert answer.code == 0
    assert "new process case_lifecycle (version 1)" in answer.out
    assert "nothing was deployed" in answer.out
    assert zhili("definitions", "--json", url=database_url).document == {"items": []}


def test_a_changed_diagram_alone_becomes_the_next_version_and_everything_else_stays(zhili, city_url, diagram) -> None:
    diagram.write_text(diagram.read_text("utf-8").replace("延期", "延长时限"), "utf-8")
    answer = zhili("deploy", diagram, url=city_url)
    assert answer.code == 0, answer.err
    assert "changed process extension (version 1 → 2)" in answer.out
    versions = {one["key"]: one["version"] for one in zhili("definitions", "--json", url=city_url).document["items"]}
    assert (versions["extension"], versions["case_lifecycle"], versions["cards"]) == (2, 1, 1)


def test_a_changed_form_is_a_new_version_of_the_diagram_that_shows_it(zhili, city_url, tmp_path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    form = Path(shutil.copy(ROOT / "processes" / "forms" / "sign.json", folder))
    form.write_text(form.read_text("utf-8").replace("签收", "签收确认", 1), "utf-8")
    created = zhili("deploy", form, "--json", url=city_url).document["created"]
    assert created == [{"kind": "process", "key": "case_lifecycle", "version": 2}]


def test_an_element_that_the_engine_does_not_run_is_refused_with_file_line_and_element(
    zhili, city_url, diagram
) -> None:
    before = zhili("definitions", "--json", url=city_url).document
    text = diagram.read_text("utf-8").replace('camunda:topic="extension.grant"', 'camunda:topic="nobody.does"')
    diagram.write_text(text, "utf-8")
    line = text[: text.index("nobody.does")].count("\n") + 1
    answer = zhili("deploy", diagram, url=city_url)
    assert answer.code == 2
    assert f"{diagram}:{line} [grant]" in answer.err
    assert "nobody.does" in answer.err
    assert "1 problems; nothing was deployed" in answer.err
    assert zhili("definitions", "--json", url=city_url).document == before


def test_a_refusal_for_a_machine_names_each_problem_on_standard_output(zhili, city_url, diagram) -> None:
    diagram.write_text("<definitions", "utf-8")
    answer = zhili("deploy", diagram, "--json", url=city_url)
    assert answer.code == 2
    problem = answer.document["error"]["problems"][0]
    assert problem["file"] == str(diagram)
    assert problem["line"] == 1


def test_a_path_without_anything_to_deploy_is_wrong_input(zhili, city_url, tmp_path) -> None:
    (tmp_path / "letter.txt").write_text("hello", "utf-8")
    for path in (tmp_path, tmp_path / "letter.txt", tmp_path / "missing"):
        answer = zhili("deploy", path, url=city_url)
        assert answer.code == 2
        assert str(path) in answer.err


def test_two_files_of_one_name_are_refused_before_anything_is_read(zhili, city_url, diagram, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(diagram, other)
    answer = zhili("deploy", diagram, other, url=city_url)
    assert answer.code == 2
    assert str(other / diagram.name) in answer.err


def test_checking_needs_no_database(zhili, tmp_path) -> None:
    nowhere = tmp_path / "none" / "city.db"
    answer = zhili("validate", "--json", url=f"sqlite:///{nowhere}")
    assert answer.code == 0
    assert answer.document["valid"]
    assert "case_lifecycle" in answer.document["keys"]
    assert not nowhere.parent.exists()


def test_checking_one_file_takes_what_it_needs_from_the_source(zhili, diagram) -> None:
    assert zhili("validate", diagram).code == 0
    diagram.write_text(diagram.read_text("utf-8").replace('"extension_review"', '"no_such_form"', 1), "utf-8")
    assert zhili("validate", diagram).code == 2


def test_a_table_that_cannot_be_analysed_is_a_note_not_a_refusal(zhili, database_url) -> None:
    answer = zhili("deploy", "--dry-run", "--json", url=database_url)
    assert answer.code == 0
    for finding in answer.document["findings"]:
        assert finding["code"].startswith("table-")
        assert finding["file"].endswith(".dmn")


def test_a_database_with_another_schema_is_refused_by_every_command_that_needs_it(zhili, empty_database_url) -> None:
    for command in (["deploy"], ["definitions"], ["user", "list"], ["city", "load"], ["intake", "import", "x.csv"]):
        answer = zhili(*command, url=empty_database_url)
        assert answer.code == 2
        assert "zhili db upgrade" in answer.err


def test_a_setting_that_cannot_be_meant_is_refused_without_showing_its_secret(zhili) -> None:
    answer = zhili("definitions", url="mysql://root:secret@somewhere/city")
    assert answer.code == 2
    assert "ZHILI_DATABASE_URL" in answer.err
    assert "secret" not in answer.err + answer.out


def test_texts_are_chinese_unless_somebody_asks_for_english(zhili) -> None:
    assert "城市治理" in zhili("--help", ZHILI_LANG="").out
    assert "city's case management" in zhili("--help", ZHILI_LANG="en_US.UTF-8").out
    assert "城市治理" in zhili("--lang", "zh-CN", "--help").out
    assert "部署" in zhili("deploy", "--help", ZHILI_LANG="").out
