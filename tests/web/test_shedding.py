"""What a gateway does under more than it can bear: it says so at once, and goes on answering the others."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from gateway.app import running
from gateway.capacity import CapacityOptions
from gateway.reads import ReadOptions
from gateway.standin import Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.listening import on_events, on_socket
from tests.running import Answer, Calls, Clock, Running, Start

QUERY = '{ tuningJob(name: "vision-a") { name } }'
VIEWER = "{ viewer { subject } }"
LIVE = 'subscription { tuningJob(name: "vision-a") { name } }'
DESCRIBE = "DescribeHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    for name in ("vision-a", "vision-b", "nlp-a"):
        world.add(tuning_job_plan(name, trials=2))


async def _until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not met():  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.01)


async def _hanging(gateway: Running, standin: Standin, calls: Calls, name: str = "vision-a") -> asyncio.Task[Answer]:
    """A request that AWS does not answer for now."""
    before = calls().get(DESCRIBE, 0)
    standin.switches.latency = 60
    asked = asyncio.create_task(gateway.ask(f'{{ tuningJob(name: "{name}") {{ name }} }}'))
    await _until(lambda: calls().get(DESCRIBE, 0) > before)
    return asked


def _code(message: dict[str, Any]) -> str:
    """Why an operation on a socket was refused."""
    assert message["type"] == "error", message
    return str(message["payload"][0]["extensions"]["code"])


async def _hang_up(asked: asyncio.Task[Answer]) -> None:
    asked.cancel()
    await asyncio.wait((asked,))


async def test_where_the_queue_is_full_the_answer_is_503_and_says_when_to_come_again(
    start: Start, standin: Standin, calls: Calls
) -> None:
    gateway = await start(capacity=CapacityOptions(concurrency=1, queue=0))
    asked = await _hanging(gateway, standin, calls)
    turned_away = await gateway.ask(VIEWER)
    assert (turned_away.status, turned_away.codes) == (503, ["OVERLOADED"])
    assert turned_away.headers["Retry-After"] == "1"
    assert turned_away.body["errors"][0]["extensions"]["retryAfterMs"] == 1000
    assert turned_away.headers["X-Request-Id"]
    await _hang_up(asked)
    await _until(lambda: calls()[DESCRIBE] == 1)
    assert (await gateway.ask(VIEWER)).codes == []


async def test_whoever_waits_in_vain_for_a_place_is_turned_away(start: Start, standin: Standin, calls: Calls) -> None:
    gateway = await start(capacity=CapacityOptions(concurrency=1, queue=1, patience=0.02))
    asked = await _hanging(gateway, standin, calls)
    assert (await gateway.ask(VIEWER)).codes == ["OVERLOADED"]
    await _hang_up(asked)


async def test_readiness_does_not_turn_off_under_load(start: Start, standin: Standin, calls: Calls) -> None:
    gateway = await start(capacity=CapacityOptions(concurrency=1, queue=0))
    asked = await _hanging(gateway, standin, calls)
    assert (await gateway.ask(VIEWER)).status == 503
    async with gateway.http.get(f"{gateway.admin}/readyz") as ready:
        assert ready.status == 200  # all replicas would leave at once, and the last one first
    await _hang_up(asked)


async def test_streams_and_sockets_hold_no_place(start: Start) -> None:
    gateway = await start(capacity=CapacityOptions(concurrency=1, queue=0))
    async with on_events(gateway, LIVE) as events, on_socket(gateway) as socket:
        assert (await events.data())["tuningJob"] == {"name": "vision-a"}
        await socket.subscribe(LIVE)
        assert (await socket.data())["tuningJob"] == {"name": "vision-a"}
        assert (await gateway.ask(VIEWER)).codes == []


async def test_a_query_on_a_socket_takes_a_place(start: Start, standin: Standin, calls: Calls) -> None:
    gateway = await start(capacity=CapacityOptions(concurrency=1, queue=0))
    asked = await _hanging(gateway, standin, calls)
    async with on_socket(gateway) as socket:
        await socket.subscribe(VIEWER)
        assert _code(await socket.told()) == "OVERLOADED"
    await _hang_up(asked)


async def test_a_request_that_takes_too_long_is_504_in_graphqls_form(start: Start, standin: Standin) -> None:
    gateway = await start(capacity=CapacityOptions(timeout=1))  # in which a busy machine has answered the second
    standin.switches.latency = 60
    late = await gateway.ask(QUERY)
    assert (late.status, late.codes) == (504, ["DEADLINE_EXCEEDED"])
    assert "GATEWAY_REQUEST_TIMEOUT" in late.messages
    standin.switches.latency = 0
    assert (await gateway.ask(QUERY)).data["tuningJob"] == {"name": "vision-a"}


async def test_a_body_that_trickles_is_not_waited_for_longer(start: Start) -> None:
    gateway = await start(capacity=CapacityOptions(timeout=0.1))

    async def body() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await asyncio.Event().wait()

    headers = {"X-API-Key": "key-of-vision", "Content-Type": "application/json"}
    async with gateway.http.post(f"{gateway.address}/graphql", data=body(), headers=headers) as response:
        assert response.status == 504
        assert (await response.json())["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


async def test_a_query_on_a_socket_has_its_deadline_and_the_socket_lives_on(start: Start, standin: Standin) -> None:
    gateway = await start(capacity=CapacityOptions(timeout=0.1))
    standin.switches.latency = 60
    async with on_socket(gateway) as socket:
        await socket.subscribe(QUERY)
        assert _code(await socket.told()) == "DEADLINE_EXCEEDED"
        await socket.subscribe(VIEWER, "2")
        assert (await socket.data())["viewer"]


async def test_a_stream_outlives_the_deadline_of_requests(start: Start) -> None:
    gateway = await start(capacity=CapacityOptions(timeout=0.1))
    async with on_events(gateway, LIVE) as events:
        await events.data()
        await asyncio.sleep(0.3)
        assert not events.response.content.at_eof()


async def test_a_read_outlives_the_deadline_of_one_of_those_who_wait_for_it(
    start: Start, standin: Standin, calls: Calls
) -> None:
    gateway = await start(capacity=CapacityOptions(timeout=0.1))
    standin.switches.latency = 3
    async with on_events(gateway, LIVE) as events:  # begins as a query does, and has no deadline
        assert (await gateway.ask(QUERY)).codes == ["DEADLINE_EXCEEDED"]
        assert (await events.data())["tuningJob"] == {"name": "vision-a"}
    assert calls()[DESCRIBE] == 1


async def test_so_many_sockets_and_streams_may_be_open(start: Start) -> None:
    gateway = await start(connections=5)
    async with AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(on_events(gateway, LIVE))
        asked = gateway.http.get(f"{gateway.address}/graphql", headers=_UPGRADE)
        refused = await stack.enter_async_context(asked)
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        assert (await refused.json())["errors"][0]["extensions"]["code"] == "OVERLOADED"


_UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def test_where_as_many_wait_for_aws_as_can_what_is_remembered_is_answered(
    start: Start, standin: Standin, calls: Calls
) -> None:
    gateway = await start(reads=ReadOptions(jitter=0, waiters=1))
    assert (await gateway.ask(QUERY)).codes == []
    asked = await _hanging(gateway, standin, calls, "vision-b")
    assert (await gateway.ask(QUERY)).data["tuningJob"] == {"name": "vision-a"}
    turned_away = await gateway.ask('{ tuningJob(name: "nlp-a") { name } }')
    assert (turned_away.status, turned_away.codes) == (200, ["OVERLOADED"])
    assert turned_away.body["data"] == {"tuningJob": None}
    await _hang_up(asked)


async def test_one_team_cannot_take_all_the_room_there_is_to_wait_for_aws(
    start: Start, standin: Standin, calls: Calls
) -> None:
    gateway = await start(reads=ReadOptions(jitter=0, waiters=2))
    asked = await _hanging(gateway, standin, calls, "vision-a")
    more = asyncio.create_task(gateway.ask('{ tuningJob(name: "nlp-a") { name } }', key="key-of-nlp"))
    assert (await gateway.ask('{ tuningJob(name: "vision-b") { name } }')).codes == ["OVERLOADED"]
    await _until(lambda: calls()[DESCRIBE] == 2)
    await _hang_up(asked)
    await _hang_up(more)


async def test_what_is_stale_is_given_at_once_where_the_room_is_full(
    start: Start, standin: Standin, calls: Calls, clock: Clock
) -> None:
    gateway = await start(reads=ReadOptions(jitter=0, waiters=1, patience=60), lives=Lives(revalidated=0))
    page = '{ tuningJob(name: "vision-a") { trainingJobs { stale } } }'
    assert (await gateway.ask(page)).data["tuningJob"]["trainingJobs"] == {"stale": False}
    asked = await _hanging(gateway, standin, calls, "vision-b")
    clock.advance(6 * 3600 + 1)  # past its life, within the time in which it may be given as stale
    assert (await gateway.ask(page)).data["tuningJob"]["trainingJobs"] == {"stale": True}
    await _hang_up(asked)


async def test_a_gateway_that_leaves_says_so_to_those_it_answers(start: Start) -> None:
    template = await start()
    async with running(template.configuration) as gateway:
        own = Running(template.http, f"http://127.0.0.1:{gateway.port}", "", template.configuration)
        assert "Connection" not in (await own.ask(VIEWER)).headers
        gateway.leave()
        leaving = await own.ask(VIEWER)
        assert (leaving.codes, leaving.headers["Connection"]) == ([], "close")
        admin = f"http://127.0.0.1:{gateway.admin_port}"
        async with template.http.get(f"{admin}/readyz") as ready, template.http.get(f"{admin}/livez") as live:
            assert (ready.status, live.status) == (503, 200)
