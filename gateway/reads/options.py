"""How much is remembered, and how readers are spared the upstream."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How much is remembered, and how readers are spared the upstream."""

    room: int = 128 * 1024 * 1024
    """Bytes remembered at most, about."""
    jitter: float = 0.1
    """The share of a life given up at random, so that what was read together is not read anew together."""
    patience: float = 0.5
    """Seconds that the upstream is waited for by those who can be given something stale."""
    waiters: int = 800
    """Requests that wait for the upstream at once, at most."""
