"""A city for tests of the interface: the real code tables, regions, units, diagrams and rules, and a few people.

Alice works in the grid of 道里区, Bob supervises the city, Charlie is a stranger from another district; the others
hold one role each.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from api.bootstrap import open_city
from api.city_loading import load_city
from api.config import ROOT, Settings
from api.source_files import default_paths, read_files, resources
from engine.clock import Clock, FixedClock
from engine.ports import UnitOfWork
from engine.services import deployments
from registers.org import AccountRegister, TokenRegister

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # a Monday, 09:30 in the city
PASSWORD = "Trial-City-2026"
CENTRE, DISTRICT, OTHER_DISTRICT = "230100", "230102", "230103"
COMMUNITY = "230102001001"

PEOPLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "alice": ("爱丽丝", ("grid_worker@230102", "grid_worker@230102001")),
    "bob": ("鲍勃", ("supervisor@230100",)),
    "charlie": ("查理", ("grid_worker@230103",)),
    "acceptor": ("陈受理", ("acceptor@230100",)),
    "acceptor2": ("高受理", ("acceptor@230100",)),
    "dispatcher": ("程派遣", ("dispatcher@230100",)),
    "leader": ("罗班长", ("duty_leader@230100",)),
    "handler": ("韩处置", ("handler@230100-GS",)),
    "heating": ("何供热", ("handler@230100-GR",)),
    "reviewer": ("任审核", ("reviewer@230100",)),
    "archivist": ("安归档", ("archivist@230100",)),
    "commander": ("孔指挥", ("commander@230100",)),
    "head": ("郝派遣", ("dispatch_head@230100",)),
    "director": ("董主任", ("director@230100",)),
    "chief": ("祁负责", ("dept_leader@230100-GS",)),
    "designer": ("戴流程", ("process_admin@230100",)),
    "ruler": ("吕规则", ("rule_admin@230100",)),
    "admin": ("安系统", ("system_admin@230100",)),
    "auditor": ("沈审计", ("auditor@230100",)),
    "citizen": ("池公众", ("citizen@230100",)),
    "neighbour": ("邻公众", ("citizen@230100",)),
    "editor": ("艾采编", ("knowledge_editor@230100-GR",)),
    "editor2": ("闻采编", ("knowledge_editor@230100-YB",)),
    "colleague": ("柯采编", ("knowledge_editor@230100-GR",)),
    "examiner": ("严审核", ("knowledge_reviewer@230100",)),
    "examiner2": ("余审核", ("knowledge_reviewer@230100", "knowledge_editor@230100")),
    "steward": ("成管理", ("unit_admin@230100-GR",)),
    "committee": ("甄调委", ("mediation_committee@230102001001",)),
    "street_committee": ("戚调委", ("mediation_committee@230102001", "mediation_committee@230102002")),
    "district_committee": ("慕调委", ("mediation_committee@230102",)),
    "far_committee": ("南调委", ("mediation_committee@230103",)),
    "mira": ("米调解", ("mediator@230102001001",)),
    "milo": ("苗调解", ("mediator@230102001001",)),
    "stella": ("斯调解", ("mediator@230102001",)),
    "dora": ("杜调解", ("mediator@230102",)),
    "nora": ("诺调解", ("mediator@230103",)),
    "lawyer": ("陆律师", ("institution_mediator@230100-LST",)),
    "arbiter": ("钟仲裁", ("institution_mediator@230100-ZCW",)),
    "pat": ("裴巡管", ("patrol_manager@230102",)),
    "pit": ("皮巡管", ("patrol_manager@230100",)),
    "warden": ("万格长", ("grid_leader@230102",)),
    "wendy": ("温网格", ("grid_worker@230102001",)),
    "walter": ("沃网格", ("grid_worker@230102",)),
}


def settings_for(url: str) -> Settings:
    """Return the settings of a test installation."""
    return Settings(database_url=url, data_root=ROOT)


def populate(url: str, clock: Clock | None = None) -> dict[str, str]:
    """Load the city, deploy the diagrams and rules, add the people; returns a token for each."""
    city = open_city(settings_for(url), clock or FixedClock(NOW))
    with city.units() as uow:
        load_city(uow, ROOT / "rules")
        deployments.deploy(uow, resources(read_files(default_paths(ROOT))), note="", by="test")
    with city.units() as uow:
        tokens = {login: _person(uow, login, name, groups) for login, (name, groups) in PEOPLE.items()}
        uow.commit()
    city.units.engine.dispose()  # type: ignore[attr-defined]  # the factory of the persistence layer
    return tokens


def _person(uow: UnitOfWork, login: str, name: str, groups: tuple[str, ...]) -> str:
    account = uow.get(AccountRegister).add(login, name, PASSWORD, groups=groups, must_change=False)
    return uow.get(TokenRegister).create(account.id, "test")[1]


def file_of(name: str) -> Path:
    """Return a file of the source."""
    return ROOT / name
