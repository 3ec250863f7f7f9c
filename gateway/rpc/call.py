"""One call: what it brought, how long it has, what its caller may ask for, and how it ends."""

import time
from dataclasses import dataclass
from math import inf
from typing import Any

import grpc

from gateway.admission import Record, shown
from gateway.errors import CostLimitExceeded, DeadlineExceeded, GatewayError, UpstreamTimeout
from gateway.identity import Caller
from gateway.rpc.failures import Refused, refusal_for, refusal_of
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.teams import Scope, Team
from gateway.tuning import Jobs, plans

Context = grpc.aio.ServicerContext[Any, Any]

# A client tells how long it waits in three digits, rounded up by as much as a hundredth, and hangs up when that is over
# by its own clock. It says no more than that it hangs up; whoever is busy hears of it a little sooner or later.
_ROUNDED = 0.01
_BUSY = 0.05  # seconds
_TOO_LATE = "The call's own deadline has passed."


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


class Course:
    """A call from its beginning to its end, whether it is let in or not."""

    __slots__ = ("_began", "_refused", "_status", "_whole", "call", "context", "given", "record")

    def __init__(self, method: str, context: Context, *, lasting: bool) -> None:
        self._began, self._whole = time.perf_counter(), left(context)
        self._status = grpc.StatusCode.OK
        self._refused: Refused | None = None
        self.context = context
        self.given = metadata(context)
        self.record = Record.began(self.given.get("x-request-id", ()), lambda name: self.given.get(name, (None,))[0])
        self.record.asked("rpc", method)
        self.record.client, self.record.client_version = _client(self.given)
        self.record.lasting = lasting
        self.call: Call | None = None

    def refuse(self, error: Exception) -> None:
        """It ends with an error."""
        if isinstance(error, UpstreamTimeout) and self._overdue:
            error = DeadlineExceeded(_TOO_LATE)  # which of the two came first says nothing
        self._refused = refusal_for(error, self.record.request_id)
        self._status, self.record.outcome = self._refused.status, (self._refused.reason,)

    def hung_up(self) -> None:
        """Its caller has ended it, by its deadline or before."""
        self._status = grpc.StatusCode.DEADLINE_EXCEEDED if self._overdue else grpc.StatusCode.CANCELLED
        # How long a watch is listened to is its caller's to say: one that is over has failed nobody.
        self.record.outcome = ("CANCELLED" if self.record.lasting else self._status.name,)

    def tell(self) -> None:
        """Write its line in the log."""
        if self.call is not None:
            self.call.note(self.record)
        size = 0 if self.call is None else self.call.size
        self.record.tell(status=self._status.name, seconds=time.perf_counter() - self._began, size=size)

    async def end(self) -> None:
        """Say what came of it, beside the answer or in its place."""
        trailers = [self.stamp, *([] if self.call is None else self.call.trailers())]
        if self._refused is None:
            self.context.set_trailing_metadata(trailers)
        else:  # and nothing before it, so that a client's own policy may try again
            told = self._refused.in_trailers(self.record.request_id)
            await self.context.abort(self._status, str(self._refused), (*trailers, *told))

    @property
    def stamp(self) -> tuple[str, str]:
        """By what its answer is known."""
        return "x-request-id", self.record.request_id

    @property
    def _overdue(self) -> bool:
        """Whether it has had its time, by its caller's clock."""
        return self._whole < inf and left(self.context) <= self._whole * _ROUNDED + _BUSY


def left(context: Context) -> float:
    """Seconds until the caller gives up."""
    remaining: Any = context.time_remaining()  # the stubs know of no call without a deadline
    return inf if remaining is None else float(remaining)


def metadata(context: Context) -> dict[str, list[str]]:
    """The texts that a call brought, by their names."""
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
