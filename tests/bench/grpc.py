"""How fast the second face answers what is remembered: a page of training jobs, next to a bare grpcio server that
answers the same bytes to everybody (raw), and to GraphQL's answer about the same rows.

The whole gateway is measured, as in `hot`; rows and bytes are compared before anything is timed. GraphQL is loaded as
everywhere here, by wrk where there is one, the calls by a client in Python: the two can be compared by the processor's
time, and not by rates and waits.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import aiohttp
import grpc

from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from tests.bench.calls import asking
from tests.bench.load import Load, loaded, post
from tests.bench.processes import cpu_seconds, free_port, on_core
from tests.bench.questions import CALLER, NAME, nodes, page, settled
from tests.bench.report import Row
from tests.bench.servers import gateway, standin

_ROUNDS = 2
_SECONDS = 2.0
_CALLERS = 16
_CREDENTIALS = (("x-api-key", "key-of-vision"),)


@dataclass(frozen=True)
class _Server:
    """Where calls are answered, and by which process."""

    address: str
    pid: int


async def calls_from_memory(http: aiohttp.ClientSession) -> list[Row]:
    """ListTrainingJobs of a finished job, for 10 and for 100 rows."""
    rows = []
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(standin(http))
        servers = {}
        for name, settings in (("warm", {"response_cache_bytes": 0}), ("hot", {})):
            port = free_port()
            graphql = await stack.enter_async_context(gateway(upstream, core=0, grpc_port=port, **settings))  # type: ignore[arg-type]
            servers[name] = _Server(f"127.0.0.1:{port}", graphql.process.pid)
        for first in (10, 100):
            request = pb.ListTrainingJobsRequest(tuning_job=NAME, page_size=first).SerializeToString()
            answer = await _answer(servers["hot"].address, request)
            text, _ = await settled(http, graphql.endpoint, page(first=first))
            assert _rows_of(answer) == _rows_of(await _answer(servers["warm"].address, request)) == _rows_in(text)
            async with _bare(answer) as raw:
                assert await _answer(raw.address, request) == answer
                measured = await _measured({"raw": raw, **servers}, request)
                over_http = post(graphql.endpoint, page(first=first), CALLER)
                pid = graphql.process.pid
                measured["GraphQL, hot"] = [
                    await loaded(graphql.endpoint, over_http, process=pid, seconds=_SECONDS) for _ in range(_ROUNDS)
                ]
            rows += _told(first, len(answer), measured)
    return rows


async def _answer(address: str, request: bytes) -> bytes:
    """An answer once all of it is remembered."""
    async with grpc.aio.insecure_channel(address) as channel:
        for _ in range(3):
            answer: bytes = await asking(channel)(request, metadata=_CREDENTIALS, wait_for_ready=True, timeout=60)
    return answer


def _rows_of(answer: bytes) -> list[tuple[str, float | None]]:
    found = pb.ListTrainingJobsResponse.FromString(answer).training_jobs
    return [
        (job.name, job.final_objective_metric.value if job.HasField("final_objective_metric") else None)
        for job in found
    ]


def _rows_in(text: bytes) -> list[tuple[str, float | None]]:
    found: Any = nodes(text)
    return [(node["name"], (node["finalObjectiveMetric"] or {}).get("value")) for node in found]


@asynccontextmanager
async def _bare(answer: bytes) -> AsyncIterator[_Server]:
    """A server that does nothing but answer these bytes."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer)
        file.flush()
        command = ("-m", "tests.bench.calls", "serve", file.name, str(port))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, preexec_fn=on_core(0))
        try:
            yield _Server(f"127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            await process.wait()


async def _measured(servers: dict[str, _Server], request: bytes) -> dict[str, list[Load]]:
    """Some rounds, in which all servers take turns."""
    measured: dict[str, list[Load]] = {name: [] for name in servers}
    with tempfile.NamedTemporaryFile() as file:
        file.write(request)
        file.flush()
        for round_ in range(_ROUNDS + 1):
            for name, server in servers.items():
                load = await _load(server, file.name)
                if round_ > 0:  # the first is for warming up
                    measured[name].append(load)
    return measured


async def _load(server: _Server, path: str) -> Load:
    before = cpu_seconds(server.pid)
    command = ("-m", "tests.bench.calls", "call", path, server.address, str(_SECONDS), str(_CALLERS))
    client = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, preexec_fn=on_core(1)
    )
    told, _ = await client.communicate()
    found = json.loads(told)
    cpu = cpu_seconds(server.pid) - before
    return Load(found["answers"], found["seconds"], cpu, found["p50"], found["p99"])


def _told(first: int, size: int, measured: dict[str, list[Load]]) -> list[Row]:
    rows = []
    cost = {name: median(load.microseconds for load in loads) for name, loads in measured.items()}
    for name, loads in measured.items():
        what = f"gRPC beside it: {name}, {first} rows" if name.startswith("GraphQL") else f"gRPC {name}, {first} rows"
        rate = median(load.rate for load in loads)
        p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
        sent = "" if name.startswith("GraphQL") else f"{size / 1e3:.1f} kB; "
        note = f"{sent}{cost[name]:,.0f} µs; {rate:,.0f} a second; p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        rows += [
            Row(f"{what}: of the bare handler, by CPU a call", cost["raw"] / cost[name], note=note),
            Row(f"{what}: CPU µs a call", cost[name], detail=True),
            Row(f"{what}: calls a second", rate, detail=True),
            Row(f"{what}: p50, ms", p50, detail=True),
            Row(f"{what}: p99, ms", p99, detail=True),
        ]
    return rows


SCENARIOS = (calls_from_memory,)
