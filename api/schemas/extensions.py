"""Requests for more time."""

import marshmallow as ma

from api.schemas.fields import Schema


class ExtensionSchema(Schema):
    """One request; `outcome` is null while it is being decided."""

    instance_id = ma.fields.String(metadata={"description": "the process instance that decides on it"})
    case_id = ma.fields.String()
    unit = ma.fields.String(allow_none=True)
    requested_by = ma.fields.String()
    requested_at = ma.fields.AwareDateTime()
    value = ma.fields.Decimal(as_string=True)
    time_unit = ma.fields.String(metadata={"description": "工作日, 工作时, 自然日, 自然小时 or 紧急工作时"})
    reason = ma.fields.String()
    kind = ma.fields.String(
        allow_none=True, metadata={"description": "first, second, engineering, bulk, long, or none where refused"}
    )
    clause = ma.fields.String(allow_none=True)
    outcome = ma.fields.String(allow_none=True, metadata={"description": "granted or refused"})
    decided_by = ma.fields.String(allow_none=True, metadata={"description": "login, or `rule`"})
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    due_at = ma.fields.AwareDateTime(allow_none=True, metadata={"description": "the new limit, where granted"})


class ExtensionsSchema(Schema):
    """All requests of a case, oldest first."""

    items = ma.fields.List(ma.fields.Nested(ExtensionSchema))
