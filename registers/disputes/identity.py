"""Citizen identity numbers (公民身份号码, GB 11643)."""

import re

FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def is_id_number(text: str) -> bool:
    """Tell whether a text is an identity number whose check digit is right (ISO 7064 mod 11-2)."""
    if not FORM.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text[:-1], strict=True))
    return text[-1] == CHECK_DIGITS[total % len(CHECK_DIGITS)]
