"""Where a budget's places come from: our own bucket and, where replicas share one, a place at a time of theirs.

A replica reserves its next place when it has used the last, and when it comes gives it to whoever is next in its own
line. So replicas take turns, however much each asks and however far from the store it is; one that dies, or whose line
is empty when the place comes, has lost that place and nothing else. Our own bucket is kept up to date all the while: a
store that is lost, or has forgotten everything, makes no burst.
"""

from collections.abc import Callable
from math import inf, isinf

from gateway.governor.bucket import BREADTH, Bucket
from gateway.governor.shared import SharedBuckets


class Places:
    """The places of one budget, which replicas call `key` among themselves."""

    def __init__(self, key: str, rate: float, *, clock: Callable[[], float], shared: SharedBuckets | None) -> None:
        self.bucket = Bucket(rate)
        """Our own."""
        self._key = key
        self._interval, self._burst = 1 / rate, max(1.0, rate)
        self._clock = clock
        self._shared = None if isinf(rate) else shared
        self._reserved = False
        self._put_off_until = -inf
        self._round = self._last_round = 1.0  # how many places replicas use between two of ours, ours included

    @property
    def alone(self) -> bool:
        """Whether nobody is asked for a place."""
        return self._shared is None

    @property
    def put_off(self) -> bool:
        """Whether the background has to wait for what others do not do in the background."""
        return self._put_off_until > self._clock()

    def begin(self) -> None:
        """Somebody waits again. A place that came while nobody did is gone, and how many contend is seen anew."""
        self._reserved = self._reserved and not self.bucket.free(self._clock())
        self._round = self._last_round = 1.0

    async def reserve(self, *, background: bool) -> bool:
        """Have a place of the shared bucket, if it can be asked. Whether one was reserved just now: more is known."""
        if self._shared is None or self._reserved:
            return False
        place = await self._shared.take(self._key, interval=self._interval, burst=self._burst, background=background)
        now = self._clock()
        self._put_off_until = -inf
        if place is None:
            self._round = self._last_round = 1.0
            return False
        self.bucket.slowed_elsewhere(paused_until=now + place.pause, whole_at=now + place.slowed)
        if not place.reserved:
            self._put_off_until = now + place.wait
            return False
        self._reserved = True
        if place.wait > 0:  # else there may be more at once
            self.bucket.none_before(now + place.wait)
        # Whoever contends has a place before ours. What counts is two rounds in a row: once, many may ask by chance.
        seen = max(1.0, (place.wait - place.pause) / self.bucket.interval(now))
        self._round, self._last_round = min(seen, self._last_round), seen
        return True

    def at(self, now: float, ahead: int = 0) -> float:
        """When a place comes before which so many others of ours are used, as far as can be foreseen."""
        return self.bucket.at(now, ahead * self._round)

    def next(self, now: float) -> float:
        """When there is something to be done: a place comes, or may be asked for again."""
        return max(self._put_off_until, self.bucket.at(now))

    def free(self, now: float) -> bool:
        """Whether a place can be used now."""
        return self.next(now) <= now + BREADTH

    def use(self, now: float) -> float:
        """Use the place; what it cost, for giving it back."""
        self._reserved = False
        return self.bucket.take(now)

    def give_back(self, cost: float) -> None:
        """Whoever got the place did not use it."""
        self.bucket.give_back(cost)
        self._reserved = self._shared is not None

    async def slow(self, pause: float) -> None:
        """AWS throttled."""
        self.bucket.slow(self._clock(), pause)
        if self._shared is not None:
            await self._shared.slow(self._key, interval=self._interval, burst=self._burst, pause=pause)
