"""Ratings: what readers think of an article, and the score that it has from all of them together."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update

from engine.errors import Invalid, Problem
from engine.persistence.base import Register
from registers.articles.model import Article, Rating, Score
from registers.articles.tables import ArticleRatingRow, ArticleRow
from registers.codes import CodeRegister
from registers.statements import insert_into

TAGS = "impression_tags"
STARS_MOST = 5
LISTED_MOST = 200
DECIMALS = 2


class RatingRegister(Register):
    """All ratings: one per reader and article, the latest counts, and only for the version that she read."""

    def rate(
        self, article: Article, *, rater: str, stars: int, tags: Sequence[str] = (), comment: str | None = None
    ) -> None:
        """Take down what a reader thinks of the version on the shelf, in place of what she thought before.

        Raises  Invalid for stars beyond 1 to 5 and for impressions that the code table does not know
        """
        self._check(stars, tags)
        values = {
            "version": article.version,
            "stars": stars,
            "tags": list(dict.fromkeys(tags)),
            "comment": (comment or "").strip() or None,
            "rated_at": self.clock.now(),
        }
        row = {"article_id": article.id, "rater": rater, **values}
        statement = insert_into(self.connection, ArticleRatingRow).values(**row)
        once = statement.on_conflict_do_update(index_elements=["article_id", "rater"], set_=values)
        self.connection.execute(once)

    def refresh(self, article: Article) -> Score:
        """Work the score of the version on the shelf out anew, and keep it with the article.

        The flow that watches the shelf does this, one vote after the other: it is locked, the reader's request is not.
        """
        score = self.score_of(article)
        scored = {"votes": score.votes, "average": score.average, "revision": ArticleRow.revision + 1}
        self.connection.execute(update(ArticleRow).where(ArticleRow.id == article.id).values(**scored))
        return score

    def score_of(self, article: Article) -> Score:
        """Return the score of the version on the shelf."""
        which = ArticleRatingRow.article_id == article.id, ArticleRatingRow.version == article.version
        votes, total = self.connection.execute(
            select(func.count(), func.coalesce(func.sum(ArticleRatingRow.stars), 0)).where(*which)
        ).one()
        tags: Counter[str] = Counter()
        for given in self.connection.execute(select(ArticleRatingRow.tags).where(*which)).scalars():
            tags.update(given)
        average = round(total / votes, DECIMALS) if votes else None
        return Score(votes=votes, average=average, tags=dict(tags.most_common()))

    def list_ratings(
        self, article_id: str, versions: Collection[int] | None = None, *, limit: int = LISTED_MOST
    ) -> tuple[Rating, ...]:
        """Return the ratings of an article, of some versions or of all, the latest first."""
        statement = select(ArticleRatingRow).where(ArticleRatingRow.article_id == article_id)
        if versions is not None:
            statement = statement.where(ArticleRatingRow.version.in_(versions))
        statement = statement.order_by(ArticleRatingRow.rated_at.desc(), ArticleRatingRow.rater).limit(limit)
        return tuple(Rating(**{**row._asdict(), "tags": tuple(row.tags)}) for row in self.connection.execute(statement))

    def _check(self, stars: int, tags: Sequence[str]) -> None:
        """Raise Invalid for what is no rating."""
        problems = []
        if not 1 <= stars <= STARS_MOST:
            message = f"From 1 to {STARS_MOST} stars can be given."
            problems.append(Problem("field-range", "stars", message, {"min": 1, "max": STARS_MOST}))
        codes = CodeRegister(self.connection, self.clock)
        for tag in tags:
            known = codes.find_enabled(TAGS, tag)
            if known is None or str(stars) not in str(known.data.get("stars", "")).split():
                message = f"{tag} is no impression of {stars} stars."
                problems.append(Problem("tag-unfit", "tags", message, {"value": tag, "stars": stars}))
        if problems:
            raise Invalid(problems=problems)
