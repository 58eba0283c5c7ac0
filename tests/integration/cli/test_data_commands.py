"""`zhili db`, `city`, `calendar`, `openapi`."""

from api.calendar_seed import seed_calendar_rows
from registers.codes import CodeRegister
from registers.org import UnitRegister
from registers.regions import RegionRegister


def test_an_empty_database_is_upgraded_once(zhili, empty_database_url) -> None:
    before = zhili("db", "current", "--json", url=empty_database_url).document
    assert before["current"] is None
    assert not before["up_to_date"]
    assert zhili("db", "upgrade", "--json", url=empty_database_url).document["current"] == before["newest"]
    assert "newest already" in zhili("db", "upgrade", url=empty_database_url).out
    assert zhili("db", "current", "--json", url=empty_database_url).document["up_to_date"]


def test_the_city_is_loaded_and_loading_it_again_changes_nothing(zhili, database_url) -> None:
    first = zhili("city", "load", "--json", url=database_url).document
    assert first["regions"] == 3506
    assert first == zhili("city", "load", "--json", url=database_url).document


def test_a_wrong_row_is_named_by_its_file_and_nothing_is_loaded(zhili, database_url, tmp_path) -> None:
    for folder in ("processes", "rules/codes", "rules/city"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "rules/codes/channels.csv").write_text("code,name\nphone,热线\n", "utf-8")
    (tmp_path / "rules/city/regions.csv").write_text(
        "code,name,level,parent_code\n230000000000,黑龙江省,province,\n23,错,city,\n", "utf-8"
    )
    (tmp_path / "rules/city/units.csv").write_text("code,name,kind,parent,region_code\n", "utf-8")
    answer = zhili("city", "load", url=database_url, ZHILI_DATA_ROOT=str(tmp_path))
    assert answer.code == 2
    assert f"{tmp_path / 'rules/city/regions.csv'} [row 3]" in answer.err
    assert counts(database_url) == (0, 0, 0)


def counts(url: str) -> tuple[int, int, int]:
    from api.bootstrap import open_city  # noqa: PLC0415  late, like the fixtures of databases
    from tests.api_city import settings_for  # noqa: PLC0415

    city = open_city(settings_for(url))
    with city.units(read_only=True) as uow:
        found = uow.get(RegionRegister).list_children(None), uow.get(UnitRegister).list_units()
        tables = uow.get(CodeRegister).list_tables()
    city.units.engine.dispose()
    return len(found[0]), len(found[1]), len(tables)


def test_the_seed_of_a_year_is_the_table_that_the_calendar_reads(zhili) -> None:
    lines = zhili("calendar", "seed", 2026).out.splitlines()
    assert lines[0] == "date,kind,name,source"
    assert len(lines) == 1 + len(seed_calendar_rows(2026))
    assert zhili("calendar", "seed", "soon").code == 2


def test_the_description_is_written_and_a_stale_one_is_noticed(zhili, database_url, tmp_path) -> None:
    file = tmp_path / "openapi.json"
    assert zhili("openapi", "--check", "--file", file, url=database_url).code == 1
    assert zhili("openapi", "--file", file, url=database_url).code == 0
    assert zhili("openapi", "--check", "--file", file, url=database_url).code == 0
    file.write_text("{}", "utf-8")
    assert zhili("openapi", "--check", "--file", file, url=database_url).code == 1
    assert file.read_text("utf-8") == "{}"
