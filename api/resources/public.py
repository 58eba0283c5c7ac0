"""What anybody may ask with the code that the reporter was given (一案一码)."""

import time

from flask import request
from flask.views import MethodView

from api.auth import PUBLIC, requires
from api.context import city, reading
from api.openapi import PREFIX, NounBlueprint
from api.public_view import public_case
from api.schemas.cases import PublicCaseSchema

ASKED_PER_MINUTE = 60

blp = NounBlueprint("public", __name__, url_prefix=f"{PREFIX}/public", description="Open to everybody.")


@blp.route("/cases/<id:query_code>")
class PublicCase(MethodView):
    """One case by its query code."""

    @requires(PUBLIC)
    @blp.response(200, PublicCaseSchema)
    @blp.alt_response(429, "Problem429")
    def get(self, query_code: str) -> dict[str, object]:
        """Ask how a report is going.

        With the random code that the reporter was given; answers the status in words, no names and no places.
        """
        city().limiter.check("public", request.remote_addr or "", most=ASKED_PER_MINUTE, now=time.monotonic())
        with reading() as uow:
            return public_case(uow, query_code)
