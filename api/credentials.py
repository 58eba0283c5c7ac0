"""Cookies and tokens: from what a request carries to the account behind it, with its groups and permissions."""

from dataclasses import dataclass, field

from api.context import city, now
from api.permissions import Grants, grants_of
from api.problems import SignInRequired
from engine.ports import UnitOfWork
from registers.org import Account, AccountRegister, SessionRegister, TokenRegister


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, its groups, and its permissions with the units at which it holds them.

    The scopes of a token narrow the permissions.
    """

    account: Account
    groups: tuple[str, ...]
    grants: Grants = field(default_factory=dict)
    session: str | None = None
    token_id: str | None = None

    @property
    def login(self) -> str:
        """Return the name under which everything she does is recorded."""
        return self.account.login

    @property
    def permissions(self) -> frozenset[str]:
        """Return what she may do anywhere."""
        return frozenset(self.grants)

    def may(self, permission: str) -> bool:
        """Tell whether she holds a permission anywhere."""
        return permission in self.grants

    def units_with(self, permission: str) -> frozenset[str]:
        """Return the units at which she holds a permission."""
        return self.grants.get(permission, frozenset())


def by_token(text: str) -> Caller:
    """Return the caller behind an API token, or raise SignInRequired."""
    at = now()
    with city().units(read_only=city().uses.is_noted(text, at)) as uow:
        token = uow.get(TokenRegister).verify(text)
        if token is None:
            raise SignInRequired(code="token-invalid")
        account, groups, granted = _rights(uow, token.account_id)
        uow.commit()
    city().uses.note(text, token.last_used_at, at)
    scoped = {name: units for name, units in granted.items() if not token.scopes or name in token.scopes}
    return Caller(account, groups, scoped, token_id=token.id)


def by_session(cookie: str) -> Caller:
    """Return the caller behind a session cookie, or raise SignInRequired."""
    at = now()
    with city().units(read_only=city().uses.is_noted(cookie, at)) as uow:
        session = uow.get(SessionRegister).find(cookie)
        if session is None:
            raise SignInRequired(code="session-over")
        account, groups, granted = _rights(uow, session.account_id)
        uow.commit()
    city().uses.note(cookie, session.seen_at, at)
    return Caller(account, groups, granted, session=cookie)


def _rights(uow: UnitOfWork, account_id: str) -> tuple[Account, tuple[str, ...], Grants]:
    accounts = uow.get(AccountRegister)
    groups = accounts.groups_of(account_id)
    return accounts.get(account_id), groups, grants_of(uow, groups)


def caller_of(uow: UnitOfWork, account_id: str) -> Caller:
    """Return an account as a caller, without a credential."""
    return Caller(*_rights(uow, account_id))
