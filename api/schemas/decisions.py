"""Rule tables: what is asked, what they answer, what they have answered, and how versions differ."""

from typing import Any

import marshmallow as ma

from api.schemas.fields import Boolean, Document, Instant, Integer, ListOf, QueryInteger, Range, Schema, Text, Wrong
from api.schemas.paging import PageQuery, page_of
from api.schemas.problem import SingleProblemSchema
from api.schemas.processes import ProcessDefinitionSchema

MOST_ROWS = 1_000
MOST_SHOWN = 500
MOST_VERSIONS = 1_000_000
DRAFT_MAX = 2 * 1024 * 1024


class DecisionDefinitionSchema(ProcessDefinitionSchema):
    """One version of one decision."""


class VersionQuery(Schema):
    """Which version."""

    version = QueryInteger(load_default=None, validate=Range(min=1, max=MOST_VERSIONS))


class DiffQuery(Schema):
    """Which two versions."""

    before = QueryInteger(required=True, data_key="from", validate=Range(min=1, max=MOST_VERSIONS))
    after = QueryInteger(
        load_default=None,
        data_key="to",
        validate=Range(min=1, max=MOST_VERSIONS),
        metadata={"description": "the latest where it is not named"},
    )


class EvaluateSchema(Schema):
    """What a decision is asked."""

    inputs = Document(required=True)
    version = ma.fields.Integer(strict=True, load_default=None, allow_none=True)


class EvaluateBulkSchema(Schema):
    """What a decision is asked many times."""

    rows = ListOf(Document(), max=MOST_ROWS, required=True, metadata={"description": "the inputs, row by row"})
    version = ma.fields.Integer(strict=True, load_default=None, allow_none=True)
    record = Boolean(load_default=True, metadata={"description": "whether the answers are kept as evaluations"})


class MatchSchema(Schema):
    """One row that matched."""

    row = ma.fields.Integer()
    rule_id = ma.fields.String()
    outputs = ma.fields.Raw()
    annotation = ma.fields.String(allow_none=True)


class DecisionResultSchema(Schema):
    """What a decision answered, and why."""

    decision = ma.fields.String()
    version = ma.fields.Integer()
    evaluation_id = ma.fields.String(allow_none=True, metadata={"description": "under which the proof is kept"})
    value = ma.fields.Raw()
    inputs = ma.fields.Dict()
    matches = ma.fields.List(ma.fields.Nested(MatchSchema))
    required = ma.fields.List(ma.fields.Dict(), metadata={"description": "the proofs of the decisions it needs"})
    parts = ma.fields.List(ma.fields.Dict(), metadata={"description": "tables and functions inside that took part"})
    reasons = ma.fields.List(ma.fields.Raw(), metadata={"description": "why something is null, where it is"})


class RowAnswerSchema(Schema):
    """What a decision said to one row: an answer, or an error."""

    row = ma.fields.Integer(metadata={"description": "counts from 1"})
    answer = ma.fields.Nested(DecisionResultSchema, allow_none=True)
    error = ma.fields.Nested(SingleProblemSchema, allow_none=True)


class BulkResultSchema(Schema):
    """What a decision said to every row, in their order."""

    decision = ma.fields.String()
    version = ma.fields.Integer()
    answered = ma.fields.Integer()
    failed = ma.fields.Integer()
    items = ma.fields.List(ma.fields.Nested(RowAnswerSchema))


class DecisionsSchema(Schema):
    """Versions of decisions."""

    items = ma.fields.List(ma.fields.Nested(DecisionDefinitionSchema))


class DecisionVersionSchema(DecisionDefinitionSchema):
    """One version, and the set that brought it."""

    deployed_by = ma.fields.String()
    note = ma.fields.String()
    set_hash = ma.fields.String(metadata={"description": "content hash of the deployment"})
    latest = ma.fields.Boolean()


class DecisionVersionsSchema(Schema):
    """Every version of one decision, newest first."""

    items = ma.fields.List(ma.fields.Nested(DecisionVersionSchema))


class EvaluationSchema(Schema):
    """One recorded evaluation."""

    id = ma.fields.String()
    decision_key = ma.fields.String()
    decision_version = ma.fields.Integer()
    instance_id = ma.fields.String(allow_none=True)
    business_key = ma.fields.String(allow_none=True)
    element_id = ma.fields.String(allow_none=True)
    at = ma.fields.AwareDateTime()
    inputs = ma.fields.Dict()
    rows = ma.fields.List(ma.fields.Integer())
    output = ma.fields.Raw()


EvaluationPageSchema = page_of(EvaluationSchema)


class EvaluationProofSchema(EvaluationSchema):
    """One recorded evaluation with its whole proof."""

    definition_id = ma.fields.String(allow_none=True, metadata={"description": "the version that answered"})
    parts = ma.fields.List(ma.fields.String(), metadata={"description": "the decisions that were made on the way"})
    context = ma.fields.Dict(allow_none=True, metadata={"description": "the variables that were read"})
    explanation = ma.fields.Dict(allow_none=True, metadata={"description": "null where none was kept yet"})
    words = ma.fields.List(ma.fields.String(), metadata={"description": "the proof in sentences"})


class EvaluationQuery(PageQuery):
    """Which evaluations."""

    case_id = Text(max=100, load_default=None)


class EvaluationsQuery(EvaluationQuery):
    """Which evaluations, of any decision."""

    instance_id = Text(max=64, load_default=None)
    decision = Text(
        max=100, load_default=None, metadata={"description": "asked, or made on the way to another one's answer"}
    )
    version = QueryInteger(load_default=None, validate=Range(min=1, max=MOST_VERSIONS))
    since = Instant(load_default=None)
    before = Instant(load_default=None)


