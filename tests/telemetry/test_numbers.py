"""What is counted, by which names, and that no caller can make up another."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from graphql import build_schema
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry
from gateway.governor import Rates
from gateway.rpc import RpcOptions
from gateway.schema.deprecated import deprecated_in
from gateway.standin import FailNext, Standin
from gateway.telemetry.upstream import OPERATIONS
from gateway.tuning import Lives
from tests.rpc.client import Client, failure
from tests.running import ACCOUNT, Running, Start
from tests.telemetry.conftest import Grown
from tests.telemetry.test_lines import DESCRIBE, LIST, QUERY, ask

BUDGET = {"account": ACCOUNT, "region": "us-east-1", "operation": DESCRIBE}


async def scraped(gateway: Running) -> str:
    async with gateway.http.get(f"{gateway.admin}/metrics") as response:
        assert response.status == 200
        return await response.text()


async def test_requests_are_counted_by_type_and_outcome(gateway: Running, standin: Standin, grown: Grown) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    for query in (QUERY, QUERY, QUERY, "{ nope }"):
        await ask(gateway, {"query": query})
    await ask(gateway, {"query": QUERY}, **{"X-API-Key": "wrong"})
    counted = ("gateway_requests_total",)
    assert grown(*counted, operation="query", outcome="THROTTLED") == 1
    assert grown(*counted, operation="query", outcome="OK") == 2
    assert grown(*counted, operation="invalid", outcome="GRAPHQL_VALIDATION_FAILED") == 1
    assert grown(*counted, operation="none", outcome="UNAUTHENTICATED") == 1
    assert grown("gateway_responses_remembered_total") == 1


async def test_a_request_that_failed_in_two_ways_counts_as_the_graver_one(
    gateway: Running, standin: Standin, grown: Grown
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException"), FailNext(DESCRIBE, "AccessDenied")]
    await ask(gateway, {"query": '{ a: tuningJob(name: "vision-a") { arn } b: tuningJob(name: "vision-b") { arn } }'})
    assert grown("gateway_requests_total", operation="query", outcome="INTERNAL") == 1
    assert grown("gateway_requests_total", operation="query", outcome="THROTTLED") == 0


async def test_our_own_time_is_without_what_aws_took(gateway: Running, standin: Standin, grown: Grown) -> None:
    standin.switches.latency = 0.3
    await ask(gateway, {"query": QUERY})
    assert grown("gateway_request_own_seconds_count", operation="query") == 1
    assert grown("gateway_upstream_seconds_count", operation=DESCRIBE) == 1
    assert grown("gateway_upstream_seconds_sum", operation=DESCRIBE) >= 0.3
    assert grown("gateway_request_own_seconds_sum", operation="query") < 0.6  # of which AWS took all


async def test_calls_to_aws_are_counted_by_operation_and_outcome(
    gateway: Running, standin: Standin, grown: Grown
) -> None:
    standin.switches.fail_next = [FailNext(LIST, "ThrottlingException"), FailNext(LIST, "InternalFailure")]
    for _ in range(3):
        await ask(gateway, {"query": QUERY})
    outcomes = {
        outcome: grown("gateway_upstream_calls_total", operation=LIST, outcome=outcome)
        for outcome in ("OK", "Throttled", "UpstreamUnavailable")
    }
    assert outcomes == {"OK": 1, "Throttled": 1, "UpstreamUnavailable": 1}
    await ask(gateway, {"query": '{ tuningJob(name: "vision-none") { name } }'})
    assert grown("gateway_upstream_calls_total", operation=DESCRIBE, outcome="NotFound") == 1


def test_the_calls_that_are_counted_are_all_that_there_are() -> None:
    source = (Path(telemetry.__file__).parents[1] / "sagemaker" / "client.py").read_text()
    assert all(f'"{operation}"' in source for operation in OPERATIONS)


@pytest.mark.parametrize(("stale", "outcome"), [(600.0, "stale"), (0.0, "failed")])
async def test_reads_are_counted_by_where_their_value_came_from(
    start: Start, standin: Standin, grown: Grown, advance: Callable[[float], None], stale: float, outcome: str
) -> None:
    lives = Lives(running=5, finished=5, revalidated=0, stale=stale)
    gateway = await start(lives=lives, response_cache_bytes=0)
    await ask(gateway, {"query": QUERY})
    await ask(gateway, {"query": QUERY})
    advance(6)
    standin.switches.fail_next = [FailNext(DESCRIBE, "InternalFailure")]
    await ask(gateway, {"query": '{ tuningJob(name: "vision-a") { arn } }'})
    told = {name: grown("gateway_reads_total", outcome=name) for name in ("fetched", "remembered", "stale", "failed")}
    assert told == {"fetched": 2, "remembered": 2, "stale": 0, "failed": 0, outcome: 1}


async def test_bytes_of_answers_are_counted(gateway: Running, grown: Grown) -> None:
    body = {"query": QUERY}
    async with gateway.http.post(
        f"{gateway.address}/graphql", json=body, headers={"X-API-Key": "key-of-vision"}
    ) as response:
        answer = await response.read()
    assert grown("gateway_response_bytes_total") == len(answer)


async def test_requests_in_flight_are_those_being_answered_and_no_open_sockets(
    gateway: Running, standin: Standin, grown: Grown
) -> None:
    standin.switches.latency = 0.4
    async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=("graphql-transport-ws",)) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        asked = [asyncio.create_task(ask(gateway, {"query": QUERY})) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert grown("gateway_requests_in_flight") == 3
        await asyncio.gather(*asked)
        assert grown("gateway_requests_in_flight") == 0


async def test_calls_are_counted_as_requests_are(start: Start, standin: Standin, grown: Grown) -> None:
    gateway = await start(rpc=RpcOptions(0))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        call = Client(channel)
        sizes = [(await call("GetTuningJob", name="vision-a")).ByteSize() for _ in range(2)]
        await failure(call("GetTuningJob", name="vision-b"))
        assert grown("gateway_requests_total", operation="rpc", outcome="OK") == 2
        assert grown("gateway_requests_total", operation="rpc", outcome="NOT_FOUND") == 1
        assert grown("gateway_request_own_seconds_count", operation="rpc") == 3
        assert grown("gateway_responses_remembered_total") == 1
        assert grown("gateway_response_bytes_total") == sum(sizes)
        standin.switches.latency = 0.4
        asked = asyncio.ensure_future(call("ListTuningJobs"))
        await asyncio.sleep(0.2)
        assert grown("gateway_requests_in_flight") == 1
        await asked
        assert grown("gateway_requests_in_flight") == 0


async def test_budgets_tell_what_is_left_and_who_was_turned_away(start: Start, standin: Standin) -> None:
    gateway = await start(rates=Rates(describes=1.0, attempts=1), deadline=0.5)
    await ask(gateway, {"query": QUERY})
    await ask(gateway, {"query": '{ tuningJob(name: "vision-b") { arn } }'})
    assert standin.calls.counts[DESCRIBE] == 1
    told = {
        sample.name: sample.value
        for family in text_string_to_metric_families(await scraped(gateway))
        for sample in family.samples
        if sample.labels == BUDGET
    }
    assert 0 <= told["gateway_budget_left"] < 1
    assert told["gateway_budget_factor"] == 1
    assert told["gateway_budget_refused_total"] == 1
    assert told["gateway_budget_wait_seconds_total"] == 0


async def test_memory_is_told_by_what_it_holds(gateway: Running) -> None:
    def held(text: str) -> dict[str, float]:
        (family,) = (each for each in text_string_to_metric_families(text) if each.name == "gateway_memory_bytes")
        return {sample.labels["of"]: sample.value for sample in family.samples}

    assert held(await scraped(gateway)) == {"reads": 0, "responses": 0, "requests": 0}
    await ask(gateway, {"query": QUERY})
    told = held(await scraped(gateway))
    assert told.pop("requests") == 0  # it is answered
    assert all(size > 0 for size in told.values())


def test_the_stores_state_is_one_of_three() -> None:
    with telemetry.standing(
        telemetry.Standing(in_hand=int, queued=int, budgets=dict, memory=dict, store=lambda: "open")
    ):
        text = telemetry.metrics().decode()
    assert 'gateway_store_state{state="open"} 1.0' in text
    assert 'gateway_store_state{state="closed"} 0.0' in text
    assert "gateway_store_state{" not in telemetry.metrics().decode()


async def test_how_late_a_sleeper_is_woken_is_the_loops_lag(grown: Grown) -> None:
    now, asleep = 0.0, asyncio.Event()

    async def overslept(seconds: float) -> None:
        nonlocal now
        if now:
            asleep.set()
            await asyncio.Event().wait()
        now += seconds + 0.3

    async with telemetry.loop_watched(clock=lambda: now, sleep=overslept):
        await asleep.wait()
    assert grown("gateway_event_loop_lag_seconds_count") == 1
    assert grown("gateway_event_loop_lag_seconds_sum") == pytest.approx(0.3)


async def test_what_is_deprecated_is_counted_each_time_it_is_used(
    start: Start, grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = build_schema("type Query { tuningJob(name: String!): Job } type Job { name: String @deprecated }")
    monkeypatch.setattr("gateway.schema.documents.deprecated_in", lambda _, node: deprecated_in(schema, node))
    gateway = await start(response_cache_bytes=0)
    for _ in range(2):
        await ask(gateway, {"query": '{ tuningJob(name: "vision-a") { invented: name } }'})
    assert grown("gateway_deprecated_used_total", name="Job.name") == 2


async def test_no_caller_can_make_up_a_label(gateway: Running) -> None:
    invented = "Invented"
    await ask(gateway, {"query": f"query {invented} {{ {invented}: viewer {{ subject }} }}", "operationName": invented})
    await ask(gateway, {"query": QUERY}, **{"apollographql-client-name": invented, "X-API-Key": invented})
    await ask(gateway, {"query": f'{{ tuningJob(name: "vision-{invented}") {{ name }} }}'})
    assert invented not in await scraped(gateway)


def test_which_gateway_it_is_can_be_seen() -> None:
    assert 'gateway_build_info{python="3.' in telemetry.metrics().decode()
