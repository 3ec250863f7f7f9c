"""How fast the gateway answers what it remembers: whole responses (hot), or pages alone (warm), next to a server on the
same libraries that answers the same bytes to everybody (raw), and to strawberry's own view over the same rows (stock).

The whole gateway is measured, over HTTP: credentials, limits, headers and the line in the log. Ratios of CPU time a
request are what to believe: rates depend on who else uses the machine.
"""

from contextlib import AsyncExitStack
from statistics import median

import aiohttp
import orjson

from tests.bench.load import Load, loaded, post
from tests.bench.questions import CALLER, nodes, page, settled
from tests.bench.report import Row
from tests.bench.servers import Gateway, Peer, gateway, peer, standin

_ROUNDS = 5
_SECONDS = 2.0
_AIMS = {
    ("hot", 10): "at least 0.55",
    ("hot", 100): "at least 0.75",
    ("warm", 10): "at least 0.35",
    ("warm", 100): "at least 0.15",
}


async def answers_from_memory(http: aiohttp.ClientSession) -> list[Row]:
    """One query over finished jobs, for 10 and for 100 rows."""
    rows = []
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(standin(http))
        hot = await stack.enter_async_context(gateway(upstream, core=0))
        warm = await stack.enter_async_context(gateway(upstream, core=0, response_cache_bytes=0))
        most = await settled(http, hot.endpoint, page(first=100))
        stock = await stack.enter_async_context(peer("tests.bench.stock", {}, most[0]))
        for first in (10, 100):
            text, headers = await settled(http, hot.endpoint, page(first=first))
            assert nodes((await settled(http, warm.endpoint, page(first=first)))[0]) == nodes(text)
            assert _data((await settled(http, stock.endpoint, page(first=first)))[0]) == _data(text)
            async with peer("tests.bench.raw", headers, text) as raw:
                assert (await settled(http, raw.endpoint, page(first=first)))[0] == text
                measured = await _measured({"raw": raw, "hot": hot, "warm": warm, "stock": stock}, page(first=first))
            rows += _rows(first, len(text), measured)
    return rows


def _data(text: bytes) -> object:
    return orjson.loads(text)["data"]


async def _measured(servers: dict[str, Gateway | Peer], body: bytes) -> dict[str, list[Load]]:
    """Some rounds, in which all servers take turns: what disturbs the machine disturbs them alike."""
    measured: dict[str, list[Load]] = {name: [] for name in servers}
    for round_ in range(_ROUNDS + 1):
        for name, server in servers.items():
            request = post(server.endpoint, body, CALLER)
            load = await loaded(server.endpoint, request, process=server.process.pid, seconds=_SECONDS)
            if round_ > 0:  # the first is for warming up
                measured[name].append(load)
    return measured


def _rows(first: int, size: int, measured: dict[str, list[Load]]) -> list[Row]:
    rows = []
    cost = {name: median(load.microseconds for load in loads) for name, loads in measured.items()}
    rate = {name: median(load.rate for load in loads) for name, loads in measured.items()}
    for name, loads in measured.items():
        what = f"{name}, {first} rows ({size / 1e3:.1f} kB)"
        p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
        by_rate = f"by requests a second {rate[name] / rate['raw']:.2g}"
        note = f"{cost[name]:,.0f} µs; {by_rate}: {rate[name]:,.0f}; p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        rows += [
            Row(f"{what}: of raw, by CPU a request", cost["raw"] / cost[name], _AIMS.get((name, first), ""), note),
            Row(f"{what}: CPU µs a request", cost[name], detail=True),
            Row(f"{what}: requests a second", rate[name], detail=True),
            Row(f"{what}: of raw, by requests a second", rate[name] / rate["raw"], detail=True),
            Row(f"{what}: p50, ms", p50, detail=True),
            Row(f"{what}: p99, ms", p99, detail=True),
        ]
    return rows


SCENARIOS = (answers_from_memory,)
