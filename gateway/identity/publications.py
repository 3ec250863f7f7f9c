"""The one door to issuers: their JWK sets, and the discovery documents that say where these are, over aiohttp.

Every answer is bounded in time and size, and no redirect is followed: an issuer that could send us elsewhere could
have us ask hosts that only we can reach. What goes wrong here becomes NotPublishedError, whose text names no address.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import aiohttp

from gateway.identity.issuer import Issuer
from gateway.identity.key_set import KeySet, read_key_set
from gateway.identity.strict_json import read_object

PATIENCE = 5.0  # seconds for both documents together; callers wait for them
_MOST_BYTES = 256 * 1024  # hundreds of keys; issuers have a few
_CHUNK = 16 * 1024
_DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4


class NotPublishedError(Exception):
    """An issuer's keys cannot be had; the text says why, for a log."""


class Publications:
    """What issuers publish."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._http: aiohttp.ClientSession | None = None
        self._questions: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Make ready to ask."""
        self._http = aiohttp.ClientSession(
            headers={"Accept": "application/json, application/jwk-set+json"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """End the questions under way, and let go of all connections."""
        for question in self._questions:
            question.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def ask(self, question: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin a question that ends at `close` at the latest, whoever still waits for it."""
        task = asyncio.create_task(question)
        self._questions.add(task)
        task.add_done_callback(self._questions.discard)
        return task

    async def keys_of(self, issuer: Issuer) -> KeySet:
        """The keys an issuer has published by now. Raises NotPublishedError."""
        try:
            async with asyncio.timeout(self._patience):
                document = await self._read(issuer.jwks_url or await self._discovered(issuer))
        except TimeoutError:
            raise NotPublishedError("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: a host that cannot be a host
            raise NotPublishedError(type(error).__name__) from None  # its text has the address, its kind says enough
        try:
            return read_key_set(document)
        except ValueError:
            raise NotPublishedError("no JWK set") from None

    async def _discovered(self, issuer: Issuer) -> str:
        """Where an issuer says that its keys are."""
        document = await self._read(issuer.issuer.removesuffix("/") + _DISCOVERY)
        if document.get("issuer") != issuer.issuer:
            raise NotPublishedError("discovery is of another issuer")
        address = document.get("jwks_uri")
        if not isinstance(address, str) or not issuer.may_publish_at(address):
            raise NotPublishedError("discovery names no https address of keys")
        return address

    async def _read(self, address: str) -> dict[str, Any]:
        if self._http is None:
            raise RuntimeError("open comes first")
        async with self._http.get(address, allow_redirects=False) as response:
            if response.status != 200:  # noqa: PLR2004  # RFC 9110
                raise NotPublishedError(f"HTTP status {response.status}")
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise NotPublishedError("too long an answer")
        try:
            return read_object(bytes(content))
        except ValueError:
            raise NotPublishedError("no strict JSON") from None
