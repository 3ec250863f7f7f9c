"""One read for many readers, and what is remembered of it. Time passes only when a test says so."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from math import inf

import pytest

from gateway.errors import OperatorError, Throttled, UpstreamTimeout, UpstreamUnavailable
from gateway.reads import Held, Life, Read, Reader, ReadKey, ReadLog, ReadOptions, Remembered
from tests.reads.reading import KEY, LIFE, Reads, Source, key, settle
from tests.running import Clock


@pytest.fixture
def wall() -> Clock:
    return Clock()


@pytest.fixture
def waiting() -> Clock:
    return Clock()


@pytest.fixture
def read(clock: Clock, wall: Clock) -> Reads:
    return Reads(clock=clock, wall=wall)


async def test_two_hundred_readers_at_once_share_one_fetch(read: Reads) -> None:
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


async def test_different_keys_are_read_apart(read: Reads) -> None:
    source = Source()
    others = [ReadKey("other", "Describe", ("churn",)), ReadKey("account", "List", ("churn",)), key("fraud")]
    values = [(await read(source, each)).value for each in [KEY, *others]]
    assert values == ["value 1", "value 2", "value 3", "value 4"]


async def test_a_value_is_remembered_until_its_life_ends_and_not_longer(read: Reads, clock: Clock) -> None:
    source = Source()
    first = await read(source)
    clock.advance(LIFE - 0.001)
    assert await read(source) is first
    clock.advance(0.001)
    assert read.shared.peek(KEY) is None
    second = await read(source)
    assert second.value == "value 2"
    assert second.version > first.version


async def test_versions_hold_while_each_is_what_is_remembered_and_fresh(read: Reads, clock: Clock) -> None:
    source, other = Source(), key("fraud")
    first = await read(source)
    both = Held(((KEY, first.version), (other, None)), first.expires)
    alone = Held(((KEY, first.version),), first.expires)
    assert read.shared.hold(both)
    assert read.shared.hold(both)  # which it knows by now without looking
    await read(source, other)
    assert not read.shared.hold(both)  # nothing was known of it, and now something is
    assert read.shared.hold(alone)
    clock.advance(LIFE - 0.001)
    assert read.shared.hold(alone)
    clock.advance(0.001)
    assert not read.shared.hold(alone)
    assert read.shared.hold(Held(((KEY, None), (other, None)), inf))
    await read(source)
    assert not read.shared.hold(alone)


async def test_what_is_forgotten_holds_nothing_any_more(read: Reads) -> None:
    entry = await read(Source())
    held = Held(((KEY, entry.version),), entry.expires)
    assert read.shared.hold(held)
    read.shared.forget(KEY, entry)
    assert not read.shared.hold(held)


async def test_a_life_begins_when_the_upstream_is_asked_not_when_it_answers(read: Reads, clock: Clock) -> None:
    source = Source(open_=False)
    reader = read.begin(source)
    await settle()
    clock.advance(LIFE - 1)
    source.gate.set()
    await reader
    assert read.shared.peek(KEY) is not None
    clock.advance(1)
    assert read.shared.peek(KEY) is None


async def test_an_answer_that_comes_after_its_life_is_served_and_not_remembered(read: Reads, clock: Clock) -> None:
    source = Source(open_=False)
    reader = read.begin(source)
    await settle()
    clock.advance(LIFE)
    source.gate.set()
    assert (await reader).value == "value 1"
    assert read.shared.peek(KEY) is None


async def test_that_there_is_nothing_is_remembered_too(read: Reads) -> None:
    source = Source()
    source.absent = True
    assert (await read(source)).value is None
    assert (await read(source)).value is None
    assert source.begun == 1


async def test_the_value_decides_how_long_it_lives(read: Reads, clock: Clock) -> None:
    entry = await read(Source(), life=lambda value: Life(len(value or "")))
    assert entry.expires == clock() + len("value 1")


async def test_as_of_is_of_the_wall_clock_and_expiry_of_the_clock_that_only_goes_forward(
    read: Reads, clock: Clock, wall: Clock
) -> None:
    clock.now, wall.now = 50.0, 1_800_000_000.0
    source = Source(open_=False)
    reader = read.begin(source)
    await settle()
    wall.advance(3)
    source.gate.set()
    entry = await reader
    assert entry.as_of == datetime.fromtimestamp(1_800_000_000, UTC)
    assert entry.as_of.tzinfo is UTC
    assert entry.expires == 50.0 + LIFE
    wall.advance(10**6)
    assert read.shared.peek(KEY) is entry


async def test_a_failure_is_shared_and_not_remembered(read: Reads) -> None:
    source = Source(open_=False)
    readers = [read.begin(source) for _ in range(3)]
    await settle()
    source.failure = LookupError("out of order")
    source.gate.set()
    assert await asyncio.gather(*readers, return_exceptions=True) == [source.failure] * 3
    source.failure = None
    assert (await read(source)).value == "value 2"


async def test_a_failed_read_counts_as_a_call_and_leaves_nothing_in_the_log(read: Reads) -> None:
    source, log = Source(), ReadLog()
    source.failure = LookupError("out of order")
    with pytest.raises(LookupError, match="out of order"):
        await read(source, log=log)
    assert (log.upstream_calls, log.hits, log.entries.get(KEY)) == (1, 0, None)


async def test_a_reader_who_hangs_up_does_not_fail_the_others(read: Reads) -> None:
    source = Source(open_=False)
    first, second = read.begin(source), read.begin(source)
    await settle()
    first.cancel()
    await settle()
    source.gate.set()
    assert (await second).value == "value 1"
    assert first.cancelled()
    assert (source.begun, source.called_off) == (1, 0)


async def test_a_fetch_dies_with_its_last_reader(read: Reads) -> None:
    source = Source(open_=False)
    readers = [read.begin(source) for _ in range(3)]
    await settle()
    for reader in readers[:2]:
        reader.cancel()
    await settle()
    assert source.called_off == 0
    readers[2].cancel()
    await settle()
    assert source.called_off == 1
    assert read.shared.peek(KEY) is None


async def test_who_comes_when_a_fetch_is_being_called_off_starts_a_fresh_one(read: Reads) -> None:
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
    joined = read.begin(source)
    await settle()
    source.gate.set()
    assert [(await reader).value for reader in (back, joined)] == ["value 2", "value 2"]
    assert source.begun == 2


async def test_what_is_forgotten_is_read_anew(read: Reads) -> None:
    source = Source()
    first = await read(source)
    await read(source, key("fraud"))
    read.shared.forget(KEY, first)
    read.shared.forget(KEY, first)
    assert (await read(source)).version > first.version
    assert (await read(source, key("fraud"))).value == "value 2"


async def test_what_was_read_since_or_is_being_read_is_left_alone_by_who_forgets(read: Reads, clock: Clock) -> None:
    source = Source()
    first = await read(source)
    clock.advance(LIFE)
    source.gate.clear()
    reading = read.begin(source)
    await settle()
    read.shared.forget(KEY, first)
    joining = read.begin(source)
    await settle()
    source.gate.set()
    second = await reading
    assert await joining is second
    read.shared.forget(KEY, first)
    assert read.shared.peek(KEY) is second
    assert source.begun == 2


async def test_the_room_bounds_the_bytes_and_what_was_used_longest_ago_goes_first(clock: Clock, wall: Clock) -> None:
    read, source = Reads(clock=clock, wall=wall, options=ReadOptions(room=10_000, jitter=0)), Source()
    source.padding = 3_000
    for name in ("a", "b"):
        await read(source, key(name))
    await read(source, key("a"))
    await read(source, key("c"))
    assert [name for name in "abc" if read.shared.peek(key(name)) is not None] == ["a", "c"]


async def test_what_is_larger_than_the_room_is_served_and_drives_nothing_out(clock: Clock, wall: Clock) -> None:
    read, source = Reads(clock=clock, wall=wall, options=ReadOptions(room=10_000, jitter=0)), Source()
    await read(source, key("small"))
    source.padding = 10_000
    assert (await read(source)).value == "value 2" + " " * 10_000
    assert read.shared.peek(KEY) is None
    assert read.shared.peek(key("small")) is not None


async def test_a_request_keeps_the_value_it_saw_and_counts_its_key_once(read: Reads, clock: Clock) -> None:
    source, log = Source(), ReadLog()
    first = await read(source, log=log)
    clock.advance(LIFE)
    assert await read(source, log=log) is first
    assert (log.upstream_calls, log.hits) == (1, 0)
    assert (await read(source)).value == "value 2"


async def test_a_request_counts_what_it_was_given_from_memory_once(read: Reads) -> None:
    source, log = Source(), ReadLog()
    first = await read(source)
    assert await read(source, log=log) is first
    assert await read(source, log=log) is first
    assert (log.upstream_calls, log.hits) == (0, 1)


async def test_a_key_that_two_fields_of_a_request_join_counts_once(read: Reads) -> None:
    source, log = Source(open_=False), ReadLog()
    readers = [read.begin(source), *[asyncio.ensure_future(read(source, log=log)) for _ in range(2)]]
    await settle()
    source.gate.set()
    await asyncio.gather(*readers)
    assert (log.upstream_calls, log.hits) == (0, 1)


async def test_a_request_that_forgets_reads_anew_and_each_call_counts(read: Reads) -> None:
    source, log = Source(), ReadLog()
    entry = await read(source, log=log)
    log.forget(KEY)
    assert log.entries.get(KEY) is None
    read.shared.forget(KEY, entry)
    assert (await read(source, log=log)).value == "value 2"
    assert (log.upstream_calls, log.hits) == (2, 0)


def swr(clock: Clock, wall: Clock) -> Reads:
    return Reads(clock=clock, wall=wall, life=Life(LIFE, revalidated=5.0, stale=100.0))


async def test_a_value_past_its_life_is_given_at_once_while_one_read_fetches_the_next(
    clock: Clock, wall: Clock
) -> None:
    read, source = swr(clock, wall), Source()
    first = await read(source)
    clock.advance(LIFE + 4)
    source.gate.clear()
    logs = [ReadLog() for _ in range(50)]
    entries = [await read(source, log=log) for log in logs]
    assert all(entry is first for entry in entries)
    assert not any(entry.stale for entry in entries)
    await settle()
    assert source.begun == 2
    source.gate.set()
    await settle()
    assert (await read(source)).value == "value 2"
    # Nobody waited for the refresh, so that nobody's request is charged with it.
    assert {(log.upstream_calls, log.hits) for log in logs} == {(0, 1)}


async def test_a_refresh_that_fails_leaves_the_last_value_until_its_time_is_over(clock: Clock, wall: Clock) -> None:
    read, source = swr(clock, wall), Source()
    await read(source)
    clock.advance(LIFE + 1)
    source.failure = UpstreamUnavailable("out of order")
    assert (await read(source)).value == "value 1"
    await settle()
    entry = await read(source)
    assert (entry.value, entry.stale) == ("value 1", False)


@pytest.mark.parametrize(
    "failure", [Throttled("no more", retry_after_ms=5), UpstreamUnavailable("down"), UpstreamTimeout("slow")]
)
async def test_what_has_outlived_its_time_is_given_marked_when_the_upstream_cannot_be_asked(
    clock: Clock, wall: Clock, failure: Exception
) -> None:
    read, source = swr(clock, wall), Source()
    first = await read(source)
    clock.advance(LIFE + 99)
    source.failure = failure
    log = ReadLog()
    given = await read(source, log=log)
    assert (given.value, given.as_of, given.stale) == ("value 1", first.as_of, True)
    assert log.stale_since == first.as_of
    assert await read(source, log=log) is given  # within a request a key keeps its value
    clock.advance(1)
    with pytest.raises(type(failure)):
        await read(source)


async def test_a_failure_that_time_does_not_mend_is_told_though_there_is_a_stale_value(
    clock: Clock, wall: Clock
) -> None:
    read, source = swr(clock, wall), Source()
    await read(source)
    clock.advance(LIFE + 50)
    source.failure = OperatorError("the credentials are gone")
    with pytest.raises(OperatorError):
        await read(source)


async def test_a_slow_upstream_is_not_waited_for_long_by_those_who_can_be_given_something_stale(
    clock: Clock, wall: Clock
) -> None:
    options = ReadOptions(jitter=0, patience=0.01)
    read, source = Reads(clock=clock, wall=wall, options=options, life=Life(LIFE, stale=100.0)), Source()
    await read(source)
    clock.advance(LIFE + 1)
    source.gate.clear()
    assert (await read(source)).stale
    source.gate.set()  # the read went on though nobody waited
    await settle()
    fresh = await read(source)
    assert (fresh.value, fresh.stale, source.begun, source.called_off) == ("value 2", False, 2, 0)


async def test_a_reader_whose_deadline_passes_in_the_line_is_told_that_the_budget_is_spent(
    clock: Clock, wall: Clock
) -> None:
    read, source = Reads(clock=clock, wall=wall), Source(open_=False)
    source.in_line = True
    with pytest.raises(Throttled):
        await read(source, by=Reader("vision", deadline=time.monotonic()))
    await settle()
    assert source.called_off == 1


async def test_what_lands_as_the_deadline_passes_is_given_all_the_same(read: Reads) -> None:
    source, loop = Source(open_=False), asyncio.get_running_loop()
    loop.call_later(0.015, source.gate.set)
    loop.call_later(0.005, time.sleep, 0.05)  # somebody holds up the event loop until both times have come
    landed = await read(source, by=Reader("vision", deadline=time.monotonic() + 0.02))
    assert (landed.value, landed.stale) == ("value 1", False)


async def test_a_reader_whose_deadline_passes_while_the_upstream_thinks_is_told_so_and_others_go_on(
    clock: Clock, wall: Clock
) -> None:
    read, source = Reads(clock=clock, wall=wall), Source(open_=False)
    patient = read.begin(source)
    await settle()
    with pytest.raises(UpstreamTimeout):
        await read(source, by=Reader("vision", deadline=time.monotonic()))
    source.gate.set()
    assert (await patient).value == "value 1"
    assert source.called_off == 0


async def test_what_was_being_read_when_it_was_forgotten_is_for_those_who_waited_and_for_nobody_else(
    read: Reads,
) -> None:
    source = Source(open_=False)
    before = read.begin(source)
    await settle()
    await read.shared.forget_where(lambda each: each == KEY)
    after = read.begin(source)
    await settle()
    source.gate.set()
    assert [(await each).value for each in (before, after)] == ["value 1", "value 2"]
    entry = read.shared.peek(KEY)
    assert entry is not None
    assert entry.value == "value 2"


async def test_a_forgotten_read_whose_waiters_leave_takes_nobody_elses_place(read: Reads) -> None:
    first, second = Source(open_=False), Source(open_=False)
    leaving = read.begin(first)
    await settle()
    await read.shared.forget_where(lambda _: True)
    staying = read.begin(second)
    await settle()
    leaving.cancel()
    await settle()
    assert first.called_off == 1
    joining = read.begin(second)
    await settle()
    second.gate.set()
    assert [(await task).value for task in (staying, joining)] == ["value 1"] * 2
    assert second.begun == 1


async def test_what_is_forgotten_by_its_key_is_read_anew_and_nothing_else(read: Reads) -> None:
    source = Source()
    for name in ("churn", "other"):
        await read(source, key(name))
    await read.shared.forget_where(lambda known: known.arguments == ("churn",))
    assert (await read(source, key("churn"))).value == "value 3"
    assert (await read(source, key("other"))).value == "value 2"


async def test_lives_are_shortened_at_random_and_never_lengthened(clock: Clock, wall: Clock) -> None:
    read = Reads(clock=clock, wall=wall, options=ReadOptions(jitter=0.1))
    expiries = {(await read(Source(), key(str(each)))).expires - clock() for each in range(50)}
    assert len(expiries) > 40
    assert all(LIFE * 0.9 <= each <= LIFE for each in expiries)


async def test_what_came_along_with_another_read_is_remembered_as_old_as_that(
    read: Reads, clock: Clock, wall: Clock
) -> None:
    source = Source()
    other = await read(source, key("search"))
    clock.advance(4)
    wall.advance(4)
    supplied = read.shared.supply(Read(KEY, source, lambda _: Life(LIFE)), other, "found along the way")
    assert supplied.as_of == other.as_of
    assert supplied.expires == clock() - 4 + LIFE
    assert (await read(source)).value == "found along the way"
    assert source.begun == 1


async def test_closing_calls_off_what_is_under_way(read: Reads) -> None:
    source = Source(open_=False)
    reader = read.begin(source)
    await settle()
    await read.shared.close()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert source.called_off == 1
