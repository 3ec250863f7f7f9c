"""A bearer token taken apart (RFC 7515, compact form), before anything in it is believed.

What must not even be looked at is refused here: tokens within tokens, encrypted ones, headers that ask for what we do
not understand. Keys and addresses of keys that a token brings along (`jwk`, `jku`, `x5u`, `x5c`) are never read.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.identity.strict_json import read_object

_COMPACT = re.compile(r"([\w-]+)\.([\w-]+)\.[\w-]+", re.ASCII)
# Logout tokens, proofs of possession and their like are signed by the same keys and are no proof of who is calling
# (RFC 8725, 3.11).
_TYPES = frozenset({"jwt", "at+jwt"})
# Critical extensions, of which we know none; unencoded payloads (RFC 7797); encryption and compression (RFC 7516).
_NOT_UNDERSTOOD = frozenset({"crit", "b64", "enc", "zip"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a token says of itself."""

    algorithm: str
    key_id: str | None
    issuer: str
    claims: Mapping[str, Any]


def opened(token: str) -> Envelope:
    """The parts of a token. Raises ValueError."""
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise ValueError("not three parts")
    header, claims = (read_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts.groups())
    _check(header)
    algorithm, key_id, issuer = header.get("alg"), header.get("kid"), claims.get("iss")
    if not isinstance(algorithm, str) or not isinstance(issuer, str):
        raise ValueError("no algorithm or no issuer")  # noqa: TRY004  # of the token, not of the caller's argument
    if key_id is not None and not isinstance(key_id, str):
        raise ValueError("a key id that is no text")
    return Envelope(algorithm, key_id, issuer, claims)


def _check(header: Mapping[str, Any]) -> None:
    if not _NOT_UNDERSTOOD.isdisjoint(header):
        raise ValueError("a header we do not understand")
    if "typ" in header and _media_type(header["typ"]) not in _TYPES:
        raise ValueError("a token for something else")
    if "cty" in header and _media_type(header["cty"]) == "jwt":
        raise ValueError("a token within a token")


def _media_type(value: object) -> str:
    return str(value).lower().removeprefix("application/")
