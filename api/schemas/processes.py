"""Deployments, definitions and running instances."""

import marshmallow as ma

from api.schemas.fields import (
    Boolean,
    Document,
    Integer,
    ListOf,
    Nested,
    QueryBoolean,
    QueryInteger,
    Range,
    Schema,
    Text,
)
from api.schemas.paging import PageQuery
from api.schemas.problem import SingleProblemSchema
from api.schemas.tasks import RevisionSchema
from engine.model.deployment import CalendarDefinition, DecisionDefinition, ProcessDefinition

KINDS: dict[type, str] = {ProcessDefinition: "process", DecisionDefinition: "decision", CalendarDefinition: "calendar"}
FILES_MAX = 500
FILE_NAME = r"(?!/)(?!.*\.\.)[0-9A-Za-z_./\-\u4e00-\u9fff]{1,200}"


class NewFileSchema(Schema):
    """One file of a set, as text (UTF-8) or base64."""

    name = Text(
        required=True, max=200, pattern=FILE_NAME, metadata={"description": "`dispatch.bpmn`, `forms/file.json`"}
    )
    text = ma.fields.String(metadata={"description": "content as text"})
    base64 = ma.fields.String(metadata={"description": "content as base64"})


class NewDeploymentSchema(Schema):
    """A set of diagrams, forms, tables and calendars; deployed as a whole or not at all."""

    files = ListOf(Nested(NewFileSchema), max=FILES_MAX, required=True)
    note = Text(max=500, load_default="")


class DeployQuery(Schema):
    """Whether to deploy, or only to say what would happen."""

    dry_run = QueryBoolean(load_default=False)
    merge = QueryBoolean(
        load_default=False, metadata={"description": "replace files of the newest set, keep the others"}
    )
    note = Text(max=500, load_default="", metadata={"description": "why, where the files come as multipart or zip"})


class ProcessDefinitionSchema(Schema):
    """One version of one diagram."""

    id = ma.fields.String()
    key = ma.fields.String()
    version = ma.fields.Integer()
    name = ma.fields.String()
    deployment_id = ma.fields.String()
    resource_name = ma.fields.String()
    resource_hash = ma.fields.String()
    deployed_at = ma.fields.AwareDateTime()


class DeploymentSetSchema(Schema):
    """One set as it was deployed."""

    id = ma.fields.String()
    content_hash = ma.fields.String()
    note = ma.fields.String()
    deployed_at = ma.fields.AwareDateTime()
    deployed_by = ma.fields.String()


class DeploymentsSchema(Schema):
    """Every set, newest first."""

    items = ma.fields.List(ma.fields.Nested(DeploymentSetSchema))


class DeployedFileSchema(Schema):
    """One file of a set: its name in it, its kind, and the SHA-256 of its bytes."""

    name = ma.fields.String()
    kind = ma.fields.Function(lambda one: one.kind.value, metadata={"type": "string"})
    content_hash = ma.fields.String()


class DeployedFilesSchema(Schema):
    """The files of a set, by name."""

    items = ma.fields.List(ma.fields.Nested(DeployedFileSchema))


class FileQuery(Schema):
    """Which file of a set."""

    file = Text(required=True, min=1, max=200, metadata={"description": "its name in the set: `forms/file.json`"})


class PictureQuery(FileQuery):
    """Which picture of a file."""

    page = QueryInteger(
        load_default=None,
        validate=Range(min=1, max=1000),
        metadata={"description": "which of several pictures; without it the first that shows anything"},
    )


class CreatedSchema(Schema):
    """One version that a deployment brought."""

    id = ma.fields.String()
    kind = ma.fields.Function(lambda one: KINDS[type(one)], metadata={"type": "string"})
    key = ma.fields.String()
    version = ma.fields.Integer()
    name = ma.fields.Function(lambda one: getattr(one, "name", one.key), metadata={"type": "string"})


