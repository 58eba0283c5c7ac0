"""`not` and `is`."""

from datetime import datetime, time

from engine.feel.comparison import same
from engine.feel.functions.registry import builtin
from engine.feel.run import Run


@builtin("not", "negand: any")
def negation(_run: Run, negand: object) -> bool | None:
    """Return the contrary; null for what is no boolean."""
    return not negand if isinstance(negand, bool) else None


@builtin("is", "value1: any, value2: any", lenient=True)
def identity(run: Run, value1: object, value2: object) -> bool:
    """Tell whether two values are the same element: equal, of one kind, and in the same zone."""
    if value1.__class__ is not value2.__class__:
        return False
    if isinstance(value1, (datetime, time)):
        return value1 == value2 and str(value1.tzinfo) == str(getattr(value2, "tzinfo", None))
    return same(value1, value2, run)
