"""Comments: what people remark on a case or a task, beside the forms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select

from engine.errors import Invalid, Problem
from engine.persistence.base import Register
from registers.media.tables import CommentRow

TEXT_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark; `author` is a login, `business_key` the id of the case."""

    id: str
    business_key: str
    task_id: str | None
    author: str
    text: str
    created_at: datetime


class CommentRegister(Register):
    """Adds and lists comments; there is no changing and no deleting."""

    def add(self, business_key: str, *, author: str, text: str, task_id: str | None = None) -> Comment:
        """Add a comment. Raises Invalid for an empty or overlong text, or one with NUL characters."""
        said = text.strip()
        if not 1 <= len(said) <= TEXT_MAX or "\x00" in said:
            message = f"A comment has 1 to {TEXT_MAX} characters."
            raise Invalid(problems=[Problem("comment-length", "text", message, {"max": TEXT_MAX})])
        row = self.connection.execute(
            insert(CommentRow)
            .values(
                id=str(uuid4()),
                business_key=business_key,
                task_id=task_id,
                author=author,
                text=said,
                created_at=self.clock.now(),
            )
            .returning(CommentRow)
        ).one()
        return Comment(**row._asdict())

    def list_for(self, business_key: str, *, task_id: str | None = None) -> tuple[Comment, ...]:
        """Return the comments on a case, oldest first; on one of its tasks, where given."""
        statement = select(CommentRow).where(CommentRow.business_key == business_key)
        if task_id is not None:
            statement = statement.where(CommentRow.task_id == task_id)
        rows = self.connection.execute(statement.order_by(CommentRow.created_at, CommentRow.id))
        return tuple(Comment(**row._asdict()) for row in rows)
