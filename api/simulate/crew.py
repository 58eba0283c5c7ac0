"""The robots: accounts with the groups of a role, and a token each. Nobody knows their passwords."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.simulate.habits import Habits, Post
from engine.ports import UnitOfWork, UnitOfWorkFactory
from registers.org import Account, AccountRegister, TokenRegister, UnitKind, UnitRegister

TOKEN_NAME = "simulate"  # noqa: S105  the name of a token, not its text
LOGIN = "robot"
OBSERVER = f"{LOGIN}-observer"
PAGE = 200


@dataclass(frozen=True, slots=True)
class Robot:
    """One account at work."""

    login: str
    token: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody: who works, and who moves the clock and reads the results."""

    robots: tuple[Robot, ...]
    observer: Robot

    @property
    def everybody(self) -> tuple[Robot, ...]:
        """Return all of them."""
        return (*self.robots, self.observer)


def muster(units: UnitOfWorkFactory, habits: Habits) -> Crew:
    """Make sure that the robots' accounts exist with the right groups, and give each a fresh token.

    People whose roles the habits name as enlisted work too, each as herself: some tasks go to a person by name.
    """
    with units() as uow:
        robots = [_robot(uow, login, name, groups) for login, name, groups in _posts(uow, habits)]
        robots += [_enlisted(uow, account) for account in _people(uow, habits.enlisted)]
        observer = _robot(uow, OBSERVER, "观察员", habits.observer)
        uow.commit()
    return Crew(tuple(robots), observer)


def dismiss(units: UnitOfWorkFactory, crew: Crew) -> None:
    """Revoke every token of a crew, and let nobody sign in as a robot."""
    with units() as uow:
        accounts = uow.get(AccountRegister)
        for robot in crew.everybody:
            account = accounts.find_by_login(robot.login)
            if account is not None:
                _revoke(uow, account)
                if account.login.startswith(f"{LOGIN}-"):
                    accounts.disable(account.id)
        uow.commit()


def _posts(uow: UnitOfWork, habits: Habits) -> Iterator[tuple[str, str, list[str]]]:
    for post in habits.posts:
        groups = _groups(uow, post)
        parts = [groups[start : start + post.most] for start in range(0, len(groups), post.most)]
        for number, part in enumerate(parts, start=1):
            login = "-".join([LOGIN, post.role.replace("_", "-"), post.kinds[0].replace("_", "-"), str(number)])
            yield login, f"机器人·{post.name} {number}", part


def _groups(uow: UnitOfWork, post: Post) -> list[str]:
    found = [unit for kind in post.kinds for unit in uow.get(UnitRegister).list_units(kind=UnitKind(kind))]
    return [f"{post.role}@{unit.code}" for unit in found]


def _people(uow: UnitOfWork, roles: frozenset[str]) -> Iterator[Account]:
    """Return the enabled accounts with one of some roles, robots left out."""
    accounts, after = uow.get(AccountRegister), None
    while page := accounts.list_accounts(after=after, limit=PAGE):
        for account in page:
            held = {group.partition("@")[0] for group in accounts.groups_of(account.id)}
            if account.enabled and not account.login.startswith(f"{LOGIN}-") and held & roles:
                yield account
        after = page[-1].login


def _enlisted(uow: UnitOfWork, account: Account) -> Robot:
    groups = uow.get(AccountRegister).groups_of(account.id)
    return Robot(account.login, _token(uow, account), frozenset(groups))


def _robot(uow: UnitOfWork, login: str, name: str, groups: Sequence[str]) -> Robot:
    accounts = uow.get(AccountRegister)
    account = accounts.find_by_login(login)
    if account is None:
        # Four classes of characters whatever comes out of the random part.
        account = accounts.add(login, name, f"Aa0-{secrets.token_urlsafe(24)}", groups=groups, must_change=False)
    else:
        accounts.enable(account.id)
        accounts.set_groups(account.id, groups)
    return Robot(login, _token(uow, account), frozenset(groups))


def _token(uow: UnitOfWork, account: Account) -> str:
    _revoke(uow, account)
    return uow.get(TokenRegister).create(account.id, TOKEN_NAME)[1]


def _revoke(uow: UnitOfWork, account: Account) -> None:
    tokens = uow.get(TokenRegister)
    for token in tokens.list_tokens(account.id):
        if token.name == TOKEN_NAME and token.revoked_at is None:
            tokens.revoke(token.id)
