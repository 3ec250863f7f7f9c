"""Which pages of other origins may ask from a browser, by the Fetch standard's CORS: those on the allow-list.

Credentials are sent by the page itself, in headers; so browsers are never told to add theirs, such as cookies. Origins
are compared letter by letter: `*` or a pattern would let any page try tokens, which is why the settings refuse them.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.web.answers import Refusal
from gateway.web.csrf import PROOFS

_TO_PREFLIGHTS: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": ", ".join(
        (
            *("Authorization", "X-API-Key", "Content-Type", "X-Request-Id", "If-None-Match", "Cache-Control"),
            *(
                "Last-Event-ID",
                "traceparent",
                "tracestate",
                "apollographql-client-name",
                "apollographql-client-version",
            ),
            *PROOFS,
        )
    ),
    "Access-Control-Max-Age": "7200",  # seconds; what Chromium takes at most
}
_SHOWN = "X-Request-Id, ETag, Age, Retry-After"


def preflights(origins: frozenset[str]) -> Middleware:
    """A middleware that answers browsers that ask whether a page may ask."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return await handler(request)
        if request.headers.get("Origin") not in origins:
            raise Refusal(403, "CSRF_REFUSED", "This origin may not ask from a browser (GATEWAY_CORS_ORIGINS).")
        return web.Response(status=204, headers=_TO_PREFLIGHTS)

    return middleware


def allowed(origins: frozenset[str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A signal that lets pages on the list read an answer, be it a refusal."""

    async def signal(request: web.Request, response: web.StreamResponse) -> None:
        origin = request.headers.get("Origin")
        if origin is not None and origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _SHOWN

    return signal
