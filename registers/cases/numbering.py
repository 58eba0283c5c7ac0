"""Numbers of cases: the public case number, counted per district, day and channel, and the reporter's query code."""

import secrets
from datetime import datetime

from sqlalchemy import Connection

from engine.errors import Conflict, Invalid, Problem
from registers.cases.tables import CaseCounterRow
from registers.codes import Code
from registers.local_time import local_day
from registers.statements import insert_into

REGION_DIGITS, CHANNEL_DIGITS, SERIAL_DIGITS = 6, 2, 5
# No letter or digit that can be taken for another one: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
QUERY_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
QUERY_LENGTH = 12


def next_case_no(connection: Connection, *, district: str, channel: Code, at: datetime) -> str:
    """Return the next case number: 区划6 + yyyymmdd + 渠道2 + 流水5.

    The counter is a row that this transaction locks: no number twice, and none is lost by a commit.

    Raises  Conflict where a day's numbers are used up, Invalid where the channel has no two-digit number
    """
    scope = f"{district[:REGION_DIGITS]}{local_day(at)}{channel_number(channel)}"
    statement = insert_into(connection, CaseCounterRow).values(scope=scope, value=1)
    counted = statement.on_conflict_do_update(
        index_elements=["scope"], set_={"value": CaseCounterRow.value + 1}
    ).returning(CaseCounterRow.value)
    serial: int = connection.execute(counted).scalar_one()
    if serial >= 10**SERIAL_DIGITS:
        raise Conflict(f"The case numbers of {scope} are used up.", code="case-numbers-used-up", scope=scope)
    return f"{scope}{serial:0{SERIAL_DIGITS}d}"


def channel_number(channel: Code) -> str:
    """Return the two digits of a channel: its column `number`, or its code where that has two digits."""
    number = str(channel.data.get("number") or channel.code)
    if len(number) != CHANNEL_DIGITS or not number.isdecimal():
        message = f"The channel {channel.code} has no number of two digits."
        raise Invalid(problems=[Problem("channel-without-number", "channel", message, {"value": channel.code})])
    return number


def new_query_code() -> str:
    """Return a random code that nobody guesses (54 bits) and everybody can read out."""
    return "".join(secrets.choice(QUERY_ALPHABET) for _ in range(QUERY_LENGTH))
