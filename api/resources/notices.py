"""Notices: short messages to the caller and her groups."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.context import reading, writing
from api.notice_view import mark_read, notices_page
from api.openapi import PREFIX, NounBlueprint
from api.schemas.clocks import NoticeQuery, NoticeSchema
from api.schemas.paging import page_of
from registers.notices import Notice

blp = NounBlueprint("notices", __name__, url_prefix=f"{PREFIX}/notices", description="Messages to people and groups.")


@blp.route("")
class Notices(MethodView):
    """The caller's notices."""

    @requires("notice.read")
    @blp.arguments(NoticeQuery, location="query")
    @blp.response(200, page_of(NoticeSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List my notices.

        To me and to my groups, newest first.
        """
        with reading() as uow:
            return notices_page(uow, caller(), query)


@blp.route("/<id:notice_id>/read")
class NoticeRead(MethodView):
    """Marking a notice."""

    @requires("notice.read")
    @blp.response(200, NoticeSchema)
    def post(self, notice_id: str) -> Notice:
        """Mark a notice as read.

        A notice to a group is read for all of them; the first reading counts.
        """
        with writing() as uow:
            return mark_read(uow, caller(), notice_id)
