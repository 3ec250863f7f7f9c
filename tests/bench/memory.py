"""What a thousand remembered pages take: by the gateway's own count, which is what GATEWAY_MEMORY_BYTES bounds, and by
the kernel's.

What remembers is a process of its own: python -m tests.bench.memory ADDRESS, of a local SageMaker with many jobs.
"""

import asyncio
import gc
import json
import os
import sys

import aiohttp
import uvloop

from gateway.cursors import Cursors
from gateway.governor import Governor
from gateway.model.listing import TrainingJobListing
from gateway.reads import ReadOptions, SharedReads
from gateway.sagemaker import SageMaker, SageMakerOptions
from gateway.teams import OwnsAll, Scope, Team
from gateway.tuning import Lives, TuningJobs
from gateway.tuning.arguments import Cut
from tests.bench.crowded import JOBS, ROWS, name
from tests.bench.processes import resident
from tests.bench.report import Row
from tests.bench.servers import many_jobs
from tests.running import ACCOUNT, HERE, UNLIMITED

_ROOM = 4 * 1024**3  # more than will be needed
_TEAM = Team("platform", HERE, OwnsAll())


async def remembered_pages(http: aiohttp.ClientSession) -> list[Row]:
    """A thousand jobs, each with a page of a hundred training jobs."""
    async with many_jobs(http) as upstream:
        reader = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.memory", upstream.address), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await reader.communicate()
    held, counted = json.loads(told)
    what = f"{JOBS:,} remembered pages of {ROWS} rows"
    return [
        Row(f"{what}: MB, of the kernel's", held / 1e6, note=f"by the gateway's own count {counted / 1e6:,.0f}"),
        Row(f"{what}: MB, of the kernel's, to the gateway's own count", held / counted, "at most 1.2"),
    ]


async def _read(address: str) -> None:
    """Read them all; print the bytes they take, by the kernel's count and by ours."""
    options = SageMakerOptions(endpoint_url=address, access_key=f"AKIA{ACCOUNT}", secret_key="no")
    sagemaker, reads = SageMaker(options, Governor(UNLIMITED)), SharedReads(ReadOptions(room=_ROOM))
    await sagemaker.open([_TEAM.access])
    jobs = TuningJobs(
        sagemaker=sagemaker,
        reads=reads,
        cursors=Cursors(["a secret of the benchmarks"]),
        lives=Lives(),
        walk_pages=10,
        walk_back_pages=20,
        most_calls=100,
    )

    async def page(number: int) -> None:
        request = jobs.within(Scope((_TEAM,)))
        job = await request.tuning_job(name(number))
        assert job is not None
        await request.training_jobs(job, TrainingJobListing(job.name), Cut())

    await page(0)  # what is made once, is made now
    gc.collect()
    before, counted = resident(os.getpid()), reads._memory.size  # noqa: SLF001  # nobody else need know
    for number in range(1, JOBS):
        await page(number)
    gc.collect()
    share = JOBS / (JOBS - 1)
    held, ours = resident(os.getpid()) - before, reads._memory.size - counted  # noqa: SLF001  # as above
    print(json.dumps([held * share, ours * share]))
    await sagemaker.close()


SCENARIOS = (remembered_pages,)


if __name__ == "__main__":
    uvloop.run(_read(sys.argv[1]))
