"""How many requests are in hand at once, who waits for a place and who is turned away, and how long each may take.

Where there is room it costs two look-ups in a dictionary: most answers come from memory and are over before anybody
else had a turn. What has no end of its own (event streams, WebSockets) holds no place, and has no deadline.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from gateway import telemetry
from gateway.errors import DeadlineExceeded, Overloaded

_Task = asyncio.Task[Any]


@dataclass(frozen=True, slots=True)
class CapacityOptions:
    """What is borne, and for how long."""

    concurrency: int = 1000
    """Requests in hand at once. Each is measured to hold some 40 KB while it waits for AWS; and of the distinct reads
    that a thousand could ask for, AWS's budget of an account lets a third through within a deadline."""
    queue: int = 200
    """Requests that wait for a place: what hot answers take in some 20 ms of a core, so that a burst is no failure."""
    timeout: float = 28.0
    """Seconds that a request may take in all."""
    patience: float = 0.07
    """Seconds that one waits for a place: whoever asks again finds another replica sooner than a place here. It is to
    have its answer within a tenth of a second, of which a busy event loop takes some."""


class Capacity:
    """The requests in hand. Lives as long as the process."""

    def __init__(self, options: CapacityOptions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._clock = clock
        self._in_hand: dict[_Task, float] = {}  # the oldest first: all may take equally long
        self._overdue: set[_Task] = set()
        self._queue: deque[tuple[_Task, asyncio.Future[None]]] = deque()
        self._watching: asyncio.TimerHandle | None = None
        self.leaving = False
        """Whether this process is about to end: whoever is answered should come again elsewhere."""

    @property
    def in_hand(self) -> int:
        """How many requests are being answered."""
        return len(self._in_hand)

    @property
    def full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return bool(self._queue) or len(self._in_hand) >= self._options.concurrency

    @property
    def queued(self) -> int:
        """How many wait for a place."""
        return len(self._queue)

    def held(self) -> "Held":
        """A context in which the task that enters it has a place, and only so much time. It raises Overloaded at its
        beginning, DeadlineExceeded at its end.
        """
        return Held(self)

    def let_go(self) -> None:
        """The current task has turned out to have no end of its own: its place is another's, and it has all the time.

        Without a place, nothing.
        """
        task = asyncio.current_task()
        if task in self._in_hand:
            self._hand_on(task)

    async def _wait(self, task: _Task) -> None:
        """Wait for a place that another gives back. Raises Overloaded."""
        if len(self._queue) >= self._options.queue:
            telemetry.request_shed("full")
            raise Overloaded(_TURNED_AWAY)
        place = asyncio.get_running_loop().create_future()
        waiting = (task, place)
        self._queue.append(waiting)
        try:
            async with asyncio.timeout(self._options.patience):
                await place
        except BaseException as error:
            if task in self._in_hand:  # it was given one just now, and has no use for it any more
                self._hand_on(task)
            else:
                self._queue.remove(waiting)
            if isinstance(error, TimeoutError):
                telemetry.request_shed("waited")
                raise Overloaded(_TURNED_AWAY) from None
            raise

    def _begin(self, task: _Task) -> None:
        self._in_hand[task] = self._clock()
        if self._watching is None:
            self._watch(self._options.timeout)

    def _hand_on(self, task: _Task) -> None:
        """End a request's time; its place goes to whoever has waited longest."""
        del self._in_hand[task]
        if self._queue:
            next_task, place = self._queue.popleft()
            self._begin(next_task)
            if not place.done():  # else it is on its way out, and hands it on
                place.set_result(None)

    def _watch(self, seconds: float) -> None:
        self._watching = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """End what has taken too long; look again when the next will have."""
        self._watching = None
        now = self._clock()
        for task, began in self._in_hand.items():
            left = began + self._options.timeout - now
            if left > 0:
                self._watch(left)
                return
            if task not in self._overdue:
                self._overdue.add(task)
                task.cancel()

    def _ended(self, task: _Task, error: BaseException | None) -> None:
        """A request's end. Raises DeadlineExceeded where we have brought it about."""
        if task in self._in_hand:
            self._hand_on(task)
        if task not in self._overdue:
            return
        self._overdue.discard(task)
        hung_up = task.uncancel() > 0
        if isinstance(error, asyncio.CancelledError) and not hung_up:
            raise DeadlineExceeded(_TOO_LONG.format(self._options.timeout)) from None


class Held:
    """A place, from its taking to its giving back."""

    __slots__ = ("_capacity", "_task")

    def __init__(self, capacity: Capacity) -> None:
        self._capacity = capacity

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # whatever is answered is answered in one
        self._task = task
        if self._capacity.full:
            await self._capacity._wait(task)  # noqa: SLF001  # two halves of one thing
        else:
            self._capacity._begin(task)  # noqa: SLF001  # as above

    async def __aexit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        self._capacity._ended(self._task, error)  # noqa: SLF001  # as above


_TURNED_AWAY = "As many requests are being answered here as can be. Ask again in a moment."
_TOO_LONG = (
    "The request took more than {:g} seconds in all (GATEWAY_REQUEST_TIMEOUT) and was ended. Where it was to change "
    "something, look whether it did before asking again."
)
