"""What a connection may do, and how many there may be."""

import asyncio
from contextlib import AsyncExitStack

import grpc
import pytest

from gateway.rpc import Bounds, RpcOptions
from gateway.standin import World, tuning_job_plan
from tests.rpc.client import Client, failure
from tests.rpc.wire import GOAWAY, MOST_STREAMS, PING, PONG, SETTINGS, settings_in, wired
from tests.running import Running, Start

ENHANCE_YOUR_CALM = b"\0\0\0\x0b"


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))


async def test_a_request_that_is_too_large_is_refused_unread(call: Client) -> None:
    refused = await failure(call("ListTuningJobs", page_token="x" * 200_000))
    assert refused.status is grpc.StatusCode.RESOURCE_EXHAUSTED
    read = await failure(call("ListTuningJobs", page_token="x" * 100_000))
    assert read.status is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_answer_that_is_too_large_is_not_sent(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, bounds=Bounds(answer=100)))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        unsent = await failure(Client(channel)("GetTuningJob", name="vision-a"))
    assert unsent.status is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_connection_is_told_how_many_calls_it_may_make_at_once(gateway: Running) -> None:
    async with wired(gateway) as wire:
        assert settings_in(await wire.next(SETTINGS))[MOST_STREAMS] == 200


async def test_who_pings_without_end_is_sent_away(gateway: Running) -> None:
    async with wired(gateway) as wire:
        answered = 0
        while (gone := await wire.pinged()).kind == PONG:
            answered += 1
            assert answered < 10
    assert gone.payload[4:] == ENHANCE_YOUR_CALM + b"too_many_pings"


async def test_who_pings_no_more_often_than_is_allowed_stays_though_without_a_call(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, bounds=Bounds(between_pings=0.1)))
    async with wired(gateway) as wire:
        for _ in range(8):
            assert await wire.answers_a_ping()
            await asyncio.sleep(0.15)


async def test_a_peer_who_is_silent_is_asked_whether_it_is_there_and_left_when_it_does_not_answer(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, bounds=Bounds(silence=1, patience=1)))
    async with wired(gateway) as wire:
        await wire.next(PING)
        async with asyncio.timeout(30):
            while await wire.frame() is not None:
                pass


@pytest.mark.parametrize(
    ("bounds", "why"), [(Bounds(idle=1), b"connection idle"), (Bounds(age=1), b"max_age")], ids=["idle", "age"]
)
async def test_a_connection_that_has_had_its_time_is_told_so(start: Start, bounds: Bounds, why: bytes) -> None:
    async with wired(await start(rpc=RpcOptions(0, bounds=bounds))) as wire:
        wire.ask("/grpc.health.v1.Health/Check")
        gone = await wire.next(GOAWAY)
    assert gone.payload[8:] == why


async def test_there_are_so_many_connections_at_most_until_others_end(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, connections=2))
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(wired(gateway)) for _ in range(2)]
        assert [await wire.answers_a_ping() for wire in wires] == [True, True]
        async with wired(gateway) as refused:
            assert not await refused.answers_a_ping()
        wires[0].writer.close()
        async with asyncio.timeout(30):
            while True:
                async with wired(gateway) as wire:
                    if await wire.answers_a_ping():
                        break
