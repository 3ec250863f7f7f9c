"""What callers leave behind who come, ask anything, hang up or never ask: no task, no socket, nothing in memory."""

import asyncio
import gc
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from gateway.app import running
from gateway.standin import Standin, World, tuning_job_plan
from gateway.web import Patience
from tests.listening import on_events, on_socket
from tests.running import Running, Start

HOT = '{ tuningJob(name: "vision-a") { name trainingJobs { totalCount } } }'
LIVE = 'subscription { tuningJob(name: "vision-b") { name status } }'
KEY = {"X-API-Key": "key-of-vision"}
FILES = Path("/proc/self/fd")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends no FIN but an RST
HALVES = (
    b"",
    b"POST /graphql HT",
    b"POST /graphql HTTP/1.1\r\nHost: gateway\r\nX-API-Key: key-of-",
    b"POST /graphql HTTP/1.1\r\nHost: gateway\r\nX-API-Key: key-of-vision\r\nContent-Length: 500\r\n\r\n{",
    b"GET /graphql?query={viewer{subject}} HTTP/1.1\r\nHost: gateway\r\nX-API-Key: key-of-vision\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # somebody takes the port for one with TLS
)


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))
    world.add(tuning_job_plan("vision-b", created=-1, trials=1))


@asynccontextmanager
async def _served(start: Start) -> AsyncIterator[Running]:
    """A gateway, and callers who keep no connection when they have gone."""
    template = await start()
    async with running(template.configuration, patience=Patience(idle=5)) as gateway:
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(connector=connector) as http:
            address, admin = (f"http://127.0.0.1:{port}" for port in (gateway.port, gateway.admin_port))
            yield Running(http, address, admin, template.configuration)


async def _connected(gateway: Running, count: int) -> list[socket.socket]:
    """Connections on which something was sent, or nothing; half of them end without a word when they are closed."""
    loop, port, lines = asyncio.get_running_loop(), int(gateway.address.rpartition(":")[2]), []
    for number in range(count):
        line = socket.socket()
        line.setblocking(False)  # noqa: FBT003  # the socket's own form
        if number % 2:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        await loop.sock_connect(line, ("127.0.0.1", port))
        await loop.sock_sendall(line, HALVES[number % len(HALVES)])
        lines.append(line)
    return lines


def _here() -> Counter[str]:
    """What there is: tasks, open files, and things of ours by their kinds."""
    gc.collect()
    kinds = ((str(kind.__module__), kind.__qualname__, n) for kind, n in Counter(map(type, gc.get_objects())).items())
    found = Counter({name: n for room, name, n in kinds if room.startswith("gateway") and "standin" not in room})
    found["tasks"], found["files"] = len(asyncio.all_tasks()), len(list(FILES.iterdir()))
    return found


async def _settled() -> Counter[str]:
    """What there is once nothing changes any more: closing a connection takes some turns of the loop."""
    found, last = _here(), Counter[str]()
    async with asyncio.timeout(60):
        while found != last:
            await asyncio.sleep(0.2)
            found, last = _here(), found
    return found


async def _hang_up(gateway: Running, standin: Standin, count: int) -> None:
    standin.switches.latency = 5
    asked = "query ($name: String!) { tuningJob(name: $name) { name } }"
    waiting = [asyncio.create_task(gateway.ask(asked, name=f"vision-{number % 7}")) for number in range(count)]
    await asyncio.sleep(0.2)
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    standin.switches.latency = 0


async def _everything(gateway: Running, standin: Standin) -> None:
    """What callers do, well and badly."""
    url = f"{gateway.address}/graphql"
    for number in range(30):
        await gateway.ask(HOT)
        await gateway.ask(f'{{ tuningJob(name: "vision-{number % 3}") {{ name }} }}')
        await gateway.ask("{ misspelt }")
        await gateway.ask("{ viewer { subject } }", key="key-of-nobody-at-all")
        async with gateway.http.get(url, params={"query": HOT}, headers=KEY) as answer:
            assert answer.status == 200
        body = BytesIO(b'{"query": "%b"}' % (b"x" * 2_000_000))
        with suppress(ConnectionError):
            async with gateway.http.post(url, data=body, headers=KEY | {"Content-Type": "application/json"}) as answer:
                assert answer.status == 413
        async with gateway.http.get(url, headers=KEY | {"X-Long": "x" * 10_000}) as answer:
            assert answer.status in {400, 431}
    for _ in range(10):
        async with on_socket(gateway) as on_line, on_events(gateway, LIVE) as events:
            await on_line.subscribe(LIVE)
            await on_line.data()
            await events.data()
    await _hang_up(gateway, standin, 40)
    for line in await _connected(gateway, 40):
        line.close()


@pytest.mark.skipif(not FILES.exists(), reason="open files are counted in Linux's way")
async def test_neither_tasks_nor_sockets_nor_memory_grow(start: Start, standin: Standin) -> None:
    async with _served(start) as gateway:
        await _everything(gateway, standin)
        before = await _settled()
        for _ in range(3):
            await _everything(gateway, standin)
        after = await _settled()
    more = {kind: count - before[kind] for kind, count in after.items()}
    # Each is done thirty times or more. Connections to AWS come and go in their own time.
    assert {kind: count for kind, count in more.items() if count >= 12} == {}


async def test_five_hundred_connections_are_opened_and_dropped(start: Start) -> None:
    async with _served(start) as gateway:
        assert (await gateway.ask(HOT)).codes == []
        before = len(asyncio.all_tasks())
        held = await _connected(gateway, 500)
        assert (await gateway.ask(HOT)).codes == []
        for line in held:
            line.close()
        async with asyncio.timeout(60):
            while len(asyncio.all_tasks()) > before:  # noqa: ASYNC110  # the gateway has no event for it
                await asyncio.sleep(0.01)
        assert (await gateway.ask(HOT)).codes == []
