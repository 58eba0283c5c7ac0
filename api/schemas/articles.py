"""Knowledge articles, their versions, ratings and corrections."""

import marshmallow as ma

from api.schemas.fields import Boolean, Day, Integer, ListOf, OneOf, QueryBoolean, Range, Schema, Text
from api.schemas.paging import PageQuery

LISTED = 50
SCOPES = ("public", "internal")


class NewArticleSchema(Schema):
    """What is handed in. A draft may be incomplete; what is `submitted` is reviewed at once."""

    title = Text(required=True, min=1, max=200)
    topic = Text(required=True, min=1, max=32, metadata={"description": "code of the table `article_topics`"})
    body = Text(max=20_000, load_default="")
    basis = Text(max=200, load_default=None, allow_none=True, metadata={"description": "依据文号, separated by 、"})
    keywords = Text(max=300, load_default="", metadata={"description": "separated by blanks or 、"})
    scope = Text(max=16, load_default="public", validate=[OneOf(SCOPES)])
    effective_on = Day(load_default=None, allow_none=True, metadata={"description": "null: once it is approved"})
    expires_on = Day(load_default=None, allow_none=True, metadata={"description": "null: the topic's usual validity"})
    unit = Text(max=32, load_default=None, allow_none=True, metadata={"description": "one of the caller's units"})
    submitted = Boolean(load_default=True)


class ArticleFilter(Schema):
    """Which articles; lists are separated by repeating the name."""

    status = ListOf(Text(max=16), max=LISTED, load_default=())
    topic = ListOf(Text(max=32), max=LISTED, load_default=(), metadata={"description": "with all topics below"})
    unit = ListOf(Text(max=32), max=LISTED, load_default=())
    scope = ListOf(Text(max=16, validate=[OneOf(SCOPES)]), max=2, load_default=())
    tag = ListOf(Text(max=32), max=10, load_default=(), metadata={"description": "readers' impressions"})
    mine = QueryBoolean(load_default=False, metadata={"description": "only what I have reported"})
    review_due = QueryBoolean(load_default=False, metadata={"description": "on the shelf, review due"})
    search = Text(max=100, load_default="")


class ArticleQuerySchema(ArticleFilter, PageQuery):
    """Which articles, the last changed first."""


class ReviewQuerySchema(PageQuery):
    """Which articles on their way."""

    unit = ListOf(Text(max=32), max=LISTED, load_default=())
    overdue = QueryBoolean(load_default=False, metadata={"description": "of each page only what is overdue"})


class ReasonSchema(Schema):
    """Why."""

    reason = Text(required=True, min=1, max=500)


class NewCorrectionSchema(Schema):
    """What is wrong, in the reader's words."""

    text = Text(required=True, min=1, max=2000)


class NewRatingSchema(Schema):
    """What a reader thinks."""

    stars = Integer(required=True, validate=Range(min=1, max=5))
    tags = ListOf(
        Text(min=1, max=32), max=5, load_default=(), metadata={"description": "codes of the table `impression_tags`"}
    )
    comment = Text(max=1000, load_default=None, allow_none=True)


class ContentSchema(Schema):
    """What an article says and for how long."""

    title = ma.fields.String()
    topic = ma.fields.String()
    topic_name = ma.fields.String()
    basis = ma.fields.String(allow_none=True)
    keywords = ma.fields.List(ma.fields.String())
    scope = ma.fields.String()
    scope_name = ma.fields.String()
    effective_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)


