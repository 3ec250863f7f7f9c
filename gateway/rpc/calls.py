"""What is done with every call, whatever it asks for: identity, scope, deadline, and an end that is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gateway.admission import Door, Record
from gateway.capacity import Capacity
from gateway.identity import Caller
from gateway.rpc.call import Call, Context, Course, left, metadata
from gateway.rpc.failures import going_away
from gateway.teams import Scope
from gateway.tuning import Actor, TuningJobs

_LOOKS, _QUIET, _BETWEEN_LOOKS = 100, 10, 0.002  # seconds; many short ones: a machine that stalls makes but one quiet


@dataclass(slots=True)
class Calls:
    """Lets calls in and ends them. Lives as long as the process."""

    door: Door
    jobs: TuningJobs
    capacity: Capacity
    going_away: bool = False
    late: int = 0
    """How many calls came after that."""
    under_way: dict[asyncio.Task[Any], bool] = field(default_factory=dict)
    """The calls, and whether each has an end of its own."""
    sent_away: set[asyncio.Task[Any]] = field(default_factory=set)
    """Those of them that we end, and not their callers."""

    @asynccontextmanager
    async def told(
        self, method: str, context: Context, *, lasting: bool = False
    ) -> AsyncIterator[Callable[[], Awaitable[Call]]]:
        """A call from its beginning to its end: what lets it in.

        Whatever is raised within ends it with its status; what stands behind is not reached then.
        """
        course, task = Course(method, context, lasting=lasting), asyncio.current_task()
        assert task is not None  # noqa: S101  # gRPC runs each call in one
        self.under_way[task] = not lasting
        try:
            self._begin()
            yield partial(self._let_in, course)
        except asyncio.CancelledError:
            if task not in self.sent_away:
                course.hung_up()
                raise
            task.uncancel()  # it was our own
            course.refuse(going_away())
        except Exception as error:  # noqa: BLE001  # the outermost: whatever it is, the caller gets a status
            course.refuse(error)
        finally:
            del self.under_way[task]
            self.sent_away.discard(task)
            course.tell()
        await course.end()

    async def leave(self) -> None:
        """End the calls that would not end by themselves, and begin no others.

        Those that have come are told so, as long as more do: gRPC would end them without a word when it closes.
        """
        self.going_away = True
        self._send_away([task for task, ends in self.under_way.items() if not ends])
        quiet, seen = 0, self.late
        for _ in range(_LOOKS):
            await asyncio.sleep(_BETWEEN_LOOKS)
            quiet, seen = quiet + 1 if self.late == seen else 0, self.late
            if quiet == _QUIET:
                break

    async def close(self, grace: float) -> None:
        """Wait for the others, and end those that have had their time."""
        if self.under_way:
            _, late = await asyncio.wait(self.under_way, timeout=grace)
            self._send_away(late)
        if self.under_way:
            await asyncio.wait(self.under_way)

    async def admitted_again(self, context: Context) -> Scope:
        """What a call's credentials open by now. Raises as `Door.admit` does."""
        record = Record("")  # the call has one already
        return (await self._admit(record, metadata(context)))[1]

    def _begin(self) -> None:
        if self.going_away:
            self.late += 1
            raise going_away()

    def _send_away(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        for task in tasks:
            self.sent_away.add(task)
            task.cancel()

    async def _let_in(self, course: Course) -> Call:
        caller, scope = await self._admit(course.record, course.given)
        actor = Actor(caller.subject, caller.permissions, course.record.request_id)
        course.call = Call(caller, scope, self.jobs.within(scope, actor, patience=left(course.context)))
        if course.record.lasting:  # its trailers are far away; other answers bring both at once
            await course.context.send_initial_metadata((course.stamp,))
        return course.call

    async def _admit(self, record: Record, given: dict[str, list[str]]) -> tuple[Caller, Scope]:
        authorization, api_key = (given.get(name, [None])[0] for name in ("authorization", "x-api-key"))
        return await self.door.admit(record, authorization=authorization, api_key=api_key)
