"""The switches and the count of calls over HTTP, for tests and demos that run in another process.

Answered only on the loopback interface: a stand-in that is reachable from elsewhere is not turned from elsewhere.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

import orjson
from aiohttp import web

from gateway.standin.calls import CallLog
from gateway.standin.switches import Switches

Handler = Callable[[web.Request], Awaitable[web.Response]]


def admin_routes(switches: Switches, calls: CallLog) -> list[web.RouteDef]:
    """GET and PATCH /_standin/switches; GET and DELETE /_standin/calls; GET /_standin/refused."""

    async def show_switches(_: web.Request) -> web.Response:
        return _json(switches.to_json())

    async def set_switches(request: web.Request) -> web.Response:
        try:
            changes = orjson.loads(await request.read())
            if not isinstance(changes, dict):
                return _json({"error": "an object of switches is wanted"}, status=400)
            switches.set_from_json(changes)
        except ValueError as error:  # what orjson raises is one too
            return _json({"error": str(error)}, status=400)
        return _json(switches.to_json())

    async def show_calls(_: web.Request) -> web.Response:
        return _json(dict(calls.counts))

    async def show_refused(_: web.Request) -> web.Response:
        return _json(dict(calls.refused))

    async def reset_calls(_: web.Request) -> web.Response:
        calls.reset()
        return web.Response(status=204)

    return [
        web.get("/_standin/switches", _local(show_switches)),
        web.patch("/_standin/switches", _local(set_switches)),
        web.get("/_standin/calls", _local(show_calls)),
        web.delete("/_standin/calls", _local(reset_calls)),
        web.get("/_standin/refused", _local(show_refused)),
    ]


def _local(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.Response:
        if not from_loopback(request.remote):
            return _json({"error": "only from the machine the stand-in runs on"}, status=403)
        return await handler(request)

    return guarded


def from_loopback(remote: str | None) -> bool:
    """Whether the peer's address is this machine's own."""
    try:
        return remote is not None and ip_address(remote).is_loopback
    except ValueError:
        return False


def _json(value: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
