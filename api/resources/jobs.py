"""Jobs: work that waits for a machine."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.openapi import PREFIX, NounBlueprint
from api.schemas.operations import JobQuery, JobSchema
from api.schemas.paging import page_of
from engine.model.job import Job
from engine.services import jobs

blp = NounBlueprint("jobs", __name__, url_prefix=f"{PREFIX}/jobs", description="Work that waits for a machine.")


@blp.route("")
class Jobs(MethodView):
    """Waiting and failed jobs."""

    @requires("job.read")
    @blp.arguments(JobQuery, location="query")
    @blp.response(200, page_of(JobSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List jobs.

        Next due first; jobs that were done are gone. Of the kind `start` are the timers of start events: the process,
        the event (`element_id`) and when it is due next.
        """
        with reading() as uow:
            page = jobs.list_page(uow, **query)
        return {"items": page.items, "next_after": page.next_after}


@blp.route("/<id:job_id>/retry")
class JobRetry(MethodView):
    """Another attempt."""

    @requires("job.retry")
    @blp.response(200, JobSchema)
    def post(self, job_id: str) -> Job:
        """Retry a job.

        Gives it new attempts, now; its incident is resolved by that. A timer that starts a process fires now instead of
        when it is due next. 409 while a worker has it.
        """
        with writing() as uow:
            return jobs.retry(uow, job_id, by=caller().login)
