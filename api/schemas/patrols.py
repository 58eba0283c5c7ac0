"""Patrol tasks: given, walked, read; tracks and the figures of a day."""

import marshmallow as ma

from api.schemas.fields import (
    Boolean,
    Day,
    Document,
    Instant,
    Integer,
    ListOf,
    Nested,
    Number,
    OneOf,
    QueryBoolean,
    Range,
    Schema,
    Text,
)
from api.schemas.paging import PageQuery
from registers.patrols import KINDS, STATUS_NAMES, SYSTEMS, CheckResult

LISTED, FIXES = 50, 2000
UNIT = r"[0-9]{6}(-[A-Z]{1,8}|[0-9]{3}|[0-9]{6})?"
LOGIN = r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}"
LIMIT_UNITS = ("自然日", "自然小时", "工作日", "工作时", "紧急工作时", "紧急工作日")


class ChecklistItemSchema(Schema):
    """One question."""

    key = Text(max=32, pattern="[a-z][a-z0-9_]*", load_default=None, allow_none=True)
    text = Text(required=True, min=1, max=200)
    kind = Text(load_default="yes_no", validate=[OneOf(KINDS)])
    required = Boolean(load_default=True)


class AssignmentSchema(Schema):
    """Who visits what, in this order."""

    member = Text(required=True, pattern=LOGIN, max=64)
    objects = ListOf(Text(max=36), required=True, max=200)


class NewPatrolTaskSchema(Schema):
    """A patrol to be given: assignments one by one, or members who each visit every object."""

    title = Text(required=True, min=1, max=100)
    category = Text(required=True, max=32, metadata={"description": "code of the table `patrol_categories`"})
    unit = Text(required=True, pattern=UNIT, max=32)
    assignments = ListOf(Nested(AssignmentSchema), load_default=(), max=500)
    members = ListOf(Text(pattern=LOGIN, max=64), load_default=(), max=500)
    objects = ListOf(Text(max=36), load_default=(), max=200)
    checklist = ListOf(Nested(ChecklistItemSchema), load_default=(), max=LISTED)
    limit_value = Number(load_default=None, allow_none=True, metadata={"description": "as usual where missing"})
    limit_unit = Text(load_default=None, allow_none=True, validate=[OneOf(LIMIT_UNITS)])
    radius_m = Integer(load_default=None, allow_none=True)


class PositionSchema(Schema):
    """Where a phone is; metres."""

    longitude = Number(required=True, validate=Range(min=-180, max=180))
    latitude = Number(required=True, validate=Range(min=-90, max=90))
    coordinate_system = Text(load_default="WGS-84", validate=[OneOf(SYSTEMS)])
    accuracy_m = Number(required=True, validate=Range(min=0, max=100_000))
    mock = Boolean(load_default=False, metadata={"description": "the phone itself says that its position is made up"})


class NewCheckSchema(PositionSchema):
    """A check-in; the same `at` at the same object is the same check-in."""

    object_id = Text(required=True, max=36)
    at = Instant(load_default=None, allow_none=True, metadata={"description": "when it was; now where missing"})
    result = Text(required=True, validate=[OneOf([result.value for result in CheckResult])])
    answers = Document(load_default=dict, max=LISTED)
    finding = Text(load_default=None, allow_none=True, max=2000)
    report_case = Boolean(load_default=False, metadata={"description": "make a case of the finding at once"})
    label = Text(load_default=None, allow_none=True, max=100, metadata={"description": "what the case is about"})
    correction_reason = Text(load_default=None, allow_none=True, min=1, max=500)


class NewPatrolFindingSchema(Schema):
    """Something found on the way: at an object of the task, or at a place of its own."""

    title = Text(required=True, min=1, max=200)
    detail = Text(required=True, min=1, max=20_000)
    label = Text(load_default=None, allow_none=True, max=100)
    object_id = Text(load_default=None, allow_none=True, max=36)
    region_code = Text(load_default=None, allow_none=True, max=12)
    address = Text(load_default=None, allow_none=True, max=300)
    longitude = Number(load_default=None, allow_none=True, validate=Range(min=-180, max=180))
    latitude = Number(load_default=None, allow_none=True, validate=Range(min=-90, max=90))
    coordinate_system = Text(load_default=None, allow_none=True, validate=[OneOf(SYSTEMS)])


