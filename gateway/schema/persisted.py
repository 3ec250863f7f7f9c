"""Automatic persisted queries, by Apollo's protocol: a document's text by its SHA-256, once anybody has sent both.

One store for all callers: what is in it is text that its senders chose, validated, and what it may read is decided anew
for whoever names it.
"""

import hashlib

from cachetools import LRUCache

_ROOM = 8 * 1024 * 1024  # bytes; some ten thousand documents of a frontend's
_OVERHEAD = 512  # bytes that the shortest text takes in memory with its key


class Persisted:
    """The texts; those least recently asked for go first when there is no more room."""

    def __init__(self, room: int = _ROOM) -> None:
        self._texts: LRUCache[str, bytes] = LRUCache(room, getsizeof=_size)

    def find(self, sha256: str) -> str | None:
        """The text of this hash, if it is still known."""
        text = self._texts.get(sha256)
        return None if text is None else text.decode()

    def keep(self, text: str) -> None:
        """Remember a text, if there is room for it at all."""
        kept = text.encode()
        if _size(kept) <= self._texts.maxsize:
            self._texts[digest(text)] = kept


def digest(text: str) -> str:
    """The hash that names a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _size(text: bytes) -> int:
    return len(text) + _OVERHEAD
