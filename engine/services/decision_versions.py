"""Versions of a decision: which there are, and the two sides of a comparison."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from engine.bpmn import Moment
from engine.dmn import Decision, imports_others, read_documents
from engine.dmn import evaluate as evaluate_decision
from engine.errors import EngineError, Invalid, NotFound, Problem
from engine.feel import to_json
from engine.model.deployment import DecisionDefinition, ResourceKind
from engine.ports import UnitOfWork
from engine.services import definitions
from engine.services.decision_context import names_read


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a decision, and the set that brought it: by whom, with which note."""

    definition: DecisionDefinition
    deployed_by: str
    note: str
    set_hash: str
    latest: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a side says to one context: its value as JSON with the rows, or an error."""

    value: object = None
    rows: tuple[int, ...] = ()
    error: EngineError | None = None

    @property
    def answer(self) -> bytes:
        """Return what makes two answers the same: the value, or which error."""
        return orjson.dumps([self.value, self.error and self.error.key], option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rule tables that are compared.

    version  None for a draft
    file     the decisions that it may require, by key
    """

    decision: Decision
    file: Mapping[str, Decision]
    version: int | None = None

    @property
    def reads(self) -> frozenset[str]:
        """Return the variables that it reads."""
        return names_read(self.decision)

    def say(self, context: Mapping[str, object], moment: Moment) -> Said:
        """Answer one context as of a moment; an error is an answer too."""
        try:
            result = evaluate_decision(
                self.decision, context, decisions=self.file, now=moment.local, facts=moment.facts
            )
            return Said(to_json(result.value), tuple(match.row for match in result.matches))
        except EngineError as error:
            return Said(error=error)


def versions_of(uow: UnitOfWork, key: str) -> tuple[Version, ...]:
    """Return every version of a decision, newest first; raises NotFound where there is none."""
    found = definitions.list_decisions(uow, key, latest=False)
    if not found:
        raise NotFound(kind="decision", id=key)
    sets = {one.id: one for one in uow.deployments.list_deployments()}
    return tuple(
        Version(
            definition=one,
            deployed_by=sets[one.deployment_id].deployed_by,
            note=sets[one.deployment_id].note,
            set_hash=sets[one.deployment_id].content_hash,
            latest=one.version == found[0].version,
        )
        for one in found
    )


def side_of_version(uow: UnitOfWork, key: str, version: int | None = None) -> Side:
    """Return a deployed version, the latest where none is named; raises NotFound."""
    definition = definitions.find_decision(uow, key, version)
    file = definitions.decisions_of(uow, definition)
    return Side(file[key], file, definition.version)


def side_of_draft(uow: UnitOfWork, key: str, xml: bytes, file: str) -> Side:
    """Return a version that is not deployed; what it imports is taken from the newest set.

    Raises   DeploymentError for a file that cannot be read, Invalid for one without the decision
    """
    beside = _beside(uow, key) if imports_others(xml, file) else {}
    decisions = {one.key: one for one in read_documents({**beside, file: xml}) if one.file == file}
    if key not in decisions:
        message = f"The file has no decision {key}."
        raise Invalid(problems=[Problem("draft-without-decision", key, message, {"key": key}, file)])
    return Side(decisions[key], decisions)


def _beside(uow: UnitOfWork, key: str) -> dict[str, bytes]:
    """Return the rule files of the newest set, without the one that the draft replaces."""
    newest = uow.deployments.newest_id()
    replaced = {one.resource_name for one in definitions.list_decisions(uow, key)}
    hashes = uow.deployments.resources(newest, ResourceKind.DMN)
    return {name: uow.deployments.content(known) for name, known in hashes.items() if name not in replaced}
