"""How one request reads: through the reads that all requests share, at a team's expense, noted in its own log."""

from dataclasses import dataclass
from math import inf
from typing import TypeVar

from gateway.reads import Read, Reader, ReadKey, ReadLog, Remembered, SharedReads
from gateway.teams import Team
from gateway.tuning.lives import Lives

T = TypeVar("T")


@dataclass(slots=True)
class Reading:
    """The reads of one request."""

    reads: SharedReads
    lives: Lives
    log: ReadLog
    deadline: float = inf
    """Until when the request waits, in seconds of the clock that waiting is measured by."""
    background: bool = False
    """Whether nobody waits for an answer: a watch, not a question."""
    at_once: bool = True
    """Whether something a little older will do, at once."""

    def at_hand(self, key: ReadKey[T]) -> Remembered[T] | None:
        """The value under a key, where nobody has to be waited for. Others take a `Read`, and longer."""
        return self.reads.at_hand(key, self.log)

    def peek(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What is remembered under a key and fresh, without reading."""
        entry = self.reads.peek(key)
        self.log.peeked[key] = None if entry is None else entry.version
        return entry

    def spare(self, key: ReadKey[T]) -> Remembered[T] | None:
        """What may be given under a key, marked, when AWS cannot be asked. A watch has time."""
        return None if self.background else self.reads.spare(key)

    async def read(self, team: Team, read: Read[T], *, spared: bool = False) -> Remembered[T]:
        """The value of a read, for a team. `spared`: there is something else to give when AWS cannot be asked."""
        by = Reader(team.name, self.deadline, background=self.background, at_once=self.at_once, spared=spared)
        return await self.reads.read(read, by=by, log=self.log)
