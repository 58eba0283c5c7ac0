"""The problem document: how every refusal looks (RFC 9457)."""

import marshmallow as ma

from api.schemas.fields import Anything, Schema


class SingleProblemSchema(Schema):
    """One thing that is wrong with the input."""

    where = ma.fields.String(required=True, metadata={"description": "field path, element id or row"})
    code = ma.fields.String(required=True, metadata={"description": "stable key of the sentence"})
    severity = ma.fields.String(
        validate=ma.validate.OneOf(("error", "warning", "info")),
        metadata={"description": "an error refuses the input; a warning or a remark does not"},
    )
    message = ma.fields.String(required=True, metadata={"description": "the sentence in the caller's language"})
    params = ma.fields.Dict(metadata={"description": "what fills the sentence"})
    file = ma.fields.String(metadata={"description": "the file, where the input is one"})
    line = ma.fields.Integer(metadata={"description": "1-based line in that file"})


class ProblemSchema(Schema):
    """Why a request was refused; nothing has changed."""

    type = ma.fields.String(required=True, metadata={"description": "`urn:zhili:problem:` and the code"})
    title = ma.fields.String(required=True, metadata={"description": "the kind of refusal"})
    status = ma.fields.Integer(required=True, metadata={"description": "the HTTP status"})
    detail = ma.fields.String(required=True, metadata={"description": "what is wrong, in the caller's language"})
    code = ma.fields.String(required=True, metadata={"description": "stable key of the sentence"})
    params = ma.fields.Dict(metadata={"description": "what fills the sentence"})
    errors = ma.fields.List(ma.fields.Nested(SingleProblemSchema), metadata={"description": "each single problem"})
    current = Anything(metadata={"description": "the fresh state after a lost race"})
