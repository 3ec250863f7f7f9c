"""Live updates to a crowd: what thousands of listeners cost AWS, and what each costs the gateway in memory.

The crowd is a process of its own: python -m tests.bench.fanout ADDRESS LISTENERS JOB...
"""

import asyncio
import contextlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import uvloop
from aiohttp.test_utils import TestServer

from gateway.standin import ServiceShapes, World, tuning_job_plan
from gateway.standin import Standin as Sagemaker
from tests.bench.processes import resident
from tests.bench.report import Row
from tests.bench.servers import Standin, gateway

_LISTENERS, _JOBS = 2_000, 20
_INTERVAL, _INTERVALS = 5.0, 4
_AT_ONCE = 50  # sockets being opened
_LIVE = "subscription ($name: String!) { tuningJob(name: $name) { status trainingJobCounts { total completed } } }"


async def many_listeners(http: aiohttp.ClientSession) -> list[Row]:
    """2,000 listeners on sockets of their own, 100 to each of 20 jobs of one team that never stand still."""
    world = World(time.time)
    names = [f"vision-{number}" for number in range(_JOBS)]
    for name in names:
        world.add(tuning_job_plan(name, trials=500, created=-100, trial_seconds=(20, 40), max_parallel=10))
    sagemaker = Sagemaker(world, shapes=ServiceShapes())
    settings: dict[str, Any] = {
        "listeners_per_caller": 3_000,
        "watch_interval": f"{_INTERVAL:.0f}s",
        "watch_slowest": f"{_INTERVAL:.0f}s",
    }
    async with TestServer(sagemaker.app) as server:
        upstream = Standin(str(server.make_url("")).rstrip("/"), http)
        async with gateway(upstream, **settings) as running:
            before = resident(running.process.pid)
            crowd = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bench.fanout", running.address, str(_LISTENERS), *names),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert crowd.stdout is not None
            try:
                assert await crowd.stdout.readline() == b"listening\n"
                grown = resident(running.process.pid) - before
                sagemaker.calls.reset()
                began = time.monotonic()
                await asyncio.sleep(_INTERVAL * _INTERVALS)
                looks, intervals = sagemaker.calls.counts.total(), (time.monotonic() - began) / _INTERVAL
                told, _ = await crowd.communicate(b"\n")
            finally:
                if crowd.returncode is None:
                    crowd.kill()
    what = f"{_LISTENERS:,} listeners on {_JOBS} jobs"
    return [
        Row(f"{what}: AWS calls an interval", looks / intervals, f"at most {_JOBS}"),
        Row(f"{what}: KB of memory a listener", grown / _LISTENERS / 1e3, "under 60"),
        Row(f"{what}: share told within an interval of the first", float(told), "1"),
    ]


class _Crowd:
    """Everybody who listens, and when each heard what."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self._address = address
        self._http = http
        self._opening = asyncio.Semaphore(_AT_ONCE)
        self.heard: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    async def listen(self, name: str, begun: asyncio.Future[None]) -> None:
        async with self._opening:
            # Offers compression, as every browser does.
            protocols = ["graphql-transport-ws"]
            socket = await self._http.ws_connect(f"{self._address}/graphql", protocols=protocols, compress=15)
            await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
            assert (await socket.receive_json())["type"] == "connection_ack"
            payload = {"query": _LIVE, "variables": {"name": name}}
            await socket.send_json({"type": "subscribe", "id": "1", "payload": payload})
            self._note(name, await socket.receive_json())
        begun.set_result(None)
        while True:
            self._note(name, await socket.receive_json())

    def _note(self, name: str, message: Mapping[str, object]) -> None:
        assert message["type"] == "next", message
        payload = message["payload"]
        assert isinstance(payload, dict)
        self.heard[name, json.dumps(payload["data"])].append(time.monotonic())

    def share(self, listeners: int, since: float, until: float) -> float:
        """Of all who were to hear what was first told in this time, those who heard it within an interval."""
        news = [times for times in self.heard.values() if since < min(times) < until]
        return sum(sum(each <= min(times) + _INTERVAL for each in times) for times in news) / (len(news) * listeners)


async def _listen(address: str, listeners: int, names: Sequence[str]) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        crowd = _Crowd(address, http)
        begun = [asyncio.get_running_loop().create_future() for _ in range(listeners)]
        tasks = [asyncio.create_task(crowd.listen(names[n % len(names)], each)) for n, each in enumerate(begun)]
        all_begun = asyncio.gather(*begun)
        fell = asyncio.gather(*tasks)  # nobody leaves of their own accord
        done, _ = await asyncio.wait([all_begun, fell], return_when=asyncio.FIRST_COMPLETED)
        await done.pop()
        print("listening", flush=True)
        since = time.monotonic() + _INTERVAL  # what was told meanwhile, not all were there to hear
        await asyncio.to_thread(sys.stdin.readline)
        print(crowd.share(listeners // len(names), since, time.monotonic() - _INTERVAL))
        fell.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await fell


SCENARIOS = (many_listeners,)


if __name__ == "__main__":
    uvloop.run(_listen(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
