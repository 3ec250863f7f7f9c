"""A call: its place in the budget, its attempts."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from gateway.errors import Throttled, UpstreamUnavailable
from gateway.governor.budget import Budget, Rates
from gateway.governor.errand import Errand, Seat
from gateway.governor.shared import SharedBuckets
from gateway.governor.turnstile import BudgetState, Turnstile

T = TypeVar("T")


class Governor:
    """The budgets of all targets. `chance` gives numbers from 0 up to 1, for pauses of different lengths."""

    def __init__(
        self,
        rates: Rates,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        shared: SharedBuckets | None = None,
    ) -> None:
        self._rates = rates
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._shared = shared
        self._turnstiles: dict[Budget, Turnstile] = {}

    async def call(self, budget: Budget, errand: Errand, send: Callable[[], Awaitable[T]]) -> T:
        """What `send()` gives, sent when its turn comes and again where that can help.

        Raises Throttled if no place comes before the errand's deadline, and whatever `send` raises in the end.
        """
        turnstile = self._turnstile(budget)
        await turnstile.admit(errand)
        left = self._rates.attempts
        while True:
            left -= 1
            errand.send()
            try:
                return await send()
            except Throttled as error:
                await turnstile.slow(error.retry_after_ms / 1000)
                if left == 0:
                    raise turnstile.refusal(errand, at_least_ms=error.retry_after_ms) from None
                await turnstile.admit(errand, again=True)
            except UpstreamUnavailable:
                # It may have been done all the same: what acts is not done twice.
                if left == 0 or budget.acts or not await self._admitted_again(turnstile, errand):
                    raise

    def wait_for(self, budget: Budget, share: str, *, background: bool = False) -> float:
        """Seconds that a new read of this share (a team's name) would wait now, as far as can be foreseen."""
        return self._turnstile(budget).expected((Seat(share, background),))

    def state(self) -> Mapping[Budget, BudgetState]:
        """How the budgets stand that were called from."""
        return {budget: turnstile.state() for budget, turnstile in self._turnstiles.items()}

    async def _admitted_again(self, turnstile: Turnstile, errand: Errand) -> bool:
        """Pause, so that AWS recovers and callers do not come back in step, and admit it again if that is in time."""
        pause = 0.1 + 0.3 * self._chance()
        if self._clock() + pause > errand.deadline:
            return False
        await self._sleep(pause)
        try:
            await turnstile.admit(errand, again=True)
        except Throttled:
            return False
        return True

    def _turnstile(self, budget: Budget) -> Turnstile:
        turnstile = self._turnstiles.get(budget)
        if turnstile is None:
            rate = self._rates.of(budget.operation)
            turnstile = Turnstile(budget, rate, clock=self._clock, sleep=self._sleep, shared=self._shared)
            self._turnstiles[budget] = turnstile
        return turnstile
