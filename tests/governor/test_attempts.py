"""What is sent again, when, and when not."""

import asyncio
from math import inf

import pytest

from gateway.errors import (
    GatewayError,
    NotFound,
    OperatorError,
    Throttled,
    TokenRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.governor import Errand, Governor
from tests.governor.virtual_time import LISTS, STOPS, Upstream, VirtualTime


def throttled() -> Throttled:
    return Throttled("SageMaker takes no more calls for now.", retry_after_ms=1_000)


def unavailable() -> UpstreamUnavailable:
    return UpstreamUnavailable("SageMaker could not answer.")


async def test_a_throttled_call_is_sent_again_after_a_second(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [throttled()]
    errand = Errand()
    errand.join("vision", deadline=inf)
    assert await time.run(lists.read(errand, "read")) == ["read"]
    assert lists.times == [0, 1]
    assert errand.calls == 2


async def test_after_so_many_attempts_it_is_the_callers_turn_to_wait(
    lists: Upstream, governor: Governor, time: VirtualTime
) -> None:
    lists.failures = [throttled() for _ in range(3)]
    (error,) = await time.run(lists.call())
    assert isinstance(error, Throttled)
    assert error.retry_after_ms == pytest.approx(governor.wait_for(LISTS, "vision") * 1_000, abs=1)
    assert error.retry_after_ms > 1_000
    assert len(lists.sent) == 3


async def test_throttled_calls_slow_the_budget_for_all(lists: Upstream, governor: Governor, time: VirtualTime) -> None:
    lists.takes = 0.1
    lists.failures = [throttled()]
    await time.run(lists.call(), *[lists.call("nlp") for _ in range(8)])
    gaps = [after - before for before, after in zip(lists.times[2:], lists.times[3:], strict=False)]
    assert lists.times[:3] == [0, 0, 1.1]
    assert all(0.5 < gap < 1 for gap in gaps)
    assert gaps == sorted(gaps, reverse=True)  # the rate comes back by and by
    assert governor.state()[LISTS].factor < 1
    await time.advance(30)
    assert governor.state()[LISTS].factor == 1


async def test_a_throttled_call_goes_again_before_all_others_of_its_team(lists: Upstream, time: VirtualTime) -> None:
    lists.takes = 0.1
    lists.failures = [throttled()]
    calls = [lists.call(label="first"), *[lists.call(label="later") for _ in range(4)], lists.call("nlp")]
    await time.run(*calls)
    assert lists.order[:2] == ["first", "later"]
    assert sorted(lists.order[2:4]) == ["first", "nlp"]


async def test_a_throttled_call_that_cannot_go_again_in_time_is_told_when_to_come(
    lists: Upstream, time: VirtualTime
) -> None:
    lists.failures = [throttled()]
    (error,) = await time.run(lists.call(deadline=time.now + 0.9))
    assert isinstance(error, Throttled)
    assert error.retry_after_ms == 1_000
    assert lists.times == [0]


async def test_who_is_throttled_before_a_long_line_is_told_of_the_line(lists: Upstream, time: VirtualTime) -> None:
    lists.takes = 0.1
    lists.failures = [throttled(), throttled(), throttled()]
    first = asyncio.ensure_future(lists.call(deadline=time.now + 4))
    others = [asyncio.ensure_future(lists.call()) for _ in range(20)]
    await time.until_done(first)
    error = first.exception()
    assert isinstance(error, Throttled)
    assert error.retry_after_ms > 10_000
    await time.until_done(*others)


async def test_what_is_out_of_order_is_asked_again_after_a_pause_by_chance(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [unavailable(), unavailable()]
    errand = Errand()
    errand.join("vision", deadline=inf)
    assert await time.run(lists.read(errand, "read")) == ["read"]
    assert lists.times == [0, 0.25, 0.5]
    assert errand.calls == 3


async def test_every_attempt_takes_a_place(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [unavailable(), unavailable()]
    await time.run(lists.call(label="read"), lists.call("nlp"))
    assert lists.times == [0, 0, 0.5, 1]


async def test_what_stays_out_of_order_is_told_as_that(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [unavailable() for _ in range(3)]
    (error,) = await time.run(lists.call())
    assert isinstance(error, UpstreamUnavailable)
    assert len(lists.sent) == 3


async def test_without_time_to_pause_the_failure_is_told_at_once(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [unavailable()]
    began = time.now
    (error,) = await time.run(lists.call(deadline=began + 0.2))
    assert isinstance(error, UpstreamUnavailable)
    assert time.now == began


@pytest.mark.parametrize("patience", [0.2, 0.4])
async def test_without_time_for_another_attempt_the_failure_stands(
    lists: Upstream, time: VirtualTime, patience: float
) -> None:
    lists.failures = [unavailable()]
    error, *_ = await time.run(
        lists.call(deadline=time.now + patience), *[lists.call("nlp", label="other") for _ in range(2)]
    )
    assert isinstance(error, UpstreamUnavailable)
    assert lists.order == ["vision", "other", "other"]


@pytest.mark.parametrize(
    "failure",
    [
        UpstreamTimeout("late"),
        OperatorError("denied"),
        NotFound("nothing"),
        TokenRefused("dead"),
        GatewayError("another"),
        RuntimeError("a bug"),
    ],
)
async def test_whatever_else_fails_is_not_sent_again(lists: Upstream, time: VirtualTime, failure: Exception) -> None:
    lists.failures = [failure]
    assert await time.run(lists.call()) == [failure]
    assert len(lists.sent) == 1


async def test_what_acts_is_sent_again_when_it_was_throttled_only(governor: Governor, time: VirtualTime) -> None:
    stops = Upstream(governor, time, STOPS)
    stops.failures = [throttled(), unavailable()]
    (error,) = await time.run(stops.call())
    assert isinstance(error, UpstreamUnavailable)
    assert len(stops.sent) == 2


async def test_a_call_called_off_while_it_pauses_is_not_sent_again(lists: Upstream, time: VirtualTime) -> None:
    lists.failures = [unavailable()]
    call = asyncio.ensure_future(lists.call())
    await time.settle()
    call.cancel()
    await time.advance(5)
    assert call.cancelled()
    assert len(lists.sent) == 1
