"""Calls to AWS and reads: how many, how long, and what became of them."""

import time
from collections.abc import Mapping
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog
from prometheus_client import Counter, Histogram

from gateway.telemetry import cause, traces
from gateway.telemetry.cause import named
from gateway.telemetry.registry import Children, registry
from gateway.telemetry.tallies import Tally

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_log = structlog.get_logger()

_OUTCOMES = ("OK", "Throttled", "UpstreamTimeout", "UpstreamUnavailable", "OperatorError")
OPERATIONS = (
    "DescribeHyperParameterTuningJob",
    "DescribeTrainingJob",
    "ListHyperParameterTuningJobs",
    "ListTags",
    "ListTrainingJobsForHyperParameterTuningJob",
    "Search",
    "StopHyperParameterTuningJob",
    "StopTrainingJob",
)
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_READS = ("remembered", "joined", "shared", "fetched", "stale", "failed")

_calls = Children(
    Counter(
        "gateway_upstream_calls",
        "Calls sent to AWS, by what became of them: OK, or the failure that the log names too.",
        ["operation", "outcome"],
        registry=registry,
    ),
    *((operation, outcome) for operation in OPERATIONS for outcome in _OUTCOMES),
)
_seconds = Children(
    Histogram(
        "gateway_upstream_seconds",
        "Time that calls to AWS took, each by itself; waiting for a place in the budget is not in it.",
        ["operation"],
        buckets=_SECONDS,
        registry=registry,
    ),
    *((operation,) for operation in OPERATIONS),
)
_reads = Tally(
    "gateway_reads",
    "Reads, by where their value came from: memory, another's read under way, another replica, AWS, or the past.",
    "outcome",
    _READS,
)


def read(outcome: str) -> None:
    """Something was read: `remembered`, `joined`, `shared`, `fetched`, `stale`; or it `failed`."""
    _reads.counts[outcome] += 1


def sent_on() -> Mapping[str, str]:
    """W3C's headers for the call to AWS that is under way in this task: of its span, or as its caller sent them."""
    span = _under_way.get()
    if span is not None:
        return traces.headers_of(span)
    of = cause.current.get()
    return {} if of is None else of.headers


_under_way: ContextVar["Span | None"] = ContextVar("gateway_upstream_span", default=None)


class UpstreamCall:
    """One call to AWS, for as long as it takes. Account and region are the configuration's, the operation is ours."""

    __slots__ = ("_account", "_began", "_operation", "_outcome", "_region", "_span", "_was")
    _was: Token["Span | None"]

    def __init__(self, operation: str, *, account: str, region: str) -> None:
        self._operation = operation
        self._account = account
        self._region = region
        self._outcome = "OK"

    def __enter__(self) -> Self:
        self._span = traces.called(self._operation, self._region) if traces.recorded() else None
        self._was = _under_way.set(self._span)
        self._began = time.perf_counter()
        return self

    def failed(self, failure: str, *, cause: str, is_answer: bool) -> None:
        """Note as which of our errors it failed, and the SDK's class of error; some failures are answers."""
        self._outcome = failure
        if is_answer:
            return
        _log.warning(
            "upstream_failed",
            **named(),
            account=self._account,
            region=self._region,
            operation=self._operation,
            failure=failure,
            cause=cause,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._outcome == "OK":  # nobody waits for it any more
            self._outcome = "CancelledError"
        _calls[self._operation, self._outcome].inc()
        _seconds[self._operation,].observe(time.perf_counter() - self._began)
        _under_way.reset(self._was)
        if self._span is not None:
            traces.returned(self._span, self._outcome)
