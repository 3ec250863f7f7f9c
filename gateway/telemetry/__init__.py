"""What the gateway says of itself, named for what happened. Never a token, a key, a secret, a document or AWS's own
text. Imports no room; rooms call it in one line, and nobody waits for it.

log          how lines are written
libraries    what they have to say
registry     the process's metrics, and how they are given out
cause        the request on whose behalf things happen
requests     what a request is told to be: its line, its metrics, its span
tallies      what each request is counted in
upstream     calls to AWS, and reads
standing     what is asked for when metrics are: requests in hand, budgets, the store, memory
lag          how long the event loop lets others wait
traces       spans, where they are wanted
tracing      what is asked of OpenTelemetry, which is an extra
happenings   everything else that is worth a line
"""

from gateway.telemetry.cause import Cause
from gateway.telemetry.happenings import (
    configuration_adopted,
    configuration_refused,
    connection_failed,
    connection_refused,
    failed_unexpectedly,
    issuer_keys_changed,
    issuer_keys_not_published,
    listeners,
    operator_needed,
    request_shed,
    search_refused,
    setting_not_known,
    started,
    stopped,
    store_back,
    store_entry_left_out,
    store_lost,
    watch_given_up,
    watch_looked,
    watches,
)
from gateway.telemetry.lag import loop_watched
from gateway.telemetry.log import set_up
from gateway.telemetry.registry import metrics
from gateway.telemetry.requests import (
    deprecated_used,
    job_stopped,
    part_began,
    request_answered,
    request_began,
)
from gateway.telemetry.standing import Standing, standing
from gateway.telemetry.traces import exported, traced
from gateway.telemetry.upstream import UpstreamCall, read, sent_on

__all__ = [
    "Cause",
    "Standing",
    "UpstreamCall",
    "configuration_adopted",
    "configuration_refused",
    "connection_failed",
    "connection_refused",
    "deprecated_used",
    "exported",
    "failed_unexpectedly",
    "issuer_keys_changed",
    "issuer_keys_not_published",
    "job_stopped",
    "listeners",
    "loop_watched",
    "metrics",
    "operator_needed",
    "part_began",
    "read",
    "request_answered",
    "request_began",
    "request_shed",
    "search_refused",
    "sent_on",
    "set_up",
    "setting_not_known",
    "standing",
    "started",
    "stopped",
    "store_back",
    "store_entry_left_out",
    "store_lost",
    "traced",
    "watch_given_up",
    "watch_looked",
    "watches",
]
