"""Several replicas, one budget; and what is left of it when they cannot ask each other."""

import asyncio
from collections import Counter

import pytest

from gateway.errors import Throttled
from gateway.governor import Governor, Rates
from tests.governor.virtual_time import LISTS, Upstream, VirtualTime, most_in_any_window


class Shared:
    """Shared buckets as a store keeps them, a moment away; out of reach at will."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.full: dict[str, float] = {}
        self.asked: Counter[str] = Counter()
        self.reachable = True
        self.away = 0.0

    async def take(self, key: str, *, interval: float, burst: float) -> float | None:
        if self.away:
            await self.time.sleep(self.away)
        self.asked[key] += 1
        if not self.reachable:
            return None
        now = self.time.now
        wait = self.full.get(key, now) - now - (burst - 1) * interval
        if wait > 1e-9:
            return wait
        self.full[key] = max(self.full.get(key, now), now) + interval
        return 0.0

    async def slow(self, key: str, seconds: float) -> None:
        if self.reachable:
            self.full[key] = max(self.full.get(key, self.time.now), self.time.now) + seconds


@pytest.fixture
def shared(time: VirtualTime) -> Shared:
    return Shared(time)


@pytest.fixture
def replicas(time: VirtualTime, shared: Shared) -> list[Upstream]:
    """Two replicas; whatever they send is in one list."""
    governors = [Governor(Rates(), clock=time.clock, sleep=time.sleep, shared=shared) for _ in range(2)]
    upstreams = [Upstream(governor, time) for governor in governors]
    upstreams[1].sent = upstreams[0].sent
    return upstreams


async def test_two_replicas_share_one_budget(replicas: list[Upstream], time: VirtualTime, shared: Shared) -> None:
    await time.run(*[replica.call(label=str(n)) for n, replica in enumerate(replicas) for _ in range(10)])
    assert replicas[0].times == pytest.approx([max(0, n - 1) / 2 for n in range(20)], abs=0.01)
    assert Counter(replicas[0].order) == {"0": 10, "1": 10}
    assert set(shared.asked) == {"111122223333/us-east-1/ListHyperParameterTuningJobs"}


async def test_a_store_that_takes_its_time_costs_no_place(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    shared.away = 0.01
    await time.run(*[replica.call() for replica in replicas for _ in range(10)])
    assert most_in_any_window(replicas[0].times, rate=2, burst=2)
    assert replicas[0].times[-1] < 9.5


async def test_without_the_store_each_replica_keeps_the_budget_by_itself(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    shared.reachable = False
    await time.run(*[replicas[0].call() for _ in range(6)])
    assert replicas[0].times == [0, 0, 0.5, 1, 1.5, 2]


async def test_losing_the_store_gives_no_burst(replicas: list[Upstream], time: VirtualTime, shared: Shared) -> None:
    calls = [asyncio.ensure_future(replica.call()) for replica in replicas for _ in range(10)]
    await time.advance(3.1)
    shared.reachable = False
    before = len(replicas[0].sent)
    await time.advance(1)
    assert len(replicas[0].sent) - before <= 2 * 2  # each at the rate, none with a burst
    await time.until_done(*calls)
    for gap in (after - before for before, after in zip(replicas[0].times, replicas[0].times[2:], strict=False)):
        assert gap >= 0


async def test_a_store_that_forgot_everything_gives_no_burst_to_who_used_its_own(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(10)]
    await time.advance(2.1)
    shared.full.clear()
    await time.until_done(*calls)
    assert most_in_any_window(replicas[0].times, rate=2, burst=2)


async def test_one_replica_throttled_slows_the_others(replicas: list[Upstream], time: VirtualTime) -> None:
    replicas[0].failures = [Throttled("no more", retry_after_ms=1_000)]
    await time.run(replicas[0].call())
    sent = len(replicas[1].sent)
    await time.run(*[replicas[1].call() for _ in range(2)])
    assert replicas[1].times[sent:] == pytest.approx([2, 3], abs=1)
    assert replicas[1].times[sent] > 1


async def test_a_place_taken_from_the_store_for_one_who_left_goes_to_the_next(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    shared.away = 0.05
    first, second = (asyncio.ensure_future(replicas[0].call(label=label)) for label in ("first", "second"))
    await time.settle()
    first.cancel()
    await time.until_done(second)
    assert replicas[0].sent == [(0.05, "second")]
    assert shared.asked.total() == 1


async def test_a_place_given_to_one_who_hung_up_is_not_asked_for_twice(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    shared.away = 0.05
    calls = [asyncio.ensure_future(replicas[0].call(label=str(n))) for n in range(4)]
    await time.advance(0.2)
    assert replicas[0].order == ["0", "1"]
    turnstile = replicas[0].governor._turnstiles[LISTS]  # noqa: SLF001  # the moment between a place given and used
    asked = shared.asked.total()
    time.now += 0.5
    turnstile._next()  # noqa: SLF001  # as above: as if the store had just said yes
    calls[2].cancel()
    await time.until_done(calls[3])
    assert replicas[0].order == ["0", "1", "3"]
    assert shared.asked.total() == asked


async def test_a_place_nobody_was_left_for_is_not_kept_for_later(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(4)]
    await time.settle()
    time.now += 0.5
    replicas[0].governor._turnstiles[LISTS]._next()  # noqa: SLF001  # as above
    calls[2].cancel()
    calls[3].cancel()
    await time.settle()
    asked = shared.asked.total()
    await time.run(replicas[0].call())
    assert shared.asked.total() > asked


async def test_when_all_have_left_the_store_is_asked_no_more(
    replicas: list[Upstream], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(4)]
    await time.settle()
    for call in calls:
        call.cancel()
    await time.settle()
    asked = shared.asked.total()
    await time.advance(10)
    assert shared.asked.total() == asked
    assert time.sleepers == 0


async def test_a_line_that_waits_for_the_store_still_keeps_its_deadlines(
    replicas: list[Upstream], time: VirtualTime
) -> None:
    busy = [asyncio.ensure_future(replicas[1].call()) for _ in range(10)]
    await time.advance(0.6)
    results = await time.run(*[replicas[0].call(deadline=time.now + 1) for _ in range(5)])
    refused = [result for result in results if isinstance(result, Throttled)]
    assert refused
    assert time.now <= 1_001.7
    await time.until_done(*busy)
