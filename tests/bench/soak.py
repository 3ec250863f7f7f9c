"""`make bench SOAK=1`: a million mixed requests (SOAK tells how many millions), and whether memory grows with them.

All that is bounded is made small, so that the bounds are reached early on.
"""

import os
from itertools import islice
from statistics import linear_regression
from typing import Any

import aiohttp

from tests.bench.load import loaded
from tests.bench.mixed import UNLIMITED, mixture
from tests.bench.processes import resident
from tests.bench.report import Row
from tests.bench.servers import gateway, many_jobs

_SECONDS = 10.0
_AT_ONCE = 50_000  # requests, more than are answered in that time
_SMALL: dict[str, Any] = {"memory_bytes": 24 * 1024 * 1024, "response_cache_bytes": 4 * 1024 * 1024}


async def soak(http: aiohttp.ClientSession) -> list[Row]:
    """Requests until there were enough of them; memory is looked at every ten seconds."""
    wanted, answered = float(os.environ.get("SOAK") or 1) * 1e6, 0
    held: list[tuple[int, int]] = []
    async with many_jobs(http) as upstream, gateway(upstream, core=0, **UNLIMITED, **_SMALL) as running:
        requests, process = await mixture(http, running.endpoint), running.process.pid
        while answered < wanted:
            turn = list(islice(requests, _AT_ONCE))
            answered += (await loaded(running.endpoint, *turn, process=process, seconds=_SECONDS)).answers
            held.append((answered, resident(process)))
            print(f"  {answered:,} requests, {held[-1][1] / 1e6:.1f} MB", flush=True)
    settled = held[len(held) // 2 :]  # the bounds have been reached by then
    slope = linear_regression(*zip(*settled, strict=True)).slope
    what = f"{answered:,} mixed requests"
    return [
        Row(f"{what}: memory at the end, MB", held[-1][1] / 1e6, note=f"half-way {settled[0][1] / 1e6:.0f}"),
        Row(f"{what}: growth in their second half, bytes a request", slope, "under 5"),
    ]


SCENARIOS = (soak,)
