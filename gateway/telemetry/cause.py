"""The request on whose behalf things happen: known to whatever a request starts, and to nothing else.

It travels as Python's contexts do: a read that several requests wait for has that of the one that began it, and what
belongs to no request (a watch, a turnstile) is started in an empty context.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span

# W3C Trace Context, 3.2: version, trace id, parent id, flags. A later version may go on behind another dash.
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?", re.ASCII
)
_TRACESTATE = re.compile(r"[\x20-\x7e]{1,512}")  # as much of it as everybody has to pass on
_NOTHING: Mapping[str, str] = {}


class Cause(NamedTuple):
    """A request, as far as what it starts has to know."""

    request_id: str
    trace_id: str | None
    span: "Span | None" = None
    """Its own, where spans are recorded."""
    caller: "Context | None" = None
    """Whatever span of the caller's it belongs to."""
    headers: Mapping[str, str] = _NOTHING
    """The caller's W3C headers, where no spans are recorded: they are passed on as they came."""

    @classmethod
    def of_caller(cls, request_id: str, header: Callable[[str], str | None]) -> "Cause":
        """A request that no span is recorded of. `header` gives what the caller sent under a name."""
        traceparent = header("traceparent")
        found = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
        if found is None:
            return cls(request_id, None)
        headers = {"traceparent": f"00-{found[1]}"}  # of a later version, what we know of it
        tracestate = header("tracestate")
        if tracestate is not None and _TRACESTATE.fullmatch(tracestate):
            headers["tracestate"] = tracestate
        return cls(request_id, found[2], headers=headers)


current: ContextVar[Cause | None] = ContextVar("gateway_cause", default=None)


def named() -> dict[str, str | None]:
    """The request that caused this, as a line has it."""
    cause = current.get()
    return {} if cause is None else {"request_id": cause.request_id, "trace_id": cause.trace_id}


def trace_id_of(request_id: str) -> str | None:
    """The trace of a request, if it is the one that is being served here."""
    cause = current.get()
    return None if cause is None or cause.request_id != request_id else cause.trace_id
