"""API tokens: 256-bit keys of machines, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from engine.errors import Invalid, NotFound, Problem
from engine.persistence.base import Register
from registers.org.tables import AccountRow, ApiTokenRow

KIND = "zhili_"  # so that a scanner finds a token that was left in a file
SECRET_BYTES = 32
PREFIX_LENGTH = len(KIND) + 6
NAME_MAX = 100
# A use is noted once a minute at most: reading must not cost a write each time.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known about a token; its prefix tells people which one it is."""

    id: str
    name: str
    prefix: str
    account_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


COLUMNS = [getattr(ApiTokenRow, field.name) for field in fields(ApiToken)]


class TokenRegister(Register):
    """Makes, checks and revokes tokens."""

    def create(
        self, account_id: str, name: str, *, scopes: Iterable[str] = (), expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """Make a token for an account; the text is returned here and never again."""
        if not 1 <= len(name.strip()) <= NAME_MAX:
            message = f"A name has 1 to {NAME_MAX} characters."
            raise Invalid(problems=[Problem("name-length", "name", message, {"max": NAME_MAX})])
        if expires_at is not None and expires_at <= self.clock.now():
            raise Invalid(problems=[Problem("expiry-in-past", "expires_at", "The expiry lies in the past.")])
        text = KIND + secrets.token_urlsafe(SECRET_BYTES)
        row = self.connection.execute(
            insert(ApiTokenRow)
            .values(
                id=str(uuid4()),
                name=name.strip(),
                prefix=text[:PREFIX_LENGTH],
                hash=digest(text),
                account_id=account_id,
                scopes=sorted(set(scopes)),
                created_at=self.clock.now(),
                expires_at=expires_at,
            )
            .returning(*COLUMNS)
        ).one()
        return _token(row._asdict()), text

    def verify(self, text: str) -> ApiToken | None:
        """Return the token of this text while it is valid and its account enabled, and note its use; or None."""
        now = self.clock.now()
        statement = (
            select(*COLUMNS)
            .join(AccountRow, AccountRow.id == ApiTokenRow.account_id)
            .where(ApiTokenRow.hash == digest(text), ApiTokenRow.revoked_at.is_(None), AccountRow.enabled.is_(True))
        )
        row = self.connection.execute(statement).one_or_none()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            return None
        if row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY:
            self.connection.execute(update(ApiTokenRow).where(ApiTokenRow.id == row.id).values(last_used_at=now))
        return _token(row._asdict())

    def revoke(self, token_id: str) -> ApiToken:
        """End a token for good; a second time changes nothing. Raises NotFound."""
        unrevoked = ApiTokenRow.id == token_id, ApiTokenRow.revoked_at.is_(None)
        self.connection.execute(update(ApiTokenRow).where(*unrevoked).values(revoked_at=self.clock.now()))
        row = self.connection.execute(select(*COLUMNS).where(ApiTokenRow.id == token_id)).one_or_none()
        if row is None:
            raise NotFound(kind="api_token", id=token_id)
        return _token(row._asdict())

    def list_tokens(self, account_id: str | None = None) -> tuple[ApiToken, ...]:
        """Return tokens, newest first; of one account, where given."""
        statement = select(*COLUMNS).order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id)
        if account_id is not None:
            statement = statement.where(ApiTokenRow.account_id == account_id)
        return tuple(_token(row._asdict()) for row in self.connection.execute(statement))


def digest(text: str) -> str:
    """Return the SHA-256 of a secret of full entropy; it needs no salt and no slow hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _token(values: dict[str, Any]) -> ApiToken:
    """Build a token from its row."""
    return ApiToken(**{**values, "scopes": tuple(values["scopes"])})
