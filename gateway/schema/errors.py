"""GraphQL's table of errors: each of ours to its code, everything else masked as INTERNAL and logged. No error of ours
has a code by default.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from gateway import errors, telemetry

INTERNAL = "INTERNAL"
_LONGEST_MESSAGE = 500  # characters; graphql-core repeats what was sent, and that may be a megabyte

CODES: Mapping[type[errors.GatewayError], str] = {
    errors.Unauthenticated: "UNAUTHENTICATED",
    errors.Forbidden: "FORBIDDEN",
    errors.BadUserInput: "BAD_USER_INPUT",
    errors.InvalidCursor: "INVALID_CURSOR",
    errors.CursorExpired: "CURSOR_EXPIRED",
    errors.CostLimitExceeded: "COST_LIMIT_EXCEEDED",
    errors.DocumentNotTrusted: "DOCUMENT_NOT_TRUSTED",
    errors.PersistedQueryNotFound: "PERSISTED_QUERY_NOT_FOUND",
    errors.PersistedQueryMismatch: "PERSISTED_QUERY_HASH_MISMATCH",
    errors.PersistedQueryNotSupported: "PERSISTED_QUERY_NOT_SUPPORTED",
    errors.TooManyListeners: "TOO_MANY_LISTENERS",
    errors.Throttled: "THROTTLED",
    errors.UpstreamUnavailable: "UPSTREAM_UNAVAILABLE",
    errors.UpstreamTimeout: "UPSTREAM_TIMEOUT",
    errors.Overloaded: "OVERLOADED",
    errors.DeadlineExceeded: "DEADLINE_EXCEEDED",
}


def extensions_of(error: errors.GatewayError) -> dict[str, Any] | None:
    """The code of one of our errors, and what else a client can act on; None for one that callers are not told of."""
    code = CODES.get(type(error))
    if code is None:
        return None
    if isinstance(error, errors.Throttled | errors.Overloaded):
        return {"code": code, "retryAfterMs": error.retry_after_ms}
    if isinstance(error, errors.CostLimitExceeded) and error.estimated_calls is not None:
        return {"code": code, "estimatedCalls": error.estimated_calls, "limit": error.limit}
    return {"code": code}


def presented(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """A GraphQL error as the caller gets it."""
    formatted: dict[str, Any] = {"message": _in_bounds(error.message)}
    if error.locations:
        formatted["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        formatted["path"] = list(error.path)
    cause = error.original_error
    # GraphQL's own: of the document, or of a variable's value. With a path it is of a value of ours, and our fault.
    if cause is None or (isinstance(cause, GraphQLError) and error.path is None):
        formatted["extensions"] = error.extensions or {"code": "BAD_USER_INPUT"}
        return formatted
    known = extensions_of(cause) if isinstance(cause, errors.GatewayError) else None
    if known is None:
        formatted["message"] = masked(cause, request_id)
    formatted["extensions"] = known or {"code": INTERNAL}
    return formatted


def _in_bounds(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}… (cut)"


def masked(error: BaseException, request_id: str) -> str:
    """What a caller is told of an error that is none of its business. Logs it."""
    if isinstance(error, errors.OperatorError):
        telemetry.operator_needed(request_id=request_id, problem=str(error))
    else:
        telemetry.failed_unexpectedly(request_id=request_id, error=error)
    return f"Something went wrong on our side. It was logged under request id {request_id}."
