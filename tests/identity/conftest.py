"""An identity provider, and gateways' identities that trust it, on a clock that stands still until told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Protocol

import pytest
from aiohttp.test_utils import TestServer

from gateway.identity import Identity, Issuer
from tests.identity.provider import Provider
from tests.running import Clock


class Trust(Protocol):
    async def __call__(self, *issuers: Issuer, **options: Any) -> Identity: ...


@pytest.fixture
async def provider(clock: Clock) -> AsyncIterator[Provider]:
    provider = Provider(clock)
    async with TestServer(provider.app) as server:
        provider.address = str(server.make_url("/")).rstrip("/")
        yield provider
        if provider.silent is not None:
            provider.silent.set()


@pytest.fixture
async def trust(clock: Clock) -> AsyncIterator[Trust]:
    """Opens an identity that trusts some issuers."""
    async with AsyncExitStack() as stack:

        async def opened(*issuers: Issuer, **options: Any) -> Identity:
            identity = Identity(issuers, (), clock=clock, wall=clock, **options)
            stack.push_async_callback(identity.close)
            await identity.open()
            return identity

        yield opened
