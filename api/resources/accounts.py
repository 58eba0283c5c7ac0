"""Accounts: who may sign in, with which groups."""

from typing import Any

from flask.views import MethodView

from api.account_view import account_by_id, accounts_page, add_account, change_account
from api.auth import requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.accounts import AccountChangeSchema, AccountQuery, AccountSchema, NewAccountSchema
from api.schemas.paging import page_of

blp = NounBlueprint("accounts", __name__, url_prefix=f"{PREFIX}/accounts", description="People who may sign in.")


@blp.route("")
class Accounts(MethodView):
    """All accounts."""

    @requires("account.read", "account.manage")
    @blp.arguments(AccountQuery, location="query")
    @blp.response(200, page_of(AccountSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List accounts.

        By login; a word may stand in login or name.
        """
        with reading() as uow:
            return accounts_page(uow, query)

    @requires("account.manage")
    @blp.arguments(NewAccountSchema)
    @blp.response(201, AccountSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Add an account.

        The password must be changed at the first sign-in; groups are `role@unit`.
        """
        with writing() as uow:
            made = add_account(uow, body)
        return made, 201, {"Location": f"{PREFIX}/accounts/{made['id']}"}


@blp.route("/<id:account_id>")
class AccountById(MethodView):
    """One account."""

    @requires("account.read", "account.manage")
    @blp.response(200, AccountSchema)
    def get(self, account_id: str) -> dict[str, object]:
        """Read an account.

        With its groups; nothing about the password.
        """
        with reading() as uow:
            return account_by_id(uow, account_id)

    @requires("account.manage")
    @blp.arguments(AccountChangeSchema)
    @blp.response(200, AccountSchema)
    def patch(self, body: dict[str, Any], account_id: str) -> dict[str, object]:
        """Change an account.

        Enable or disable it, give it other groups or a new password; its sessions end with every loss of a right.
        """
        with writing() as uow:
            return change_account(uow, account_id, body)
