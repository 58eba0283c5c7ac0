"""Sign-in, accounts and tokens."""

import marshmallow as ma

from api.schemas.fields import Boolean, Instant, ListOf, Password, Schema, Text
from api.schemas.paging import PageQuery

LOGIN_MAX, PASSWORD_MAX, GROUPS_MAX = 64, 256, 50


class SignInSchema(Schema):
    """Login and password."""

    login = Text(required=True, min=1, max=LOGIN_MAX)
    password = Password(required=True, min=1, max=PASSWORD_MAX)


class PasswordChangeSchema(Schema):
    """The old password and the new one."""

    old_password = Password(required=True, min=1, max=PASSWORD_MAX)
    password = Password(required=True, min=1, max=PASSWORD_MAX)


class MeSchema(Schema):
    """Who is signed in, and what she may do."""

    id = ma.fields.String(attribute="account.id")
    login = ma.fields.String(attribute="account.login")
    name = ma.fields.String(attribute="account.name")
    must_change = ma.fields.Boolean(attribute="account.must_change")
    groups = ma.fields.List(ma.fields.String(), metadata={"description": "`role@unit`"})
    permissions = ma.fields.List(ma.fields.String())
    unit_names = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
    unread_notices = ma.fields.Integer()


class SessionSchema(Schema):
    """One browser that is signed in."""

    created_at = ma.fields.AwareDateTime()
    seen_at = ma.fields.AwareDateTime()
    expires_at = ma.fields.AwareDateTime()


class AccountSchema(Schema):
    """One person who may sign in; nothing about the password."""

    id = ma.fields.String()
    login = ma.fields.String()
    name = ma.fields.String()
    phone = ma.fields.String(allow_none=True)
    enabled = ma.fields.Boolean()
    must_change = ma.fields.Boolean()
    locked_until = ma.fields.AwareDateTime(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    groups = ma.fields.List(ma.fields.String())


class NewAccountSchema(Schema):
    """A person who shall be able to sign in; the password must be changed at the first sign-in."""

    login = Text(required=True, min=2, max=LOGIN_MAX)
    name = Text(required=True, min=1, max=100)
    password = Password(required=True, min=1, max=PASSWORD_MAX)
    phone = Text(max=32, load_default=None, allow_none=True)
    groups = ListOf(Text(max=100), max=GROUPS_MAX, load_default=())


class AccountChangeSchema(Schema):
    """What of an account shall be different; what is not named stays."""

    enabled = Boolean()
    groups = ListOf(Text(max=100), max=GROUPS_MAX)
    password = Password(min=1, max=PASSWORD_MAX, metadata={"description": "must be changed at the next sign-in"})


class AccountQuery(PageQuery):
    """Which accounts."""

    search = Text(max=100, load_default="")


class TokenSchema(Schema):
    """One token of a machine; its text is shown once, when it is made."""

    id = ma.fields.String()
    name = ma.fields.String()
    prefix = ma.fields.String()
    account_id = ma.fields.String()
    scopes = ma.fields.List(ma.fields.String())
    created_at = ma.fields.AwareDateTime()
    expires_at = ma.fields.AwareDateTime(allow_none=True)
    revoked_at = ma.fields.AwareDateTime(allow_none=True)
    last_used_at = ma.fields.AwareDateTime(allow_none=True)


class NewTokenSchema(Schema):
    """A token to be made: for which account, and which of its permissions it may use (none named: all)."""

    account_id = Text(required=True, min=1, max=64)
    name = Text(required=True, min=1, max=100)
    scopes = ListOf(Text(max=100), max=GROUPS_MAX, load_default=())
    expires_at = Instant(load_default=None, allow_none=True)


class MadeTokenSchema(TokenSchema):
    """A token that was just made, with its text."""

    text = ma.fields.String(metadata={"description": "shown here and never again"})


class TokenQuery(Schema):
    """Which tokens."""

    account_id = Text(max=64, load_default=None)


class TokensSchema(Schema):
    """Tokens, newest first."""

    items = ma.fields.List(ma.fields.Nested(TokenSchema))
