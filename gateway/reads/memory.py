"""What is remembered: each entry for as long as it is of use to anybody, all of them within a room of bytes."""

from collections.abc import Callable
from typing import Any, TypeVar

from cachetools import TLRUCache

from gateway.reads.entries import ReadKey, Remembered

T = TypeVar("T")


class Memory:
    """Entries by key. What was used longest ago goes first when the room is full."""

    def __init__(self, room: int, clock: Callable[[], float]) -> None:
        self._room = room
        self.changes = 0
        """How often something was put in or let go of. Meanwhile what is here grows old, and nothing else."""
        self._entries: TLRUCache[ReadKey[Any], Remembered[Any]] = TLRUCache(
            maxsize=room, ttu=lambda _key, entry, _now: entry.ends, timer=clock, getsizeof=lambda entry: entry.size
        )
        self._lately: dict[ReadKey[Any], Remembered[Any]] = {}
        """What was looked up since the last change: the second look is at no clock, and changes no order."""

    @property
    def size(self) -> int:
        """Bytes remembered, about."""
        return int(self._entries.currsize)

    def get(self, key: ReadKey[T]) -> Remembered[T] | None:
        """The entry, which may be past its life."""
        entry = self._lately.get(key)
        if entry is not None:
            return entry
        try:
            entry = self._lately[key] = self._entries[key]
        except KeyError:  # `get` would look the key up twice, and at the clock too
            return None
        return entry

    def put(self, key: ReadKey[T], entry: Remembered[T]) -> None:
        """Remember an entry, unless it is larger than the room: it would drive everything else out."""
        if entry.size <= self._room:
            self._entries[key] = entry
            self._changed()

    def forget(self, key: ReadKey[Any]) -> None:
        """Let go of one entry."""
        self._entries.pop(key, None)
        self._changed()

    def keys(self) -> list[ReadKey[Any]]:
        """All that is remembered."""
        return list(self._entries)

    def _changed(self) -> None:
        self.changes += 1
        self._lately.clear()
