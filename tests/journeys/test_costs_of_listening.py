"""What listening costs is told too: before it begins, and with each telling by the rows that it tells of."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.standin import FailNext, Standin, WarmStart, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.tuning import Lives
from gateway.watch import WatchOptions
from tests.journeys.asking import JOBS, Asking
from tests.listening import Events, on_events, on_socket
from tests.running import Calls, Naps, Running, Start

NEVER_REMEMBERED = Lives(running=0, finished=0, listing=0, absent=0, tags=0, token=0, revalidated=0, stale=0)
DESCRIBE, DETAILS = "DescribeHyperParameterTuningJob", "DescribeTrainingJob"
ROWS = 'subscription { trainingJobsChanged(tuningJob: "vision-a") { name details { roleArn } } }'


def _cost(response: dict[str, Any]) -> dict[str, int]:
    return dict(response["extensions"]["cost"])


@pytest.mark.parametrize(
    ("most", "key", "query", "estimated"),
    [
        (51, "key-of-vision", "tuningJob(name: $n) { trainingJobs(first: 50) { nodes { details { roleArn } } } }", 52),
        (52, "key-of-speech", "tuningJob(name: $n) { trainingJobs(first: 50) { nodes { details { roleArn } } } }", 54),
        (2, "key-of-platform", "tuningJob(name: $n) { tags { key } warmStart { type } }", 3),
        (1, "key-of-speech", "trainingJobsChanged(tuningJob: $n) { details { roleArn } }", 2),
    ],
)
async def test_what_can_never_be_told_is_refused_before_anything_is_read(
    start: Start, calls: Calls, most: int, key: str, query: str, estimated: int
) -> None:
    gateway = await start(most_calls=most)
    document = f"subscription ($n: String!) {{ {query} }}"
    async with on_events(gateway, document, key, n="vision-a") as events:
        _, response = await events.event()
        assert "data" not in response
        (error,) = response["errors"]
        assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "estimatedCalls": estimated, "limit": most}
        assert _cost(response) == {"estimatedCalls": estimated, "actualCalls": 0, "cacheHits": 0}
        assert await events.event() == ("complete", None)
    async with on_socket(gateway, key) as socket:
        await socket.subscribe(document, n="vision-a")
        message = await socket.told()
        assert (message["type"], message["payload"][0]["extensions"]) == ("error", error["extensions"])
    assert calls() == {}


@pytest.fixture
def growing(world: World) -> None:
    """Two training jobs run from the beginning, one more begins after seven seconds, four after seventeen."""
    begun = [0.0, 0.0, 7.0, 17.0, 17.0, 17.0, 17.0]
    trials = [TrialPlan(f"vision-a-{number}", created, created + 0.5, 900.0) for number, created in enumerate(begun)]
    world.add(tuning_job_plan("vision-a", created=-1, trials=trials))


@pytest.mark.usefixtures("growing")
async def test_a_telling_is_priced_by_its_rows_and_the_first_of_too_many_ends_the_subscription(
    start: Start, naps: Naps, calls: Calls
) -> None:
    gateway = await start(most_calls=3)
    async with on_events(gateway, ROWS, "key-of-platform") as events:
        _, first = await events.event()
        assert _cost(first) == {"estimatedCalls": 3, "actualCalls": 3, "cacheHits": 0}
        await naps.pass_by()
        await naps.pass_by()
        _, second = await events.event()
        assert [row["name"] for row in second["data"]["trainingJobsChanged"]] == ["vision-a-2"]
        assert _cost(second) == {"estimatedCalls": 1, "actualCalls": 1, "cacheHits": 0}
        await naps.pass_by()
        await naps.pass_by()
        _, last = await events.event()
        assert "data" not in last
        (error,) = last["errors"]
        # One for each of four rows, and a Search that may be in vain.
        assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "estimatedCalls": 5, "limit": 3}
        assert _cost(last) == {"estimatedCalls": 5, "actualCalls": 0, "cacheHits": 0}
        assert await events.event() == ("complete", None)
    assert calls()[DETAILS] == 3
    await naps.until(0, at_most=True)


@pytest.mark.usefixtures("growing")
async def test_a_refused_beginning_tells_what_it_took(start: Start, calls: Calls) -> None:
    gateway = await start(most_calls=2)
    async with on_events(gateway, ROWS, "key-of-platform") as events:
        _, only = await events.event()
        assert _cost(only) == {"estimatedCalls": 3, "actualCalls": 1, "cacheHits": 0}
    assert DETAILS not in calls()


@pytest.mark.usefixtures("growing")
async def test_an_end_with_an_error_tells_what_was_not_told_yet(start: Start, naps: Naps, standin: Standin) -> None:
    gateway = await start(watch=WatchOptions(jitter=0, most_per_caller=1))
    query = 'subscription { tuningJob(name: "vision-a") { status } }'
    async with on_events(gateway, query) as events:
        await events.event()
        async with on_events(gateway, query) as one_too_many:
            _, refused = await one_too_many.event()
            assert refused["errors"][0]["extensions"]["code"] == "TOO_MANY_LISTENERS"
            assert _cost(refused) == {"estimatedCalls": 1, "actualCalls": 0, "cacheHits": 1}
        standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException")]
        await naps.pass_by()
        _, ended = await events.event()
        assert ended["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert _cost(ended) == {"estimatedCalls": 0, "actualCalls": 0, "cacheHits": 0}


@pytest.mark.usefixtures("growing")
async def test_what_needs_no_call_is_told_however_little_is_allowed(start: Start, naps: Naps) -> None:
    gateway = await start(most_calls=1)
    query = 'subscription { trainingJobsChanged(tuningJob: "vision-a") { name status } }'
    async with on_events(gateway, query) as events:
        costs = []
        for _ in range(2):
            costs.append(_cost((await events.event())[1]))
            await naps.pass_by()
            await naps.pass_by()
        assert [cost["estimatedCalls"] for cost in costs] == [1, 0]


@pytest.fixture
def moving(world: World) -> None:
    """A job of each kind of team that runs for hours, and what its tellings lead to."""
    for prefix, tags in (("vision", {}), ("own", {"team": "speech"})):
        parent = WarmStart(parents=(f"{prefix}-base",))
        world.add(tuning_job_plan(f"{prefix}-base", trials=5, tags=tags))
        world.add(tuning_job_plan(f"{prefix}-long", trials=5, tags=tags))
        trials = [
            TrialPlan(f"{prefix}-live-{number:04d}", 10.0 * number, 10.0 * number + 1, 10.0 * number + 40)
            for number in range(1_000)
        ]
        world.add(tuning_job_plan(f"{prefix}-live", created=-100.0, trials=trials, warm_start=parent, tags=tags))


@pytest.mark.usefixtures("moving")
@pytest.mark.parametrize("team", JOBS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_an_estimate_is_never_below_what_a_telling_uses(
    start: Start, standin: Standin, naps: Naps, shared: dict[str, Running], team: str, data: st.DataObject
) -> None:
    if not shared:
        shared["gateway"] = await start(lives=NEVER_REMEMBERED, most_calls=100_000)
    asking = Asking(data.draw, team, {}, plainly=False)
    query = asking.subscription()
    standin.calls.reset()
    async with on_events(shared["gateway"], query, f"key-of-{team}", **asking.variables) as events:
        responses = [response async for response in _told(events, naps)]
    assert all("errors" not in response for response in responses), responses
    costs = [_cost(response) for response in responses]
    assert costs[0]["actualCalls"] >= 1  # the job itself
    assert sum(cost["actualCalls"] for cost in costs) <= sum(standin.calls.counts.values())
    assert all(cost["actualCalls"] <= cost["estimatedCalls"] for cost in costs), costs
    await naps.until(0, at_most=True)


async def _told(events: Events, naps: Naps) -> AsyncIterator[dict[str, Any]]:
    """The first response, and the next if one comes soon."""
    yield (await events.event())[1]
    coming = asyncio.ensure_future(events.event())
    for _ in range(4):
        await naps.pass_by()
        await naps.until()
        await asyncio.wait((coming,), timeout=0.02)
        if coming.done():
            yield coming.result()[1]
            return
    coming.cancel()


@pytest.fixture
def shared() -> dict[str, Running]:
    """What the examples of one property share."""
    return {}