class ValidatedDecisionSchema(Schema):
    """One decision of a file that was checked."""

    key = ma.fields.String()
    name = ma.fields.String()
    hit_policy = ma.fields.String(allow_none=True)
    rows = ma.fields.Integer()


class ValidationSchema(Schema):
    """What is wrong with a file of rule tables; nothing was stored."""

    valid = ma.fields.Boolean()
    decisions = ma.fields.List(ma.fields.Nested(ValidatedDecisionSchema))
    problems = ma.fields.List(
        ma.fields.Nested(SingleProblemSchema), metadata={"description": "what would refuse a deployment"}
    )
    findings = ma.fields.List(ma.fields.Nested(SingleProblemSchema), metadata={"description": "warnings and remarks"})


class CompareSchema(Schema):
    """Two versions, and over what they are compared: samples, or the evaluations of a period."""

    version_a = Integer(load_default=None, allow_none=True, validate=Range(min=1, max=MOST_VERSIONS))
    version_b = Integer(load_default=None, allow_none=True, validate=Range(min=1, max=MOST_VERSIONS))
    draft = Text(
        min=1,
        max=DRAFT_MAX,
        trim=False,
        load_default=None,
        allow_none=True,
        metadata={"description": "DMN XML that takes the place of version_b"},
    )
    samples = ListOf(Document(), max=MOST_ROWS, load_default=None, allow_none=True)
    since = Instant(data_key="from", load_default=None, allow_none=True)
    before = Instant(data_key="to", load_default=None, allow_none=True)
    show = Integer(load_default=100, validate=Range(min=0, max=MOST_SHOWN))

    @ma.validates_schema
    def check(self, body: dict[str, Any], **_: object) -> None:
        """Refuse two second sides, and anything but either samples or a period."""
        if body["draft"] is not None and body["version_b"] is not None:
            raise ma.ValidationError([Wrong("compare-one-draft", "Either a version or a draft is compared.")], "draft")
        period = body["since"] is not None and body["before"] is not None
        started = body["since"] is not None or body["before"] is not None
        if (body["samples"] is not None) == started or started != period:
            message = "Either samples or a period from … to … is needed."
            raise ma.ValidationError([Wrong("compare-over-what", message)], "samples")


class SaidSchema(Schema):
    """What one side said."""

    value = ma.fields.Raw()
    rows = ma.fields.List(ma.fields.Integer())
    error = ma.fields.Nested(SingleProblemSchema, allow_none=True)


class DifferenceSchema(Schema):
    """One context to which the sides answer differently."""

    sample = ma.fields.Integer(allow_none=True, metadata={"description": "its number, from 1"})
    evaluation_id = ma.fields.String(allow_none=True)
    at = ma.fields.AwareDateTime()
    inputs = ma.fields.Dict()
    unseen = ma.fields.List(
        ma.fields.String(), metadata={"description": "variables that only b reads and the record does not hold"}
    )
    a = ma.fields.Nested(SaidSchema)
    b = ma.fields.Nested(SaidSchema)


class RowShiftSchema(Schema):
    """How often these rows of a were replaced by those of b; none: a default, or an error."""

    rows_a = ma.fields.List(ma.fields.Integer())
    rows_b = ma.fields.List(ma.fields.Integer())
    outcome = ma.fields.String(metadata={"description": "moved: the same answer; different"})
    count = ma.fields.Integer()


class ComparisonSchema(Schema):
    """The differences of two versions."""

    decision = ma.fields.String()
    version_a = ma.fields.Integer(allow_none=True, metadata={"description": "null: what was recorded"})
    version_b = ma.fields.Integer(allow_none=True, metadata={"description": "null: the draft"})
    compared = ma.fields.Integer()
    same = ma.fields.Integer()
    moved = ma.fields.Integer(metadata={"description": "the same answer by other rows"})
    different = ma.fields.Integer()
    incomplete = ma.fields.Integer(metadata={"description": "their record lacks a variable that b reads"})
    skipped = ma.fields.Integer(metadata={"description": "recorded before contexts were kept"})
    shifts = ma.fields.List(ma.fields.Nested(RowShiftSchema))
    shifts_total = ma.fields.Integer()
    differences = ma.fields.List(ma.fields.Nested(DifferenceSchema))
    truncated = ma.fields.Boolean(metadata={"description": "there are more differences than are shown"})


class CellChangeSchema(Schema):
    """One text of a table, before and after; null where it is not there."""

    column = ma.fields.String()
    before = ma.fields.String(allow_none=True)
    after = ma.fields.String(allow_none=True)


class RowChangeSchema(Schema):
    """One row that was added, removed, changed or moved."""

    kind = ma.fields.String()
    rule_id = ma.fields.String()
    row_before = ma.fields.Integer(allow_none=True)
    row_after = ma.fields.Integer(allow_none=True)
    cells = ma.fields.List(ma.fields.Nested(CellChangeSchema))


class DecisionDiffSchema(Schema):
    """What has changed in the table from one version to another."""

    decision = ma.fields.String()
    before = ma.fields.Integer(data_key="from")
    after = ma.fields.Integer(data_key="to")
    identical = ma.fields.Boolean()
    settings = ma.fields.List(
        ma.fields.Nested(CellChangeSchema), metadata={"description": "hit policy, columns, defaults, expression"}
    )
    rows = ma.fields.List(ma.fields.Nested(RowChangeSchema))
