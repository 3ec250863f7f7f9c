"""An identity provider on a real port, which counts what it is asked and does as it is told."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from gateway.identity import Caller, Identity, Issuer
from tests.identity.signing import AUDIENCE, claims, published, signed

DISCOVERY, KEYS = "/.well-known/openid-configuration", "/keys"


class Provider:
    """Publishes keys, at discovery's word or at an address given."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.asked: Counter[str] = Counter()
        self.keys: list[Any] = []
        self.status = 200
        self.own_words: dict[str, Any] = {}
        """What discovery says instead of the truth."""
        self.body: str | None = None
        """What is answered instead of keys."""
        self.elsewhere: str | None = None
        """Where everybody is sent instead."""
        self.silent: asyncio.Event | None = None
        """Nothing is answered before this."""
        self.address = ""
        self._clock = clock
        self.app = web.Application()
        self.app.router.add_get(DISCOVERY, self._discovery)
        self.app.router.add_get("/{any:.*}", self._keys)

    def publishes(self, *keys: tuple[str, PrivateKeyTypes]) -> None:
        """From now on these keys, under these ids."""
        self.keys = [published(key, kid=kid) for kid, key in keys]

    def issuer(self, **settings: Any) -> Issuer:
        return Issuer(self.address, AUDIENCE, **settings)

    def token(self, key: PrivateKeyTypes, kid: str | None, algorithm: str = "ES256", **changes: object) -> str:
        return signed(claims(self.address, self._clock(), **changes), key, algorithm, kid=kid)

    async def _discovery(self, request: web.Request) -> web.Response:
        await self._heard(request)
        told = {"issuer": self.address, "jwks_uri": self.address + KEYS} | self.own_words
        return web.json_response(told, status=self.status)

    async def _keys(self, request: web.Request) -> web.Response:
        await self._heard(request)
        if self.body is not None:
            return web.Response(text=self.body, content_type="application/json")
        return web.json_response({"keys": self.keys}, status=self.status)

    async def _heard(self, request: web.Request) -> None:
        self.asked[request.path] += 1
        if self.silent is not None:
            await self.silent.wait()
        if self.elsewhere is not None:
            raise web.HTTPFound(self.elsewhere)


async def caller(identity: Identity, token: str) -> Caller:
    return await identity.identify(authorization=f"Bearer {token}", api_key=None)
