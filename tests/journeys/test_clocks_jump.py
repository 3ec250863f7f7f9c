"""A machine whose time of day is put right, by a day ahead or back: what is remembered lives as long as before."""

from collections.abc import AsyncIterator

import pytest

from gateway.app import running
from gateway.standin import World, tuning_job_plan
from tests.running import Calls, Clock, Running, Start

DAY = 86_400.0
LIFE = 6 * 3600.0  # seconds that a finished job is remembered
QUERY = '{ tuningJob(name: "vision-a") { name trainingJobs { totalCount stale } } }'


@pytest.fixture
def wall() -> Clock:
    return Clock()


@pytest.fixture
async def two_clocks(start: Start, world: World, clock: Clock, wall: Clock) -> AsyncIterator[Running]:
    """A gateway whose time of day is not what it counts seconds by."""
    world.add(tuning_job_plan("vision-a", trials=2))
    template = await start()
    async with running(template.configuration, clock=clock, wall=wall) as gateway:
        yield Running(template.http, f"http://127.0.0.1:{gateway.port}", "", template.configuration)


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])
async def test_a_jump_forgets_nothing_and_keeps_nothing(
    two_clocks: Running, calls: Calls, clock: Clock, wall: Clock, jump: float
) -> None:
    first = await two_clocks.ask(QUERY)
    cost = calls()
    wall.advance(jump)
    again = await two_clocks.ask(QUERY)
    assert (again.data, calls()) == (first.data, cost)
    assert int(again.headers["Age"]) >= 0
    clock.advance(LIFE + 1)
    assert (await two_clocks.ask(QUERY)).data == first.data
    assert calls() == {operation: 2 * count for operation, count in cost.items()}


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])
async def test_whoever_asks_afterwards_is_answered_from_aws_as_ever(
    two_clocks: Running, calls: Calls, wall: Clock, jump: float
) -> None:
    wall.advance(jump)
    first = await two_clocks.ask(QUERY)
    cost = calls()
    assert (await two_clocks.ask(QUERY)).data == first.data
    assert calls() == cost
    assert first.headers["Age"] == "0"
