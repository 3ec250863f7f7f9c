"""What the gateway says of itself, named for what happened. Never a token, a key, a secret or AWS's own text."""

import logging
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

SHED = ("full", "waited", "lasting", "upstream")
"""Why a request is turned away: the queue is full, it has waited there for too long, there are as many sockets and
streams as may be, or as many wait for AWS.
"""

_log = structlog.get_logger()

# Counters of a process, like the process's own: they begin with it and nobody passes them around.
_registry = CollectorRegistry()
_configurations = Counter(
    "gateway_configuration", "Configurations read anew at SIGHUP.", ["outcome"], registry=_registry
)
_operator_needed = Counter(
    "gateway_operator_needed",
    "Requests that credentials, a role or a setting of the gateway's own stood in the way of.",
    registry=_registry,
)
_keys_not_published = Counter(
    "gateway_issuer_keys_not_published", "Issuers' keys that could not be fetched.", registry=_registry
)
_store_lost = Counter("gateway_store_lost", "Times the store was given up for a while.", registry=_registry)
_shed = Counter("gateway_requests_shed", "Requests turned away under load.", ["reason"], registry=_registry)
_connections_refused = Counter(
    "gateway_connections_refused",
    "Connections closed at once, because as many were open as may be.",
    registry=_registry,
)
_watches = Gauge("gateway_watches", "Loops that look at a job because somebody listens.", registry=_registry)
_listeners = Gauge("gateway_listeners", "Subscriptions that are being listened to.", registry=_registry)
_looks = Counter("gateway_watch_looks", "Looks that watches took.", ["outcome"], registry=_registry)
for _counter, _outcomes in (
    (_configurations, ("adopted", "refused")),
    (_looks, ("changed", "unchanged", "failed")),
    (_shed, SHED),
):
    for _outcome in _outcomes:
        _counter.labels(_outcome)  # there from the start, so that an alert can watch it grow


def metrics() -> bytes:
    """All metrics, in Prometheus's text format."""
    return generate_latest(_registry)


def set_up(style: str) -> None:
    """Log to standard error, as JSON lines or for a person's eyes (`json` or `console`)."""
    processors: list[structlog.typing.Processor]
    to: Callable[..., structlog.typing.WrappedLogger]
    if style == "console":
        stamped: list[structlog.typing.Processor] = [
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        processors = [*stamped, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        to = structlog.PrintLoggerFactory(sys.stderr)
    else:
        # Every request writes a line: so it is stamped in one go, made bytes at once, and written as they are.
        as_bytes = structlog.processors.JSONRenderer(serializer=orjson.dumps, option=orjson.OPT_UTC_Z)
        processors = [_stamped, as_bytes]
        to = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=to,
        cache_logger_on_first_use=True,
    )


def _stamped(_logger: object, level: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    line["level"], line["timestamp"] = level, datetime.now(UTC)
    return line


def started(**addresses: str) -> None:
    """The gateway answers at these addresses."""
    _log.info("started", **addresses)


def stopped() -> None:
    """The gateway has let go of everything."""
    _log.info("stopped")


def configuration_adopted(*, teams: Sequence[str]) -> None:
    """The configuration was read anew, and is the one that counts."""
    _configurations.labels("adopted").inc()
    _log.info("configuration_adopted", teams=list(teams))


def configuration_refused(problems: Sequence[str]) -> None:
    """The configuration was read anew and is wrong: the one before still counts."""
    _configurations.labels("refused").inc()
    _log.error("configuration_refused", problems=list(problems))


def setting_not_known(name: str) -> None:
    """A variable looks like a setting of ours and is none: a slip of the pen, or Kubernetes naming a Service."""
    _log.warning("setting_not_known", variable=name)


def request_answered(
    *,
    request_id: str,
    subject: str | None,
    teams: Sequence[str],
    operation: str,
    name: str | None,
    upstream: Mapping[str, int],
    outcome: Sequence[str],
    status: int | str,
    seconds: float,
) -> None:
    """One request: who asked for what, the AWS calls it caused, and what became of it. This is the audit trail.

    `status` is HTTP's number, or gRPC's word.
    """
    _log.info(
        "request_answered",
        request_id=request_id,
        subject=subject,
        teams=list(teams),
        operation=operation,
        name=name,
        upstream=dict(upstream),
        outcome=list(outcome) or ["OK"],
        status=status,
        ms=round(seconds * 1000, 1),
    )


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


def request_shed(reason: str) -> None:
    """A request was turned away under load; `reason` is one of SHED."""
    _shed.labels(reason).inc()


def connection_refused() -> None:
    """A connection was closed at once, because as many were open as may be."""
    _connections_refused.inc()


def watches(more: int) -> None:
    """So many more jobs are being watched."""
    _watches.inc(more)


def listeners(more: int) -> None:
    """So many more subscriptions are being listened to."""
    _listeners.inc(more)


def watch_looked(outcome: str) -> None:
    """A watch has looked at its job: `changed`, `unchanged` or `failed`."""
    _looks.labels(outcome).inc()


def watch_given_up(*, failure: str) -> None:
    """A job can no longer be watched, and its listeners were told why."""
    _log.warning("watch_given_up", failure=failure)


def upstream_failed(*, operation: str, failure: str, cause: str) -> None:
    """A call to AWS failed: as which of our errors, and the SDK's class of error."""
    _log.warning("upstream_failed", operation=operation, failure=failure, cause=cause)


def search_refused(*, team: str, cause: str) -> None:
    """Search would not tell of training jobs by name: each is described instead, for a call of its own."""
    _log.warning("search_refused", team=team, cause=cause)


def issuer_keys_not_published(*, issuer: str, cause: str) -> None:
    """An issuer's keys could not be fetched; the last good ones, if there are any, go on being used."""
    _keys_not_published.inc()
    _log.warning("issuer_keys_not_published", issuer=issuer, cause=cause)


def issuer_keys_changed(*, issuer: str, usable: int, left_out: int) -> None:
    """An issuer signs with other keys than before, or its keys are known for the first time."""
    _log.info("issuer_keys_changed", issuer=issuer, usable=usable, left_out=left_out)


def store_lost(*, cause: str) -> None:
    """The store that replicas share does not answer as it should: this one goes on alone."""
    _store_lost.inc()
    _log.warning("store_lost", cause=cause)


def store_back() -> None:
    """The store answers again."""
    _log.info("store_back")


def store_entry_left_out(*, kind: str, cause: str) -> None:
    """A value of this class could not be written for the store; whoever asked for it was given it all the same."""
    _log.warning("store_entry_left_out", kind=kind, cause=cause)


def operator_needed(*, request_id: str, problem: str) -> None:
    """Something only whoever runs the gateway can mend stands in a caller's way."""
    _operator_needed.inc()
    _log.error("operator_needed", request_id=request_id, problem=problem)


def failed_unexpectedly(*, request_id: str, error: BaseException) -> None:
    """A bug. Its text may hold anything, so the log has its kind and its place in the code."""
    _log.error("failed_unexpectedly", request_id=request_id, error=type(error).__name__, where=_where(error))


def _where(error: BaseException) -> str:
    """The innermost place of our own code that the error went through, or the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/gateway/" in frame.filename.replace("\\", "/")] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else "nowhere"
