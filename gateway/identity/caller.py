"""What verified credentials say of a caller."""

from dataclasses import dataclass
from enum import Enum

API_KEY_SUBJECT = "api-key:"
"""How the subject of an API key begins; no token's subject may."""


class Permission(Enum):
    """What a caller may do to the jobs of its teams."""

    __hash__ = object.__hash__  # looked for with each request, and Python's own enums hash names

    READ = "read"
    """Read them."""
    STOP = "stop"
    """Stop them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone whose credentials were verified."""

    subject: str
    """Who it is, as its issuer or its API key names it."""
    teams: tuple[str, ...]
    """The names of its teams, known here or not."""
    permissions: frozenset[Permission]
    expires: float | None = None
    """When the credentials end, in seconds since the epoch; None: when they are taken away."""
