"""Who is next. Pure: no clock, no rates.

1. Interactive before background; but one place in ten is background's while it waits. Watchers poll in the background,
   and would show the same moment for ever if a busy team could keep them out altogether.
2. Round robin between shares. A share that comes anew is level with those that wait: it neither waits for their
   backlogs nor makes up for the time it did not ask.
3. First come, first served within a share.

What waits in several seats goes when the first of them would.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from gateway.governor.errand import Seat

T = TypeVar("T")
_PASSED_OVER = 9  # interactive places in a row, at most, while background waits


@dataclass(slots=True)
class _Ring(Generic[T]):
    """Shares that take turns. A turn is a round and, within the round, an order."""

    queues: dict[str, OrderedDict[T, None]] = field(default_factory=dict)
    turns: dict[str, tuple[int, int]] = field(default_factory=dict)
    round: int = 0
    order: int = 0

    def enter(self, share: str, item: T, *, first: bool) -> None:
        if share not in self.queues:
            self.queues[share] = OrderedDict()
            self.turns[share] = max(self.turns.get(share, (0, 0)), self._turn(self.round))
        self.queues[share][item] = None
        if first:
            self.queues[share].move_to_end(item, last=False)

    def leave(self, share: str, item: T) -> None:
        del self.queues[share][item]
        if not self.queues[share]:
            del self.queues[share]

    def next(self) -> T:
        """The item whose turn it is; its share's next turn is in the next round."""
        share = min(self.queues, key=self.turns.__getitem__)
        self.round, _ = self.turns[share]
        self.turns[share] = self._turn(self.round + 1)
        return next(iter(self.queues[share]))

    def copy(self) -> "_Ring[T]":
        queues = {share: queue.copy() for share, queue in self.queues.items()}
        return replace(self, queues=queues, turns=self.turns.copy())

    def _turn(self, round_: int) -> tuple[int, int]:
        self.order += 1
        return round_, self.order


class Line(Generic[T]):
    """Those who wait."""

    def __init__(self) -> None:
        self._seats: dict[T, tuple[Seat, ...]] = {}
        self._interactive: _Ring[T] = _Ring()
        self._background: _Ring[T] = _Ring()
        self._passed_over = 0
        self._foreseen: dict[tuple[tuple[Seat, ...], bool], int] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._seats))

    def __contains__(self, item: T) -> bool:
        return item in self._seats

    def enter(self, item: T, seats: Iterable[Seat], *, first: bool = False) -> None:
        """Wait in these seats, before all others of these shares if `first`."""
        self._seats[item] = ()
        self._sit(item, tuple(seats), first=first)

    def reseat(self, item: T, seats: Iterable[Seat]) -> None:
        """Wait in these seats from now on: at the end of new ones, and no longer in those not named."""
        self._sit(item, tuple(seats), first=False)

    def leave(self, item: T) -> None:
        """Wait no longer."""
        self._sit(item, (), first=False)
        del self._seats[item]
        if not self._seats:  # nobody is owed anything: whoever comes next begins level
            self._interactive, self._background = _Ring(), _Ring()

    def serve(self) -> T | None:
        """Who is next, and waits no longer; None if nobody has a seat."""
        owed = self._passed_over >= _PASSED_OVER or not self._interactive.queues
        ring = self._background if self._background.queues and owed else self._interactive
        if not ring.queues:
            return None
        passed = ring is self._interactive and self._background.queues
        self._passed_over = self._passed_over + 1 if passed else 0
        item = ring.next()
        self.leave(item)
        return item

    def ahead(self, seats: tuple[Seat, ...], *, first: bool = False) -> int:
        """How many would be served before one who came now to these seats, if nobody else came."""
        if not self._seats or not seats:
            return len(self._seats)
        if (known := self._foreseen.get((seats, first))) is None:
            known = self._foreseen[seats, first] = self._played(seats, first=first)
        return known

    def foretold(self) -> Iterator[T]:
        """Those who wait, in the order in which they would be served if nobody else came."""
        return iter(self._twin().serve, None)

    @property
    def pressing(self) -> bool:
        """Whether anybody waits interactively."""
        return bool(self._interactive.queues)

    def waiting(self) -> tuple[int, int]:
        """How many wait interactively, and how many in the background alone."""
        background = sum(all(seat.background for seat in seats) for seats in self._seats.values())
        return len(self._seats) - background, background

    def _sit(self, item: T, seats: tuple[Seat, ...], *, first: bool) -> None:
        held = self._seats[item]
        for seat in held:
            if seat not in seats:
                self._ring(seat).leave(seat.share, item)
        for seat in seats:
            if seat not in held:
                self._ring(seat).enter(seat.share, item, first=first)
        self._seats[item] = seats
        self._foreseen.clear()

    def _ring(self, seat: Seat) -> _Ring[T]:
        return self._background if seat.background else self._interactive

    def _played(self, seats: tuple[Seat, ...], *, first: bool) -> int:
        """As `ahead`, by playing it on a copy: what is foretold is what is done."""
        twin: Line[Any] = self._twin()
        newcomer = object()
        twin.enter(newcomer, seats, first=first)
        served = 0
        while twin.serve() is not newcomer:
            served += 1
        return served

    def _twin(self) -> "Line[T]":
        twin: Line[T] = Line()
        twin._seats = self._seats.copy()
        twin._interactive, twin._background = self._interactive.copy(), self._background.copy()
        twin._passed_over = self._passed_over
        return twin
