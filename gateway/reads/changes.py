"""What is known here to be out of date, though the store may still have it.

It cannot be searched for what a change concerns: what it has of that is told by its age when it is found. A value that
turned out to be of no use is told by its seal and not by its age, which each replica counts by a clock of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.reads.entries import ReadKey
from gateway.store import Kept

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
        self._useless: dict[bytes, float] = {}
        """Seals, and until when they are known."""

    def note(self, concerned: Callable[[ReadKey[Any]], bool]) -> None:
        """From now on, what was read before under the keys that are concerned is out of date."""
        now = self._clock()
        self._all = [each for each in self._all if each.until > now]
        self._all.append(_Change(concerned, self._wall(), now + _REMEMBERED))

    def refuse(self, seal: bytes) -> None:
        """The very value that the store knows by this seal is of no use."""
        now = self._clock()
        self._useless = {each: until for each, until in self._useless.items() if until > now}
        self._useless[seal] = now + _REMEMBERED

    def outdated(self, kept: Kept[Any], key: ReadKey[Any]) -> bool:
        """Whether what the store has under the key is out of date."""
        return kept.seal in self._useless or any(
            change.at > kept.as_of and change.concerned(key) for change in self._all
        )
