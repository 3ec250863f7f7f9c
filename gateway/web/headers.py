"""The headers every answer of the API carries, whoever made it. What an answer has set for itself stays.

Strict-Transport-Security is not here: whoever ends TLS in front of us sends it, and over plain HTTP browsers ignore it.
"""

from collections.abc import Mapping, MutableMapping

from aiohttp import web

from gateway.web.request import Request

_VARY = "Authorization, X-API-Key, Accept, Origin"
_SHOWN = "X-Request-Id, ETag, Age, Retry-After"
_UNLESS_SET: Mapping[str, str] = {
    # An answer belongs to one caller at one moment; only what says otherwise may be kept.
    "Cache-Control": "no-store",
    # JSON is never a page: it loads nothing, and no page may frame it.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # No page of another origin may embed it. Those on the allow-list ask by CORS, which this does not stand against.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def complete(request: Request, response: web.StreamResponse) -> None:
    """Complete the headers of the answer to a request, before any of it is sent."""
    mark(response.headers, request.record.request_id, request.allowed_origin)


def mark(headers: MutableMapping[str, str], request_id: str, allowed_origin: str | None = None) -> None:
    """Complete the headers of an answer, which pages of `allowed_origin` may read."""
    own = headers.get("Vary")
    headers["Vary"] = _VARY if own is None else f"{_VARY}, {own}"
    headers["Server"] = "tuning-gateway"  # aiohttp would name itself and its version to everybody
    headers["X-Request-Id"] = request_id
    for name, value in _UNLESS_SET.items():
        headers.setdefault(name, value)
    if allowed_origin is not None:
        headers["Access-Control-Allow-Origin"] = allowed_origin
        headers["Access-Control-Expose-Headers"] = _SHOWN
