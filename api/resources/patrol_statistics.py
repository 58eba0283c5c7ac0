"""The figures of a day of patrols (巡查每日统计)."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from api.auth import caller, requires
from api.context import now, reading
from api.openapi import PREFIX, NounBlueprint
from api.patrol_figures import as_csv, figures
from api.schemas.patrols import StatisticsQuery, StatisticsSchema
from registers.local_time import LOCAL_ZONE

blp = NounBlueprint("patrol-statistics", __name__, url_prefix=PREFIX, description="Figures of patrols (巡查统计).")
CSV = "text/csv"


@blp.route("/patrol-statistics")
class PatrolStatistics(MethodView):
    """What was patrolled on a day."""

    @requires("patrol.statistics")
    @blp.arguments(StatisticsQuery, location="query")
    @blp.response(200, StatisticsSchema)
    def get(self, query: dict[str, Any]) -> object:
        """Read the figures of a day.

        Of every member of the caller's areas: points, kilometres, time, cases, missed tasks, gaps. With `format=csv` or
        `Accept: text/csv` as a table.
        """
        day = query["day"] or now().astimezone(LOCAL_ZONE).date()
        with reading() as uow:
            rows = figures(uow, caller(), day, query["unit"])
        wants_csv = query["format"] == "csv" or (query["format"] is None and request.accept_mimetypes.best == CSV)
        if not wants_csv:
            return {"day": day, "items": rows}
        name = f'attachment; filename="patrols-{day}.csv"'
        return Response(as_csv(rows), mimetype=CSV, headers={"Content-Disposition": name})
