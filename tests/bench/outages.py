"""What a store that is out of order costs callers once it is given up, beside a gateway that has none."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp

from tests.bench.report import Row
from tests.bench.servers import Gateway, ask, gateway, standin, valkey
from tests.bench.sharing import POLL, RUNNING, WALK
from tests.store.proxy import Fault, Proxy

_FAULTS = {
    Fault.SILENT: "a store that swallows everything",
    Fault.DELAYED: "a store whose answers are held up",
    Fault.RESET: "a store that hangs up on everybody",
}
_ROUNDS = 30  # in which they take turns at being first: other work on the machine is in some of them


async def store_out_of_order(http: aiohttp.ClientSession) -> list[Row]:
    """The p99 of a gateway whose store fails while it is being used, to that of one without a store."""
    rows = []
    async with standin(http) as upstream, valkey() as store:
        for fault, what in _FAULTS.items():
            async with _behind_a_proxy(store.port) as proxy:
                url = f"redis://127.0.0.1:{proxy.port}/0"
                async with gateway(upstream) as without, gateway(upstream, store=url) as with_it:
                    await _timed(http, with_it, 1)
                    assert proxy.passed_on.is_set()
                    await proxy.suffer(fault)
                    failed, ratio = await _compared(http, with_it, without)
            rows += [
                Row(f"{what}: failed requests", failed, "0"),
                Row(f"{what}: p99, to no store", ratio, "at most 1.2"),
            ]
    return rows


@asynccontextmanager
async def _behind_a_proxy(port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(port)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.suffer(None)
        await proxy.close()


async def _compared(http: aiohttp.ClientSession, with_it: Gateway, without: Gateway) -> tuple[int, float]:
    """How many requests failed, and the one's p99 to the other's, once what is given up is given up."""
    failed = 0
    slowest: dict[Gateway, list[float]] = {without: [], with_it: []}
    for each in (without, with_it):  # the breaker opens, pages are remembered
        failed += (await _timed(http, each, 200))[0]
    for round_ in range(_ROUNDS):
        for each in (without, with_it) if round_ % 2 else (with_it, without):
            errors, times = await _timed(http, each, 600)
            failed += errors
            slowest[each].append(statistics.quantiles(times, n=100)[98])
    return failed, statistics.median(slowest[with_it]) / statistics.median(slowest[without])


async def _timed(http: aiohttp.ClientSession, replica: Gateway, count: int) -> tuple[int, list[float]]:
    """How many of so many requests failed, and the seconds each took; sixteen at a time."""
    times: list[float] = []
    failed = 0

    async def caller(numbers: Sequence[int]) -> None:
        nonlocal failed
        for number in numbers:
            began = time.perf_counter()
            body = await ask(http, replica.endpoint, WALK if number % 2 else POLL, team="vision", name=RUNNING[0])
            times.append(time.perf_counter() - began)
            failed += "errors" in body

    await asyncio.gather(*[caller(range(start, count, 16)) for start in range(16)])
    return failed, times


SCENARIOS = (store_out_of_order,)
