"""The rules of a form, each checked against the fields of the form; what else its task knows is not known here."""

from collections.abc import Iterator, Mapping

from engine.feel import FeelError
from engine.feel.checking import Environment, ExpressionFinding, StaticType, check_expression
from engine.feel.checking.static_types import BOOLEAN
from engine.services.form_rules import DEFAULT, RULES, VALUE
from engine.services.known_types import labels_of, of_form, of_schema


def check_form(form: Mapping[str, object]) -> Iterator[tuple[str, str, ExpressionFinding]]:
    """Yield what is wrong with the rules of a form: the place of the rule in the form, its text, the finding.

    A form whose fields or rules cannot be read is refused elsewhere, and yields nothing.
    """
    fields = form.get("properties")
    if not isinstance(fields, Mapping):
        return
    seen = Environment(of_form(form), "open", labels_of(form, ""))
    for name, hints in fields.items():
        for rule in RULES:
            text = hints.get(rule) if isinstance(hints, Mapping) else None
            if isinstance(text, str):
                bare = text.strip().removeprefix("=").strip()
                place = f"properties.{name}.{rule}"
                yield from ((place, bare, one) for one in _findings(bare, seen, _wanted(rule, hints)))


def _wanted(rule: str, hints: Mapping[str, object]) -> tuple[StaticType, ...]:
    """Return the types that a rule may give; a field of text takes dates and durations too, as JSON writes them."""
    if rule not in {DEFAULT, VALUE}:
        return (BOOLEAN,)
    kind = of_schema(hints)
    return () if kind.name == "string" else (kind,)


def _findings(text: str, seen: Environment, wanted: tuple[StaticType, ...]) -> tuple[ExpressionFinding, ...]:
    try:
        return check_expression(text, seen, wanted)[1]
    except FeelError:
        return ()
