"""One loop that looks at one topic, and the slots of those who listen to it.

A look that fails because AWS cannot be asked is passed over: the next one comes later. Only when none has succeeded for
minutes are the listeners told why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway import telemetry
from gateway.errors import CursorExpired, UpstreamError
from gateway.tuning import Jobs
from gateway.watch.topics import Topic

_PATIENCE = 300.0  # seconds without a look that succeeded


class Slot:
    """What one listener has still to be told: the latest of each thing by its name, however long it takes to ask."""

    def __init__(self, known: Mapping[str, Any] | None) -> None:
        self._untold = None if known is None else dict(known)
        self._woken = asyncio.Event()
        self.over = False
        """Whether nothing will come any more."""
        self.failure: Exception | None = None
        """Why, if it is not that all has been told."""
        if known is not None:
            self._woken.set()

    def tell(self, changed: Mapping[str, Any] | None) -> None:
        """There has been a look, whether it brought anything or not."""
        if changed is not None:
            self._untold = {**(self._untold or {}), **changed}
        self._woken.set()

    def end(self, failure: Exception | None = None) -> None:
        """Nothing will come any more."""
        self.over, self.failure = True, failure
        self._woken.set()

    async def woken(self) -> None:
        """Wait for the next look, or the end."""
        if not self.over:
            await self._woken.wait()
            self._woken.clear()

    def take(self) -> Mapping[str, Any] | None:
        """What has not been told yet; None: nothing."""
        untold, self._untold = self._untold, None
        return untold


class Watch:
    """Looks at a topic for as long as somebody listens and it can change."""

    def __init__(
        self,
        topic: Topic,
        *,
        jobs: Callable[[], Jobs],
        wait: Callable[[float, int], Awaitable[None]],
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        """`jobs` makes the use cases for a look; `wait` waits as long as fits the seconds of quiet and the failures."""
        self._topic = topic
        self._jobs = jobs
        self._wait = wait
        self._clock = clock
        self._wall = wall
        self._slots: set[Slot] = set()
        self._over = False
        self._failure: Exception | None = None

    def join(self) -> Slot:
        """A place for one more listener, who is told at once what is known."""
        slot = Slot(self._topic.known)
        self._slots.add(slot)
        if self._over:
            slot.end(self._failure)
        return slot

    def leave(self, slot: Slot) -> bool:
        """Give a place up; whether it was the last."""
        self._slots.discard(slot)
        return not self._slots

    async def run(self) -> None:
        """Look until all has been told."""
        try:
            self._failure = await self._look_on()
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody may wait for ever
            self._failure = error
        self._over = True
        if self._failure is not None:
            telemetry.watch_given_up(failure=type(self._failure).__name__)
        for slot in self._slots:
            slot.end(self._failure)

    async def _look_on(self) -> Exception | None:
        """Look again and again; why that ended, if not because all has been told."""
        failures, quiet, good = 0, 0.0, self._clock()
        while True:
            try:
                sight = await self._topic.look(self._jobs())
            except (UpstreamError, CursorExpired) as error:
                failures += 1
                telemetry.watch_looked("failed")
                if self._clock() - good >= _PATIENCE:
                    return error
            else:
                failures, good = 0, self._clock()
                if sight is None:
                    return None
                telemetry.watch_looked("unchanged" if sight.changed is None else "changed")
                for slot in self._slots:
                    slot.tell(sight.changed)
                if sight.over:
                    return None
                quiet = max(self._wall() - sight.moved.timestamp(), 0)
            await self._wait(quiet, failures)
