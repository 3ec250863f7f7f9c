"""How the port ends: who hears of it first, who is answered all the same, and who is told to come again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from gateway.app import Gateway, running
from gateway.rpc import RpcOptions
from gateway.standin import Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from tests.rpc.client import Client, Lines, failure, health, until_asked
from tests.rpc.wire import WINDOW, watched_by_one_who_reads_nothing, wired
from tests.running import Calls, Clock, Naps, Start

GOING_AWAY = (grpc.StatusCode.UNAVAILABLE, "GOING_AWAY")


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", created=-1, trials=[TrialPlan("vision-a-0", 0, 0.5, 900.0)]))
    world.add(tuning_job_plan("vision-done", trials=2))


@dataclass(frozen=True)
class Leaver:
    """A gateway that a test ends, and a client of it."""

    gateway: Gateway
    call: Client
    end: Callable[[], Awaitable[None]]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.gateway.grpc_port}"


@pytest.fixture
async def leaver(start: Start, clock: Clock, naps: Naps) -> AsyncIterator[Leaver]:
    configuration = (await start(rpc=RpcOptions(0))).configuration
    async with AsyncExitStack() as stack, AsyncExitStack() as until:
        gateway = await until.enter_async_context(running(configuration, clock=clock, wall=clock, sleep=naps.sleep))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{gateway.grpc_port}"))
        yield Leaver(gateway, Client(channel), until.aclose)


async def test_listeners_are_told(leaver: Leaver, naps: Naps) -> None:
    ear = leaver.call.begun("WatchTuningJob", name="vision-a")
    await ear.read()
    await naps.until()
    ending = asyncio.ensure_future(leaver.end())
    gone = await failure(ear.read())
    assert (gone.status, gone.reason) == GOING_AWAY
    await ending
    assert naps.sleepers == 0


async def test_a_call_under_way_is_answered_first(leaver: Leaver, standin: Standin, calls: Calls) -> None:
    standin.switches.latency = 0.3
    asked = leaver.call.begun("GetTuningJob", name="vision-done")
    await until_asked(calls)
    await leaver.end()
    assert (await asked).tuning_job.name == "vision-done"


async def test_who_watches_our_health_hears_first_and_what_takes_too_long_is_told_to_come_again(
    leaver: Leaver, standin: Standin, calls: Calls
) -> None:
    watched = health(leaver.call.channel).Watch(HealthCheckRequest())
    assert (await watched.read()).status == HealthCheckResponse.SERVING
    standin.switches.latency = 60
    asked = leaver.call.begun("GetTuningJob", name="vision-done", seconds=None)
    await until_asked(calls)
    ending = asyncio.ensure_future(leaver.end())
    assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
    assert not asked.done()
    gone = await failure(asked)
    assert (gone.status, gone.reason) == GOING_AWAY
    await ending


async def test_who_hangs_up_in_the_meantime_is_told_as_that(
    leaver: Leaver, standin: Standin, calls: Calls, lines: Lines
) -> None:
    watched = health(leaver.call.channel).Watch(HealthCheckRequest())
    await watched.read()
    standin.switches.latency = 60
    asked = leaver.call.begun("GetTuningJob", name="vision-done", seconds=None)
    await until_asked(calls)
    ending = asyncio.ensure_future(leaver.end())
    await watched.read()
    asked.cancel()
    (line,) = await lines(1)
    assert (line["outcome"], line["status"]) == (["CANCELLED"], "CANCELLED")
    await ending


async def test_our_health_says_so_before_the_end_while_calls_are_answered_all_the_same(leaver: Leaver) -> None:
    ask: Any = health(leaver.call.channel)
    watched = ask.Watch(HealthCheckRequest())
    assert (await watched.read()).status == HealthCheckResponse.SERVING
    leaver.gateway.leave()
    async with asyncio.timeout(30):
        assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
    assert (await ask.Check(HealthCheckRequest())).status == HealthCheckResponse.NOT_SERVING
    assert (await ask.Watch(HealthCheckRequest()).read()).status == HealthCheckResponse.NOT_SERVING
    assert (await leaver.call("GetTuningJob", name="vision-done")).tuning_job.name == "vision-done"


async def test_calls_that_wait_to_be_begun_are_told_to_come_again(leaver: Leaver) -> None:
    asked = [leaver.call.begun("GetTuningJob", name="vision-done") for _ in range(200)]
    await asked[0]  # the others have come, and are begun one after the other
    await leaver.end()
    ends = await asyncio.gather(*asked, return_exceptions=True)
    lost = [end.code() for end in ends if isinstance(end, grpc.aio.AioRpcError)]
    assert set(lost) <= {grpc.StatusCode.UNAVAILABLE}


async def test_a_listener_who_reads_nothing_holds_nobody(leaver: Leaver, naps: Naps, lines: Lines) -> None:
    async with wired(leaver.address, {WINDOW: 0}) as wire:
        await watched_by_one_who_reads_nothing(wire, naps)
        async with asyncio.timeout(30):
            await leaver.end()
    (line,) = await lines(1)
    assert (line["outcome"], line["status"]) == (["GOING_AWAY"], "UNAVAILABLE")


async def test_who_watches_our_health_and_reads_nothing_holds_nobody(leaver: Leaver) -> None:
    ask: Any = health(leaver.call.channel)
    async with wired(leaver.address, {WINDOW: 0}) as wire:
        wire.ask("/grpc.health.v1.Health/Watch")
        assert await wire.answers_a_ping()  # after which it has been asked
        await ask.Check(HealthCheckRequest())
        async with asyncio.timeout(30):
            watched = ask.Watch(HealthCheckRequest())
            assert (await watched.read()).status == HealthCheckResponse.SERVING
            await leaver.end()
