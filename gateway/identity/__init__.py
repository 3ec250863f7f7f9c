"""Who is calling: a bearer token or an API key -> Caller. What the caller may see is `teams`' affair.

caller        what verified credentials say
api_keys      keys for services, of which only hashes are kept
tokens        bearer JWTs of the issuers this gateway trusts: verified, and remembered for a while
envelope      a token taken apart, before anything in it is believed
claims        what it says, once its signature is verified
issuer        an issuer as it is configured
algorithms    the signature algorithms that can be taken, and the keys they are for
keys          where an issuer's keys come from, and how long they may be used
key_set       a JWK set, and the key in it that fits a token
publications  the one door to issuers
strict_json   JSON that can be read in one way only
demo          the demo's own issuer, which `serve` never trusts
"""

import time
from collections.abc import Callable

from gateway.errors import Unauthenticated
from gateway.identity.algorithms import KINDS
from gateway.identity.api_keys import ApiKey, ApiKeys
from gateway.identity.caller import Caller, Permission
from gateway.identity.issuer import Issuer, is_safe
from gateway.identity.key_set import Key
from gateway.identity.keys import FixedKey, KeySource, PublishedKeys
from gateway.identity.publications import PATIENCE, Publications
from gateway.identity.tokens import Tokens, Trusted

ALGORITHMS = tuple(KINDS)
"""What an issuer's `algorithms` may name."""

__all__ = ["ALGORITHMS", "ApiKey", "Caller", "Identity", "Issuer", "Permission", "is_safe"]

_BEARER = "bearer "


class Identity:
    """Identifies callers by the credentials of one request.

    `clock` counts the seconds by which keys grow old, `wall` tells the time since the epoch, by which tokens do;
    `patience` is how many seconds an issuer may take to publish its keys.
    """

    def __init__(
        self,
        issuers: tuple[Issuer, ...],
        api_keys: tuple[ApiKey, ...],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self._clock = clock
        self._wall = wall
        self._publications = Publications(patience)
        self._trusted: dict[str, Trusted] = {}
        self.replace(issuers, api_keys)

    def replace(self, issuers: tuple[Issuer, ...], api_keys: tuple[ApiKey, ...]) -> None:
        """From now on trust these, and nobody else. Nothing can fail half-way, and no request sees a half.

        The keys of an issuer that publishes them where it did are kept: a reload asks nobody for what is known, and
        an issuer that is down right now goes on being trusted. Tokens are all verified anew, by the new rules.
        """
        before = self._trusted
        self._trusted = {
            issuer.issuer: Trusted(issuer, self._source(issuer, before.get(issuer.issuer))) for issuer in issuers
        }
        self._tokens = Tokens(self._trusted, self._wall)
        self._api_keys = ApiKeys(api_keys)

    async def open(self) -> None:
        """Begin to fetch the issuers' keys. Waits for none of them: one that is down must not keep us from starting."""
        self._publications.open()
        for trusted in self._trusted.values():
            trusted.source.at_hand()

    async def close(self) -> None:
        """Let go of the issuers."""
        await self._publications.close()

    async def identify(self, *, authorization: str | None, api_key: str | None) -> Caller:
        """The caller behind an Authorization header or an X-API-Key header.

        Raises Unauthenticated, or UpstreamUnavailable where a token's issuer cannot be asked for its keys.
        """
        known = self.known(authorization=authorization, api_key=api_key)
        return await self._tokens.verify(_bearer(authorization)) if known is None else known

    def known(self, *, authorization: str | None, api_key: str | None) -> Caller | None:
        """The caller, as far as it is known without verifying a token. Raises Unauthenticated."""
        if authorization is not None and api_key is not None:
            raise Unauthenticated("Send either Authorization or X-API-Key, not both.")
        if api_key is not None:
            return self._api_keys.caller(api_key)
        return self._tokens.known(_bearer(authorization))

    def _source(self, issuer: Issuer, before: Trusted | None) -> KeySource:
        """Where an issuer's keys come from: whence they came before, if that is still the place."""
        if before is not None and issuer.publishes_as(before.issuer):
            return before.source
        if issuer.key is not None:
            return FixedKey(Key(None, None, issuer.key))
        return PublishedKeys(issuer, self._publications, self._clock)


def _bearer(authorization: str | None) -> str:
    """The token in an Authorization header. Raises Unauthenticated."""
    if authorization is None:
        raise Unauthenticated("Send a bearer token in Authorization, or an API key in X-API-Key.")
    if authorization[: len(_BEARER)].lower() != _BEARER:
        raise Unauthenticated("Authorization takes a bearer token: Authorization: Bearer <token>.")
    return authorization[len(_BEARER) :].strip()
