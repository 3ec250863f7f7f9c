"""API keys for services. Only their SHA-256 is kept: keys are long random texts, so no slower hash is needed."""

import hashlib
from dataclasses import dataclass

from gateway.errors import Unauthenticated
from gateway.identity.caller import API_KEY_SUBJECT, Caller, Permission


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One service's key, and what it opens."""

    id: str
    """The service's name; the caller's subject is `api-key:<id>`."""
    sha256: str
    """Hexadecimal digest of the key."""
    teams: tuple[str, ...]
    permissions: frozenset[Permission]


class ApiKeys:
    """The keys this gateway knows."""

    def __init__(self, keys: tuple[ApiKey, ...]) -> None:
        # Looked up by digest: how long that takes tells of a digest, whose key nobody can work out.
        self._callers = {
            bytes.fromhex(key.sha256): Caller(f"{API_KEY_SUBJECT}{key.id}", key.teams, key.permissions)
            for key in reversed(keys)  # of equal ones the first counts
        }

    def caller(self, presented: str) -> Caller:
        """The caller who presents a key. Raises Unauthenticated."""
        digest = hashlib.sha256(presented.encode(errors="surrogateescape")).digest()
        caller = self._callers.get(digest)
        if caller is None:
            raise Unauthenticated("This API key is not known here.")
        return caller
