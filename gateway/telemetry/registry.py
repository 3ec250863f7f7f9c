"""The process's metrics, and how they are given out. Each is made in the module that says when it grows.

They are counters of a process, like the process's own: they begin with it and nobody passes them around. No label has a
value that a caller can invent, and what must be looked up for each request is looked up once.
"""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

MetricT = TypeVar("MetricT", Counter, Gauge, Histogram)

# Else each counter had a series more, with when it began: what reads this format takes that for a metric of its own.
disable_created_metrics()  # type: ignore[no-untyped-call]  # its package forgot
registry = CollectorRegistry()
ProcessCollector(registry=registry)  # memory, processor time, open files: as everybody's dashboards know them

_build = Gauge("gateway_build_info", "Which gateway this is; always 1.", ["version", "python"], registry=registry)


def _version() -> str:
    try:
        return version("tuning-gateway")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


_build.labels(_version(), platform.python_version()).set(1)


def metrics() -> bytes:
    """All metrics, in Prometheus's text format."""
    return generate_latest(registry)


class Children(dict[tuple[str, ...], MetricT], Generic[MetricT]):
    """A metric's children by their labels' values: `labels()` costs four times what counting does."""

    def __init__(self, metric: MetricT, *known: tuple[str, ...]) -> None:
        """Those `known` are there from the start, so that an alert can watch them grow."""
        super().__init__()
        self._metric: MetricT = metric
        for values in known:
            self[values]  # which makes it

    def __missing__(self, values: tuple[str, ...]) -> MetricT:
        child: MetricT = self._metric.labels(*values)
        self[values] = child
        return child
