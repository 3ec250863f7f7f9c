"""How long what was read may live. A finished job never changes, so it lives long; a running one lives seconds, and
some more while it is read anew. A page that hands out a token never outlives the token.
"""

from dataclasses import dataclass
from math import inf

from gateway.reads import Life


@dataclass(frozen=True, slots=True)
class Lives:
    """How long what was read may be remembered, in seconds."""

    running: float = 5.0
    """A running job, and the pages of its training jobs."""
    finished: float = 6 * 3600.0
    """A finished job, and the pages of its training jobs."""
    listing: float = 10.0
    """A page of tuning jobs."""
    absent: float = 2.0
    """That there is no such job."""
    tags: float = 30.0
    """A job's tags."""
    token: float = 15 * 60.0
    """A page that hands out a NextToken: AWS does not say how long it takes one."""
    revalidated: float = 5.0
    """After any of these but `absent`: given at once all the same, while it is read anew."""
    stale: float = 10 * 60.0
    """After any of these but `absent`: given, marked stale, when AWS cannot be asked."""

    def of(self, fresh: float, most: float = inf) -> Life:
        """A life that is this long while fresh, and never longer than `most` in all."""
        fresh = min(fresh, most)
        rest = most - fresh
        return Life(fresh, revalidated=min(self.revalidated, rest), stale=min(self.stale, rest))
