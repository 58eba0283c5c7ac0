"""Cases, their timeline, clocks, cards, comments and files."""

import marshmallow as ma

from api.schemas.fields import Boolean, Instant, ListOf, Number, OneOf, QueryBoolean, Range, Schema, Text
from api.schemas.paging import PageQuery

LISTED = 50
SORTS = ("received_at", "-received_at", "reported_at", "-reported_at")


class NewCaseSchema(Schema):
    """What is reported: who, when, where, why and what. The same `external_id` of a channel is the same case."""

    channel = Text(required=True, min=1, max=32, metadata={"description": "code of the table `channels`"})
    title = Text(required=True, max=200)
    detail = Text(required=True, max=20_000)
    external_id = Text(max=128, load_default=None, allow_none=True)
    label = Text(max=100, load_default=None, allow_none=True)
    category = Text(max=32, load_default=None, allow_none=True)
    request_type = Text(max=16, load_default=None, allow_none=True)
    urgency = Text(max=16, load_default=None, allow_none=True)
    reporter_name = Text(max=100, load_default=None, allow_none=True)
    reporter_phone = Text(max=32, load_default=None, allow_none=True)
    anonymous = Boolean(load_default=False)
    confidential = Boolean(load_default=False)
    occurred_at = Instant(load_default=None, allow_none=True)
    reported_at = Instant(load_default=None, allow_none=True)
    region_code = Text(max=12, load_default=None, allow_none=True, metadata={"description": "12 digits, or 6 or 9"})
    address = Text(max=300, load_default=None, allow_none=True)
    longitude = Number(load_default=None, allow_none=True, validate=Range(min=-180, max=180))
    latitude = Number(load_default=None, allow_none=True, validate=Range(min=-90, max=90))
    coordinate_system = Text(max=16, load_default=None, allow_none=True)


class CaseFilter(Schema):
    """Which cases; lists are separated by repeating the name."""

    status = ListOf(Text(max=16), max=LISTED, load_default=())
    category = ListOf(Text(max=32), max=LISTED, load_default=())
    channel = ListOf(Text(max=32), max=LISTED, load_default=())
    urgency = ListOf(Text(max=16), max=LISTED, load_default=())
    district = ListOf(Text(max=32), max=LISTED, load_default=())
    street = ListOf(Text(max=32), max=LISTED, load_default=())
    lead_unit = ListOf(Text(max=32), max=LISTED, load_default=())
    mine = QueryBoolean(load_default=False, metadata={"description": "only what I reported"})
    search = Text(max=100, load_default="")
    reported_from = Instant(load_default=None)
    reported_to = Instant(load_default=None)


class CaseQuerySchema(CaseFilter, PageQuery):
    """Which cases, in which order."""

    sort = Text(max=16, load_default="-received_at", validate=[OneOf(SORTS)])


class CaseSchema(Schema):
    """One case as it stands; names beside codes, the reporter masked for those who need not know her."""

    id = ma.fields.String()
    case_no = ma.fields.String(allow_none=True, metadata={"description": "案卷号, given when it is filed"})
    query_code = ma.fields.String(allow_none=True, metadata={"description": "for the public query; null if not yours"})
    channel = ma.fields.String()
    channel_name = ma.fields.String()
    external_id = ma.fields.String(allow_none=True)
    title = ma.fields.String()
    detail = ma.fields.String()
    label = ma.fields.String(allow_none=True)
    category = ma.fields.String(allow_none=True)
    category_name = ma.fields.String(allow_none=True)
    condition = ma.fields.String(allow_none=True)
    closing_condition = ma.fields.String(allow_none=True)
    request_type = ma.fields.String(allow_none=True)
    urgency = ma.fields.String(allow_none=True)
    reporter_name = ma.fields.String(allow_none=True)
    reporter_phone = ma.fields.String(allow_none=True)
    anonymous = ma.fields.Boolean()
    confidential = ma.fields.Boolean()
    occurred_at = ma.fields.AwareDateTime(allow_none=True)
    reported_at = ma.fields.AwareDateTime()
    received_at = ma.fields.AwareDateTime()
    region_code = ma.fields.String()
    region_name = ma.fields.String(allow_none=True)
    street = ma.fields.String()
    district = ma.fields.String()
    district_name = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    latitude = ma.fields.Float(allow_none=True)
    coordinate_system = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    status_name = ma.fields.String()
    reason = ma.fields.String(allow_none=True)
    lead_unit = ma.fields.String(allow_none=True)
    lead_unit_name = ma.fields.String(allow_none=True)
    co_units = ma.fields.List(ma.fields.String())
    supervisor_unit = ma.fields.String(allow_none=True)
    round = ma.fields.Integer()
    returns = ma.fields.Integer()
    master_case_id = ma.fields.String(allow_none=True)
    result = ma.fields.String(allow_none=True)
    solved = ma.fields.Boolean(allow_none=True)
    satisfaction = ma.fields.String(allow_none=True)
    process_instance_id = ma.fields.String(allow_none=True)
    filed_at = ma.fields.AwareDateTime(allow_none=True)
    closed_at = ma.fields.AwareDateTime(allow_none=True)
    archived_at = ma.fields.AwareDateTime(allow_none=True)
    historic = ma.fields.Boolean()
    published_verdict = ma.fields.String(allow_none=True)
    light = ma.fields.String(allow_none=True, metadata={"description": "状态灯 of the case's own clock: 绿 黄 红 灰"})
    due_at = ma.fields.AwareDateTime(allow_none=True)
    cards = ma.fields.List(ma.fields.String(), metadata={"description": "colours of the cards, oldest first"})
    revision = ma.fields.Integer()


