"""Whatever lies under a name that is not ours, or not that name's, is as good as absent, and goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from gateway.store import Place, Store
from tests.running import Clock
from tests.store.conftest import Replica
from tests.store.reading import Upstream, left_alone, until

Spoil = Callable[[Redis, str], Awaitable[object]]


async def _a_text(raw: Any, key: str) -> None:
    await raw.set(key, "nonsense, and longer than a nonce is")


async def _an_empty_text(raw: Any, key: str) -> None:
    await raw.set(key, "")


async def _a_short_text(raw: Any, key: str) -> None:
    await raw.set(key, "7")


async def _a_list(raw: Any, key: str) -> None:
    await raw.delete(key)
    await raw.rpush(key, "7")


async def _a_cut_value(raw: Any, key: str) -> None:
    await raw.set(key, (await raw.get(key))[:-1])


async def _an_altered_value(raw: Any, key: str) -> None:
    text = await raw.get(key)
    await raw.set(key, text[:-1] + bytes([text[-1] ^ 1]))


@pytest.mark.parametrize("spoil", [_a_text, _an_empty_text, _a_short_text, _a_list, _a_cut_value, _an_altered_value])
async def test_wrong_data_under_a_name_costs_a_read_and_no_error(
    replica: Replica, clock: Clock, raw: Any, spoil: Spoil
) -> None:
    one, other, upstream = replica(), replica(), Upstream(clock)
    await upstream.shared(one)
    await left_alone(raw)
    (key,) = await raw.keys("*")
    await spoil(raw, key)
    assert (await upstream.shared(other)).value == 2
    assert (await upstream.shared(one)).value == 2


@pytest.mark.parametrize("spoil", [_a_text, _a_short_text, _a_cut_value, _an_altered_value])
async def test_wrong_data_is_not_found_and_removed(store: Store, clock: Clock, raw: Any, spoil: Spoil) -> None:
    await Upstream(clock).shared(store)
    await left_alone(raw)
    (key,) = await raw.keys("*")
    await spoil(raw, key)
    assert await store.get("job", int) is None

    async def empty() -> bool:
        return not await raw.keys("*")

    await until(empty)


async def test_values_that_changed_places_are_both_read_anew(store: Store, clock: Clock, raw: Any) -> None:
    upstream = Upstream(clock)
    await upstream.shared(store, "one")
    await upstream.shared(store, "other")
    await left_alone(raw)
    one, other = await raw.keys("*")
    values = await raw.mget(one, other)
    await raw.mset({one: values[1], other: values[0]})
    assert (await upstream.shared(store, "one")).value == 2
    assert (await upstream.shared(store, "other")).value == 2


async def test_a_value_of_another_shape_is_read_anew(store: Store, clock: Clock, raw: Any) -> None:
    upstream = Upstream(clock)
    await upstream.shared(store)
    await left_alone(raw)
    assert await store.get("job", str) is None


@pytest.mark.parametrize("spoil", [_a_text, _a_list])
async def test_a_bucket_that_holds_nonsense_is_a_full_one(store: Store, raw: Any, spoil: Spoil) -> None:
    assert await store.take("bucket", interval=1000, burst=1) == Place(reserved=True, wait=0)
    (key,) = await raw.keys("*")
    await spoil(raw, key)
    assert await store.take("bucket", interval=1000, burst=1) == Place(reserved=True, wait=0)
    assert await store.take("bucket", interval=1000, burst=1) != Place(reserved=True, wait=0)


async def test_a_store_that_forgets_everything_costs_a_read_and_no_error(
    replica: Replica, clock: Clock, raw: Any
) -> None:
    one, other, upstream = replica(), replica(), Upstream(clock)
    upstream.go_on.clear()
    reader = asyncio.create_task(upstream.shared(one))
    await upstream.under_way.wait()
    await raw.flushall()
    await raw.script_flush()
    upstream.under_way.clear()
    second = asyncio.create_task(upstream.shared(other))
    await upstream.under_way.wait()
    upstream.go_on.set()
    assert {kept.value for kept in await asyncio.gather(reader, second)} <= {1, 2}
    assert (await upstream.shared(one)).value == 2
