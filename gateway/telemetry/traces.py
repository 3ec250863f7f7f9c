"""OpenTelemetry's spans: one for each operation or gRPC method, one for each call to AWS, none for a field.

The package is an extra: it is imported when spans are wanted, and not before. No span has a document, a variable, or a
job's or a person's name. Calls to AWS carry W3C's context on, for whatever they pass on their way there.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import structlog

from gateway.telemetry import cause
from gateway.telemetry.cause import Cause

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

    from gateway.telemetry.tracing import Tracing

_log = structlog.get_logger()
_PATIENCE = 2.0  # seconds; OpenTelemetry's own is half a minute, which requests under way have as well

# Where spans are recorded to, while they are: of a process, as its metrics are.
_recording: list["Tracing"] = []


def recorded() -> bool:
    """Whether anybody wants spans."""
    return bool(_recording)


def began(request_id: str, header: Callable[[str], str | None], *, beside: Cause | None) -> Cause:
    """The span of a request, in whatever trace the caller says."""
    caller = _recording[-1].of_caller(header) if beside is None else beside.caller
    return _caused(request_id, caller, caller)


def part(request_id: str, whole: Cause | None) -> Cause:
    """The span of one operation of several in a request."""
    tracing = _recording[-1]
    within = None if whole is None or whole.span is None else tracing.within(whole.span)
    return _caused(request_id, within, None if whole is None else whole.caller)


def _caused(request_id: str, parent: "Context | None", caller: "Context | None") -> Cause:
    span = _recording[-1].request(request_id, parent)
    return Cause(request_id, format(span.get_span_context().trace_id, "032x"), span, caller)


def ended(span: "Span", operation: str, name: str | None, outcome: str, status: int | str, *, at_fault: bool) -> None:
    """The request of a span is answered; `at_fault` is whoever is not the caller."""
    if _recording and operation != "websocket":  # which is no operation: each on it has a span of its own
        _recording[-1].answered(span, operation, name, outcome, status, at_fault=at_fault)


def called(operation: str, region: str) -> "Span":
    """The span of a call to AWS."""
    of = cause.current.get()
    tracing = _recording[-1]
    return tracing.call(operation, region, None if of is None or of.span is None else tracing.within(of.span))


def headers_of(span: "Span") -> Mapping[str, str]:
    """W3C's headers for whoever is asked within a span."""
    return _recording[-1].headers_of(span) if _recording else {}


def returned(span: "Span", outcome: str) -> None:
    """The call of a span has ended."""
    if _recording:
        _recording[-1].returned(span, outcome)


@contextmanager
def traced(provider: "TracerProvider") -> Iterator[None]:
    """Record spans with a provider for as long as the context lasts."""
    from gateway.telemetry.tracing import Tracing  # noqa: PLC0415  # an extra, which need not be installed

    tracing = Tracing(provider)
    _recording.append(tracing)
    try:
        yield
    finally:
        _recording.remove(tracing)


@asynccontextmanager
async def exported(*, wanted: bool) -> AsyncIterator[None]:
    """Send spans to where the OTEL_… variables say, if that is wanted; what is left of them at the end, too."""
    if not wanted:
        yield
        return
    try:
        from gateway.telemetry.tracing import exporting  # noqa: PLC0415  # as above
    except ModuleNotFoundError as error:
        # Not a reason to refuse service: a cluster may set these variables in all of its pods.
        _log.warning("traces_not_possible", missing=error.name, remedy="pip install 'tuning-gateway[otel]'")
        yield
        return
    told, failures, provider = logging.getLogger("opentelemetry"), _Failures(logging.WARNING), exporting()
    told.addHandler(failures)
    told.propagate = False
    try:
        with traced(provider):
            yield
    finally:
        await _ended_with(provider.shutdown)
        told.removeHandler(failures)


async def _ended_with(send_what_is_left: Callable[[], None]) -> None:
    """Wait for it, but not for a collector that is gone: its thread may outlive us, and ends with the process."""
    sending = threading.Thread(target=send_what_is_left, daemon=True)
    sending.start()
    await asyncio.to_thread(sending.join, _PATIENCE)
    if sending.is_alive():
        _log.warning("traces_not_exported", where=__name__, what="what was left at the end, within the time there is")


class _Failures(logging.Handler):
    """What OpenTelemetry has to say, as lines of ours: as it is written in its code, without the values."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        _log.warning("traces_not_exported", where=record.name, what=str(record.msg))
