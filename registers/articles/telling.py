"""Who is told what about an article: its author, the administrators of its unit, the reader who found a mistake."""

from datetime import date, datetime, time

from engine.persistence.base import Register
from registers.articles.model import Article
from registers.codes import CodeRegister
from registers.local_time import LOCAL_ZONE
from registers.notices import NewNotice, NoticeRegister
from registers.org import AccountRegister

ADMINISTRATORS = "unit_admin"
SUBJECT_MAX = 80


class ArticleNotices(Register):
    """Sends notices about articles."""

    def tell(self, article: Article, occasion: tuple[str, str], title: str, said: str, *logins: str | None) -> None:
        """Tell some people; `occasion` is the kind of news and the id that tells a repeat from a new notice."""
        kind, once = occasion
        text = f"《{article.content.title}》（{article.article_no}）：{said}"
        notice = NewNotice(
            kind=kind, title=title, text=text, business_key=article.id, subject=article.id, rung=once[-64:]
        )
        recipients = [login for login in logins if login]
        NoticeRegister(self.connection, self.clock).send(notice, recipients)

    def find_author(self, login: str | None) -> str | None:
        """Return a login while its account is enabled, or None: then the owner unit's editors take over."""
        account = None if login is None else AccountRegister(self.connection, self.clock).find_by_login(login)
        return account.login if account is not None and account.enabled else None

    def theme_of(self, topic: str) -> str:
        """Return the topic at the top of the tree above a topic (政策法规, 办事指南, 便民问答)."""
        codes = CodeRegister(self.connection, self.clock)
        seen: set[str] = set()
        while topic not in seen:
            seen.add(topic)
            found = codes.find("article_topics", topic)
            if found is None or found.parent is None:
                return topic
            topic = found.parent
        return topic


def administrators(article: Article) -> str:
    """Return the group of the administrators of an article's unit."""
    return f"{ADMINISTRATORS}@{article.unit}"


def subject_of(article: Article, title: str | None = None) -> str:
    """Return what inboxes show of an article."""
    return f"《{title or article.content.title}》"[:SUBJECT_MAX]


def begin_of(day: date) -> datetime:
    """Return the instant at which a day begins in the city."""
    return datetime.combine(day, time(), LOCAL_ZONE)


def day_of(instant: datetime) -> date:
    """Return the day of an instant in the city."""
    return instant.astimezone(LOCAL_ZONE).date()
