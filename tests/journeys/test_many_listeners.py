"""Two hundred listeners to five jobs: AWS is asked once for each job, and everybody is told."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from gateway.standin import World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from tests.listening import Socket, on_socket
from tests.running import Calls, Naps, Running

LIVE = "subscription Live($name: String!) { tuningJob(name: $name) { name trainingJobCounts { completed } } }"
DESCRIBE = "DescribeHyperParameterTuningJob"
JOBS = [f"vision-{number}" for number in range(5)]
ON_A_SOCKET = 50  # as many as one takes


async def test_calls_are_as_many_as_jobs_and_looks_however_many_listen(
    gateway: Running, world: World, naps: Naps, calls: Calls
) -> None:
    for name in JOBS:  # of each, one more training job is complete at every look
        trials = [TrialPlan(f"{name}-{number}", 0, 0.5, 4 + 5.0 * number) for number in range(9)]
        world.add(tuning_job_plan(name, created=-1, trials=trials))
    async with AsyncExitStack() as stack:
        keys = ["key-of-vision", "key-of-vision-operator"] * 2
        sockets = [await stack.enter_async_context(on_socket(gateway, key)) for key in keys]
        for socket in sockets:
            for number in range(ON_A_SOCKET):
                await socket.subscribe(LIVE, str(number), name=JOBS[number % len(JOBS)])
        assert await _told(sockets) == {(name, 0) for name in JOBS}
        await naps.until(len(JOBS))
        assert calls() == {DESCRIBE: len(JOBS)}
        for look in (1, 2, 3):
            await naps.pass_by()
            assert await _told(sockets) == {(name, look) for name in JOBS}
            await naps.until(len(JOBS))
            assert calls() == {DESCRIBE: len(JOBS) * (look + 1)}
        assert naps.sleepers == len(JOBS)  # one loop for each job, and not for each who listens


async def _told(sockets: list[Socket]) -> set[tuple[str, int]]:
    """What all listeners are told next: the job and how many of its training jobs are complete."""
    heard = await asyncio.gather(*[_of_one(socket) for socket in sockets])
    return {
        (told["tuningJob"]["name"], told["tuningJob"]["trainingJobCounts"]["completed"])
        for each in heard
        for told in each
    }


async def _of_one(socket: Socket) -> list[dict[str, Any]]:
    return [await socket.data() for _ in range(ON_A_SOCKET)]
