"""Keys of messages at run time: what a message carries, what a catching event awaits, what an instance remembers."""

from collections.abc import Mapping

from engine.bpmn.correlation import Correlation, JoinedKey
from engine.bpmn.elements import EventSpec
from engine.bpmn.failures import ExecutionError
from engine.bpmn.tokens import Token
from engine.bpmn.variables import context_of

KEYS = "keys"
AWAITED = "awaited"
LONGEST_KEY = 200


def fitting(key: str | None, element_id: str) -> str | None:
    """Return a key; raise ExecutionError `correlation-key-too-long` for one that no database column holds."""
    if key is not None and len(key) > LONGEST_KEY:
        raise ExecutionError("correlation-key-too-long", element_id, count=len(key), limit=LONGEST_KEY)
    return key


def key_sent(token: Token, event: EventSpec, payload: Mapping[str, object]) -> str | None:
    """Return the key that a message carries: what the event says, else what the conversation reads in the payload.

    Raises   ExecutionError `correlation-value-missing` when a property of the conversation is not in the payload
    """
    if event.correlation_key is not None:
        key = event.correlation_key.text_in(context_of(token), token.workflow.moment)
        return fitting(key, token.task_spec.element_id)
    if event.correlation is None:
        return None
    return fix_key(token, event.correlation, payload, token.task_spec.element_id)


def fix_key(token: Token, correlation: Correlation, payload: Mapping[str, object], element_id: str) -> str:
    """Return the key in a payload; the first one of a conversation without a subscription is the instance's own.

    Raises   ExecutionError `correlation-value-missing`, `correlation-key-other` for a second key in one conversation
    """
    workflow, conversation = token.workflow, correlation.conversation
    key = correlation.retrieval.text_in(payload, workflow.moment)
    if key is None:
        raise ExecutionError("correlation-value-missing", element_id, conversation=conversation)
    fitting(key, element_id)
    if correlation.remembered:
        memory = workflow.root.memory
        known = memory.setdefault(KEYS, {}).setdefault(conversation, key)
        if known != key:
            raise ExecutionError("correlation-key-other", element_id, conversation=conversation, known=known, key=key)
    return key


def key_awaited(token: Token, event: EventSpec) -> str | None:
    """Return the key that a message must carry; None: only a message without a key is taken.

    Raises   ExecutionError `correlation-value-missing` when the data of the subscription are null,
             `correlation-not-begun` when the instance has not yet sent or started with a message of the conversation
    """
    key, element_id = event.correlation_key, token.task_spec.element_id
    if key is not None:
        text = key.text_in(context_of(token), token.workflow.moment)
        if isinstance(key, JoinedKey):
            if text is None:
                raise ExecutionError("correlation-value-missing", element_id, conversation=event.name)
            token.memory[AWAITED] = text
        return fitting(text, element_id)
    if event.correlation is None:
        return None
    known: str | None = token.workflow.root.memory.get(KEYS, {}).get(event.correlation.conversation)
    if known is None:
        raise ExecutionError("correlation-not-begun", element_id, conversation=event.correlation.conversation)
    return known
