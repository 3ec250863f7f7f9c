"""Several replicas, one budget; and what is left of it when they cannot ask each other."""

import asyncio
from collections import Counter

import pytest

from gateway.errors import Throttled
from tests.governor.sharing import Replica, Shared
from tests.governor.virtual_time import LISTS, VirtualTime, most_in_any_window


@pytest.fixture
def shared(time: VirtualTime) -> Shared:
    return Shared(time)


@pytest.fixture
def replicas(shared: Shared) -> list[Replica]:
    return [Replica(shared), Replica(shared)]


async def test_two_replicas_share_one_budget(replicas: list[Replica], time: VirtualTime, shared: Shared) -> None:
    await time.run(*[replica.call(label=str(n)) for n, replica in enumerate(replicas) for _ in range(10)])
    assert replicas[0].times == pytest.approx([max(0, n - 1) / 2 for n in range(20)], abs=0.01)
    assert Counter(replicas[0].order) == {"0": 10, "1": 10}
    assert set(shared.asked) == {"111122223333/us-east-1/ListHyperParameterTuningJobs"}


async def test_a_replica_by_itself_has_the_whole_burst(replicas: list[Replica], time: VirtualTime) -> None:
    await time.run(*[replicas[0].call() for _ in range(6)])
    assert replicas[0].times == [0, 0, 0.5, 1, 1.5, 2]


async def test_a_store_that_takes_its_time_costs_no_place(time: VirtualTime, shared: Shared) -> None:
    replicas = [Replica(shared, away=0.01), Replica(shared, away=0.3)]
    await time.run(*[replica.call() for replica in replicas for _ in range(10)])
    assert replicas[0].times[-1] < 9.5
    assert most_in_any_window([time for time in replicas[0].times if time > 0.4], rate=2, burst=2)


async def test_without_the_store_each_replica_keeps_the_budget_by_itself(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    shared.reachable = False
    await time.run(*[replicas[0].call() for _ in range(6)])
    assert replicas[0].times == [0, 0, 0.5, 1, 1.5, 2]


async def test_losing_the_store_gives_no_burst(replicas: list[Replica], time: VirtualTime, shared: Shared) -> None:
    calls = [asyncio.ensure_future(replica.call()) for replica in replicas for _ in range(10)]
    await time.advance(3.1)
    shared.reachable = False
    before = len(shared.sent)
    await time.advance(1)
    assert len(shared.sent) - before <= 2 * 2  # each at the rate, none with a burst
    await time.until_done(*calls)
    for replica in replicas:
        assert replica.state.interactive == 0
    assert all(after > before for before, after in zip(replicas[0].times[2:], replicas[0].times[4:], strict=False))


async def test_a_store_that_forgot_everything_gives_no_burst_to_who_used_its_own(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(10)]
    await time.advance(2.1)
    shared.buckets.clear()
    await time.until_done(*calls)
    assert most_in_any_window(replicas[0].times, rate=2, burst=2)


async def test_a_place_taken_from_the_store_for_one_who_left_goes_to_the_next(
    time: VirtualTime, shared: Shared
) -> None:
    replica = Replica(shared, away=0.05)
    first, second = (asyncio.ensure_future(replica.call(label=label)) for label in ("first", "second"))
    await time.settle()
    first.cancel()
    await time.until_done(second)
    assert shared.sent == [(0.05, "second")]
    assert shared.asked.total() == 1


async def test_a_place_given_to_one_who_hung_up_is_not_asked_for_twice(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call(label=str(n))) for n in range(4)]
    await time.advance(0.2)
    assert replicas[0].order == ["0", "1"]
    turnstile = replicas[0].governor._turnstiles[LISTS]  # noqa: SLF001  # the moment between a place given and used
    asked = shared.asked.total()
    time.now += 0.3
    turnstile._next()  # noqa: SLF001  # as above: as if its time had just come
    calls[2].cancel()
    await time.until_done(calls[3])
    assert shared.sent[2:] == [(0.5, "3")]
    assert shared.asked.total() == asked


async def test_a_place_reserved_for_one_who_left_is_whose_who_comes_before_its_time(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(3)]
    await time.settle()
    calls[2].cancel()
    await time.advance(0.3)
    asked = shared.asked.total()
    await time.run(replicas[0].call(label="next"))
    assert shared.sent[2:] == [(0.5, "next")]
    assert shared.asked.total() == asked


async def test_a_place_whose_time_nobody_was_left_for_is_not_kept_for_later(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    calls = [asyncio.ensure_future(replicas[0].call()) for _ in range(3)]
    await time.settle()
    calls[2].cancel()
    await time.advance(60)
    asked = shared.asked.total()
    await time.run(*[replicas[0].call() for _ in range(3)])
    assert replicas[0].times[2:] == [60, 60, 60.5]
    assert shared.asked.total() == asked + 3


async def test_when_all_have_left_the_store_is_asked_no_more(
    replicas: list[Replica], time: VirtualTime, shared: Shared
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


async def test_one_replica_throttled_slows_the_others_and_all_recover_together(
    replicas: list[Replica], time: VirtualTime, shared: Shared
) -> None:
    replicas[0].failures = [Throttled("no more", retry_after_ms=1_000)]
    await time.run(replicas[0].call())
    sent = len(shared.sent)
    calls = [asyncio.ensure_future(replicas[1].call()) for _ in range(100)]
    await time.advance(8)
    assert 8 <= len(shared.sent) - sent <= 10  # of 16; half of them at first, then a little more
    assert replicas[1].state.factor == pytest.approx(replicas[0].state.factor)
    assert replicas[1].state.factor == pytest.approx(0.5 + 9 / 60)
    await time.advance(21)
    assert {replica.state.factor for replica in replicas} == {1}
    sent = len(shared.sent)
    await time.advance(8)
    assert len(shared.sent) - sent == 16
    for call in calls:
        call.cancel()


async def test_replicas_throttled_together_halve_the_rate_once(replicas: list[Replica], time: VirtualTime) -> None:
    for replica in replicas:
        replica.failures = [Throttled("no more", retry_after_ms=1_000)]
    await time.run(*[replica.call() for replica in replicas])
    assert time.now < 1_003
    assert all(replica.state.factor > 0.5 for replica in replicas)


async def test_a_replica_that_was_told_of_a_pause_does_not_halve_the_rate_for_what_was_under_way(
    replicas: list[Replica], time: VirtualTime
) -> None:
    replicas[1].takes = 0.5
    replicas[1].failures = [Throttled("no more", retry_after_ms=1_000)]
    under_way = asyncio.ensure_future(replicas[1].call())
    await time.settle()
    replicas[0].failures = [Throttled("no more", retry_after_ms=1_000)]
    other = asyncio.ensure_future(replicas[0].call())
    await time.settle()
    told = asyncio.ensure_future(replicas[1].call())
    await time.until_done(under_way, other, told)
    assert all(replica.state.factor > 0.5 for replica in replicas)
