"""The HTTP door: SageMaker and STS on POST /, told apart by how they are spoken to, and what a call meets on its way.

In this order: who calls, what is asked, whether the credentials still hold, the switches that spoil it, the model's
constraints, the answer, the model again.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.standin import aws_query
from gateway.standin.admin import admin_routes
from gateway.standin.asked import Asked
from gateway.standin.aws_json import AwsJson
from gateway.standin.aws_query import AwsQuery
from gateway.standin.calls import Call, CallLog
from gateway.standin.failures import RefusedError, internal_failure, on_demand, throttled, unknown_operation
from gateway.standin.listing import Pager
from gateway.standin.operations import OPERATIONS
from gateway.standin.paging import Tokens, pin_of
from gateway.standin.rates import Buckets
from gateway.standin.scope import Caller, caller_of
from gateway.standin.service import ServiceShapes
from gateway.standin.sessions import Sessions
from gateway.standin.sts import assume_role
from gateway.standin.switches import Switches
from gateway.standin.worlds.world import World

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call on its way through the door: what it asks, who asks, and the language the answer has to be in."""

    call: Call
    caller: Caller
    session_token: str | None
    language: AwsJson | AwsQuery


class Standin:
    """A local SageMaker, with the STS to get at its accounts: an aiohttp application over a world.

    `clock` (epoch seconds; the world's unless given) times tokens, credentials and rates. Sharing `shapes` saves
    loading the service models again. Serve `.app`; turn `.switches`; read `.calls`.
    """

    def __init__(
        self,
        world: World,
        *,
        switches: Switches | None = None,
        clock: Callable[[], float] | None = None,
        shapes: ServiceShapes | None = None,
    ) -> None:
        self.world = world
        self.switches = switches or Switches()
        self.calls = CallLog()
        self._shapes = shapes or ServiceShapes()
        self._shapes.prepare((*OPERATIONS, *aws_query.ACTIONS))
        self._tokens = Tokens(clock or world.clock, self.switches)
        self._sessions = Sessions(clock or world.clock)
        self._buckets = Buckets(clock or world.clock)
        self._json = AwsJson(self._shapes.target_prefix, self.switches)
        self._query = AwsQuery(self._shapes)
        self.app = web.Application()
        self.app.router.add_post("/", self._serve)
        self.app.add_routes(admin_routes(self.switches, self.calls))

    async def _serve(self, request: web.Request) -> web.Response:
        """One request: read, counted as a call of somebody's, and answered."""
        language = self._query if request.content_type == aws_query.CONTENT_TYPE else self._json
        try:
            caller = caller_of(request.headers.get("Authorization"))
            operation, arguments = language.read(request.headers, await request.read())
        except RefusedError as refusal:
            return language.refusal(refusal)
        call = Call(operation, caller.scope.account, caller.scope.region, arguments)
        self.calls.note(call)
        if self.switches.take_reset(call.operation):
            return self._cut(request, call)
        return await self._answered(Arrival(call, caller, request.headers.get("X-Amz-Security-Token"), language))

    async def _answered(self, arrival: Arrival) -> web.Response:
        """Whatever happens, the answer is in AWS's language, with a request id."""
        operation, language = arrival.call.operation, arrival.language
        try:
            self._sessions.check(arrival.caller.access_key, arrival.session_token)
            await self._spoil(arrival.call)
            return language.answer(operation, self._answer(arrival))
        except RefusedError as refusal:
            self.calls.refuse(operation)
            return language.refusal(refusal)
        except Exception:  # noqa: BLE001 - a fault of the stand-in must look like a fault of AWS, never like HTML
            _log.exception("the stand-in failed to answer %s", operation)
            self.calls.refuse(operation)
            return language.refusal(internal_failure())

    async def _spoil(self, call: Call) -> None:
        """What the switches put in the call's way. Raises RefusedError."""
        if self.switches.latency:
            await asyncio.sleep(self.switches.latency)
        if not self._buckets.allows(self.switches.rates, call.scope, call.operation):
            raise throttled()
        code = self.switches.take_failure(call.operation)
        if code is not None:
            raise on_demand(code)

    def _answer(self, arrival: Arrival) -> dict[str, Any]:
        """The answer, checked against the model on the way in and out. Raises RefusedError."""
        call = arrival.call
        if arrival.language is self._query:
            self._shapes.check(call.operation, call.arguments)
            roles = self.switches.roles
            return self._shapes.dump(call.operation, assume_role(call.arguments, arrival.caller, roles, self._sessions))
        answer = OPERATIONS.get(call.operation)
        if answer is None:
            raise unknown_operation(call.operation)
        self._shapes.check(call.operation, call.arguments)
        return self._shapes.dump(call.operation, answer(self._asked(call)))

    def _asked(self, call: Call) -> Asked:
        pin = pin_of(call.operation, call.arguments, call.scope)
        return Asked(
            arguments=call.arguments,
            sight=self.world.sight(call.scope),
            index=self.world.sight(call.scope, ago=self.switches.search_lag),
            pager=Pager(self._tokens, pin, self.switches.filter_mode),
            shapes=self._shapes,
        )

    def _cut(self, request: web.Request, call: Call) -> web.Response:
        """Drops the connection without a word; the response goes nowhere."""
        self.calls.refuse(call.operation)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
