"""Which budget a call is paid from, and how large it is. AWS counts each operation of an account and region by itself,
whichever role calls.
"""

from dataclasses import dataclass

from gateway.model.target import Target


@dataclass(frozen=True, slots=True)
class Budget:
    """The calls of one operation that an account may make in a region."""

    target: Target
    operation: str
    """AWS's own word, such as ListTags."""

    @property
    def key(self) -> str:
        """What replicas call it among themselves."""
        return f"{self.target.account}/{self.target.region}/{self.operation}"

    @property
    def acts(self) -> bool:
        """Whether its calls change something: then an answer that was lost may not be asked for again."""
        return self.operation.startswith("Stop")


@dataclass(frozen=True, slots=True)
class Rates:
    """How large the budgets are, in calls per second. `inf` is no budget: nothing ever waits for it."""

    lists: float = 2.0
    """Each operation that lists. AWS's own quota, which it does not raise."""
    describes: float = 5.0
    searches: float = 2.0
    tags: float = 5.0
    stops: float = 1.0
    attempts: int = 3
    """How often one read is sent at most."""

    def of(self, operation: str) -> float:
        """The rate of an operation. Raises LookupError for one that has none."""
        families = (
            ("ListTags", self.tags),
            ("List", self.lists),
            ("Describe", self.describes),
            ("Search", self.searches),
            ("Stop", self.stops),
        )
        for beginning, rate in families:
            if operation.startswith(beginning):
                return rate
        raise LookupError(f"there is no budget for {operation}")