class CaseCountsSchema(Schema):
    """How many cases."""

    total = ma.fields.Integer()
    capped = ma.fields.Boolean(metadata={"description": "counting stopped: there are more"})
    by_status = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())


class TimelineEntrySchema(Schema):
    """One thing that happened: who, when, what, with which opinion."""

    at = ma.fields.AwareDateTime()
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    kind = ma.fields.String(metadata={"description": "`user_task`, `event` or `activity`"})
    what = ma.fields.String()
    code = ma.fields.String(metadata={"description": "element id, or kind of the history event"})
    who = ma.fields.String(allow_none=True)
    who_name = ma.fields.String(allow_none=True)
    lane = ma.fields.String(allow_none=True)
    process_key = ma.fields.String(allow_none=True)
    instance_id = ma.fields.String(allow_none=True)
    task_id = ma.fields.String(allow_none=True)
    action = ma.fields.String(allow_none=True)
    action_name = ma.fields.String(allow_none=True)
    opinion = ma.fields.String(allow_none=True)
    outcome = ma.fields.String(allow_none=True)
    due_at = ma.fields.AwareDateTime(allow_none=True)
    overdue = ma.fields.Boolean(allow_none=True)
    data = ma.fields.Dict()


class TimelineSchema(Schema):
    """Everything that happened to a case, oldest first."""

    entries = ma.fields.List(ma.fields.Nested(TimelineEntrySchema))
    complete = ma.fields.Boolean(metadata={"description": "the case has come to its end"})


class CommentSchema(Schema):
    """A remark beside the forms."""

    id = ma.fields.String()
    task_id = ma.fields.String(allow_none=True)
    author = ma.fields.String()
    text = ma.fields.String()
    created_at = ma.fields.AwareDateTime()


class NewCommentSchema(Schema):
    """A remark to be made."""

    text = Text(required=True, min=1, max=2000)


class CommentsSchema(Schema):
    """All remarks, oldest first."""

    items = ma.fields.List(ma.fields.Nested(CommentSchema))


class AttachmentSchema(Schema):
    """What is known about a file; its bytes are at `/attachments/{id}/content`."""

    id = ma.fields.String()
    task_id = ma.fields.String(allow_none=True)
    name = ma.fields.String()
    media_type = ma.fields.String()
    size = ma.fields.Integer(metadata={"description": "bytes"})
    sha256 = ma.fields.String()
    uploaded_by = ma.fields.String()
    uploaded_at = ma.fields.AwareDateTime()


class AttachmentsSchema(Schema):
    """All files, oldest first."""

    items = ma.fields.List(ma.fields.Nested(AttachmentSchema))


class SupplementSchema(Schema):
    """What the reporter adds after she was asked."""

    text = Text(required=True, min=1, max=2000)


class WithdrawSchema(Schema):
    """Why the reporter takes her report back."""

    reason = Text(required=True, min=1, max=500)


class DeliveredSchema(Schema):
    """To how many waiting activities a message went."""

    delivered = ma.fields.Integer()


class PublicCaseSchema(Schema):
    """What anybody with the query code may know: words, no names, no places."""

    query_code = ma.fields.String()
    case_no = ma.fields.String(allow_none=True)
    title = ma.fields.String()
    status = ma.fields.String()
    status_name = ma.fields.String()
    reported_at = ma.fields.AwareDateTime()
    filed_at = ma.fields.AwareDateTime(allow_none=True)
    closed_at = ma.fields.AwareDateTime(allow_none=True)
    lead_unit_name = ma.fields.String(allow_none=True)
