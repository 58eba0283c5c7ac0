"""Disputes, their parties and records; what is registered, asked for and answered."""

import marshmallow as ma

from api.schemas.fields import Boolean, Day, Instant, Integer, ListOf, Nested, OneOf, QueryBoolean, Range, Schema, Text
from api.schemas.paging import PageQuery

LISTED = 50
PARTIES = 50
SORTS = ("applied_at", "-applied_at")


class NewPartySchema(Schema):
    """One party as it is handed in."""

    side = Text(required=True, max=16, metadata={"description": "`applicant` or `respondent`"})
    name = Text(required=True, min=1, max=100)
    sex = Text(max=1, load_default=None, allow_none=True, metadata={"description": "code of the table `sexes`"})
    id_number = Text(max=18, load_default=None, allow_none=True)
    phone = Text(max=32, load_default=None, allow_none=True)
    address = Text(max=300, load_default=None, allow_none=True)
    occupation = Text(max=100, load_default=None, allow_none=True)
    workplace = Text(max=200, load_default=None, allow_none=True)


class NewDisputeSchema(Schema):
    """What is registered: found on a visit, applied for by a party, or handed down by a superior."""

    source = Text(max=16, load_default="application", metadata={"description": "code of the table `dispute_sources`"})
    title = Text(required=True, min=1, max=200)
    type = Text(required=True, min=1, max=32, metadata={"description": "code of the table `dispute_types`"})
    facts = Text(required=True, min=1, max=20_000)
    claims = Text(required=True, min=1, max=4_000)
    severity = Text(max=16, load_default="normal", metadata={"description": "code of the table `dispute_severities`"})
    people_involved = Integer(load_default=2, validate=Range(min=1, max=100_000))
    parties = ListOf(Nested(NewPartySchema), max=PARTIES, required=True)
    region_code = Text(max=12, load_default=None, allow_none=True, metadata={"description": "12 digits, or 6 or 9"})
    address = Text(max=300, load_default=None, allow_none=True)
    occurred_on = Day(load_default=None, allow_none=True)
    source_case_id = Text(max=36, load_default=None, allow_none=True)
    superior_unit = Text(max=32, load_default=None, allow_none=True)
    superior_requirement = Text(max=4_000, load_default=None, allow_none=True)
    superior_due_on = Day(load_default=None, allow_none=True)


class DisputeFilter(Schema):
    """Which disputes; lists are separated by repeating the name."""

    applicant = Text(max=100, load_default="", metadata={"description": "stands in the name of an applicant"})
    respondent = Text(max=100, load_default="", metadata={"description": "stands in the name of a respondent"})
    title = Text(max=100, load_default="")
    search = Text(max=100, load_default="")
    applied_from = Instant(load_default=None)
    applied_to = Instant(load_default=None)
    type = ListOf(Text(max=32), max=LISTED, load_default=())
    source = ListOf(Text(max=16), max=LISTED, load_default=())
    status = ListOf(Text(max=16), max=LISTED, load_default=())
    outcome = ListOf(Text(max=16), max=LISTED, load_default=())
    severity = ListOf(Text(max=16), max=LISTED, load_default=())
    level = ListOf(Text(max=16), max=LISTED, load_default=())
    committee_unit = ListOf(Text(max=32), max=LISTED, load_default=())
    district = ListOf(Text(max=32), max=LISTED, load_default=())
    street = ListOf(Text(max=32), max=LISTED, load_default=())
    mediator = ListOf(Text(max=64), max=LISTED, load_default=())
    source_case_id = Text(max=36, load_default=None)
    mine = QueryBoolean(load_default=False, metadata={"description": "only what I applied for"})


class DisputeQuerySchema(DisputeFilter, PageQuery):
    """Which disputes, in which order."""

    sort = Text(max=16, load_default="-applied_at", validate=[OneOf(SORTS)])


class PartySchema(Schema):
    """One party; identity number, phone and address masked for those who do not handle the dispute."""

    id = ma.fields.String()
    position = ma.fields.Integer()
    side = ma.fields.String()
    name = ma.fields.String()
    sex = ma.fields.String(allow_none=True)
    id_number = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    occupation = ma.fields.String(allow_none=True)
    workplace = ma.fields.String(allow_none=True)


class InvitationSchema(Schema):
    """An institution that was asked to help."""

    unit = ma.fields.String()
    name = ma.fields.String()
    status = ma.fields.String(metadata={"description": "`invited`, `joined`, `declined`"})
    reason = ma.fields.String(allow_none=True)
    invited_at = ma.fields.AwareDateTime()
    answered_at = ma.fields.AwareDateTime(allow_none=True)


