"""Store: what replicas share. Values with their age, which of them reads a value now, and their places in a budget."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from random import uniform
from typing import TYPE_CHECKING, Any, TypeVar

from gateway.store import scripts
from gateway.store.breaker import State
from gateway.store.entries import NONCE, Entries, Entry, Kept
from gateway.store.line import Command, Line, StoreLost, arrived
from gateway.store.options import StoreOptions
from gateway.store.place import MICRO, Place, is_a_place, place_of

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")
_LONGEST_KEPT = 30 * 86400.0  # seconds
_FIRST_PAUSE = 0.005  # seconds; a round trip and a little


class Store:
    """A server's memory, as one replica uses it. Connects when it is first asked; `secrets` name and seal.

    `clock` counts the seconds of the breaker's pauses, `wall` tells the time since the epoch.
    """

    def __init__(
        self,
        options: StoreOptions,
        secrets: Sequence[str],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._takeover = options.takeover
        # Who waits looks every quarter of the take-over at least: with a lease of this length it is over in time.
        self._lease = 0.7 * options.takeover
        self._line = Line(options, clock)
        self._entries = Entries(secrets, wall)

    @property
    def state(self) -> State:
        """Whether the server is asked: OPEN while it is given up."""
        return self._line.state

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    async def get(self, name: str, shape: "TypeForm[T]") -> Kept[T] | None:
        """What is kept under a name, fresh or not."""
        entry = self._entries.entry(name)
        try:
            found = await self._line.ask(Command(("MGET", *entry.names), entry.names, _values_of(entry)))
        except StoreLost:
            return None
        kept = [self._opened(entry, i, sealed, shape) for i, sealed in enumerate(found) if isinstance(sealed, bytes)]
        return max([each for each in kept if each is not None], key=lambda each: each.as_of, default=None)

    async def put(self, name: str, kept: Kept[Any], keep: float) -> None:
        """Keep a value, for `keep` seconds."""
        entry = self._entries.entry(name)
        sealed = self._entries.seal(entry, kept)
        if sealed is not None and keep > 0:
            await self._try(Command(("SET", entry.names[0], sealed, "PX", _milliseconds(keep)), entry.names[:1], bool))

    async def forget(self, *names: str) -> None:
        """Let nobody find what is kept under these names, nor what is being read for them now."""
        entries = [self._entries.entry(name) for name in names]
        keys = tuple([key for entry in entries for key in (*entry.names, *entry.leases)])
        if keys:
            await self._try(Command(("UNLINK", *keys), keys))

    def remove(self, name: str, seal: bytes) -> None:
        """Let nobody find this very value; what has been kept under the name since is left alone. Takes no time."""
        self._leave(Command.script(scripts.REMOVE, self._entries.entry(name).names, seal))

    async def shared(
        self,
        name: str,
        shape: "TypeForm[T]",
        fetch: Callable[[], Awaitable[Kept[T]]],
        *,
        keep: Callable[[Kept[T]], float],
        usable: Callable[[Kept[T]], bool],
    ) -> Kept[T]:
        """A usable value that is kept, or is being read by another replica, or else that of `fetch()`.

        What is found is shown to `usable`, each value once. Of all replicas one reads, and gives its value to the
        others for `keep` seconds. When it fails or falls silent, one of those that wait reads next. Raises what
        `fetch()` raises, and nothing else.
        """
        entry, token = self._entries.entry(name), secrets.token_hex(8)
        try:
            found = await self._found(entry, token, shape, usable)
        except StoreLost:
            return await fetch()
        return found if found is not None else await self._read(entry, token, fetch, keep)

    async def take(self, key: str, *, interval: float, burst: float, background: bool = False) -> Place | None:
        """Reserve the next place in a bucket that gains one each `interval` seconds and holds `burst` of them at most.

        None if the store cannot be asked. The `background` is put off for what others wait for, nine times in ten.
        """
        bucket, pace = self._entries.buckets(key), _pace(interval, burst)
        with suppress(StoreLost):
            command = Command.script(scripts.TAKE, bucket, *pace, int(background), sound=is_a_place)
            return place_of(await self._line.ask(command))
        return None

    async def slow(self, key: str, *, interval: float, burst: float, pause: float) -> None:
        """Let the bucket's next place be no sooner than after the pause, and its rate be half of what it was.

        It fills from nothing then, and regains its rate by and by.
        """
        bucket, pace = self._entries.buckets(key), _pace(interval, burst)
        await self._try(Command.script(scripts.SLOW, bucket, *pace, round(pause * MICRO)))

    async def _found(
        self, entry: Entry, token: str, shape: "TypeForm[T]", usable: Callable[[Kept[T]], bool]
    ) -> Kept[T] | None:
        """A usable value, waited for while another replica reads it; None when it is ours to read. Raises StoreLost.

        Waiting is asking again: a message that there is news may be lost, so that one would have to ask all the same.
        The pauses grow with the wait, so that many who wait long ask seldom.
        """
        loop = asyncio.get_running_loop()
        began, seen = loop.time(), [b""] * len(entry.names)
        while True:
            match await self._look(entry, token, seen):
                case 1:
                    return None
                case [place, sealed]:
                    seen[place - 1] = sealed[:NONCE]
                    kept = self._opened(entry, place - 1, sealed, shape)
                    if kept is not None and usable(kept):
                        return kept
                case _:
                    waited = loop.time() - began
                    pause = min(max(waited / 4, _FIRST_PAUSE), self._takeover / 4)
                    await asyncio.sleep(pause * uniform(0.5, 1))  # noqa: S311  # so that not all ask at once

    async def _look(self, entry: Entry, token: str, seen: Sequence[bytes]) -> Any:  # noqa: ANN401  # as the script says
        keys = [key for pair in zip(entry.names, entry.leases, strict=True) for key in pair]
        lease = _milliseconds(self._lease)
        sent = self._line.send(Command.script(scripts.LOOK, keys, token, lease, *seen, sound=_seen_in(entry)))
        try:
            return await arrived(sent)
        # The server may have made a reader of a caller who never hears of it.
        except asyncio.CancelledError:
            sent.add_done_callback(lambda _: self._release(entry, token))
            raise
        except StoreLost as lost:
            if lost.done:
                self._release(entry, token)
            raise

    async def _read(
        self, entry: Entry, token: str, fetch: Callable[[], Awaitable[Kept[T]]], keep: Callable[[Kept[T]], float]
    ) -> Kept[T]:
        """Read for everybody who waits; whatever goes wrong, another may try at once.

        Who asked here is not kept until the others can have it.
        """
        renewing = asyncio.create_task(self._renew(entry, token), name="store-lease")
        try:
            kept = await fetch()
            lasting = keep(kept)
        except BaseException:
            self._release(entry, token)
            raise
        finally:
            renewing.cancel()
        sealed = self._entries.seal(entry, kept) if lasting > 0 else None
        if sealed is None:
            self._release(entry, token)
        else:
            keys = (entry.names[0], *entry.leases)
            self._leave(Command.script(scripts.GIVE, keys, token, sealed, _milliseconds(lasting)))
            kept = replace(kept, seal=sealed[:NONCE])
        return kept

    async def _renew(self, entry: Entry, token: str) -> None:
        """Say that we still read: it may take long until AWS may be called."""
        while True:
            await asyncio.sleep(self._takeover / 3)
            await self._try(Command.script(scripts.RENEW, entry.leases, token, _milliseconds(self._lease)))

    def _release(self, entry: Entry, token: str) -> None:
        """Let another read."""
        self._leave(Command.script(scripts.RELEASE, entry.leases, token))

    def _opened(self, entry: Entry, which: int, sealed: bytes, shape: "TypeForm[T]") -> Kept[T] | None:
        """The value; what does not open is removed."""
        kept = self._entries.open(entry, which, sealed, shape)
        if kept is None:
            self._leave(Command.script(scripts.REMOVE, (entry.names[which],), sealed[:NONCE]))
        return kept

    def _leave(self, command: Command) -> None:
        """Leave a command to the line, which sees to it until it closes: nobody waits for its answer."""
        with suppress(StoreLost):
            self._line.send(command, patient=True)

    async def _try(self, command: Command) -> None:
        with suppress(StoreLost):
            await self._line.ask(command, patient=True)


def _pace(interval: float, burst: float) -> tuple[int, int]:
    """How a bucket goes, as the scripts want it."""
    return round(interval * MICRO), round((burst - 1) * interval * MICRO)


def _values_of(entry: Entry) -> Callable[[Any], bool]:
    """Whether an answer is what is kept under each of the entry's names."""
    return lambda answer: (
        isinstance(answer, list)
        and len(answer) == len(entry.names)
        and all(value is None or isinstance(value, bytes) for value in answer)
    )


def _seen_in(entry: Entry) -> Callable[[Any], bool]:
    """Whether an answer is one of those that looking gives."""

    def sound(answer: Any) -> bool:  # noqa: ANN401  # whatever the server says
        match answer:
            case [int(place), bytes()]:
                return 1 <= place <= len(entry.names)
            case _:
                return answer in (0, 1)

    return sound


def _milliseconds(seconds: float) -> int:
    """At least one: the server takes no less."""
    return max(1, round(min(seconds, _LONGEST_KEPT) * 1000))
