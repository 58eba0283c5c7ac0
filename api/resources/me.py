"""Who is signed in."""

from typing import Any

from flask.views import MethodView

from api.auth import OWN_SIGN_IN, caller, requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.accounts import MeSchema, PasswordChangeSchema
from api.sign_in import change_password, describe

blp = NounBlueprint("me", __name__, url_prefix=f"{PREFIX}/me", description="The caller's own account.")


@blp.route("")
class Me(MethodView):
    """The caller."""

    @requires(OWN_SIGN_IN)
    @blp.response(200, MeSchema)
    def get(self) -> dict[str, object]:
        """Tell who is signed in.

        The account with its groups, its permissions, the names of its units and how many notices are unread.
        """
        with reading() as uow:
            return describe(uow, caller())


@blp.route("/password")
class MyPassword(MethodView):
    """The caller's password."""

    @requires(OWN_SIGN_IN)
    @blp.arguments(PasswordChangeSchema)
    @blp.response(204)
    def put(self, body: dict[str, Any]) -> None:
        """Change my password.

        Needs the old one; every session of the account ends, so sign in again.
        """
        with writing() as uow:
            change_password(uow, caller(), body["old_password"], body["password"])
