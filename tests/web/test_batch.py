"""Several operations in one request: each has its own answer, and what two of them read is read once."""

import json
from typing import Any

import pytest

from gateway.standin import World, tuning_job_plan
from tests.running import Calls, Running, Start

READ = '{ tuningJob(name: "vision-a") { name } }'


async def _post(gateway: Running, body: object) -> tuple[int, Any]:
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_an_array_is_refused_unless_batching_is_set(gateway: Running) -> None:
    status, answer = await _post(gateway, [{"query": READ}])
    assert status == 400
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Batching is off" in answer["errors"][0]["message"]


async def test_each_operation_of_a_batch_has_the_answer_it_would_have_alone(start: Start, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=1))
    gateway = await start(batch=5)
    await gateway.ask(READ, key="key-of-vision")
    status, answers = await _post(
        gateway,
        [
            {"query": READ},
            {"query": "{ nope }"},
            {"query": "query A { viewer { subject } } query B { viewer { subject } }", "operationName": "A"},
            "nonsense",
            {"query": 'mutation { nope(name: "x") }'},
        ],
    )
    assert status == 200
    cost = {"cost": {"estimatedCalls": 1, "actualCalls": 0, "cacheHits": 1}}
    assert answers[0] == {"data": {"tuningJob": {"name": "vision-a"}}, "extensions": cost}
    assert answers[2]["data"] == {"viewer": {"subject": "api-key:vision"}}
    assert all("cost" in answer["extensions"] for answer in answers)
    codes = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
    assert codes == ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"]


async def test_what_two_operations_of_a_batch_read_is_read_once(start: Start, world: World, calls: Calls) -> None:
    world.add(tuning_job_plan("vision-a", trials=1))
    gateway = await start(batch=2)
    _, answers = await _post(gateway, [{"query": READ}, {"query": READ}])
    assert [answer["data"]["tuningJob"]["name"] for answer in answers] == ["vision-a", "vision-a"]
    assert sum(answer["extensions"]["cost"]["actualCalls"] for answer in answers) == 1
    assert calls() == {"DescribeHyperParameterTuningJob": 1}


async def test_a_batch_is_no_stream_of_events(start: Start) -> None:
    gateway = await start(batch=2)
    headers = {"X-API-Key": "key-of-vision", "Accept": "text/event-stream"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=[{"query": READ}], headers=headers) as response:
        assert (response.status, response.content_type) == (406, "application/json")
        (error,) = (await response.json())["errors"]
    assert error["extensions"]["code"] == "NOT_ACCEPTABLE"
    assert "application/json" in error["message"]


@pytest.mark.parametrize("operations", [0, 3])
async def test_a_batch_of_none_or_of_too_many_is_refused_with_how_many_may_be(start: Start, operations: int) -> None:
    status, answer = await _post(await start(batch=2), [{"query": READ}] * operations)
    assert status == 400
    assert f"1 to 2 operations (GATEWAY_BATCH); this one has {operations}" in answer["errors"][0]["message"]


async def test_each_operation_of_a_batch_has_a_line_in_the_log_under_the_requests_id(
    start: Start, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.add(tuning_job_plan("vision-a", trials=1))
    gateway = await start(batch=2)
    capsys.readouterr()
    await _post(gateway, [{"query": READ}, {"query": "{ viewer { subject } }"}])
    lines = [line for line in capsys.readouterr().out.splitlines() if "request_answered" in line]
    assert ["operation=batch" in line for line in lines] == [False, False, True]
    assert len({line.split("request_id=")[1].split()[0] for line in lines}) == 1
    assert json.dumps(lines).count("subject=api-key:vision") == 3
