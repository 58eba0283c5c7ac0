"""`zhili deploy`, `validate`, `definitions`: diagrams, forms, tables and calendars."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from api import known_groups
from api.bootstrap import load_handlers
from api.commands.console import WRONG_INPUT, json_option, plain_problem, show, show_error, show_table
from api.commands.running import checked_city, operator, settings
from api.commands.words import command, explain_problem, option, say
from api.source_files import SourceFile, default_paths, paths_of, read_files, resources
from engine.errors import DeploymentError, Problem
from engine.model.deployment import CalendarDefinition, DecisionDefinition, ProcessDefinition, Resource
from engine.ports import UnitOfWork
from engine.services import definitions, deployment_check, deployments
from engine.services.deployments import Definition, DeploymentResult

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


def add_to(group: click.Group) -> None:
    """Put the commands into the program."""
    for one in (deploy, validate, list_definitions):
        group.add_command(one)


@command("deploy", help="deploy")
@PATHS
@option("--dry-run", is_flag=True, help="dry_run")
@option("--note", default="", help="note")
@json_option
def deploy(paths: tuple[Path, ...], note: str, *, dry_run: bool) -> None:
    """Deploy a whole city, or merge some files into the newest set."""
    files = read_files(paths or default_paths(settings().data_root))
    with checked_city().units(read_only=dry_run) as uow:
        wanted = _wanted(uow, files, whole=not paths)
        try:
            if dry_run:
                result = deployments.plan(uow, wanted, note=note, by=operator())
            else:
                result = deployments.deploy(uow, wanted, note=note, by=operator())
        except DeploymentError as error:
            _refuse(error, files)
    _show_result(result, files, dry_run=dry_run)


@command("validate", help="validate")
@PATHS
@json_option
def validate(paths: tuple[Path, ...]) -> None:
    """Check files as a deployment would, without a database; what is missing beside them is taken from the source."""
    load_handlers()
    files = read_files(paths or default_paths(settings().data_root))
    beside = {one.name: one for one in resources(read_files(default_paths(settings().data_root)))} if paths else {}
    beside |= {one.name: one for one in resources(files)}
    try:
        checked = deployment_check.check(tuple(beside.values()), known_groups.in_source(settings().data_root))
    except DeploymentError as error:
        _refuse(error, files)
    findings = [plain_problem(one, paths_of(files)) for one in checked.findings]
    keys = sorted(checked.keys())
    lines = [_remark(one, files) for one in checked.findings]
    show({"valid": True, "keys": keys, "findings": findings}, [*lines, say("validate.fine", count=len(keys))])


@command("definitions", help="definitions")
@json_option
def list_definitions() -> None:
    """List the newest version of everything that is deployed."""
    with checked_city().units(read_only=True) as uow:
        found: Sequence[ProcessDefinition | DecisionDefinition] = (
            *definitions.list_processes(uow),
            *definitions.list_decisions(uow),
        )
    rows = [(_kind(one), one.key, one.version, one.name, one.deployed_at) for one in found]
    names = ("kind", "key", "version", "name", "deployed_at")
    shown = [(say(f"kind.{kind}"), *facts, f"{at:%Y-%m-%d %H:%M} UTC") for kind, *facts, at in rows]
    columns = [say(f"column.{name}") for name in names]
    show_table({"items": [dict(zip(names, row, strict=True)) for row in rows]}, columns, shown)


def _wanted(uow: UnitOfWork, files: Sequence[SourceFile], *, whole: bool) -> tuple[Resource, ...]:
    """Return the set to deploy: the files alone, or the newest set with them in it."""
    return resources(files) if whole else deployments.merged(uow, resources(files))


def _refuse(error: DeploymentError, files: Sequence[SourceFile]) -> NoReturn:
    """Show every problem with the place of the file, and end."""
    show_error(error, paths_of(files))
    click.echo(say("deploy.refused", count=len(error.problems)), err=True)
    raise click.exceptions.Exit(WRONG_INPUT)


def _show_result(result: DeploymentResult, files: Sequence[SourceFile], *, dry_run: bool) -> None:
    """Show the difference from what was deployed."""
    created = sorted(result.created, key=lambda one: (_kind(one), one.key))
    document = {
        "deployment": result.deployment.id,
        "content_hash": result.deployment.content_hash,
        "dry_run": dry_run,
        "created": [{"kind": _kind(one), "key": one.key, "version": one.version} for one in created],
        "unchanged": list(result.unchanged),
        "findings": [plain_problem(one, paths_of(files)) for one in result.findings],
    }
    lines = [_change(one) for one in created]
    lines += [_remark(one, files) for one in result.findings]
    counts = {
        "new": sum(one.version == 1 for one in created),
        "changed": sum(one.version > 1 for one in created),
        "unchanged": len(result.unchanged),
    }
    show(document, [*lines, say("deploy.planned" if dry_run else "deploy.done", **counts)])


def _remark(finding: Problem, files: Sequence[SourceFile]) -> str:
    """Say how much a finding matters, where it is, and what."""
    text = explain_problem(finding, paths_of(files))
    return say("finding.warning" if finding.severity == "warning" else "finding", finding=text)


def _change(one: Definition) -> str:
    words = {"kind": say(f"kind.{_kind(one)}"), "key": one.key, "version": one.version, "before": one.version - 1}
    return say("deploy.new" if one.version == 1 else "deploy.changed", **words)


def _kind(one: Definition) -> str:
    if isinstance(one, ProcessDefinition):
        return "process"
    return "calendar" if isinstance(one, CalendarDefinition) else "decision"
