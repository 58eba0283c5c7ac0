"""Uploads."""

from flask_smorest.fields import Upload

from api.schemas.fields import Schema


class FileSchema(Schema):
    """One file in the field `file`."""

    file = Upload(required=True)


class DeploymentFilesSchema(Schema):
    """Files of a set, by their names within it; or one zip archive in the field `archive`."""

    archive = Upload()
