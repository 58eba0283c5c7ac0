"""The variable parts of addresses: ids and keys, so that nothing else reaches a resource."""

import re

import flask_smorest
from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """A surrogate id: letters, digits and hyphens."""

    regex = "[0-9A-Za-z-]{1,64}"


class KeyConverter(BaseConverter):
    """A stable human key: of a diagram, a decision, a form, a table."""

    regex = "[A-Za-z_][0-9A-Za-z_.-]{0,99}"


class LoginConverter(BaseConverter):
    """The login of an account."""

    regex = "[a-z0-9][a-z0-9._-]{1,63}"


CONVERTERS = {"id": IdConverter, "key": KeyConverter, "login": LoginConverter}


def install(app: Flask) -> None:
    """Teach the application every kind."""
    app.url_map.converters.update(CONVERTERS)


def describe(api: flask_smorest.Api) -> None:
    """Teach the description every kind."""
    for converter in CONVERTERS.values():
        api.register_converter(converter, lambda found: {"type": "string", "pattern": f"^{found.regex}$"})


def template(rule: str) -> str:
    """Write a rule of the router as a path of OpenAPI."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
