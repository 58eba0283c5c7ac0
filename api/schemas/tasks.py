"""User tasks and inboxes."""

import marshmallow as ma

from api.schemas.cases import CaseSchema
from api.schemas.fields import Document, Integer, ListOf, OneOf, Pattern, Range, Schema, Text
from api.schemas.paging import PageQuery

BOXES = ("mine", "pool", "all", "done")
SORTS = ("due", "-due", "created", "-created", "priority", "-priority")
LIGHTS = ("绿", "黄", "红", "灰")
FACET = r"^[a-z][a-z_]{0,39}:[^\n]{1,100}\Z"


class InboxFilter(Schema):
    """Which tasks of my inbox."""

    box = Text(
        max=8,
        load_default="all",
        validate=[OneOf(BOXES)],
        metadata={
            "description": "`mine`: held by me; `pool`: unassigned in my groups; `all`: both; `done`: completed by me"
        },
    )
    process_key = Text(max=100, load_default=None)
    element = ListOf(Text(max=100), max=50, load_default=())
    facet = ListOf(
        Text(max=141, validate=[Pattern(FACET)]),
        max=10,
        load_default=(),
        metadata={"description": "`name:value` of the case, such as `category:XX` or `district:230102`"},
    )
    light = ListOf(Text(max=1, validate=[OneOf(LIGHTS)]), max=4, load_default=())
    search = Text(max=100, load_default="")
    case_id = Text(max=64, load_default=None)


class InboxCountFilter(InboxFilter):
    """Which open tasks of my inbox are counted."""

    box = Text(max=8, load_default="all", validate=[OneOf(BOXES[:3])], metadata={"description": "as in the inbox"})


class InboxQuerySchema(InboxFilter, PageQuery):
    """Which tasks of my inbox, in which order."""

    sort = Text(max=9, load_default="due", validate=[OneOf(SORTS)])


class TaskCaseSchema(Schema):
    """What an inbox shows of the case behind a task."""

    class Meta(Schema.Meta):
        """Take the fields of the case."""

    id = ma.fields.String()
    case_no = ma.fields.String(allow_none=True)
    title = ma.fields.String()
    status_name = ma.fields.String()
    urgency = ma.fields.String(allow_none=True)
    category_name = ma.fields.String(allow_none=True)
    district_name = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    light = ma.fields.String(allow_none=True)
    due_at = ma.fields.AwareDateTime(allow_none=True)
    cards = ma.fields.List(ma.fields.String())


class UserTaskSchema(Schema):
    """One piece of work for a person."""

    id = ma.fields.String()
    instance_id = ma.fields.String()
    root_id = ma.fields.String()
    element_id = ma.fields.String()
    name = ma.fields.String()
    process_key = ma.fields.String()
    definition_id = ma.fields.String()
    business_key = ma.fields.String(allow_none=True, metadata={"description": "id of the case"})
    form_key = ma.fields.String(allow_none=True)
    lane = ma.fields.String(allow_none=True)
    assignee = ma.fields.String(allow_none=True)
    candidate_groups = ma.fields.List(ma.fields.String())
    candidate_users = ma.fields.List(ma.fields.String())
    priority = ma.fields.Integer()
    created_at = ma.fields.AwareDateTime()
    due_at = ma.fields.AwareDateTime(allow_none=True)
    follow_up_at = ma.fields.AwareDateTime(allow_none=True)
    deadline_id = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    revision = ma.fields.Integer()
    facets = ma.fields.Dict()
    claimed_at = ma.fields.AwareDateTime(allow_none=True)
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    ended_by = ma.fields.String(allow_none=True)
    submission = ma.fields.Dict(allow_none=True)
    light = ma.fields.String(allow_none=True, metadata={"description": "绿 黄 红 灰; null without a clock"})


class InboxRowSchema(UserTaskSchema):
    """A task with what is shown of its case."""

    case = ma.fields.Nested(TaskCaseSchema, allow_none=True)


class OpenTaskSchema(UserTaskSchema):
    """A task with everything that its page shows: the form, the draft and the case."""

    form = ma.fields.Dict(allow_none=True, metadata={"description": "JSON Schema 2020-12 with `x-` widget hints"})
    draft = ma.fields.Dict(allow_none=True)
    case = ma.fields.Nested(CaseSchema, allow_none=True)


class InboxCountsSchema(Schema):
    """How many tasks: `total`, and one count per light; 1001 means more than 1000."""

    total = ma.fields.Integer()
    lights = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())


class RevisionSchema(Schema):
    """The revision that the caller saw; refused with 409 when the state has moved on."""

    revision = Integer(validate=Range(min=0, max=1_000_000_000), load_default=None, allow_none=True)


class AssignSchema(RevisionSchema):
    """Who shall hold the task."""

    assignee = Text(required=True, min=2, max=64)


class CompleteSchema(RevisionSchema):
    """What was entered in the form: `action`, `opinion` and the form's own fields."""

    submission = Document(required=True)


class DraftSchema(Schema):
    """What has been entered so far; kept as it is, checked when the task is completed."""

    draft = Document(required=True)
