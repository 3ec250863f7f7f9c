"""On whose behalf an upstream read is made. One read may have many waiters, of several teams; they come and go while it
waits for its place in the budget, and its place is the best that any of them would have.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple


class Seat(NamedTuple):
    """Where in the line an errand waits: a share's (a team's) part of it."""

    share: str
    background: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """One waiter."""

    seat: Seat
    deadline: float


class Errand:
    """One read, from its first waiter to its end."""

    def __init__(self, sent: Callable[[], None] = lambda: None) -> None:
        self.calls = 0
        """How many calls were sent for it, retries included."""
        self._tell_sent = sent
        self._tickets: set[Ticket] = set()
        self._seats: Counter[Seat] = Counter()
        self._deadline: float | None = -inf
        self._watching: set[Callable[[], None]] = set()

    @property
    def sent(self) -> bool:
        """Whether a call is or was on its way; else the errand still waits for its first place."""
        return self.calls > 0

    def send(self) -> None:
        """A call is sent now."""
        self.calls += 1
        self._tell_sent()

    @property
    def deadline(self) -> float:
        """The last moment at which anybody can use a place, in the governor's clock; past, where nobody waits."""
        if self._deadline is None:
            self._deadline = max((ticket.deadline for ticket in self._tickets), default=-inf)
        return self._deadline

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Where it waits, in the order in which it got there."""
        return tuple(self._seats)

    def join(self, share: str, *, deadline: float, background: bool = False) -> Ticket:
        """A waiter comes, for whom a place after `deadline` (the governor's clock, may be inf) is worth nothing."""
        ticket = Ticket(Seat(share, background), deadline)
        self._tickets.add(ticket)
        self._seats[ticket.seat] += 1
        self._deadline = max(self.deadline, deadline)
        if self._seats[ticket.seat] == 1:
            self._tell()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """A waiter goes. Raises KeyError for one that is not there."""
        self._tickets.remove(ticket)
        self._seats[ticket.seat] -= 1
        self._seats = +self._seats
        self._deadline = None
        self._tell()

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever a seat or the deadline may have changed."""
        self._watching.add(changed)

    def unwatch(self, changed: Callable[[], None]) -> None:
        """Call it no more."""
        self._watching.discard(changed)

    def _tell(self) -> None:
        for changed in tuple(self._watching):
            changed()
