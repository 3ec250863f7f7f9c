"""What the reads of several replicas make of the store that they share."""

from typing import Any

import pytest

from tests.reads.reading import KEY, LIFE, Reads, Source
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
