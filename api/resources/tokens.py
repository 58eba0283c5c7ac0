"""API tokens: keys of machines."""

from typing import Any

from flask.views import MethodView

from api.auth import requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.accounts import MadeTokenSchema, NewTokenSchema, TokenQuery, TokenSchema, TokensSchema
from api.token_view import make_token, revoke_token
from registers.org import ApiToken, TokenRegister

blp = NounBlueprint("tokens", __name__, url_prefix=f"{PREFIX}/tokens", description="Keys of machines.")


@blp.route("")
class Tokens(MethodView):
    """All tokens."""

    @requires("token.manage")
    @blp.arguments(TokenQuery, location="query")
    @blp.response(200, TokensSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List tokens.

        Newest first, revoked ones too; the text of a token is kept nowhere.
        """
        with reading() as uow:
            return {"items": uow.get(TokenRegister).list_tokens(query["account_id"])}

    @requires("token.manage")
    @blp.arguments(NewTokenSchema)
    @blp.response(201, MadeTokenSchema)
    def post(self, body: dict[str, Any]) -> dict[str, object]:
        """Make a token.

        It acts for an account with at most its permissions; its text is answered here and never again.
        """
        with writing() as uow:
            return make_token(uow, body)


@blp.route("/<id:token_id>")
class TokenById(MethodView):
    """One token."""

    @requires("token.manage")
    @blp.response(200, TokenSchema)
    def delete(self, token_id: str) -> ApiToken:
        """Revoke a token.

        For good; it stays in the list.
        """
        with writing() as uow:
            return revoke_token(uow, token_id)
