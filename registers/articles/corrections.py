"""Corrections (纠错): what readers say is wrong with an article, and what became of it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from engine.errors import NotFound
from engine.persistence.base import Register
from registers.articles.model import Article, Correction, CorrectionStatus
from registers.articles.tables import ArticleCorrectionRow

LISTED_MOST = 200


class CorrectionRegister(Register):
    """All corrections; the flow's handlers alone change their status."""

    def file(self, article: Article, *, reader: str, text: str) -> Correction:
        """Take down what a reader says is wrong."""
        statement = insert(ArticleCorrectionRow).values(
            id=str(uuid4()),
            article_id=article.id,
            version=article.version,
            reader=reader,
            text=text.strip(),
            status=CorrectionStatus.OPEN.value,
            created_at=self.clock.now(),
            revision=1,
        )
        return _correction(self.connection.execute(statement.returning(ArticleCorrectionRow)).one()._asdict())

    def get(self, correction_id: str) -> Correction:
        """Return a correction, or raise NotFound."""
        statement = select(ArticleCorrectionRow).where(ArticleCorrectionRow.id == correction_id)
        row = self.connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound(kind="article correction", id=correction_id)
        return _correction(row._asdict())

    def list_of(self, article_id: str, *, reader: str | None = None) -> tuple[Correction, ...]:
        """Return the corrections of an article, the latest first; of one reader only, where given."""
        statement = select(ArticleCorrectionRow).where(ArticleCorrectionRow.article_id == article_id)
        if reader is not None:
            statement = statement.where(ArticleCorrectionRow.reader == reader)
        statement = statement.order_by(ArticleCorrectionRow.created_at.desc(), ArticleCorrectionRow.id)
        return tuple(_correction(row._asdict()) for row in self.connection.execute(statement.limit(LISTED_MOST)))

    def list_waiting(self, article_id: str, version: int) -> tuple[Correction, ...]:
        """Return the accepted corrections that wait for a version to be finished, oldest first."""
        which = (
            ArticleCorrectionRow.article_id == article_id,
            ArticleCorrectionRow.revised_in == version,
            ArticleCorrectionRow.status == CorrectionStatus.ACCEPTED.value,
        )
        rows = self.connection.execute(
            select(ArticleCorrectionRow).where(*which).order_by(ArticleCorrectionRow.created_at)
        )
        return tuple(_correction(row._asdict()) for row in rows)

    def attach_instance(self, correction_id: str, instance_id: str) -> Correction:
        """Note which process instance carries the correction."""
        return self._change(correction_id, {"process_instance_id": instance_id})

    def accept(self, correction_id: str, *, by: str, answer: str | None) -> Correction:
        """采纳: the article shall be put right."""
        return self._decide(correction_id, CorrectionStatus.ACCEPTED, by, answer)

    def refuse(self, correction_id: str, *, by: str, answer: str) -> Correction:
        """不采纳: nothing is wrong, or not so; the reader is told why."""
        refused = self._decide(correction_id, CorrectionStatus.REFUSED, by, answer)
        return self._change(refused.id, {"closed_at": self.clock.now()})

    def await_version(self, correction_id: str, version: int) -> Correction:
        """Note which version puts it right, or must be finished first."""
        return self._change(correction_id, {"revised_in": version})

    def close(self, correction_id: str, *, done: bool) -> Correction:
        """Say whether it was put right in the end."""
        status = CorrectionStatus.DONE if done else CorrectionStatus.ABANDONED
        return self._change(correction_id, {"status": status.value, "closed_at": self.clock.now()})

    def _decide(self, correction_id: str, to: CorrectionStatus, by: str, answer: str | None) -> Correction:
        """Write down who decided what."""
        decided = {"status": to.value, "decided_by": by, "decided_at": self.clock.now(), "answer": answer}
        return self._change(correction_id, decided)

    def _change(self, correction_id: str, values: Mapping[str, Any]) -> Correction:
        """Change columns of a correction. Raises NotFound."""
        changed = {**values, "revision": ArticleCorrectionRow.revision + 1}
        which = ArticleCorrectionRow.id == correction_id
        statement = update(ArticleCorrectionRow).where(which).values(**changed).returning(ArticleCorrectionRow)
        row = self.connection.execute(statement).one_or_none()
        return self.get(correction_id) if row is None else _correction(row._asdict())


def _correction(values: Mapping[str, Any]) -> Correction:
    """Build a correction from its row."""
    return Correction(**{**values, "status": CorrectionStatus(values["status"])})
