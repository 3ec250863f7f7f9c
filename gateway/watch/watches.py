"""Watches: who may listen to what, for how long, and how many at once.

A watch belongs to a team and is looked at within that team's scope alone. Each listener's own credentials are judged
again whenever there has been a look, before it is told anything.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field

from gateway import telemetry
from gateway.errors import TooManyListeners
from gateway.teams import Scope, Team
from gateway.tuning import TuningJobs
from gateway.watch.pace import Pace
from gateway.watch.topics import Topic
from gateway.watch.watch import Slot, Watch


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How often is looked, and how many may listen."""

    pace: Pace = field(default_factory=Pace)
    jitter: float = 0.1
    """The share by which a wait is lengthened at random, so that what began together is not looked at together."""
    most: int = 1000
    """Watches at once."""
    most_per_caller: int = 100
    """Listeners at once of one caller."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whoever listens."""

    subject: str
    """Whose listeners are counted together."""
    admitted: Callable[[], Awaitable[Scope]]
    """The scope its credentials open by now. Raises Unauthenticated, Forbidden, UpstreamUnavailable."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a listener is told."""

    value: object
    scope: Scope
    """What its credentials open by now."""
    team: Team
    """Whose it is."""
    tuning_job_name: str
    whole: bool
    """Whether the value is all there is: telling the same twice tells nothing then."""
    size: int
    """How many jobs it tells of."""


_Key = tuple[type[Topic], Team, str]


class Watches:
    """The watches of a process.

    `clock` counts the seconds of patience, `wall` tells the time since the epoch; `sleep` passes between two looks.
    """

    def __init__(
        self,
        jobs: TuningJobs,
        options: WatchOptions,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._jobs = jobs
        self._options = options
        self._clock = clock
        self._wall = wall
        self._sleep = sleep
        self._random = random.Random()  # noqa: S311  # spreads looks, protects nothing
        self._watches: dict[_Key, tuple[Watch, asyncio.Task[None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # those called off too, until they have ended
        self._listeners: Counter[str] = Counter()

    async def listen(self, about: type[Topic], team: Team, name: str, by: Listener) -> AsyncGenerator[Delivery, None]:
        """What is to be told about a team's tuning job of this name, until there is nothing more to tell.

        Raises TooManyListeners, what `by.admitted` raises, and why the job cannot be looked at any more.
        """
        current: Team | None = team
        while current is not None:
            team = current
            with self._place(about, team, name, by.subject) as slot:
                while current == team:
                    await slot.woken()
                    scope = await by.admitted()
                    current = scope.team(team.name)  # another one after a reload: then it is listened to anew
                    if current != team:
                        break
                    if (untold := slot.take()) is not None:
                        yield Delivery(about.told(untold), scope, team, name, about.whole, len(untold))
                    elif slot.failure is not None:
                        raise slot.failure
                    elif slot.over:
                        return

    async def close(self) -> None:
        """Call all watches off."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @contextmanager
    def _place(self, about: type[Topic], team: Team, name: str, subject: str) -> Iterator[Slot]:
        """A place at the watch, which begins with its first listener and is called off with its last."""
        if self._listeners[subject] >= self._options.most_per_caller:
            raise TooManyListeners(f"At most {self._options.most_per_caller} subscriptions at once. End some of yours.")
        key = (about, team, name)
        watch, task = self._watches.get(key) or self._begun(key)
        slot = watch.join()
        self._listeners[subject] += 1
        telemetry.listeners(+1)
        try:
            yield slot
        finally:
            telemetry.listeners(-1)
            self._listeners[subject] -= 1
            if not self._listeners[subject]:
                del self._listeners[subject]
            if watch.leave(slot):
                self._ended(key, task)
                task.cancel()

    def _begun(self, key: _Key) -> tuple[Watch, asyncio.Task[None]]:
        if len(self._watches) >= self._options.most:
            raise TooManyListeners("As many jobs are being watched as can be. Listen again later, or ask now and then.")
        about, team, name = key
        watch = Watch(
            about(team, name, self._wall),
            jobs=lambda: self._jobs.within(Scope((team,)), background=True),
            wait=self._wait,
            clock=self._clock,
            wall=self._wall,
        )
        # In a context of its own: it belongs to no request.
        task = asyncio.create_task(watch.run(), name=f"watch {about.__name__}", context=Context())
        self._watches[key] = watch, task
        self._tasks.add(task)
        telemetry.watches(+1)
        task.add_done_callback(lambda _: self._ended(key, task))
        task.add_done_callback(self._tasks.discard)
        return watch, task

    def _ended(self, key: _Key, task: asyncio.Task[None]) -> None:
        """Let the next listener begin anew, at once: nobody may join a watch that is being called off."""
        if key in self._watches and self._watches[key][1] is task:
            del self._watches[key]
            telemetry.watches(-1)

    async def _wait(self, quiet: float, failures: int) -> None:
        lengthened = 1 + self._options.jitter * self._random.random()
        await self._sleep(self._options.pace.wait(quiet, failures) * lengthened)
