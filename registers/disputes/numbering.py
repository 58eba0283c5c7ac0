"""Numbers of disputes and of agreements, counted per district and year."""

from datetime import datetime

from sqlalchemy import Connection

from registers.disputes.tables import DisputeCounterRow
from registers.local_time import local_day
from registers.statements import insert_into

REGION_DIGITS, YEAR_DIGITS, SERIAL_DIGITS = 6, 4, 5


def next_dispute_no(connection: Connection, *, district: str, at: datetime) -> str:
    """Return the next number of a dispute: 区划6 + 年4 + 流水5."""
    region, year = district[:REGION_DIGITS], local_day(at)[:YEAR_DIGITS]
    return f"{region}{year}{_next(connection, f'dispute:{region}{year}'):0{SERIAL_DIGITS}d}"


def next_agreement_no(connection: Connection, *, district: str, at: datetime) -> str:
    """Return the next number of an agreement, in the form of 司法部文书格式: `（2026）人调字第23010200001号`."""
    region, year = district[:REGION_DIGITS], local_day(at)[:YEAR_DIGITS]
    serial = _next(connection, f"agreement:{region}{year}")
    return f"（{year}）人调字第{region}{serial:0{SERIAL_DIGITS}d}号"


def _next(connection: Connection, scope: str) -> int:
    """Count on; the counter is a row that this transaction locks: no number twice, and none is lost by a commit."""
    statement = insert_into(connection, DisputeCounterRow).values(scope=scope, value=1)
    counted = statement.on_conflict_do_update(
        index_elements=["scope"], set_={"value": DisputeCounterRow.value + 1}
    ).returning(DisputeCounterRow.value)
    serial: int = connection.execute(counted).scalar_one()
    return serial
