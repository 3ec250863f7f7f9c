"""When a call gets its place, and when it is told that it gets none."""

import asyncio
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import Throttled
from gateway.governor import Budget, BudgetState, Errand, Governor, Rates
from gateway.model.target import Target
from tests.governor.virtual_time import (
    DESCRIBES,
    HERE,
    LISTS,
    STOPS,
    Upstream,
    VirtualTime,
    in_a_loop,
    most_in_any_window,
)


def refusals(results: list[str | BaseException]) -> list[int]:
    """The retry_after_ms of those who were refused."""
    return [result.retry_after_ms for result in results if isinstance(result, Throttled)]


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(lists: Upstream, time: VirtualTime) -> None:
    assert await time.run(*[lists.call() for _ in range(6)]) == ["vision"] * 6
    assert lists.times == [0, 0, 0.5, 1, 1.5, 2]


async def test_each_operation_account_and_region_has_a_budget_of_its_own(governor: Governor, time: VirtualTime) -> None:
    targets = [HERE, Target("444455556666", "us-east-1"), Target("111122223333", "eu-west-1")]
    operations = ["ListHyperParameterTuningJobs", "ListTrainingJobsForHyperParameterTuningJob", "Search"]
    budgets = [Budget(target, operation) for target in targets for operation in operations]
    upstreams = [Upstream(governor, time, budget) for budget in budgets]
    await time.run(*[upstream.call() for upstream in upstreams for _ in range(3)])
    assert [upstream.times for upstream in upstreams] == [[0, 0, 0.5]] * 9


@pytest.mark.parametrize(
    ("operation", "rate"),
    [
        ("ListHyperParameterTuningJobs", 1),
        ("ListTrainingJobsForHyperParameterTuningJob", 1),
        ("DescribeHyperParameterTuningJob", 2),
        ("DescribeTrainingJob", 2),
        ("Search", 3),
        ("ListTags", 4),
        ("StopTrainingJob", 5),
        ("StopHyperParameterTuningJob", 5),
    ],
)
def test_every_operation_has_its_rate(operation: str, rate: float) -> None:
    assert Rates(lists=1, describes=2, searches=3, tags=4, stops=5).of(operation) == rate


def test_an_operation_nobody_thought_of_has_no_budget() -> None:
    with pytest.raises(LookupError, match="CreateTrainingJob"):
        Rates().of("CreateTrainingJob")


async def test_a_hundred_reads_of_one_team_delay_anothers_by_one_call(lists: Upstream, time: VirtualTime) -> None:
    busy = [asyncio.ensure_future(lists.call("vision")) for _ in range(100)]
    await time.advance(3.1)
    other = asyncio.ensure_future(lists.call("nlp"))
    await time.until_done(other)
    assert lists.sent[-1] == (3.5, "nlp")
    await time.until_done(*busy)
    assert lists.times[-1] == 49.5


async def test_a_reader_of_another_team_who_joins_takes_the_read_along(lists: Upstream, time: VirtualTime) -> None:
    busy = [asyncio.ensure_future(lists.call("vision")) for _ in range(100)]
    errand = Errand()
    errand.join("vision", deadline=inf)
    shared = asyncio.ensure_future(lists.read(errand, "shared"))
    await time.advance(3.1)
    assert not errand.sent
    ticket = errand.join("nlp", deadline=inf)
    await time.until_done(shared)
    assert (lists.sent[-1], errand.calls, errand.sent) == ((3.5, "shared"), 1, True)
    errand.leave(ticket)
    await time.until_done(*busy)


async def test_when_the_other_team_leaves_the_read_is_back_in_its_place(lists: Upstream, time: VirtualTime) -> None:
    errand = Errand()
    errand.join("vision", deadline=inf)
    errand.leave(errand.join("nlp", deadline=inf))
    others = [asyncio.ensure_future(lists.call("vision", label=f"{n}")) for n in range(4)]
    await time.settle()
    read = asyncio.ensure_future(lists.read(errand, "read"))
    await time.settle()
    errand.leave(errand.join("nlp", deadline=inf))
    await time.until_done(read, *others)
    assert lists.order == ["0", "1", "2", "3", "read"]


