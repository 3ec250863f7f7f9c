"""How long from the start of the process until /readyz says that requests are welcome: SDK clients built and warmed."""

import time
from statistics import median

import aiohttp

from tests.bench.processes import cpu_seconds
from tests.bench.report import Row
from tests.bench.servers import gateway, standin

_ROUNDS = 5


async def start_up(http: aiohttp.ClientSession) -> list[Row]:
    """Started and ended a few times, alone on its core."""
    took, spent = [], []
    async with standin(http) as upstream:
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            async with gateway(upstream, core=0, pause=0.01) as running:
                took.append(time.perf_counter() - began)
                spent.append(cpu_seconds(running.process.pid))
    cost = median(spent)
    return [
        Row("start-up until ready, s", median(took), "under 2", f"{cost:.1f} s of CPU"),
        Row("start-up until ready, s of CPU", cost, detail=True),
    ]


SCENARIOS = (start_up,)
