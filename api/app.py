"""The web application: one Flask app, its rules, and every noun of the interface."""

from typing import cast

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api import addresses, auth, context, errors, headers, request_body
from api.bootstrap import open_city
from api.config import Settings
from api.context import City
from api.openapi import install_pages, make_api
from api.resources import BLUEPRINTS
from engine.clock import Clock


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the application of an installation; settings come from the environment where none are given."""
    return make_app(open_city(settings, clock))


def make_app(city: City) -> Flask:
    """Return the application of a running city."""
    # Nothing is served from a folder: what is not an operation with a rule does not exist.
    app = Flask("zhili", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=city.settings.request_limit, MAX_FORM_MEMORY_SIZE=city.settings.json_limit)
    app.url_map.strict_slashes = True
    app.url_map.redirect_defaults = False
    context.install(app, city)
    addresses.install(app)
    request_body.install(app)
    headers.install(app)
    auth.install(app)
    errors.install(app)
    interface = make_api(app)
    for blueprint in BLUEPRINTS:
        interface.register_blueprint(blueprint)
    install_pages(app, interface, docs=city.settings.docs)
    _trust_proxies(app, city.settings.proxies)
    return app


def _trust_proxies(app: Flask, proxies: int) -> None:
    if proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = cast("object", fixed)  # type: ignore[method-assign,assignment]  # how Flask wraps middleware