async def test_background_waits_for_what_people_wait_for(lists: Upstream, time: VirtualTime) -> None:
    polls = [lists.call("vision", background=True, label="poll") for _ in range(2)]
    await time.run(lists.call(), lists.call(), *polls, *[lists.call("nlp") for _ in range(3)])
    assert lists.order[2:] == ["nlp"] * 3 + ["poll"] * 2


async def test_a_place_that_would_come_too_late_is_refused_at_once_and_told_when_to_come(
    lists: Upstream, time: VirtualTime
) -> None:
    results = await time.run(*[lists.call(deadline=time.now + 1) for _ in range(6)])
    assert lists.times == [0, 0, 0.5, 1]  # a place right at the deadline is in time
    assert refusals(results) == [1500, 1500]
    assert time.now == 1_001


async def test_the_fair_order_decides_who_would_be_too_late(lists: Upstream, time: VirtualTime) -> None:
    busy = [asyncio.ensure_future(lists.call("vision")) for _ in range(100)]
    await time.settle()
    late, early = await time.run(lists.call("vision", deadline=time.now + 1), lists.call("nlp", deadline=time.now + 1))
    assert refusals([late]) == [49_500]
    assert early == "nlp"
    await time.until_done(*busy)


async def test_whoever_others_overtake_is_refused_when_the_deadline_passes(lists: Upstream, time: VirtualTime) -> None:
    taken = [asyncio.ensure_future(lists.call("vision")) for _ in range(3)]
    await time.settle()
    overtaken = asyncio.ensure_future(lists.call("vision", deadline=time.now + 1.2))
    await time.settle()
    others = [asyncio.ensure_future(lists.call(f"team{n}")) for n in range(5)]
    began = time.now
    await time.until_done(overtaken)
    assert time.now == pytest.approx(began + 1.2)
    error = overtaken.exception()
    assert isinstance(error, Throttled)
    assert error.retry_after_ms > 1_000
    await time.until_done(*others, *taken)
    assert len(lists.sent) == 8


async def test_the_latest_deadline_of_its_waiters_is_the_errands(lists: Upstream, time: VirtualTime) -> None:
    errand = Errand()
    assert errand.deadline == -inf
    first = errand.join("vision", deadline=5)
    second = errand.join("vision", deadline=9)
    assert errand.deadline == 9
    errand.leave(second)
    assert errand.deadline == 5
    errand.leave(first)
    assert (errand.deadline, errand.seats) == (-inf, ())
    with pytest.raises(KeyError):
        errand.leave(first)
    assert refusals(await time.run(lists.read(errand, "nobody's"))) == [1]
    assert lists.sent == []


async def test_a_later_waiter_lengthens_the_wait_and_its_leaving_ends_it(lists: Upstream, time: VirtualTime) -> None:
    taken = [asyncio.ensure_future(lists.call()) for _ in range(3)]
    await time.settle()
    errand = Errand()
    errand.join("vision", deadline=time.now + 1.1)
    read = asyncio.ensure_future(lists.read(errand, "read"))
    await time.settle()
    taken += [asyncio.ensure_future(lists.call(f"team{n}")) for n in range(3)]
    patient = errand.join("vision", deadline=inf)
    await time.advance(1.2)
    assert not read.done()
    errand.leave(patient)
    await time.settle()
    assert isinstance(read.exception(), Throttled)
    await time.until_done(*taken)


async def test_a_call_that_is_called_off_leaves_its_place_to_the_next(lists: Upstream, time: VirtualTime) -> None:
    tasks = [asyncio.ensure_future(lists.call(label=str(n))) for n in range(5)]
    await time.settle()
    tasks[2].cancel()
    await time.until_done(*tasks)
    assert lists.sent == [(0, "0"), (0, "1"), (0.5, "3"), (1, "4")]


