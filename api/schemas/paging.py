"""Pages by key: the caller passes `next_after` of one page back as `after` of the next, unread.

A key is sealed, so that only keys that this city gave reach the database.
"""

import hashlib
import hmac
from typing import Any

import marshmallow as ma

from api.context import city
from api.schemas.fields import QueryInteger, Range, Schema, Text, wrong

DEFAULT_LIMIT = 50
MOST = 200
SEAL_BYTES = 9
KEY_MAX = 1000


class PageKey(Text):
    """The sealed key of a page: opened when it comes in, sealed when it goes out."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  the library's own options
        """Limit the length."""
        super().__init__(max=KEY_MAX, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  the library's signature
        key, _, seal = super()._deserialize(value, attr, data, **kwargs).rpartition(".")
        if not key or not hmac.compare_digest(seal.encode(), seal_of(key).encode()):
            raise wrong("invalid-page-key", "The page key is not one that this service gave.")
        return key

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ANN401  the library's signature
        del attr, obj, kwargs
        return None if value is None else f"{value}.{seal_of(str(value))}"


class PageQuery(Schema):
    """What every list understands; lists add their filters."""

    after = PageKey(load_default=None, metadata={"description": "`next_after` of the page before, unread"})
    limit = QueryInteger(
        load_default=DEFAULT_LIMIT, validate=Range(min=1, max=MOST), metadata={"description": "rows on a page"}
    )


def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of items."""
    fields: dict[str, Any] = {
        "items": ma.fields.List(ma.fields.Nested(item), required=True),
        "next_after": PageKey(
            required=True, allow_none=True, metadata={"description": "pass back as `after`; null on the last page"}
        ),
    }
    name = item.__name__.removesuffix("Schema")
    return type(f"{name}PageSchema", (Schema,), {"__doc__": f"A page of {name}.", **fields})


def seal_of(key: str) -> str:
    """Return the seal of a key: known to every process of a city, to nobody else."""
    secret = hashlib.sha256(f"page keys of {city().settings.database_url}".encode()).digest()
    return hashlib.blake2b(key.encode(), key=secret, digest_size=SEAL_BYTES).hexdigest()
