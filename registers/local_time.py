"""The clock on the wall of the city."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

# All of China has one legal time: Beijing time.
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_day(instant: datetime) -> str:
    """Return the day of an instant as `20261123`."""
    return f"{instant.astimezone(LOCAL_ZONE):%Y%m%d}"


def local_minute(instant: datetime) -> str:
    """Return an instant as people write it: `2026-11-23 09:30`."""
    return f"{instant.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def day_begin(instant: datetime) -> datetime:
    """Return the local midnight with which the day of an instant began, aware."""
    return datetime.combine(instant.astimezone(LOCAL_ZONE).date(), time(), LOCAL_ZONE)
