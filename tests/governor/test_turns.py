"""Replicas take turns, and know what they can promise."""

import asyncio
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import Throttled
from tests.governor.sharing import Replica, Shared
from tests.governor.virtual_time import LISTS, Upstream, VirtualTime, in_a_loop


@pytest.fixture
def shared(time: VirtualTime) -> Shared:
    return Shared(time)


@pytest.mark.parametrize("busy", [1, 3, 7])
@pytest.mark.parametrize("away", [0.0, 0.001, 0.3])
async def test_a_hundred_reads_elsewhere_delay_a_replicas_first_by_one_call_of_each_other_replica(
    time: VirtualTime, shared: Shared, busy: int, away: float
) -> None:
    others, far = [Replica(shared) for _ in range(busy)], Replica(shared, away=away)
    waiting = [asyncio.ensure_future(other.call("vision")) for other in others for _ in range(100)]
    await time.advance(3.1)
    began, before = time.now, len(shared.sent)
    await time.run(far.call("nlp"))
    assert len(shared.sent) - before <= busy + 1
    assert time.now - began <= (busy + 1) * 0.5 + away
    for call in waiting:
        call.cancel()


async def test_replicas_take_turns_however_near_the_store_each_is(time: VirtualTime, shared: Shared) -> None:
    replicas = [Replica(shared, away=away) for away in (0.0, 0.01, 0.1)]
    calls = [asyncio.ensure_future(each.call(label=str(n))) for n, each in enumerate(replicas) for _ in range(100)]
    await time.advance(30)
    shares = [sum(label == str(n) for _, label in shared.sent) for n in range(3)]
    assert sum(shares) >= 60
    assert max(shares) - min(shares) <= 3  # the nearest had what could be taken at once
    for call in calls:
        call.cancel()


async def test_a_replica_that_dies_loses_the_place_it_had_reserved_and_no_more(
    time: VirtualTime, shared: Shared
) -> None:
    dying, other = Replica(shared), Replica(shared)
    lost = [asyncio.ensure_future(dying.call("lost")) for _ in range(10)]
    calls = [asyncio.ensure_future(other.call("vision")) for _ in range(10)]
    await time.advance(2.1)
    for call in lost:
        call.cancel()
    sent = len(shared.sent)
    await time.advance(3)
    assert len(shared.sent) - sent == 6 - 1
    await time.until_done(*calls)


async def test_what_cannot_be_in_time_while_replicas_contend_is_refused_at_once(
    time: VirtualTime, shared: Shared
) -> None:
    replicas = [Replica(shared) for _ in range(4)]
    calls = [asyncio.ensure_future(replica.call()) for replica in replicas for _ in range(30)]
    await time.advance(6)
    began = time.now
    *early, late = await time.run(*[replicas[0].call("nlp", deadline=began + 5) for _ in range(4)])
    assert early[:2] == ["nlp", "nlp"]  # in every other turn of a round of two seconds
    assert isinstance(late, Throttled)
    assert late.retry_after_ms == pytest.approx(9_000, abs=2_000)
    for call in calls:
        call.cancel()


