"""One replica reads, all have the value; and whatever becomes of the one, the others go on."""

import asyncio
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from gateway.store import Kept, Store
from tests.running import Clock
from tests.store.conftest import SECRET, Replica
from tests.store.proxy import Fault, Proxy
from tests.store.reading import LIFE, Upstream, left_alone, until


@pytest.fixture
def upstream(clock: Clock) -> Upstream:
    return Upstream(clock)


async def test_two_hundred_callers_of_two_replicas_cost_one_read_per_name(replica: Replica, upstream: Upstream) -> None:
    replicas, names = (replica(), replica()), ("one", "other", "third")
    upstream.go_on.clear()
    callers = [
        asyncio.create_task(upstream.shared(replicas[number % 2], name)) for number in range(200) for name in names
    ]
    await upstream.under_way.wait()
    await asyncio.sleep(0.05)
    upstream.go_on.set()
    answers = await asyncio.gather(*callers)
    assert {kept.value for kept in answers} == {1}
    assert upstream.begun == dict.fromkeys(names, 1)


async def test_a_replica_that_comes_later_finds_what_another_has_read(
    replica: Replica, upstream: Upstream, clock: Clock
) -> None:
    assert await upstream.shared(replica()) == Kept(1, clock(), LIFE)
    assert await upstream.shared(replica()) == Kept(1, clock(), LIFE)
    assert await replica().get("job", int) == Kept(1, clock(), LIFE)
    assert await replica().get("another job", int) is None


async def test_who_reads_does_not_wait_until_the_others_can_have_it(
    replica: Replica, upstream: Upstream, proxy: Proxy
) -> None:
    upstream.go_on.clear()
    reader = asyncio.create_task(upstream.shared(replica(f"redis://127.0.0.1:{proxy.port}")))
    await upstream.under_way.wait()
    await proxy.suffer(Fault.DELAYED)
    upstream.go_on.set()
    async with asyncio.timeout(5):  # the store is waited for ten seconds
        assert (await reader).value == 1
    await proxy.suffer(None)
    assert (await upstream.shared(replica())).value == 1


async def test_who_closes_its_store_has_given_the_others_what_it_read(
    replica: Replica, upstream: Upstream, clock: Clock
) -> None:
    reader = replica()
    await upstream.shared(reader)
    await reader.close()
    assert await replica().get("job", int) == Kept(1, clock(), LIFE)


async def test_a_stale_value_is_read_anew_by_one_and_can_be_had_meanwhile(
    replica: Replica, upstream: Upstream, clock: Clock
) -> None:
    one, other = replica(), replica()
    await upstream.shared(one)
    clock.advance(LIFE)
    upstream.go_on.clear()
    callers = [asyncio.create_task(upstream.shared(store)) for store in (one, other) for _ in range(5)]
    await until(lambda: upstream.begun["job"] == 2)
    assert await other.get("job", int) == Kept(1, clock() - LIFE, LIFE)
    upstream.go_on.set()
    assert {kept.value for kept in await asyncio.gather(*callers)} == {2}


async def test_a_reader_who_hangs_up_leaves_the_reading_to_another_at_once(
    replica: Replica, upstream: Upstream
) -> None:
    upstream.go_on.clear()
    first = asyncio.create_task(upstream.shared(replica()))
    await upstream.under_way.wait()
    others = [asyncio.create_task(upstream.shared(replica())) for _ in range(5)]
    first.cancel()
    await until(lambda: upstream.begun["job"] == 2)  # the lease would last a minute
    upstream.go_on.set()
    assert {kept.value for kept in await asyncio.gather(*others)} == {2}


