"""SharedReads: memory first, then a read under way, then the store that replicas share, then the upstream."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from gateway.errors import Overloaded, UpstreamError
from gateway.governor import Errand
from gateway.reads.changes import Changes
from gateway.reads.entries import Held, Life, Read, Reader, ReadKey, Remembered
from gateway.reads.flights import Flight, Flights
from gateway.reads.log import ReadLog
from gateway.reads.memory import Memory
from gateway.reads.options import ReadOptions
from gateway.reads.waiting import WaitingRoom
from gateway.reads.weight import weight
from gateway.store import Kept, Store

T = TypeVar("T")

_REFRESH_PATIENCE = 30.0  # seconds a refresh that nobody waits for may stand in line


@dataclass(slots=True)
class _Asked:
    """When the upstream was asked, by both clocks. Waiting for a place in its budget comes before."""

    clock: float
    wall: float


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
        self._store = store
        self._clock = clock
        self._waiting = waiting
        self._wall = wall
        self._flights = Flights(waiting)
        self._waiting_room = WaitingRoom(options.waiters)
        self._versions = count(1)
        self._changes = Changes(clock, wall)
        self._random = random.Random()  # noqa: S311  # spreads expiries, protects nothing

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
        if (seen := log.known(key)) is not None:
            return seen
        if (entry := self.peek(key)) is not None:
            log.answered("remembered")
            log.note(key, entry)
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

    def supply(self, read: Read[T], entry: Remembered[Any], value: T) -> Remembered[T]:
        """Remember a value that came along with another read, as old as that."""
        supplied = self._entry(value, self._asked_at(entry.as_of.timestamp()), read.life(value))
        self._memory.put(read.key, supplied)
        return supplied

    def forget(self, key: ReadKey[Any]) -> None:
        """Read the key anew next time. A read of it that is under way is for those who wait for it already."""
        self._memory.forget(key)
        self._flights.forget(key)

    async def forget_where(self, concerned: Callable[[ReadKey[Any]], bool]) -> None:
        """Forget what a change has put out of date, in the store too: all that was read before now."""
        keys = {key for key in (*self._memory.keys(), *self._flights.keys()) if concerned(key)}
        for key in keys:
            self.forget(key)
        if self._store is not None:
            self._changes.note(concerned)
            await self._store.forget(*[_name(key) for key in keys])

    async def close(self) -> None:
        """Call off the reads under way."""
        await self._flights.close()

    async def _asked_for(self, read: Read[T], spare: Remembered[T] | None, by: Reader, log: ReadLog) -> Remembered[T]:
        """The value read now; where the upstream cannot be asked, the last one, marked stale."""
        if spare is not None and self._clock() >= spare.stale_until:
            spare = None
        try:
            with self._waiting_room.seat(by, log), log.waiting(self._waiting):
                entry, answered = await self._waited_for(read, by, log, has_spare=spare is not None)
        except (UpstreamError, Overloaded):
            spare = spare or (None if by.background else await self._stored(read))
            if spare is None:
                log.answered("failed")
                raise
            log.answered("stale")
            return replace(spare, stale=True)
        log.answered(answered)
        return entry

    async def _waited_for(
        self, read: Read[T], by: Reader, log: ReadLog, *, has_spare: bool
    ) -> tuple[Remembered[T], str]:
        """The value of the read under way, or of one that begins now; and, in the log's word, where it came from."""
        flight = self._flights.to(read.key)
        joined = flight is not None
        if flight is None:
            flight = self._take_off(read)
            log.errands.append((read.key, flight.errand))
        if has_spare:
            self._keep_going(flight, by)
            # From its beginning: where the upstream hangs, not each of a crowd waits for it anew.
            by = replace(by, deadline=min(by.deadline, flight.began + self._options.patience))
        entry = await self._flights.aboard(read.key, flight, by)
        return entry, "joined" if joined else "fetched" if flight.errand.sent else "shared"

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
        asked = _Asked(self._clock(), self._wall())

        def sent() -> None:
            asked.clock, asked.wall = self._clock(), self._wall()

        flight = Flight(Errand(sent), self._waiting())
        self._flights.take_off(read.key, flight, self._course(read, flight, asked))
        return flight

    async def _course(self, read: Read[T], flight: Flight, asked: _Asked) -> Remembered[T]:
        if self._store is None or read.shape is None:
            value = await read.fetch(flight.errand)
            entry = self._entry(value, asked, read.life(value))
        else:
            entry = self._adopted(read, await self._shared(self._store, read, flight.errand, asked))
        if not flight.forgotten:
            self._memory.put(read.key, entry)
        return entry

    async def _shared(self, store: Store, read: Read[T], errand: Errand, asked: _Asked) -> Kept[T]:
        """The value that one replica reads for all of them."""

        async def fetch() -> Kept[T]:
            value = await read.fetch(errand)
            return Kept(value, asked.wall, self._jittered(read.life(value)).fresh)

        return await store.shared(
            _name(read.key),
            read.shape,
            fetch,
            keep=lambda kept: kept.life + read.life(kept.value).stale,
            usable=lambda kept: self._wall() < kept.as_of + kept.life and not self._changes.since(kept.as_of, read.key),
        )

    async def _stored(self, read: Read[T]) -> Remembered[T] | None:
        """What another replica has left of the value, beyond its time but of use still."""
        if self._store is None or read.shape is None:
            return None
        kept = await self._store.get(_name(read.key), read.shape)
        entry = None if kept is None or self._changes.since(kept.as_of, read.key) else self._adopted(read, kept)
        return entry if entry is not None and self._clock() < entry.stale_until else None

    def _adopted(self, read: Read[T], kept: Kept[T]) -> Remembered[T]:
        """A value of the store's, as old as it is there. Clocks of replicas differ: it is never from the future."""
        life = replace(read.life(kept.value), fresh=kept.life)
        return self._entry(kept.value, self._asked_at(kept.as_of), life, jittered=True)

    def _asked_at(self, wall: float) -> _Asked:
        return _Asked(self._clock() - max(self._wall() - wall, 0), wall)

    def _entry(self, value: T, asked: _Asked, life: Life, *, jittered: bool = False) -> Remembered[T]:
        life = life if jittered else self._jittered(life)
        expires = asked.clock + life.fresh
        return Remembered(
            value,
            next(self._versions),
            datetime.fromtimestamp(asked.wall, UTC),
            expires=expires,
            revalidated_until=expires + life.revalidated,
            stale_until=expires + life.stale,
            size=weight(value),
        )

    def _jittered(self, life: Life) -> Life:
        return replace(life, fresh=life.fresh * (1 - self._options.jitter * self._random.random()))


def _name(key: ReadKey[Any]) -> str:
    """The key as text, the same in all replicas."""
    return repr(key)
