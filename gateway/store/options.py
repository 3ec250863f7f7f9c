"""Where the server is, as people write it, checked; and how long it may take. Pure. Nothing here shows the address."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from redis.asyncio.connection import parse_url

_SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss", "unix": "unix"}
# What may follow the question mark. The rest of what redis-py takes there would undo our own limits or TLS's checks.
_ASIDE = {"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}
_REFUSAL = (
    "takes an address such as redis://user:password@host:6379/0, rediss:// or valkeys:// for TLS, or unix:///path, "
    "with what is special in a password percent-encoded"
)


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How the store is reached. Raises ValueError for an address that can never work."""

    url: str = field(repr=False)
    """May hold a password."""
    timeout: float = 0.05
    """Seconds that one command may take in all, connecting included."""
    takeover: float = 2.0
    """Seconds after which a reader that is silent is given up, and another replica reads."""

    def __post_init__(self) -> None:
        reached(self.url)


def reached(url: str) -> dict[str, Any]:
    """What redis-py connects by. Raises ValueError, without the address: it may hold a password."""
    scheme, _, rest = url.partition("://")
    known = f"{_SCHEMES.get(scheme.lower(), '')}://{rest}"
    with suppress(ValueError):  # its text may hold a part of a password
        if _whole(known):
            return dict(parse_url(known))
    raise ValueError(_REFUSAL)


def _whole(url: str) -> bool:
    """Whether each part of an address is one that we know; redis-py passes over what it does not understand."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        return False
    aside = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    database = parts.path.strip("/")
    place = parts.path.startswith("/") if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
    numbered = parts.scheme == "unix" or database == "" or database.isdecimal()
    return place and numbered and aside.keys() <= _ASIDE and not parts.fragment
