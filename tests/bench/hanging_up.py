"""The mixed load for a minute, in which every tenth caller hangs up on its request: what the others notice of it, and
what stays in the gateway of those who went.

All that is bounded is made small, so that the bounds are reached early on. The callers are Python's, since wrk stays
until it is answered.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, quantiles
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp

from tests.bench.load import on_the_other_core
from tests.bench.mixed import AWAY, UNLIMITED, mixture
from tests.bench.processes import resident
from tests.bench.report import Row
from tests.bench.servers import gateway, many_jobs

_SECONDS = 60.0
_CONNECTIONS = 128
_HANG_UP = 0.1
_EVERY = 2.0  # seconds between two looks at the process
_SMALL: dict[str, Any] = {"memory_bytes": 24 * 1024 * 1024, "response_cache_bytes": 4 * 1024 * 1024}


@dataclass
class _Told:
    """What the callers have to tell."""

    waited: list[float] = field(default_factory=list)
    """Seconds, of those who stayed."""
    failed: int = 0
    gone: int = 0
    held: list[tuple[int, int]] = field(default_factory=list)
    """The gateway's memory, and the requests answered by then."""


async def callers_who_hang_up(http: aiohttp.ClientSession) -> list[Row]:
    """A minute of it; memory and open files are looked at all along."""
    told = _Told()
    async with many_jobs(http, away=AWAY) as upstream, gateway(upstream, core=0, **UNLIMITED, **_SMALL) as running:
        requests, process = await mixture(http, running.endpoint), running.process.pid
        before, until = _files(process), time.perf_counter() + _SECONDS
        with on_the_other_core():
            looking = asyncio.create_task(_looks(process, told, until))
            await asyncio.gather(*[_calls(running.endpoint, requests, until, told) for _ in range(_CONNECTIONS)])
            await looking
        await asyncio.sleep(1)  # until the last who went are known to have gone
        left = _files(process) - before
    centiles = quantiles([each * 1e3 for each in told.waited], n=100)
    p50, p99 = centiles[49], centiles[98]
    settled = told.held[len(told.held) // 2 :]  # the bounds have been reached by then
    slope = linear_regression(*zip(*settled, strict=True)).slope
    what = f"mixed load for {_SECONDS:.0f} s, every tenth hangs up"
    many = f"{len(told.waited):,} answers, {told.gone:,} hung up"
    return [
        Row(f"{what}: errors", told.failed, "0", many),
        Row(f"{what}: p99 to p50", p99 / p50, "at most 5", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"),
        Row(f"{what}: growth of memory in the second half, bytes an answer", slope, "under 20"),
        Row(f"{what}: files left open", left, "at most 16", "its own connections to AWS come and go"),
    ]


async def _looks(process: int, told: _Told, until: float) -> None:
    while time.perf_counter() < until:
        told.held.append((len(told.waited), resident(process)))
        await asyncio.sleep(_EVERY)


async def _calls(endpoint: str, requests: Iterator[bytes], until: float, told: _Told) -> None:
    """Ask again and again, on one connection until hanging up."""
    url, loop = urlsplit(endpoint), asyncio.get_running_loop()
    while time.perf_counter() < until:
        _, line = await loop.create_connection(_Line, str(url.hostname), int(url.port or 80))
        while time.perf_counter() < until:
            began, answer = time.perf_counter(), line.ask(next(requests))
            if random.random() < _HANG_UP:
                await asyncio.sleep(random.random() * AWAY)
                told.gone += 1
                break
            text = await answer
            told.waited.append(time.perf_counter() - began)
            told.failed += not text.startswith(b"HTTP/1.1 200 ") or b'"errors":' in text
        line.hang_up()


class _Line(asyncio.Protocol):
    """A connection, on which one question is asked at a time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._got = bytearray()
        self._whole = -1
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def hang_up(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._whole < 0 and (head := self._got.find(b"\r\n\r\n")) >= 0:
            start = self._got.index(b"Content-Length: ") + len(b"Content-Length: ")
            self._whole = head + 4 + int(self._got[start : self._got.index(b"\r", start)])
        if 0 <= self._whole <= len(self._got):
            text, self._got, self._whole = bytes(self._got), bytearray(), -1
            if not self._answer.done():
                self._answer.set_result(text)

    def connection_lost(self, _: Exception | None) -> None:
        if not self._answer.done():  # nobody was to end it but we
            self._answer.set_result(b"")


def _files(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


SCENARIOS = (callers_who_hang_up,)
