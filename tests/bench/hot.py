"""How fast the gateway answers what it remembers: whole responses (hot), or pages alone (warm), next to a server on the
same libraries that answers the same bytes to everybody (raw).

The whole gateway is measured, over HTTP: credentials, limits, headers and the line in the log. Ratios of CPU time a
request are what to believe: rates depend on who else uses the machine.
"""

import json
from contextlib import AsyncExitStack
from statistics import median
from typing import Any

import aiohttp

from tests.bench.execute import QUERY
from tests.bench.load import Load, loaded, post
from tests.bench.report import Row
from tests.bench.servers import gateway, raw, standin

_NAME = "vision-resnet"  # finished, with 750 training jobs
_CALLER = {"X-API-Key": "key-of-vision"}
_ROUNDS = 5
_SECONDS = 1.5
_AIMS = {10: "at least 0.55", 100: "at least 0.75"}


async def answers_from_memory(http: aiohttp.ClientSession) -> list[Row]:
    """One query over finished jobs, for 10 and for 100 rows."""
    rows = []
    async with standin(http) as upstream, gateway(upstream) as hot, gateway(upstream, response_cache_bytes=0) as warm:
        for first in (10, 100):
            body = json.dumps({"query": QUERY, "variables": {"name": _NAME, "first": first}}).encode()
            text, headers = await _settled(http, hot.endpoint, body)
            assert _nodes((await _settled(http, warm.endpoint, body))[0]) == _nodes(text)
            async with AsyncExitStack() as stack:
                fixed = await stack.enter_async_context(raw(headers, text))
                assert (await _settled(http, fixed.endpoint, body))[0] == text
                measured = await _measured({"raw": fixed, "hot": hot, "warm": warm}, body)
            rows += _rows(first, len(text), measured)
    return rows


async def _settled(http: aiohttp.ClientSession, endpoint: str, body: bytes) -> tuple[bytes, dict[str, str]]:
    """An answer once all of it is remembered."""
    for _ in range(3):
        async with http.post(endpoint, data=body, headers=_CALLER | {"Content-Type": "application/json"}) as response:
            text, headers = await response.read(), response.headers
    assert "errors" not in json.loads(text), text
    sent_anyway = ("Content-Length", "Date")
    return text, {name: value for name, value in headers.items() if name not in sent_anyway}


def _nodes(text: bytes) -> object:
    """All but the cursors: they hold tokens that the local SageMaker gave each gateway anew."""
    edges = json.loads(text)["data"]["tuningJob"]["trainingJobs"]["edges"]
    return [edge["node"] for edge in edges]


async def _measured(servers: dict[str, Any], body: bytes) -> dict[str, list[Load]]:
    """Some rounds, in which all servers take turns: what disturbs the machine disturbs them alike."""
    measured: dict[str, list[Load]] = {name: [] for name in servers}
    for round_ in range(_ROUNDS + 1):
        for name, server in servers.items():
            request = post(server.endpoint, body, _CALLER)
            load = await loaded(server.endpoint, request, process=server.process.pid, seconds=_SECONDS)
            if round_ > 0:  # the first is for warming up
                measured[name].append(load)
    return measured


def _rows(first: int, size: int, measured: dict[str, list[Load]]) -> list[Row]:
    rows = []
    cost = {name: median(load.microseconds for load in loads) for name, loads in measured.items()}
    rate = {name: median(load.rate for load in loads) for name, loads in measured.items()}
    for name, loads in measured.items():
        what = f"{name}, first: {first} ({size:,} bytes)"
        rows.append(Row(f"{what}: CPU µs a request", cost[name]))
        rows.append(Row(f"{what}: requests a second, 16 connections, a Python client", rate[name]))
        rows += [Row(f"{what}: p{p}, ms", median(load.waited_at_most(p) for load in loads)) for p in (50, 99)]
    for name in ("hot", "warm"):
        aim = _AIMS[first] if name == "hot" else ""
        rows.append(Row(f"{name}, first: {first}: of raw, by CPU", cost["raw"] / cost[name], aim))
        rows.append(Row(f"{name}, first: {first}: of raw, by requests a second", rate[name] / rate["raw"], aim))
    return rows


SCENARIOS = (answers_from_memory,)
