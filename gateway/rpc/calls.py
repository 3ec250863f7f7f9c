"""What is done with every call, whatever it asks for: id, identity, scope, deadline, status, the log's line."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any

import grpc

from gateway.admission import Door, Record, shown
from gateway.capacity import Capacity
from gateway.errors import CostLimitExceeded, GatewayError
from gateway.identity import Caller
from gateway.rpc.failures import Refused, refusal_for, refusal_of
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
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
    estimated: int = 0
    """How many AWS calls it may cause; none as long as it is not known what is asked."""
    cut_short: Refused | None = None
    """What is told beside the rows of a page that AWS cut short."""
    remembered: int | None = None
    """Of how many reads the answer was made, if the whole of it was remembered."""
    size: int = 0
    """The answer's bytes."""

    def price(self, *asked: plans.Asked, details: frozenset[str] = frozenset()) -> None:
        """Tell what is asked for before anything is read. Raises CostLimitExceeded."""
        try:
            self.estimated = self.jobs.admitted(plans.Plan(asked, details))
        except CostLimitExceeded as error:
            self.estimated = error.estimated_calls or 0
            raise

    def team(self, name: str) -> Team | None:
        """The team that is meant: the named one, or the caller's only one."""
        if name:
            return self.scope.team(name)
        return self.scope.teams[0] if len(self.scope.teams) == 1 else None

    def interrupted(self, error: GatewayError) -> pb.Interruption:
        """Note what cut a page short; what is told of it."""
        self.cut_short = refusal_of(error)
        return self.cut_short.beside_rows()

    def note(self, record: Record) -> None:
        """What the line in the log says of the answer."""
        record.remembered = self.remembered is not None
        if not record.remembered:
            record.read(self.jobs.log)
        if self.cut_short is not None and not record.outcome:
            record.outcome = (self.cut_short.reason,)

    def trailers(self) -> list[tuple[str, str]]:
        """What it cost, as a GraphQL answer's `extensions.cost`."""
        log = self.jobs.log
        return [
            ("x-estimated-calls", str(self.estimated)),
            ("x-actual-calls", str(log.upstream_calls)),
            ("x-cache-hits", str(log.hits if self.remembered is None else self.remembered)),
        ]


@dataclass(slots=True)
class Calls:
    """Lets calls in and ends them. Lives as long as the process."""

    door: Door
    jobs: TuningJobs
    capacity: Capacity
    going_away: bool = False
    under_way: dict[asyncio.Task[Any], bool] = field(default_factory=dict)
    """The calls, and whether each has an end of its own."""

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
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # gRPC runs each call in one
        self.under_way[task] = not lasting

        async def let_in() -> Call:
            nonlocal call
            call = await self._let_in(record, given, context)
            if lasting:  # whose trailers are far away; other answers bring both at once
                await context.send_initial_metadata(trailers)
            return call

        try:
            yield let_in
        except asyncio.CancelledError:  # hung up, out of time, or we are going away; what was done is told all the same
            if not self.going_away:
                status = grpc.StatusCode.CANCELLED if _left(context) > 0 else grpc.StatusCode.DEADLINE_EXCEEDED
                record.outcome = (status.name,)
                raise
            task.uncancel()  # it was our own
            status = _ended(_GOING_AWAY, record, context, trailers)
        except Exception as error:  # noqa: BLE001  # the outermost: whatever it is, the caller gets a status
            trailers += [] if call is None else call.trailers()
            status = _ended(refusal_for(error, record.request_id), record, context, trailers)
        else:
            context.set_trailing_metadata((*trailers, *([] if call is None else call.trailers())))
        finally:
            del self.under_way[task]
            if call is not None:
                call.note(record)
            size = 0 if call is None else call.size
            record.tell(status=status.name, seconds=time.perf_counter() - began, size=size)

    async def close(self, grace: float) -> None:
        """End the calls: at once those that would not end by themselves, the others when they have had their time."""
        self.going_away = True
        endless = {task for task, ends in self.under_way.items() if not ends}
        for task in endless:
            task.cancel()
        if ending := self.under_way.keys() - endless:
            _, late = await asyncio.wait(ending, timeout=grace)
            for task in late:
                task.cancel()
        if self.under_way:
            await asyncio.wait(self.under_way)

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
