"""The buckets that replicas share, as far as they are known here: what keeps them is another room's affair."""

from typing import Protocol


class SharedBuckets(Protocol):
    """Token buckets (GCRA), one per key, that all replicas take from. Neither method raises, and neither takes
    long: those who wait for a place wait for it too.
    """

    async def take(self, key: str, *, interval: float, burst: float) -> float | None:
        """Take a place, if there is one: 0.0, or the seconds to wait before asking again. None: it cannot be asked.

        `interval` is the seconds between two places, `burst` how many may be taken at once from a full bucket.
        """

    async def slow(self, key: str, seconds: float) -> None:
        """Have the next place of all replicas come about so many seconds later."""
