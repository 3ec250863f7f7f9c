"""A local SageMaker with a thousand finished tuning jobs, of a hundred training jobs each.

python -m tests.bench.crowded PORT
"""

import asyncio
import sys
import time

import uvloop
from aiohttp import web

from gateway.standin import ServiceShapes, Standin, World, tuning_job_plan

JOBS, ROWS = 1_000, 100


def name(number: int) -> str:
    """A job's name."""
    return f"job-{number % JOBS:04}"


async def main(port: int) -> None:
    world = World(time.time)
    for number in range(JOBS):
        world.add(tuning_job_plan(name(number), trials=ROWS, seed=number))
    runner = web.AppRunner(Standin(world, shapes=ServiceShapes()).app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
