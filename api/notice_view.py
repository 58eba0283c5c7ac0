"""The notices of a caller: to her and to her groups."""

from collections.abc import Mapping
from typing import Any

from api.credentials import Caller
from engine.ports import UnitOfWork
from registers.notices import Notice, NoticeRegister


def notices_page(uow: UnitOfWork, caller: Caller, given: Mapping[str, Any]) -> dict[str, object]:
    """Return a page of her notices, newest first; raises NotFound for a page key that is no notice of hers."""
    register, recipients, limit = uow.get(NoticeRegister), recipients_of(caller), given["limit"]
    before = register.get(given["after"], recipients) if given["after"] else None
    found = register.list_for(recipients, unread=given["unread"], before=before, limit=limit)
    return {"items": found, "next_after": found[-1].id if found and len(found) == limit else None}


def mark_read(uow: UnitOfWork, caller: Caller, notice_id: str) -> Notice:
    """Mark one of her notices as read; raises NotFound."""
    notice = uow.get(NoticeRegister).mark_read(notice_id, recipients_of(caller))
    uow.commit()
    return notice


def recipients_of(caller: Caller) -> tuple[str, ...]:
    """Return under which names notices reach her."""
    return (*caller.groups, caller.login)