class ArticleRowSchema(ContentSchema):
    """An article in a list. Who works on it and why it left the shelf is for insiders; null for others."""

    id = ma.fields.String()
    article_no = ma.fields.String()
    summary = ma.fields.String()
    source = ma.fields.String()
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    author = ma.fields.String(allow_none=True)
    author_name = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    status_name = ma.fields.String()
    status_since = ma.fields.AwareDateTime()
    on_shelf = ma.fields.Boolean()
    version = ma.fields.Integer(metadata={"description": "on the shelf, or the last that was; 0 before the first"})
    open_version = ma.fields.Integer(allow_none=True, metadata={"description": "being worked on"})
    review_due_on = ma.fields.Date(allow_none=True)
    votes = ma.fields.Integer()
    average = ma.fields.Float(allow_none=True, metadata={"description": "stars, 1 to 5"})
    low_since = ma.fields.AwareDateTime(allow_none=True)
    process_instance_id = ma.fields.String(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    updated_at = ma.fields.AwareDateTime()
    shelved_at = ma.fields.AwareDateTime(allow_none=True)
    removed_at = ma.fields.AwareDateTime(allow_none=True)
    removed_by = ma.fields.String(allow_none=True)
    removal_kind = ma.fields.String(allow_none=True, metadata={"description": "expired, manual or low_score"})
    removal_reason = ma.fields.String(allow_none=True)
    revision = ma.fields.Integer()


class FindingSchema(Schema):
    """What the automatic review has found."""

    finding = ma.fields.String()
    severity = ma.fields.String(metadata={"description": "return, manual or note"})
    reason = ma.fields.String()


class ArticleVersionSchema(ContentSchema):
    """One version of the content, and how it came about."""

    article_id = ma.fields.String()
    version = ma.fields.Integer()
    body = ma.fields.String()
    state = ma.fields.String()
    state_name = ma.fields.String()
    reason = ma.fields.String(allow_none=True)
    author = ma.fields.String(allow_none=True)
    author_name = ma.fields.String(allow_none=True)
    correction_id = ma.fields.String(allow_none=True)
    findings = ma.fields.List(ma.fields.Nested(FindingSchema))
    opinion = ma.fields.String(allow_none=True)
    reviewers = ma.fields.List(ma.fields.String())
    created_at = ma.fields.AwareDateTime()
    changed_at = ma.fields.AwareDateTime()
    shelved_at = ma.fields.AwareDateTime(allow_none=True)
    ended_at = ma.fields.AwareDateTime(allow_none=True)


class ImpressionSchema(Schema):
    """An impression and how many readers share it."""

    tag = ma.fields.String()
    name = ma.fields.String()
    count = ma.fields.Integer()


class RelatedSchema(Schema):
    """Another article about the same."""

    id = ma.fields.String()
    article_no = ma.fields.String()
    title = ma.fields.String()


class ArticleSchema(ArticleRowSchema):
    """An article with its text, what readers think of it, and what is related to it."""

    body = ma.fields.String()
    tags = ma.fields.List(ma.fields.Nested(ImpressionSchema))
    related = ma.fields.List(ma.fields.Nested(RelatedSchema))
    draft = ma.fields.Nested(ArticleVersionSchema, allow_none=True, metadata={"description": "for insiders"})
    can_see_work = ma.fields.Boolean(metadata={"description": "the caller may read drafts, reviews and the log"})


class ArticleVersionsSchema(Schema):
    """The versions of an article, the newest first."""

    items = ma.fields.List(ma.fields.Nested(ArticleVersionSchema))


class ArticleCountsSchema(Schema):
    """How many articles."""

    by_topic = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    by_status = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    by_unit = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())


class RatingSchema(Schema):
    """What one reader thinks; the name is for insiders and herself."""

    rater = ma.fields.String(allow_none=True)
    mine = ma.fields.Boolean()
    version = ma.fields.Integer()
    stars = ma.fields.Integer()
    tags = ma.fields.List(ma.fields.String())
    comment = ma.fields.String(allow_none=True)
    rated_at = ma.fields.AwareDateTime()


class RatingsSchema(Schema):
    """The score of the version on the shelf, and what readers say, the latest first."""

    votes = ma.fields.Integer()
    average = ma.fields.Float(allow_none=True)
    tags = ma.fields.List(ma.fields.Nested(ImpressionSchema))
    items = ma.fields.List(ma.fields.Nested(RatingSchema))


class CorrectionSchema(Schema):
    """What a reader says is wrong, and what became of it."""

    id = ma.fields.String()
    article_id = ma.fields.String()
    version = ma.fields.Integer(metadata={"description": "that she read"})
    revised_in = ma.fields.Integer(allow_none=True, metadata={"description": "that puts it right"})
    reader = ma.fields.String(allow_none=True)
    mine = ma.fields.Boolean()
    text = ma.fields.String()
    status = ma.fields.String()
    status_name = ma.fields.String()
    answer = ma.fields.String(allow_none=True)
    decided_by = ma.fields.String(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    closed_at = ma.fields.AwareDateTime(allow_none=True)
    created_at = ma.fields.AwareDateTime()


class CorrectionsSchema(Schema):
    """Corrections, the latest first."""

    items = ma.fields.List(ma.fields.Nested(CorrectionSchema))


class ReviewSchema(Schema):
    """Where a version stands on its way to the shelf."""

    article_id = ma.fields.String()
    article_no = ma.fields.String()
    title = ma.fields.String()
    topic = ma.fields.String()
    topic_name = ma.fields.String()
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    version = ma.fields.Integer()
    state = ma.fields.String()
    state_name = ma.fields.String()
    step = ma.fields.String(allow_none=True, metadata={"description": "element id of the user task"})
    step_name = ma.fields.String()
    task_id = ma.fields.String(allow_none=True)
    candidate_groups = ma.fields.List(ma.fields.String())
    assignee = ma.fields.String(allow_none=True)
    assignee_name = ma.fields.String(allow_none=True)
    since = ma.fields.AwareDateTime()
    waiting_hours = ma.fields.Float()
    due_at = ma.fields.AwareDateTime(allow_none=True)
    light = ma.fields.String(allow_none=True, metadata={"description": "绿 黄 红 灰"})
    overdue = ma.fields.Boolean()
    effective_on = ma.fields.Date(allow_none=True)
