"""Expressions: what may be written, what is wrong, what comes out."""

import marshmallow as ma

from api.schemas.fields import Document, Schema, Text

LONGEST = 4_000
KEY = 100


class PlaceQuery(Schema):
    """Where an expression is written."""

    process = Text(max=KEY, load_default=None)
    element = Text(max=KEY, load_default=None)
    decision = Text(max=KEY, load_default=None)


class CompletionSchema(Schema):
    """One thing that may be written."""

    label = ma.fields.String()
    kind = ma.fields.String(validate=ma.validate.OneOf(["variable", "function", "keyword", "type"]))
    type = ma.fields.String()
    detail = ma.fields.String()
    documentation = ma.fields.String()
    insert_text = ma.fields.String()
    signature = ma.fields.String()


class CompletionsSchema(Schema):
    """Everything that may be written in a place."""

    items = ma.fields.List(ma.fields.Nested(CompletionSchema))


class ExpressionCheckSchema(Schema):
    """An expression to check: in a process, in a decision, or over types that are given."""

    expression = Text(required=True, min=1, max=LONGEST, trim=False)
    process = Text(max=KEY, load_default=None, allow_none=True)
    element = Text(max=KEY, load_default=None, allow_none=True)
    decision = Text(max=KEY, load_default=None, allow_none=True)
    types = Document(load_default=None, allow_none=True)
    wanted = Text(max=KEY, load_default=None, allow_none=True)
    cell_of = Text(max=KEY, load_default=None, allow_none=True)


class ExpressionFindingSchema(Schema):
    """Something that is wrong or doubtful, with the place in the text."""

    code = ma.fields.String()
    severity = ma.fields.String(validate=ma.validate.OneOf(["error", "warning"]))
    line = ma.fields.Integer()
    column = ma.fields.Integer()
    message = ma.fields.String()
    params = ma.fields.Dict()


class CheckedExpressionSchema(Schema):
    """What a check found."""

    type = ma.fields.String(allow_none=True)
    findings = ma.fields.List(ma.fields.Nested(ExpressionFindingSchema))


class ExpressionEvaluateSchema(Schema):
    """An expression to evaluate."""

    expression = Text(required=True, min=1, max=LONGEST, trim=False)
    inputs = Document(load_default=dict)


class NullReasonSchema(Schema):
    """Why something is null."""

    code = ma.fields.String()
    line = ma.fields.Integer()
    column = ma.fields.Integer()
    message = ma.fields.String()


class EvaluatedExpressionSchema(Schema):
    """What an expression gives."""

    value = ma.fields.Raw(allow_none=True)
    type = ma.fields.String()
    reasons = ma.fields.List(ma.fields.Nested(NullReasonSchema))
