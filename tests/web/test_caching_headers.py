"""What a browser may keep of an answer: a GET's, for the life left in it, and nobody else's."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Calls, Running, Start

JOB = '{ tuningJob(name: "vision-a") { name status } }'
LIST = "{ tuningJobs { nodes { name } } }"


@pytest.fixture
async def gateway(start: Start, world: World) -> Running:
    world.add(tuning_job_plan("vision-a", trials=1))
    return await start(lives=Lives(finished=600, running=5, listing=30))


async def _get(
    gateway: Running, query: str, *, key: str = "vision", **headers: str
) -> tuple[int, Mapping[str, str], Any]:
    sent = {"X-API-Key": f"key-of-{key}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": query}, headers=sent) as response:
        return response.status, response.headers, await response.json() if response.status != 304 else None


def _life(headers: Mapping[str, str]) -> int:
    private, max_age = headers["Cache-Control"].split(", ")
    assert private == "private"
    return int(max_age.removeprefix("max-age="))


async def test_a_get_may_be_kept_for_the_life_left_in_its_shortest_read(
    gateway: Running, advance: Callable[[float], None]
) -> None:
    _, headers, _ = await _get(gateway, LIST)
    assert _life(headers) == 30
    advance(10.5)
    _, headers, _ = await _get(gateway, LIST)
    assert _life(headers) == 19
    _, headers, _ = await _get(gateway, JOB[:-1] + LIST[1:])
    assert _life(headers) <= 19


async def test_the_etag_is_of_the_data_and_not_of_what_it_cost(gateway: Running) -> None:
    _, first, cold = await _get(gateway, JOB)
    _, second, warm = await _get(gateway, JOB)
    assert cold["extensions"] != warm["extensions"]
    assert first["ETag"] == second["ETag"]
    assert first["ETag"].startswith('W/"')
    _, other, _ = await _get(gateway, LIST)
    assert other["ETag"] != first["ETag"]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"other", W/{}', "*"])
async def test_what_the_caller_has_already_is_not_sent_again(gateway: Running, form: str) -> None:
    _, headers, _ = await _get(gateway, JOB)
    opaque = headers["ETag"].removeprefix("W/")  # by weak comparison, that is all that counts
    status, again, _ = await _get(gateway, JOB, If_None_Match=form.format(opaque))
    assert status == 304
    assert again["ETag"] == headers["ETag"]
    assert "max-age" in again["Cache-Control"]
    assert "Authorization" in again["Vary"]


async def test_what_has_changed_is_sent(gateway: Running) -> None:
    status, _, body = await _get(gateway, JOB, If_None_Match='"something-else"')
    assert status == 200
    assert body["data"]["tuningJob"]["name"] == "vision-a"


async def test_nobody_is_told_that_nothing_has_changed_before_it_is_known_who_asks(gateway: Running) -> None:
    _, headers, _ = await _get(gateway, JOB)
    assert (await _get(gateway, JOB, key="stranger", If_None_Match=headers["ETag"]))[0] == 401
    status, _, body = await _get(gateway, JOB, key="nlp", If_None_Match=headers["ETag"])
    assert (status, body["data"]) == (200, {"tuningJob": None})


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { subject } }",
        "{ me: viewer { subject } ...All } fragment All on Query { tuningJobs { totalCount } }",
        "{ ...Me tuningJobs { totalCount } } fragment Me on Query { ... { viewer { subject } } }",
        '{ team(name: "vision") { name } }',
        "{ __typename }",
        "{ nope }",
    ],
)
async def test_what_is_about_the_credentials_or_reads_nothing_is_not_kept(gateway: Running, query: str) -> None:
    _, headers, _ = await _get(gateway, query)
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers


async def test_an_answer_with_an_error_is_not_kept(gateway: Running, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext("ListHyperParameterTuningJobs", "AccessDeniedException")]
    _, headers, body = await _get(gateway, '{ tuningJob(name: "vision-a") { name } team(name: "vision") { name } }')
    assert headers["Cache-Control"] != "no-store"
    _, headers, body = await _get(gateway, '{ team(name: "vision") { tuningJobs { totalCount } } }')
    assert body["errors"]
    assert headers["Cache-Control"] == "no-store"


async def test_an_answer_to_a_post_is_not_kept(gateway: Running) -> None:
    answer = await gateway.ask(JOB, key="key-of-vision")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


async def test_a_get_is_answered_from_memory_as_a_post_is(gateway: Running, calls: Calls) -> None:
    await gateway.ask(JOB, key="key-of-vision")
    await _get(gateway, JOB)
    assert calls() == {"DescribeHyperParameterTuningJob": 1}


async def test_a_head_is_told_what_a_get_would_be_without_a_body(gateway: Running) -> None:
    await _get(gateway, JOB)
    _, headers, body = await _get(gateway, JOB)
    sent = {"X-API-Key": "key-of-vision"}
    async with gateway.http.head(f"{gateway.address}/graphql", params={"query": JOB}, headers=sent) as response:
        assert (response.status, await response.read()) == (200, b"")
        told = response.headers
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length", "Vary"):
        assert told[name] == headers[name]
    assert int(told["Content-Length"]) > len(body["data"])
    sent["If-None-Match"] = headers["ETag"]
    async with gateway.http.head(f"{gateway.address}/graphql", params={"query": JOB}, headers=sent) as response:
        assert response.status == 304
