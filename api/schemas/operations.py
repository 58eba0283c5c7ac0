"""Jobs, incidents and history."""

import marshmallow as ma

from api.schemas.fields import Schema, Text
from api.schemas.paging import PageQuery


class WorkQuery(PageQuery):
    """Which jobs or incidents."""

    status = Text(max=12, load_default=None)
    instance_id = Text(max=64, load_default=None)


class JobQuery(WorkQuery):
    """Which jobs."""

    kind = Text(max=10, load_default=None, metadata={"description": "`start`: timers that start processes"})


class JobSchema(Schema):
    """Work that waits for a machine."""

    id = ma.fields.String()
    kind = ma.fields.String()
    topic = ma.fields.String()
    process_key = ma.fields.String(allow_none=True, metadata={"description": "the process that it starts"})
    instance_id = ma.fields.String(allow_none=True)
    element_id = ma.fields.String(allow_none=True)
    due_at = ma.fields.AwareDateTime()
    retries = ma.fields.Integer()
    attempts = ma.fields.Integer()
    status = ma.fields.String()
    created_at = ma.fields.AwareDateTime()
    lease_until = ma.fields.AwareDateTime(allow_none=True)
    last_error = ma.fields.String(allow_none=True)


class IncidentSchema(Schema):
    """Work that gave up: what failed, where, why, how often."""

    id = ma.fields.String()
    job_id = ma.fields.String(allow_none=True)
    instance_id = ma.fields.String(allow_none=True)
    element_id = ma.fields.String(allow_none=True)
    topic = ma.fields.String()
    message = ma.fields.String()
    attempts = ma.fields.Integer()
    status = ma.fields.String()
    created_at = ma.fields.AwareDateTime()
    resolved_at = ma.fields.AwareDateTime(allow_none=True)
    resolved_by = ma.fields.String(allow_none=True)
    resolution = ma.fields.String(allow_none=True)


class IncidentDetailSchema(IncidentSchema):
    """An incident with everything that was written down about it."""

    details = ma.fields.String()


class ResolveSchema(Schema):
    """How an incident was settled without its job."""

    resolution = Text(required=True, min=1, max=500)


class EventSchema(Schema):
    """One operation on one subject."""

    id = ma.fields.String()
    at = ma.fields.AwareDateTime()
    actor = ma.fields.String()
    kind = ma.fields.String()
    subject_type = ma.fields.String()
    subject_id = ma.fields.String()
    instance_id = ma.fields.String(allow_none=True)
    business_key = ma.fields.String(allow_none=True)
    data = ma.fields.Dict()


class EventQuery(PageQuery):
    """Which events; name a case or an instance, or read all."""

    case_id = Text(max=100, load_default=None)
    instance_id = Text(max=64, load_default=None)


class VariableChangeSchema(Schema):
    """A variable of record took a new value."""

    name = ma.fields.String()
    value = ma.fields.Raw()
    at = ma.fields.AwareDateTime()
    actor = ma.fields.String()
    element_id = ma.fields.String(allow_none=True)


class VariableHistorySchema(Schema):
    """Every value of every variable of an instance, oldest first."""

    items = ma.fields.List(ma.fields.Nested(VariableChangeSchema))
