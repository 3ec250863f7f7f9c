"""JSON from outside, read in the only way it can be read.

A member that comes twice is refused: parsers differ in which one they keep, and whoever checked the other one was
fooled. So are NaN and Infinity, which are no JSON, and any encoding but UTF-8.
"""

import json
from typing import Any, NoReturn


def read_object(content: bytes) -> dict[str, Any]:
    """The JSON object in these bytes. Raises ValueError, which never tells any of it."""
    try:
        value = json.loads(content.decode(), object_pairs_hook=_each_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise ValueError("not strict JSON") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # of the content, not of the caller's argument
    return value


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError("a member comes twice")
    return value


def _refused(_: str) -> NoReturn:
    raise ValueError("not a number of JSON")