async def test_a_place_called_off_as_it_is_given_goes_to_the_next_at_once(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    await time.run(lists.call(), lists.call())
    first, second = (asyncio.ensure_future(lists.call(label=label)) for label in ("first", "second"))
    await time.settle()
    line = governor._turnstiles[LISTS]  # noqa: SLF001  # the one moment between a place given and a place used
    time.now += 0.5
    line._next()  # noqa: SLF001  # as above
    first.cancel()
    await time.until_done(second)
    assert first.cancelled()
    assert lists.sent[2:] == [(0.5, "second")]


async def test_a_place_is_not_given_to_one_who_is_just_leaving(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    await time.run(lists.call(), lists.call())
    first, second = (asyncio.ensure_future(lists.call(label=label)) for label in ("first", "second"))
    await time.settle()
    time.now += 0.5
    first.cancel()
    governor._turnstiles[LISTS]._next()  # noqa: SLF001  # before the one who is called off comes round to leaving
    await time.until_done(second)
    assert lists.sent[2:] == [(0.5, "second")]


async def test_one_whose_deadline_passed_while_the_process_was_busy_gets_no_place(
    lists: Upstream, time: VirtualTime
) -> None:
    await time.run(lists.call(), lists.call())
    late = asyncio.ensure_future(lists.call(deadline=time.now + 0.7))
    patient = asyncio.ensure_future(lists.call("nlp"))
    await time.settle()
    time.now += 2
    await time.until_done(late, patient)
    assert isinstance(late.exception(), Throttled)
    assert lists.sent[2:] == [(2, "nlp")]


async def test_a_call_that_is_called_off_under_way_has_used_its_place(lists: Upstream, time: VirtualTime) -> None:
    lists.takes = 10
    tasks = [asyncio.ensure_future(lists.call()) for _ in range(3)]
    await time.advance(0.1)
    tasks[0].cancel()
    await time.until_done(*tasks)
    assert lists.times == [0, 0, 0.5]


async def test_while_nobody_waits_nothing_runs(lists: Upstream, time: VirtualTime) -> None:
    before = asyncio.all_tasks()
    await time.run(*[lists.call() for _ in range(4)])
    waiting = asyncio.ensure_future(lists.call())
    await time.settle()
    assert len(asyncio.all_tasks() - before) > 1
    waiting.cancel()
    await time.settle()
    assert asyncio.all_tasks() == before
    assert time.sleepers == 0


async def test_without_a_budget_a_call_goes_straight_through(time: VirtualTime) -> None:
    governor = Governor(Rates(lists=inf), clock=time.clock, sleep=time.sleep)
    upstream = Upstream(governor, time)
    errand = Errand()
    errand.join("vision", deadline=inf)
    call = upstream.read(errand, "read")
    with pytest.raises(StopIteration):  # without one step of the event loop
        call.send(None)
    assert governor.state()[LISTS] == BudgetState(inf, 0, 0, 1)


async def test_who_asks_is_told_how_long_a_team_would_wait(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    assert governor.wait_for(LISTS, "vision") == 0
    busy = [asyncio.ensure_future(lists.call("vision")) for _ in range(12)]
    await time.settle()
    assert governor.wait_for(LISTS, "vision") == pytest.approx(5.5)
    assert governor.wait_for(LISTS, "nlp") == pytest.approx(1)
    assert governor.wait_for(LISTS, "nlp", background=True) == pytest.approx(5)
    assert governor.wait_for(DESCRIBES, "vision") == 0
    await time.until_done(*busy)


async def test_the_state_tells_what_is_left_and_who_waits(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    assert governor.state() == {}
    await time.run(lists.call())
    assert governor.state() == {LISTS: BudgetState(1, 0, 0, 1)}
    busy = [asyncio.ensure_future(lists.call(background=n > 3)) for n in range(6)]
    await time.settle()
    assert governor.state() == {LISTS: BudgetState(0, 3, 2, 1)}
    await time.until_done(*busy)


async def test_stopping_has_a_small_budget_of_its_own(governor: Governor, time: VirtualTime) -> None:
    stops = Upstream(governor, time, STOPS)
    await time.run(*[stops.call() for _ in range(3)])
    assert stops.times == [0, 1, 2]


async def test_a_bug_reaches_those_who_wait(time: VirtualTime) -> None:
    def broken(_: float) -> asyncio.Future[None]:
        raise RuntimeError("no sleep")

    upstream = Upstream(Governor(Rates(), clock=time.clock, sleep=broken), time)
    results = await time.run(*[upstream.call() for _ in range(4)])
    assert [str(result) for result in results] == ["vision", "vision", "no sleep", "no sleep"]


COMERS = st.lists(
    st.tuples(
        st.floats(0, 20),  # comes at
        st.sampled_from(["vision", "nlp", "speech"]),
        st.one_of(st.just(inf), st.floats(0, 10)),  # patience
        st.booleans(),  # background
        st.one_of(st.none(), st.floats(0, 10)),  # hangs up after
    ),
    max_size=40,
)
RATES = st.sampled_from([0.5, 1.0, 2.0, 3.7, 10.0])
Comer = tuple[float, str, float, bool, float | None]


@settings(deadline=None)
@given(COMERS, RATES)
def test_whoever_comes_and_goes_no_call_is_lost_or_doubled_and_none_is_over_the_budget(
    comers: list[Comer], rate: float
) -> None:
    async def example() -> None:
        time = VirtualTime()
        governor = Governor(Rates(lists=rate), clock=time.clock, sleep=time.sleep)
        upstream = Upstream(governor, time)
        outcomes: dict[str, str] = {}

        async def come(label: str, comer: Comer) -> None:
            at, share, patience, background, hangs_up = comer
            await time.sleep(at)
            deadline = time.now + patience
            call = asyncio.ensure_future(upstream.call(share, deadline=deadline, background=background, label=label))
            if hangs_up is not None:
                await asyncio.wait((call, asyncio.ensure_future(time.sleep(hangs_up))), return_when="FIRST_COMPLETED")
                call.cancel()
            try:
                outcomes[label] = "sent" if await call == label else "another's"
                assert time.now <= deadline + 1e-4
            except Throttled as error:
                outcomes[label] = "refused" if error.retry_after_ms >= 1 and patience < inf else "wronged"
            except asyncio.CancelledError:
                outcomes[label] = "hung up"

        await time.run(*[come(str(n), comer) for n, comer in enumerate(comers)])
        await time.settle()
        assert len(outcomes) == len(comers)
        assert set(outcomes.values()) <= {"sent", "refused", "hung up"}
        assert sorted(upstream.order) == sorted(label for label, outcome in outcomes.items() if outcome == "sent")
        assert most_in_any_window(upstream.times, rate=rate, burst=max(1, rate))
        assert not governor.state() or governor.state()[LISTS].interactive + governor.state()[LISTS].background == 0

    in_a_loop(example)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["vision", "nlp"])), min_size=1, max_size=40), RATES)
