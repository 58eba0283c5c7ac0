"""Knowledge articles (知识): what the city tells its people and its own staff, with versions, ratings, corrections."""

from registers.articles.content import TOPICS, read_content
from registers.articles.corrections import CorrectionRegister
from registers.articles.duplicates import Alike, ArticleDuplicates
from registers.articles.findings import Facts, Template
from registers.articles.model import (
    Article,
    ArticlePage,
    ArticleQuery,
    ArticleStatus,
    ArticleVersion,
    Content,
    Correction,
    CorrectionStatus,
    NewArticle,
    Rating,
    Reader,
    RemovalKind,
    Scope,
    Score,
    Source,
    VersionState,
)
from registers.articles.ratings import TAGS, RatingRegister
from registers.articles.register import ArticleRegister
from registers.articles.telling import ArticleNotices

__all__ = [
    "TAGS",
    "TOPICS",
    "Alike",
    "Article",
    "ArticleDuplicates",
    "ArticleNotices",
    "ArticlePage",
    "ArticleQuery",
    "ArticleRegister",
    "ArticleStatus",
    "ArticleVersion",
    "Content",
    "Correction",
    "CorrectionRegister",
    "CorrectionStatus",
    "Facts",
    "NewArticle",
    "Rating",
    "RatingRegister",
    "Reader",
    "RemovalKind",
    "Scope",
    "Score",
    "Source",
    "Template",
    "VersionState",
    "read_content",
]
