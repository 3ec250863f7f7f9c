"""One read for many readers, and what is remembered of it. Time passes only when a test says so."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from gateway.reads import ReadKey, ReadLog, Remembered, SharedReads
from tests.running import Clock

KEY: ReadKey[str | None] = ReadKey("account", "Describe", ("churn",))
LIFE = 10.0


class Source:
    """An upstream that answers once its gate is open."""

    def __init__(self, *, open_: bool = True) -> None:
        self.gate = asyncio.Event()
        self.begun = self.called_off = 0
        self.failure: Exception | None = None
        self.absent = False
        if open_:
            self.gate.set()

    async def __call__(self) -> str | None:
        self.begun += 1
        value = f"value {self.begun}"
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.called_off += 1
            raise
        if self.failure is not None:
            raise self.failure
        return None if self.absent else value


class Reader:
    """Reads as one request after another, each with a log of its own."""

    def __init__(self, reads: SharedReads) -> None:
        self.reads = reads

    async def __call__(
        self, source: Source, key: ReadKey[str | None] = KEY, *, log: ReadLog | None = None, rows: int = 1
    ) -> Remembered[str | None]:
        log = ReadLog() if log is None else log
        return await self.reads.read(key, source, life=lambda _: LIFE, log=log, rows=lambda _: rows)

    def waiting(self, source: Source) -> asyncio.Task[Remembered[str | None]]:
        return asyncio.ensure_future(self(source))


@pytest.fixture
def wall() -> Clock:
    return Clock()


@pytest.fixture
def read(clock: Clock, wall: Clock) -> Reader:
    return Reader(SharedReads(room=10, clock=clock, wall=wall))


async def settle() -> None:
    """Let everything that can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


def key(name: str) -> ReadKey[str | None]:
    return ReadKey("account", "Describe", (name,))


async def test_two_hundred_readers_at_once_share_one_fetch(read: Reader) -> None:
    source = Source(open_=False)
    logs = [ReadLog() for _ in range(200)]
    readers = [asyncio.ensure_future(read(source, log=log)) for log in logs]
    await settle()
    source.gate.set()
    entries = await asyncio.gather(*readers)
    assert source.begun == 1
    assert {entry.value for entry in entries} == {"value 1"}
    assert [log.upstream_calls for log in logs] == [1] + [0] * 199
    assert [log.hits for log in logs] == [0] + [1] * 199


async def test_different_keys_are_read_apart(read: Reader) -> None:
    source = Source()
    others = [ReadKey("other", "Describe", ("churn",)), ReadKey("account", "List", ("churn",)), key("fraud")]
    values = [(await read(source, each)).value for each in [KEY, *others]]
    assert values == ["value 1", "value 2", "value 3", "value 4"]


async def test_a_value_is_remembered_until_its_life_ends_and_not_longer(read: Reader, clock: Clock) -> None:
    source = Source()
    first = await read(source)
    clock.advance(LIFE - 0.001)
    assert await read(source) is first
    clock.advance(0.001)
    assert read.reads.peek(KEY) is None
    second = await read(source)
    assert second.value == "value 2"
    assert second.version > first.version


async def test_a_life_begins_when_the_upstream_is_asked_not_when_it_answers(read: Reader, clock: Clock) -> None:
    source = Source(open_=False)
    reader = read.waiting(source)
    await settle()
    clock.advance(LIFE - 1)
    source.gate.set()
    await reader
    assert read.reads.peek(KEY) is not None
    clock.advance(1)
    assert read.reads.peek(KEY) is None


async def test_an_answer_that_comes_after_its_life_is_served_and_not_remembered(read: Reader, clock: Clock) -> None:
    source = Source(open_=False)
    reader = read.waiting(source)
    await settle()
    clock.advance(LIFE)
    source.gate.set()
    assert (await reader).value == "value 1"
    assert read.reads.peek(KEY) is None


async def test_that_there_is_nothing_is_remembered_too(read: Reader) -> None:
    source = Source()
    source.absent = True
    assert (await read(source)).value is None
    assert (await read(source)).value is None
    assert source.begun == 1


async def test_the_value_decides_how_long_it_lives_and_how_much_room_it_takes(read: Reader, clock: Clock) -> None:
    entry = await read.reads.read(
        KEY, Source(), life=lambda value: len(value or ""), log=ReadLog(), rows=lambda value: len(value or "") + 1
    )
    assert (entry.expires, entry.rows) == (clock() + 7, 8)


async def test_as_of_is_of_the_wall_clock_and_expiry_of_the_clock_that_only_goes_forward(
    read: Reader, clock: Clock, wall: Clock
) -> None:
    clock.now, wall.now = 50.0, 1_800_000_000.0
    source = Source(open_=False)
    reader = read.waiting(source)
    await settle()
    wall.advance(3)
    source.gate.set()
    entry = await reader
    assert entry.as_of == datetime.fromtimestamp(1_800_000_000, UTC)
    assert entry.as_of.tzinfo is UTC
    assert entry.expires == 50.0 + LIFE
    wall.advance(10**6)
    assert read.reads.peek(KEY) is entry


async def test_a_failure_is_shared_and_not_remembered(read: Reader) -> None:
    source = Source(open_=False)
    readers = [read.waiting(source) for _ in range(3)]
    await settle()
    source.failure = LookupError("out of order")
    source.gate.set()
    assert await asyncio.gather(*readers, return_exceptions=True) == [source.failure] * 3
    source.failure = None
    assert (await read(source)).value == "value 2"


async def test_a_failed_read_counts_as_a_call_and_leaves_nothing_in_the_log(read: Reader) -> None:
    source, log = Source(), ReadLog()
    source.failure = LookupError("out of order")
    with pytest.raises(LookupError, match="out of order"):
        await read(source, log=log)
    assert (log.upstream_calls, log.hits, log.known(KEY)) == (1, 0, None)


