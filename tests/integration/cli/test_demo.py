"""`zhili demo`: a month of cases, lived through once."""

import csv
import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.bootstrap import opened_city
from api.config import ROOT, Settings
from api.demo import Demo, prepare_demo
from engine.services import history
from registers.cases import CaseQuery, CaseRegister, CaseStatus
from registers.org import AccountRegister
from tests.api_city import settings_for

PEOPLE = ("acceptor1", "dispatcher1", "leader1", "reviewer", "archivist", "gr", "cg")
CASES = 8


@pytest.fixture
def small(database_url: str, tmp_path: Path) -> Settings:
    """Give a fresh installation whose demonstration has a few people and cases only."""
    (tmp_path / "processes").symlink_to(ROOT / "processes")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    keep(tmp_path / "rules/city/accounts.csv", lambda rows: [row for row in rows if row["login"] in PEOPLE])
    keep(tmp_path / "rules/city/cases.csv", lambda rows: rows[: CASES - 2] + rows[-2:])
    for name in ("articles", "disputes", "mediators", "institutions", "patrol_objects"):
        keep(tmp_path / f"rules/city/{name}.csv", lambda _rows: [])
    (tmp_path / "rules/city/patrol_templates.json").write_text("[]", encoding="utf-8")
    return replace(settings_for(database_url), data_root=tmp_path)


def keep(file: Path, choose) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(choose(rows))


def prepare(settings: Settings, progress=lambda _done, _total: None) -> Demo:
    return prepare_demo(settings, lambda _stage: None, progress)


def cases_of(settings: Settings):
    with opened_city(settings) as city, city.units(read_only=True) as uow:
        return uow.get(CaseRegister).list_page(CaseQuery(limit=200, sort="received_at")).items


def test_the_month_ends_now_with_cases_at_different_stages_and_people_who_can_sign_in(small) -> None:
    made = prepare(small)
    assert (made.cases, made.steps > 0) == (CASES, True)
    cases = cases_of(small)
    assert CaseStatus.ARCHIVED in {case.status for case in cases}
    assert cases[-1].received_at <= datetime.now(UTC)
    assert (datetime.now(UTC) - cases[-1].reported_at).days == 0
    with opened_city(small) as city:
        with city.units() as uow:
            found = uow.get(AccountRegister).verify("acceptor1", made.password).account
        assert not found.must_change
        with city.units(read_only=True) as uow:
            actors = {event.actor for event in history.events(uow, kinds=("user_task.completed",), limit=200).items}
    assert "acceptor1" in actors
    assert actors <= set(PEOPLE)


def test_a_second_time_keeps_everything_and_shows_no_password(small) -> None:
    prepare(small)
    before = cases_of(small)
    again = prepare(small)
    assert (again.password, again.steps, again.cases) == (None, 0, CASES)
    assert cases_of(small) == before


def test_a_month_that_was_interrupted_is_lived_to_its_end_the_next_time(small) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(small, interrupt)
    assert len(cases_of(small)) == 3
    made = prepare(small)
    assert (made.cases, made.password) == (CASES, None)
    assert made.steps > 0
    assert len({case.external_id for case in cases_of(small)}) == CASES


def test_a_city_with_cases_of_its_own_gets_none_of_ours(small, zhili, tmp_path) -> None:
    database, root = {"url": small.database_url}, {"ZHILI_DATA_ROOT": str(small.data_root)}
    zhili("city", "load", **database, **root)
    zhili("deploy", **database, **root)
    file = tmp_path / "own.csv"
    file.write_text(
        "external_id,channel,title,detail,reported_at,region_code,reporter_name\n"
        "1,phone,路灯不亮,单元门口路灯不亮。,2026-11-20 08:00,230102001001,王某\n",
        "utf-8",
    )
    assert zhili("intake", "import", file, **database, **root).code == 0
    answer = zhili("demo", "--no-serve", "--json", **database, **root)
    assert answer.code == 0
    assert answer.document["cases"] == 1


def test_the_first_time_shows_the_password_once_and_one_account_per_role(small, zhili) -> None:
    arguments = {"url": small.database_url, "ZHILI_DATA_ROOT": str(small.data_root)}
    first = zhili("demo", "--no-serve", "--json", **arguments).document
    assert len(first["password"]) >= 12
    assert {one["login"] for one in first["accounts"]} >= {"acceptor1", "archivist"}
    assert zhili("demo", "--no-serve", "--json", **arguments).document["password"] is None


def test_a_port_that_is_taken_is_noticed_before_anything_is_made(zhili, empty_database_url) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = zhili("demo", "--port", other.getsockname()[1], url=empty_database_url)
    assert answer.code == 1
    assert zhili("db", "current", "--json", url=empty_database_url).document["current"] is None
