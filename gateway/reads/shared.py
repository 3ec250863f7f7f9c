"""SharedReads: memory first, then a read under way, then the store that replicas share, then the upstream."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from gateway.errors import Overloaded, UpstreamError
from gateway.governor import Errand
from gateway.reads.ages import Ages, Asked
from gateway.reads.entries import Held, Read, Reader, ReadKey, Remembered
from gateway.reads.flights import Flight, Flights
from gateway.reads.log import ReadLog
from gateway.reads.memory import Memory
from gateway.reads.options import ReadOptions
from gateway.reads.replicas import Replicas
from gateway.reads.waiting import WaitingRoom
from gateway.store import Store

T = TypeVar("T")

_REFRESH_PATIENCE = 30.0  # seconds a refresh that nobody waits for may stand in line


class SharedReads:
    """Single flight and memory in front of one upstream.

    `clock` counts the seconds of lives, `waiting` those of waiting; neither goes back. `wall` tells the time since the
    epoch.
    """

    def __init__(
        self,
        options: ReadOptions,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.monotonic,
        waiting: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._options = options
        self._memory = Memory(options.room, clock)
        self._ages = Ages(clock, wall, options.jitter)
        self._replicas = None if store is None else Replicas(store, self._ages)
        self._clock = clock
        self._waiting = waiting
        self._flights = Flights(waiting)
        self._waiting_room = WaitingRoom(options.waiters)

    async def read(self, read: Read[T], *, by: Reader, log: ReadLog) -> Remembered[T]:
        """The key's value: seen by this request, else remembered, else being read, else read now.

        A value past its fresh life is given at once while one read in the background fetches the next; past that it
        is given, marked stale, when the upstream cannot be asked. Neither goes for readers who want otherwise. Raises
        what the read raises; Throttled or UpstreamTimeout when it does not come before the reader's deadline;
        Overloaded when as many wait already as can.
        """
        key = read.key
        if (at_hand := self.at_hand(key, log)) is not None:
            return at_hand
        entry = None if by.background else self._memory.get(key)
        if entry is not None and by.at_once and self._clock() < entry.revalidated_until:
            log.answered("remembered")
            self._refresh(read, by)
        else:
            entry = await self._asked_for(read, entry, by, log)
        log.note(key, entry)
        return entry

    def at_hand(self, key: ReadKey[T], log: ReadLog) -> Remembered[T] | None:
        """What of `read` waits for nobody: the value as this request has seen it, else as remembered and fresh."""
        if (seen := log.entries.get(key)) is not None:
            return seen
        entry = self._memory.get(key)
        if entry is None or self._clock() >= entry.expires:
            return None
        log.found(key, entry)
        return entry

    @property
    def size(self) -> int:
        """Bytes remembered, about."""
        return self._memory.size

    def peek(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What is remembered under the key and fresh, without reading."""
        entry = self._memory.get(key)
        return entry if entry is not None and self._clock() < entry.expires else None

    def hold(self, held: Held) -> bool:
        """Whether under each key the very version is remembered and fresh that was read, or nothing fresh as then."""
        now, memory = self._clock(), self._memory
        if held.seen == memory.changes:
            return now < held.expires
        for key, version in held.versions:
            entry = memory.get(key)
            if (None if entry is None or now >= entry.expires else entry.version) != version:
                return False
        held.seen = memory.changes
        return True

    def spare(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What is remembered under the key, marked, for who could not ask the upstream in another way."""
        entry = self._memory.get(key)
        return replace(entry, stale=True) if entry is not None and self._clock() < entry.stale_until else None

    def supply(self, read: Read[T], entry: Remembered[Any], value: T) -> Remembered[T]:
        """Remember a value that came along with another read, as old as that; once, however many got it."""
        known = self._memory.get(read.key)
        if known is not None and known.value is value and self._clock() < known.ends:
            return known
        asked = self._ages.at(entry.as_of.timestamp())
        supplied = self._ages.entry(value, asked, self._ages.jittered(read.life(value)))
        self._memory.put(read.key, supplied)
        return supplied

    def forget(self, key: ReadKey[Any], entry: Remembered[Any]) -> None:
        """Give this value to nobody any more, here or in another replica. What was read since is left alone."""
        known = self._memory.get(key)
        if known is not None and known.version <= entry.version:
            self._memory.forget(key)
        if self._replicas is not None:
            self._replicas.forget(key, entry)

    async def forget_where(self, concerned: Callable[[ReadKey[Any]], bool]) -> None:
        """Forget what a change has put out of date, in the store too: all that was read before now.

        A read of it that is under way is for those who wait for it already.
        """
        keys = {key for key in (*self._memory.keys(), *self._flights.keys()) if concerned(key)}
        for key in keys:
            self._memory.forget(key)
            self._flights.forget(key)
        if self._replicas is not None:
            await self._replicas.forget_where(concerned, keys)

    async def close(self) -> None:
        """Call off the reads under way."""
        await self._flights.close()

    async def _asked_for(self, read: Read[T], spare: Remembered[T] | None, by: Reader, log: ReadLog) -> Remembered[T]:
        """The value read now; where the upstream cannot be asked, the last one, marked stale."""
        if spare is not None and self._clock() >= spare.stale_until:
            spare = None
        try:
            with self._waiting_room.seat(by, log), log.waiting(self._waiting):
                entry, answered = await self._waited_for(read, spare, by, log)
        except (UpstreamError, Overloaded):
            spare = None if by.background else await self._left(read, spare)
            if spare is None:
                if not by.spared:
                    log.answered("failed")
                raise
            log.answered("stale")
            return replace(spare, stale=True)
        log.answered(answered)
        return entry

    async def _waited_for(
        self, read: Read[T], spare: Remembered[T] | None, by: Reader, log: ReadLog
    ) -> tuple[Remembered[T], str]:
        """The value of the read under way, or of one that begins now; and, in the log's word, where it came from.

        What the store still has is as good a spare as what memory has: those who can be given it do not wait long.
        """
        flight = self._flights.to(read.key)
        joined = flight is not None
        if flight is None:
            flight = self._take_off(read)
            log.errands.append((read.key, flight.errand))
        with self._flights.aboard(read.key, flight, by):
            while not flight.task.done():
                spare, deadline = None if by.background else flight.spare or spare, by.deadline
                if spare is not None and by.at_once and self._clock() < spare.revalidated_until:
                    self._keep_going(flight, by)
                    if not joined:  # nobody waits for it any more
                        log.errands.remove((read.key, flight.errand))
                    return spare, "shared"
                if by.spared or (spare is not None and self._clock() < spare.stale_until):
                    self._keep_going(flight, by)
                    # From its beginning: where the upstream hangs, not each of a crowd waits for it anew.
                    deadline = min(deadline, flight.began + self._options.patience)
                await self._flights.news(read.key, flight, deadline)
        return flight.task.result(), "joined" if joined else "fetched" if flight.errand.sent else "shared"

    def _refresh(self, read: Read[Any], by: Reader) -> None:
        """Read in the background, unless that is being done already."""
        if self._flights.to(read.key) is None:
            self._keep_going(self._take_off(read), by)

    def _keep_going(self, flight: Flight, by: Reader) -> None:
        """Let a read go on though nobody may wait for it: what it brings is for whoever asks next."""
        if not flight.refresh:
            flight.refresh = True
            flight.errand.join(by.share, deadline=self._waiting() + _REFRESH_PATIENCE, background=True)

    def _take_off(self, read: Read[Any]) -> Flight:
        asked = self._ages.now()

        def sent() -> None:
            asked.clock, asked.wall = self._ages.clock(), self._ages.wall()

        flight = Flight(Errand(sent), self._waiting())
        self._flights.take_off(read.key, flight, partial(self._course, read, flight, asked))
        return flight

    async def _course(self, read: Read[T], flight: Flight, asked: Asked) -> Remembered[T]:
        if self._replicas is None or read.shape is None:
            value = await read.fetch(flight.errand)
            entry = self._ages.entry(value, asked, self._ages.jittered(read.life(value)))
        else:
            spared = partial(self._spared, read.key, flight)
            entry = await self._replicas.read(read, flight.errand, asked, spared)
        if not flight.forgotten:
            self._memory.put(read.key, entry)
            if read.landed is not None:
                read.landed(entry)
        return entry

    def _spared(self, key: ReadKey[T], flight: Flight, spare: Remembered[T]) -> None:
        """The store has something that may do meanwhile: for who is aboard, and for who comes next."""
        known = self._memory.get(key)
        newer = known is None or known.as_of < spare.as_of
        if newer and not flight.forgotten and self._clock() < spare.ends:
            self._memory.put(key, spare)
            flight.find(spare)

    async def _left(self, read: Read[T], spare: Remembered[T] | None) -> Remembered[T] | None:
        """What is left of the value, beyond its time but of use still: here, else in the store."""
        known = self._memory.get(read.key)
        if known is not None and self._clock() < known.stale_until:
            return known
        if spare is not None or self._replicas is None or read.shape is None:
            return spare
        return await self._replicas.left(read)
