"""A place in a bucket, as the server tells of it. Pure."""

from dataclasses import dataclass
from typing import Any

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a bucket that replicas share. All times are in seconds from now."""

    reserved: bool
    """Whether it is the caller's now; else it is others' turn, and the caller asks again after `wait`."""
    wait: float
    """Until it comes; 0 if it can be used at once."""
    pause: float = 0.0
    """How much of `wait` is because AWS has throttled; the rest is because of places that others have reserved."""
    slowed: float = 0.0
    """Until the bucket is back at its full rate."""


def is_a_place(answer: Any) -> bool:  # noqa: ANN401  # whatever the server says
    """Whether an answer tells of a place."""
    match answer:
        case [0 | 1, int(wait), int(pause), int(slowed)]:
            return min(wait, pause, slowed) >= 0
        case _:
            return False


def place_of(answer: list[int]) -> Place:
    """The place an answer tells of."""
    reserved, *times = answer
    return Place(bool(reserved), *[time / MICRO for time in times])
