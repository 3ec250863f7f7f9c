"""What is told of a request: its one line in the log, its metrics, its span. The line is the audit trail.

A hot answer takes some forty microseconds: nothing here may be looked up, formatted or counted twice for it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog
from prometheus_client import Counter

from gateway.telemetry import cause, traces
from gateway.telemetry.cause import Cause
from gateway.telemetry.log import log
from gateway.telemetry.registry import Children, registry
from gateway.telemetry.tallies import Tallies

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
_NOTHING: Mapping[str, int] = {}
_FROM_RESPONSES = {"response": 1}
_ASKED = ("query", "mutation", "subscription", "rpc", "none")

_tallies = Tallies(_ASKED, ("OK", *LEVELS))
_deprecated = Children(
    Counter(
        "gateway_deprecated_used",
        "Operations executed that use something deprecated, by its name in the schema.",
        ["name"],
        registry=registry,
    )
)


def request_began(request_id: str, header: Callable[[str], str | None], *, beside: Cause | None = None) -> Cause:
    """A request begins. What it starts from here on, in this task or others, is known to be of its doing.

    `header` gives what the caller sent under a name; `beside` is a request of the same caller's on the same socket.
    """
    if traces.recorded():
        began = traces.began(request_id, header, beside=beside)
    elif beside is None:
        began = Cause.of_caller(request_id, header)
    else:
        began = beside._replace(request_id=request_id)
    cause.current.set(began)
    return began


def part_began(request_id: str, whole: Cause | None) -> Cause:
    """One operation of several in a request begins."""
    part = traces.part(request_id, whole) if traces.recorded() else whole or Cause(request_id, None)
    cause.current.set(part)
    return part


class Answered(Protocol):
    """A request, as it is told."""

    request_id: str
    cause: Cause | None
    subject: str | None
    teams: tuple[str, ...]
    client: str | None
    client_version: str | None
    operation: str
    name: str | None
    outcome: tuple[str, ...]
    """The codes of its errors; empty when all went well."""
    remembered: bool
    """Whether the whole response was."""
    lasting: bool
    """Whether it took as long as somebody listened, which says nothing."""
    upstream: Mapping[str, int] | None
    """How many calls of each AWS operation it caused."""
    reads: Mapping[str, int] | None
    """How many reads were answered from where."""
    waited: float
    """Seconds that went by for AWS or its budget."""


def request_answered(request: Answered, status: int | str, seconds: float, size: int) -> None:
    """One request: who asked for what, what it was answered from, and what became of it.

    `status` is HTTP's number, or gRPC's word. `size` is an answer's, in bytes, if known.
    """
    operation, outcome, waited, lasting = request.operation, request.outcome, request.waited, request.lasting
    gravest, began = _gravest(outcome), request.cause
    _tallies.answered[operation, gravest] += 1
    own = max(seconds - waited, 0.0) if waited else seconds
    if not lasting:
        _tallies.own[operation].add(own)
    _tallies.bytes += size
    _tallies.remembered += request.remembered
    milliseconds = round(seconds * 1000, 2)
    line: dict[str, object] = {
        "request_id": request.request_id,
        "trace_id": None if began is None else began.trace_id,
        "subject": request.subject,
        "teams": list(request.teams),
        "client": request.client,
        "client_version": request.client_version,
        "operation": operation,
        "name": request.name,
        "upstream": request.upstream or _NOTHING,
        "reads": _FROM_RESPONSES if request.remembered else request.reads or _NOTHING,
        "outcome": list(outcome) or ["OK"],
        "status": status,
        "ms": milliseconds,
        "own_ms": None if lasting else round(own * 1000, 2) if waited else milliseconds,
        "aws_ms": None if lasting else round(waited * 1000, 2) if waited else 0.0,
    }
    log.write(LEVELS.get(gravest, "info"), "request_answered", line)
    if began is not None and began.span is not None:
        traces.ended(began.span, operation, request.name, gravest, status, at_fault=gravest in LEVELS)


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
