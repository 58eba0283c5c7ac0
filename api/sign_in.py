"""Signing in: attempts are limited by address, failures by account, and hashing by the number of processors."""

import threading
import time

from werkzeug.http import dump_cookie

from api.context import city, reading, writing
from api.credentials import Caller, caller_of
from api.problems import SignInRequired
from engine.ports import UnitOfWork
from registers.notices import NoticeRegister
from registers.org import AccountRegister, SessionRegister, UnitRegister

COOKIE = "sid"
ATTEMPTS_PER_MINUTE = 20
# A check of a password takes a fifth of a second and 64 MiB: more at once would only slow down everything else.
HASHING = threading.BoundedSemaphore(2)


def sign_in(login: str, password: str, address: str) -> tuple[str, str]:
    """Check a login and open a session.

    Returns  the id of the account and the text of the cookie
    Raises   SignInRequired, the same for every reason; TooManyRequests
    """
    city().limiter.check("sign-in", address, most=ATTEMPTS_PER_MINUTE, now=time.monotonic())
    with HASHING, writing() as uow:
        found = uow.get(AccountRegister).verify(login, password)
        text = uow.get(SessionRegister).open(found.account.id)[1] if found.account is not None else ""
        uow.commit()
    if found.account is None:
        raise SignInRequired(code="sign-in-refused")
    return found.account.id, text


def cookie_of(text: str, *, secure: bool) -> str:
    """Return the header that sets the session cookie; it lives as long as the browser is open."""
    return dump_cookie(COOKIE, text, httponly=True, secure=secure, samesite="Lax", path="/")


def close_session(uow: UnitOfWork, cookie: str | None) -> None:
    """End the session of a cookie; nothing to do for a token."""
    if cookie is not None:
        uow.get(SessionRegister).close(cookie)
        uow.commit()


def who_is(account_id: str) -> dict[str, object]:
    """Return an account with its groups, permissions, the names of its units and its unread notices."""
    with reading() as uow:
        return describe(uow, caller_of(uow, account_id))


def describe(uow: UnitOfWork, who: Caller) -> dict[str, object]:
    """Return what a caller may know about herself."""
    units = (group.partition("@")[2] for group in who.groups)
    return {
        "account": who.account,
        "groups": who.groups,
        "permissions": sorted(who.permissions),
        "unit_names": uow.get(UnitRegister).names_of(units),
        "unread_notices": uow.get(NoticeRegister).count_unread([*who.groups, who.login]),
    }


def change_password(uow: UnitOfWork, who: Caller, old: str, new: str) -> None:
    """Give the caller a new password; all her sessions end. Raises SignInRequired, Invalid."""
    accounts = uow.get(AccountRegister)
    found = accounts.verify(who.login, old)
    if found.account is None:
        # The failure counts, although nothing else changes.
        uow.commit()
        raise SignInRequired(code="sign-in-refused")
    accounts.set_password(who.account.id, new)
    uow.commit()
