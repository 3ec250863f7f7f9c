"""The request on whose behalf things happen: known to whatever a request starts, and to nothing else.

It travels as Python's contexts do: a read that several requests wait for has that of the one that began it, and what
belongs to no request (a watch, a turnstile) is started in an empty context.
"""

import re
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span

# W3C Trace Context, 3.2: version, trace id, parent id, flags. A later version may go on behind another dash.
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?", re.ASCII
)


class Cause(NamedTuple):
    """A request, as far as what it starts has to know."""

    request_id: str
    trace_id: str | None
    span: "Span | None" = None
    """Its own, where spans are recorded."""
    caller: "Context | None" = None
    """Whatever span of the caller's it belongs to."""


current: ContextVar[Cause | None] = ContextVar("gateway_cause", default=None)


def named() -> dict[str, str | None]:
    """The request that caused this, as a line has it."""
    cause = current.get()
    return {} if cause is None else {"request_id": cause.request_id, "trace_id": cause.trace_id}


def trace_id_of(request_id: str) -> str | None:
    """The trace of a request, if it is the one that is being served here."""
    cause = current.get()
    return None if cause is None or cause.request_id != request_id else cause.trace_id


def trace_id_in(traceparent: str | None) -> str | None:
    """The trace that a caller says its request belongs to."""
    found = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
    return None if found is None else found[1]
