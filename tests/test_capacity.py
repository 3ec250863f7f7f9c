"""Places among the requests in hand: who gets one, who waits, who is turned away, and when time is up."""

import asyncio
from collections.abc import Sequence
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.capacity import Capacity, CapacityOptions
from gateway.config.settings import Settings
from gateway.errors import DeadlineExceeded, Overloaded
from tests.running import Clock


class Request:
    """Holds a place until told."""

    def __init__(self, capacity: Capacity) -> None:
        self.begun = False
        self._capacity = capacity
        self._over = asyncio.Event()
        self.task = asyncio.create_task(self._hold())

    async def _hold(self) -> None:
        async with self._capacity.held():
            self.begun = True
            await self._over.wait()

    async def end(self) -> None:
        self._over.set()
        await asyncio.wait((self.task,))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def capacity(concurrency: int = 1, queue: int = 10, timeout: float = 60, patience: float = inf) -> Capacity:
    return Capacity(CapacityOptions(concurrency, queue, timeout, 60 if patience == inf else patience))


async def test_whoever_has_waited_longest_gets_the_place_that_is_given_back() -> None:
    places = capacity()
    first, second, third = (Request(places) for _ in range(3))
    await settle()
    assert (places.in_hand, places.queued) == (1, 2)
    await first.end()
    await settle()
    assert (second.begun, third.begun) == (True, False)
    await second.end()
    await third.end()
    assert (places.in_hand, places.queued) == (0, 0)


async def test_where_the_queue_is_full_nobody_waits() -> None:
    places = capacity(queue=1)
    held = [Request(places) for _ in range(2)]
    await settle()
    with pytest.raises(Overloaded):
        async with places.held():
            pass
    for each in held:
        await each.end()
    assert places.in_hand == 0


async def test_whoever_has_waited_long_enough_is_turned_away() -> None:
    places = capacity(patience=0.01)
    first = Request(places)
    await settle()
    with pytest.raises(Overloaded):
        async with places.held():
            pass
    assert (places.in_hand, places.queued) == (1, 0)
    await first.end()


def test_whoever_is_turned_away_knows_within_a_tenth_of_a_second() -> None:
    patience = CapacityOptions().patience
    assert patience <= 0.07  # the loop, busy as it is then, takes the rest
    assert f" {patience * 1000:.0f} ms " in str(Settings.model_fields["queue"].description)


async def test_whoever_hangs_up_just_as_it_gets_a_place_hands_it_on() -> None:
    places = capacity()
    first, second, third = (Request(places) for _ in range(3))
    await settle()
    first.task.cancel()
    await asyncio.sleep(0)  # it has given its place to the second, which does not know of it yet
    second.task.cancel()
    await settle()
    assert third.begun
    await third.end()
    assert (places.in_hand, places.queued) == (0, 0)


async def test_what_takes_too_long_is_ended_and_its_place_is_free() -> None:
    places = capacity(timeout=0.01)
    late = Request(places)
    await asyncio.wait((late.task,))
    with pytest.raises(DeadlineExceeded, match="GATEWAY_REQUEST_TIMEOUT"):
        late.task.result()
    assert places.in_hand == 0
    assert late.task.cancelling() == 0  # whoever catches it can go on


async def test_nobody_is_ended_before_its_time_and_everybody_at_it() -> None:
    clock = Clock()
    places = Capacity(CapacityOptions(concurrency=2, queue=0, timeout=0.01), clock=clock)
    first = Request(places)
    await settle()
    clock.advance(0.006)
    second = Request(places)
    for ended, other, left in ((first, second, 0.004), (second, first, 0.006)):
        await asyncio.wait((first.task, second.task), timeout=0.03)
        assert not ended.task.done()  # however long it took: by this clock it has time left
        clock.advance(left)
        await asyncio.wait((ended.task,), timeout=30)
        assert isinstance(ended.task.exception(), DeadlineExceeded)
        assert other.task.done() is (other is first)


async def test_each_has_its_own_time() -> None:
    places = capacity(concurrency=3, timeout=0.05)
    first = Request(places)
    await asyncio.sleep(0.03)
    second = Request(places)
    await asyncio.wait((first.task,))
    assert not second.task.done()
    await second.end()
    assert second.task.exception() is None


async def test_a_caller_who_hangs_up_is_not_told_that_time_is_up() -> None:
    places = capacity()
    gone = Request(places)
    await settle()
    gone.task.cancel()
    await asyncio.wait((gone.task,))
    assert gone.task.cancelled()


async def test_what_has_no_end_gives_its_place_back_and_has_all_the_time() -> None:
    places = capacity(timeout=0.01)

    async def stream() -> str:
        async with places.held():
            places.let_go()
            assert places.in_hand == 0
            await asyncio.sleep(0.03)
            async with places.held():  # one query on it is like any other
                assert places.in_hand == 1
        return "heard to the end"

    assert await asyncio.create_task(stream()) == "heard to the end"
    assert places.in_hand == 0


_STEPS = st.lists(st.tuples(st.sampled_from(["come", "end", "hang up"]), st.integers(0, 30)), max_size=40)


@given(steps=_STEPS, concurrency=st.integers(1, 4), queue=st.integers(0, 4))
def test_whatever_comes_and_goes_places_are_neither_lost_nor_made(
    steps: Sequence[tuple[str, int]], concurrency: int, queue: int
) -> None:
    async def run() -> None:
        places, there = capacity(concurrency, queue), list[Request]()
        for step, which in steps:
            if step == "come":
                there.append(Request(places))
            elif there:
                one = there[which % len(there)]
                one._over.set() if step == "end" else one.task.cancel()  # noqa: SLF001  # without waiting for it
            if which % 2:
                await settle()
            assert places.in_hand <= concurrency
            assert places.queued <= queue
        for each in there:
            each._over.set()  # noqa: SLF001  # as above
        await asyncio.wait([each.task for each in there]) if there else None
        assert (places.in_hand, places.queued) == (0, 0)
        failures = [each.task.exception() for each in there if not each.task.cancelled()]
        assert all(failure is None or isinstance(failure, Overloaded) for failure in failures)

    asyncio.run(run())
