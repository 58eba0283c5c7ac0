"""Accounts as they are shown and changed by a system administrator."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.ports import UnitOfWork
from registers.org import Account, AccountRegister


def accounts_page(uow: UnitOfWork, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of accounts by login."""
    limit = given["limit"]
    found = uow.get(AccountRegister).list_accounts(search=given["search"], after=given["after"], limit=limit)
    last = found[-1].login if found and len(found) == limit else None
    return {"items": [shown(uow, account) for account in found], "next_after": last}


def account_by_id(uow: UnitOfWork, account_id: str) -> dict[str, object]:
    """Return an account; raises NotFound."""
    return shown(uow, uow.get(AccountRegister).get(account_id))


def add_account(uow: UnitOfWork, given: Mapping[str, Any]) -> dict[str, object]:
    """Add an account; raises Invalid, Conflict."""
    account = uow.get(AccountRegister).add(
        given["login"], given["name"], given["password"], phone=given["phone"], groups=given["groups"]
    )
    made = shown(uow, account)
    uow.commit()
    return made


def change_account(uow: UnitOfWork, account_id: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Change what is named and leave the rest; raises NotFound, Invalid."""
    accounts = uow.get(AccountRegister)
    account = accounts.get(account_id)
    if "groups" in given:
        accounts.set_groups(account_id, given["groups"])
    if "password" in given:
        account = accounts.set_password(account_id, given["password"], must_change=True)
    if "enabled" in given:
        account = accounts.enable(account_id) if given["enabled"] else accounts.disable(account_id)
    changed = shown(uow, account)
    uow.commit()
    return changed


def shown(uow: UnitOfWork, account: Account) -> dict[str, object]:
    """Return an account with its groups."""
    return {**asdict(account), "groups": uow.get(AccountRegister).groups_of(account.id)}
