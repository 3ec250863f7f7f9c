"""How many bytes a value takes in memory, about: what it holds is counted once, enum members and the like not at all.

Counted once a read, in some tenths of a millisecond for a page of a hundred rows; a read itself costs milliseconds.
"""

import sys
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

_ENTRY = 1_000  # bytes, about: the key, the entry itself, its places in dict and heap
_FREE = (type(None), bool, Enum)  # there is one of each, whoever refers to it


def weight(value: object) -> int:
    """The bytes that remembering a value takes."""
    total, seen, waiting = _ENTRY, set[int](), [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _FREE) or id(each) in seen:
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, (tuple, list, frozenset)):
            waiting.extend(each)
        elif is_dataclass(each) and not isinstance(each, type):
            waiting.extend([getattr(each, name) for name in _names(type(each))])
    return total


@cache  # one entry per model class: a fixed, small number
def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))
