"""What every answer says beside its data: what it cost in AWS calls, and whether it is older than it should be."""

from collections.abc import Mapping
from typing import Any

from gateway.reads import ReadLog

FREE: Mapping[str, Any] = {"cost": {"estimatedCalls": 0, "actualCalls": 0, "cacheHits": 0}}
"""Of an answer for which nothing ran."""


def extensions(log: ReadLog, estimated: int | None) -> dict[str, Any]:
    """Of an answer for which this was read."""
    cost = {"estimatedCalls": estimated, "actualCalls": log.upstream_calls, "cacheHits": log.hits}
    said: dict[str, Any] = {"cost": cost}
    if (stale_since := log.stale_since) is not None:
        said["freshness"] = {"stale": True, "asOf": stale_since.isoformat()}
    return said
