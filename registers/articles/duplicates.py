"""Articles that say the same: found by likeness of title and text."""

from dataclasses import dataclass

from registers.articles.model import Article, Content
from registers.articles.reading import ArticleReading
from registers.cases.similarity import bigrams, likeness


@dataclass(frozen=True, slots=True)
class Alike:
    """The article that is most like a content; `score` from 0 to 1."""

    article: Article
    score: float


class ArticleDuplicates(ArticleReading):
    """Compares contents."""

    def find_nearest(self, content: Content, *, but: str) -> Alike | None:
        """Return the article that is most like a content, `but` one: the article whose content it is."""
        own = bigrams(_words(content))
        found = [
            Alike(other, likeness(own, bigrams(_words(other.content))))
            for other in self.list_comparable(content, but=but)
        ]
        return max(found, key=lambda alike: (alike.score, alike.article.id), default=None)


def _words(content: Content) -> str:
    """Return what is compared."""
    return f"{content.title} {content.body}"
