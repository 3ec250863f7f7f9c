"""GraphQL as Server-Sent Events: who gets a stream, what is in it, and how it ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.app import running
from gateway.identity.demo import DemoIssuer
from gateway.standin import Standin, World, tuning_job_plan
from gateway.web import Patience
from tests.listening import EVENTS, Events, on_events
from tests.running import Clock, Naps, Running, Start

KEY = {"X-API-Key": "key-of-vision"}
VIEWER = "{ viewer { subject } }"
JOB = 'subscription { tuningJob(name: "vision-a") { name } }'
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)


@pytest.fixture
def clock() -> Clock:
    """Starts now: a token's life is the issuer's to tell, in real seconds."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", created=-1, trials=1))


async def _post(gateway: Running, query: str, accept: str | None) -> tuple[int, str, Any]:
    headers = KEY | ({} if accept is None else {"Accept": accept})
    async with gateway.http.post(f"{gateway.address}/graphql", json={"query": query}, headers=headers) as response:
        return response.status, response.headers["Content-Type"], await response.text()


async def test_a_stream_is_neither_kept_nor_gathered_up_on_its_way(gateway: Running) -> None:
    async with on_events(gateway, JOB) as events:
        headers = events.response.headers
        assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Accel-Buffering"] == "no"
        assert headers["X-Request-Id"]
        assert "Content-Encoding" not in headers


async def test_a_query_asked_for_as_events_alone_is_one_event_and_complete(gateway: Running) -> None:
    async with on_events(gateway, VIEWER) as events:
        text = await events.response.text()
    comment, following, complete, rest = text.split("\n\n")
    assert (comment, complete, rest) == (":", "event: complete\ndata:", "")
    name, data = following.split("\n")
    assert name == "event: next"
    assert json.loads(data.removeprefix("data: "))["data"] == {"viewer": {"subject": "api-key:vision"}}


@pytest.mark.parametrize(
    "accept", [URQL, "application/json;q=0.1, text/event-stream", "text/event-stream, */*;q=0.1", None]
)
async def test_a_query_that_could_have_json_gets_it(gateway: Running, accept: str | None) -> None:
    status, content_type, text = await _post(gateway, VIEWER, accept)
    assert (status, json.loads(text)["data"]["viewer"]["subject"]) == (200, "api-key:vision")
    assert content_type.split(";")[0] in {"application/json", "application/graphql-response+json"}


async def test_the_head_of_a_stream_is_told_without_listening(gateway: Running, naps: Naps) -> None:
    for query in (VIEWER, JOB):
        address, asked = f"{gateway.address}/graphql", {"query": query}
        async with gateway.http.head(address, params=asked, headers=KEY | EVENTS) as response:
            assert (response.status, response.content_type) == (200, "text/event-stream")
            assert await response.read() == b""
        assert naps.sleepers == 0
    assert (await gateway.ask(VIEWER)).data


@pytest.mark.parametrize("accept", [URQL, "text/event-stream", "text/event-stream, application/json;q=0.5"])
async def test_a_subscription_that_can_have_events_gets_them(gateway: Running, accept: str) -> None:
    body, headers = {"query": JOB}, KEY | {"Accept": accept}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        assert await Events(response).data() == {"tuningJob": {"name": "vision-a"}}


@pytest.mark.parametrize(
    "accept",
    [None, "*/*", "application/json", "application/graphql-response+json", "application/json, text/event-stream;q=0"],
)
async def test_a_subscription_that_does_not_ask_for_events_is_told_to(gateway: Running, accept: str | None) -> None:
    status, content_type, text = await _post(gateway, JOB, accept)
    wanted = accept if accept == "application/graphql-response+json" else "application/json"
    assert (status, content_type) == (406, f"{wanted}; charset=utf-8")
    (error,) = json.loads(text)["errors"]
    assert error["extensions"]["code"] == "NOT_ACCEPTABLE"
    assert "Accept: text/event-stream" in error["message"]


async def test_what_a_browsers_eventsource_sends_is_answered(gateway: Running) -> None:
    headers = KEY | EVENTS | {"Cache-Control": "no-cache"}
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": JOB}, headers=headers) as response:
        assert await Events(response).data() == {"tuningJob": {"name": "vision-a"}}


@pytest.mark.parametrize(
    ("body", "credentials", "status"),
    [(b"nonsense", KEY, 400), (b'{"query": 7}', KEY, 400), (b'{"query": "{ viewer { subject } }"}', {}, 401)],
)
async def test_what_is_no_operation_of_a_known_caller_gets_no_stream(
    gateway: Running, body: bytes, credentials: dict[str, str], status: int
) -> None:
    headers = credentials | EVENTS | {"Content-Type": "application/json"}
    async with gateway.http.post(f"{gateway.address}/graphql", data=body, headers=headers) as response:
        assert (response.status, response.content_type) == (status, "application/json")


@asynccontextmanager
async def _attentive(start: Start, clock: Clock, naps: Naps, **changes: Any) -> AsyncIterator[Running]:
    """A gateway whose streams are never silent for long."""
    template = await start(**changes)
    often = Patience(silence=0.05)
    async with running(template.configuration, clock=clock, wall=clock, sleep=naps.sleep, patience=often) as own:
        yield Running(template.http, f"http://127.0.0.1:{own.port}", "", template.configuration)


async def test_a_stream_that_has_nothing_to_tell_says_that_it_is_there(start: Start, clock: Clock, naps: Naps) -> None:
    async with _attentive(start, clock, naps) as gateway, on_events(gateway, JOB) as events:
        blocks = [await events.block() for _ in range(4)]
        assert [block for block in blocks if not block.startswith("event: next")] == [":\n"] * 3


async def test_a_stream_ends_when_its_token_does(start: Start, clock: Clock, naps: Naps, tmp_path: Path) -> None:
    issuer = DemoIssuer(tmp_path)
    async with _attentive(start, clock, naps, issuers=(issuer.issuer(),)) as gateway:
        bearer = {"Authorization": f"Bearer {issuer.token(['vision'], ttl=3600)}"}
        async with on_events(gateway, JOB, bearer) as events:
            await events.data()
            clock.advance(3700)
            name, response = await events.event()
            assert (name, response["errors"][0]["extensions"]["code"]) == ("next", "UNAUTHENTICATED")
            assert await events.event() == ("complete", None)
            assert await events.event() == ("", None)


async def test_a_query_whose_caller_hangs_up_is_called_off(
    gateway: Running, standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    standin.switches.latency = 60
    async with on_events(gateway, 'query Slow { tuningJob(name: "vision-a") { name } }') as events:
        assert await events.block() == ":\n"
    async with asyncio.timeout(20):
        while "name=Slow" not in capsys.readouterr().out:  # noqa: ASYNC110  # the log is all that shows it
            await asyncio.sleep(0.01)


async def test_a_peer_that_does_not_read_is_told_the_latest_when_it_does(gateway: Running, naps: Naps) -> None:
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        headers = KEY | EVENTS
        async with http.post(f"{gateway.address}/graphql", json={"query": JOB}, headers=headers) as response:
            for _ in range(3):
                await naps.pass_by()
            assert await Events(response).data() == {"tuningJob": {"name": "vision-a"}}
