"""Making and revoking tokens."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.ports import UnitOfWork
from registers.org import AccountRegister, ApiToken, TokenRegister


def make_token(uow: UnitOfWork, given: Mapping[str, Any]) -> dict[str, object]:
    """Make a token for an account and return it with its text; raises NotFound, Invalid."""
    account = uow.get(AccountRegister).get(given["account_id"])
    options = {"scopes": given["scopes"], "expires_at": given["expires_at"]}
    token, text = uow.get(TokenRegister).create(account.id, given["name"], **options)
    uow.commit()
    return {**asdict(token), "text": text}


def revoke_token(uow: UnitOfWork, token_id: str) -> ApiToken:
    """End a token for good; raises NotFound."""
    token = uow.get(TokenRegister).revoke(token_id)
    uow.commit()
    return token
