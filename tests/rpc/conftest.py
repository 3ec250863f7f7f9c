"""A gateway with both faces, and a client of the second."""

from collections.abc import AsyncIterator

import grpc
import pytest

from gateway.rpc import RpcOptions
from tests.rpc.client import Client
from tests.running import Running, Start


@pytest.fixture
async def gateway(start: Start) -> Running:
    return await start(rpc=RpcOptions(0))


@pytest.fixture
async def call(gateway: Running) -> AsyncIterator[Client]:
    assert gateway.grpc is not None
    async with grpc.aio.insecure_channel(gateway.grpc) as channel:
        yield Client(channel)
