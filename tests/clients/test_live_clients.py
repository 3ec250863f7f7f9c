"""What browsers listen with, npm's graphql-ws and graphql-sse and our own GraphiQL page, against a running gateway."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gateway.web.graphiql
from gateway.app import running
from gateway.standin import World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.watch import WatchOptions
from tests.running import Clock, Naps, Running, Start

_PROJECT = Path(__file__).parent / "live"
_PAGE = Path(gateway.web.graphiql.__file__).parent / "page.js"
JOB = "subscription ($name: String!) { tuningJob(name: $name) { name status } }"
ROWS = "subscription ($name: String!) { trainingJobsChanged(tuningJob: $name) { name status } }"
RUNS, ENDED = ({"tuningJob": {"name": "vision-a", "status": status}} for status in ("IN_PROGRESS", "COMPLETED"))


class Client:
    """The client's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, *word: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(word).encode() + b"\n")
        await self._process.stdin.drain()

    async def listen(self, query: str, listener: str = "a", **variables: object) -> None:
        await self.do("listen", listener, query, variables)

    async def happened(self) -> list[Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            line = await self._process.stdout.readline()
        happening: list[Any] = json.loads(line)
        return happening


Connected = Callable[[str], Any]


@pytest.fixture(params=["graphql-ws", "graphql-sse"])
def connected(request: pytest.FixtureRequest, node: list[str], packages: Callable[[Path], Path]) -> Connected:
    """Starts a client of the gateway at an address."""
    packages(_PROJECT)

    @asynccontextmanager
    async def client(address: str) -> AsyncIterator[Client]:
        command = [*node, str(_PROJECT / "listen.mjs"), request.param, f"{address}/graphql", "key-of-vision"]
        process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield Client(process)
        finally:
            process.kill()
            await process.communicate()

    return client


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    trials = [TrialPlan(f"vision-a-{number}", 0, 0.5, 7 + 10.0 * number) for number in range(2)]
    world.add(tuning_job_plan("vision-a", created=-1, trials=trials))


async def test_it_is_told_until_the_job_has_ended(gateway: Running, connected: Connected, naps: Naps) -> None:
    async with connected(gateway.address) as client:
        await client.listen(JOB, name="vision-a")
        assert await client.happened() == ["a", "next", RUNS, []]
        for _ in range(4):
            await naps.pass_by()
        assert await client.happened() == ["a", "next", ENDED, []]
        assert await client.happened() == ["a", "complete"]


async def test_its_listeners_are_told_apart_and_leave_one_by_one(
    gateway: Running, connected: Connected, naps: Naps
) -> None:
    async with connected(gateway.address) as client:
        await client.listen(JOB, "a", name="vision-a")
        assert (await client.happened())[:2] == ["a", "next"]
        await client.listen(ROWS, "b", name="vision-a")
        name, kind, data, _ = await client.happened()
        assert (name, kind, len(data["trainingJobsChanged"])) == ("b", "next", 2)
        await naps.until(2)
        await client.do("leave", "a")
        assert await client.happened() == ["a", "complete"]
        await naps.until(1, at_most=True)
        for _ in range(2):
            await naps.pass_by()
        name, kind, data, _ = await client.happened()
        assert (name, kind, data) == (
            "b",
            "next",
            {"trainingJobsChanged": [{"name": "vision-a-0", "status": "COMPLETED"}]},
        )
        await client.do("leave", "b")
        await naps.until(0, at_most=True)


async def test_queries_are_answered_too(gateway: Running, connected: Connected) -> None:
    async with connected(gateway.address) as client:
        await client.listen("{ viewer { subject } }")
        assert await client.happened() == ["a", "next", {"viewer": {"subject": "api-key:vision"}}, []]
        assert await client.happened() == ["a", "complete"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { tuningJob(name: "-") { name } }', "BAD_USER_INPUT"),
    ],
)
async def test_it_understands_why_it_is_refused(gateway: Running, connected: Connected, query: str, code: str) -> None:
    async with connected(gateway.address) as client:
        await client.listen(query)
        refused = await client.happened()
        if refused[1] == "next":  # graphql-sse: errors come in a response, and that completes
            assert refused == ["a", "next", None, [code]]
            assert await client.happened() == ["a", "complete"]
        else:
            assert refused == ["a", "error", [code]]


async def test_a_job_that_is_not_its_own_completes_at_once(gateway: Running, connected: Connected) -> None:
    async with connected(gateway.address) as client:
        await client.listen(JOB, name="nlp-secret")
        assert await client.happened() == ["a", "complete"]


async def test_it_comes_again_when_the_gateway_is_replaced(
    start: Start, connected: Connected, clock: Clock, naps: Naps
) -> None:
    template = await start()
    async with AsyncExitStack() as first:
        gateway = await first.enter_async_context(
            running(template.configuration, clock=clock, wall=clock, sleep=naps.sleep)
        )
        async with connected(f"http://127.0.0.1:{gateway.port}") as client:
            await client.listen(JOB, name="vision-a")
            assert await client.happened() == ["a", "next", RUNS, []]
            await naps.until()
            await first.aclose()
            clock.advance(20)
            configuration = replace(template.configuration, port=gateway.port, watch=WatchOptions(jitter=0))
            async with running(configuration, clock=clock, wall=clock, sleep=naps.sleep):
                assert await client.happened() == ["connected again"]
                assert await client.happened() == ["a", "next", ENDED, []]
                assert await client.happened() == ["a", "complete"]


async def test_the_graphiql_page_is_told_until_it_has_heard_enough(
    gateway: Running, node: list[str], naps: Naps
) -> None:
    command = [*node, str(_PROJECT / "page.mjs"), str(_PAGE), gateway.address, "key-of-vision"]
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    page = Client(process)
    try:
        await page.listen(ROWS, "a", name="vision-a")
        name, kind, data, _ = await page.happened()
        assert (name, kind, len(data["trainingJobsChanged"])) == ("a", "next", 2)
        await page.listen(JOB, "b", name="vision-a")
        assert await page.happened() == ["b", "next", RUNS, []]
        await naps.until(2)
        await page.do("leave", "a")
        await naps.until(1, at_most=True)
        for _ in range(4):
            await naps.pass_by()
        assert await page.happened() == ["b", "next", ENDED, []]
        assert await page.happened() == ["b", "complete"]
        await page.listen("{ viewer { subject } }", "c")
        assert await page.happened() == ["c", "answer", {"viewer": {"subject": "api-key:vision"}}, []]
    finally:
        process.kill()
        await process.communicate()
