"""What can go wrong while a diagram runs: the caller turns it into an incident, nothing has changed."""

from typing import ClassVar

from engine.errors import EngineError


class ExecutionError(EngineError):
    """A diagram cannot go on with the variables that it has.

    `element_id` names the element (or the place inside it) at which it stopped.
    """

    code = "execution-error"
    template = "The diagram cannot go on at {element_id}."
    sentences: ClassVar[dict[str, str]] = {
        "no-flow-taken": "No condition of {element_id} is true and it has no default flow; it read {variables}.",
        "condition-not-boolean": "The condition of {flow}, which leaves {element_id}, gives {value}, not a boolean.",
        "step-budget-exceeded": "More than {limit} elements in one step, up to {element_id}: a loop without a wait?",
        "time-budget-exceeded": "One step takes more than {limit} seconds of computing, up to {element_id}.",
        "stuck-at-join": "Every token waits at a join for another that cannot come: {element_id}.",
        "expression-failed": "{element_id}: {text} cannot be evaluated: {reason}",
        "value-not-text": "{element_id} gives {value}; a text is expected.",
        "value-not-texts": "{element_id} gives {value}; a list of texts is expected.",
        "value-not-number": "{element_id} gives {value}; a whole number is expected.",
        "timer-value": "The timer {element_id} gives {value}: {reason}",
        "instant-value": "{element_id} gives {value}, which is no date and time with zone and no duration: {reason}",
        "collection-not-list": "The collection of {element_id} gives {value}; a list is expected.",
        "cardinality-invalid": "The cardinality of {element_id} gives {value}; a number from 0 to {limit} is expected.",
        "collection-too-large": "The collection of {element_id} has {count} elements; at most {limit} are allowed.",
        "completion-not-boolean": "The completion condition of {element_id} gives {value}, not true or false.",
        "event-condition-not-boolean": "The condition of {element_id} gives {value}, not true or false.",
        "activation-not-boolean": "The activation condition of {element_id} gives {value}, not true or false.",
        "correlation-key-too-long": "The key of {element_id} has {count} characters; at most {limit} are allowed.",
        "too-many-tokens": "More than {limit} tokens at once, up to {element_id}.",
        "loop-not-boolean": "The loop condition of {element_id} gives {value}, not true or false.",
        "data-output-missing": "The result of {element_id} lacks the data output {names}.",
        "correlation-value-missing": "{element_id}: a property of {conversation} has no value, so there is no key.",
        "correlation-key-other": "{element_id} gives {conversation} the key {key}; the instance began it with {known}.",
        "correlation-not-begun": "{element_id} awaits a message of {conversation} before the first has fixed its key.",
        "mapping-not-context": "{element_id} gives {value}; a context is expected.",
    }

    def __init__(self, code: str, element_id: str, **details: object) -> None:
        """Name the element and fill the sentence of the code."""
        self.element_id = element_id
        message = self.sentences[code].format(element_id=element_id, **details)
        super().__init__(message, code=code, element_id=element_id, **details)
