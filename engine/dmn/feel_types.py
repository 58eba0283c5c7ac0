"""Item definitions as types of FEEL: what a text means that says `instance of tPerson` or `function(a: tPerson)`."""

from collections.abc import Mapping
from functools import partial

from engine.dmn.data_types import fits, is_allowed
from engine.dmn.model import DataType
from engine.feel.kinds import ANY, Type


def feel_types(items: Mapping[str, DataType]) -> dict[str, Type]:
    """Return the types of FEEL that item definitions stand for, by name."""
    maker = _Maker()
    return {name: maker.of(kind, name) for name, kind in items.items()}


class _Maker:
    """Makes each type once: definitions share their parts, and a part may occur a million times."""

    def __init__(self) -> None:
        self._made: dict[int, Type] = {}

    def of(self, kind: DataType, name: str = "") -> Type:
        """Return the type of FEEL; one that restricts its values keeps its own name."""
        known = self._made.get(id(kind))
        if known is None:
            known = self._base(kind)
            if kind.allowed is not None or kind.whole:
                known = Type(name or kind.name, check=partial(_holds, kind), base=known)
            self._made[id(kind)] = known
        return known

    def _base(self, kind: DataType) -> Type:
        if kind.name == "Any":
            return ANY
        return Type(
            kind.name,
            element=self.of(kind.element) if kind.element is not None else None,
            fields={name: self.of(part) for name, part in kind.components.items()},
            parameters=None if kind.parameters is None else tuple(map(self.of, kind.parameters)),
            result=self.of(kind.result) if kind.result is not None else None,
        )


def _holds(kind: DataType, value: object) -> bool:
    return fits(value, kind) and is_allowed(value, kind)
