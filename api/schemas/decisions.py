"""Rule tables: what is asked, what they answer, what they have answered."""

import marshmallow as ma

from api.schemas.fields import Document, QueryInteger, Range, Schema, Text
from api.schemas.paging import PageQuery
from api.schemas.processes import ProcessDefinitionSchema


class DecisionDefinitionSchema(ProcessDefinitionSchema):
    """One version of one decision."""


class VersionQuery(Schema):
    """Which version."""

    version = QueryInteger(load_default=None, validate=Range(min=1, max=1_000_000))


class EvaluateSchema(Schema):
    """What a decision is asked."""

    inputs = Document(required=True)
    version = ma.fields.Integer(strict=True, load_default=None, allow_none=True)


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
    value = ma.fields.Raw()
    inputs = ma.fields.Dict()
    matches = ma.fields.List(ma.fields.Nested(MatchSchema))


class DecisionsSchema(Schema):
    """Versions of decisions."""

    items = ma.fields.List(ma.fields.Nested(DecisionDefinitionSchema))


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


class EvaluationQuery(PageQuery):
    """Which evaluations."""

    case_id = Text(max=100, load_default=None)
