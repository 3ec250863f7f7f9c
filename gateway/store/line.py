"""The one door to the server: commands out, answers in. Whatever goes wrong behind it comes out as StoreLost.

A command runs in a task of its own, so that a caller who hangs up neither breaks a connection nor leaves its answer to
the next one. It waits for a connection first, and is timed anew from then on: our own crowd must not look like a slow
server. Nor must it keep a caller waiting: what does not get a connection within the same time is not asked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from gateway.store.breaker import Breaker, State
from gateway.store.options import StoreOptions, reached

_CONNECTIONS = 16  # a command takes well under a millisecond: more would only queue in the server instead of here
_CHANCES = 20  # looks at the clock that came late


class StoreLost(Exception):  # noqa: N818  # it says what happened
    """The store cannot be asked now: the caller goes on alone. `done`: whether it may have done what it was asked."""

    def __init__(self, *, done: bool = False) -> None:
        super().__init__()
        self.done = done


@dataclass(frozen=True, slots=True)
class Command:
    """Words for the server, which of them are keys, and whether an answer is one to this command."""

    words: tuple[str | bytes | int, ...]
    keys: tuple[str, ...]
    sound: Callable[[Any], bool] = lambda answer: isinstance(answer, int)

    @classmethod
    def script(
        cls,
        text: str,
        keys: Sequence[str],
        *arguments: str | bytes | int,
        sound: Callable[[Any], bool] = lambda answer: isinstance(answer, int),
    ) -> "Command":
        """A script, run on keys with arguments."""
        return cls(("EVAL", text, len(keys), *keys, *arguments), tuple(keys), sound)


# A write: a server that is full, or only reads, is of no use either.
_PROBE = Command(("SET", "tg:probe", "1", "PX", 1_000), ("tg:probe",), sound=lambda answer: answer is True)


class Line:
    """Commands to one server, each in time or not at all."""

    def __init__(self, options: StoreOptions, clock: Callable[[], float]) -> None:
        self._timeout = options.timeout
        self._breaker = Breaker(clock)
        self._places = asyncio.Semaphore(_CONNECTIONS)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._hung_up = False
        pool = ConnectionPool(
            **reached(options.url),
            max_connections=_CONNECTIONS,
            protocol=2,  # every server and proxy speaks it, and nothing of RESP3 is needed
            retry=Retry(NoBackoff(), 0),  # the breaker decides what is tried again
            socket_timeout=None,  # a command is timed as a whole
            socket_connect_timeout=options.timeout,
            client_name="tuning-gateway",
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        self._server = Redis.from_pool(pool)

    @property
    def state(self) -> State:
        """Whether the server is asked."""
        return self._breaker.state

    async def ask(self, command: Command, *, patient: bool = False) -> Any:  # noqa: ANN401  # whatever the server says
        """The server's answer. Raises StoreLost, without waiting while the breaker is open."""
        return await arrived(self.send(command, patient=patient))

    def send(self, command: Command, *, patient: bool = False) -> "asyncio.Task[Any]":
        """Send a command on its way, whatever becomes of the caller. Raises StoreLost.

        `patient`: it waits for a connection as long as it takes, for what it is to do has to be done.
        """
        admitted = None if self._hung_up else self._breaker.admitted()
        if admitted is None:
            raise StoreLost
        if self._breaker.state is State.HALF_OPEN:
            self._begin(admitted, _PROBE)  # by itself: no caller waits for a server that may be as silent as before
            raise StoreLost
        return self._begin(admitted, command, patient=patient)

    def _begin(self, admitted: int, command: Command, *, patient: bool = False) -> "asyncio.Task[Any]":
        task = asyncio.create_task(self._answer(admitted, command, patient=patient), name="store")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def close(self) -> None:
        """Wait for what is under way, which is not long, and close all connections."""
        self._hung_up = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        with suppress(RedisError, OSError):
            await self._server.aclose()

    async def _answer(self, admitted: int, command: Command, *, patient: bool) -> Any:  # noqa: ANN401  # as above
        try:
            async with nullcontext() if patient else _patience(self._timeout):
                await self._places.acquire()
        except TimeoutError:
            return StoreLost()
        try:
            return await self._timed(admitted, command) if self._breaker.lasts(admitted) else StoreLost()
        finally:
            self._places.release()

    async def _timed(self, admitted: int, command: Command) -> Any:  # noqa: ANN401  # as above
        try:
            async with _patience(self._timeout):
                answer = await self._sound(command)
        except Exception as error:  # noqa: BLE001  # of all that a network and a stranger behind it can do, none may reach a caller
            self._breaker.failed(admitted, type(error).__name__)
            return StoreLost(done=not isinstance(error, ResponseError))  # one that says no has not
        self._breaker.succeeded(admitted)
        return answer

    async def _sound(self, command: Command) -> Any:  # noqa: ANN401  # as above
        """An answer that is one to the command: a stranger may be at the other end, or one who mixes answers up."""
        answer = await self._said(command)
        if not command.sound(answer):
            raise ResponseError("not an answer to this command")
        return answer

    async def _said(self, command: Command) -> Any:  # noqa: ANN401  # as above
        say: Callable[..., Awaitable[Any]] = self._server.execute_command
        try:
            return await say(*command.words)
        except ResponseError as error:
            if not str(error).startswith("WRONGTYPE"):
                raise
        # Somebody has put a list or the like where our texts belong. It is in the way.
        await say("UNLINK", *command.keys)
        return await say(*command.words)


@asynccontextmanager
async def _patience(seconds: float) -> AsyncIterator[None]:
    """A time-out for the server's slowness, not for our own: while this loop stands still, an answer may lie unread.

    So whoever comes late to look at the clock looks again before it gives up.
    """
    loop = asyncio.get_running_loop()
    looking: asyncio.TimerHandle
    async with asyncio.timeout(None) as limit:

        def look(due: float, chances: int) -> None:
            now = loop.time()
            if now - due > seconds / 2 and chances > 0:
                look_at(now + seconds, chances - 1)
            else:
                limit.reschedule(now)

        def look_at(due: float, chances: int) -> None:
            nonlocal looking
            looking = loop.call_at(due, look, due, chances)

        look_at(loop.time() + seconds, _CHANCES)
        try:
            yield
        finally:
            looking.cancel()


async def arrived(sent: "asyncio.Task[Any]") -> Any:  # noqa: ANN401  # as above
    """The answer to a command that was sent. Raises StoreLost."""
    answer = await asyncio.shield(sent)
    if isinstance(answer, StoreLost):
        raise answer
    return answer
