"""Answers remembered as bytes: given without any work while what was read for them lasts, and to nobody else."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from gateway.reads import ReadOptions
from gateway.rpc import RpcOptions
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.tuning import Lives
from tests.rpc.client import Client, failure
from tests.running import Calls, Clock, Start

DESCRIBE = "DescribeHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-runs", created=-1, trials=[TrialPlan("vision-runs-0", 0, 0.5, 900.0)]))


def broken(*_: object, **__: object) -> None:
    raise RuntimeError


async def told(call: Client) -> tuple[pb.TuningJob, dict[str, str]]:
    """The job, and what telling it cost."""
    asked = call.begun("GetTuningJob", name="vision-runs")
    answer = await asked
    return answer.tuning_job, {name: value for name, value in await asked.trailing_metadata() if name != "x-request-id"}


async def test_the_same_request_is_answered_without_any_work_while_its_reads_last(
    call: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, cost = await told(call)
    assert cost == {"x-estimated-calls": "1", "x-actual-calls": "1", "x-cache-hits": "0"}
    with monkeypatch.context() as patch:
        patch.setattr("gateway.rpc.views.tuning_job", broken)
        assert await told(call) == (first, {"x-estimated-calls": "1", "x-actual-calls": "0", "x-cache-hits": "1"})
        clock.advance(60)
        assert (await failure(call("GetTuningJob", name="vision-runs"))).reason == "INTERNAL"
    assert (await told(call))[1]["x-actual-calls"] == "0"  # the failed call has read it


async def test_nobody_of_another_team_gets_it(call: Client) -> None:
    await told(call)
    assert (await failure(call("GetTuningJob", name="vision-runs", key="key-of-nlp"))).reason == "NOT_FOUND"
    both = (await call("GetTuningJob", name="vision-runs", team="vision", key="key-of-both")).tuning_job
    assert both.name == "vision-runs"


async def test_a_stop_is_seen_at_once(call: Client) -> None:
    assert (await told(call))[0].status == pb.TUNING_JOB_STATUS_IN_PROGRESS
    await call("StopTuningJob", name="vision-runs", key="key-of-vision-operator")
    assert (await told(call))[0].status == pb.TUNING_JOB_STATUS_STOPPING


async def test_what_was_given_stale_is_asked_for_again(start: Start, standin: Standin, clock: Clock) -> None:
    gateway = await start(rpc=RpcOptions(0), lives=Lives(revalidated=0), reads=ReadOptions(jitter=0, patience=0.05))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = Client(channel)
        await ask("ListTuningJobs")
        clock.advance(30)
        standin.switches.fail_next = [FailNext("ListHyperParameterTuningJobs", "ServiceUnavailable")]
        assert [(await ask("ListTuningJobs")).stale for _ in range(2)] == [True, False]


@pytest.fixture
async def forgetful(start: Start) -> AsyncIterator[Client]:
    """A gateway that remembers no answers."""
    gateway = await start(rpc=RpcOptions(0), response_cache_bytes=0)
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        yield Client(channel)


async def test_without_room_each_answer_is_made_anew_from_what_was_read(
    forgetful: Client, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await told(forgetful)
    assert (await told(forgetful))[0] == first[0]
    assert calls() == {DESCRIBE: 1}
    monkeypatch.setattr("gateway.rpc.views.tuning_job", broken)
    assert (await failure(forgetful("GetTuningJob", name="vision-runs"))).reason == "INTERNAL"


async def test_a_request_that_is_none_is_refused_as_such(call: Client, calls: Calls) -> None:
    ask: Any = call.channel.unary_unary("/tuning.v1.TuningJobs/GetTuningJob")
    failed = await failure(ask(b"\xff\xff", metadata=(("x-api-key", "key-of-vision"),)))
    assert (failed.status, failed.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_USER_INPUT")
    assert failed.message == "The request is no tuning.v1.GetTuningJobRequest."
    assert calls() == {}


async def test_a_watch_tells_its_request_id_at_its_beginning(call: Client) -> None:
    ear = call.begun("WatchTuningJob", name="vision-runs", metadata=(("x-request-id", "mine-9"),))
    assert dict(await ear.initial_metadata())["x-request-id"] == "mine-9"
    ear.cancel()
