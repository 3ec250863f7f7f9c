"""What is remembered of a call that only read: its answer's bytes, under the same rule as HTTP's responses."""

from dataclasses import dataclass
from typing import NamedTuple

from gateway.identity import Permission
from gateway.teams import Scope


class Place(NamedTuple):
    """Where an answer is remembered. Teams are there with all they own: others of the same name are others."""

    method: str
    request: bytes
    """As it came: fields in another order are another request, which costs no more than room."""
    scope: Scope
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An answer that is whole and was read, and nothing besides."""

    body: bytes
    estimated: int
    """How many AWS calls it could have caused."""
    reads: int
    """How many reads it was made of."""
