"""The mediators, institutions and disputes of the demonstration city can be loaded and mediated."""

import csv
from datetime import date

from api.bootstrap import open_city
from api.config import ROOT
from api.dispute_loading import load_mediation, read_disputes
from api.dispute_reporting import register_dispute
from engine.clock import FixedClock
from registers.disputes import DisputeQuery, DisputeRegister, MediatorQuery, MediatorRegister, is_id_number
from registers.org import AccountRegister
from tests.api_city import NOW, settings_for

RULES = ROOT / "rules"
TODAY = date(2026, 11, 23)


def add_people(uow) -> None:
    with (RULES / "city/accounts.csv").open(encoding="utf-8", newline="") as lines:
        logins = {row["login"]: row["name"] for row in csv.DictReader(lines)}
    with (RULES / "city/mediators.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            uow.get(AccountRegister).add(row["login"], logins[row["login"]], "Trial-City-2026")


def test_the_city_of_the_demonstration_is_loaded_twice_without_a_change(city_url) -> None:
    city = open_city(settings_for(city_url), FixedClock(NOW))
    with city.units() as uow:
        add_people(uow)
        loaded = load_mediation(uow, RULES)
        assert loaded == load_mediation(uow, RULES)
        uow.commit()
    with city.units(read_only=True) as uow:
        assert len(uow.get(MediatorRegister).list_mediators(MediatorQuery(limit=200))) == loaded[0]
    city.units.engine.dispose()


def test_every_dispute_of_the_demonstration_is_registered_and_accepted_by_a_committee(city_url) -> None:
    city = open_city(settings_for(city_url), FixedClock(NOW))
    disputes = read_disputes(RULES, TODAY, "demo")
    assert len(disputes) >= 25
    assert [days for days, _ in disputes] == sorted((days for days, _ in disputes), reverse=True)
    for days, new in disputes:
        if new.superior_due_on is not None and new.superior_due_on < TODAY:
            continue  # its deadline is over today; the demonstration registers it on its own day
        with city.units() as uow:
            made = register_dispute(uow, new, by="demo")
        assert made.committee_unit.startswith(new.region_code[:6]), days
    with city.units(read_only=True) as uow:
        found = uow.get(DisputeRegister).count(DisputeQuery())
    assert set(found.by_status) == {"registered"}
    assert len(found.by_type) >= 15
    city.units.engine.dispose()


def test_the_people_of_the_demonstration_are_nobody() -> None:
    for _, new in read_disputes(RULES, TODAY, "demo"):
        for party in new.parties:
            assert party.phone.startswith("1990000")
            assert "某" in party.name
            if party.id_number is not None:
                assert is_id_number(party.id_number)
                assert party.id_number.startswith("990000")  # no division of the country