async def test_who_hangs_up_before_hearing_that_it_is_to_read_keeps_nobody_waiting(
    replica: Replica, upstream: Upstream, proxy: Proxy, raw: Any
) -> None:
    store = replica(f"redis://127.0.0.1:{proxy.port}")
    await store.get("job", int)  # connected
    await proxy.suffer(Fault.DELAYED)
    caller = asyncio.create_task(upstream.shared(store))
    await until(lambda: raw.keys("tg:*:lease"))
    caller.cancel()
    await asyncio.wait([caller])
    await proxy.suffer(None)
    await left_alone(raw)
    assert upstream.begun["job"] == 0


async def test_who_does_not_hear_in_time_that_it_is_to_read_keeps_nobody_waiting(
    replica: Replica, upstream: Upstream, proxy: Proxy, raw: Any
) -> None:
    store = replica(f"redis://127.0.0.1:{proxy.port}", timeout=0.2)
    await store.get("job", int)  # connected
    await proxy.suffer(Fault.DELAYED)
    caller = asyncio.create_task(upstream.shared(store))
    upstream.go_on.clear()
    await upstream.under_way.wait()  # alone
    await proxy.suffer(None)
    await left_alone(raw)
    upstream.go_on.set()
    assert (await caller).value == 1


async def test_a_failure_is_its_readers_own_and_one_of_those_who_wait_reads_next(
    replica: Replica, upstream: Upstream
) -> None:
    upstream.go_on.clear()
    upstream.failure = TimeoutError("no answer")
    first = asyncio.create_task(upstream.shared(replica()))
    await upstream.under_way.wait()
    others = [asyncio.create_task(upstream.shared(replica())) for _ in range(10)]
    upstream.go_on.set()
    with pytest.raises(TimeoutError, match="no answer"):
        await first
    assert {kept.value for kept in await asyncio.gather(*others)} == {2}
    assert upstream.begun["job"] == 2


READER = f"""
import asyncio, sys
from gateway.store import Store, StoreOptions

async def read():
    print("reading", flush=True)
    await asyncio.sleep(600)

async def main():
    store = Store(StoreOptions(sys.argv[1], 10.0, 0.5), ({SECRET!r},))
    await store.shared("job", int, read, keep=lambda _: 1, usable=lambda _: True)

asyncio.run(main())
"""