class FixSchema(PositionSchema):
    """One fix of a phone."""

    at = Instant(required=True)
    speed_mps = Number(load_default=None, allow_none=True, validate=Range(min=0, max=1000))


class NewTrackSchema(Schema):
    """Fixes in any order; known ones are left out."""

    points = ListOf(Nested(FixSchema), required=True, max=FIXES)


class AddedTrackSchema(Schema):
    """What became of the fixes."""

    added = ma.fields.Integer()
    known = ma.fields.Integer()
    ignored = ma.fields.Integer(
        metadata={"description": "before the task was received, after its end, or ahead of now"}
    )


class CancellationSchema(Schema):
    """Why a task is taken back."""

    reason = Text(required=True, min=1, max=500)


class PatrolTaskQuery(PageQuery):
    """Which tasks; lists are separated by repeating the name."""

    stage = ListOf(Text(max=16, validate=[OneOf([str(stage) for stage in STATUS_NAMES])]), max=LISTED, load_default=())
    member = ListOf(Text(max=64), max=LISTED, load_default=())
    template_id = Text(max=36, load_default=None)
    case_id = Text(max=36, load_default=None, metadata={"description": "the patrol on which a case was found"})
    occurrence_on = Day(load_default=None)
    dispatched_from = Instant(load_default=None)
    dispatched_to = Instant(load_default=None)
    missed = QueryBoolean(load_default=None)
    mine = QueryBoolean(load_default=False)
    search = Text(max=100, load_default="")


class PatrolTaskRowSchema(Schema):
    """One task with its progress."""

    id = ma.fields.String()
    template_id = ma.fields.String(allow_none=True)
    occurrence_on = ma.fields.Date()
    title = ma.fields.String()
    category = ma.fields.String()
    category_name = ma.fields.String()
    risk = ma.fields.String()
    risk_name = ma.fields.String()
    member = ma.fields.String()
    member_name = ma.fields.String(allow_none=True)
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    community = ma.fields.String(allow_none=True)
    street = ma.fields.String(allow_none=True)
    district = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    stage = ma.fields.String(metadata={"description": "the status, or `patrolling` while somebody is under way"})
    stage_name = ma.fields.String()
    done = ma.fields.Integer()
    total = ma.fields.Integer()
    limit_value = ma.fields.Decimal(as_string=True)
    limit_unit = ma.fields.String()
    radius_m = ma.fields.Integer()
    due_at = ma.fields.AwareDateTime(allow_none=True)
    light = ma.fields.String(allow_none=True)
    dispatched_at = ma.fields.AwareDateTime()
    received_at = ma.fields.AwareDateTime(allow_none=True)
    started_at = ma.fields.AwareDateTime(allow_none=True)
    missed_at = ma.fields.AwareDateTime(allow_none=True)
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    log = ma.fields.String(allow_none=True)
    reason = ma.fields.String(allow_none=True)
    process_instance_id = ma.fields.String(allow_none=True)
    created_by = ma.fields.String()
    revision = ma.fields.Integer()


