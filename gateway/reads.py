"""SharedReads: at most one upstream read per key, remembered as long as its value may live; and ReadLog, what one
request read. Knows nothing of AWS, tenants or GraphQL: a key, a fetch and a lifetime are handed in.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Generic, TypeVar

from cachetools import TLRUCache

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadKey(Generic[T]):
    """What is read: where, by which operation, with which arguments. T is what the read gives."""

    target: Hashable
    operation: str
    arguments: tuple[Hashable, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: a key is looked up a dozen times on its way, and its arguments are deep.
        object.__setattr__(self, "_hash", hash((self.target, self.operation, self.arguments)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Remembered(Generic[T]):
    """A value as it was read."""

    value: T
    version: int
    """Counts the upstream reads: tells a value from the one read after it."""
    as_of: datetime
    """When the upstream was asked, in UTC."""
    expires: float
    """When the value is forgotten, in the seconds of the clock that only goes forward."""
    rows: int
    """How much room it takes."""
    made: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was made of the value by whoever read it, kept as long as the value is."""


@dataclass(slots=True)
class ReadLog:
    """What one request has read. Within a request a key keeps its value, however long the request takes."""

    entries: dict[ReadKey[Any], Remembered[Any]] = field(default_factory=dict)
    sent: Counter[ReadKey[Any]] = field(default_factory=Counter)
    """The reads that this request sent upstream, and how often."""
    hits: int = 0
    """Keys answered from memory, or by another request's read under way."""

    @property
    def upstream_calls(self) -> int:
        """How many calls this request caused."""
        return self.sent.total()

    @property
    def by_operation(self) -> dict[str, int]:
        """How many calls of each operation this request caused."""
        calls: Counter[str] = Counter()
        for key, times in self.sent.items():
            calls[key.operation] += times
        return dict(calls)

    def known(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What this request has already read under the key."""
        return self.entries.get(key)

    def note(self, key: ReadKey[T], entry: Remembered[T]) -> None:
        """Record what the key was answered with. A key counts once, however many fields of the request read it."""
        if key not in self.entries and key not in self.sent:
            self.hits += 1
        self.entries[key] = entry

    def forget(self, key: ReadKey[T]) -> None:
        """Read the key anew next time."""
        self.entries.pop(key, None)


@dataclass(slots=True)
class _Flight:
    """One upstream read under way, and how many await it."""

    task: asyncio.Task[Remembered[Any]]
    waiters: int = 0


class SharedReads:
    """Single flight and memory in front of one upstream.

    Coalesces with a shared task: it survives a caller who hangs up, dies with its last waiter, and hands a failure to
    all its waiters without remembering it. `room` bounds the rows remembered; `clock` counts seconds and never goes
    back, `wall` tells the time since the epoch.
    """

    def __init__(
        self, *, room: int, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._wall = wall
        self._memory: TLRUCache[ReadKey[Any], Remembered[Any]] = TLRUCache(
            maxsize=room, ttu=lambda _key, entry, _now: entry.expires, timer=clock, getsizeof=lambda entry: entry.rows
        )
        self._room = room
        self._flights: dict[ReadKey[Any], _Flight] = {}
        self._versions = count(1)

    async def read(
        self,
        key: ReadKey[T],
        fetch: Callable[[], Awaitable[T]],
        *,
        life: Callable[[T], float],
        log: ReadLog,
        rows: Callable[[T], int] = lambda _: 1,
    ) -> Remembered[T]:
        """The key's value: seen by this request, else remembered, else being read, else given by `fetch()`.

        `life` is how long a value may be remembered, in seconds; `rows` how much room it takes.
        """
        if (seen := log.known(key)) is not None:
            return seen
        if (entry := self.peek(key)) is not None:
            log.note(key, entry)
            return entry
        flight = self._flights.get(key)
        if flight is None:
            log.sent[key] += 1
            flight = self._take_off(key, fetch, life, rows)
        entry = await self._wait(key, flight)
        log.note(key, entry)
        return entry

    def peek(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What is remembered under the key, without reading."""
        try:
            return self._memory[key]
        except KeyError:  # `get` would look the key up twice, and at the clock too
            return None

    def forget(self, key: ReadKey[T]) -> None:
        """Read the key anew next time."""
        self._memory.pop(key, None)

    def _take_off(
        self, key: ReadKey[T], fetch: Callable[[], Awaitable[T]], life: Callable[[T], float], rows: Callable[[T], int]
    ) -> _Flight:
        async def fly() -> Remembered[T]:
            began, as_of = self._clock(), datetime.fromtimestamp(self._wall(), UTC)
            value = await fetch()
            entry = Remembered(value, next(self._versions), as_of, began + life(value), rows(value))
            if entry.rows <= self._room:
                self._memory[key] = entry
            return entry

        flight = _Flight(asyncio.create_task(fly(), name=key.operation))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    def _land(self, key: ReadKey[T], flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.task.cancelled():
            flight.task.exception()  # retrieved here, so that a failure whose waiters all left is not reported as lost

    async def _wait(self, key: ReadKey[T], flight: _Flight) -> Remembered[Any]:
        flight.waiters += 1
        try:
            await asyncio.wait((flight.task,))  # unlike awaiting the task, it leaves it be when we are cancelled
            return flight.task.result()
        finally:
            flight.waiters -= 1
            if flight.waiters == 0 and not flight.task.done():
                self._flights.pop(key, None)  # at once: whoever comes next must not board a flight that is called off
                flight.task.cancel()
