"""What callers wait for remembered responses as there are more and more of them."""

from statistics import median

import aiohttp

from tests.bench.load import loaded, post
from tests.bench.questions import CALLER, page, settled
from tests.bench.report import Row
from tests.bench.servers import gateway, standin

_CONNECTIONS = (16, 64, 256, 512)
_ROUNDS = 5
_SECONDS = 2.0


async def more_connections(http: aiohttp.ClientSession) -> list[Row]:
    """One remembered response asked for over 16 to 512 connections, each as soon as it has the last answer."""
    p99: dict[int, list[float]] = {count: [] for count in _CONNECTIONS}
    async with standin(http) as upstream, gateway(upstream, core=0) as running:
        await settled(http, running.endpoint, page())
        request = post(running.endpoint, page(), CALLER)
        for _ in range(_ROUNDS):
            for count, found in p99.items():
                process = running.process.pid
                load = await loaded(running.endpoint, request, process=process, seconds=_SECONDS, connections=count)
                found.append(load.p99)
    medians = {count: median(found) for count, found in p99.items()}
    least, most = _CONNECTIONS[0], _CONNECTIONS[-1]
    grown, times = medians[most] / medians[least], most // least
    told = ", ".join(f"{count}: {each:.0f} ms" for count, each in medians.items())
    return [
        Row(f"hot, {least} to {most} connections: growth of p99", grown, f"at most {times}", f"p99 over {told}"),
        *[Row(f"hot, {count} connections: p99, ms", each, detail=True) for count, each in medians.items()],
    ]


SCENARIOS = (more_connections,)
