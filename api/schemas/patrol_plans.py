"""Patrol objects and plans."""

import marshmallow as ma

from api.schemas.fields import (
    Boolean,
    Day,
    Integer,
    ListOf,
    Number,
    OneOf,
    QueryBoolean,
    QueryInteger,
    Range,
    Schema,
    Text,
)
from api.schemas.paging import PageQuery
from api.schemas.patrols import LISTED, AssignmentSchema, ChecklistItemSchema, NewPatrolTaskSchema
from registers.patrols import SYSTEMS, Cycle, HolidayRule

REVISION = Range(min=0, max=1_000_000_000)


class NewPatrolObjectSchema(Schema):
    """An object of patrols."""

    code = Text(load_default=None, allow_none=True, max=32, metadata={"description": "given where missing; stays"})
    name = Text(required=True, min=1, max=100)
    category = Text(required=True, max=32, metadata={"description": "code of the table `patrol_categories`"})
    risk = Text(required=True, max=16, metadata={"description": "code of the table `patrol_risks`"})
    region_code = Text(required=True, max=12)
    address = Text(load_default=None, allow_none=True, max=300)
    longitude = Number(required=True, validate=Range(min=-180, max=180))
    latitude = Number(required=True, validate=Range(min=-90, max=90))
    coordinate_system = Text(load_default="GCJ-02", validate=[OneOf(SYSTEMS)])
    enabled = Boolean(load_default=True)


class PatrolObjectChangeSchema(NewPatrolObjectSchema):
    """An object as it is to be."""

    revision = Integer(load_default=None, allow_none=True, validate=REVISION)


class PatrolObjectFilter(Schema):
    """Which objects; lists are separated by repeating the name."""

    category = ListOf(Text(max=32), max=LISTED, load_default=())
    risk = ListOf(Text(max=16), max=LISTED, load_default=())
    enabled = QueryBoolean(load_default=None)
    search = Text(max=100, load_default="")


class PatrolObjectQuery(PatrolObjectFilter, PageQuery):
    """Which objects, by code."""


class PatrolObjectSchema(Schema):
    """One object; a person is masked for those who need not know her."""

    id = ma.fields.String()
    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String(metadata={"description": "place or person"})
    category = ma.fields.String()
    category_name = ma.fields.String()
    risk = ma.fields.String()
    risk_name = ma.fields.String()
    region_code = ma.fields.String()
    community = ma.fields.String(allow_none=True)
    street = ma.fields.String()
    district = ma.fields.String()
    address = ma.fields.String(allow_none=True)
    longitude = ma.fields.Float(allow_none=True)
    latitude = ma.fields.Float(allow_none=True)
    coordinate_system = ma.fields.String()
    enabled = ma.fields.Boolean()
    created_at = ma.fields.AwareDateTime()
    revision = ma.fields.Integer()


class FeatureCollectionSchema(Schema):
    """Objects as a layer of a map (GeoJSON)."""

    type = ma.fields.String()
    features = ma.fields.List(ma.fields.Dict())


class NewPatrolTemplateSchema(NewPatrolTaskSchema):
    """A plan: what is not said is taken from the table `patrol_frequency`."""

    cycle = Text(load_default=None, allow_none=True, validate=[OneOf([cycle.value for cycle in Cycle])])
    every = Integer(load_default=None, allow_none=True)
    weekdays = ListOf(Integer(), load_default=(), max=7)
    month_days = ListOf(Integer(), load_default=(), max=32, metadata={"description": "-1 is the last day"})
    holiday_rule = Text(load_default=None, allow_none=True, validate=[OneOf([rule.value for rule in HolidayRule])])
    valid_from = Day(load_default=None, allow_none=True, metadata={"description": "today where missing"})
    valid_until = Day(load_default=None, allow_none=True)
    dispatch_time = Text(required=True, max=5, metadata={"description": "local time of day, 08:30"})


class PatrolTemplateChangeSchema(NewPatrolTemplateSchema):
    """A plan as it is to be."""

    revision = Integer(load_default=None, allow_none=True, validate=REVISION)


class PlanSwitchSchema(Schema):
    """The revision that the caller saw."""

    revision = Integer(load_default=None, allow_none=True, validate=REVISION)


class PatrolTemplateQuery(PageQuery):
    """Which plans, newest first."""

    enabled = QueryBoolean(load_default=None)


class OccurrencesQuery(Schema):
    """How many days."""

    count = QueryInteger(load_default=10, validate=Range(min=1, max=100))


class OccurrencesSchema(Schema):
    """The next days on which a plan dispatches."""

    dates = ma.fields.List(ma.fields.Date())


class PatrolTemplateSchema(Schema):
    """One plan as it stands."""

    id = ma.fields.String()
    title = ma.fields.String()
    category = ma.fields.String()
    category_name = ma.fields.String()
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    assignments = ma.fields.List(ma.fields.Nested(AssignmentSchema))
    checklist = ma.fields.List(ma.fields.Nested(ChecklistItemSchema))
    cycle = ma.fields.String()
    every = ma.fields.Integer()
    weekdays = ma.fields.List(ma.fields.Integer())
    month_days = ma.fields.List(ma.fields.Integer())
    holiday_rule = ma.fields.String()
    valid_from = ma.fields.Date()
    valid_until = ma.fields.Date(allow_none=True)
    dispatch_time = ma.fields.String()
    limit_value = ma.fields.Decimal(as_string=True)
    limit_unit = ma.fields.String()
    calendar = ma.fields.String()
    radius_m = ma.fields.Integer()
    enabled = ma.fields.Boolean()
    last_on = ma.fields.Date(allow_none=True, metadata={"description": "the last day dispatched or left out"})
    next_at = ma.fields.AwareDateTime(allow_none=True)
    process_instance_id = ma.fields.String(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    created_by = ma.fields.String()
    revision = ma.fields.Integer()
