"""Time that passes only when a test says so, and calls that tell when they were made."""

import asyncio
from collections.abc import Callable, Coroutine
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Any, TypeVar

from gateway.governor import Budget, Errand, Governor
from gateway.model.target import Target

T = TypeVar("T")
HERE = Target("111122223333", "us-east-1")
LISTS = Budget(HERE, "ListHyperParameterTuningJobs")
DESCRIBES = Budget(HERE, "DescribeTrainingJob")
STOPS = Budget(HERE, "StopTrainingJob")


class VirtualTime:
    """A clock and its sleepers."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self.now + seconds, next(self._order), future))
        await future

    async def settle(self) -> None:
        """Let everything that can go on go on."""
        for _ in range(20):
            await asyncio.sleep(0)

    @property
    def sleepers(self) -> int:
        return sum(not future.done() for _, _, future in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        until = self.now + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            await self._wake()
        self.now = until
        await self.settle()

    async def run(self, *work: Coroutine[Any, Any, T]) -> list[T | BaseException]:
        """Let as much time pass as this work takes; what came of it."""
        tasks = [asyncio.ensure_future(each) for each in work]
        await self.until_done(*tasks)
        return await asyncio.gather(*tasks, return_exceptions=True)

    async def until_done(self, *tasks: "asyncio.Future[Any]") -> None:
        await self.settle()
        while not all(task.done() for task in tasks):
            assert self._sleepers, "nobody sleeps, and still something waits"
            await self._wake()

    async def _wake(self) -> None:
        when, _, future = heappop(self._sleepers)
        if not future.done():
            self.now = max(self.now, when)
            future.set_result(None)
            await self.settle()


class Upstream:
    """Calls through a governor, and when each was sent. What `failures` holds is raised first, one a call."""

    def __init__(self, governor: Governor, time: VirtualTime, budget: Budget = LISTS) -> None:
        self.governor, self.time, self.budget = governor, time, budget
        self.sent: list[tuple[float, str]] = []
        self.failures: list[Exception] = []
        self.takes = 0.0

    async def call(
        self, share: str = "vision", *, deadline: float = inf, background: bool = False, label: str | None = None
    ) -> str:
        errand = Errand()
        errand.join(share, deadline=deadline, background=background)
        return await self.read(errand, label or share)

    async def read(self, errand: Errand, label: str) -> str:
        async def send() -> str:
            self.sent.append((round(self.time.now - 1_000.0, 6), label))
            if self.takes:
                await self.time.sleep(self.takes)
            if self.failures:
                raise self.failures.pop(0)
            return label

        return await self.governor.call(self.budget, errand, send)

    @property
    def times(self) -> list[float]:
        return [when for when, _ in self.sent]

    @property
    def order(self) -> list[str]:
        return [label for _, label in self.sent]


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one example of a property in a loop of its own."""
    asyncio.run(test())


def most_in_any_window(times: list[float], *, rate: float, burst: float) -> bool:
    """Whether no span of time holds more calls than the budget."""
    ordered = sorted(times)
    return all(
        last - first + 1 <= burst + rate * (ordered[last] - ordered[first]) + 1e-3
        for first in range(len(ordered))
        for last in range(first, len(ordered))
    )
