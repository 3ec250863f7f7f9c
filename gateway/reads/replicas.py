"""What replicas share of their reads: which of them reads, and what it leaves to the others in the store."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from gateway.governor import Errand
from gateway.reads.ages import Ages, Asked
from gateway.reads.changes import Changes
from gateway.reads.entries import Read, ReadKey, Remembered
from gateway.store import Kept, Store

T = TypeVar("T")


class Replicas:
    """The other replicas, as far as the store tells of them."""

    def __init__(self, store: Store, ages: Ages) -> None:
        self._store = store
        self._ages = ages
        self._changes = Changes(ages.clock, ages.wall)

    async def read(
        self, read: Read[T], errand: Errand, asked: Asked, spare: Callable[[Remembered[T]], None]
    ) -> Remembered[T]:
        """The value that one replica reads for all of them. Raises what the read raises.

        `spare` is told what is found on the way that is past its fresh life.
        """

        async def fetch() -> Kept[T]:
            value = await read.fetch(errand)
            return Kept(value, asked.wall, self._ages.jittered(read.life(value)).fresh)

        def keep(kept: Kept[T]) -> float:
            life = read.life(kept.value)
            return kept.life + max(life.revalidated, life.stale)

        def usable(kept: Kept[T]) -> bool:
            if self._changes.outdated(kept, read.key):
                return False
            if self._ages.wall() < kept.as_of + kept.life:
                return True
            spare(self._adopted(read, kept))
            return False

        kept = await self._store.shared(_name(read.key), read.shape, fetch, keep=keep, usable=usable)
        return self._adopted(read, kept)

    async def left(self, read: Read[T]) -> Remembered[T] | None:
        """What another replica has left of the value, beyond its time but of use still."""
        kept = await self._store.get(_name(read.key), read.shape)
        entry = None if kept is None or self._changes.outdated(kept, read.key) else self._adopted(read, kept)
        return entry if entry is not None and self._ages.clock() < entry.stale_until else None

    def forget(self, key: ReadKey[Any], entry: Remembered[Any]) -> None:
        """Believe this very value no longer, and let no other replica find it. What was read since is left alone."""
        if entry.seal:
            self._changes.refuse(entry.seal)
            self._store.remove(_name(key), entry.seal)

    async def forget_where(self, concerned: Callable[[ReadKey[Any]], bool], known: Iterable[ReadKey[Any]]) -> None:
        """Believe nothing that was read before now under keys that are concerned; those known here go at once."""
        self._changes.note(concerned)
        await self._store.forget(*[_name(key) for key in known])

    def _adopted(self, read: Read[T], kept: Kept[T]) -> Remembered[T]:
        """A value of the store's, as old as it is there."""
        life = replace(read.life(kept.value), fresh=kept.life)
        return self._ages.entry(kept.value, self._ages.at(kept.as_of), life, seal=kept.seal)


def _name(key: ReadKey[Any]) -> str:
    """The key as text, the same in all replicas."""
    return repr(key)
