"""Who is calling, and the scope that follows from it."""

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.admission import Door
from gateway.identity import Caller
from gateway.teams import Scope
from gateway.web.record import RECORD

AnyHandler = TypeVar("AnyHandler", bound=Callable[..., object])

CALLER = web.RequestKey("caller", Caller)
SCOPE = web.RequestKey("scope", Scope)
_OPEN = "_open_to_everyone"


def open_to_everyone(handler: AnyHandler) -> AnyHandler:
    """Mark a handler that shows nothing of anybody's: a page, a script. Every other one asks who is calling."""
    setattr(handler, _OPEN, True)
    return handler


def identify(door: Door) -> Middleware:
    """A middleware that lets nobody pass unknown, but to a WebSocket: that asks when it is open."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not getattr(request.match_info.handler, _OPEN, False) and not is_upgrade(request):
            headers = request.headers
            request[CALLER], request[SCOPE] = await door.admit(
                request[RECORD], authorization=headers.get("Authorization"), api_key=headers.get("X-API-Key")
            )
        return await handler(request)

    return middleware


async def admitted_again(door: Door, request: web.Request) -> Scope:
    """What a request's credentials open by now. Raises as `Door.admit` does."""
    headers = request.headers
    authorization, api_key = headers.get("Authorization"), headers.get("X-API-Key")
    return (await door.admit(request[RECORD], authorization=authorization, api_key=api_key))[1]


def is_upgrade(request: web.Request) -> bool:
    """Whether the request asks for a WebSocket on the endpoint that has one."""
    return (
        request.method == "GET"
        and request.path == "/graphql"
        and request.headers.get("Upgrade", "").lower() == "websocket"
    )
