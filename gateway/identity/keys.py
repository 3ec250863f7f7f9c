"""Where an issuer's keys come from, and how long they may be used before the issuer is asked again.

Lives here: freshness, the last good keys, one question at a time and not too many of them. How to ask is
`publications`' affair, what a key is `key_set`'s.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Protocol

from gateway import telemetry
from gateway.errors import UpstreamUnavailable
from gateway.identity.issuer import Issuer
from gateway.identity.key_set import Key, KeySet
from gateway.identity.publications import NotPublishedError, Publications

FRESH = 300.0  # seconds; how long a key that its issuer has withdrawn may still be taken while tokens come in
STALE = 900.0  # seconds without a question, after which callers wait for its answer: keys may be days old by then
LAST_GOOD = 24 * 3600.0  # seconds; an outage is over by then. Who keeps us from the issuer must not revive old keys
PAUSE = 10.0  # seconds between two questions; tokens with made-up key ids cost an issuer six fetches a minute at most


class KeySource(Protocol):
    """The keys of one issuer."""

    def at_hand(self) -> KeySet | None:
        """The keys known now, the same object until they change."""

    async def usable(self) -> KeySet:
        """Keys new enough to verify with. Raises UpstreamUnavailable."""

    async def newer(self) -> KeySet:
        """The keys after asking the issuer again, if it may be asked again so soon. Raises UpstreamUnavailable."""


class FixedKey:
    """A key that never changes and is nowhere published."""

    def __init__(self, key: Key) -> None:
        self._keys = KeySet((key,))

    def at_hand(self) -> KeySet:
        """The key."""
        return self._keys

    async def usable(self) -> KeySet:
        """The key."""
        return self._keys

    async def newer(self) -> KeySet:
        """The key: there is no other."""
        return self._keys


class PublishedKeys:
    """The keys an issuer publishes, as last fetched."""

    def __init__(self, issuer: Issuer, publications: Publications, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._publications = publications
        self._clock = clock
        self._keys: KeySet | None = None
        self._as_of = -math.inf
        self._asked = -math.inf
        self._question: asyncio.Task[None] | None = None

    def at_hand(self) -> KeySet | None:
        """The keys known now. Asks for newer ones behind the caller's back once they are no longer fresh."""
        age = self._clock() - self._as_of
        if age > FRESH:
            self._ask()
        return self._keys if age <= LAST_GOOD else None

    async def usable(self) -> KeySet:
        """The keys known now, or new ones. The last good ones while the issuer is down, for which nobody waits."""
        if self.at_hand() is None or self._clock() - self._asked > STALE:
            await self._answered()
        keys = self.at_hand()
        if keys is None:
            raise UpstreamUnavailable("The identity provider that vouches for this token cannot be asked right now.")
        return keys

    async def newer(self) -> KeySet:
        """The keys after one more question, or after none if the last one was a moment ago."""
        await self._answered()
        return await self.usable()

    def _ask(self) -> None:
        """Ask the issuer, unless it is being asked or was asked a moment ago."""
        if self._question is None and self._clock() - self._asked >= PAUSE:
            self._question = self._publications.ask(self._renew())

    async def _answered(self) -> None:
        """Wait for the one question all callers share; it survives those who hang up."""
        self._ask()
        if self._question is not None:
            await asyncio.shield(self._question)

    async def _renew(self) -> None:
        began = self._clock()
        try:
            keys = await self._publications.keys_of(self._issuer)
        except NotPublishedError as error:
            telemetry.issuer_keys_not_published(issuer=self._issuer.issuer, cause=str(error))
        else:
            self._as_of = began
            self._take(keys)
        finally:
            self._asked = self._clock()
            self._question = None

    def _take(self, keys: KeySet) -> None:
        """Replace the keys only if they differ: whoever remembers what they verified forgets it by that."""
        if keys != self._keys:
            self._keys = keys
            telemetry.issuer_keys_changed(issuer=self._issuer.issuer, usable=len(keys.keys), left_out=keys.left_out)
