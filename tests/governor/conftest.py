"""A governor in virtual time, and what is called through it."""

import pytest

from gateway.governor import Governor, Rates
from tests.governor.virtual_time import Upstream, VirtualTime


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def governor(time: VirtualTime) -> Governor:
    """Lists go twice a second, two at once; every pause of chance is 250 ms."""
    return Governor(Rates(), clock=time.clock, sleep=time.sleep, chance=lambda: 0.5)


@pytest.fixture
def lists(governor: Governor, time: VirtualTime) -> Upstream:
    return Upstream(governor, time)
