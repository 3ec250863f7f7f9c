"""A place with tuning jobs in it: plans, and the clock by which they come true."""

from collections.abc import Callable

from gateway.standin.plan import TuningJobPlan
from gateway.standin.scope import CallerScope
from gateway.standin.worlds.shelf import Shelf
from gateway.standin.worlds.sight import Sight


class World:
    """Begins at the moment it is built.

    `clock` tells epoch seconds; with a `speed` of 60, an hour of the world passes in a minute of the clock.
    """

    def __init__(self, clock: Callable[[], float], *, speed: float = 1.0) -> None:
        self.clock = clock
        self.origin = clock()
        self._speed = speed
        self._shelves: dict[CallerScope, Shelf] = {}

    def add(self, plan: TuningJobPlan) -> TuningJobPlan:
        """Puts a tuning job into the world and hands it back. Raises ValueError if one of its names is taken."""
        self._shelf(CallerScope(plan.account, plan.region)).put(plan)
        return plan

    def now(self, *, ago: float = 0.0) -> float:
        """The time in this world, in epoch seconds; or what it was `ago` seconds of the clock before."""
        return self.origin + (self.clock() - ago - self.origin) * self._speed

    def sight(self, scope: CallerScope, *, ago: float = 0.0) -> Sight:
        """What an account sees in a region now, or `ago` seconds before. A scope nobody works in is empty, no error."""
        return Sight(self._shelf(scope), scope, self.now(ago=ago))

    def _shelf(self, scope: CallerScope) -> Shelf:
        return self._shelves.setdefault(scope, Shelf(self.origin))
