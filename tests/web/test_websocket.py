"""GraphQL over WebSocket: the credentials come first, and the socket ends with them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.app import running
from gateway.identity.demo import DemoIssuer
from gateway.standin import World, tuning_job_plan
from gateway.web import Patience
from tests.running import Clock, Running, Start

Connect = Callable[..., AbstractAsyncContextManager[aiohttp.ClientWebSocketResponse]]
KEY = {"X-API-Key": "key-of-vision"}


@pytest.fixture
def clock() -> Clock:
    """Starts now: a token's life is the issuer's to tell, in real seconds."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def connect() -> Connect:
    """Opens a socket, and says who is there where a payload is given."""

    @asynccontextmanager
    async def connected(
        gateway: Running,
        payload: dict[str, str] | None = None,
        *,
        origin: str | None = None,
        protocol: str = "graphql-transport-ws",
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        protocols = (protocol,)
        async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=protocols, origin=origin) as socket:
            if payload is not None:
                await socket.send_json({"type": "connection_init", "payload": payload})
                assert await socket.receive_json() == {"type": "connection_ack"}
            yield socket

    return connected


async def test_messages_are_not_compressed_though_the_client_offers_to(gateway: Running) -> None:
    offered = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    url, protocols = f"{gateway.address}/graphql", ("graphql-transport-ws",)
    async with gateway.http.ws_connect(url, protocols=protocols, compress=15, headers=offered) as socket:
        assert not socket.compress


async def _closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    message = await socket.receive(timeout=5)
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), message
    return socket.close_code


def _subscribe(query: str, operation_id: str = "1", **variables: object) -> dict[str, Any]:
    return {"type": "subscribe", "id": operation_id, "payload": {"query": query, "variables": variables}}


async def test_a_query_over_a_socket_is_answered_and_complete(gateway: Running, connect: Connect, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=1))
    async with connect(gateway, KEY) as socket:
        await socket.send_json({"type": "ping"})
        assert await socket.receive_json() == {"type": "pong"}
        await socket.send_json(_subscribe('{ tuningJob(name: "vision-a") { name } }'))
        answer = await socket.receive_json()
        assert (answer["type"], answer["id"]) == ("next", "1")
        assert answer["payload"]["data"] == {"tuningJob": {"name": "vision-a"}}
        assert await socket.receive_json() == {"type": "complete", "id": "1"}


async def test_a_document_that_cannot_run_is_its_operations_error_alone(gateway: Running, connect: Connect) -> None:
    async with connect(gateway, KEY) as socket:
        for query in ("{ nope }", "", "{ tuningJobs(first: 0) { totalCount } }"):
            await socket.send_json(_subscribe(query))
            answer = await socket.receive_json()
            assert (answer["type"], answer["id"]) == ("error", "1")
            assert answer["payload"][0]["extensions"]["code"] in {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}


async def test_another_teams_job_is_null_over_a_socket_too(gateway: Running, connect: Connect, world: World) -> None:
    world.add(tuning_job_plan("nlp-secret", trials=1))
    async with connect(gateway, KEY) as socket:
        for name in ("nlp-secret", "nlp-nothing"):
            await socket.send_json(_subscribe("query ($n: String!) { tuningJob(name: $n) { name } }", n=name))
            answer = await socket.receive_json()
            assert answer["payload"] == {
                "data": {"tuningJob": None},
                "extensions": {"cost": {"estimatedCalls": 0, "actualCalls": 0, "cacheHits": 0}},
            }
            await socket.receive_json()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": "Bearer x.y.z"},
        {"X-API-Key": "wrong"},
        {"X-API-Key": "key-of-nobody"},
        {"Authorization": 7},
    ],
)
async def test_credentials_that_open_nothing_close_the_socket(
    gateway: Running, connect: Connect, payload: dict[str, Any]
) -> None:
    async with connect(gateway) as socket:
        await socket.send_json({"type": "connection_init", "payload": payload})
        assert await _closed(socket) == 4403


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([_subscribe("{ viewer { subject } }")], 4401),
        ([{"type": "connection_init", "payload": KEY}, {"type": "connection_init", "payload": KEY}], 4429),
        ([{"type": "connection_init", "payload": KEY}, {"type": "nonsense"}], 4400),
        ([{"type": "connection_init", "payload": KEY}, {"type": "subscribe", "id": "", "payload": {}}], 4400),
        ([{"type": "connection_init", "payload": KEY}, {"type": "subscribe", "id": "1"}], 4400),
        (["nonsense"], 4400),
        ([[1]], 4400),
    ],
)
async def test_what_the_protocol_forbids_closes_with_its_code(
    gateway: Running, connect: Connect, messages: list[Any], code: int
) -> None:
    async with connect(gateway) as socket:
        for message in messages:
            await socket.send_str(message if isinstance(message, str) else json.dumps(message))
        received = await socket.receive(timeout=5)
        if received.type is aiohttp.WSMsgType.TEXT:  # connection_ack
            await socket.receive(timeout=5)
        assert socket.close_code == code


