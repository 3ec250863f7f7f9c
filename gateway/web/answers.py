"""Answers as JSON, and failures as answers.

The table at its head is HTTP's: our errors, where they end a request before GraphQL runs, to statuses. Their codes are
in GraphQL's table; what is in neither is masked.
"""

import math
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from gateway import errors
from gateway.schema.cost import FREE
from gateway.schema.errors import CODES, INTERNAL, extensions_of, masked
from gateway.web.negotiation import JSON

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


def refusal_for(error: Exception, request_id: str) -> Refusal:
    """What a request that failed before GraphQL ran is answered with."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, errors.GatewayError) and type(error) in _STATUSES:
        return _of_ours(error)
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


def answered(refusal: Refusal, media_type: str) -> web.Response:
    """A failure as an answer."""
    return as_json(refusal.status, in_graphql(refusal), content_type=media_type, headers=refusal.headers)


def in_graphql(refusal: Refusal) -> dict[str, Any]:
    """A failure in GraphQL's form. What is refused has cost nothing; what failed may have cost something."""
    told: dict[str, Any] = {"errors": [{"message": str(refusal), "extensions": refusal.extensions}]}
    return told if refusal.status >= 500 else told | {"extensions": FREE}  # noqa: PLR2004  # from here on it is our fault
