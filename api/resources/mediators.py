"""Mediators (调解员): registered by their committees, with their fields, their load and what keeps them out."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.mediator_view import (
    avoidances,
    managed_mediator,
    mediator_views,
    mediators_page,
    require_fit,
    require_managed,
)
from api.openapi import PREFIX, NounBlueprint
from api.schemas.mediators import (
    AvoidanceSchema,
    AvoidancesSchema,
    MediatorChangesSchema,
    MediatorQuerySchema,
    MediatorSchema,
    NewAvoidanceSchema,
    NewMediatorSchema,
)
from api.schemas.paging import page_of
from registers.disputes import Avoidance, AvoidanceRegister, MediatorRegister, NewMediator

blp = NounBlueprint("mediators", __name__, url_prefix=f"{PREFIX}/mediators", description="Mediators (调解员).")


@blp.route("")
class Mediators(MethodView):
    """All mediators."""

    @requires("mediator.read")
    @blp.arguments(MediatorQuerySchema, location="query")
    @blp.response(200, page_of(MediatorSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List mediators.

        By login; of some committees, levels or a field, each with the number of disputes at work.
        """
        with reading() as uow:
            return mediators_page(uow, caller(), query)

    @requires("mediator.manage")
    @blp.arguments(NewMediatorSchema)
    @blp.response(201, MediatorSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Register a mediator.

        An account that is there already, for a committee of the caller's area.
        """
        with writing() as uow:
            require_managed(uow, caller(), body["unit"])
            made = uow.get(MediatorRegister).add(NewMediator(**body | {"fields": tuple(body["fields"])}))
            require_fit(uow, made.login, made.unit)
            [shown] = mediator_views(uow, caller(), [made])
            uow.commit()
        return shown, 201, {"Location": f"{PREFIX}/mediators/{made.login}"}


@blp.route("/<login:login>")
class MediatorByLogin(MethodView):
    """One mediator."""

    @requires("mediator.read")
    @blp.response(200, MediatorSchema)
    def get(self, login: str) -> dict[str, object]:
        """Read a mediator.

        With the number of disputes at work.
        """
        with reading() as uow:
            return mediator_views(uow, caller(), [uow.get(MediatorRegister).get(login)])[0]

    @requires("mediator.manage")
    @blp.arguments(MediatorChangesSchema)
    @blp.response(200, MediatorSchema)
    def patch(self, body: dict[str, Any], login: str) -> dict[str, object]:
        """Change a mediator.

        Fields, committee, certificate; one who is disabled gets no new dispute and keeps those that she has.
        """
        listed = {"fields": tuple(body["fields"])} if "fields" in body else {}
        with writing() as uow:
            known = managed_mediator(uow, caller(), login)
            unit = body.get("unit", known.unit)
            require_managed(uow, caller(), unit)
            if unit != known.unit:
                require_fit(uow, login, unit)
            [shown] = mediator_views(uow, caller(), [uow.get(MediatorRegister).change(login, body | listed)])
            uow.commit()
        return shown


@blp.route("/<login:login>/avoidances")
class MediatorAvoidances(MethodView):
    """What a mediator has declared."""

    @requires("mediator.read")
    @blp.response(200, AvoidancesSchema)
    def get(self, login: str) -> dict[str, object]:
        """List the relations of a mediator.

        For herself and for those who manage her.
        """
        with reading() as uow:
            return {"items": avoidances(uow, caller(), login)}

    @requires("mediator.read")
    @blp.arguments(NewAvoidanceSchema)
    @blp.response(201, AvoidanceSchema)
    def post(self, body: dict[str, Any], login: str) -> Avoidance:
        """Declare a relation.

        To a person, by her identity number, or to a workplace: disputes with them as a party go to somebody else.
        """
        with writing() as uow:
            avoidances(uow, caller(), login)
            made = uow.get(AvoidanceRegister).declare(login, **body, by=caller().login)
            uow.commit()
        return made


@blp.route("/<login:login>/avoidances/<id:avoidance_id>")
class MediatorAvoidanceById(MethodView):
    """One relation of a mediator."""

    @requires("mediator.manage")
    @blp.response(204)
    def delete(self, login: str, avoidance_id: str) -> None:
        """Forget a relation that has ended.

        Only those who manage the mediator may.
        """
        with writing() as uow:
            managed_mediator(uow, caller(), login)
            uow.get(AvoidanceRegister).revoke(login, avoidance_id)
            uow.commit()
