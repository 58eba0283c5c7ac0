"""The registers: the nouns of the city. Importing this package makes `Base.metadata` complete."""

from registers import (
    articles,
    cards,
    cases,
    codes,
    disputes,
    extensions,
    media,
    notices,
    org,
    patrols,
    performance,
    references,
    regions,
)

__all__ = [
    "articles",
    "cards",
    "cases",
    "codes",
    "disputes",
    "extensions",
    "media",
    "notices",
    "org",
    "patrols",
    "performance",
    "references",
    "regions",
]
