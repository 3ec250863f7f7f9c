"""Replicas in virtual time, and the buckets they share."""

from collections import Counter

from gateway.governor import BudgetState, Governor, Rates
from gateway.governor.bucket import Bucket
from gateway.store import Place
from tests.governor.virtual_time import LISTS, Upstream, VirtualTime


class Shared:
    """Shared buckets as a store keeps them; out of reach, or the background put off by half a second, at will."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.buckets: dict[str, Bucket] = {}
        self.asked: Counter[str] = Counter()
        self.reachable = True
        self.pressed = False
        self.sent: list[tuple[float, str]] = []
        """What all replicas sent."""

    def place(self, key: str, interval: float, *, background: bool) -> Place:
        if background and self.pressed:
            return Place(reserved=False, wait=0.5)
        now, bucket = self.time.now, self.bucket(key, interval)
        wait = bucket.at(now) - now
        bucket.take(now)
        return Place(
            reserved=True,
            wait=wait,
            pause=max(0.0, bucket.paused_until - now),
            slowed=max(0.0, bucket.whole_at - now),
        )

    def bucket(self, key: str, interval: float) -> Bucket:
        return self.buckets.setdefault(key, Bucket(1 / interval))


class Reached:
    """The shared buckets as one replica reaches them: so many seconds away, there and back."""

    def __init__(self, shared: Shared, away: float) -> None:
        self.shared, self.away = shared, away

    async def take(self, key: str, *, interval: float, burst: float, background: bool) -> Place | None:  # noqa: ARG002  # a bucket knows its burst by its rate
        await self._travel()
        self.shared.asked[key] += 1
        place = self.shared.place(key, interval, background=background) if self.shared.reachable else None
        await self._travel()
        return place

    async def slow(self, key: str, *, interval: float, burst: float, pause: float) -> None:  # noqa: ARG002  # as above
        await self._travel()
        if self.shared.reachable:
            self.shared.bucket(key, interval).slow(self.shared.time.now, pause)

    async def _travel(self) -> None:
        if self.away:
            await self.shared.time.sleep(self.away / 2)


class Replica(Upstream):
    """Calls through one replica's governor. What is sent is noted with what the others sent."""

    def __init__(self, shared: Shared, *, away: float = 0.0, rate: float = 2.0) -> None:
        self.reached = Reached(shared, away)
        rates = Rates(lists=rate)
        governor = Governor(rates, clock=shared.time.clock, sleep=shared.time.sleep, shared=self.reached)
        super().__init__(governor, shared.time)
        self.sent = shared.sent

    @property
    def state(self) -> BudgetState:
        return self.governor.state()[LISTS]
