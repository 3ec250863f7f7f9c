"""Every answer has a request id, every failure is JSON in GraphQL's form, every request is logged once.

The table at its head is HTTP's: our errors, where they end a request before GraphQL runs, to statuses. Their codes are
in GraphQL's table; what is in neither is masked.
"""

import asyncio
import math
import time
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from gateway import errors
from gateway.admission import Record, request_id
from gateway.schema.errors import CODES, INTERNAL, extensions_of, masked
from gateway.web.negotiation import JSON, best_for
from gateway.web.record import RECORD

# All that GraphQL has a code for, since whatever it is may also happen before GraphQL runs, or instead of it.
_STATUSES: Mapping[type[errors.GatewayError], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.BadUserInput: 400,
    errors.InvalidCursor: 400,
    errors.CursorExpired: 400,
    errors.CostLimitExceeded: 400,
    errors.DocumentNotTrusted: 400,
    errors.PersistedQueryNotFound: 200,  # Apollo's clients take it for an answer, and send the document
    errors.PersistedQueryMismatch: 400,
    errors.PersistedQueryNotSupported: 200,  # as above; they stop sending hashes
    errors.TooManyListeners: 429,
    errors.Throttled: 503,  # not 429: it is everybody's share that is used up, not this caller's
    errors.UpstreamUnavailable: 503,  # before GraphQL runs, that is the identity provider
    errors.UpstreamTimeout: 504,
    errors.Overloaded: 503,
    errors.DeadlineExceeded: 504,
}
_AGAIN = 10  # seconds; an identity provider that is out of order is not asked more often
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tuning-gateway"'}
_CODES_BY_STATUS = {405: "METHOD_NOT_ALLOWED"}
_HUNG_UP = 499  # nginx's word for it; nobody receives it


class Refusal(Exception):  # noqa: N818  # an answer, not a fault
    """A request that HTTP itself turns away."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers
        self.extensions: Mapping[str, object] = {"code": code}


def as_json(
    status: int,
    body: object,
    *,
    content_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """A JSON answer."""
    typed = {"Content-Type": f"{content_type}; charset=utf-8"}
    return web.Response(status=status, body=orjson.dumps(body), headers=typed | dict(headers or {}))


@web.middleware
async def answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id, its failures their form, and the log its line."""
    began = time.perf_counter()
    record = request[RECORD] = Record(request_id(request.headers.getall("X-Request-Id", ())))
    try:
        response = await handler(request)
    except asyncio.CancelledError:  # the caller has hung up; what was done for it is told all the same
        record.outcome = ("CANCELLED",)
        record.tell(status=_HUNG_UP, seconds=time.perf_counter() - began)
        raise
    except Exception as error:  # noqa: BLE001  # the outermost: whatever it is, the caller gets JSON
        refusal = refusal_for(error, record.request_id)
        record.outcome = (refusal.code,)
        response = answered(refusal, best_for(request) or JSON)
    record.tell(status=response.status, seconds=time.perf_counter() - began)
    return response


def refusal_for(error: Exception, request_id: str) -> Refusal:
    """What a request that failed before GraphQL ran is answered with."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, errors.GatewayError) and type(error) in _STATUSES:
        return _of_ours(error)
    if isinstance(error, web.HTTPException):
        return _of_aiohttp(error)
    return Refusal(500, INTERNAL, masked(error, request_id))


def _of_ours(error: errors.GatewayError) -> Refusal:
    status = _STATUSES[type(error)]
    headers = dict(_CHALLENGE) if isinstance(error, errors.Unauthenticated) else {}
    if status == 503:  # noqa: PLR2004  # which says that trying again helps, and so has to say when
        again = (
            math.ceil(error.retry_after_ms / 1000)
            if isinstance(error, errors.Throttled | errors.Overloaded)
            else _AGAIN
        )
        headers["Retry-After"] = str(again)
    refusal = Refusal(status, CODES[type(error)], str(error), headers)
    refusal.extensions = extensions_of(error) or refusal.extensions
    return refusal


def _of_aiohttp(error: web.HTTPException) -> Refusal:
    """The answers of aiohttp itself (no such path, method or size) in our form."""
    allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    code = _CODES_BY_STATUS.get(error.status, "BAD_USER_INPUT")
    return Refusal(error.status, code, f"{error.reason}. The API is at /graphql.", allow)


def answered(refusal: Refusal, media_type: str) -> web.Response:
    """A failure as an answer."""
    return as_json(refusal.status, in_graphql(refusal), content_type=media_type, headers=refusal.headers)


def in_graphql(refusal: Refusal) -> dict[str, Any]:
    """A failure in GraphQL's form."""
    return {"errors": [{"message": str(refusal), "extensions": refusal.extensions}]}
