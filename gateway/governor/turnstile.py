"""One budget at work: errands wait in its line and are let through one by one. While nobody waits nothing runs here;
while somebody does, one task and one timer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from math import ceil

from gateway.errors import Throttled
from gateway.governor.bucket import BREADTH
from gateway.governor.budget import Budget
from gateway.governor.errand import Errand, Seat
from gateway.governor.line import Line
from gateway.governor.places import Places
from gateway.governor.shared import SharedBuckets


@dataclass(frozen=True, slots=True)
class BudgetState:
    """How a budget stands."""

    left: float
    """Calls that could be made at once."""
    interactive: int
    """Errands somebody waits for."""
    background: int
    """Errands nobody waits for but what goes on in the background."""
    factor: float
    """Which part of its rate it goes at, since AWS throttled."""
    waited: float = 0.0
    """Seconds that errands have stood in line, in all."""
    refused: int = 0
    """Errands that got no place in time."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A call that waits for its place."""

    errand: Errand
    through: asyncio.Future[bool]
    """Whether it got its place, or its deadline passed."""
    cost: float = 0.0


class Turnstile:
    """One budget. `clock` counts seconds and never goes back; `sleep` waits for so many of them."""

    def __init__(
        self,
        budget: Budget,
        rate: float,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        shared: SharedBuckets | None,
    ) -> None:
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._places = Places(budget.key, rate, clock=clock, shared=shared)
        self._line: Line[_Waiting] = Line()
        self._letting_through: asyncio.Task[None] | None = None
        self._alarm: asyncio.Future[object] | None = None
        self._waited_for, self._refused = 0.0, 0

    async def admit(self, errand: Errand, *, again: bool = False) -> None:
        """Wait for a place: behind the others of its shares, or before them if it comes `again`. Raises Throttled."""
        now = self._clock()
        if not self._line and self._places.alone and now <= errand.deadline and self._places.free(now):
            self._places.use(now)
            return
        if not self._in_time(errand, again=again):
            self._refused += 1
            raise self.refusal(errand)
        waiting = _Waiting(errand, asyncio.get_running_loop().create_future())
        if not await self._waited(waiting, again=again):
            self._refused += 1
            raise self.refusal(errand)

    def expected(self, seats: tuple[Seat, ...], *, again: bool = False) -> float:
        """Seconds until one who came now to these seats would have a place, as things stand."""
        now = self._clock()
        return self._places.at(now, self._line.ahead(seats, first=again)) - now

    def refusal(self, errand: Errand, *, at_least_ms: int = 1) -> Throttled:
        """What an errand is told that gets no place, or none again: when to come back."""
        # Rounded first: a float's breadth above a whole millisecond is no millisecond more.
        wait = ceil(round(self.expected(errand.seats) * 1000, 3))
        return Throttled(
            f"SageMaker takes no more {self._budget.operation} calls for now.", retry_after_ms=max(at_least_ms, wait)
        )

    async def slow(self, pause: float) -> None:
        """AWS throttled."""
        await self._places.slow(pause)

    def state(self) -> BudgetState:
        """How the budget stands."""
        now, bucket = self._clock(), self._places.bucket
        return BudgetState(bucket.left(now), *self._line.waiting(), bucket.factor(now), self._waited_for, self._refused)

    def _in_time(self, errand: Errand, *, again: bool) -> bool:
        """Whether the place would come before the deadline."""
        now = self._clock()
        # Cheap, and enough while the line is short: in time even as the very last.
        if self._places.at(now, len(self._line)) <= errand.deadline:
            return True
        return now + self.expected(errand.seats, again=again) <= errand.deadline + BREADTH

    async def _waited(self, waiting: _Waiting, *, again: bool) -> bool:
        """Wait in the line, for as long as the errand's waiters do."""

        def changed() -> None:
            if waiting in self._line:
                self._line.reseat(waiting, waiting.errand.seats)
                self._wake()

        errand, began = waiting.errand, self._clock()
        self._line.enter(waiting, errand.seats, first=again)
        errand.watch(changed)
        try:
            self._begin()
            return await waiting.through
        except asyncio.CancelledError:
            self._called_off(waiting)
            raise
        finally:
            errand.unwatch(changed)
            self._waited_for += self._clock() - began

    def _called_off(self, waiting: _Waiting) -> None:
        """Leave the line; or hand on the place that came too late."""
        if waiting in self._line:
            self._line.leave(waiting)
        elif waiting.cost and not waiting.through.cancelled():
            self._places.give_back(waiting.cost)
        self._wake()

    def _begin(self) -> None:
        """Have somebody at the turnstile. Whose deadline is before its next waking was not let in."""
        if self._letting_through is None:
            self._places.begin()
            # In a context of its own: it belongs to no request.
            self._letting_through = asyncio.create_task(self._let_through(), name="turnstile", context=Context())
        elif self._places.put_off and self._line.pressing:
            self._wake()

    def _wake(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    async def _let_through(self) -> None:
        try:
            while self._line:
                if await self._places.reserve(background=not self._line.pressing):
                    self._refuse_hopeless()
                elif self._places.put_off and self._line.pressing:
                    continue  # somebody has come meanwhile who need not be put off
                elif self._places.free(self._clock()):
                    self._next()
                else:
                    await self._rest()
        except Exception as error:  # noqa: BLE001  # a bug: whoever waits must hear of it, not wait for ever
            for waiting in self._line:
                self._line.leave(waiting)
                if not waiting.through.done():
                    waiting.through.set_exception(error)
        finally:
            self._letting_through = None

    async def _rest(self) -> None:
        """Sleep until there is a place, a deadline passes, or somebody comes or goes whom that concerns."""
        now = self._clock()
        self._refuse_before(now + BREADTH)
        if not self._line:
            return
        wakes_at = min([self._places.next(now), *[waiting.errand.deadline for waiting in self._line]])
        self._alarm = asyncio.ensure_future(self._sleep(wakes_at - now))
        try:
            await asyncio.wait((self._alarm,))
        finally:
            self._alarm.cancel()
            self._alarm = None

    def _next(self) -> None:
        """Let the next one through."""
        now = self._clock()
        self._refuse_before(now - BREADTH)
        if (waiting := self._line.serve()) is not None:
            waiting.cost = self._places.use(now)
            waiting.through.set_result(True)

    def _refuse_hopeless(self) -> None:
        """Whoever cannot be through in time, as the shared bucket stands, need not wait for it."""
        now, ahead = self._clock(), 0
        for waiting in self._line.foretold():
            if self._places.at(now, ahead) <= waiting.errand.deadline + BREADTH:
                ahead += 1
            else:
                self._refuse(waiting)

    def _refuse_before(self, moment: float) -> None:
        """Whoever had to be through before this moment waits in vain."""
        for waiting in self._line:
            # One that was called off may not have come round to leaving.
            if waiting.through.cancelled() or waiting.errand.deadline < moment:
                self._refuse(waiting)

    def _refuse(self, waiting: _Waiting) -> None:
        self._line.leave(waiting)
        if not waiting.through.cancelled():
            waiting.through.set_result(False)
