"""Callers who hang up, and a gateway that stops: what others asked for goes on, what nobody waits for does not."""

import asyncio

import aiohttp
import pytest

from gateway.app import running
from gateway.standin import Standin, World, tuning_job_plan
from tests.running import Running, Start

QUERY = '{ tuningJob(name: "vision-a") { name trainingJobs { totalCount } } }'


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))


async def test_a_caller_who_hangs_up_does_not_fail_the_others(
    gateway: Running, standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    standin.switches.latency = 0.3
    asked = [asyncio.create_task(gateway.ask(QUERY)) for _ in range(5)]
    await asyncio.sleep(0.1)
    asked[0].cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert "outcome=['CANCELLED']" in capsys.readouterr().out
    assert all(not isinstance(answer, BaseException) and answer.codes == [] for answer in answers[1:])
    assert standin.calls.counts["DescribeHyperParameterTuningJob"] == 1


async def test_a_request_under_way_is_answered_when_the_gateway_stops(start: Start, standin: Standin) -> None:
    template = await start()
    standin.switches.latency = 0.2
    async with aiohttp.ClientSession() as http:
        async with running(template.configuration) as gateway:
            address = f"http://127.0.0.1:{gateway.port}"
            asked = asyncio.create_task(Running(http, address, "", template.configuration).ask(QUERY))
            await asyncio.sleep(0.1)  # it is under way
        answer = await asked
    assert answer.data["tuningJob"] == {"name": "vision-a", "trainingJobs": {"totalCount": 2}}
