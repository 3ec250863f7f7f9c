"""Answers remembered as bytes: what was answered to the same request, made with the same teams and permissions.

The rule is that of HTTP's remembered responses: an answer is as good as the reads inside it, and is given only while
every one of them is what `reads` has, and fresh. Whatever forgets, renews or outlives a read ends the answer too.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from cachetools import LRUCache

from gateway.identity import Permission
from gateway.reads import ReadKey, ReadLog, SharedReads, weight
from gateway.teams import Scope

_OVERHEAD = 2_000  # bytes that the shortest answer takes, with its key and its place


class Place(NamedTuple):
    """Where an answer is remembered. Teams are there with all they own: others of the same name are others."""

    method: str
    request: bytes
    """As it came: fields in another order are another request, which costs no more than room."""
    scope: Scope
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An answer that is whole and was read, and nothing besides."""

    body: bytes
    estimated: int | None
    """How many AWS calls it could have caused."""
    versions: tuple[tuple[ReadKey[Any], int | None], ...]
    """What it hangs on."""

    @property
    def size(self) -> int:
        """Bytes, about. Keys of reads count in full: `reads` may have let go of them."""
        return len(self.body) + sum(weight(key.arguments) for key, _ in self.versions)


class Answers:
    """The answers, within so many bytes; those least recently asked for go first."""

    def __init__(self, room: int, reads: SharedReads) -> None:
        self._reads = reads
        self._kept: LRUCache[Place, tuple[Kept, int]] = LRUCache(room, getsizeof=lambda entry: entry[1])

    def find(self, place: Place) -> Kept | None:
        """What is answered there without any work."""
        try:
            kept = self._kept[place][0]
        except KeyError:
            return None
        if self._reads.hold(kept.versions):
            return kept
        del self._kept[place]
        return None

    def keep(self, place: Place, body: bytes, estimated: int | None, log: ReadLog) -> None:
        """Remember a whole answer, if there is room and its reads last: what was given stale, or late, does not."""
        kept = Kept(body, estimated, tuple(log.versions.items()))
        size = _OVERHEAD + len(place.request) + kept.size
        if log.entries and size <= self._kept.maxsize and self._reads.hold(kept.versions):
            self._kept[place] = kept, size