async def test_whoever_is_refused_is_told_before_the_deadline_and_whoever_is_not_is_in_time(
    time: VirtualTime, shared: Shared
) -> None:
    replicas = [Replica(shared) for _ in range(4)]
    told: list[float] = []

    async def read(replica: Replica) -> None:
        try:
            await replica.call(deadline=1_005)
        except Throttled:
            told.append(time.now - 1_000)

    await time.run(*[read(replica) for replica in replicas for _ in range(10)])
    assert len(shared.sent) == 12  # two at once, and two a second: none was refused for whom there was a place
    assert len(told) == 28
    assert max(told) <= 4
    assert sorted(told)[len(told) // 2] <= 2


async def test_one_read_of_each_of_many_replicas_has_nobody_refused(time: VirtualTime, shared: Shared) -> None:
    replicas = [Replica(shared) for _ in range(8)]
    once = [asyncio.ensure_future(other.call()) for other in replicas[1:]]
    await time.settle()
    results = await time.run(*[replicas[0].call(deadline=time.now + 9) for _ in range(10)])
    assert results == ["vision"] * 10
    await time.until_done(*once)


async def test_pauses_are_not_taken_for_a_crowd(time: VirtualTime, shared: Shared) -> None:
    replica, other = Replica(shared), Replica(shared)
    calls = [asyncio.ensure_future(replica.call(deadline=time.now + 40)) for _ in range(8)]
    for _ in range(2):
        await time.settle()
        await other.reached.slow(LISTS.key, interval=0.5, burst=2, pause=10)
        await time.advance(9.9)
    assert not any(call.done() and call.exception() for call in calls)
    await time.until_done(*calls)
    assert len(shared.sent) == 8


async def test_a_read_whose_first_place_comes_too_late_is_told_when_to_come(time: VirtualTime, shared: Shared) -> None:
    replica, other = Replica(shared), Replica(shared)
    await other.reached.slow(LISTS.key, interval=0.5, burst=2, pause=5)
    (error,) = await time.run(replica.call(deadline=time.now + 2))
    assert isinstance(error, Throttled)
    assert error.retry_after_ms == pytest.approx(5_000, abs=1)
    assert time.now == 1_000
    await time.advance(4.9)
    assert await time.run(replica.call(deadline=time.now + 2)) == ["vision"]
    assert shared.asked.total() == 1


async def test_what_is_put_off_asks_again(time: VirtualTime, shared: Shared) -> None:
    replica = Replica(shared)
    shared.pressed = True
    poll = asyncio.ensure_future(replica.call("poll", background=True))
    await time.advance(1.2)
    assert (shared.sent, shared.asked.total()) == ([], 3)
    shared.pressed = False
    await time.until_done(poll)
    assert shared.sent == [(1.5, "poll")]


async def test_what_is_put_off_keeps_its_deadline(time: VirtualTime, shared: Shared) -> None:
    replica = Replica(shared)
    shared.pressed = True
    (error,) = await time.run(replica.call("poll", background=True, deadline=time.now + 0.7))
    assert isinstance(error, Throttled)
    assert time.now == pytest.approx(1_000.7)


@pytest.mark.parametrize("after", [0.1, 0.3])
async def test_whoever_comes_to_a_replica_that_is_put_off_is_not(
    time: VirtualTime, shared: Shared, after: float
) -> None:
    replica = Replica(shared, away=0.2)  # it comes while the store is asked, or after that
    shared.pressed = True
    poll = asyncio.ensure_future(replica.call("poll", background=True))
    await time.advance(after)
    person = asyncio.ensure_future(replica.call("person"))
    await time.until_done(person)
    assert shared.sent == [(max(after, 0.2) + 0.2, "person")]
    poll.cancel()


COMERS = st.lists(
    st.tuples(
        st.floats(0, 20),  # comes at
        st.sampled_from(["vision", "nlp", "speech"]),
        st.one_of(st.just(inf), st.floats(0, 10)),  # patience
        st.booleans(),  # background
    ),
    max_size=40,
)
Comer = tuple[float, str, float, bool]


@settings(deadline=None)
@given(COMERS, st.sampled_from([0.5, 1.0, 2.0, 3.7, 10.0]))
def test_a_replica_that_shares_with_nobody_serves_and_refuses_as_one_without_a_store(
    comers: list[Comer], rate: float
) -> None:
    async def example(*, sharing: bool) -> tuple[list[tuple[float, str]], list[str]]:
        time = VirtualTime()
        upstream: Upstream = Replica(Shared(time), rate=rate)
        refused: list[str] = []
        if not sharing:
            upstream.governor._shared = None  # noqa: SLF001  # before the first call

        async def come(label: str, comer: Comer) -> None:
            at, share, patience, background = comer
            await time.sleep(at)
            try:
                await upstream.call(share, deadline=time.now + patience, background=background, label=label)
            except Throttled:
                refused.append(label)

        await time.run(*[come(str(n), comer) for n, comer in enumerate(comers)])
        return upstream.sent, sorted(refused)

    async def both() -> None:
        assert await example(sharing=True) == await example(sharing=False)

    in_a_loop(both)
