"""The HTTP door: AWS JSON 1.1 on POST /, and what a call meets on its way through.

In this order: who calls, what is asked, the switches that spoil it, the model's constraints, the answer, the model
again.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web

from gateway.standin import mischief
from gateway.standin.admin import admin_routes
from gateway.standin.calls import Call, CallLog
from gateway.standin.failures import (
    RefusedError,
    internal_failure,
    on_demand,
    throttled,
    unknown_operation,
    unreadable,
)
from gateway.standin.listing import Pager
from gateway.standin.operations import OPERATIONS, Asked
from gateway.standin.paging import Tokens, pin_of
from gateway.standin.rates import Buckets
from gateway.standin.scope import scope_of
from gateway.standin.service import ServiceShapes
from gateway.standin.switches import Switches
from gateway.standin.worlds.world import World

_log = logging.getLogger(__name__)


class Standin:
    """A local SageMaker: an aiohttp application over a world.

    `clock` (epoch seconds; the world's unless given) times tokens and rates. Sharing `shapes` saves loading the
    service model again. Serve `.app`; turn `.switches`; read `.calls`.
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
        self._shapes.prepare(OPERATIONS)
        self._tokens = Tokens(clock or world.clock, self.switches)
        self._buckets = Buckets(clock or world.clock)
        self.app = web.Application()
        self.app.router.add_post("/", self._serve)
        self.app.add_routes(admin_routes(self.switches, self.calls))

    async def _serve(self, request: web.Request) -> web.Response:
        """One request: read, counted as a call of somebody's, and answered."""
        try:
            scope = scope_of(request.headers.get("Authorization"))
            arguments = _arguments_in(await request.read())
        except RefusedError as refusal:
            return _refusal(refusal)
        call = Call(self._operation_of(request), scope.account, scope.region, arguments)
        self.calls.note(call)
        if self.switches.take_reset(call.operation):
            return self._cut(request, call)
        return await self._answered(call)

    async def _answered(self, call: Call) -> web.Response:
        """Whatever happens, the answer is AWS JSON with a request id."""
        try:
            await self._spoil(call)
            return _response(200, self._encoded(self._answer(call)))
        except RefusedError as refusal:
            self.calls.refuse(call.operation)
            return _refusal(refusal)
        except Exception:  # noqa: BLE001 - a fault of the stand-in must look like a fault of AWS, never like HTML
            _log.exception("the stand-in failed to answer %s", call.operation)
            self.calls.refuse(call.operation)
            return _refusal(internal_failure())

    def _operation_of(self, request: web.Request) -> str:
        """The operation's name; the whole target if it is not one of SageMaker's."""
        target = request.headers.get("X-Amz-Target", "")
        return target.removeprefix(f"{self._shapes.target_prefix}.")

    async def _spoil(self, call: Call) -> None:
        """What the switches put in the call's way. Raises RefusedError."""
        if self.switches.latency:
            await asyncio.sleep(self.switches.latency)
        if not self._buckets.allows(self.switches.rates, call.scope, call.operation):
            raise throttled()
        code = self.switches.take_failure(call.operation)
        if code is not None:
            raise on_demand(code)

    def _answer(self, call: Call) -> dict[str, Any]:
        """The answer, checked against the model on the way in and out. Raises RefusedError."""
        answer = OPERATIONS.get(call.operation)
        if answer is None:
            raise unknown_operation(call.operation)
        self._shapes.check(call.operation, call.arguments)
        pin = pin_of(call.operation, call.arguments, call.scope)
        pager = Pager(self._tokens, pin, self.switches.filter_mode)
        return self._shapes.dump(call.operation, answer(Asked(call.arguments, self.world.sight(call.scope), pager)))

    def _encoded(self, answer: dict[str, Any]) -> bytes:
        if not mischief.wanted(self.switches):
            return orjson.dumps(answer)
        mischief.disturb(answer, self.switches)
        return json.dumps(answer).encode()  # it writes NaN and Infinity, which orjson turns into null

    def _cut(self, request: web.Request, call: Call) -> web.Response:
        """Drops the connection without a word; the response goes nowhere."""
        self.calls.refuse(call.operation)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _arguments_in(body: bytes) -> dict[str, Any]:
    try:
        arguments = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise unreadable("Could not parse the request body as JSON") from error
    if not isinstance(arguments, dict):
        raise unreadable("Expected map or null")
    return arguments


def _refusal(refusal: RefusedError) -> web.Response:
    return _response(refusal.status, orjson.dumps(refusal.body()), {"x-amzn-ErrorType": refusal.code})


def _response(status: int, body: bytes, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=body,
        content_type="application/x-amz-json-1.1",
        headers={"x-amzn-RequestId": str(uuid4()), **(headers or {})},
    )
