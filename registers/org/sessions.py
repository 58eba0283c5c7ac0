"""Sign-in sessions: kept here, so that they can be ended here; the browser holds only a random cookie."""

import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update

from engine.persistence.base import Register
from registers.org.tables import AccountRow, LoginSessionRow
from registers.org.tokens import digest

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# `seen_at` is written once a minute at most: reading must not cost a write each time.
SEEN_EVERY = timedelta(minutes=1)
COOKIE_BYTES = 32


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One signed-in browser; `id` is a hash and safe to show."""

    id: str
    account_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


COLUMNS = [getattr(LoginSessionRow, field.name) for field in fields(LoginSession)]


class SessionRegister(Register):
    """Opens, finds and closes sessions."""

    def open(self, account_id: str) -> tuple[LoginSession, str]:
        """Start a session; the cookie's text is returned here and never again."""
        text = secrets.token_urlsafe(COOKIE_BYTES)
        now = self.clock.now()
        row = self.connection.execute(
            insert(LoginSessionRow)
            .values(
                id=digest(text),
                account_id=account_id,
                created_at=now,
                seen_at=now,
                expires_at=now + ABSOLUTE,
            )
            .returning(*COLUMNS)
        ).one()
        return LoginSession(**row._asdict()), text

    def find(self, text: str) -> LoginSession | None:
        """Return the live session of a cookie and note that it was seen (commit!); None when it is over.

        Over means: closed, idle for 30 minutes, older than 12 hours, or its account disabled.
        """
        now = self.clock.now()
        statement = (
            select(*COLUMNS)
            .join(AccountRow, AccountRow.id == LoginSessionRow.account_id)
            .where(
                LoginSessionRow.id == digest(text),
                LoginSessionRow.revoked_at.is_(None),
                LoginSessionRow.expires_at > now,
                LoginSessionRow.seen_at > now - IDLE,
                AccountRow.enabled.is_(True),
            )
        )
        row = self.connection.execute(statement).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= SEEN_EVERY:
            self.connection.execute(update(LoginSessionRow).where(LoginSessionRow.id == row.id).values(seen_at=now))
        return LoginSession(**row._asdict())

    def close(self, text: str) -> None:
        """End the session of a cookie; an unknown one is no error."""
        self._revoke(LoginSessionRow.id == digest(text))

    def close_all(self, account_id: str) -> None:
        """End all sessions of an account."""
        self._revoke(LoginSessionRow.account_id == account_id)

    def list_live(self, account_id: str) -> tuple[LoginSession, ...]:
        """Return the account's sessions that are not over, newest first."""
        now = self.clock.now()
        statement = select(*COLUMNS).where(
            LoginSessionRow.account_id == account_id,
            LoginSessionRow.revoked_at.is_(None),
            LoginSessionRow.expires_at > now,
            LoginSessionRow.seen_at > now - IDLE,
        )
        rows = self.connection.execute(statement.order_by(LoginSessionRow.created_at.desc()))
        return tuple(LoginSession(**row._asdict()) for row in rows)

    def remove_ended(self, before: datetime) -> int:
        """Delete sessions that expired before an instant; returns how many."""
        return self.connection.execute(delete(LoginSessionRow).where(LoginSessionRow.expires_at < before)).rowcount

    def _revoke(self, which: ColumnElement[bool]) -> None:
        """Mark sessions as ended."""
        statement = update(LoginSessionRow).where(which, LoginSessionRow.revoked_at.is_(None))
        self.connection.execute(statement.values(revoked_at=self.clock.now()))
