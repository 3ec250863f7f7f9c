"""Watching over gRPC, and stopping what is watched."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2
from structlog.testing import capture_logs

from gateway.app import running
from gateway.model.stopping import StopOutcome
from gateway.rpc import RpcOptions
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.watch import WatchOptions
from tests.rpc.client import Client, Lines, failure, health, until_asked
from tests.rpc.wire import WINDOW, watched_by_one_who_reads_nothing, wired
from tests.running import Calls, Clock, Naps, Running, Start

OPERATOR = "key-of-vision-operator"
DESCRIBE, STOP = "DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    trials = [TrialPlan(f"vision-a-{number}", 0, 0.5, 7 + 10.0 * number) for number in range(2)]
    world.add(tuning_job_plan("vision-a", created=-1, trials=trials))
    world.add(tuning_job_plan("vision-done", trials=2))
    world.add(tuning_job_plan("nlp-a", created=-1, trials=[TrialPlan("nlp-a-0", 0, 0.5, 900.0)]))


def status(response: pb.WatchTuningJobResponse) -> str:
    return pb.TuningJobStatus.Name(response.tuning_job.status).removeprefix("TUNING_JOB_STATUS_")


async def test_a_job_that_has_ended_is_told_once(call: Client) -> None:
    ear = call.begun("WatchTuningJob", name="vision-done")
    assert [status(response) async for response in ear] == ["COMPLETED"]


async def test_a_listener_who_leaves_is_not_looked_for_any_more(call: Client, naps: Naps) -> None:
    ear = call.begun("WatchTuningJob", name="vision-a")
    await ear.read()
    await naps.until()
    ear.cancel()
    await naps.until(0, at_most=True)


async def test_a_watch_ends_with_its_callers_deadline_which_is_no_failure(
    call: Client, naps: Naps, lines: Lines
) -> None:
    await call("GetTuningJob", name="vision-a")  # so that its first word comes at once
    ear = call.begun("WatchTuningJob", name="vision-a", seconds=2)
    await ear.read()
    assert (await failure(ear.read())).status is grpc.StatusCode.DEADLINE_EXCEEDED
    await naps.until(0, at_most=True)
    _, line = await lines(2)
    assert (line["outcome"], line["status"]) == (["CANCELLED"], "DEADLINE_EXCEEDED")


@pytest.mark.parametrize(
    ("metadata", "status"), [({}, "CANCELLED"), ({"grpc_timeout": "2S"}, "DEADLINE_EXCEEDED")], ids=["hung up", "late"]
)
async def test_how_a_watch_ended_is_told_where_nothing_could_be_sent(
    gateway: Running, call: Client, naps: Naps, lines: Lines, metadata: dict[str, str], status: str
) -> None:
    await call("GetTuningJob", name="vision-a")
    async with wired(gateway, {WINDOW: 0}) as wire:
        await watched_by_one_who_reads_nothing(wire, naps, **metadata)
        if not metadata:
            wire.cancel()
        _, line = await lines(2)
    assert (line["outcome"], line["status"]) == (["CANCELLED"], status)
    await naps.until(0, at_most=True)


async def test_a_listener_too_many_is_refused(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0), watch=WatchOptions(jitter=0, most_per_caller=1))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = Client(channel)
        ear = ask.begun("WatchTuningJob", name="vision-a")
        await ear.read()
        refused = await failure(ask.begun("WatchTuningJob", name="vision-a").read())
        assert (refused.status, refused.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_LISTENERS")
        ear.cancel()


async def test_a_key_that_is_taken_away_ends_what_it_opened_at_the_next_look(
    start: Start, clock: Clock, naps: Naps
) -> None:
    configuration = (await start(rpc=RpcOptions(0))).configuration
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(running(configuration, clock=clock, wall=clock, sleep=naps.sleep))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{own.grpc_port}"))
        ear = Client(channel).begun("WatchTuningJob", name="vision-a")
        await ear.read()
        await naps.until()
        keys = tuple(key for key in configuration.api_keys if key.id != "vision")
        await own.adopt(replace(configuration, api_keys=keys))
        await naps.pass_by()
        assert (await failure(ear.read())).status is grpc.StatusCode.UNAUTHENTICATED


async def test_a_read_that_nobody_waits_for_any_more_ends_and_one_that_others_wait_for_goes_on(
    call: Client, standin: Standin, calls: Calls
) -> None:
    standin.switches.latency = 1
    with capture_logs() as logs:
        first, second = (call.begun("GetTuningJob", name="vision-done") for _ in range(2))
        await until_asked(calls)
        await health(call.channel).Check(health_pb2.HealthCheckRequest())  # behind the second call, on its connection
        first.cancel()
        assert (await second).tuning_job.name == "vision-done"
        assert calls() == {DESCRIBE: 1}
        alone = call.begun("GetTuningJob", name="vision-a")
        await until_asked(calls, 2)
        alone.cancel()
        async with asyncio.timeout(20):
            while outcomes(logs).count("CANCELLED") < 2:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)
        standin.switches.latency = 0
        assert (await call("GetTuningJob", name="vision-a")).tuning_job.name == "vision-a"
        assert calls() == {DESCRIBE: 3}


def outcomes(logs: list[Any]) -> list[str]:
    """How calls ended, by their lines in the log."""
    return [line["status"] for line in logs if line["event"] == "request_answered"]


async def test_a_training_job_is_stopped_alone(call: Client) -> None:
    stopped = await call("StopTrainingJob", tuning_job="vision-a", name="vision-a-1", key=OPERATOR)
    assert stopped.outcome == pb.STOP_OUTCOME_STOPPING
    assert stopped.training_job.name == "vision-a-1"
    job = (await call("GetTuningJob", name="vision-a")).tuning_job
    assert job.status == pb.TUNING_JOB_STATUS_IN_PROGRESS


async def test_who_may_only_read_stops_nothing(call: Client, calls: Calls) -> None:
    for stop in (
        call("StopTuningJob", name="vision-a"),
        call("StopTrainingJob", tuning_job="vision-a", name="vision-a-1"),
    ):
        refused = await failure(stop)
        assert (refused.status, refused.reason) == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN")
    assert calls() == {}


async def test_a_foreign_job_is_not_found_for_a_stop_either(call: Client, calls: Calls) -> None:
    foreign = await failure(call("StopTuningJob", name="nlp-a", key=OPERATOR))
    absent = await failure(call("StopTuningJob", name="nlp-b", key=OPERATOR))
    assert (foreign.status, foreign.message) == (absent.status, absent.message)
    assert foreign.status is grpc.StatusCode.NOT_FOUND
    assert STOP not in calls()


async def test_a_stop_whose_answer_is_lost_says_that_the_job_may_have_been_stopped(
    call: Client, standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(STOP, "InternalFailure")]
    failed = await failure(call("StopTuningJob", name="vision-a", key=OPERATOR))
    assert failed.status is grpc.StatusCode.UNAVAILABLE
    assert "may have been stopped" in failed.message


def test_every_outcome_has_its_word() -> None:
    assert {f"STOP_OUTCOME_{outcome.name}" for outcome in StopOutcome} < set(pb.StopOutcome.keys())
