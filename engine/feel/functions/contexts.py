"""Functions on contexts; none of them changes a context."""

from engine.feel.functions.registry import builtin
from engine.feel.run import Run


@builtin("get value", "m: context, key: string")
def get_value(_run: Run, context: dict[str, object], key: str) -> object:
    """Return an entry; null where there is none."""
    return context.get(key)


@builtin("get value", "m: context, keys: list")
def get_value_below(run: Run, context: dict[str, object], keys: list[object]) -> object:
    """Return an entry of nested contexts by its path; null where there is none."""
    value: object = context
    for key in keys:
        run.charge(1)
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@builtin("get entries", "m: context")
def get_entries(run: Run, context: dict[str, object]) -> list[object]:
    """Return a list of contexts with `key` and `value`."""
    run.room_for(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, object], key: str, value: object) -> dict[str, object]:
    """Return a context with an entry added or replaced."""
    run.room_for(len(context) + 1)
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_below(
    run: Run, context: dict[str, object], keys: list[object], value: object
) -> dict[str, object] | None:
    """Return a context with an entry of nested contexts added or replaced."""
    if not keys or not isinstance(keys[0], str):
        return None
    run.room_for(len(context) + 1)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    replaced = context_put_below(run, inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if replaced is None else {**context, keys[0]: replaced}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[object]) -> dict[str, object] | None:
    """Return the entries of all contexts; the later one wins."""
    merged: dict[str, object] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.room_for(len(context) + 1)
        merged.update(context)
    return merged


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[object]) -> dict[str, object] | None:
    """Return a context of entries with `key` and `value`; null where a key is missing, no text, or there twice."""
    run.room_for(len(entries))
    made: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made