async def test_when_the_reading_process_dies_another_takes_over_once_its_lease_has_lapsed(
    replica: Replica, upstream: Upstream, url: str, raw: Any
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", READER, url, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"reading\n"
    process.kill()
    await process.wait()
    assert await raw.keys("tg:*:lease")
    callers = [asyncio.create_task(upstream.shared(replica(takeover=0.5))) for _ in range(5)]
    assert {kept.value for kept in await asyncio.gather(*callers)} == {1}
    assert upstream.begun["job"] == 1


async def test_who_reads_for_long_goes_on_saying_so(replica: Replica, upstream: Upstream, raw: Any) -> None:
    upstream.go_on.clear()
    caller = asyncio.create_task(upstream.shared(replica(takeover=3.0)))
    await upstream.under_way.wait()
    (lease,) = await raw.keys("tg:*:lease")
    left = await raw.pttl(lease)
    while (now := await raw.pttl(lease)) <= left:
        left = now
        await asyncio.sleep(0.01)
    upstream.go_on.set()
    await caller
    await left_alone(raw)


async def test_what_was_forgotten_while_it_was_read_is_not_kept(
    store: Store, replica: Replica, upstream: Upstream, raw: Any
) -> None:
    upstream.go_on.clear()
    caller = asyncio.create_task(upstream.shared(replica()))
    await upstream.under_way.wait()
    await store.forget("job")
    upstream.go_on.set()
    assert (await caller).value == 1
    assert await raw.keys("*") == []
    assert (await upstream.shared(store)).value == 2


async def test_what_is_put_is_found_until_it_is_forgotten(store: Store, clock: Clock, raw: Any) -> None:
    await store.put("job", Kept(7, clock(), LIFE), 30.0)
    assert await store.get("job", int) == Kept(7, clock(), LIFE)
    (name,) = await raw.keys("*")
    assert 29_000 < await raw.pttl(name) <= 30_000
    await store.forget()
    await store.forget("job", "another job")
    assert await store.get("job", int) is None


async def test_the_very_value_is_removed_and_none_that_came_after_it(
    store: Store, replica: Replica, upstream: Upstream, clock: Clock, raw: Any
) -> None:
    first = await upstream.shared(store)
    found = await upstream.shared(replica())
    assert first.seal == found.seal != b""
    await store.put("job", Kept(2, clock(), LIFE), LIFE)
    second = await store.get("job", int)
    assert second is not None
    assert second.seal != first.seal
    store.remove("job", first.seal)
    await asyncio.sleep(0.05)  # nothing tells that nothing has happened
    assert await store.get("job", int) == second
    store.remove("job", second.seal)

    async def gone() -> bool:
        return not await raw.keys("*")

    await until(gone)


@pytest.mark.parametrize("value", [b"\0" * 10 + b"".join(n.to_bytes(3, "big") for n in range(1 << 19)), object()])
async def test_what_cannot_be_kept_is_given_all_the_same(store: Store, value: object, raw: Any, clock: Clock) -> None:
    async def read() -> Kept[object]:
        return Kept(value, clock(), LIFE)

    for _ in range(2):
        kept = await store.shared("job", object, read, keep=lambda _: 60.0, usable=lambda _: True)
        assert kept.value is value
    await store.put("job", Kept(value, clock(), LIFE), 60.0)
    await left_alone(raw)
    assert await raw.keys("*") == []


async def test_a_value_that_is_to_be_kept_for_no_time_is_not_kept(store: Store, raw: Any, clock: Clock) -> None:
    async def read() -> Kept[int]:
        return Kept(1, clock(), 0.0)

    await store.shared("job", int, read, keep=lambda _: 0.0, usable=lambda _: True)
    await store.put("job", Kept(1, clock(), 0.0), 0.0)
    await left_alone(raw)
    assert await raw.keys("*") == []


async def test_a_crowd_goes_through_a_few_connections_that_bear_our_name(
    store: Store, upstream: Upstream, raw: Any
) -> None:
    await asyncio.gather(*[upstream.shared(store, f"job {number}") for number in range(200)])
    ours = [client for client in await raw.client_list() if client["name"] == "tuning-gateway"]
    assert 1 <= len(ours) <= 16


async def test_while_the_secrets_are_changed_replica_by_replica_all_goes_on_being_shared(
    replica: Replica, upstream: Upstream
) -> None:
    old, new = "the secret of last year", "the secret of this year"
    steps = [replica(secrets=secrets) for secrets in ((old,), (old, new), (new, old), (new,))]
    for number, (before, after) in enumerate(pairwise(steps)):
        upstream.go_on.clear()
        upstream.under_way.clear()
        first = asyncio.create_task(upstream.shared(before, f"job {number}"))
        await upstream.under_way.wait()
        second = asyncio.create_task(upstream.shared(after, f"job {number}"))
        upstream.go_on.set()
        assert [kept.value for kept in await asyncio.gather(first, second)] == [1, 1]
        places = [await store.take(f"bucket {number}", interval=1000, burst=1) for store in (before, after)]
        assert [place and round(place.wait, -1) for place in places] == [0, 1000]
        await after.forget(f"job {number}")
        assert (await upstream.shared(before, f"job {number}")).value == 2


async def test_a_replica_with_other_secrets_shares_nothing(replica: Replica, upstream: Upstream) -> None:
    assert (await upstream.shared(replica())).value == 1
    assert (await upstream.shared(replica(secrets=("of another company",)))).value == 2


async def test_a_fast_clock_elsewhere_makes_nothing_fresher_than_it_is(store: Store, clock: Clock) -> None:
    await store.put("job", Kept(1, clock() + 3600, LIFE), 60.0)
    assert await store.get("job", int) == Kept(1, clock(), LIFE)
