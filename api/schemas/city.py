"""The organisation, its code tables and calendars; health."""

import marshmallow as ma

from api.schemas.fields import OneOf, Schema, Text


class RegionSchema(Schema):
    """One region."""

    code = ma.fields.String()
    name = ma.fields.String()
    level = ma.fields.String()
    parent_code = ma.fields.String(allow_none=True)
    unit_code = ma.fields.String()


class RegionsSchema(Schema):
    """Regions below one."""

    items = ma.fields.List(ma.fields.Nested(RegionSchema))


class RegionQuery(Schema):
    """Below which region; the roots without."""

    parent = Text(max=12, load_default=None, pattern="[0-9]{6,12}")


class UnitSchema(Schema):
    """One organisation."""

    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    parent = ma.fields.String(allow_none=True)
    region_code = ma.fields.String(allow_none=True)


class UnitsSchema(Schema):
    """Units by code."""

    items = ma.fields.List(ma.fields.Nested(UnitSchema))


class UnitQuery(Schema):
    """Which units."""

    kind = Text(
        max=16,
        load_default=None,
        validate=[OneOf(("city_centre", "department", "district", "street", "community", "institution"))],
    )
    parent = Text(max=32, load_default=None)


class CodeSchema(Schema):
    """One value of a code table."""

    code = ma.fields.String()
    name = ma.fields.String()
    parent = ma.fields.String(allow_none=True)
    position = ma.fields.Integer()
    enabled = ma.fields.Boolean()
    data = ma.fields.Dict()


class CodesSchema(Schema):
    """A code table in the order of its file."""

    table = ma.fields.String()
    items = ma.fields.List(ma.fields.Nested(CodeSchema))


class TablesSchema(Schema):
    """The names of all code tables."""

    items = ma.fields.List(ma.fields.String())


class CalendarSchema(Schema):
    """One version of one working calendar."""

    id = ma.fields.String()
    key = ma.fields.String()
    version = ma.fields.Integer()
    deployment_id = ma.fields.String()
    deployed_at = ma.fields.AwareDateTime()


class CalendarsSchema(Schema):
    """Working calendars."""

    items = ma.fields.List(ma.fields.Nested(CalendarSchema))


class HealthSchema(Schema):
    """Whether the service can work."""

    status = ma.fields.String()
