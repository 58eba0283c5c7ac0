"""Mediators, what keeps them out of disputes, and mediation institutions."""

from typing import Any

import marshmallow as ma

from api.schemas.fields import Boolean, ListOf, QueryBoolean, Schema, Text
from api.schemas.paging import PageQuery

LISTED = 50
LOGIN = "[a-z0-9][a-z0-9._-]{1,63}"
# A schema of the library has members of its own called `fields` and `load`.
AS_FIELDS: dict[str, Any] = {"data_key": "fields", "attribute": "fields"}
FIELDS = {"description": "codes of the table `dispute_types`; empty: everything"}


class NewMediatorSchema(Schema):
    """A mediator: an account, a committee's unit, and the fields."""

    login = Text(required=True, max=64, pattern=LOGIN)
    unit = Text(required=True, min=1, max=32)
    name = Text(max=100, load_default="", metadata={"description": "empty: the account's name"})
    specialities = ListOf(Text(max=32), max=LISTED, load_default=(), metadata=FIELDS, **AS_FIELDS)
    certificate_no = Text(max=64, load_default=None, allow_none=True)
    phone = Text(max=32, load_default=None, allow_none=True)
    id_number = Text(max=18, load_default=None, allow_none=True)
    enabled = Boolean(load_default=True)


class MediatorChangesSchema(Schema):
    """What changes about a mediator; what is not named stays."""

    unit = Text(min=1, max=32)
    name = Text(min=1, max=100)
    specialities = ListOf(Text(max=32), max=LISTED, **AS_FIELDS)
    certificate_no = Text(max=64, allow_none=True)
    phone = Text(max=32, allow_none=True)
    id_number = Text(max=18, allow_none=True)
    enabled = Boolean()


class MediatorSchema(Schema):
    """One mediator with her load; phone and identity number masked for those who do not manage her."""

    login = ma.fields.String()
    name = ma.fields.String()
    unit = ma.fields.String()
    unit_name = ma.fields.String(allow_none=True)
    level = ma.fields.String()
    level_name = ma.fields.String()
    specialities = ma.fields.List(ma.fields.String(), **AS_FIELDS)
    field_names = ma.fields.List(ma.fields.String())
    certificate_no = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    id_number = ma.fields.String(allow_none=True)
    enabled = ma.fields.Boolean()
    at_work = ma.fields.Integer(data_key="load", attribute="load", metadata={"description": "disputes at work"})
    revision = ma.fields.Integer()


class MediatorQuerySchema(PageQuery):
    """Which mediators."""

    unit = ListOf(Text(max=32), max=LISTED, load_default=())
    field = Text(max=32, load_default=None, pattern="[a-z_]{1,32}")
    level = ListOf(Text(max=16), max=LISTED, load_default=())
    enabled = QueryBoolean(load_default=None)
    search = Text(max=100, load_default="")


class NewAvoidanceSchema(Schema):
    """A relation to a person or to a workplace."""

    relation = Text(required=True, min=1, max=100)
    id_number = Text(max=18, load_default=None, allow_none=True)
    workplace = Text(max=200, load_default=None, allow_none=True)


class AvoidanceSchema(Schema):
    """A relation that a mediator has declared."""

    id = ma.fields.String()
    mediator = ma.fields.String()
    relation = ma.fields.String()
    id_number = ma.fields.String(allow_none=True)
    workplace = ma.fields.String(allow_none=True)
    declared_by = ma.fields.String()
    declared_at = ma.fields.AwareDateTime()


class AvoidancesSchema(Schema):
    """What a mediator has declared, oldest first."""

    items = ma.fields.List(ma.fields.Nested(AvoidanceSchema))


class NewInstitutionSchema(Schema):
    """A mediation institution: its unit, its category, its fields."""

    unit = Text(required=True, min=1, max=32)
    category = Text(required=True, max=32, metadata={"description": "code of the table `institution_categories`"})
    name = Text(max=100, load_default="", metadata={"description": "empty: the unit's name"})
    specialities = ListOf(Text(max=32), max=LISTED, load_default=(), metadata=FIELDS, **AS_FIELDS)
    contact_name = Text(max=100, load_default=None, allow_none=True)
    contact_phone = Text(max=32, load_default=None, allow_none=True)
    address = Text(max=300, load_default=None, allow_none=True)
    enabled = Boolean(load_default=True)


class InstitutionChangesSchema(Schema):
    """What changes about an institution; what is not named stays."""

    category = Text(max=32)
    name = Text(min=1, max=100)
    specialities = ListOf(Text(max=32), max=LISTED, **AS_FIELDS)
    contact_name = Text(max=100, allow_none=True)
    contact_phone = Text(max=32, allow_none=True)
    address = Text(max=300, allow_none=True)
    enabled = Boolean()


class InstitutionSchema(Schema):
    """One mediation institution."""

    unit = ma.fields.String()
    name = ma.fields.String()
    category = ma.fields.String()
    category_name = ma.fields.String()
    specialities = ma.fields.List(ma.fields.String(), **AS_FIELDS)
    field_names = ma.fields.List(ma.fields.String())
    contact_name = ma.fields.String(allow_none=True)
    contact_phone = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    enabled = ma.fields.Boolean()
    revision = ma.fields.Integer()


class InstitutionQuerySchema(PageQuery):
    """Which institutions."""

    category = ListOf(Text(max=32), max=LISTED, load_default=())
    field = Text(max=32, load_default=None, pattern="[a-z_]{1,32}")
    enabled = QueryBoolean(load_default=None)
    search = Text(max=100, load_default="")
