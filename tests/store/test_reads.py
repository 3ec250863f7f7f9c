"""What the reads of several replicas make of the store that they share."""

import asyncio
from typing import Any

import pytest

from gateway.errors import UpstreamUnavailable
from gateway.reads import Life, Reader, ReadLog, ReadOptions
from tests.reads.reading import KEY, LIFE, Reads, Source, settle
from tests.running import Clock
from tests.store.conftest import Replica
from tests.store.proxy import Proxy
from tests.store.reading import left_alone, until


@pytest.fixture
def source() -> Source:
    """What all replicas read."""
    return Source()


async def test_a_value_that_is_of_no_use_is_found_again_by_no_replica(
    replica: Replica, clock: Clock, source: Source, raw: Any
) -> None:
    one, other = [Reads(clock=clock, wall=clock, store=replica()) for _ in range(2)]
    useless = await one(source)
    await left_alone(raw)
    one.shared.forget(KEY, useless)

    async def gone() -> bool:
        return not await raw.keys("*")

    await until(gone)
    assert [(await each(source)).value for each in (other, one)] == ["value 2", "value 2"]
    assert source.begun == 2


async def test_what_another_replica_has_read_since_is_left_alone_in_the_store_too(
    replica: Replica, clock: Clock, source: Source, raw: Any
) -> None:
    one, other = [Reads(clock=clock, wall=clock, store=replica()) for _ in range(2)]
    useless = [await reads(source) for reads in (one, other)]
    one.shared.forget(KEY, useless[0])
    assert (await one(source)).value == "value 2"
    await left_alone(raw)
    other.shared.forget(KEY, useless[1])
    assert (await other(source)).value == "value 2"
    assert (await Reads(clock=clock, wall=clock, store=replica())(source)).value == "value 2"
    assert source.begun == 2


async def test_a_replica_whose_clock_goes_before_traps_nobody_with_what_is_of_no_use(
    replica: Replica, clock: Clock, source: Source
) -> None:
    fast = Clock()
    fast.advance(2.0)
    await Reads(clock=fast, wall=fast, store=replica())(source)
    reads = Reads(clock=clock, wall=clock, store=replica())
    useless = await reads(source)
    clock.advance(LIFE / 2)  # by now the store's value looks younger than itself
    reads.shared.forget(KEY, useless)
    assert (await reads(source)).value == "value 2"


async def test_a_store_that_cannot_be_told_is_not_believed_all_the_same(
    replica: Replica, clock: Clock, source: Source, proxy: Proxy
) -> None:
    await Reads(clock=clock, wall=clock, store=replica())(source)
    reads = Reads(clock=clock, wall=clock, store=replica(f"redis://127.0.0.1:{proxy.port}"))
    useless = await reads(source)
    heard = proxy.heard
    await proxy.suffer(None, b"-READONLY You can't write against a read only replica.\r\n")
    reads.shared.forget(KEY, useless)
    await until(lambda: proxy.heard > heard)
    await proxy.suffer(None)
    assert (await reads(source)).value == "value 2"


async def test_what_another_replica_left_is_given_at_once_for_a_while_and_read_anew_once(
    replica: Replica, clock: Clock, source: Source
) -> None:
    life = Life(LIFE, revalidated=5.0, stale=100.0)
    one, other = [Reads(clock=clock, wall=clock, store=replica(), life=life) for _ in range(2)]
    first = await one(source)
    clock.advance(LIFE + 4)
    source.gate.clear()
    logs = [ReadLog() for _ in range(20)]
    async with asyncio.timeout(5):
        entries = await asyncio.gather(*[other(source, log=log) for log in logs])
    assert {(entry.value, entry.as_of, entry.stale) for entry in entries} == {("value 1", first.as_of, False)}
    await until(lambda: source.begun == 2)
    # Nobody waits for the next, so that nobody's request is charged with it.
    assert {(log.upstream_calls, log.hits) for log in logs} == {(0, 1)}
    source.gate.set()
    await until(lambda: other.shared.peek(KEY) is not None)
    assert (await other(source)).value == "value 2"
    assert source.begun == 2


async def test_a_reader_does_not_wait_behind_what_another_replica_reads_in_the_background(
    replica: Replica, clock: Clock, source: Source
) -> None:
    life = Life(LIFE, revalidated=5.0)
    one, other = [Reads(clock=clock, wall=clock, store=replica(), life=life) for _ in range(2)]
    await one(source)
    clock.advance(LIFE)
    source.gate.clear()
    assert (await one(source)).value == "value 1"
    await until(lambda: source.begun == 2)  # in the background, for both
    async with asyncio.timeout(5):
        assert (await other(source)).value == "value 1"
    source.gate.set()
    await until(lambda: other.shared.peek(KEY) is not None)
    assert (await other(source)).value == "value 2"
    assert source.begun == 2


@pytest.mark.parametrize("hangs", [True, False])
async def test_what_another_replica_left_is_given_marked_where_the_upstream_hangs_or_fails(
    replica: Replica, clock: Clock, source: Source, *, hangs: bool
) -> None:
    options, life = ReadOptions(jitter=0, patience=0.05), Life(LIFE, stale=100.0)
    one, other = [Reads(clock=clock, wall=clock, store=replica(), life=life, options=options) for _ in range(2)]
    first = await one(source)
    clock.advance(LIFE + 99)
    if hangs:
        source.gate.clear()
    else:
        source.failure = UpstreamUnavailable("out of order")
    async with asyncio.timeout(5):
        given = await other(source)
    assert (given.value, given.as_of, given.stale) == ("value 1", first.as_of, True)
    source.failure = None
    source.gate.set()
    await until(lambda: not hangs or other.shared.peek(KEY) is not None)
    fresh = await other(source)
    assert (fresh.stale, source.called_off) == (False, 0)


async def test_a_watch_is_given_nothing_that_another_replica_left_past_its_life(
    replica: Replica, clock: Clock, source: Source
) -> None:
    life = Life(LIFE, revalidated=5.0, stale=100.0)
    one, other = [Reads(clock=clock, wall=clock, store=replica(), life=life) for _ in range(2)]
    await one(source)
    clock.advance(LIFE + 1)
    source.gate.clear()
    watching = other.begin(source, by=Reader("vision", background=True))
    await until(lambda: source.begun == 2)
    await settle()
    assert not watching.done()
    source.gate.set()
    assert (await watching).value == "value 2"


async def test_what_a_change_has_put_out_of_date_is_not_given_in_place_of_what_is_being_read(
    replica: Replica, clock: Clock, source: Source
) -> None:
    life = Life(LIFE, revalidated=5.0, stale=100.0)
    one, other = [Reads(clock=clock, wall=clock, store=replica(), life=life) for _ in range(2)]
    await one(source)
    clock.advance(LIFE + 1)
    await other.shared.forget_where(lambda _: True)
    source.gate.clear()
    reader = other.begin(source)
    await until(lambda: source.begun == 2)
    await settle()
    assert not reader.done()
    source.gate.set()
    assert (await reader).value == "value 2"


async def test_the_store_keeps_a_value_for_as_long_as_it_may_be_given(
    replica: Replica, clock: Clock, source: Source, raw: Any
) -> None:
    for life in (Life(LIFE, revalidated=50.0, stale=5.0), Life(LIFE, revalidated=5.0, stale=50.0)):
        await Reads(clock=clock, wall=clock, store=replica(), life=life)(source)
        await left_alone(raw)
        (name,) = await raw.keys("*")
        assert (LIFE + 45) * 1000 < await raw.pttl(name) <= (LIFE + 50) * 1000
        await raw.flushall()
