"""FEEL, the one language of conditions, mappings and rule cells (DMN 1.3 §10); no Python is ever evaluated.

What is not supported is refused when a text is compiled, by name and place. Values of the wrong kind give null at
run time, as the standard has it. An author cannot exceed the limits on length, depth, steps and size.
"""

import engine.feel.range_texts  # noqa: F401 - registers its function
from engine.feel.conversion import to_feel, to_json
from engine.feel.errors import FeelError, FeelLimitError, FeelSyntaxError
from engine.feel.expression import Evaluated, Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.reasons import Reason
from engine.feel.values import Function, Range, YearsMonths

__all__ = [
    "Evaluated",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Reason",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "to_feel",
    "to_json",
]
