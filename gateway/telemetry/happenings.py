"""What happens besides requests, calls and reads: the lines that an operator looks for, and their counters."""

import traceback
from collections.abc import Sequence
from pathlib import Path

import structlog
from prometheus_client import Counter, Gauge

from gateway.telemetry.cause import trace_id_of
from gateway.telemetry.registry import Children, registry

_log = structlog.get_logger()

_configurations = Children(
    Counter("gateway_configuration", "Configurations read anew at SIGHUP.", ["outcome"], registry=registry),
    ("adopted",),
    ("refused",),
)
_operator_needed = Counter(
    "gateway_operator_needed",
    "Requests that credentials, a role or a setting of the gateway's own stood in the way of.",
    registry=registry,
)
_unexpected = Counter("gateway_failed_unexpectedly", "Failures that are bugs of the gateway's.", registry=registry)
_keys_not_published = Counter(
    "gateway_issuer_keys_not_published", "Issuers' keys that could not be fetched.", registry=registry
)
_store_lost = Counter("gateway_store_lost", "Times the store was given up for a while.", registry=registry)
_shed = Children(
    Counter("gateway_requests_shed", "Requests turned away under load.", ["reason"], registry=registry),
    ("full",),
    ("waited",),
    ("lasting",),
    ("upstream",),
    ("bytes",),
)
_connections_refused = Counter(
    "gateway_connections_refused",
    "Connections closed at once, because as many were open as may be.",
    registry=registry,
)
_watches = Gauge("gateway_watches", "Loops that look at a job because somebody listens.", registry=registry)
_listeners = Gauge("gateway_listeners", "Subscriptions that are being listened to.", registry=registry)
_looks = Children(
    Counter("gateway_watch_looks", "Looks that watches took.", ["outcome"], registry=registry),
    ("changed",),
    ("unchanged",),
    ("failed",),
)


def started(**addresses: str) -> None:
    """The gateway answers at these addresses."""
    _log.info("started", **addresses)


def stopped() -> None:
    """The gateway has let go of everything."""
    _log.info("stopped")


def configuration_adopted(*, teams: Sequence[str]) -> None:
    """The configuration was read anew, and is the one that counts."""
    _configurations["adopted",].inc()
    _log.info("configuration_adopted", teams=list(teams))


def configuration_refused(problems: Sequence[str]) -> None:
    """The configuration was read anew and is wrong: the one before still counts."""
    _configurations["refused",].inc()
    _log.error("configuration_refused", problems=list(problems))


def setting_not_known(name: str) -> None:
    """A variable looks like a setting of ours and is none: a slip of the pen, or Kubernetes naming a Service."""
    _log.warning("setting_not_known", variable=name)


def request_shed(reason: str) -> None:
    """A request was turned away under load.

    The queue is `full`, it has `waited` there for too long, there are as many `lasting` sockets and streams as may be,
    as many wait for the `upstream`, or as many `bytes` of requests are held.
    """
    _shed[reason,].inc()


def connection_refused() -> None:
    """A connection was closed at once, because as many were open as may be."""
    _connections_refused.inc()


def connection_failed(error: BaseException | None) -> None:
    """A connection broke in the middle of a request, or its answer did: by whose fault its kind has to tell."""
    _log.warning("connection_failed", error=type(error).__name__)


def watches(more: int) -> None:
    """So many more jobs are being watched."""
    _watches.inc(more)


def listeners(more: int) -> None:
    """So many more subscriptions are being listened to."""
    _listeners.inc(more)


def watch_looked(outcome: str) -> None:
    """A watch has looked at its job: `changed`, `unchanged` or `failed`."""
    _looks[outcome,].inc()


def watch_given_up(*, failure: str) -> None:
    """A job can no longer be watched, and its listeners were told why."""
    _log.warning("watch_given_up", failure=failure)


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
    _log.error("operator_needed", request_id=request_id, trace_id=trace_id_of(request_id), problem=problem)


def failed_unexpectedly(*, request_id: str, error: BaseException) -> None:
    """A bug. Its text may hold anything, so the log has its kind and its place in the code."""
    _unexpected.inc()
    _log.error(
        "failed_unexpectedly",
        request_id=request_id,
        trace_id=trace_id_of(request_id),
        error=type(error).__name__,
        where=_where(error),
    )


def _where(error: BaseException) -> str:
    """The innermost place of our own code that the error went through, or the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/gateway/" in frame.filename.replace("\\", "/")] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else "nowhere"
