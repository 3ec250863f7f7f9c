"""When the next place comes."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.governor.bucket import Bucket
from tests.governor.virtual_time import most_in_any_window

RATES = st.floats(0.1, 50)
STEPS = st.lists(st.tuples(st.sampled_from(["wait", "take", "take", "take", "slow"]), st.floats(0, 3)), max_size=80)


def taken(bucket: Bucket, now: float) -> int:
    """How many places can be taken now."""
    places = 0
    while bucket.free(now):
        bucket.take(now)
        places += 1
    return places


@given(RATES, STEPS)
def test_no_span_of_time_holds_more_places_than_burst_and_rate_allow(
    rate: float, steps: list[tuple[str, float]]
) -> None:
    bucket, now = Bucket(rate), 1_000.0
    times = []
    for step, amount in steps:
        if step == "wait":
            now += amount
        elif step == "slow":
            bucket.slow(now, amount)
        elif bucket.free(now):
            bucket.take(now)
            times.append(now)
    assert most_in_any_window(times, rate=rate, burst=max(1, rate))


@given(RATES, st.integers(1, 30))
def test_who_takes_every_place_when_it_comes_gets_the_whole_rate(rate: float, calls: int) -> None:
    bucket, now = Bucket(rate), 1_000.0
    foretold = [bucket.at(now, ahead) for ahead in range(calls)]
    taken_at = []
    for _ in range(calls):
        now = bucket.at(now)
        bucket.take(now)
        taken_at.append(now)
    assert taken_at == pytest.approx(foretold, abs=1e-5)
    burst = max(1, rate)
    assert taken_at == pytest.approx([1_000 + max(0, n + 1 - burst) / rate for n in range(calls)], abs=1e-5)


@given(RATES, st.integers(1, 20), st.floats(0, 10))
def test_a_place_given_back_was_never_taken(rate: float, before: int, later: float) -> None:
    bucket, other = Bucket(rate), Bucket(rate)
    for each in (bucket, other):
        for _ in range(before):
            each.take(1_000.0)
    cost = bucket.take(1_000.0)
    bucket.give_back(cost)
    assert bucket.at(1_000 + later) == pytest.approx(other.at(1_000 + later))
    assert bucket.left(1_000 + later) == pytest.approx(other.left(1_000 + later))


def test_a_rate_below_one_still_lets_one_through_at_once() -> None:
    bucket = Bucket(0.25)
    assert taken(bucket, 0) == 1
    assert bucket.at(0) == 4


def test_a_full_bucket_has_its_burst_and_an_idle_one_no_more() -> None:
    bucket = Bucket(5)
    assert bucket.left(0) == 5
    assert taken(bucket, 0) == 5
    assert bucket.left(0) == 0
    assert bucket.left(0.4) == pytest.approx(2)
    assert taken(bucket, 1_000) == 5


def test_throttled_it_pauses_then_goes_at_half_its_rate_and_regains_the_whole_in_half_a_minute() -> None:
    bucket = Bucket(2)
    bucket.slow(0, 1)
    assert bucket.at(0) == 1
    assert taken(bucket, 1) == 1  # and no burst after the pause
    assert bucket.factor(1) == pytest.approx(0.5 + 1 / 60)
    assert bucket.at(1) == pytest.approx(1 + 1 / (2 * bucket.factor(1)))
    assert bucket.factor(15) == pytest.approx(0.75)
    assert bucket.factor(30) == bucket.factor(90) == 1
    assert taken(bucket, 90) == 2


def test_calls_throttled_together_halve_the_rate_once_and_a_later_one_halves_it_again() -> None:
    bucket = Bucket(2)
    for moment in (0, 0.1, 0.9):
        bucket.slow(moment, 1)
    assert bucket.factor(0.9) == pytest.approx(0.5 + 0.9 / 60)
    assert bucket.at(0.9) == pytest.approx(1.9)
    bucket.slow(1.8, 0.2)  # it was on its way before the pause, which is longer by now
    assert bucket.factor(1.8) == pytest.approx(0.5 + 1.8 / 60)
    bucket.slow(2, 1)
    assert bucket.factor(2) == pytest.approx((0.5 + 2 / 60) / 2)


def test_however_often_it_is_throttled_an_eighth_of_the_rate_remains() -> None:
    bucket = Bucket(2)
    for moment in range(20):
        bucket.slow(moment, 1)
    assert bucket.factor(19) == 1 / 8


def test_told_that_another_was_throttled_it_is_no_less_slow_and_halves_nothing_for_what_was_under_way() -> None:
    bucket, other = Bucket(2), Bucket(2)
    other.slow(0, 1)
    bucket.slowed_elsewhere(paused_until=other.paused_until, whole_at=other.whole_at)
    bucket.slow(0.5, 1)
    assert bucket.factor(0.5) == other.factor(0.5)
    bucket.slow(2, 1)
    bucket.slowed_elsewhere(paused_until=other.paused_until, whole_at=other.whole_at)
    assert bucket.factor(2) == pytest.approx(other.factor(2) / 2)


def test_throttling_an_emptied_bucket_gives_no_place_sooner() -> None:
    bucket = Bucket(5)
    taken(bucket, 0)
    before = bucket.at(0)
    bucket.slow(0, 0.01)
    assert bucket.at(0) >= before


def test_no_budget_is_never_waited_for_and_never_slowed() -> None:
    bucket = Bucket(inf)
    for _ in range(1_000):
        bucket.take(5)
    bucket.slow(5, 1)
    assert bucket.at(5, 1_000) == 5
    assert (bucket.left(5), bucket.factor(5)) == (inf, 1)
