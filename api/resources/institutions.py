"""Mediation institutions (调解机构): by category and field, asked to help where a committee cannot settle alone."""

from typing import Any

from flask.views import MethodView

from api.auth import requires
from api.context import reading, writing
from api.mediator_view import institution_views, institutions_page
from api.openapi import PREFIX, NounBlueprint
from api.schemas.mediators import (
    InstitutionChangesSchema,
    InstitutionQuerySchema,
    InstitutionSchema,
    NewInstitutionSchema,
)
from api.schemas.paging import page_of
from registers.disputes import InstitutionRegister, NewInstitution

blp = NounBlueprint(
    "institutions",
    __name__,
    url_prefix=f"{PREFIX}/mediation-institutions",
    description="Mediation institutions (调解机构).",
)


@blp.route("")
class Institutions(MethodView):
    """All mediation institutions."""

    @requires("mediator.read")
    @blp.arguments(InstitutionQuerySchema, location="query")
    @blp.response(200, page_of(InstitutionSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List mediation institutions.

        By unit; of some categories or a field.
        """
        with reading() as uow:
            return institutions_page(uow, query)

    @requires("institution.manage")
    @blp.arguments(NewInstitutionSchema)
    @blp.response(201, InstitutionSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Register a mediation institution.

        A unit that is there already; its people hold the role `institution_mediator` in it.
        """
        with writing() as uow:
            made = uow.get(InstitutionRegister).add(NewInstitution(**body | {"fields": tuple(body["fields"])}))
            [shown] = institution_views(uow, [made])
            uow.commit()
        return shown, 201, {"Location": f"{PREFIX}/mediation-institutions/{made.unit}"}


@blp.route("/<id:unit>")
class InstitutionByUnit(MethodView):
    """One mediation institution."""

    @requires("mediator.read")
    @blp.response(200, InstitutionSchema)
    def get(self, unit: str) -> dict[str, object]:
        """Read a mediation institution.

        Its category, its fields, and whom to call.
        """
        with reading() as uow:
            return institution_views(uow, [uow.get(InstitutionRegister).get(unit)])[0]

    @requires("institution.manage")
    @blp.arguments(InstitutionChangesSchema)
    @blp.response(200, InstitutionSchema)
    def patch(self, body: dict[str, Any], unit: str) -> dict[str, object]:
        """Change a mediation institution.

        One that is disabled is asked no longer.
        """
        listed = {"fields": tuple(body["fields"])} if "fields" in body else {}
        with writing() as uow:
            [shown] = institution_views(uow, [uow.get(InstitutionRegister).change(unit, body | listed)])
            uow.commit()
        return shown
