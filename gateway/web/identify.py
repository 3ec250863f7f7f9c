"""Who is calling, and the scope that follows from it: before any work is done for anybody, and before one can learn
what exists.
"""

from aiohttp.hdrs import AUTHORIZATION, METH_GET, UPGRADE

from gateway.admission import Door
from gateway.errors import Unauthenticated
from gateway.identity import Caller
from gateway.teams import Scope
from gateway.web.request import Request

X_API_KEY = "X-API-Key"


async def identify(door: Door, request: Request) -> None:
    """Let nobody pass unknown. Raises as `Door.admit` does."""
    request.caller, request.scope = await _admitted(door, request)


def recognised(door: Door, request: Request) -> bool:
    """Whether it is known who is calling, without waiting for anybody. Raises Unauthenticated, Forbidden."""
    authorization, api_key = _only(request, AUTHORIZATION), _only(request, X_API_KEY)
    known = door.recognise(request.record, authorization=authorization, api_key=api_key)
    if known is None:
        return False
    request.caller, request.scope = known
    return True


async def admitted_again(door: Door, request: Request) -> Scope:
    """What a request's credentials open by now. Raises as `Door.admit` does."""
    return (await _admitted(door, request))[1]


async def _admitted(door: Door, request: Request) -> tuple[Caller, Scope]:
    authorization, api_key = _only(request, AUTHORIZATION), _only(request, X_API_KEY)
    return await door.admit(request.record, authorization=authorization, api_key=api_key)


def _only(request: Request, name: str) -> str | None:
    """What a header says. Raises Unauthenticated where it is there twice, and a proxy might believe the other one."""
    said = request.headers.getall(name, ())
    if len(said) > 1 and len(set(said)) > 1:
        raise Unauthenticated(f"{name} was sent more than once, and not the same each time. Send one.")
    return said[0] if said else None


def is_upgrade(request: Request) -> bool:
    """Whether the request asks for a WebSocket on the endpoint that has one."""
    return (
        request.method == METH_GET
        and request.path == "/graphql"
        and request.headers.get(UPGRADE, "").lower() == "websocket"
    )
