"""The mixed load for a minute, while for every nine who wait for their answers one hangs up on its request: what the
others notice of it, and what stays in the gateway of those who went.

All that is bounded is made small, so that the bounds are reached early on. Those who hang up are another process,
python -m tests.bench.hanging_up ENDPOINT REQUESTS SECONDS, which gives way to those who measure.
"""

import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import linear_regression
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import uvloop

from tests.bench.load import loaded
from tests.bench.mixed import AWAY, UNLIMITED, mixture
from tests.bench.processes import cores, resident
from tests.bench.report import Row
from tests.bench.servers import Gateway, gateway, many_jobs

_SECONDS = 60
_UNTIL_FULL = 120  # seconds; all that is bounded is full by then
_CONNECTIONS = 128
_REQUESTS = 50_000  # and then the same again: by then the cold ones are forgotten
_HANGING_UP = 64  # at once
_PAUSE = 0.1  # seconds, about, between two requests of one of them
_EVERY = 2.0  # seconds between two looks at the process
_SMALL: dict[str, Any] = {"memory_bytes": 24 * 1024 * 1024, "response_cache_bytes": 4 * 1024 * 1024}
_OUTCOME = re.compile(r'^gateway_requests_total\{operation="\w+",outcome="(\w+)"\} (\S+)', re.MULTILINE)


async def callers_who_hang_up(http: aiohttp.ClientSession) -> list[Row]:
    """A minute of it; memory is looked at all along."""
    async with many_jobs(http, away=AWAY) as upstream, gateway(upstream, core=0, **UNLIMITED, **_SMALL) as running:
        requests, process = await mixture(http, running.endpoint), running.process.pid
        turn = list(islice(requests, _REQUESTS))
        await loaded(running.endpoint, *turn, process=process, seconds=_UNTIL_FULL, connections=_CONNECTIONS)
        await asyncio.sleep(1)  # until its connections are closed
        before = _files(process)
        with tempfile.NamedTemporaryFile("w") as file:
            json.dump([each.decode() for each in turn[:1_000]], file)
            file.flush()
            command = ("-m", "tests.bench.hanging_up", running.endpoint, file.name, str(_SECONDS))
            others = await asyncio.create_subprocess_exec(sys.executable, *command, preexec_fn=_give_way)
            looking = asyncio.create_task(_looks(process))
            load = await loaded(
                running.endpoint, *turn, process=process, seconds=_SECONDS, connections=_CONNECTIONS, as_waited=True
            )
            held, _ = await looking, await others.wait()
        await asyncio.sleep(1)  # until the last who went are known to have gone
        left, outcomes = _files(process) - before, await _outcomes(http, running)
    slope = linear_regression(*zip(*held[len(held) // 2 :], strict=True)).slope
    gone = outcomes.pop("CANCELLED", 0)
    answers, failed = outcomes.pop("OK"), sum(outcomes.values())
    what = f"mixed load for {_SECONDS} s, many hang up"
    return [
        Row(f"{what}: errors", failed, "0", f"{answers:,} answers; {gone:,} were called off in the middle"),
        Row(f"{what}: p99 to p50", load.p99 / load.p50, "at most 5", f"p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms"),
        Row(f"{what}: growth of memory in the second half, KB a second", slope / 1e3, "under 100"),
        Row(f"{what}: files left open", left, "at most 16", "its own connections to AWS come and go"),
    ]


async def _outcomes(http: aiohttp.ClientSession, running: Gateway) -> dict[str, int]:
    """How many requests came to what."""
    found: dict[str, int] = {}
    async with http.get(f"{running.admin}/metrics") as response:
        for outcome, count in _OUTCOME.findall(await response.text()):
            found[outcome] = found.get(outcome, 0) + int(float(count))
    return found


async def _looks(process: int) -> list[tuple[float, int]]:
    """When, and how much memory the gateway held."""
    began, held = time.perf_counter(), []
    while (passed := time.perf_counter() - began) < _SECONDS:
        held.append((passed, resident(process)))
        await asyncio.sleep(_EVERY)
    return held


def _give_way() -> None:
    os.nice(10)
    if (both := cores()) is not None:
        os.sched_setaffinity(0, {both[1]})


async def _hang_up(endpoint: str, requests: Iterator[bytes], seconds: float) -> None:
    """Be those who do not wait."""
    until, url, loop = time.perf_counter() + seconds, urlsplit(endpoint), asyncio.get_running_loop()

    async def call() -> None:
        while time.perf_counter() < until:
            line, _ = await loop.create_connection(asyncio.Protocol, str(url.hostname), int(url.port or 80))
            line.write(next(requests))
            await asyncio.sleep(random.random() * AWAY)
            line.abort()
            await asyncio.sleep(random.random() * 2 * _PAUSE)

    await asyncio.gather(*[call() for _ in range(_HANGING_UP)])


def _files(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


SCENARIOS = (callers_who_hang_up,)


if __name__ == "__main__":
    texts = json.loads(Path(sys.argv[2]).read_text())
    uvloop.run(_hang_up(sys.argv[1], cycle([text.encode() for text in texts]), float(sys.argv[3])))
