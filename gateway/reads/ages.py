"""How old what was read is, and until when it lives: by the clock that only goes forward, and as told by the wall's."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from gateway.reads.entries import Life, Remembered
from gateway.reads.weight import weight

T = TypeVar("T")


@dataclass(slots=True)
class Asked:
    """When the upstream was asked, by both clocks. Waiting for a place in its budget comes before."""

    clock: float
    wall: float


class Ages:
    """Makes entries of values. `jitter` is the share of a life given up at random."""

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float], jitter: float) -> None:
        self.clock = clock
        self.wall = wall
        self._jitter = jitter
        self._versions = count(1)
        self._random = random.Random()  # noqa: S311  # spreads expiries, protects nothing

    def now(self) -> Asked:
        """The upstream is asked now."""
        return Asked(self.clock(), self.wall())

    def at(self, wall: float) -> Asked:
        """It was asked at that time, in seconds since the epoch. Clocks differ: never in the future."""
        return Asked(self.clock() - max(self.wall() - wall, 0), wall)

    def entry(self, value: T, asked: Asked, life: Life, *, seal: bytes = b"") -> Remembered[T]:
        """A value as it was read, `seal` by what the store knows it."""
        expires = asked.clock + life.fresh
        return Remembered(
            value,
            next(self._versions),
            datetime.fromtimestamp(asked.wall, UTC),
            expires=expires,
            revalidated_until=expires + life.revalidated,
            stale_until=expires + life.stale,
            size=weight(value),
            seal=seal,
        )

    def jittered(self, life: Life) -> Life:
        """A life that is a little shorter, so that what was read together is not read anew together."""
        return replace(life, fresh=life.fresh * (1 - self._jitter * self._random.random()))
