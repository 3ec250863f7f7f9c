"""One upstream read under way, and who waits for it.

Coalesces with a shared task: it survives a reader who hangs up and dies with its last waiter, unless it is a refresh,
which nobody need wait for. A failure reaches all waiters and is not remembered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from gateway.errors import Throttled, UpstreamTimeout
from gateway.governor import Errand
from gateway.reads.entries import Reader, ReadKey, Remembered

_RETRY_AFTER_MS = 1_000

Course = Callable[[], Awaitable[Remembered[Any]]]
"""What a flight does."""


class Flight:
    """One upstream read under way."""

    def __init__(self, errand: Errand, began: float) -> None:
        self.errand = errand
        self.began = began
        """In seconds of the clock that waiting is measured by."""
        self.task: asyncio.Task[Remembered[Any]]
        self.waiters = 0
        self.refresh = False
        """Whether it goes on though nobody waits."""
        self.forgotten = False
        """Whether what it brings may be out of date already, so that only those who wait for it get it."""
        self.spare: Remembered[Any] | None = None
        """What was found on the way that is past its fresh life, and may do meanwhile."""
        self._listeners: list[asyncio.Future[None]] = []

    def find(self, spare: Remembered[Any]) -> None:
        """Tell who is aboard of something that may do meanwhile."""
        self.spare = spare
        self.tell()

    def news(self) -> asyncio.Future[None]:
        """Done when there is something to be told. Its own for each who waits: one may be called off, and late."""
        listener = asyncio.get_running_loop().create_future()
        self._listeners.append(listener)
        return listener

    def tell(self) -> None:
        """Tell who is aboard that there is something."""
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            if not listener.done():
                listener.set_result(None)


class Flights:
    """The reads under way, one per key."""

    def __init__(self, waiting: Callable[[], float]) -> None:
        self._waiting = waiting
        self._by_key: dict[ReadKey[Any], Flight] = {}
        self._all: set[asyncio.Task[Remembered[Any]]] = set()

    def to(self, key: ReadKey[Any]) -> Flight | None:
        """The read of this key that is under way."""
        return self._by_key.get(key)

    def keys(self) -> list[ReadKey[Any]]:
        """All that is being read."""
        return list(self._by_key)

    def take_off(self, key: ReadKey[Any], flight: Flight, course: Course) -> None:
        """Begin a read. Its first waiter must board before anything is awaited."""
        flight.task = asyncio.create_task(self._flown(key, flight, course), name=key.operation)
        self._by_key[key] = flight
        self._all.add(flight.task)
        flight.task.add_done_callback(lambda _: self._landed(key, flight))

    @contextmanager
    def aboard(self, key: ReadKey[Any], flight: Flight, by: Reader) -> Iterator[None]:
        """A reader's place on a flight, which the last to leave it calls off."""
        ticket = flight.errand.join(by.share, deadline=by.deadline, background=by.background)
        flight.waiters += 1
        try:
            yield
        finally:
            flight.errand.leave(ticket)
            flight.waiters -= 1
            if flight.waiters == 0 and not flight.refresh and not flight.task.done():
                self._clear(key, flight)  # at once: whoever comes next must not board a flight that is called off
                flight.task.cancel()

    async def news(self, key: ReadKey[Any], flight: Flight, deadline: float) -> None:
        """Wait aboard until the flight has landed, or has found something that may do meanwhile.

        Raises Throttled or UpstreamTimeout when the time is over.
        """
        try:
            async with asyncio.timeout(None if deadline == inf else max(deadline - self._waiting(), 0)):
                await flight.news()
        except TimeoutError:
            if not flight.task.done():  # else it has landed in the very turn in which the time was over
                raise _late(key, flight.errand) from None

    def forget(self, key: ReadKey[Any]) -> None:
        """Begin anew for whoever comes next; those aboard get what is brought to them."""
        flight = self._by_key.pop(key, None)
        if flight is not None:
            flight.forgotten = True

    async def close(self) -> None:
        """Call everything off."""
        for task in self._all:
            task.cancel()
        if self._all:
            await asyncio.wait(self._all)

    async def _flown(self, key: ReadKey[Any], flight: Flight, course: Course) -> Remembered[Any]:
        try:
            return await course()
        finally:  # a turn of the event loop sooner than the task would tell of its end
            self._clear(key, flight)
            flight.tell()

    def _landed(self, key: ReadKey[Any], flight: Flight) -> None:
        self._all.discard(flight.task)
        self._clear(key, flight)  # if it was called off before it began
        flight.tell()
        if not flight.task.cancelled():
            flight.task.exception()  # retrieved here, so that a failure whose waiters all left is not reported as lost

    def _clear(self, key: ReadKey[Any], flight: Flight) -> None:
        """Make way for the next read of the key, unless that has begun already."""
        if self._by_key.get(key) is flight:
            del self._by_key[key]


def _late(key: ReadKey[Any], errand: Errand) -> Exception:
    """Why a value did not come in time: it was still waiting for its place in the budget, or the upstream is slow."""
    if errand.sent:
        return UpstreamTimeout(f"SageMaker did not answer {key.operation} in time.")
    return Throttled(f"SageMaker takes no more {key.operation} calls for now.", retry_after_ms=_RETRY_AFTER_MS)
