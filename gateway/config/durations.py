"""Durations as people write them: "500ms", "5s", "15m", "6h", "1d", or plain seconds."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

_UNITS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DIGITS = 15  # more would lose the last ones, and at last be endless
_WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|)")


def seconds(text: object) -> float:
    """The seconds in a duration. Raises ValueError."""
    match = _WRITTEN.fullmatch(str(text).strip())
    if match is None or len(match[1]) > _DIGITS:
        raise ValueError('takes a number and a unit, such as "500ms", "5s", "15m", "6h" or "1d"')
    return float(match[1]) * _UNITS[match[2]]


Span = Annotated[float, BeforeValidator(seconds), Field(ge=0, allow_inf_nan=False)]
"""A duration that may be none at all."""
Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0, allow_inf_nan=False)]