def test_while_anybody_waits_no_place_is_left_unused(comers: list[tuple[float, str]], rate: float) -> None:
    async def example() -> None:
        time = VirtualTime()
        upstream = Upstream(Governor(Rates(lists=rate), clock=time.clock, sleep=time.sleep), time)

        async def come(at: float, share: str) -> str:
            await time.sleep(at)
            return await upstream.call(share)

        await time.run(*[come(at, share) for at, share in comers])
        # One who is served as soon as the budget allows, in any order, is served at these moments.
        full = 1_000.0
        at: list[float] = []
        burst = max(1, rate)
        for arrival in sorted(1_000 + at for at, _ in comers):
            now = max(arrival, full - (burst - 1) / rate, at[-1] if at else 0)
            full = max(full, now) + 1 / rate
            at.append(now)
        assert upstream.times == pytest.approx([moment - 1_000 for moment in at], abs=1e-4)

    in_a_loop(example)


async def test_the_state_tells_how_long_was_waited_and_who_waited_in_vain(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    waited = [asyncio.ensure_future(lists.call()) for _ in range(4)]
    await time.until_done(*waited)
    assert governor.state()[LISTS].waited == pytest.approx(0.5 + 1.0)
    in_vain = asyncio.ensure_future(lists.call(deadline=time.now + 0.1))
    await time.until_done(in_vain)
    assert governor.state()[LISTS].refused == 1
