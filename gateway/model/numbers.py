"""Numbers whose kind Python does not tell apart, and numbers written as text."""

import math
import re
from typing import NewType

Long = NewType("Long", int)
"""A 64-bit integer: what SageMaker calls a long. GraphQL's own Int ends at 32 bits."""

# What float() takes beyond a plain number ("nan", "infinity", "1_000", " 7 ") is text here: nobody tuned it as a
# number.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def number_in(text: str) -> float | None:
    """The finite number that is all of `text`, or None."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
