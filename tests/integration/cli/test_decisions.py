"""`zhili decisions`."""

import json

import pytest

from tests.builders.rule_tables import FEES, fee_file

DEARER = (FEES[0], ("dear", '"big"', "60", "§4 大件"))
DAY = "2026-01-01", "2199-12-31"


@pytest.fixture
def fees(tmp_path, zhili, city_url):
    """Give a file of the first version of the fee, deployed."""
    path = tmp_path / "fees.dmn"
    path.write_bytes(fee_file())
    assert zhili("deploy", path, url=city_url).code == 0
    return path


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.dmn"
    path.write_bytes(fee_file(DEARER))
    return path


@pytest.fixture
def asked(tmp_path, fees, zhili, city_url):
    """Ask the fee three times and keep the answers."""
    path = tmp_path / "inputs.csv"
    path.write_text("weight,name\n1,a\n12,b\n13.5,c\n", "utf-8")
    answer = zhili("decisions", "evaluate", "fee", "--inputs", path, "--record", url=city_url)
    assert answer.code == 0, answer.err
    return path


def test_versions_are_listed_and_a_table_is_shown(zhili, city_url, fees) -> None:
    listed = zhili("decisions", "list", "--json", url=city_url).document
    assert {"fee", "urgency"} <= {one["key"] for one in listed["items"]}
    [version] = zhili("decisions", "list", "fee", "--json", url=city_url).document["items"]
    assert (version["version"], version["latest"]) == (1, True)
    shown = zhili("decisions", "show", "fee", url=city_url, ZHILI_LANG="zh")
    assert "§4 大件" in shown.out
    assert "依据" in shown.out


def test_one_question_is_answered_in_words(zhili, city_url, fees, tmp_path) -> None:
    path = tmp_path / "one.json"
    path.write_text('{"weight": 12}', "utf-8")
    answer = zhili("decisions", "evaluate", "fee", "--inputs", path, url=city_url, ZHILI_LANG="zh")
    assert answer.code == 0, answer.err
    for part in ("第 2 行匹配。", "依据：§4 大件。", "结果：50。"):
        assert part in answer.out


def test_a_file_of_questions_becomes_a_file_of_answers(zhili, city_url, fees, tmp_path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("weight\n1\nheavy\n12\n", "utf-8")
    answer = zhili("decisions", "evaluate", "fee", "--inputs", path, "--out", out, url=city_url)
    assert answer.code == 1
    assert "2 rows answered, 1 failed." in answer.out
    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[1] == "1,1,1,5,"
    assert "heavy" in lines[2]


@pytest.mark.parametrize("content", ["", "[1]", "[]", "{"])
def test_a_file_that_holds_no_inputs_is_wrong_input(zhili, city_url, fees, tmp_path, content) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, "utf-8")
    answer = zhili("decisions", "evaluate", "fee", "--inputs", path, url=city_url)
    assert answer.code == 2
    assert str(path.name) in answer.err.replace("\n", "")


def test_what_was_recorded_is_explained(zhili, city_url, asked) -> None:
    document = zhili(
        "decisions", "replay", "fee", "--from", DAY[0], "--to", DAY[1], "--against", "1", "--json", url=city_url
    ).document
    assert (document["compared"], document["same"]) == (3, 3)
    answer = zhili("decisions", "explain", "no-such-one", url=city_url)
    assert answer.code == 2
    assert "no-such-one" in answer.err


def test_a_replay_shows_the_differences_by_row_and_fails_where_it_is_asked_to(zhili, city_url, asked, draft) -> None:
    command = ("decisions", "replay", "fee", "--from", DAY[0], "--to", DAY[1], "--against", draft)
    shown = zhili(*command, url=city_url, ZHILI_LANG="zh")
    assert shown.code == 0, shown.err
    assert "不同 2" in shown.out
    assert "60" in shown.out
    document = zhili(*command, "--json", "--fail-on-difference", url=city_url)
    assert document.code == 1
    assert document.document["shifts"] == [{"rows_a": [2], "rows_b": [2], "outcome": "different", "count": 2}]
    evaluation = document.document["differences"][0]["evaluation_id"]
    assert "Row 2 matches." in zhili("decisions", "explain", evaluation, url=city_url).out


def test_a_period_that_is_none_is_wrong_input(zhili, city_url, fees) -> None:
    answer = zhili("decisions", "replay", "fee", "--from", "yesterday", "--to", DAY[1], url=city_url)
    assert answer.code == 2


def test_samples_are_compared_with_a_draft(zhili, city_url, asked, draft) -> None:
    command = ("decisions", "compare", "fee", "--samples", asked, "--against", draft)
    assert zhili(*command, "--json", url=city_url).document["different"] == 2
    assert zhili(*command, "--fail-on-difference", url=city_url).code == 1


def test_the_texts_of_two_versions_are_told_row_by_row(zhili, city_url, fees, draft) -> None:
    answer = zhili("decisions", "diff", "fee", "--against", draft, "--json", url=city_url).document
    assert answer["rows"][0]["cells"] == [{"column": "→ fee", "before": "50", "after": "60"}]
    assert "written alike" in zhili("decisions", "diff", "fee", "--against", fees, url=city_url).out
    assert "60" in zhili("decisions", "diff", "fee", "--against", draft, url=city_url).out


def test_files_are_checked_without_a_database(zhili, tmp_path, draft) -> None:
    nowhere = tmp_path / "none" / "city.db"
    good = zhili("decisions", "validate", draft, url=f"sqlite:///{nowhere}")
    assert good.code == 0, good.err
    assert "2 decisions are fine." in good.out
    draft.write_bytes(fee_file((("cheap", '"small" or', "5", ""),)))
    bad = zhili("decisions", "validate", draft, "--json", url=f"sqlite:///{nowhere}")
    assert bad.code == 2
    assert json.loads(bad.out)["problems"][0]["line"] == 1
    assert not nowhere.parent.exists()
