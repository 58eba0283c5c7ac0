"""Deadlines, cards, notices and the city's clock."""

import marshmallow as ma

from api.schemas.fields import Instant, ListOf, OneOf, QueryBoolean, Schema, Text
from api.schemas.paging import PageQuery

COLOURS = ("yellow", "red")


class DeadlineSchema(Schema):
    """One clock: its budget and where it stands."""

    id = ma.fields.String()
    kind = ma.fields.String()
    subject_type = ma.fields.String()
    subject_id = ma.fields.String()
    business_key = ma.fields.String(allow_none=True)
    name = ma.fields.String()
    value = ma.fields.Float()
    unit = ma.fields.String()
    calendar_key = ma.fields.String()
    calendar_version = ma.fields.Integer()
    holder = ma.fields.String(allow_none=True)
    round = ma.fields.Integer()
    status = ma.fields.String()
    started_at = ma.fields.AwareDateTime()
    due_at = ma.fields.AwareDateTime()
    yellow_at = ma.fields.AwareDateTime(allow_none=True)
    provisional = ma.fields.Boolean()
    stopped_at = ma.fields.AwareDateTime(allow_none=True)
    source = ma.fields.Dict()
    light = ma.fields.String()


class DeadlinesSchema(Schema):
    """The clocks of one case or subject."""

    items = ma.fields.List(ma.fields.Nested(DeadlineSchema))


class DeadlineQuery(Schema):
    """Whose clocks."""

    case_id = Text(required=True, min=1, max=64)


class SegmentSchema(Schema):
    """One entry of a ledger."""

    position = ma.fields.Integer()
    kind = ma.fields.String()
    started_at = ma.fields.AwareDateTime()
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    holder = ma.fields.String(allow_none=True)
    value = ma.fields.Float(allow_none=True)
    unit = ma.fields.String(allow_none=True)
    reason = ma.fields.String()
    actor = ma.fields.String()
    calendar_version = ma.fields.Integer()
    rule_version = ma.fields.Integer(allow_none=True)


class RungSchema(Schema):
    """One instant at which something becomes due."""

    id = ma.fields.String()
    rung = ma.fields.String()
    kind = ma.fields.String()
    round = ma.fields.Integer()
    due_at = ma.fields.AwareDateTime()
    fired_at = ma.fields.AwareDateTime(allow_none=True)
    source = ma.fields.Dict()


class LedgerSchema(Schema):
    """A clock with its ledger and its rungs."""

    deadline = ma.fields.Nested(DeadlineSchema)
    segments = ma.fields.List(ma.fields.Nested(SegmentSchema))
    rungs = ma.fields.List(ma.fields.Nested(RungSchema))


class CardSchema(Schema):
    """A yellow or red mark, with the rule that gave it."""

    id = ma.fields.String()
    colour = ma.fields.String()
    case_id = ma.fields.String(allow_none=True)
    subject_type = ma.fields.String()
    subject_id = ma.fields.String()
    deadline_id = ma.fields.String()
    rung = ma.fields.String()
    round = ma.fields.Integer()
    holder = ma.fields.String(allow_none=True)
    unit = ma.fields.String(allow_none=True)
    name = ma.fields.String()
    rule = ma.fields.Dict()
    issued_at = ma.fields.AwareDateTime()


class CardQuerySchema(PageQuery):
    """Which cards."""

    case_id = ListOf(Text(max=64), max=50, load_default=())
    unit = ListOf(Text(max=32), max=50, load_default=())
    colour = ListOf(Text(max=6, validate=[OneOf(COLOURS)]), max=2, load_default=())
    issued_from = Instant(load_default=None)
    issued_to = Instant(load_default=None)


class CardsSchema(Schema):
    """The cards of one case."""

    items = ma.fields.List(ma.fields.Nested(CardSchema))


class CardCountsSchema(Schema):
    """How many cards of each colour."""

    yellow = ma.fields.Integer()
    red = ma.fields.Integer()


class NoticeSchema(Schema):
    """A short message to a group or an account."""

    id = ma.fields.String()
    recipient = ma.fields.String()
    kind = ma.fields.String()
    title = ma.fields.String()
    text = ma.fields.String()
    business_key = ma.fields.String(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    read_at = ma.fields.AwareDateTime(allow_none=True)


class NoticeQuery(PageQuery):
    """Which notices."""

    unread = QueryBoolean(load_default=False)


class ClockSchema(Schema):
    """What time it is in the city."""

    now = ma.fields.AwareDateTime()
    virtual = ma.fields.Boolean(metadata={"description": "moved by whoever simulates"})
    next_due = ma.fields.AwareDateTime(allow_none=True, metadata={"description": "next job or rung of a deadline"})


class MoveClockSchema(Schema):
    """To which instant."""

    now = Instant(required=True)
