"""Correlation as BPMN 2.0.2 §8.4.2 and §10.4.4 have it: the key of a message, found in what it says."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from engine.bpmn.moment import Moment
from engine.bpmn.values import Value


@dataclass(frozen=True, slots=True)
class JoinedKey:
    """A key of one or several properties, in the order of the correlationKey.

    One property is its own text. Several are the JSON array of their texts, `["A-1","7"]`: no two lists of texts give
    the same. A number is written out, so 7 and "7" are the same property.
    """

    parts: tuple[Value, ...]

    def text_in(self, variables: Mapping[str, object], moment: Moment) -> str | None:
        """Return the key, or None where a property is null or empty; raise ExecutionError for what is no text."""
        texts = [part.text_in({**dict.fromkeys(part.names), **variables}, moment) for part in self.parts]
        if None in texts:
            return None
        return texts[0] if len(texts) == 1 else orjson.dumps(texts).decode()


@dataclass(frozen=True, slots=True)
class Correlation:
    """How the key of one message is found.

    conversation  id of the correlationKey
    retrieval     over the variables of the message, by its correlationPropertyRetrievalExpressions
    remembered    no subscription says what to await: the first message that the instance sends, or starts with, fixes
                  the key (key-based correlation)
    """

    conversation: str
    retrieval: JoinedKey
    remembered: bool = False
