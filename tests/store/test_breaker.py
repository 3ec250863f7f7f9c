"""Whether the store is asked: by how the commands before went, and by a clock that stands still until told."""

import pytest
from structlog.testing import capture_logs

from gateway.store.breaker import Breaker
from tests.running import Clock


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        admitted = breaker.admitted()
        assert admitted is not None
        breaker.failed(admitted, "TimeoutError")


def succeed(breaker: Breaker) -> None:
    admitted = breaker.admitted()
    assert admitted is not None
    breaker.succeeded(admitted)


def test_failures_with_a_success_between_them_mean_nothing(breaker: Breaker) -> None:
    for _ in range(10):
        fail(breaker, 2)
        succeed(breaker)
    assert breaker.state.value == "closed"


def test_three_failures_in_a_row_open_it_and_nothing_is_admitted(breaker: Breaker) -> None:
    fail(breaker, 3)
    assert breaker.state.value == "open"
    assert breaker.admitted() is None


def test_after_a_second_one_command_tells_whether_it_closes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.advance(1.0)
    probe = breaker.admitted()
    assert probe is not None
    assert breaker.state.value == "half-open"
    assert [breaker.admitted() for _ in range(5)] == [None] * 5
    breaker.succeeded(probe)
    assert breaker.state.value == "closed"
    fail(breaker, 2)
    assert breaker.state.value == "closed"


def test_the_pauses_between_probes_grow_to_half_a_minute_and_begin_anew_after_a_success(
    breaker: Breaker, clock: Clock
) -> None:
    def pause() -> float:
        seconds = 0.0
        while (admitted := breaker.admitted()) is None:
            clock.advance(0.5)
            seconds += 0.5
        breaker.failed(admitted, "TimeoutError")
        return seconds

    fail(breaker, 3)
    assert [pause() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    clock.advance(30)
    succeed(breaker)
    fail(breaker, 3)
    assert pause() == 1


def test_what_becomes_of_a_command_says_nothing_about_a_later_round(breaker: Breaker, clock: Clock) -> None:
    late = [breaker.admitted() for _ in range(5)]
    fail(breaker, 3)
    for admitted in late:
        assert admitted is not None
        assert not breaker.lasts(admitted)
        breaker.succeeded(admitted)
        breaker.failed(admitted, "TimeoutError")
    assert breaker.state.value == "open"
    clock.advance(1.0)
    succeed(breaker)
    for admitted in late:
        assert admitted is not None
        breaker.failed(admitted, "TimeoutError")
    assert breaker.state.value == "closed"


def test_each_loss_and_each_return_is_told_once(breaker: Breaker, clock: Clock) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            fail(breaker, 3)
            clock.advance(1.0)
            fail(breaker)
            clock.advance(2.0)
            succeed(breaker)
    assert [log["event"] for log in logs] == ["store_lost", "store_back"] * 2
    assert logs[0]["cause"] == "TimeoutError"
