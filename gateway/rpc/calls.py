"""What is done with every call, whatever it asks for: id, identity, scope, deadline, status, the log's line."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any

import grpc

from gateway.admission import Door, Record, shown
from gateway.capacity import Capacity
from gateway.identity import Caller
from gateway.rpc.failures import Refused, refusal_for
from gateway.teams import Scope, Team
from gateway.tuning import Actor, Jobs, TuningJobs, plans

Context = grpc.aio.ServicerContext[Any, Any]

_GOING_AWAY = Refused(
    grpc.StatusCode.UNAVAILABLE, "GOING_AWAY", "This gateway is going away. Come again: another one answers."
)


@dataclass(slots=True)
class Call:
    """One call that was let in, bound to its caller's scope."""

    caller: Caller
    scope: Scope
    jobs: Jobs
    estimated: int | None = None
    """How many AWS calls it may cause, once that was told."""

    def price(self, *asked: plans.Asked, details: frozenset[str] = frozenset()) -> None:
        """Tell what is asked for before anything is read. Raises CostLimitExceeded."""
        self.estimated = self.jobs.admitted(plans.Plan(asked, details))

    def team(self, name: str) -> Team | None:
        """The team that is meant: the named one, or the caller's only one."""
        if name:
            return self.scope.team(name)
        return self.scope.teams[0] if len(self.scope.teams) == 1 else None

    def trailers(self) -> list[tuple[str, str]]:
        """What it cost, as a GraphQL answer's `extensions.cost`."""
        log = self.jobs.log
        numbers = {
            "x-estimated-calls": self.estimated,
            "x-actual-calls": sum(log.by_operation.values()),
        }
        return [(name, str(number)) for name, number in numbers.items() if number is not None]


@dataclass(slots=True)
class Calls:
    """Lets calls in and ends them. Lives as long as the process."""

    door: Door
    jobs: TuningJobs
    capacity: Capacity
    going_away: bool = False
    streams: set[asyncio.Task[Any]] = field(default_factory=set)
    """Calls that have no end of their own."""

    @asynccontextmanager
    async def told(
        self, method: str, context: Context, *, lasting: bool = False
    ) -> AsyncIterator[Callable[[], Awaitable[Call]]]:
        """A call from its beginning to its end: what lets it in. Whatever is raised within ends it with its status."""
        began, given = time.perf_counter(), _metadata(context)
        record = Record.began(given.get("x-request-id", ()), lambda name: given.get(name, (None,))[0])
        record.asked("rpc", method)
        record.client, record.client_version = _client(given)
        record.lasting = lasting
        trailers: list[tuple[str, str]] = [("x-request-id", record.request_id)]
        status = grpc.StatusCode.OK
        call: Call | None = None

        async def let_in() -> Call:
            nonlocal call
            call = await self._let_in(record, given, context)
            return call

        try:
            yield let_in
        except asyncio.CancelledError:  # hung up, out of time, or we are going away; what was done is told all the same
            if not self.going_away:
                status = grpc.StatusCode.CANCELLED if _left(context) > 0 else grpc.StatusCode.DEADLINE_EXCEEDED
                record.outcome = (status.name,)
                raise
            _come_back()
            status = _ended(_GOING_AWAY, record, context, trailers)
        except Exception as error:  # noqa: BLE001  # the outermost: whatever it is, the caller gets a status
            trailers += [] if call is None else call.trailers()
            status = _ended(refusal_for(error, record.request_id), record, context, trailers)
        else:
            context.set_trailing_metadata((*trailers, *([] if call is None else call.trailers())))
        finally:
            if call is not None:
                record.read(call.jobs.log)
            record.tell(status=status.name, seconds=time.perf_counter() - began)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """The time of a call that has no end of its own."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # gRPC runs each call in one
        self.streams.add(task)
        try:
            yield
        finally:
            self.streams.discard(task)

    async def close(self) -> None:
        """End the calls that would not end by themselves."""
        self.going_away = True
        for stream in self.streams:
            stream.cancel()
        if self.streams:
            await asyncio.wait(self.streams)

    async def admitted_again(self, context: Context) -> Scope:
        """What a call's credentials open by now. Raises as `Door.admit` does."""
        given = _metadata(context)
        record = Record("")  # the call has one already
        return (await self._admit(record, given))[1]

    async def _let_in(self, record: Record, given: dict[str, list[str]], context: Context) -> Call:
        caller, scope = await self._admit(record, given)
        actor = Actor(caller.subject, caller.permissions, record.request_id)
        return Call(caller, scope, self.jobs.within(scope, actor, patience=_left(context)))

    async def _admit(self, record: Record, given: dict[str, list[str]]) -> tuple[Caller, Scope]:
        authorization, api_key = (given.get(name, [None])[0] for name in ("authorization", "x-api-key"))
        return await self.door.admit(record, authorization=authorization, api_key=api_key)


def _ended(refused: Refused, record: Record, context: Context, trailers: list[tuple[str, str]]) -> grpc.StatusCode:
    record.outcome = (refused.reason,)
    context.set_code(refused.status)
    context.set_details(str(refused))
    context.set_trailing_metadata((*trailers, *refused.in_trailers(record.request_id)))
    return refused.status


def _left(context: Context) -> float:
    """Seconds until the caller gives up."""
    left: Any = context.time_remaining()  # the stubs know of no call without a deadline
    return inf if left is None else float(left)


def _metadata(context: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in context.invocation_metadata() or ():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def _client(given: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """What the client calls itself, by the first word of its user agent: `grpc-python-asyncio/1.85.1`."""
    agent = given.get("user-agent", [""])[0].split(" ", 1)[0]
    name, _, version = agent.partition("/")
    return shown(name) or None, shown(version) or None


def _come_back() -> None:
    """Take note of a cancellation that was our own, and go on."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
