"""Knowledge articles (知识): handed in, read, rated, corrected, revised and taken off the shelf."""

from typing import Any

from flask import Response
from flask.views import MethodView

from api.article_access import inside_article, visible_article
from api.article_files import article_file, article_files, attach_to_article
from api.article_flow import (
    correct_article,
    rate_article,
    remove_article,
    report_article,
    revise_article,
    withdraw_article,
)
from api.article_reviews import reviews
from api.article_view import correction, corrections, counts, list_articles, ratings, shown, versions
from api.auth import caller, requires
from api.case_timeline import timeline
from api.context import now, reading, writing
from api.language import current_catalog
from api.media import file_answer
from api.openapi import PREFIX, NounBlueprint
from api.request_body import MULTIPART, accepts
from api.schemas.articles import (
    ArticleCountsSchema,
    ArticleFilter,
    ArticleQuerySchema,
    ArticleRowSchema,
    ArticleSchema,
    ArticleVersionsSchema,
    CorrectionSchema,
    CorrectionsSchema,
    NewArticleSchema,
    NewCorrectionSchema,
    NewRatingSchema,
    RatingsSchema,
    ReasonSchema,
    ReviewQuerySchema,
    ReviewSchema,
)
from api.schemas.cases import AttachmentSchema, AttachmentsSchema, TimelineSchema
from api.schemas.files import FileSchema
from api.schemas.paging import page_of
from registers.media import Attachment

blp = NounBlueprint("articles", __name__, url_prefix=f"{PREFIX}/articles", description="Knowledge articles (知识库).")