async def test_a_reader_who_hangs_up_does_not_fail_the_others(read: Reader) -> None:
    source = Source(open_=False)
    first, second = read.waiting(source), read.waiting(source)
    await settle()
    first.cancel()
    await settle()
    source.gate.set()
    assert (await second).value == "value 1"
    assert first.cancelled()
    assert (source.begun, source.called_off) == (1, 0)


async def test_a_fetch_dies_with_its_last_reader(read: Reader) -> None:
    source = Source(open_=False)
    readers = [read.waiting(source) for _ in range(3)]
    await settle()
    for reader in readers[:2]:
        reader.cancel()
    await settle()
    assert source.called_off == 0
    readers[2].cancel()
    await settle()
    assert source.called_off == 1
    assert read.reads.peek(KEY) is None


async def test_who_comes_when_a_fetch_is_being_called_off_starts_a_fresh_one(read: Reader) -> None:
    source = Source(open_=False)

    async def leaving_and_back_at_once() -> Remembered[str | None]:
        with suppress(asyncio.CancelledError):
            await read(source)
        # The fetch has been told to stop, and has had no time to.
        assert source.called_off == 0
        return await read(source)

    back = asyncio.ensure_future(leaving_and_back_at_once())
    await settle()
    back.cancel()
    await settle()
    assert (source.begun, source.called_off) == (2, 1)
    joined = read.waiting(source)
    await settle()
    source.gate.set()
    assert [(await reader).value for reader in (back, joined)] == ["value 2", "value 2"]
    assert source.begun == 2


async def test_what_is_forgotten_is_read_anew(read: Reader) -> None:
    source = Source()
    first = await read(source)
    await read(source, key("fraud"))
    read.reads.forget(KEY)
    read.reads.forget(KEY)
    assert (await read(source)).version > first.version
    assert (await read(source, key("fraud"))).value == "value 2"


async def test_the_room_bounds_the_rows_and_what_was_used_longest_ago_goes_first(read: Reader) -> None:
    source = Source()
    for name in ("a", "b"):
        await read(source, key(name), rows=4)
    await read(source, key("a"))
    await read(source, key("c"), rows=4)
    kept = [name for name in "abc" if read.reads.peek(key(name)) is not None]
    assert kept == ["a", "c"]


async def test_what_is_larger_than_the_room_is_served_and_drives_nothing_out(read: Reader) -> None:
    source = Source()
    await read(source, key("small"))
    assert (await read(source, rows=11)).value == "value 2"
    assert read.reads.peek(KEY) is None
    assert read.reads.peek(key("small")) is not None
    assert (await read(source, rows=10)).value == "value 3"
    assert read.reads.peek(KEY) is not None


async def test_a_request_keeps_the_value_it_saw_and_counts_its_key_once(read: Reader, clock: Clock) -> None:
    source, log = Source(), ReadLog()
    first = await read(source, log=log)
    clock.advance(LIFE)
    assert await read(source, log=log) is first
    assert (log.upstream_calls, log.hits) == (1, 0)
    assert (await read(source)).value == "value 2"


async def test_a_request_counts_what_it_was_given_from_memory_once(read: Reader) -> None:
    source, log = Source(), ReadLog()
    first = await read(source)
    assert await read(source, log=log) is first
    assert await read(source, log=log) is first
    assert (log.upstream_calls, log.hits) == (0, 1)


async def test_a_key_that_two_fields_of_a_request_join_counts_once(read: Reader) -> None:
    source, log = Source(open_=False), ReadLog()
    readers = [read.waiting(source), *[asyncio.ensure_future(read(source, log=log)) for _ in range(2)]]
    await settle()
    source.gate.set()
    await asyncio.gather(*readers)
    assert (log.upstream_calls, log.hits) == (0, 1)


async def test_a_request_that_forgets_reads_anew_and_each_call_counts(read: Reader) -> None:
    source, log = Source(), ReadLog()
    await read(source, log=log)
    log.forget(KEY)
    assert log.known(KEY) is None
    read.reads.forget(KEY)
    assert (await read(source, log=log)).value == "value 2"
    assert (log.upstream_calls, log.hits) == (2, 0)


async def test_what_is_forgotten_by_its_key_is_read_anew_and_nothing_else(read: Reader) -> None:
    source = Source()
    for name in ("churn", "other"):
        await read(source, key(name))
    read.reads.forget_where(lambda known: known.arguments == ("churn",))
    assert (await read(source, key("churn"))).value == "value 3"
    assert (await read(source, key("other"))).value == "value 2"


async def test_a_read_that_is_forgotten_on_its_way_reaches_its_waiters_and_is_remembered_by_nobody(
    read: Reader,
) -> None:
    slow, fresh = Source(open_=False), Source()
    waiting = read.waiting(slow)
    await settle()
    read.reads.forget_where(lambda known: known == KEY)
    anew = await read(fresh)  # does not board what began before
    slow.gate.set()
    assert (await waiting).value == "value 1"
    assert read.reads.peek(KEY) is anew


async def test_a_forgotten_read_whose_waiters_leave_takes_nobody_elses_place(read: Reader) -> None:
    first, second = Source(open_=False), Source(open_=False)
    leaving = read.waiting(first)
    await settle()
    read.reads.forget_where(lambda _: True)
    staying = read.waiting(second)
    await settle()
    leaving.cancel()
    await settle()
    assert first.called_off == 1
    joining = read.waiting(second)
    await settle()
    second.gate.set()
    assert [(await task).value for task in (staying, joining)] == ["value 1"] * 2
    assert second.begun == 1
