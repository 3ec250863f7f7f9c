"""What one request read, and the calls that this caused."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from gateway import telemetry
from gateway.governor import Errand
from gateway.reads.entries import Held, ReadKey, Remembered

T = TypeVar("T")

_AS_OF, _EXPIRES, _STALE = attrgetter("as_of"), attrgetter("expires"), attrgetter("stale")


@dataclass(slots=True)
class ReadLog:
    """What one request has read. Within a request a key keeps its value, however long the request takes."""

    entries: dict[ReadKey[Any], Remembered[Any]] = field(default_factory=dict)
    errands: list[tuple[ReadKey[Any], Errand]] = field(default_factory=list)
    """The reads that this request started; each counts the calls that were made for it."""
    peeked: dict[ReadKey[Any], int | None] = field(default_factory=dict)
    """Keys at which it was only seen what is remembered, and the version that was: answers hang on that too."""
    seats: dict[str, int] = field(default_factory=dict)
    """How many reads it is waiting for now, by the team at whose expense."""
    hits: int = 0
    """Keys answered without a call of this request's: from memory, the store, or another request's read."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """How many reads were answered from where: in the words of `telemetry.read`."""
    waited: float = 0.0
    """Seconds in which this request waited for the upstream, its budget or another's read; side by side counts once."""
    _waits: int = 0
    _since: float = 0.0

    @property
    def upstream_calls(self) -> int:
        """How many calls this request caused."""
        return sum([errand.calls for _, errand in self.errands]) if self.errands else 0

    @property
    def by_operation(self) -> dict[str, int]:
        """How many calls of each operation this request caused."""
        calls: dict[str, int] = {}
        for key, errand in self.errands:
            if errand.calls:
                calls[key.operation] = calls.get(key.operation, 0) + errand.calls
        return calls

    @property
    def stale_since(self) -> datetime | None:
        """When the oldest of it was read that has outlived its time because the upstream could not be asked again."""
        if not any(map(_STALE, self.entries.values())):
            return None
        return min([entry.as_of for entry in self.entries.values() if entry.stale])

    @property
    def as_of(self) -> datetime:
        """When the oldest of it was read. There must be entries."""
        oldest: datetime = min(map(_AS_OF, self.entries.values()))
        return oldest

    @property
    def expires(self) -> float:
        """When the first of it stops being fresh, in seconds of the reads' clock. There must be entries."""
        first: float = min(map(_EXPIRES, self.entries.values()))
        return first

    @property
    def versions(self) -> dict[ReadKey[Any], int | None]:
        """All that the answer hangs on, as it was seen last; None: it was seen that nothing fresh is remembered."""
        return self.peeked | {key: entry.version for key, entry in self.entries.items()}

    @property
    def held(self) -> Held:
        """The same, and how long at most. There must be entries."""
        return Held(tuple(self.versions.items()), self.expires)

    def found(self, key: ReadKey[T], entry: Remembered[T]) -> None:
        """Record that the key, which this request has not read yet, was answered from memory."""
        self.outcomes["remembered"] = self.outcomes.get("remembered", 0) + 1
        telemetry.read("remembered")
        if not (self.errands and self._called_for(key)):
            self.hits += 1
        self.entries[key] = entry

    def note(self, key: ReadKey[T], entry: Remembered[T]) -> None:
        """Record what the key was answered with. A key counts once, however many fields of the request read it."""
        if key not in self.entries and not (self.errands and self._called_for(key)):
            self.hits += 1
        self.entries[key] = entry

    def _called_for(self, key: ReadKey[Any]) -> bool:
        return any(mine == key and errand.calls for mine, errand in self.errands)

    def answered(self, outcome: str) -> None:
        """Count where a read's value came from."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        telemetry.read(outcome)

    @contextmanager
    def waiting(self, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
        """The time of one wait."""
        if self._waits == 0:
            self._since = clock()
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1
            if self._waits == 0:
                self.waited += clock() - self._since

    def forget(self, key: ReadKey[T]) -> None:
        """Read the key anew next time."""
        self.entries.pop(key, None)