@blp.route("")
class Articles(MethodView):
    """All articles that the caller may see."""

    @requires("article.write")
    @blp.arguments(NewArticleSchema)
    @blp.response(201, ArticleSchema)
    def post(self, body: dict[str, Any]) -> tuple[object, int, dict[str, str]]:
        """Hand an article in.

        The article and its process begin in one transaction. Submitted, it is checked at once; not submitted, it
        waits as a draft in the author's inbox.
        """
        with writing() as uow:
            made = report_article(uow, caller(), body)
            return shown(uow, made, caller()), 201, {"Location": f"{PREFIX}/articles/{made.id}"}

    @requires("article.read")
    @blp.arguments(ArticleQuerySchema, location="query")
    @blp.response(200, page_of(ArticleRowSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List articles.

        Only those that the caller may see; by filters and words, the last changed first.
        """
        with reading() as uow:
            return list_articles(uow, caller(), query)


@blp.route("/counts")
class ArticleCounts(MethodView):
    """How many articles there are."""

    @requires("article.read")
    @blp.arguments(ArticleFilter, location="query")
    @blp.response(200, ArticleCountsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Count articles.

        By topic, status and unit, within the filter and what the caller may see.
        """
        with reading() as uow:
            return counts(uow, caller(), query)


@blp.route("/reviews")
class ArticleReviews(MethodView):
    """What is on its way to the shelf."""

    @requires("article.read_unit", "article.read_city")
    @blp.arguments(ReviewQuerySchema, location="query")
    @blp.response(200, page_of(ReviewSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """Watch the reviews.

        Each version that is being worked on with its present step, who has it, since when and until when.
        """
        with reading() as uow:
            return reviews(uow, caller(), query)


@blp.route("/<id:article_id>")
class ArticleById(MethodView):
    """One article."""

    @requires("article.read")
    @blp.response(200, ArticleSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """Read an article.

        What stands on the shelf; insiders read the draft and what was found in it too.
        """
        with reading() as uow:
            return shown(uow, visible_article(uow, caller(), article_id), caller())


@blp.route("/<id:article_id>/versions")
class ArticleVersions(MethodView):
    """The versions of an article."""

    @requires("article.read")
    @blp.response(200, ArticleVersionsSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """List the versions of an article.

        Those that stood on the shelf, newest first; insiders read the others, and who wrote and reviewed them.
        """
        with reading() as uow:
            return {"items": versions(uow, visible_article(uow, caller(), article_id), caller())}


@blp.route("/<id:article_id>/log")
class ArticleLog(MethodView):
    """Everything that was done with an article."""

    @requires("article.read_internal", "article.read_city")
    @blp.response(200, TimelineSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """Read the log of an article.

        Who did what, when and why, from the first draft to the last removal; for insiders.
        """
        with reading() as uow:
            return timeline(uow, inside_article(uow, caller(), article_id).id, current_catalog(), now())


@blp.route("/<id:article_id>/revision")
class ArticleRevision(MethodView):
    """The next version of an article."""

    @requires("article.write")
    @blp.arguments(ReasonSchema)
    @blp.response(201, ArticleSchema)
    def post(self, body: dict[str, Any], article_id: str) -> dict[str, object]:
        """Revise an article.

        Opens a draft with the content of the last version; what is on the shelf stays there. 409 where one is open.
        """
        with writing() as uow:
            return shown(uow, revise_article(uow, caller(), article_id, body["reason"]), caller())


@blp.route("/<id:article_id>/withdrawal")
class ArticleWithdrawal(MethodView):
    """The author takes back what she has submitted."""

    @requires("article.write")
    @blp.arguments(ReasonSchema)
    @blp.response(200, ArticleSchema)
    def post(self, body: dict[str, Any], article_id: str) -> dict[str, object]:
        """Take a submitted version back.

        While it is being reviewed, or approved and not yet on the shelf; a draft is given up in its task.
        """
        with writing() as uow:
            return shown(uow, withdraw_article(uow, caller(), article_id, body["reason"]), caller())


@blp.route("/<id:article_id>/removal")
class ArticleRemoval(MethodView):
    """Taking an article off the shelf."""

    @requires("article.remove")
    @blp.arguments(ReasonSchema)
    @blp.response(200, ArticleSchema)
    def post(self, body: dict[str, Any], article_id: str) -> dict[str, object]:
        """Take an article off the shelf.

        Reviewers of the centre, and the administrator of the unit that answers for it; with a reason.
        """
        with writing() as uow:
            return shown(uow, remove_article(uow, caller(), article_id, body["reason"]), caller())


@blp.route("/<id:article_id>/ratings")
class ArticleRatings(MethodView):
    """What readers think of an article."""

    @requires("article.read")
    @blp.response(200, RatingsSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """List the ratings of an article.

        With the score of the version on the shelf; names are for insiders.
        """
        with reading() as uow:
            return ratings(uow, visible_article(uow, caller(), article_id), caller())

    @requires("article.rate")
    @blp.arguments(NewRatingSchema)
    @blp.response(200, RatingsSchema)
    def post(self, body: dict[str, Any], article_id: str) -> dict[str, object]:
        """Rate an article.

        One rating per reader; the latest counts. Nobody rates her own article.
        """
        with writing() as uow:
            return ratings(uow, rate_article(uow, caller(), article_id, body), caller())


@blp.route("/<id:article_id>/corrections")
class ArticleCorrections(MethodView):
    """What readers say is wrong with an article."""

    @requires("article.read")
    @blp.response(200, CorrectionsSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """List the corrections of an article.

        The reader's own; all of them for insiders.
        """
        with reading() as uow:
            return {"items": corrections(uow, visible_article(uow, caller(), article_id), caller())}

    @requires("article.correct")
    @blp.arguments(NewCorrectionSchema)
    @blp.response(201, CorrectionSchema)
    def post(self, body: dict[str, Any], article_id: str) -> dict[str, object]:
        """Say what is wrong with an article.

        A reviewer looks at it; the reader is told what becomes of it.
        """
        with writing() as uow:
            made = correct_article(uow, caller(), article_id, body["text"])
            return correction(made, caller(), inside=False)


@blp.route("/<id:article_id>/attachments")
class ArticleAttachments(MethodView):
    """Files of an article."""

    @requires("article.read")
    @blp.response(200, AttachmentsSchema)
    def get(self, article_id: str) -> dict[str, object]:
        """List the files of an article.

        Those that belong to the version on the shelf; insiders see all of them.
        """
        with reading() as uow:
            return {"items": article_files(uow, visible_article(uow, caller(), article_id), caller())}

    @requires("article.write")
    @accepts(MULTIPART, large=True)
    @blp.arguments(FileSchema, location="files")
    @blp.response(201, AttachmentSchema)
    def post(self, files: dict[str, Any], article_id: str) -> Attachment:
        """Attach a file to an article.

        Readers see it once a version that was shelved after it stands on the shelf.
        """
        with writing() as uow:
            return attach_to_article(uow, caller(), article_id, files["file"])


@blp.route("/<id:article_id>/attachments/<id:attachment_id>/content")
class ArticleAttachmentContent(MethodView):
    """The bytes of a file of an article."""

    @requires("article.read")
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    def get(self, article_id: str, attachment_id: str) -> Response:
        """Download a file of an article.

        404 for a file that the caller may not see.
        """
        with reading() as uow:
            article = visible_article(uow, caller(), article_id)
            return file_answer(*article_file(uow, article, caller(), attachment_id))
