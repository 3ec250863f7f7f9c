"""What is told of a request: its one line in the log, its metrics, its span. The line is the audit trail.

A hot answer takes some sixty microseconds: nothing here may be looked up, formatted or counted twice for it.
"""

from collections.abc import Callable, Mapping, Sequence

import structlog
from prometheus_client import Counter, Histogram

from gateway.telemetry import cause, traces
from gateway.telemetry.cause import Cause, trace_id_in
from gateway.telemetry.log import log
from gateway.telemetry.registry import Children, registry

_log = structlog.get_logger()

# Whose fault an outcome is, the gravest first. Every other code tells a caller what it can mend, which is no more than
# information: the log must not cry for every misspelt query.
LEVELS: Mapping[str, str] = {
    "INTERNAL": "error",
    # As it should be under load, or with an AWS that is slow; how many there are is for an alert to judge.
    "OVERLOADED": "warning",
    "DEADLINE_EXCEEDED": "warning",
    "UPSTREAM_UNAVAILABLE": "warning",
    "UPSTREAM_TIMEOUT": "warning",
    "THROTTLED": "warning",
}
_GRAVITY = {code: place for place, code in enumerate(LEVELS)}
_FROM_RESPONSES = {"response": 1}
_ASKED = ("query", "mutation", "subscription", "rpc", "none")
_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

_answered = Children(
    Counter(
        "gateway_requests",
        "Operations answered, by type and outcome: OK, or the gravest of their codes.",
        ["operation", "outcome"],
        registry=registry,
    ),
    *((operation, outcome) for operation in _ASKED for outcome in ("OK", *LEVELS)),
)
_own = Children(
    Histogram(
        "gateway_request_own_seconds",
        "Time that operations took without what they waited for AWS, its budget or other replicas. Not of streams.",
        ["operation"],
        buckets=_SECONDS,
        registry=registry,
    ),
    *((operation,) for operation in _ASKED if operation != "subscription"),
)
_remembered = Counter("gateway_responses_remembered", "Queries answered from remembered responses.", registry=registry)
_bytes = Counter("gateway_response_bytes", "Bytes of HTTP answers' bodies; no streams.", registry=registry)
_deprecated = Children(
    Counter(
        "gateway_deprecated_used",
        "Operations executed that use something deprecated, by its name in the schema.",
        ["name"],
        registry=registry,
    )
)

# Bound once: each is called for every request.
_more_bytes, _one_remembered = _bytes.inc, _remembered.inc


def request_began(request_id: str, header: Callable[[str], str | None], *, beside: Cause | None = None) -> Cause:
    """A request begins. What it starts from here on, in this task or others, is known to be of its doing.

    `header` gives what the caller sent under a name; `beside` is a request of the same caller's on the same socket.
    """
    if traces.recorded():
        began = traces.began(request_id, header, beside=beside)
    else:
        began = Cause(request_id, trace_id_in(header("traceparent")) if beside is None else beside.trace_id)
    cause.current.set(began)
    return began


def part_began(request_id: str, whole: Cause | None) -> Cause:
    """One operation of several in a request begins."""
    part = traces.part(request_id, whole) if traces.recorded() else Cause(request_id, whole and whole.trace_id)
    cause.current.set(part)
    return part


def request_answered(
    *,
    request_id: str,
    began: Cause | None,
    subject: str | None,
    teams: Sequence[str],
    client: str | None,
    client_version: str | None,
    operation: str,
    name: str | None,
    upstream: Mapping[str, int],
    reads: Mapping[str, int],
    remembered: bool,
    lasting: bool,
    outcome: Sequence[str],
    status: int | str,
    seconds: float,
    waited: float,
    size: int,
) -> None:
    """One request: who asked for what, what it was answered from, and what became of it.

    `status` is HTTP's number, or gRPC's word. `waited` are those of the `seconds` that went by for AWS or its budget;
    what is `lasting` took as long as somebody listened, which says nothing. `size` is an answer's, in bytes, if known.
    """
    gravest = _gravest(outcome)
    _answered[operation, gravest].inc()
    own = max(seconds - waited, 0.0) if waited else seconds
    if not lasting:
        _own[operation,].observe(own)
    if size:
        _more_bytes(size)
    if remembered:
        _one_remembered()
    milliseconds = round(seconds * 1000, 2)
    line: dict[str, object] = {
        "request_id": request_id,
        "trace_id": None if began is None else began.trace_id,
        "subject": subject,
        "teams": list(teams),
        "client": client,
        "client_version": client_version,
        "operation": operation,
        "name": name,
        "upstream": upstream,
        "reads": _FROM_RESPONSES if remembered else reads,
        "outcome": list(outcome) or ["OK"],
        "status": status,
        "ms": milliseconds,
        "own_ms": None if lasting else round(own * 1000, 2) if waited else milliseconds,
        "aws_ms": None if lasting else round(waited * 1000, 2) if waited else 0.0,
    }
    log.write(LEVELS.get(gravest, "info"), "request_answered", line)
    if began is not None and began.span is not None:
        traces.ended(began.span, operation, name, gravest, status, at_fault=gravest in LEVELS)


def deprecated_used(name: str) -> None:
    """An operation uses something deprecated of our schema: `Type.field`, `Type.field(argument:)` or `Enum.VALUE`."""
    _deprecated[name,].inc()


def job_stopped(
    *,
    request_id: str,
    subject: str,
    team: str,
    kind: str,
    tuning_job: str,
    training_job: str | None,
    outcome: str,
) -> None:
    """Somebody asked for a job of its team's to be stopped: who, which, and what became of it. Also audit trail."""
    _log.info(
        "job_stopped",
        request_id=request_id,
        subject=subject,
        team=team,
        kind=kind,
        tuning_job=tuning_job,
        training_job=training_job,
        outcome=outcome,
    )


def _gravest(outcome: Sequence[str]) -> str:
    """What a request counts as that may have failed in more than one way."""
    if not outcome:
        return "OK"
    return outcome[0] if len(outcome) == 1 else min(outcome, key=lambda code: _GRAVITY.get(code, len(_GRAVITY)))
