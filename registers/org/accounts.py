"""Accounts: who may sign in, and the groups (`role@unit`) they belong to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update

from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.codes import CodeRegister
from registers.org.passwords import NO_PASSWORD, PasswordPolicy, hash_password, is_outdated, matches
from registers.org.sessions import SessionRegister
from registers.org.tables import AccountGroupRow, AccountRow
from registers.org.units import UnitRegister

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
GROUP = re.compile(r"(?P<role>[a-z][a-z_]{1,39})@(?P<unit>[0-9A-Z-]{6,32})")
NAME_MAX, PHONE_MAX = 100, 32
MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
POLICY = PasswordPolicy()


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in; nothing about the password."""

    id: str
    login: str
    name: str
    phone: str | None
    enabled: bool
    must_change: bool
    failed_attempts: int
    locked_until: datetime | None
    created_at: datetime


class Refusal(StrEnum):
    """Why a sign-in was refused: for the audit, never for the one who tried."""

    WRONG = "wrong"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of a sign-in. Commit in any case: a refused one counts."""

    account: Account | None
    refusal: Refusal | None = None


COLUMNS = [getattr(AccountRow, field.name) for field in fields(Account)]


class AccountRegister(Register):
    """Adds, changes and checks accounts."""

    def add(
        self,
        login: str,
        name: str,
        password: str | None,
        *,
        phone: str | None = None,
        groups: Iterable[str] = (),
        must_change: bool = True,
    ) -> Account:
        """Add an account; without a password nobody can sign in to it.

        Raises  Invalid for bad fields, Conflict for a login that is taken
        """
        login = login.strip().lower()
        _check_person(login, name, phone)
        if password is not None:
            POLICY.check(password, login)
        if self.find_by_login(login) is not None:
            raise Conflict(f"The login {login} is taken.", code="login-taken", login=login)
        account_id = str(uuid4())
        self.connection.execute(
            insert(AccountRow).values(
                id=account_id,
                login=login,
                name=name.strip(),
                phone=phone,
                password_hash=NO_PASSWORD if password is None else hash_password(password),
                enabled=True,
                must_change=must_change,
                failed_attempts=0,
                locked_until=None,
                created_at=self.clock.now(),
            )
        )
        self.set_groups(account_id, groups)
        return self.get(account_id)

    def find(self, account_id: str) -> Account | None:
        """Return an account by id, or None."""
        row = self.connection.execute(select(*COLUMNS).where(AccountRow.id == account_id)).one_or_none()
        return None if row is None else Account(**row._asdict())

    def find_by_login(self, login: str) -> Account | None:
        """Return an account by login, or None."""
        wanted = AccountRow.login == login.strip().lower()
        row = self.connection.execute(select(*COLUMNS).where(wanted)).one_or_none()
        return None if row is None else Account(**row._asdict())

    def get(self, account_id: str) -> Account:
        """Return an account by id, or raise NotFound."""
        found = self.find(account_id)
        if found is None:
            raise NotFound(kind="account", id=account_id)
        return found

    def list_accounts(self, *, search: str = "", after: str | None = None, limit: int = 50) -> tuple[Account, ...]:
        """Return accounts by login, from the one after the login `after`; `search` stands in login or name."""
        statement = select(*COLUMNS).order_by(AccountRow.login).limit(limit)
        if after is not None:
            statement = statement.where(AccountRow.login > after)
        if search:
            known_as = (
                AccountRow.login.contains(search, autoescape=True),
                AccountRow.name.contains(search, autoescape=True),
            )
            statement = statement.where(known_as[0] | known_as[1])
        return tuple(Account(**row._asdict()) for row in self.connection.execute(statement))

    def enable(self, account_id: str) -> Account:
        """Let the account sign in again; a lock is lifted too."""
        return self._change(account_id, enabled=True, failed_attempts=0, locked_until=None)

    def disable(self, account_id: str) -> Account:
        """Keep the account from signing in, and end its sessions."""
        SessionRegister(self.connection, self.clock).close_all(account_id)
        return self._change(account_id, enabled=False)

    def set_password(self, account_id: str, password: str, *, must_change: bool = False) -> Account:
        """Give the account a new password and end its sessions. Raises Invalid where the policy is broken."""
        account = self.get(account_id)
        POLICY.check(password, account.login)
        SessionRegister(self.connection, self.clock).close_all(account_id)
        return self._change(
            account_id,
            password_hash=hash_password(password),
            must_change=must_change,
            failed_attempts=0,
            locked_until=None,
        )

    def verify(self, login: str, password: str) -> SignIn:
        """Check a login with its password; takes the same time whether or not the login exists.

        Five failures in a row lock the account for 15 minutes; commit the transaction in any case.
        """
        account = self.find_by_login(login)
        fits = matches(password, None if account is None else self._hash_of(account.id))
        if account is None:
            return SignIn(None, Refusal.WRONG)
        now = self.clock.now()
        if account.locked_until is not None and now < account.locked_until:
            return SignIn(None, Refusal.LOCKED)
        if not fits:
            self._count_failure(account)
            return SignIn(None, Refusal.WRONG)
        if not account.enabled:
            return SignIn(None, Refusal.DISABLED)
        return SignIn(self._admit(account, password))

    def groups_of(self, account_id: str) -> tuple[str, ...]:
        """Return the groups of an account, sorted."""
        statement = select(AccountGroupRow.group_name).where(AccountGroupRow.account_id == account_id)
        return tuple(self.connection.execute(statement.order_by(AccountGroupRow.group_name)).scalars())

    def set_groups(self, account_id: str, groups: Iterable[str]) -> tuple[str, ...]:
        """Make `groups` the account's only groups; sessions end when they change, so that no old right lives on."""
        wanted = sorted(set(groups))
        self._check_groups(wanted)
        known = self.groups_of(account_id)
        if tuple(wanted) == known:
            return known
        self.connection.execute(delete(AccountGroupRow).where(AccountGroupRow.account_id == account_id))
        if wanted:
            rows = [{"account_id": account_id, "group_name": group} for group in wanted]
            self.connection.execute(insert(AccountGroupRow), rows)
        SessionRegister(self.connection, self.clock).close_all(account_id)
        return tuple(wanted)

    def members_of(self, group: str) -> tuple[Account, ...]:
        """Return the enabled accounts of a group, by login."""
        statement = (
            select(*COLUMNS)
            .join(AccountGroupRow, AccountGroupRow.account_id == AccountRow.id)
            .where(AccountGroupRow.group_name == group, AccountRow.enabled.is_(True))
            .order_by(AccountRow.login)
        )
        return tuple(Account(**row._asdict()) for row in self.connection.execute(statement))

    def count(self) -> int:
        """Return the number of accounts."""
        return self.connection.execute(select(func.count()).select_from(AccountRow)).scalar_one()

    def _hash_of(self, account_id: str) -> str:
        """Return the stored hash; it never leaves this register."""
        return self.connection.execute(select(AccountRow.password_hash).where(AccountRow.id == account_id)).scalar_one()

    def _count_failure(self, account: Account) -> None:
        """Count a failure; the fifth in a row locks, and a lock that is over starts the count again."""
        was_locked = account.locked_until is not None
        failures = 1 if was_locked else AccountRow.failed_attempts + 1
        statement = update(AccountRow).where(AccountRow.id == account.id)
        counted = self.connection.execute(
            statement.values(failed_attempts=failures, locked_until=None).returning(AccountRow.failed_attempts)
        ).scalar_one()
        if counted >= MAX_FAILURES:
            self.connection.execute(statement.values(locked_until=self.clock.now() + LOCKED_FOR))

    def _admit(self, account: Account, password: str) -> Account:
        """Forget the failures, and renew a hash that was made with weaker parameters."""
        if is_outdated(self._hash_of(account.id)):
            self._change(account.id, password_hash=hash_password(password))
        if account.failed_attempts or account.locked_until is not None:
            return self._change(account.id, failed_attempts=0, locked_until=None)
        return account

    def _change(self, account_id: str, **values: object) -> Account:
        """Change columns of an account, or raise NotFound."""
        statement = update(AccountRow).where(AccountRow.id == account_id).values(**values).returning(*COLUMNS)
        row = self.connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound(kind="account", id=account_id)
        return Account(**row._asdict())

    def _check_groups(self, groups: Iterable[str]) -> None:
        """Raise Invalid where a group is not `role@unit` with a known unit."""
        found = {group: GROUP.fullmatch(group) for group in groups}
        problems = [
            Problem("group-malformed", "groups", f"{group} is not a group of the form role@unit.", {"value": group})
            for group, match in found.items()
            if match is None
        ]
        if problems:
            raise Invalid(problems=problems)
        matches = [match for match in found.values() if match is not None]
        UnitRegister(self.connection, self.clock).require((match["unit"] for match in matches), "groups")
        self._check_roles({match["role"] for match in matches})

    def _check_roles(self, roles: Iterable[str]) -> None:
        """Raise Invalid where the code table of roles does not know one; a city without that table has free roles."""
        known = {code.code for code in CodeRegister(self.connection, self.clock).list_codes("roles")}
        problems = [
            Problem("unknown-role", "groups", f"There is no role {role}.", {"value": role})
            for role in sorted(roles)
            if known and role not in known
        ]
        if problems:
            raise Invalid(problems=problems)


def _check_person(login: str, name: str, phone: str | None) -> None:
    """Raise Invalid for a login, name or phone that cannot be kept."""
    problems = []
    if not LOGIN.fullmatch(login):
        message = "A login has 2 to 64 characters: a-z, 0-9, dot, hyphen, underscore."
        problems.append(Problem("login-malformed", "login", message))
    if not 1 <= len(name.strip()) <= NAME_MAX:
        message = f"A name has 1 to {NAME_MAX} characters."
        problems.append(Problem("name-length", "name", message, {"max": NAME_MAX}))
    if phone is not None and len(phone) > PHONE_MAX:
        message = f"A phone number has at most {PHONE_MAX} characters."
        problems.append(Problem("phone-length", "phone", message, {"max": PHONE_MAX}))
    if problems:
        raise Invalid(problems=problems)
