"""Bearer JWTs of the issuers this gateway trusts: size, form, issuer, algorithm, key, signature, then the claims.

A token that was verified is remembered by its hash, so that its next request costs a lookup: for minutes, never past
its expiry, and only as long as its issuer's keys are the ones it was verified with.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cachetools import TLRUCache
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from gateway.errors import Unauthenticated
from gateway.identity.algorithms import KINDS
from gateway.identity.caller import Caller
from gateway.identity.claims import ExpiredError, NotValidError, caller_of
from gateway.identity.envelope import Envelope, opened
from gateway.identity.issuer import Issuer
from gateway.identity.key_set import KeySet
from gateway.identity.keys import KeySource

REMEMBERED = 300.0  # seconds, at most
_ROOM = 10_000  # tokens; about 1 kB each
_LONGEST = 8192  # characters; an honest token is a tenth of that
_INVALID = "This token is not valid here."


class Trusted(NamedTuple):
    """An issuer and where its keys come from."""

    issuer: Issuer
    source: KeySource


class _Verified(NamedTuple):
    """A caller, and the keys that say so."""

    caller: Caller
    source: KeySource
    keys: KeySet


class Tokens:
    """Verifies tokens of any of the issuers. `wall` tells the seconds since the epoch."""

    def __init__(self, trusted: Mapping[str, Trusted], wall: Callable[[], float]) -> None:
        self._trusted = trusted
        self._wall = wall
        self._jws = PyJWS(algorithms=list(KINDS), options={"enforce_minimum_key_length": True})  # knows no other
        self._memory: TLRUCache[bytes, _Verified] = TLRUCache(_ROOM, ttu=_until, timer=wall)

    def known(self, token: str) -> Caller | None:
        """The caller a token speaks for, where it is remembered. Raises Unauthenticated."""
        try:
            known = self._memory[_digest(token)]
        except KeyError:  # `get` would look twice, and at the clock too
            return None
        return known.caller if known.keys is known.source.at_hand() else None

    async def verify(self, token: str) -> Caller:
        """The caller a token speaks for, from now on remembered. Raises Unauthenticated, or UpstreamUnavailable if its
        issuer's keys are not to be had.
        """
        verified = self._memory[_digest(token)] = await self._verified(token)
        return verified.caller

    async def _verified(self, token: str) -> _Verified:
        """Verify what is not remembered. Every token that is wrong gets one answer: forgers learn nothing by trying."""
        try:
            envelope = opened(token)
            issuer, source = self._issuer(envelope)
            keys = await self._keys_that_signed(token, envelope, source)
            return _Verified(caller_of(envelope.claims, issuer, self._wall()), source, keys)
        except ExpiredError:
            raise Unauthenticated("This token has expired.") from None
        except (NotValidError, ValueError):
            raise Unauthenticated(_INVALID) from None

    def _issuer(self, envelope: Envelope) -> Trusted:
        """The issuer a token claims to be of, if we take its algorithm from it: nobody is asked for keys before."""
        trusted = self._trusted.get(envelope.issuer)
        if trusted is None or envelope.algorithm not in trusted.issuer.algorithms:
            raise NotValidError
        return trusted

    async def _keys_that_signed(self, token: str, envelope: Envelope, source: KeySource) -> KeySet:
        """The issuer's keys, one of which has signed this token. Raises NotValidError."""
        keys = await source.usable()
        if self._signed(token, envelope, keys):
            return keys
        if keys.knows(envelope.key_id):  # then its signature is wrong, and newer keys would not mend it
            raise NotValidError
        keys = await source.newer()
        if not self._signed(token, envelope, keys):
            raise NotValidError
        return keys

    def _signed(self, token: str, envelope: Envelope, keys: KeySet) -> bool:
        key = keys.key_for(envelope.algorithm, envelope.key_id)
        if key is None:
            return False
        try:
            self._jws.decode(token, key.public, algorithms=[envelope.algorithm])  # type: ignore[arg-type]  # it fits
        except PyJWTError:
            return False
        return True


def _digest(token: str) -> bytes:
    """What a token is remembered by. Raises Unauthenticated."""
    if len(token) > _LONGEST:
        raise Unauthenticated(f"This token is longer than {_LONGEST} characters.")
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _until(_: bytes, verified: _Verified, now: float) -> float:
    expires = verified.caller.expires
    return now + REMEMBERED if expires is None else min(now + REMEMBERED, expires)
