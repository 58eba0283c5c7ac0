"""Who calls, and what she may do. Every operation names its rule; one without a rule is closed to everybody.

A caller is known by the session cookie `sid` (people) or by `Authorization: Bearer …` (machines). Rights are
function x data: the function is checked here, before the request is read; which cases and inboxes a person
sees is decided by api.case_access and by the inbox itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule

from api.context import city
from api.credentials import Caller, by_session, by_token
from api.problems import SignInRequired
from api.request_body import UNSAFE, check_body
from engine.errors import Forbidden

COOKIE = "sid"
BEARER = "bearer "

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule of one operation.

    public       anybody, without sign-in
    any_of       one of these permissions is enough; none named: being signed in is enough
    while_due    also while the account still has to change its first password
    """

    public: bool = False
    any_of: tuple[str, ...] = ()
    while_due: bool = False


PUBLIC = Policy(public=True)
SIGNED_IN = Policy()
OWN_SIGN_IN = Policy(while_due=True)


def requires(rule: Policy | str, *more: str) -> Callable[[View], View]:
    """Give an operation its rule: a policy, or the permissions of which one is needed."""
    policy = rule if isinstance(rule, Policy) else Policy(any_of=(rule, *more))

    def mark(view: View) -> View:
        view.zhili_policy = policy  # type: ignore[attr-defined]  # a mark, read by `policy_of`
        return view

    return mark


def operation_of(app: Flask, rule: Rule, method: str) -> Callable[..., object] | None:
    """Return the function that carries out `method` at an address."""
    view = app.view_functions[rule.endpoint]
    resource = getattr(view, "view_class", None)
    if resource is None:
        return view
    found = getattr(resource, "get" if method == "HEAD" else method.lower(), None)
    return cast("Callable[..., object] | None", found)


def policy_of(app: Flask, rule: Rule, method: str) -> Policy | None:
    """Return the rule of an operation, or None where nobody gave it one."""
    policy = getattr(operation_of(app, rule, method), "zhili_policy", None)
    return policy if isinstance(policy, Policy) else None


def operations(app: Flask) -> Iterator[tuple[Rule, str]]:
    """List every operation of the application; OPTIONS tells only which methods there are."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield rule, method


def install(app: Flask) -> None:
    """Check every request before anything else looks at it."""
    app.before_request(admit)


def admit() -> None:
    """Authenticate and authorise the request, then check what it carries."""
    if request.url_rule is None or request.method == "OPTIONS":
        return
    policy = policy_of(current_app, request.url_rule, request.method)
    if policy is None:
        raise Forbidden(code="no-rule")
    check_origin()
    if not policy.public:
        g.caller = authenticate()
        authorise(g.caller, policy)
    check_body(operation_of(current_app, request.url_rule, request.method), city().settings)


def caller() -> Caller:
    """Return who asks; only operations that are not public may call this."""
    return cast("Caller", g.caller)


def authorise(who: Caller, policy: Policy) -> None:
    """Raise Forbidden where the caller has none of the permissions that the rule names."""
    if who.account.must_change and who.session is not None and not policy.while_due:
        raise Forbidden(code="password-change-required")
    if policy.any_of and not any(who.may(permission) for permission in policy.any_of):
        raise Forbidden(code="permission-missing", permission=" / ".join(policy.any_of))


def authenticate() -> Caller:
    """Find the caller by token or cookie, or raise SignInRequired."""
    header = request.headers.get("Authorization", "")
    if header:
        if not header.lower().startswith(BEARER):
            raise SignInRequired(code="bad-authorization")
        return by_token(header[len(BEARER) :].strip())
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        raise SignInRequired
    return by_session(cookie)


def check_origin() -> None:
    """Refuse a change that another site sends with our cookie, or that signs somebody in from there.

    Browsers name the origin of every change; a request with our cookie and without an origin is no browser's.
    """
    if request.method not in UNSAFE or request.headers.get("Authorization"):
        return
    origin = request.headers.get("Origin")
    if origin is None:
        if COOKIE in request.cookies:
            raise Forbidden(code="origin-missing")
        return
    if origin == _own_origin() or origin in city().settings.allowed_origins:
        return
    raise Forbidden(code="origin-foreign", origin=origin)


def _own_origin() -> str:
    parts = urlsplit(request.host_url)
    return f"{parts.scheme}://{parts.netloc}"
