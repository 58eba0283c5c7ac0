"""Facts for domain functions in tests: a small calendar, a small directory."""

from collections.abc import Mapping

from engine.deadlines import WorkingCalendar, read_calendar

# 1 to 5 May 2026 is a holiday (劳动节), Saturday 9 May a make-up workday.
ROWS = "date,kind,name,source\n" + "".join(f"2026-05-0{day},holiday,劳动节,\n" for day in range(1, 6))
ROWS += "2026-05-09,workday,调休,\n"
SETTINGS = """{"name": "市", "zone": "Asia/Shanghai", "day_ends_at": "closing", "published_through": 2026,
"hours_per_day": 7, "office_hours": {"default": ["09:00-12:00", "13:30-17:30"]}}"""
GROUPS = {
    "li": ("dispatcher@230100", "supervisor@230102"),
    "zhao": ("handler@230102-CG",),
}
ABOVE = {"230102-CG": "230102", "230102": "230100", "230100": None}


class SomeCalendars:
    """One calendar, `city`."""

    default = "city"

    def __init__(self) -> None:
        self.calendar = read_calendar("city", 3, ROWS, SETTINGS)

    def find(self, key: str) -> WorkingCalendar | None:
        return self.calendar if key == "city" else None


class SomeDirectory:
    """Two people and three units."""

    def groups_of(self, login: str) -> tuple[str, ...] | None:
        return GROUPS.get(login)

    def members_of(self, group: str) -> tuple[str, ...]:
        return tuple(login for login, groups in GROUPS.items() if group in groups)

    def unit_above(self, code: str) -> str | None:
        return ABOVE.get(code)


def some_facts() -> Mapping[str, object]:
    return {"calendars": SomeCalendars(), "directory": SomeDirectory()}
