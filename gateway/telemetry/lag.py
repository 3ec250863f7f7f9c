"""How long the event loop lets others wait: one sleeper, who notes how much too late it is woken.

Everything runs on one loop, so that whatever holds it holds everybody: a page too large, a document too deep, a
neighbour on the same core.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from prometheus_client import Histogram

from gateway.telemetry.registry import registry

_EVERY = 0.1  # seconds: what holds the loop for longer is always seen, and ten wakings a second cost nothing
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # the loop's own timers go by the millisecond

_lag = Histogram(
    "gateway_event_loop_lag_seconds",
    "How much too late a sleeper is woken, ten times a second.",
    buckets=_SECONDS,
    registry=registry,
)


@asynccontextmanager
async def loop_watched(
    *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Note the lag of the running loop for as long as the context lasts."""
    watching = asyncio.create_task(_watch(clock, sleep), name="loop-lag")
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait((watching,))


async def _watch(clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
    while True:
        due = clock() + _EVERY
        await sleep(_EVERY)
        _lag.observe(max(clock() - due, 0.0))
