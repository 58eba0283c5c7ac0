"""Sign-in sessions: a person signs in and out."""

from typing import Any

from flask import Response, make_response, request
from flask.views import MethodView

from api.auth import COOKIE, OWN_SIGN_IN, PUBLIC, caller, requires
from api.context import writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.accounts import MeSchema, SignInSchema
from api.sign_in import close_session, cookie_of, sign_in, who_is

blp = NounBlueprint("sessions", __name__, url_prefix=f"{PREFIX}/sessions", description="Sign in, sign out.")


@blp.route("")
class Sessions(MethodView):
    """All sign-ins."""

    @requires(PUBLIC)
    @blp.arguments(SignInSchema)
    @blp.response(201, MeSchema)
    @blp.alt_response(401, "Problem401")
    @blp.alt_response(429, "Problem429")
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Sign in with a local account.

        Sets the session cookie `sid` (HttpOnly, SameSite=Lax). Five failures in a row lock the account for a
        quarter of an hour; one address may try twenty times a minute.
        """
        account_id, text = sign_in(body["login"], body["password"], request.remote_addr or "")
        return who_is(account_id), 201, {"Set-Cookie": cookie_of(text, secure=request.is_secure)}


@blp.route("/current")
class CurrentSession(MethodView):
    """The caller's own sign-in."""

    @requires(OWN_SIGN_IN)
    @blp.response(204)
    def delete(self) -> Response:
        """Sign out.

        Ends the session on the server and removes the cookie; a token is left as it is.
        """
        with writing() as uow:
            close_session(uow, caller().session)
        answer = make_response("", 204)
        answer.delete_cookie(COOKIE, secure=request.is_secure, httponly=True, samesite="Lax")
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer
