"""Candidate groups that a diagram names: whether anybody could belong to them, as the installation knows them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engine.bpmn import Element, ProcessModel, UserTaskSpec
from engine.errors import Problem
from engine.model.deployment import Resource

Unknown = Callable[[Iterable[str]], Mapping[str, str]]
"""Which groups nobody can belong to: by group, what is wrong with it (a role, a unit, or the whole)."""


def check_groups(processes: Sequence[tuple[Resource, ProcessModel]], unknown: Unknown) -> Iterator[Problem]:
    """Yield a warning for each candidate group that a diagram names and nobody can belong to.

    Groups that an expression or a table gives are not known before it is asked.
    """
    named = {(file.name, element.id): (element, _groups(element)) for file, element in _elements(processes)}
    wrong = unknown({group for _, groups in named.values() for group in groups})
    for (file, id_), (element, groups) in named.items():
        for group in groups:
            if group in wrong:
                params: dict[str, object] = {"group": group, "part": wrong[group]}
                message = f"Nobody can belong to the group {group}: {wrong[group]} is not known."
                yield Problem("group-unknown", id_, message, params, file, element.line, "warning")


def _elements(processes: Sequence[tuple[Resource, ProcessModel]]) -> Iterator[tuple[Resource, Element]]:
    return ((file, element) for file, model in processes for element in model.elements.values())


def _groups(element: Element) -> tuple[str, ...]:
    spec = element.task
    if not isinstance(spec, UserTaskSpec) or spec.candidate_groups is None or spec.candidate_groups.literal is None:
        return ()
    return tuple(group.strip() for group in spec.candidate_groups.literal.split(",") if group.strip())
