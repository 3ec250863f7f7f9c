"""What a call that fails is told: a status, a reason to act on, and nothing that is nobody's business."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from structlog.testing import capture_logs

from gateway.identity.demo import DemoIssuer
from gateway.rpc import RpcOptions
from gateway.rpc.failures import CODES, DOMAIN
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.schema.errors import CODES as GRAPHQL
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from tests.rpc.client import Client, Lines, failure, until_asked
from tests.running import UNLIMITED, Calls, Clock, Running, Start

DESCRIBE, LIST = "DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=12))


def test_a_reason_is_the_code_that_graphqls_callers_get() -> None:
    assert {error: reason for error, (_, reason) in CODES.items()}.items() <= GRAPHQL.items()
    of_documents = {"DOCUMENT_NOT_TRUSTED"} | {code for code in GRAPHQL.values() if code.startswith("PERSISTED_")}
    assert set(GRAPHQL.values()) - {reason for _, reason in CODES.values()} == of_documents


@pytest.mark.parametrize(
    ("aws", "status", "reason"),
    [
        ("ThrottlingException", grpc.StatusCode.RESOURCE_EXHAUSTED, "THROTTLED"),
        ("ServiceUnavailable", grpc.StatusCode.UNAVAILABLE, "UPSTREAM_UNAVAILABLE"),
        ("AccessDeniedException", grpc.StatusCode.INTERNAL, "INTERNAL"),
    ],
)
async def test_each_failure_of_aws_has_its_status_and_is_not_remembered(
    call: Client, standin: Standin, aws: str, status: grpc.StatusCode, reason: str
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, aws)]
    failed = await failure(call("GetTuningJob", name="vision-a"))
    assert (failed.status, failed.reason, failed.info.domain) == (status, reason, DOMAIN)
    assert aws not in str(vars(failed))
    assert (await call("GetTuningJob", name="vision-a")).tuning_job.name == "vision-a"


async def test_a_clients_own_policy_tries_again(gateway: Running, standin: Standin, calls: Calls) -> None:
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.01s",
        "maxBackoff": "0.01s",
        "backoffMultiplier": 1,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    service = {"methodConfig": [{"name": [{"service": "tuning.v1.TuningJobs"}], "retryPolicy": policy}]}
    standin.switches.fail_next = [FailNext(DESCRIBE, "ServiceUnavailable", 2)]
    options = (("grpc.service_config", json.dumps(service)),)
    async with grpc.aio.insecure_channel(gateway.grpc or "", options=options) as channel:
        assert (await Client(channel)("GetTuningJob", name="vision-a")).tuning_job.name == "vision-a"
    assert calls() == {DESCRIBE: 3}


async def test_a_method_that_there_is_not_is_refused_and_told(call: Client, lines: Lines) -> None:
    methods = ("/tuning.v1.TuningJobs/Nothing", "/no.Body/Nothing")
    for method in methods:
        ask: Any = call.channel.unary_unary(method)
        failed = await failure(ask(b"", metadata=(("x-request-id", "mine-9"),)))
        assert (failed.status, failed.reason) == (grpc.StatusCode.UNIMPLEMENTED, "UNIMPLEMENTED")
    told = [(line["request_id"], line["name"], line["outcome"], line["status"]) for line in await lines(2)]
    assert told == [("mine-9", name, ["UNIMPLEMENTED"], "UNIMPLEMENTED") for name in methods]


async def test_what_is_our_own_fault_is_masked_and_names_the_request(call: Client, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException")]
    failed = await failure(call("GetTuningJob", name="vision-a", metadata=(("x-request-id", "mine-7"),)))
    assert failed.request_id == failed.trailers["x-request-id"] == "mine-7"
    assert failed.message == "Something went wrong on our side. It was logged under request id mine-7."


async def test_a_bug_is_masked_too(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret in a text")

    monkeypatch.setattr("gateway.rpc.views.tuning_job", broken)
    with capture_logs() as logs:
        failed = await failure(call("GetTuningJob", name="vision-a"))
    assert (failed.status, failed.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert "a secret in a text" not in str(vars(failed)) + str(logs)
    assert "failed_unexpectedly" in [line["event"] for line in logs]


async def test_the_callers_deadline_is_kept_and_told_as_that_whoever_notices_it_first(
    call: Client, standin: Standin, lines: Lines
) -> None:
    await call("GetTuningJob", name="vision-a")  # the connection stands
    standin.switches.latency = 60
    deadlines = (0.3, 1.0, 1.203, 2.337)  # of which a client tells the last two rounded up, and hangs up before that
    asked = [call("GetTuningJob", name=f"vision-{number}", seconds=each) for number, each in enumerate(deadlines)]
    failed = await asyncio.gather(*map(failure, asked))
    assert [each.status for each in failed] == [grpc.StatusCode.DEADLINE_EXCEEDED] * 4
    _, *late = await lines(5)
    assert [(*line["outcome"], line["status"]) for line in late] == [("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")] * 4


async def test_who_hangs_up_half_way_is_told_as_that(
    call: Client, standin: Standin, calls: Calls, lines: Lines
) -> None:
    standin.switches.latency = 60
    asked = call.begun("GetTuningJob", name="vision-a", seconds=2)
    await until_asked(calls)
    asked.cancel()
    (line,) = await lines(1)
    assert (line["outcome"], line["status"]) == (["CANCELLED"], "CANCELLED")


async def test_a_call_whose_place_in_the_budget_would_come_after_its_deadline_is_refused_at_once(
    start: Start, calls: Calls
) -> None:
    gateway = await start(rpc=RpcOptions(0), rates=replace(UNLIMITED, describes=0.25))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = Client(channel)
        await ask("GetTuningJob", name="vision-a")
        failed = await failure(ask("GetTuningJob", name="vision-b", seconds=2))
    assert (failed.status, failed.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "THROTTLED")
    assert failed.retry_after is not None
    assert failed.retry_after > 2
    assert calls() == {DESCRIBE: 1}


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        ((), grpc.StatusCode.UNAUTHENTICATED),
        ((("x-api-key", "wrong"),), grpc.StatusCode.UNAUTHENTICATED),
        ((("authorization", "Basic abc"),), grpc.StatusCode.UNAUTHENTICATED),
        ((("authorization", "Bearer a.b.c"),), grpc.StatusCode.UNAUTHENTICATED),
        ((("authorization", "Bearer a.b.c"), ("x-api-key", "key-of-vision")), grpc.StatusCode.UNAUTHENTICATED),
        ((("x-api-key", "key-of-nobody"),), grpc.StatusCode.PERMISSION_DENIED),
    ],
)
@pytest.mark.parametrize("method", ["GetTuningJob", "WatchTuningJob"])
async def test_nobody_unknown_learns_anything(
    call: Client, calls: Calls, metadata: Any, status: grpc.StatusCode, method: str
) -> None:
    begun = call.begun(method, name="vision-a", key=None, metadata=metadata)
    failed = await failure(begun.read() if method.startswith("Watch") else begun)
    assert failed.status is status
    assert "wrong" not in failed.message
    assert calls() == {}


async def test_a_bearer_token_opens_until_it_expires(start: Start, clock: Clock, tmp_path: Path) -> None:
    issuer, clock.now = DemoIssuer(tmp_path), time.time()
    gateway = await start(rpc=RpcOptions(0), issuers=(issuer.issuer(),))
    bearer = (("authorization", f"Bearer {issuer.token(['vision'], ttl=3600)}"),)
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = Client(channel)
        assert (await ask("GetTuningJob", name="vision-a", key=None, metadata=bearer)).tuning_job.team == "vision"
        clock.advance(3700)
        failed = await failure(ask("GetTuningJob", name="vision-a", key=None, metadata=bearer))
    assert (failed.status, failed.message) == (grpc.StatusCode.UNAUTHENTICATED, "This token has expired.")


async def test_a_line_is_logged_for_each_call_with_what_it_cost(call: Client) -> None:
    with capture_logs() as logs:
        answered = call.begun("GetTuningJob", name="vision-a", metadata=(("x-request-id", "mine-8"),))
        await answered
        trailers = dict(await answered.trailing_metadata())
        await failure(call("GetTuningJob", name="vision-b"))
        await call("GetTuningJob", name="vision-a")
    lines = [line for line in logs if line["event"] == "request_answered"]
    kept = ("subject", "operation", "name", "upstream", "reads", "outcome", "status")
    asked = ["api-key:vision", "rpc", "GetTuningJob"]
    assert [[line[name] for name in kept] for line in lines] == [
        [*asked, {DESCRIBE: 1}, {"fetched": 1}, ["OK"], "OK"],
        [*asked, {DESCRIBE: 1}, {"fetched": 1}, ["NOT_FOUND"], "NOT_FOUND"],
        [*asked, {}, {"response": 1}, ["OK"], "OK"],
    ]
    assert lines[0]["request_id"] == "mine-8"
    cost = {"x-estimated-calls": "1", "x-actual-calls": "1", "x-cache-hits": "0"}
    assert trailers == {"x-request-id": "mine-8", **cost}


async def test_a_call_that_is_refused_says_what_it_would_have_cost_and_what_it_did(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0), most_calls=5)

    def cost(trailers: Mapping[str, object]) -> list[object]:
        return [trailers[name] for name in ("x-estimated-calls", "x-actual-calls", "x-cache-hits")]

    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = Client(channel)
        dear = ask("ListTrainingJobs", tuning_job="vision-a", page_size=10, view=pb.TRAINING_JOB_VIEW_FULL)
        assert cost((await failure(dear)).trailers) == ["12", "0", "0"]
        assert cost((await failure(ask("GetTuningJob", name="-"))).trailers) == ["0", "0", "0"]
        await ask("GetTuningJob", name="vision-a")
        listed = ask.begun("ListTrainingJobs", tuning_job="vision-a")
        await listed
        assert cost(dict(await listed.trailing_metadata())) == ["2", "1", "1"]
