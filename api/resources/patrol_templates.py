"""Plans of periodic patrols (巡查任务模板): who looks at what, how often, by when."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.patrol_access import planned_template, readable_areas, visible_template
from api.patrol_plans import change_plan, coming_days, plan_patrols, switch_plan
from api.patrol_view import template_rows
from api.revisions import expected, tagged
from api.schemas.paging import page_of
from api.schemas.patrol_plans import (
    NewPatrolTemplateSchema,
    OccurrencesQuery,
    OccurrencesSchema,
    PatrolTemplateChangeSchema,
    PatrolTemplateQuery,
    PatrolTemplateSchema,
    PlanSwitchSchema,
)
from registers.patrols import PatrolTemplateRegister, TemplateQuery

blp = NounBlueprint(
    "patrol-templates", __name__, url_prefix=f"{PREFIX}/patrol-templates", description="Plans of patrols (巡查模板)."
)
READ = ("patrol.plan", "patrol.read_unit", "patrol.read_city")


@blp.route("")
class PatrolTemplates(MethodView):
    """All plans of the caller's areas."""

    @requires("patrol.plan")
    @blp.arguments(NewPatrolTemplateSchema)
    @blp.response(201, PatrolTemplateSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Plan periodic patrols.

        The plan and its process begin in one transaction. What is not said is taken from the table of frequencies.
        """
        with writing() as uow:
            template = plan_patrols(uow, body, caller())
            shown = template_rows(uow, [template])[0]
        return shown, 201, {"Location": f"{PREFIX}/patrol-templates/{template.id}", **tagged(template)}

    @requires(*READ)
    @blp.arguments(PatrolTemplateQuery, location="query")
    @blp.response(200, page_of(PatrolTemplateSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List plans.

        Those of the caller's units and the units below them, newest first.
        """
        with reading() as uow:
            found = uow.get(PatrolTemplateRegister).list_page(
                TemplateQuery(areas=readable_areas(uow, caller()), **query)
            )
            return {"items": template_rows(uow, found.items), "next_after": found.next_after}


@blp.route("/<id:template_id>")
class PatrolTemplateById(MethodView):
    """One plan."""

    @requires(*READ)
    @blp.response(200, PatrolTemplateSchema)
    def get(self, template_id: str) -> tuple[object, int, dict[str, str]]:
        """Read a plan.

        One outside of the caller's areas does not exist for her.
        """
        with reading() as uow:
            found = visible_template(uow, caller(), template_id)
            return template_rows(uow, [found])[0], 200, tagged(found)

    @requires("patrol.plan")
    @blp.arguments(PatrolTemplateChangeSchema)
    @blp.response(200, PatrolTemplateSchema)
    def put(self, body: dict[str, Any], template_id: str) -> tuple[object, int, dict[str, str]]:
        """Change a plan.

        The next patrol is found anew; what was dispatched stays as it is.
        """
        with writing() as uow:
            known = planned_template(uow, caller(), template_id)
            changed = change_plan(uow, known, body, caller(), expected(body))
            return template_rows(uow, [changed])[0], 200, tagged(changed)


@blp.route("/<id:template_id>/enable")
class PatrolTemplateEnabling(MethodView):
    """Taking a plan up again."""

    @requires("patrol.plan")
    @blp.arguments(PlanSwitchSchema)
    @blp.response(200, PatrolTemplateSchema)
    def post(self, body: dict[str, Any], template_id: str) -> tuple[object, int, dict[str, str]]:
        """Take a plan up again.

        What fell into the time in between is not made up for.
        """
        with writing() as uow:
            known = planned_template(uow, caller(), template_id)
            changed = switch_plan(uow, known, on=True, by=caller().login, revision=expected(body))
            return template_rows(uow, [changed])[0], 200, tagged(changed)


@blp.route("/<id:template_id>/disable")
class PatrolTemplateDisabling(MethodView):
    """Laying a plan down."""

    @requires("patrol.plan")
    @blp.arguments(PlanSwitchSchema)
    @blp.response(200, PatrolTemplateSchema)
    def post(self, body: dict[str, Any], template_id: str) -> tuple[object, int, dict[str, str]]:
        """Lay a plan down.

        Its process ends; tasks that were dispatched go on.
        """
        with writing() as uow:
            known = planned_template(uow, caller(), template_id)
            changed = switch_plan(uow, known, on=False, by=caller().login, revision=expected(body))
            return template_rows(uow, [changed])[0], 200, tagged(changed)


@blp.route("/<id:template_id>/occurrences")
class PatrolTemplateOccurrences(MethodView):
    """The days to come."""

    @requires(*READ)
    @blp.arguments(OccurrencesQuery, location="query")
    @blp.response(200, OccurrencesSchema)
    def get(self, query: dict[str, Any], template_id: str) -> dict[str, object]:
        """List the next days of a plan.

        With the holiday rule applied, by the working calendar as it is deployed now.
        """
        with reading() as uow:
            return {"dates": coming_days(uow, visible_template(uow, caller(), template_id), query["count"])}
