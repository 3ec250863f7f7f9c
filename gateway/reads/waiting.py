"""How many requests wait for the upstream: when it hangs they must not fill the house, for whatever is remembered is
answered in it too, nor must those of one team fill the room.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gateway import telemetry
from gateway.errors import Overloaded
from gateway.reads.entries import Reader
from gateway.reads.log import ReadLog


class WaitingRoom:
    """Counts requests, not reads: one that waits for a hundred reads of a team waits once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_of_a_team = max(most // 2, 1)
        self._by_team: Counter[str] = Counter()

    @contextmanager
    def seat(self, by: Reader, log: ReadLog) -> Iterator[None]:
        """The time for which a request waits for a read. Raises Overloaded; never for what runs in the background."""
        if by.background:
            yield
            return
        if not log.seats.setdefault(by.share, 0):
            self._take(by.share)
        log.seats[by.share] += 1
        try:
            yield
        finally:
            log.seats[by.share] -= 1
            if not log.seats[by.share]:
                self._by_team[by.share] -= 1
                if not self._by_team[by.share]:
                    del self._by_team[by.share]

    def _take(self, team: str) -> None:
        if self._by_team[team] >= self._most_of_a_team or self._by_team.total() >= self._most:
            telemetry.request_shed("upstream")
            raise Overloaded("As many requests wait for SageMaker as can. Ask again in a moment.")
        self._by_team[team] += 1
