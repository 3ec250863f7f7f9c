"""gRPC's table of errors: each of ours to its status and reason, everything else masked as INTERNAL and logged.

The reasons are the codes that GraphQL's callers get; a test holds the two tables together.
"""

from collections.abc import Mapping

from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode
from grpc_status.rpc_status import to_status

from gateway import errors, telemetry
from gateway.rpc.tuning.v1 import tuning_pb2 as pb

DOMAIN = "tuning-gateway"
INTERNAL = "INTERNAL"
NOT_FOUND = "NOT_FOUND"

CODES: Mapping[type[errors.GatewayError], tuple[StatusCode, str]] = {
    errors.Unauthenticated: (StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED"),
    errors.Forbidden: (StatusCode.PERMISSION_DENIED, "FORBIDDEN"),
    errors.BadUserInput: (StatusCode.INVALID_ARGUMENT, "BAD_USER_INPUT"),
    errors.InvalidCursor: (StatusCode.INVALID_ARGUMENT, "INVALID_CURSOR"),
    # The list is to be begun anew: what ABORTED says, and not to be asked for in the same words.
    errors.CursorExpired: (StatusCode.ABORTED, "CURSOR_EXPIRED"),
    # Asking again does not help: RESOURCE_EXHAUSTED would have clients try.
    errors.CostLimitExceeded: (StatusCode.INVALID_ARGUMENT, "COST_LIMIT_EXCEEDED"),
    errors.TooManyListeners: (StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_LISTENERS"),
    errors.Throttled: (StatusCode.RESOURCE_EXHAUSTED, "THROTTLED"),
    errors.UpstreamUnavailable: (StatusCode.UNAVAILABLE, "UPSTREAM_UNAVAILABLE"),
    errors.UpstreamTimeout: (StatusCode.DEADLINE_EXCEEDED, "UPSTREAM_TIMEOUT"),
    # Trying again helps, and another replica most of all: RESOURCE_EXHAUSTED would be the caller's own quota.
    errors.Overloaded: (StatusCode.UNAVAILABLE, "OVERLOADED"),
    errors.DeadlineExceeded: (StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"),
}
_OTHER_LIST = (
    "This page_token does not belong to this list. Use a token of the same list with the same team and arguments "
    "(only page_size and view may change), or leave it empty to start anew."
)


class Refused(Exception):  # noqa: N818  # an answer
    """A call ends with this status, reason and text, and what else a client can act on."""

    def __init__(
        self,
        status: StatusCode,
        reason: str,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.retry_after_ms = retry_after_ms

    def in_trailers(self, request_id: str) -> tuple[tuple[str, str | bytes], ...]:
        """The same as the metadata that ends a call: google.rpc.Status, with its details."""
        details = [ErrorInfo(reason=self.reason, domain=DOMAIN, metadata=self.metadata)]
        status = Status(code=self.status.value[0], message=str(self), details=map(_packed, details))
        if self.retry_after_ms is not None:
            retry = RetryInfo()
            retry.retry_delay.FromMilliseconds(self.retry_after_ms)
            status.details.append(_packed(retry))
        status.details.append(_packed(RequestInfo(request_id=request_id)))
        return tuple(to_status(status).trailing_metadata)

    def beside_rows(self) -> pb.Interruption:
        """The same as the part of a page that it cut short."""
        told = pb.Interruption(reason=self.reason, status=self.status.value[0], message=str(self))
        if self.retry_after_ms is not None:
            told.retry_delay.FromMilliseconds(self.retry_after_ms)
        return told


def absent(what: str) -> Refused:
    """What is answered of a job that does not exist, and of one that is not the team's."""
    return Refused(StatusCode.NOT_FOUND, NOT_FOUND, f"There is no {what} of this name that is your team's.")


def unknown(method: str) -> Refused:
    """What is answered to a call of a method that there is not."""
    text = f"There is no method {method} here."
    return Refused(StatusCode.UNIMPLEMENTED, "UNIMPLEMENTED", text)


def going_away() -> Refused:
    """What whoever comes late or has stayed too long is told by a gateway that ends."""
    return Refused(StatusCode.UNAVAILABLE, "GOING_AWAY", "This gateway is going away. Come again: another one answers.")


def refusal_for(error: Exception, request_id: str) -> Refused:
    """What a call that failed is answered with."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, errors.GatewayError) and type(error) in CODES:
        return refusal_of(error)
    if isinstance(error, errors.OperatorError):
        telemetry.operator_needed(request_id=request_id, problem=str(error))
    else:
        telemetry.failed_unexpectedly(request_id=request_id, error=error)
    text = f"Something went wrong on our side. It was logged under request id {request_id}."
    return Refused(StatusCode.INTERNAL, INTERNAL, text)


def refusal_of(error: errors.GatewayError) -> Refused:
    """The same for an error of the table."""
    status, reason = CODES[type(error)]
    message = _OTHER_LIST if isinstance(error, errors.InvalidCursor) else str(error)
    retry_after_ms = error.retry_after_ms if isinstance(error, errors.Throttled | errors.Overloaded) else None
    return Refused(status, reason, message, metadata=_numbers(error), retry_after_ms=retry_after_ms)


def _numbers(error: Exception) -> dict[str, str]:
    if isinstance(error, errors.CostLimitExceeded) and error.estimated_calls is not None:
        return {"estimatedCalls": str(error.estimated_calls), "limit": str(error.limit)}
    return {}


def _packed(detail: ErrorInfo | RetryInfo | RequestInfo) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed
