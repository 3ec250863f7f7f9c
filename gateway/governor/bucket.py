"""When the next place comes: the generic cell rate algorithm (a token bucket kept as one moment), with an interval that
grows when AWS throttles and shrinks again with time. Pure: the clock's reading is handed in, and nobody waits here.

In any span of t seconds, no more than burst + rate * t places are taken, slowed or not. The bucket that replicas share
goes by the same rules, in the store's own language.
"""

import math

_LEAST_FACTOR = 1 / 8
_REGAINS = 60.0  # seconds from nothing to the full rate: half of it is back after 30
BREADTH = 1e-6  # seconds; a sleep until a moment may end a float's breadth before it


class Bucket:
    """One bucket, full when new. All moments are in the seconds of one clock that never goes back."""

    def __init__(self, rate: float) -> None:
        self._full_interval = 1 / rate
        self._burst = max(1.0, rate)
        # How far `_due` may lie ahead. It does not grow with the interval: a slowed bucket gains no place by it.
        self._leeway = 0.0 if math.isinf(rate) else (self._burst - 1) * self._full_interval
        self._due = -math.inf  # when the bucket is full again
        self.paused_until = -math.inf
        """Since AWS throttled."""
        self.whole_at = -math.inf
        """When it is back at its full rate."""

    def free(self, now: float) -> bool:
        """Whether a place can be taken now."""
        return self.at(now) <= now + BREADTH

    def at(self, now: float, ahead: float = 0) -> float:
        """When a place comes before which so many others are taken, at the rate of now."""
        return max(now, max(self._due, now) + ahead * self.interval(now) - self._leeway)

    def take(self, now: float) -> float:
        """Take a place, free or not; what it cost, for giving it back."""
        cost = self.interval(now)
        self._due = max(self._due, now) + cost
        return cost

    def give_back(self, cost: float) -> None:
        """A place that was taken was not used."""
        self._due -= cost

    def none_before(self, moment: float) -> None:
        """The next place comes at this moment or later, and the one after it no sooner than an interval after that."""
        self._due = max(self._due, moment + self._leeway)

    def slow(self, now: float, pause: float) -> None:
        """AWS throttled: no place for `pause` seconds, and half the rate, which comes back by and by.

        Calls that were under way together are throttled together: that halves the rate once.
        """
        if math.isinf(self._burst):
            return
        if now >= self.paused_until:
            self.whole_at = now + (1 - max(_LEAST_FACTOR, self.factor(now) / 2)) * _REGAINS
        self.paused_until = max(self.paused_until, now + pause)
        self.none_before(now + pause)

    def slowed_elsewhere(self, *, paused_until: float, whole_at: float) -> None:
        """Another has been throttled: no less slow than it is."""
        self.paused_until = max(self.paused_until, paused_until)
        self.whole_at = max(self.whole_at, whole_at)

    def interval(self, now: float) -> float:
        """Seconds between two places."""
        return self._full_interval / self.factor(now)

    def factor(self, now: float) -> float:
        """Which part of its rate the bucket goes at."""
        return 1 - max(0.0, self.whole_at - now) / _REGAINS

    def left(self, now: float) -> float:
        """How many places could be taken now, at its full rate."""
        if math.isinf(self._burst):
            return math.inf
        return max(0.0, self._burst - max(0.0, self._due - now) / self._full_interval)
