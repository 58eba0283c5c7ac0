"""The town in which scenarios play: prepared once, copied for each scenario, its time standing still."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from os import getpid
from pathlib import Path

from api import demo_matters
from api.bootstrap import ENGINE, load_handlers
from api.city_loading import load_city
from api.demo import read_people
from api.permissions import grants_of
from api.process_tests.library import Library
from api.process_tests.witness import Witness
from api.simulate.habits import Habits, load_habits
from api.simulate.trial import HABITS
from engine.clock import FixedClock
from engine.persistence import migrate
from engine.persistence.scratch import hasty_engine, scratch_copy
from engine.persistence.unit_of_work import UnitOfWorkFactory
from engine.ports import UnitOfWork
from engine.services import deployments
from registers.org import AccountRegister

BY = "process-test"
FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
TEMPLATE = "town.db"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Town:
    """A prepared database, and who lives there.

    people  login → groups
    able    permission → logins of those who hold it, in order
    """

    folder: Path
    people: Mapping[str, tuple[str, ...]]
    able: Mapping[str, tuple[str, ...]]
    habits: Habits

    @contextmanager
    def opened(self, clock: FixedClock, witness: Witness) -> Iterator[UnitOfWorkFactory]:
        """Open a copy of its own for one scenario."""
        load_handlers()
        file = self.folder / f"{getpid()}-{next(_NUMBERS)}.db"
        settings = replace(ENGINE, rehearsal=witness)
        with scratch_copy(self.folder / TEMPLATE, file) as engine:
            yield UnitOfWorkFactory(engine, clock, settings)


def build_town(root: Path, library: Library, folder: Path) -> Town:
    """Load the demonstration's city and its people, deploy a library; nobody there can sign in.

    Raises  Invalid, DeploymentError
    """
    file = folder / TEMPLATE
    migrate.upgrade(f"sqlite:///{file}")
    load_handlers()
    rules = root / "rules"
    people = {person.login: person for person in read_people(rules)}
    groups = {login: tuple(person.groups) for login, person in people.items()}
    engine = hasty_engine(file)
    units = UnitOfWorkFactory(engine, FixedClock(FOUNDED), replace(ENGINE, start_timers=False))
    try:
        with units() as uow:
            load_city(uow, rules)
        with units() as uow:
            deployments.deploy(uow, library.resources, note="", by=BY)
        with units() as uow:
            for person in people.values():
                uow.get(AccountRegister).add(person.login, person.name, None, groups=person.groups, must_change=False)
            uow.commit()
        with units() as uow:
            demo_matters.furnish(uow, rules)
        with units(read_only=True) as uow:
            able = _able(uow, groups)
    finally:
        engine.dispose()
    return Town(folder, groups, able, load_habits(root / HABITS))


def _able(uow: UnitOfWork, people: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return permission → who holds it; many people hold the same roles, so each set of roles is looked at once."""
    roles = {login: frozenset(group.partition("@")[0] for group in groups) for login, groups in people.items()}
    granted = {held: frozenset(grants_of(uow, held)) for held in set(roles.values())}
    permissions = frozenset().union(*granted.values())
    return {one: tuple(login for login in sorted(people) if one in granted[roles[login]]) for one in permissions}