class TaskObjectSchema(Schema):
    """One object of a task, with the visit that counts."""

    id = ma.fields.String()
    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    category = ma.fields.String()
    risk = ma.fields.String()
    region_code = ma.fields.String()
    address = ma.fields.String(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    latitude = ma.fields.Float(allow_none=True)
    coordinate_system = ma.fields.String()
    enabled = ma.fields.Boolean()
    checked_at = ma.fields.AwareDateTime(allow_none=True)
    result = ma.fields.String(allow_none=True)


class PatrolCheckSchema(Schema):
    """One check-in as it is kept."""

    id = ma.fields.String()
    task_id = ma.fields.String()
    object_id = ma.fields.String()
    round = ma.fields.Integer()
    member = ma.fields.String()
    at = ma.fields.AwareDateTime()
    received_at = ma.fields.AwareDateTime()
    longitude = ma.fields.Float()
    latitude = ma.fields.Float()
    coordinate_system = ma.fields.String()
    accuracy_m = ma.fields.Float()
    distance_m = ma.fields.Float()
    mock = ma.fields.Boolean()
    verdict = ma.fields.String(metadata={"description": "accepted, or doubtful: kept, but not a visit"})
    rule = ma.fields.Dict()
    result = ma.fields.String()
    answers = ma.fields.Dict()
    finding = ma.fields.String(allow_none=True)
    correction_reason = ma.fields.String(allow_none=True)


class PatrolFindingSchema(Schema):
    """A finding, and the case that it has become."""

    id = ma.fields.String()
    task_id = ma.fields.String()
    number = ma.fields.Integer()
    object_id = ma.fields.String(allow_none=True)
    member = ma.fields.String()
    at = ma.fields.AwareDateTime()
    title = ma.fields.String()
    detail = ma.fields.String()
    label = ma.fields.String(allow_none=True)
    region_code = ma.fields.String()
    address = ma.fields.String(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    latitude = ma.fields.Float(allow_none=True)
    coordinate_system = ma.fields.String(allow_none=True)
    case_id = ma.fields.String(allow_none=True)


class PerformanceEntrySchema(Schema):
    """Points, and the rule that gave them."""

    person = ma.fields.String()
    unit = ma.fields.String()
    kind = ma.fields.String()
    at = ma.fields.AwareDateTime()
    points = ma.fields.String()
    rule = ma.fields.Dict()


class PatrolTaskSchema(PatrolTaskRowSchema):
    """One task with everything that belongs to it."""

    checklist = ma.fields.List(ma.fields.Nested(ChecklistItemSchema))
    objects = ma.fields.List(ma.fields.Nested(TaskObjectSchema))
    checks = ma.fields.List(ma.fields.Nested(PatrolCheckSchema))
    findings = ma.fields.List(ma.fields.Nested(PatrolFindingSchema))
    performance = ma.fields.List(ma.fields.Nested(PerformanceEntrySchema))


class GivenTasksSchema(Schema):
    """The tasks that were made."""

    items = ma.fields.List(ma.fields.Nested(PatrolTaskRowSchema))


class CheckedSchema(Schema):
    """The check-in, the progress of its task, and the finding that it reported."""

    check = ma.fields.Nested(PatrolCheckSchema)
    finding = ma.fields.Nested(PatrolFindingSchema, allow_none=True)
    done = ma.fields.Integer()
    total = ma.fields.Integer()


class GapSchema(Schema):
    """A time without a usable fix."""

    begin_at = ma.fields.AwareDateTime()
    end_at = ma.fields.AwareDateTime()
    minutes = ma.fields.Float()


class TrackSchema(Schema):
    """A cleaned track, and what was left out."""

    task_id = ma.fields.String()
    member = ma.fields.String()
    points = ma.fields.List(ma.fields.Nested(FixSchema))
    kilometres = ma.fields.Float()
    duration_minutes = ma.fields.Float()
    inaccurate = ma.fields.Integer()
    jumps = ma.fields.Integer()
    mocked = ma.fields.Integer()
    gaps = ma.fields.List(ma.fields.Nested(GapSchema))


class StatisticsQuery(Schema):
    """Which day; of one unit and those below it, where named."""

    day = Day(load_default=None, metadata={"description": "today where missing"})
    unit = Text(load_default=None, pattern=UNIT, max=32)
    format = Text(load_default=None, validate=[OneOf(("json", "csv"))])


class MemberDaySchema(Schema):
    """What one member did on a day."""

    member = ma.fields.String()
    member_name = ma.fields.String(allow_none=True)
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    tasks = ma.fields.Integer(metadata={"description": "dispatched on this day"})
    points_planned = ma.fields.Integer()
    points = ma.fields.Integer(metadata={"description": "objects with a visit that counts"})
    abnormal = ma.fields.Integer()
    doubtful = ma.fields.Integer(metadata={"description": "check-ins that were kept and do not count"})
    kilometres = ma.fields.Float()
    duration_minutes = ma.fields.Float()
    cases = ma.fields.Integer()
    finished = ma.fields.Integer()
    missed = ma.fields.Integer()
    gaps = ma.fields.Integer()
    gap_minutes = ma.fields.Float()


class StatisticsSchema(Schema):
    """The figures of a day."""

    day = ma.fields.Date()
    items = ma.fields.List(ma.fields.Nested(MemberDaySchema))
