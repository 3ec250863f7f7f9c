"""What is known here to have changed. The store cannot be searched for what a change puts out of date: what it still
has of that is told by its age when it is found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.reads.entries import ReadKey

_REMEMBERED = 30 * 60.0  # seconds; what was read before it has gone from the store by then


@dataclass(frozen=True, slots=True)
class _Change:
    concerned: Callable[[ReadKey[Any]], bool]
    at: float
    until: float


class Changes:
    """The changes of the last half an hour. `clock` counts its seconds, `wall` tells the time since the epoch."""

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self._clock = clock
        self._wall = wall
        self._all: list[_Change] = []

    def note(self, concerned: Callable[[ReadKey[Any]], bool]) -> None:
        """From now on, what was read before under the keys that are concerned is out of date."""
        now = self._clock()
        self._all = [each for each in self._all if each.until > now]
        self._all.append(_Change(concerned, self._wall(), now + _REMEMBERED))

    def since(self, as_of: float, key: ReadKey[Any]) -> bool:
        """Whether what was read under the key at that time, in seconds since the epoch, is out of date."""
        return any(change.at > as_of and change.concerned(key) for change in self._all)
