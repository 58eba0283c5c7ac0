"""The register of knowledge articles: taking one in, and everything that is read or changed afterwards."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert

from engine.errors import Conflict
from registers.articles.content import check_content
from registers.articles.model import Article, ArticleStatus, NewArticle
from registers.articles.reading import content_values
from registers.articles.steps import ArticleSteps
from registers.articles.tables import ArticleCounterRow, ArticleRow
from registers.codes import CodeRegister
from registers.local_time import local_day
from registers.org import UnitRegister
from registers.statements import insert_into

PREFIX = "ZS"
SERIAL_DIGITS = 4
FIRST_REASON = "知识上报"


class ArticleRegister(ArticleSteps):
    """All articles."""

    def add(self, new: NewArticle, *, reason: str = FIRST_REASON) -> Article:
        """Take an article in, as the draft of its first version.

        Raises  Invalid with one problem per field that cannot be kept
        """
        check_content(new.content, CodeRegister(self.connection, self.clock))
        UnitRegister(self.connection, self.clock).require([new.unit], "unit")
        now = self.clock.now()
        article_id = str(uuid4())
        self.connection.execute(
            insert(ArticleRow).values(
                **content_values(new.content),
                id=article_id,
                article_no=self._number(now),
                source=new.source.value,
                unit=new.unit,
                author=new.author,
                status=ArticleStatus.DRAFT.value,
                status_since=now,
                on_shelf=False,
                version=0,
                votes=0,
                created_at=now,
                updated_at=now,
                revision=1,
            )
        )
        self.add_version(article_id, 1, new.content, {"author": new.author, "reason": reason})
        return self.get(article_id)

    def _number(self, at: datetime) -> str:
        """Return the next article number: ZS + yyyymmdd + 4 digits. Raises Conflict where a day's are used up."""
        day = local_day(at)
        statement = insert_into(self.connection, ArticleCounterRow).values(scope=day, value=1)
        counted = statement.on_conflict_do_update(
            index_elements=["scope"], set_={"value": ArticleCounterRow.value + 1}
        ).returning(ArticleCounterRow.value)
        serial: int = self.connection.execute(counted).scalar_one()
        if serial >= 10**SERIAL_DIGITS:
            raise Conflict(f"The article numbers of {day} are used up.", code="article-numbers-used-up", day=day)
        return f"{PREFIX}{day}{serial:0{SERIAL_DIGITS}d}"
