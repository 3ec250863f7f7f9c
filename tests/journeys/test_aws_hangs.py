"""An AWS that takes calls and answers none: nobody waits too long, what is remembered flows on, and it passes."""

import asyncio
from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.capacity import CapacityOptions
from gateway.reads import ReadOptions
from gateway.standin import Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Answer, Clock, Running, Start

PAGE = '{ tuningJob(name: "vision-a") { trainingJobs { stale totalCount } } }'
CROWD = 120
LIFE = 6 * 3600.0  # seconds that a finished job is remembered


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))
    for number in range(CROWD):
        world.add(tuning_job_plan(f"vision-{number}", trials=1))


async def _hasty(start: Start, waiters: int = 800, deadline: float = 0.5) -> Running:
    return await start(
        deadline=deadline,
        capacity=CapacityOptions(timeout=4 * deadline),
        reads=ReadOptions(jitter=0, patience=0.05, waiters=waiters),
        lives=Lives(revalidated=0),
    )


def _asked(gateway: Running, numbers: range) -> list[asyncio.Task[Answer]]:
    """Requests for as many jobs, none of which is remembered."""
    asked = "query ($name: String!) { tuningJob(name: $name) { name } }"
    return [asyncio.create_task(gateway.ask(asked, name=f"vision-{number}")) for number in numbers]


async def test_everybody_is_told_in_time_and_what_is_remembered_flows_as_stale(
    start: Start, standin: Standin, clock: Clock
) -> None:
    gateway = await _hasty(start)
    assert (await gateway.ask(PAGE)).data["tuningJob"]["trainingJobs"] == {"stale": False, "totalCount": 2}
    standin.switches.latency = 3600
    clock.advance(LIFE + 1)
    async with asyncio.timeout(60):
        waiting = _asked(gateway, range(CROWD))
        stale = await asyncio.gather(*[gateway.ask(PAGE) for _ in range(20)])
        answers = await asyncio.gather(*waiting)
    assert [answer.data["tuningJob"]["trainingJobs"]["stale"] for answer in stale] == [True] * 20
    codes = Counter(code for answer in answers for code in answer.codes)
    assert codes.total() == CROWD
    assert codes.keys() <= {"UPSTREAM_TIMEOUT", "THROTTLED"}


async def test_nothing_stays_of_those_who_were_told(start: Start, standin: Standin) -> None:
    gateway = await _hasty(start, deadline=2)
    assert (await gateway.ask(PAGE)).codes == []
    before = await _held(gateway)
    assert (before["in flight"], before["requests"]) == (0, 0)
    standin.switches.latency = 3600
    async with asyncio.timeout(60):
        waiting = _asked(gateway, range(50))
        while (during := await _held(gateway))["in flight"] < len(waiting):
            assert not any(asked.done() for asked in waiting)
        await asyncio.gather(*waiting)
    assert 0 < during["requests"] < len(waiting) * 1_000  # a query, and its headers
    assert await _held(gateway) == before


async def _held(gateway: Running) -> dict[str, float]:
    """Requests in flight, and bytes of memory by what they are of."""
    async with gateway.http.get(f"{gateway.admin}/metrics") as response:
        families = {family.name: family for family in text_string_to_metric_families(await response.text())}
    memory = {sample.labels["of"]: sample.value for sample in families["gateway_memory_bytes"].samples}
    return memory | {"in flight": families["gateway_requests_in_flight"].samples[0].value}


async def test_a_crowd_that_waits_is_bounded_and_the_rest_is_told_at_once(start: Start, standin: Standin) -> None:
    gateway = await _hasty(start, waiters=20, deadline=3)  # longer than it takes to turn all the others away
    standin.switches.latency = 3600
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*_asked(gateway, range(CROWD)))
    codes = Counter(code for answer in answers for code in answer.codes)
    assert codes["OVERLOADED"] == CROWD - 10  # of one team half of the room is
    assert codes.total() == CROWD


async def test_it_passes_without_a_restart(start: Start, standin: Standin, clock: Clock) -> None:
    gateway = await _hasty(start, deadline=3)  # in which even a busy machine answers a crowd
    assert (await gateway.ask(PAGE)).codes == []
    standin.switches.latency = 3600
    await asyncio.gather(*_asked(gateway, range(CROWD)))
    clock.advance(LIFE + 1)
    assert (await gateway.ask(PAGE)).data["tuningJob"]["trainingJobs"]["stale"] is True
    standin.switches.latency = 0
    # What was sent before hangs still, as a call may that AWS has lost: nobody who comes now waits for it.
    answers = await asyncio.gather(*_asked(gateway, range(CROWD)))
    assert [answer.codes for answer in answers] == [[]] * CROWD
    assert len({answer.data["tuningJob"]["name"] for answer in answers}) == CROWD
