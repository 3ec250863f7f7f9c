"""Whether the store is asked at all: a circuit breaker that counts failures in a row. No I/O, no clock of its own."""

from collections.abc import Callable
from enum import Enum

from gateway import telemetry

_FAILURES = 3  # in a row; one is a connection that had died in the pool, three are the server
_SHORTEST, _LONGEST = 1.0, 30.0  # seconds; between two probes, doubled each time


class State(Enum):
    """Whether the store is asked."""

    CLOSED = "closed"
    """Everybody asks."""
    OPEN = "open"
    """Nobody asks, nobody waits."""
    HALF_OPEN = "half-open"
    """One command is under way that will tell."""


class Breaker:
    """Lets commands through, or not, by how the ones before them went.

    Each state is a round of its own, and a command bears the number of the round it began in: what becomes of it says
    nothing about a later one.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._round = 0
        self._failures = 0
        self._pause = 0.0
        self._silent_until = 0.0
        self.state = State.CLOSED

    def admitted(self) -> int | None:
        """The round in which a command may go; None if it may not."""
        if self.state is State.OPEN and self._clock() >= self._silent_until:
            self._enter(State.HALF_OPEN)
            return self._round
        return self._round if self.state is State.CLOSED else None

    def lasts(self, admitted: int) -> bool:
        """Whether a command that was let through, and had to wait for its turn, may still go."""
        return admitted == self._round

    def succeeded(self, admitted: int) -> None:
        """A command of that round was answered."""
        if admitted != self._round:
            return
        self._failures = 0
        if self.state is State.HALF_OPEN:
            self._pause = 0.0
            self._enter(State.CLOSED)
            telemetry.store_back()

    def failed(self, admitted: int, cause: str) -> None:
        """A command of that round was not answered as it should; `cause` names the class of error."""
        if admitted != self._round:
            return
        self._failures += 1
        if self.state is State.CLOSED and self._failures < _FAILURES:
            return
        if self.state is State.CLOSED:
            telemetry.store_lost(cause=cause)
        self._pause = min(max(2 * self._pause, _SHORTEST), _LONGEST)
        self._silent_until = self._clock() + self._pause
        self._enter(State.OPEN)

    def _enter(self, state: State) -> None:
        self.state = state
        self._round += 1