async def test_an_operation_id_in_use_closes_the_socket(gateway: Running, connect: Connect, standin: Any) -> None:
    standin.switches.latency = 5
    async with connect(gateway, KEY) as socket:
        for _ in range(2):
            await socket.send_json(_subscribe('{ tuningJob(name: "vision-a") { name } }'))
        assert await _closed(socket) == 4409


async def test_a_client_of_another_protocol_is_turned_away(gateway: Running, connect: Connect) -> None:
    async with connect(gateway, protocol="graphql-ws") as socket:
        assert await _closed(socket) == 4406


async def test_a_key_taken_away_ends_its_socket_at_the_next_operation(start: Start, connect: Connect) -> None:
    template = await start()
    async with running(template.configuration) as gateway:
        address = f"http://127.0.0.1:{gateway.port}"
        async with connect(Running(template.http, address, "", template.configuration), KEY) as socket:
            await socket.send_json(_subscribe("{ viewer { subject } }"))
            assert (await socket.receive_json())["type"] == "next"
            assert (await socket.receive_json())["type"] == "complete"
            await gateway.adopt(replace(template.configuration, api_keys=()))
            await socket.send_json(_subscribe("{ viewer { subject } }"))
            assert await _closed(socket) == 4403


async def test_an_id_given_up_can_be_used_at_once(gateway: Running, connect: Connect, standin: Any) -> None:
    standin.switches.latency = 1
    async with connect(gateway, KEY) as socket:
        await socket.send_json(_subscribe('{ tuningJob(name: "vision-a") { name } }'))
        await socket.send_json({"type": "complete", "id": "1"})
        await socket.send_json(_subscribe("{ viewer { subject } }"))
        assert (await socket.receive_json())["payload"]["data"]["viewer"]["subject"] == "api-key:vision"


async def test_too_many_operations_at_once_are_refused(gateway: Running, connect: Connect, standin: Any) -> None:
    standin.switches.latency = 1
    async with connect(gateway, KEY) as socket:
        for number in range(51):
            await socket.send_json(_subscribe('{ tuningJob(name: "vision-a") { name } }', str(number)))
        refused = await socket.receive_json()
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_LISTENERS"


async def test_a_post_that_asks_for_a_socket_is_asked_who_it_is(gateway: Running) -> None:
    headers = {"Upgrade": "websocket", "Content-Type": "application/json"}
    async with gateway.http.post(f"{gateway.address}/graphql", data=b"{}", headers=headers) as response:
        assert response.status == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "http://[evil", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_origin_gets_no_socket(gateway: Running, connect: Connect, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with connect(gateway, origin=origin):
            pass
    assert refused.value.status == 403


async def test_a_page_of_our_own_origin_gets_one(gateway: Running, connect: Connect) -> None:
    async with connect(gateway, KEY, origin=gateway.address) as socket:
        assert not socket.closed


async def test_a_socket_ends_when_its_token_does(start: Start, connect: Connect, tmp_path: Path, clock: Clock) -> None:
    issuer = DemoIssuer(tmp_path)
    gateway = await start(issuers=(issuer.issuer(),))
    bearer = {"Authorization": f"Bearer {issuer.token(['vision'], ttl=3600)}"}
    async with connect(gateway, bearer) as socket:
        await socket.send_json(_subscribe("{ viewer { subject } }"))
        assert (await socket.receive_json())["type"] == "next"
    clock.now = time.time() + 3599.5  # half a second before its end
    async with connect(gateway, bearer) as socket:
        assert await _closed(socket) == 4403


async def test_sockets_are_told_when_the_gateway_goes(start: Start, connect: Connect) -> None:
    template = await start()
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(running(template.configuration))
        address = f"http://127.0.0.1:{gateway.port}"
        async with connect(Running(template.http, address, "", template.configuration), KEY) as socket:
            ending = asyncio.create_task(stack.aclose())
            assert await _closed(socket) == 1001
            await ending


async def test_a_peer_that_does_not_say_who_it_is_is_closed_after_a_while(start: Start, connect: Connect) -> None:
    template = await start()
    async with running(template.configuration, patience=Patience(first_message=0.05)) as gateway:
        address = f"http://127.0.0.1:{gateway.port}"
        async with connect(Running(template.http, address, "", template.configuration)) as socket:
            assert await _closed(socket) == 4408
