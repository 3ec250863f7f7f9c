"""Responses remembered as bytes: the same answers as without, for as long as every read in them is what is known."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, running
from gateway.schema import Documents, Limits, Listed, Trust, Trusted, executable, trusted
from gateway.standin import FailNext, ServiceShapes, Standin, World, tuning_job_plan
from gateway.teams import OwnsAll, OwnsPrefix, Team
from gateway.tuning import Lives
from tests.running import HERE, Answer, Calls, Clock, Running, Start

JOB = """query Job($name: String! = "vision-a") {
  tuningJob(name: $name) {
    name status lastModifiedTime trainingJobs(first: 3) { nodes { name status } asOf stale }
} }"""
NAME = '{ tuningJob(name: "vision-a") { name status } }'
LIST = "{ tuningJobs(first: 2) { edges { node { name status } } pageInfo { hasNextPage } asOf } }"
STOP = 'mutation { stopTuningJob(input: {name: "vision-a"}) { outcome } }'
LIVES = Lives(running=5, finished=600, listing=30, revalidated=0, stale=0)

Executed = list[str]


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    _add_jobs(world)


def _add_jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=60, max_parallel=1, created=-1_000))  # runs on
    world.add(tuning_job_plan("vision-b", trials=2))
    world.add(tuning_job_plan("nlp-a", trials=1))


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> Executed:
    """Who had operations executed, one after the other: what is remembered as bytes is not."""
    subjects: Executed = []
    execute = Documents.execute

    async def spied(self: Documents, document: Any, context: Any, *rest: Any) -> dict[str, Any]:
        subjects.append(context.caller.subject)
        return await execute(self, document, context, *rest)

    monkeypatch.setattr(Documents, "execute", spied)
    return subjects


@pytest.fixture
async def gateway(start: Start) -> Running:
    return await start(lives=LIVES, batch=5)


async def _twice(
    gateway: Running, query: str, *, key: str = "key-of-vision", **variables: Any
) -> tuple[Answer, Answer]:
    return await gateway.ask(query, key=key, **variables), await gateway.ask(query, key=key, **variables)


async def _get(gateway: Running, query: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    sent = {"X-API-Key": "key-of-vision"} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": query}, headers=sent) as response:
        return response.status, response.headers, await response.read()


async def test_an_answer_from_memory_is_the_same_but_for_its_cost(gateway: Running, executed: Executed) -> None:
    cold, hot = await _twice(gateway, JOB)
    assert executed == ["api-key:vision"]
    assert json.dumps(hot.data) == json.dumps(cold.data)
    assert cold.body["extensions"]["cost"] == {"estimatedCalls": 2, "actualCalls": 2, "cacheHits": 0}
    assert hot.body["extensions"]["cost"] == {"estimatedCalls": 2, "actualCalls": 0, "cacheHits": 2}
    assert (hot.status, set(hot.headers)) == (cold.status, set(cold.headers))
    assert hot.headers["Content-Type"] == cold.headers["Content-Type"]


async def test_two_callers_of_one_team_share_an_answer(gateway: Running, executed: Executed) -> None:
    answers = [await gateway.ask(NAME, key="key-of-vision") for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert executed == ["api-key:vision"]


async def test_two_teams_never_share_an_answer(gateway: Running, executed: Executed) -> None:
    for _ in range(2):
        assert (await gateway.ask(NAME, key="key-of-vision")).data["tuningJob"] is not None
        assert (await gateway.ask(NAME, key="key-of-nlp")).data["tuningJob"] is None
        assert (await gateway.ask(NAME, key="key-of-platform")).data["tuningJob"] is not None
    # For `nlp` nothing is read: the name alone says that the job is not its own.
    assert executed == ["api-key:vision", "api-key:nlp", "api-key:platform", "api-key:nlp"]


async def test_a_caller_of_two_teams_is_a_scope_of_its_own(gateway: Running, executed: Executed) -> None:
    await gateway.ask(LIST, key="key-of-vision")
    assert (await gateway.ask(LIST, key="key-of-both")).codes == ["BAD_USER_INPUT"]  # which of the two?
    assert executed == ["api-key:vision", "api-key:both"]


async def test_callers_of_other_permissions_do_not_share_an_answer(gateway: Running, executed: Executed) -> None:
    await gateway.ask(NAME, key="key-of-vision")
    await gateway.ask(NAME, key="key-of-vision-operator")
    assert executed == ["api-key:vision", "api-key:vision-operator"]


async def test_the_order_and_the_spelling_of_variables_do_not_matter(gateway: Running, executed: Executed) -> None:
    query = (
        "query($name: String!, $first: Int) { tuningJob(name: $name) { trainingJobs(first: $first) { totalCount } } }"
    )
    await gateway.ask(query, key="key-of-vision", name="vision-a", first=2)
    await gateway.ask(query, key="key-of-vision", first=2, name="vision-a")
    assert len(executed) == 1
    await gateway.ask(query, key="key-of-vision", first=3, name="vision-a")
    assert len(executed) == 2


async def test_another_operation_of_the_same_document_is_another_question(gateway: Running, executed: Executed) -> None:
    document = 'query A { tuningJob(name: "vision-a") { name } } query B { tuningJob(name: "vision-b") { name } }'
    headers = {"X-API-Key": "key-of-vision"}
    for name in ("A", "B", "A"):
        body = {"query": document, "operationName": name}
        async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
            assert (await response.json())["data"] == {"tuningJob": {"name": f"vision-{name.lower()}"}}
    assert len(executed) == 2


async def test_a_stop_ends_the_answer_at_once(gateway: Running) -> None:
    before, _ = await _twice(gateway, NAME)
    assert (await gateway.ask(STOP, key="key-of-vision-operator")).data["stopTuningJob"]["outcome"] == "STOPPING"
    after = await gateway.ask(NAME, key="key-of-vision")
    assert before.data["tuningJob"]["status"] == "IN_PROGRESS"
    assert after.data["tuningJob"]["status"] == "STOPPING"


async def test_an_answer_ends_exactly_with_the_shortest_of_its_reads(
    gateway: Running, executed: Executed, clock: Clock, calls: Calls
) -> None:
    both = JOB[:-1] + LIST[1:]  # a running job lives for 5 seconds, a listing for 30
    await _twice(gateway, both)
    clock.advance(4.99)
    await gateway.ask(both, key="key-of-vision")
    assert len(executed) == 1
    clock.advance(0.01)
    before = calls()
    await gateway.ask(both, key="key-of-vision")
    assert len(executed) == 2
    assert calls() == before | {
        "DescribeHyperParameterTuningJob": 2,
        "ListTrainingJobsForHyperParameterTuningJob": 2,
    }


async def test_what_is_past_its_life_is_revalidated_as_without_memory(
    start: Start, executed: Executed, clock: Clock, calls: Calls
) -> None:
    gateway = await start(lives=replace(LIVES, revalidated=10))
    await _twice(gateway, NAME)
    clock.advance(6)
    await gateway.ask(NAME, key="key-of-vision")  # the last value, while the next is read
    assert len(executed) == 2
    while calls() != {"DescribeHyperParameterTuningJob": 2}:
        await gateway.ask("{ __typename }", key="key-of-vision")
    await _twice(gateway, NAME)
    assert executed.count("api-key:vision") >= 3


async def test_a_stale_answer_is_never_remembered(
    start: Start, executed: Executed, clock: Clock, standin: Standin
) -> None:
    gateway = await start(lives=replace(LIVES, stale=600))
    await gateway.ask(NAME, key="key-of-vision")
    clock.advance(60)
    standin.switches.fail_next = [FailNext("DescribeHyperParameterTuningJob", "ServiceUnavailable", 100)]
    for answer in await _twice(gateway, NAME):
        assert answer.body["extensions"]["freshness"]["stale"] is True
    assert len(executed) == 3


async def test_an_error_is_never_remembered(gateway: Running, executed: Executed, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext("ListTrainingJobsForHyperParameterTuningJob", "ServiceUnavailable")]
    bad, good = await _twice(gateway, JOB)
    assert bad.codes == ["UPSTREAM_UNAVAILABLE"]
    assert good.data["tuningJob"]["trainingJobs"]["nodes"]
    assert len(executed) == 2


@pytest.mark.parametrize(
    "query",
    [
        '{ viewer { subject } tuningJob(name: "vision-a") { name } }',
        'query { ...Me tuningJob(name: "vision-a") { name } } fragment Me on Query { ... { viewer { subject } } }',
        '{ __schema { queryType { name } } tuningJob(name: "vision-a") { name } }',
        '{ __type(name: "Query") { name } tuningJob(name: "vision-a") { name } }',
        '{ team(name: "vision") { name } }',
        "{ __typename }",
    ],
)
async def test_credentials_introspection_and_what_reads_nothing_are_never_remembered(
    gateway: Running, executed: Executed, query: str
) -> None:
    one, other = await _twice(gateway, query)
    assert one.data == other.data
    assert len(executed) == 2


async def test_age_is_told_by_post_and_what_is_left_by_get(gateway: Running, clock: Clock) -> None:
    assert (await gateway.ask(NAME, key="key-of-vision")).headers["Age"] == "0"
    clock.advance(2.7)
    hot = await gateway.ask(NAME, key="key-of-vision")
    assert (hot.headers["Age"], hot.headers["Cache-Control"]) == ("2", "no-store")
    _, headers, _ = await _get(gateway, NAME)
    assert headers["Cache-Control"] == "private, max-age=2"
    assert "Age" not in headers
    assert "Age" not in (await gateway.ask("{ __typename }", key="key-of-vision")).headers


async def test_a_get_from_memory_has_its_etag_and_can_say_that_nothing_has_changed(
    gateway: Running, executed: Executed
) -> None:
    _, cold, body = await _get(gateway, NAME)
    status, hot, again = await _get(gateway, NAME)
    assert len(executed) == 1
    assert (status, hot["ETag"], json.loads(again)["data"]) == (200, cold["ETag"], json.loads(body)["data"])
    status, headers, nothing = await _get(gateway, NAME, If_None_Match=hot["ETag"])
    assert (status, nothing, headers["ETag"]) == (304, b"", hot["ETag"])
    assert len(executed) == 1


async def test_operations_of_a_batch_are_answered_from_memory_each_by_itself(
    gateway: Running, executed: Executed
) -> None:
    alone = await gateway.ask(NAME, key="key-of-vision")
    batch = [{"query": NAME}, {"query": LIST}, {"query": "{ nope }"}]
    async with gateway.http.post(
        f"{gateway.address}/graphql", json=batch, headers={"X-API-Key": "key-of-vision"}
    ) as response:
        known, read, wrong = await response.json()
    assert known["data"] == alone.data
    assert known["extensions"]["cost"] == {"estimatedCalls": 1, "actualCalls": 0, "cacheHits": 1}
    assert read["data"]["tuningJobs"]["edges"]
    assert wrong["errors"]
    assert len(executed) == 3


async def test_a_stream_of_events_is_not_answered_from_memory(gateway: Running, executed: Executed) -> None:
    await gateway.ask(NAME, key="key-of-vision")
    headers = {"X-API-Key": "key-of-vision", "Accept": "text/event-stream"}
    async with gateway.http.post(f"{gateway.address}/graphql", json={"query": NAME}, headers=headers) as response:
        assert "vision-a" in await response.text()
    assert len(executed) == 2


async def test_a_hash_finds_the_answer_and_is_refused_as_without_memory(gateway: Running, executed: Executed) -> None:
    await gateway.ask(NAME, key="key-of-vision")
    unknown = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    for body in (unknown, unknown | {"query": NAME}):
        async with gateway.http.post(
            f"{gateway.address}/graphql", json=body, headers={"X-API-Key": "key-of-vision"}
        ) as response:
            assert (await response.json())["errors"][0]["extensions"]["code"].startswith("PERSISTED_QUERY_")
    assert len(executed) == 1


async def test_nothing_is_remembered_where_it_is_off_or_there_is_no_room(start: Start, executed: Executed) -> None:
    for room in (0, 500):
        executed.clear()
        await _twice(await start(lives=LIVES, response_cache_bytes=room), NAME)
        assert len(executed) == 2


async def test_what_was_asked_for_longest_ago_goes_first(start: Start, executed: Executed) -> None:
    gateway = await start(lives=LIVES, response_cache_bytes=7_000)  # two of these, and no third
    for name in ("vision-a", "vision-b", "vision-c", "vision-a"):
        await gateway.ask(JOB, key="key-of-vision", name=name)
    assert len(executed) == 4
    await gateway.ask(JOB, key="key-of-vision", name="vision-a")
    assert len(executed) == 4


@asynccontextmanager
async def _reloadable(gateway: Running, clock: Clock, **changes: Any) -> AsyncIterator[tuple[Gateway, Running]]:
    """A gateway like another, whose configuration can be replaced."""
    async with running(replace(gateway.configuration, **changes), clock=clock, wall=clock) as own:
        address = f"http://127.0.0.1:{own.port}"
        yield own, Running(gateway.http, address, address, replace(gateway.configuration, **changes))


async def test_a_reload_ends_the_answers_of_teams_that_own_something_else(gateway: Running, clock: Clock) -> None:
    async with _reloadable(gateway, clock) as (own, asked):
        assert (await _twice(asked, NAME))[1].data["tuningJob"] is not None
        changed = tuple(
            replace(team, ownership=OwnsPrefix("else-")) if team.name == "vision" else team
            for team in asked.configuration.teams
        )
        await own.adopt(replace(asked.configuration, teams=changed))
        assert (await asked.ask(NAME, key="key-of-vision")).data["tuningJob"] is None
        gone = tuple(team for team in changed if team.name != "vision")
        await own.adopt(replace(asked.configuration, teams=gone))
        assert (await asked.ask(NAME, key="key-of-vision")).codes == ["FORBIDDEN"]


async def test_a_document_that_is_not_trusted_any_more_is_not_answered_from_memory_either(
    gateway: Running, clock: Clock
) -> None:
    documents = Documents(executable(), introspection=True, limits=Limits())
    listed, _ = trusted([Listed("name-v1", "Name", "query", NAME)], documents)
    async with _reloadable(gateway, clock, trust=Trust.REQUIRE, trusted=listed) as (own, asked):
        assert (await _twice(asked, NAME))[1].data["tuningJob"] is not None
        await own.adopt(replace(asked.configuration, trusted=Trusted()))
        assert (await asked.ask(NAME, key="key-of-vision")).codes == ["DOCUMENT_NOT_TRUSTED"]


_ASKED = (NAME, JOB, LIST, JOB[:-1] + LIST[1:], '{ viewer { subject } tuningJob(name: "vision-b") { status } }')
_KEYS = ("key-of-vision", "key-of-vision-operator", "key-of-nlp", "key-of-platform", "key-of-both")


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_the_answers_are_those_of_a_gateway_that_remembers_none(
    gateway: Running, clock: Clock, shapes: ServiceShapes, seed: int
) -> None:
    random, narrow = Random(seed), False
    async with AsyncExitStack() as stack:
        pairs = []
        for room in (10_000_000, 0):  # each with an AWS of its own: of two stops the second would be needless
            world = World(clock)
            _add_jobs(world)
            server = await stack.enter_async_context(TestServer(Standin(world, shapes=shapes).app))
            sagemaker = replace(gateway.configuration.sagemaker, endpoint_url=str(server.make_url("")))
            reloadable = _reloadable(gateway, clock, response_cache_bytes=room, sagemaker=sagemaker)
            pairs.append(await stack.enter_async_context(reloadable))
        for _ in range(60):
            match random.choices(("ask", "wait", "stop", "reload"), (20, 5, 1, 1))[0]:
                case "ask":
                    query, key = random.choice(_ASKED), random.choice(_KEYS)
                    on, off = [await each.ask(query, key=key) for _, each in pairs]
                    assert (on.codes, json.dumps(on.body.get("data"))) == (off.codes, json.dumps(off.body.get("data")))
                case "wait":
                    clock.advance(random.choice((0.5, 3.0, 5.0, 31.0)))
                case "stop":
                    for _, each in pairs:
                        await each.ask(STOP, key="key-of-vision-operator")
                case "reload":
                    narrow = not narrow
                    owns = OwnsPrefix("vision-b") if narrow else OwnsAll()
                    teams = [team for team in gateway.configuration.teams if team.name != "platform"]
                    for own, each in pairs:
                        await own.adopt(replace(each.configuration, teams=(*teams, Team("platform", HERE, owns))))
