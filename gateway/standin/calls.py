"""The memory of the calls that came in: how many of each operation, how many refused, and the latest in order."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.standin.scope import CallerScope

REMEMBERED = 10_000  # calls in the ordered log; the counts go on beyond it
SECRETS = frozenset({"ExternalId", "TokenCode", "Policy"})  # arguments of AssumeRole that are nobody else's business


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it arrived, before anything was checked or refused, but for the secrets in it."""

    operation: str
    account: str
    region: str
    arguments: Mapping[str, Any]

    @property
    def scope(self) -> CallerScope:
        """Whom the call speaks for."""
        return CallerScope(self.account, self.region)


class CallLog:
    """Counts every call, also one that is then throttled, refused or cut off."""

    def __init__(self) -> None:
        self.log: deque[Call] = deque(maxlen=REMEMBERED)
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def note(self, call: Call) -> None:
        """A call has arrived."""
        open_ones = {name: value for name, value in call.arguments.items() if name not in SECRETS}
        self.log.append(replace(call, arguments=open_ones))
        self.counts[call.operation] += 1

    def refuse(self, operation: str) -> None:
        """A call was answered with an error, or not at all."""
        self.refused[operation] += 1

    def of(self, operation: str) -> list[Call]:
        """The remembered calls of one operation, oldest first."""
        return [call for call in self.log if call.operation == operation]

    def reset(self) -> None:
        """Forgets everything."""
        self.log.clear()
        self.counts.clear()
        self.refused.clear()
