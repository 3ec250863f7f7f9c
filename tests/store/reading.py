"""Reads that tests share between replicas: counted, and under way until told."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from gateway.store import Kept, Store
from tests.running import Clock

LIFE = 60.0


class Upstream:
    """What is read: each reading gives another number."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begun: Counter[str] = Counter()
        self.under_way = asyncio.Event()
        """Set when a reading has begun."""
        self.go_on = asyncio.Event()
        """Readings wait for it."""
        self.go_on.set()
        self.failure: Exception | None = None
        """What the next reading fails with."""

    async def read(self, name: str) -> Kept[int]:
        self.begun[name] += 1
        number = self.begun[name]
        self.under_way.set()
        failure, self.failure = self.failure, None
        await self.go_on.wait()
        if failure is not None:
            raise failure
        return Kept(number, self._clock(), LIFE)

    def shared(self, store: Store, name: str = "job") -> Coroutine[Any, Any, Kept[int]]:
        """Read through a store."""
        return store.shared(
            name,
            int,
            lambda: self.read(name),
            keep=lambda _: 10 * LIFE,
            usable=lambda kept: self._clock() < kept.as_of + kept.life,
        )


async def until(holds: Callable[[], object]) -> None:
    """Wait for what nobody tells of. It may be a question to the server."""
    for _ in range(4000):
        if await answer if isinstance(answer := holds(), Awaitable) else answer:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


async def left_alone(raw: Any) -> None:
    """Wait until nobody reads any more, nor writes what was read."""

    async def alone() -> bool:
        return not await raw.keys("tg:*:lease")

    await until(alone)


def at_once(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives without waiting for anything at all."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise AssertionError("it waited")
