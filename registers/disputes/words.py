"""How a dispute is spoken of: in inboxes, in notices, and in the records that people write about it."""

from collections.abc import Mapping
from datetime import datetime

from registers.disputes.model import Dispute, NewRecord, RecordKind
from registers.notices import NewNotice

COMMITTEE = "mediation_committee"
SUBJECT_MAX, OCCASION_MAX = 80, 64


def subject_of(dispute: Dispute) -> str:
    """Return how inboxes name the dispute: `《暖气费纠纷》`."""
    return f"《{dispute.title[: SUBJECT_MAX - 2]}》"


def committee_group(unit: str) -> str:
    """Return the group of a committee's people."""
    return f"{COMMITTEE}@{unit}"


def notice_about(dispute: Dispute, kind: str, title: str, said: str, occasion: str) -> NewNotice:
    """Return a notice about the dispute; `occasion` (the id of the job) tells a repeat from a new one."""
    return NewNotice(
        kind=kind,
        title=title,
        text=f"{subject_of(dispute)}：{said}",
        business_key=dispute.id,
        subject=dispute.id,
        rung=occasion[-OCCASION_MAX:],
    )


def record_from(
    entries: Mapping[str, object],
    *,
    kind: RecordKind,
    by: str,
    content: str | None,
    result: str | None = None,
    institution: str | None = None,
) -> NewRecord:
    """Return a record for the file, with time, place and people as a form has them.

    entries   what was entered: held_at (ISO 8601 with its zone), place, participants; empty ones are left out
    """
    held = entered_text(entries, "held_at")
    return NewRecord(
        kind=kind,
        content=content or "",
        recorded_by=by,
        held_at=None if held is None else datetime.fromisoformat(held),
        place=entered_text(entries, "place"),
        participants=entered_text(entries, "participants"),
        result=result,
        institution=institution,
    )


def entered_text(entries: Mapping[str, object], name: str) -> str | None:
    """Return a text that was entered, or None where nothing was."""
    value = entries.get(name)
    return (value.strip() or None) if isinstance(value, str) else None
