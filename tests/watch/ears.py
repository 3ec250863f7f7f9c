"""An ear that notes what it is told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from gateway.watch import Delivery


async def settle() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


class Ear:
    """Listens in a task of its own, from now on; a slow one only when it is told to."""

    def __init__(self, deliveries: AsyncGenerator[Delivery, None], *, slow: bool = False) -> None:
        self.told: list[Any] = []
        self.failure: Exception | None = None
        self._deliveries = deliveries
        self._ready = asyncio.Event()
        if not slow:
            self._ready.set()
        self._told_once = asyncio.Event()
        self.task = asyncio.create_task(self._listen())

    async def first(self) -> Any:
        await self._told_once.wait()
        return self.told[0]

    async def ended(self) -> None:
        await self.task

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait((self.task,))

    def be_slow(self) -> None:
        """Take nothing more than what is being taken."""
        self._ready.clear()

    def catch_up(self) -> None:
        self._ready.set()

    @property
    def over(self) -> bool:
        return self.task.done()

    async def _listen(self) -> None:
        try:
            async with aclosing(self._deliveries) as deliveries:
                async for delivery in deliveries:
                    self.told.append(delivery.value)
                    self._told_once.set()
                    await self._ready.wait()
        except Exception as failure:  # noqa: BLE001  # the test asks for it
            self.failure = failure
