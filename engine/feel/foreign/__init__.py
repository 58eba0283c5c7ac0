"""Expressions of other vendors: JUEL, JavaScript, Groovy, Python. Never run; read only to say what to write in FEEL.

    derive('${amount > 100 && !empty owner}', 'juel')    amount > 100 and not(owner in [null, "", []])
    derive('status === "open"', 'javascript')            status = "open"
    derive('len(items) > 3 and owner is None', 'python')

A suggestion is made only where it means the same for every value of the kinds that the foreign text works on; it has
been compiled before it is offered.
"""

from engine.feel.foreign.derivation import Recognised, declared, derive, derive_script, recognise
from engine.feel.foreign.dialects import spoken_name

__all__ = ["Recognised", "declared", "derive", "derive_script", "recognise", "spoken_name"]
