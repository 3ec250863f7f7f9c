"""Who is calling, and the scope that follows from it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.errors import Forbidden
from gateway.identity import Caller, Identity, Permission
from gateway.teams import Scope, Team
from gateway.web.record import RECORD, Record

AnyHandler = TypeVar("AnyHandler", bound=Callable[..., object])

CALLER = web.RequestKey("caller", Caller)
SCOPE = web.RequestKey("scope", Scope)
_OPEN = "_open_to_everyone"


def open_to_everyone(handler: AnyHandler) -> AnyHandler:
    """Mark a handler that shows nothing of anybody's: a page, a script. Every other one asks who is calling."""
    setattr(handler, _OPEN, True)
    return handler


class Door:
    """Lets in whom `identity` knows and who has a team here. Both may be replaced while it stands."""

    def __init__(self, identity: Identity, teams: Mapping[str, Team]) -> None:
        self._identity = identity
        self._teams = teams

    async def admit(self, record: Record, *, authorization: str | None, api_key: str | None) -> tuple[Caller, Scope]:
        """The caller behind credentials, and its scope. Raises Unauthenticated, Forbidden, UpstreamUnavailable."""
        caller = await self._identity.identify(authorization=authorization, api_key=api_key)
        record.subject = caller.subject
        if Permission.READ not in caller.permissions:
            raise Forbidden("Your credentials do not permit reading.")
        scope = self.scope(caller)
        record.teams = scope.names
        return caller, scope

    async def admitted_again(self, request: web.Request) -> Scope:
        """What a request's credentials open by now. Raises as `admit` does."""
        headers = request.headers
        authorization, api_key = headers.get("Authorization"), headers.get("X-API-Key")
        return (await self.admit(request[RECORD], authorization=authorization, api_key=api_key))[1]

    def scope(self, caller: Caller) -> Scope:
        """The caller's teams, as far as they are served here now. Raises Forbidden when none is."""
        known = tuple(self._teams[name] for name in dict.fromkeys(caller.teams) if name in self._teams)
        if not known:
            raise Forbidden("None of your teams is served here. Ask whoever runs this gateway to add one.")
        return Scope(known)


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


def is_upgrade(request: web.Request) -> bool:
    """Whether the request asks for a WebSocket on the endpoint that has one."""
    return (
        request.method == "GET"
        and request.path == "/graphql"
        and request.headers.get("Upgrade", "").lower() == "websocket"
    )
