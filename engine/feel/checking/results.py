"""What the built-in functions answer: the type of each, where it does not depend on the arguments."""

from engine.feel.checking.static_types import BOOLEAN, NUMBER, STRING, StaticType, list_of

DATE, TIME, DATE_TIME = StaticType("date"), StaticType("time"), StaticType("date and time")
MONTHS = StaticType("years and months duration")

_BY_TYPE: tuple[tuple[StaticType, str], ...] = (
    (
        BOOLEAN,
        (
            "list contains;contains;starts with;ends with;matches;before;after;meets;met by;overlaps;"
            "overlaps before;overlaps after;finishes;finished by;includes;during;starts;started by;"
            "coincides;all;any;not;is;even;odd;is workday"
        ),
    ),
    (
        NUMBER,
        (
            "count;sum;product;mean;median;stddev;decimal;floor;ceiling;round up;round down;round half up;"
            "round half down;modulo;sqrt;log;exp;number;string length;day of year;week of year"
        ),
    ),
    (
        STRING,
        (
            "substring;upper case;lower case;substring before;substring after;replace;string join;string;day of week;"
            "month of year"
        ),
    ),
    (list_of(STRING), "split"),
    (list_of(NUMBER), "index of"),
    (StaticType("list"), "get entries;mode;flatten;append;concatenate;union;insert before;list replace"),
    (StaticType("context"), "context;context put;context merge"),
    (DATE, "date;today;add working days;next workday"),
    (TIME, "time"),
    (DATE_TIME, "date and time;now;add working time"),
    (MONTHS, "years and months duration"),
    (StaticType("days and time duration"), "working time between"),
)
RESULTS: dict[str, StaticType] = {name: kind for kind, names in _BY_TYPE for name in names.split(";")}

# Functions that answer a list of elements of the list that they are given.
LIKE_FIRST = frozenset({"sublist", "remove", "reverse", "distinct values", "sort"})
# Functions that answer one element of what they are given.
ELEMENT = frozenset({"min", "max"})

KINDS: dict[str, tuple[str, ...]] = {
    "string": ("string",),
    "number": ("number",),
    "boolean": ("boolean",),
    "date": ("date",),
    "time": ("time",),
    "datetime": ("date and time",),
    "day": ("date", "date and time"),
    "clock": ("time", "date and time"),
    "duration": ("days and time duration", "years and months duration"),
    "list": ("list",),
    "context": ("context",),
    "range": ("range",),
    "function": ("function",),
}