class DeploymentSchema(Schema):
    """What a deployment did, or would do."""

    id = ma.fields.String(allow_none=True, metadata={"description": "null when nothing was stored"})
    content_hash = ma.fields.String()
    note = ma.fields.String()
    deployed_at = ma.fields.AwareDateTime(allow_none=True)
    deployed_by = ma.fields.String(allow_none=True)
    dry_run = ma.fields.Boolean()
    created = ma.fields.List(ma.fields.Nested(CreatedSchema))
    unchanged = ma.fields.List(ma.fields.String())
    findings = ma.fields.List(ma.fields.Nested(SingleProblemSchema), metadata={"description": "warnings and remarks"})


class DefinitionQuery(Schema):
    """Which definitions."""

    key = Text(max=100, load_default=None)
    latest = QueryBoolean(load_default=True, metadata={"description": "false: every version"})


class DefinitionsSchema(Schema):
    """Versions of diagrams."""

    items = ma.fields.List(ma.fields.Nested(ProcessDefinitionSchema))


class StartSchema(Schema):
    """Which process to start, for what, with which variables."""

    process_key = Text(required=True, min=1, max=100)
    version = ma.fields.Integer(strict=True, load_default=None, allow_none=True)
    business_key = Text(max=100, load_default=None, allow_none=True)
    variables = Document(load_default=dict)


class InstanceQuery(PageQuery):
    """Which instances."""

    process_key = Text(max=100, load_default=None)
    status = Text(max=12, load_default=None)
    case_id = Text(max=100, load_default=None, metadata={"description": "the business key"})


class InstanceSchema(Schema):
    """One run of one diagram."""

    id = ma.fields.String()
    definition_id = ma.fields.String()
    process_key = ma.fields.String()
    business_key = ma.fields.String(allow_none=True)
    parent_id = ma.fields.String(allow_none=True)
    root_id = ma.fields.String()
    status = ma.fields.String()
    variables = ma.fields.Dict()
    revision = ma.fields.Integer()
    started_at = ma.fields.AwareDateTime()
    started_by = ma.fields.String()
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    end_reason = ma.fields.String(allow_none=True)


class ActivitySchema(Schema):
    """One element entered by one token."""

    instance_id = ma.fields.String()
    activity = ma.fields.Integer()
    element_id = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    lane = ma.fields.String(allow_none=True)
    started_at = ma.fields.AwareDateTime()
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    outcome = ma.fields.String(allow_none=True)
    ended_by = ma.fields.String(allow_none=True)


class ActivitiesSchema(Schema):
    """Activities in order of entry."""

    items = ma.fields.List(ma.fields.Nested(ActivitySchema))


class ActivityBeginSchema(RevisionSchema):
    """Which activity of which ad-hoc sub-process is begun."""

    activity = Integer(required=True, validate=Range(min=1))
    element_id = Text(required=True, min=1, max=100)


class VariablesSchema(Schema):
    """The process variables of an instance."""

    variables = ma.fields.Dict()
    revision = ma.fields.Integer()


class VariableChangesSchema(RevisionSchema):
    """New values of process variables; what is not named stays."""

    variables = Document(required=True)


class CancelSchema(RevisionSchema):
    """Why an instance is stopped for good."""

    reason = Text(required=True, min=1, max=500)


class MessageSchema(Schema):
    """A message to whoever waits for it; without a correlation key it is known by what its variables say."""

    name = Text(required=True, min=1, max=100)
    correlation_key = Text(min=1, max=200, load_default=None, allow_none=True)
    broadcast = Boolean(load_default=False)
    variables = Document(load_default=dict)


class FactsSchema(Schema):
    """What is the case, for the conditions of start events."""

    variables = Document(required=True)
    business_key = Text(max=100, load_default=None, allow_none=True)


class StartedSchema(Schema):
    """The instances that were started."""

    items = ma.fields.List(ma.fields.Nested(InstanceSchema))
