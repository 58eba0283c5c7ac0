"""Health: for the machines that watch the service."""

from flask.views import MethodView

from api.auth import PUBLIC, requires
from api.context import reading
from api.openapi import NounBlueprint
from api.schemas.city import HealthSchema

blp = NounBlueprint("health", __name__, description="Whether the service is alive and can work.")


@blp.route("/healthz")
class Alive(MethodView):
    """The process answers."""

    @requires(PUBLIC)
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Tell that the process is alive.

        Touches nothing; answers as long as the process can answer at all.
        """
        return {"status": "ok"}


@blp.route("/readyz")
class Ready(MethodView):
    """The service can work."""

    @requires(PUBLIC)
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Tell that the service can work.

        Reads from the database; 503 when it cannot be reached.
        """
        with reading() as uow:
            uow.deployments.position()
        return {"status": "ok"}
