"""The account's budget of calls, seen by those who ask: what fails is asked again behind their backs."""

import asyncio
import time

import pytest

from gateway.governor import Rates
from gateway.standin import FailNext, ServiceShapes, Standin, World, tuning_job_plan
from gateway.standin.switches import Rate
from tests.running import Calls, Start

QUERY = "query Job($name: String!) { tuningJob(name: $name) { name } }"
DESCRIBE = "DescribeHyperParameterTuningJob"
BRISK = Rates(lists=50, describes=50, searches=50, tags=50)
NAMES = [f"{team}-{n}" for n in range(10) for team in ("vision", "nlp")]


@pytest.fixture
def standin(world: World, shapes: ServiceShapes) -> Standin:
    """Its jobs stand still, its budgets fill up with real time: the governor waits in real time too."""
    for name in NAMES:
        world.add(tuning_job_plan(name, trials=1))
    return Standin(world, shapes=shapes, clock=time.monotonic)


@pytest.mark.parametrize("failure", ["ThrottlingException", "ServiceUnavailable"])
async def test_what_fails_once_is_asked_again_and_nobody_hears_of_it(
    start: Start, standin: Standin, calls: Calls, failure: str
) -> None:
    gateway = await start(rates=BRISK)
    standin.switches.fail_next = [FailNext(DESCRIBE, failure)]
    assert (await gateway.ask(QUERY, name="vision-0")).data["tuningJob"] == {"name": "vision-0"}
    assert calls()[DESCRIBE] == 2


async def test_a_connection_that_is_cut_is_taken_up_again(start: Start, standin: Standin, calls: Calls) -> None:
    gateway = await start(rates=BRISK)
    standin.switches.reset_next = {DESCRIBE: 2}
    assert (await gateway.ask(QUERY, name="vision-0")).codes == []
    assert calls()[DESCRIBE] == 3


async def test_a_denial_is_asked_once(start: Start, standin: Standin, calls: Calls) -> None:
    gateway = await start(rates=BRISK)
    standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException", 3)]
    assert (await gateway.ask(QUERY, name="vision-0")).codes == ["INTERNAL"]
    assert calls()[DESCRIBE] == 1


async def test_when_no_attempt_is_left_the_caller_is_told_when_to_come(start: Start, standin: Standin) -> None:
    gateway = await start(rates=Rates(attempts=1))
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    (error,) = (await gateway.ask(QUERY, name="vision-0")).body["errors"]
    assert error["extensions"]["code"] == "THROTTLED"
    assert error["extensions"]["retryAfterMs"] >= 1000


async def test_twenty_reads_at_once_come_through_an_account_that_takes_sixteen(start: Start, standin: Standin) -> None:
    gateway = await start(rates=Rates(describes=15))
    standin.switches.rates = {DESCRIBE: Rate(30, 16)}
    answers = await asyncio.gather(
        *[gateway.ask(QUERY, key=f"key-of-{name.split('-')[0]}", name=name) for name in NAMES]
    )
    assert [answer.data["tuningJob"]["name"] for answer in answers] == NAMES
    assert standin.calls.counts[DESCRIBE] >= len(NAMES)
