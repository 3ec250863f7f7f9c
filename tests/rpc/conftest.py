"""A gateway with both faces, and a client of the second."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from structlog.testing import capture_logs

from gateway.rpc import RpcOptions
from tests.rpc.client import Client, Lines
from tests.running import Running, Start


@pytest.fixture
async def gateway(start: Start) -> Running:
    return await start(rpc=RpcOptions(0))


@pytest.fixture
async def call(gateway: Running) -> AsyncIterator[Client]:
    assert gateway.grpc is not None
    async with grpc.aio.insecure_channel(gateway.grpc) as channel:
        yield Client(channel)


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    """The lines of calls once there are so many."""
    with capture_logs() as logs:

        async def written(count: int) -> list[Any]:
            async with asyncio.timeout(30):
                while sum(line["event"] == "request_answered" for line in logs) < count:  # noqa: ASYNC110  # it has no event
                    await asyncio.sleep(0.01)
            return [line for line in logs if line["event"] == "request_answered"]

        yield written
