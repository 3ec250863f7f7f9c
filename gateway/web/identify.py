"""Who is calling, and the scope that follows from it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.errors import Forbidden
from gateway.identity import Caller, Identity
from gateway.teams import Scope, Team
from gateway.web.record import RECORD

AnyHandler = TypeVar("AnyHandler", bound=Callable[..., object])

CALLER = web.RequestKey("caller", Caller)
SCOPE = web.RequestKey("scope", Scope)
_OPEN = "_open_to_everyone"


def open_to_everyone(handler: AnyHandler) -> AnyHandler:
    """Mark a handler that shows nothing of anybody's: a page, a script. Every other one asks who is calling."""
    setattr(handler, _OPEN, True)
    return handler


def identify(identity: Identity, teams: Mapping[str, Team]) -> Middleware:
    """A middleware that lets in whom `identity` knows and who has a team here."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not getattr(request.match_info.handler, _OPEN, False):
            caller = await identity.identify(
                authorization=request.headers.get("Authorization"), api_key=request.headers.get("X-API-Key")
            )
            request[RECORD].subject = caller.subject
            request[CALLER] = caller
            scope = request[SCOPE] = _scope(caller, teams)
            request[RECORD].teams = scope.names
        return await handler(request)

    return middleware


def _scope(caller: Caller, teams: Mapping[str, Team]) -> Scope:
    known = tuple(teams[name] for name in dict.fromkeys(caller.teams) if name in teams)
    if not known:
        raise Forbidden("None of your teams is served here. Ask whoever runs this gateway to add one.")
    return Scope(known)
