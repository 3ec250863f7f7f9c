"""How long is waited between two looks."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.watch import Pace

SECONDS = st.floats(0, 1e9)
COUNTS = st.integers(0, 10_000)
PACES = st.builds(Pace, st.floats(0.1, 600), st.floats(0.1, 600))


@given(PACES, SECONDS, COUNTS)
def test_a_wait_is_never_shorter_than_the_interval_nor_longer_than_the_slowest(
    pace: Pace, quiet: float, failures: int
) -> None:
    assert pace.interval <= pace.wait(quiet, failures) <= max(pace.interval, pace.slowest)


@given(PACES, SECONDS, SECONDS, COUNTS, COUNTS)
def test_what_has_stood_still_for_longer_or_failed_more_often_is_never_looked_at_sooner(
    pace: Pace, quiet: float, longer: float, failures: int, more: int
) -> None:
    assert pace.wait(quiet, failures) <= pace.wait(quiet + longer, failures + more)


def test_what_has_just_moved_is_looked_at_every_five_seconds_and_what_rests_every_minute() -> None:
    assert [Pace().wait(quiet) for quiet in (0, 50, 120, 3600)] == [5, 5, 12, 60]


def test_each_look_that_fails_doubles_the_wait() -> None:
    assert [Pace().wait(0, failures) for failures in range(6)] == [5, 10, 20, 40, 60, 60]
