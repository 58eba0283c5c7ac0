"""`zhili user`, `zhili token`: accounts, and the keys of machines. A secret is shown once, and never again."""

import sys
from collections.abc import Sequence
from datetime import timedelta

import click

from api.commands.console import json_option, show, show_table
from api.commands.running import checked_city
from api.commands.words import group, option, say
from api.new_passwords import new_password
from engine.errors import NotFound
from engine.ports import UnitOfWork
from registers.org import Account, AccountRegister, TokenRegister

LISTED = 200


def add_to(program: click.Group) -> None:
    """Put the commands into the program."""
    program.add_command(users)
    program.add_command(tokens)


@group("user", help="user")
def users() -> None:
    """Look after accounts."""


@users.command("add", help="user_add")
@click.argument("login")
@option("--name", required=True, help="user_name")
@option("--group", "groups", multiple=True, help="user_group")
@option("--phone", help="user_phone")
@option("--password-stdin", is_flag=True, help="password_stdin")
@json_option
def add(login: str, name: str, groups: Sequence[str], phone: str | None, *, password_stdin: bool) -> None:
    """Add an account; a generated password is shown once and has to be changed at the first sign-in."""
    password, generated = _password(login, from_stdin=password_stdin)
    with checked_city().units() as uow:
        accounts = uow.get(AccountRegister)
        account = accounts.add(login, name, password, phone=phone, groups=groups, must_change=generated)
        held = accounts.groups_of(account.id)
        uow.commit()
    document = _plain(account, held) | ({"password": password} if generated else {})
    lines = [say("user.added", login=account.login, groups=", ".join(held) or "—")]
    show(document, [*lines, *([say("user.password_once", password=password)] if generated else [])])


@users.command("list", help="user_list")
@option("--search", default="", help="user_search")
@json_option
def list_users(search: str) -> None:
    """List accounts with their groups."""
    with checked_city().units(read_only=True) as uow:
        found = [(one, uow.get(AccountRegister).groups_of(one.id)) for one in _all(uow, search)]
    columns = [say(f"column.{name}") for name in ("login", "name", "groups", "enabled")]
    shown = [(one.login, one.name, " ".join(held), say("yes" if one.enabled else "no")) for one, held in found]
    rows = [_plain(one, held) for one, held in found]
    show_table({"items": rows}, columns, shown)


@users.command("password", help="user_password")
@click.argument("login")
@option("--password-stdin", is_flag=True, help="password_stdin")
@json_option
def set_password(login: str, *, password_stdin: bool) -> None:
    """Give an account a new password and end its sessions; a generated one has to be changed."""
    password, generated = _password(login, from_stdin=password_stdin)
    with checked_city().units() as uow:
        account = _account(uow, login)
        uow.get(AccountRegister).set_password(account.id, password, must_change=generated)
        uow.commit()
    document = {"login": account.login} | ({"password": password} if generated else {})
    lines = [say("user.password_set", login=account.login)]
    show(document, [*lines, *([say("user.password_once", password=password)] if generated else [])])


@group("token", help="token")
def tokens() -> None:
    """Look after the keys of machines."""


@tokens.command("create", help="token_create")
@click.argument("login")
@option("--name", required=True, help="token_name")
@option("--days", type=click.IntRange(1, 3650), help="token_days")
@json_option
def create(login: str, name: str, days: int | None) -> None:
    """Make a token for an account; its text is shown here and never again."""
    city = checked_city()
    with city.units() as uow:
        expires_at = None if days is None else city.units.clock.now() + timedelta(days=days)
        token, text = uow.get(TokenRegister).create(_account(uow, login).id, name, expires_at=expires_at)
        uow.commit()
    document = {"id": token.id, "name": token.name, "login": login, "expires_at": token.expires_at, "token": text}
    show(document, [say("token.created", name=token.name, login=login), say("token.once", token=text)])


def _password(login: str, *, from_stdin: bool) -> tuple[str, bool]:
    """Return the password, and whether it was generated."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    return new_password([login]), True


def _account(uow: UnitOfWork, login: str) -> Account:
    found = uow.get(AccountRegister).find_by_login(login)
    if found is None:
        raise NotFound(kind="account", id=login)
    return found


def _all(uow: UnitOfWork, search: str) -> list[Account]:
    found: list[Account] = []
    while True:
        after = found[-1].login if found else None
        page = uow.get(AccountRegister).list_accounts(search=search, after=after, limit=LISTED)
        found += page
        if len(page) < LISTED:
            return found


def _plain(account: Account, groups: Sequence[str]) -> dict[str, object]:
    return {"login": account.login, "name": account.name, "groups": list(groups), "enabled": account.enabled}
