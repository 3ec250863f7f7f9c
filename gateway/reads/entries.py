"""What is read, for whom, how long it may live, and the value as it was read. No behaviour beyond telling ages."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf
from typing import Any, Generic, Self, TypeVar
from weakref import WeakValueDictionary

from gateway.governor import Errand

T = TypeVar("T")


class ReadKey(Generic[T]):
    """What is read: where, by which operation, with which arguments. T is what the read gives.

    There is one of each, so that keys are told apart by identity: one is looked up many times on its way, and to hash
    its arguments takes longer than all the rest of that.
    """

    __slots__ = ("__weakref__", "arguments", "operation", "target")
    target: Hashable
    operation: str
    arguments: tuple[Hashable, ...]

    def __new__(cls, target: Hashable, operation: str, arguments: tuple[Hashable, ...]) -> Self:
        """The one key of these, as long as anybody has it."""
        what = target, operation, arguments
        known: Self | None = _keys.get(what)
        if known is None:
            known = _keys[what] = super().__new__(cls)
            known.target, known.operation, known.arguments = what
        return known

    def __repr__(self) -> str:
        """The key as text, the same in all processes."""
        return f"ReadKey(target={self.target!r}, operation={self.operation!r}, arguments={self.arguments!r})"


_keys: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()


@lru_cache(1_024)  # among the arguments may be AWS's page tokens, of up to 8 kB each
def key_of(target: Hashable, operation: str, *arguments: Hashable) -> ReadKey[Any]:
    """The key of a read that comes again and again."""
    return ReadKey(target, operation, arguments)


@dataclass(frozen=True, slots=True)
class Life:
    """How long a value may be given to readers, in seconds from when the upstream was asked."""

    fresh: float
    """Given as it is."""
    revalidated: float = 0.0
    """After that: still given at once, while one read in the background fetches the next."""
    stale: float = 0.0
    """After `fresh`, when the upstream cannot be asked: given, and marked stale."""


@dataclass(slots=True)
class Held:
    """What something that was made of reads hangs on."""

    versions: tuple[tuple[ReadKey[Any], int | None], ...]
    """Which version was read under each key; None: nothing fresh was there."""
    expires: float
    """When the first of them stops being fresh, in seconds of the reads' clock."""
    seen: int = -1
    """How often memory had changed when it had all of them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads: whose share of the upstream's budget it spends, and until when it waits."""

    share: str
    deadline: float = inf
    """In seconds of the clock that waiting is measured by."""
    background: bool = False
    """Whether everybody who is waiting for an answer goes first. Has time, and so is given only what is fresh."""
    at_once: bool = True
    """Whether something a little older will do, at once, while the next is being read."""
    spared: bool = False
    """Whether it has something else to go by when the upstream cannot be asked, and so does not wait for it long."""


@dataclass(frozen=True, slots=True)
class Remembered(Generic[T]):
    """A value as it was read. Its times are seconds of the clock that only goes forward."""

    value: T
    version: int
    """Counts the reads: tells a value from the one read after it."""
    as_of: datetime
    """When the upstream was asked, in UTC."""
    expires: float
    """When the value stops being fresh."""
    revalidated_until: float
    """Until when it is given at once all the same, while it is being read anew."""
    stale_until: float
    """Until when it is given, marked, when the upstream cannot be asked."""
    size: int
    """Bytes, about."""
    stale: bool = False
    """Whether it is given beyond its time because the upstream could not be asked again."""
    seal: bytes = field(default=b"", repr=False)
    """By what the store tells the value from others that it kept under the key; empty: it never had it."""
    made: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was made of the value by whoever read it, kept as long as the value is."""

    @property
    def ends(self) -> float:
        """When it is of no use to anybody any more."""
        return max(self.expires, self.revalidated_until, self.stale_until)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """One upstream read: its key, how to fetch it, how long what it gives may live."""

    key: ReadKey[T]
    fetch: Callable[[Errand], Awaitable[T]]
    life: Callable[[T], Life]
    shape: Any = None
    """The type by which the store that replicas share keeps the value; None: it is kept by this process alone."""
    landed: Callable[[Remembered[T]], None] | None = None
    """Told what was read before anybody who waits, and though nobody may wait any more."""