class DisputeRowSchema(Schema):
    """One dispute as a list shows it; names beside codes. What committees note for themselves is null for parties."""

    id = ma.fields.String()
    dispute_no = ma.fields.String(allow_none=True, metadata={"description": "given when it is accepted"})
    title = ma.fields.String()
    type = ma.fields.String()
    type_name = ma.fields.String(allow_none=True)
    source = ma.fields.String()
    source_name = ma.fields.String(allow_none=True)
    source_case_id = ma.fields.String(allow_none=True)
    region_code = ma.fields.String()
    region_name = ma.fields.String(allow_none=True)
    community = ma.fields.String(allow_none=True)
    street = ma.fields.String()
    district = ma.fields.String()
    district_name = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    occurred_on = ma.fields.Date(allow_none=True)
    facts = ma.fields.String()
    claims = ma.fields.String()
    severity = ma.fields.String()
    severity_name = ma.fields.String(allow_none=True)
    scale = ma.fields.String(allow_none=True)
    scale_name = ma.fields.String(allow_none=True)
    people_involved = ma.fields.Integer()
    level = ma.fields.String()
    level_name = ma.fields.String()
    committee_unit = ma.fields.String()
    committee_name = ma.fields.String(allow_none=True)
    mediator = ma.fields.String(allow_none=True)
    mediator_name = ma.fields.String(allow_none=True)
    excluded_mediators = ma.fields.List(ma.fields.String(), allow_none=True)
    status = ma.fields.String()
    status_name = ma.fields.String()
    outcome = ma.fields.String(allow_none=True)
    outcome_name = ma.fields.String(allow_none=True)
    reason = ma.fields.String(allow_none=True)
    round = ma.fields.Integer()
    sessions = ma.fields.Integer()
    extensions = ma.fields.Integer()
    urgings = ma.fields.Integer()
    agreement_no = ma.fields.String(allow_none=True)
    agreement_form = ma.fields.String(allow_none=True, metadata={"description": "`written` or `oral`"})
    agreement_content = ma.fields.String(allow_none=True)
    performance_manner = ma.fields.String(allow_none=True)
    perform_by = ma.fields.Date(allow_none=True)
    performance = ma.fields.String(allow_none=True)
    satisfaction = ma.fields.String(allow_none=True)
    closing_report = ma.fields.String(allow_none=True)
    superior_unit = ma.fields.String(allow_none=True)
    superior_requirement = ma.fields.String(allow_none=True)
    superior_due_on = ma.fields.Date(allow_none=True)
    registered_by = ma.fields.String(allow_none=True)
    process_instance_id = ma.fields.String(allow_none=True)
    applied_at = ma.fields.AwareDateTime()
    accepted_at = ma.fields.AwareDateTime(allow_none=True)
    agreed_at = ma.fields.AwareDateTime(allow_none=True)
    closed_at = ma.fields.AwareDateTime(allow_none=True)
    applicants = ma.fields.List(ma.fields.String())
    respondents = ma.fields.List(ma.fields.String())
    light = ma.fields.String(
        allow_none=True, metadata={"description": "状态灯 of the period of mediation: 绿 黄 红 灰"}
    )
    due_at = ma.fields.AwareDateTime(allow_none=True)
    revision = ma.fields.Integer()


class DisputeSchema(DisputeRowSchema):
    """One dispute with its parties and the institutions that were asked to help."""

    parties = ma.fields.List(ma.fields.Nested(PartySchema))
    institutions = ma.fields.List(ma.fields.Nested(InvitationSchema))
    handled = ma.fields.Boolean(metadata={"description": "the caller handles it: nothing is masked"})


class DisputeCountsSchema(Schema):
    """How many disputes: exact numbers of what the filter finds."""

    total = ma.fields.Integer()
    by_status = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    by_type = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())


class DisputeRecordSchema(Schema):
    """One record in the file of a dispute."""

    id = ma.fields.String()
    position = ma.fields.Integer(metadata={"description": "page of the file, from 1"})
    round = ma.fields.Integer()
    kind = ma.fields.String()
    kind_name = ma.fields.String()
    held_at = ma.fields.AwareDateTime()
    recorded_by = ma.fields.String()
    recorded_by_name = ma.fields.String(allow_none=True)
    recorded_at = ma.fields.AwareDateTime()
    place = ma.fields.String(allow_none=True)
    participants = ma.fields.String(allow_none=True)
    content = ma.fields.String()
    result = ma.fields.String(allow_none=True)
    institution = ma.fields.String(allow_none=True)
    institution_name = ma.fields.String(allow_none=True)


class DisputeRecordsSchema(Schema):
    """The file of a dispute, oldest record first."""

    items = ma.fields.List(ma.fields.Nested(DisputeRecordSchema))


class MediatorChangeSchema(Schema):
    """Why the committee replaces the mediator; `exclude` keeps her out of this dispute for good."""

    reason = Text(required=True, min=1, max=500)
    excluded = Boolean(load_default=False, data_key="exclude", attribute="exclude")
