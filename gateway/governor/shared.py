"""The buckets that replicas share, as far as they are known here: what keeps them is another room's affair."""

from typing import Protocol

from gateway.store import Place


class SharedBuckets(Protocol):
    """Buckets as ours, one per key, of which all replicas take. Neither method raises, and neither takes long: those
    who wait for a place wait for it too.

    `interval` is the seconds between two places at the full rate, `burst` how many may be taken at once from a full
    bucket.
    """

    async def take(self, key: str, *, interval: float, burst: float, background: bool) -> Place | None:
        """Reserve the next place. None: it cannot be asked."""

    async def slow(self, key: str, *, interval: float, burst: float, pause: float) -> None:
        """Have all replicas pause for so many seconds, and go on at half the rate."""
