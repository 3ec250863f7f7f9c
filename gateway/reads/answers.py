"""Whole answers, remembered as bytes by the faces that gave them, each under a place of its own making.

An answer is as good as the reads inside it: it is given only while every one of them is what `SharedReads` has, and
fresh. So whatever forgets a read, renews it or outlives it ends the answer too, and nobody has to tell us. What answers
are made of, and which of them may be kept, is the faces' affair.
"""

from collections.abc import Hashable
from typing import Any, Protocol

from cachetools import LRUCache

from gateway.reads.entries import Held
from gateway.reads.log import ReadLog
from gateway.reads.shared import SharedReads
from gateway.reads.weight import weight

_OVERHEAD = 2_000  # bytes that the shortest answer takes, with its key and its place


class Answer(Protocol):
    """What a face remembers."""

    @property
    def body(self) -> bytes:
        """As it is answered from memory."""


class Answers:
    """The answers of all faces, within so many bytes; those least recently asked for go first."""

    def __init__(self, room: int, reads: SharedReads) -> None:
        self._reads = reads
        self._room = room
        self._kept: LRUCache[Hashable, tuple[Any, Held, int]] = LRUCache(room, getsizeof=lambda entry: entry[2])

    @property
    def size(self) -> int:
        """Bytes remembered, about."""
        return int(self._kept.currsize)

    def find(self, place: Hashable) -> Any:  # noqa: ANN401  # what was kept there
        """What is answered there without any work; None: nothing."""
        if not self._room:
            return None
        try:
            kept, held, _ = self._kept[place]
        except KeyError:
            return None
        if self._reads.hold(held):
            return kept
        del self._kept[place]
        return None

    def keep(self, place: Hashable, kept: Answer, log: ReadLog, asked: int) -> None:
        """Remember an answer, if there is room and what was read for it lasts: what was given stale, or late, does not.

        `asked` is how many bytes the place takes. Keys of reads count in full: `reads` may have let go of them.
        """
        if not self._room:
            return
        held = log.held
        size = _OVERHEAD + asked + len(kept.body) + sum(weight(key.arguments) for key, _ in held.versions)
        if size <= self._room and self._reads.hold(held):
            self._kept[place] = kept, held, size
