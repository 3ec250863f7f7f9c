"""Token buckets: how many calls of an operation one account may make in one region.

Only the arithmetic; the rates themselves are among the switches and may change between two calls.
"""

from collections.abc import Callable, Mapping

from gateway.standin.scope import CallerScope
from gateway.standin.switches import Rate


class Buckets:
    """One bucket per (scope, operation), full when first asked."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._levels: dict[tuple[CallerScope, str], tuple[float, float]] = {}

    def allows(self, rates: Mapping[str, Rate], scope: CallerScope, operation: str) -> bool:
        """Takes a call's worth from the bucket, if there is a rate for it; False if the bucket is empty."""
        rate = rates.get(operation, rates.get("*"))
        if rate is None:
            return True
        now = self._clock()
        level, filled_at = self._levels.get((scope, operation), (rate.burst, now))
        level = min(rate.burst, level + max(0.0, now - filled_at) * rate.per_second)
        allowed = level >= 1
        self._levels[scope, operation] = (level - 1 if allowed else level, now)
        return allowed
