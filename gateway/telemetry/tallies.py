"""What each request is counted in: plain numbers, which become metrics when somebody asks for them.

One thread counts here, the event loop's, so nothing has to be locked: a metric that counts for itself takes as long as
five of these, and every answer is counted five times.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from gateway.telemetry.registry import registry

_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds


class Tally(Collector):
    """A counter with one label, in plain numbers. What is `known` is there from the start, as below."""

    def __init__(self, name: str, documentation: str, label: str, known: Sequence[str]) -> None:
        self.counts = dict.fromkeys(known, 0)
        self._described = name, documentation, label
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """The metric as of now."""
        name, documentation, label = self._described
        family = CounterMetricFamily(name, documentation, labels=[label])
        for value, count in self.counts.items():
            family.add_metric([value], count)
        yield family


class _Durations:
    """How many took how long."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """One took so long."""
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._sum += seconds

    def put_into(self, family: HistogramMetricFamily, *labels: str) -> None:
        """Become a metric, whose buckets hold those below them too."""
        buckets, total = [], 0
        for bound, count in zip((*map(floatToGoString, _BOUNDS), "+Inf"), self._counts, strict=True):
            total += count
            buckets.append((bound, float(total)))
        family.add_metric(labels, buckets=buckets, sum_value=self._sum)


class Tallies(Collector):
    """The numbers. Outcomes are there from the start, so that an alert can watch them grow."""

    def __init__(self, operations: Sequence[str], outcomes: Sequence[str]) -> None:
        known = ((operation, outcome) for operation in operations for outcome in outcomes)
        self.answered: defaultdict[tuple[str, str], int] = defaultdict(int, dict.fromkeys(known, 0))
        """Operations, by type and outcome."""
        self.own: defaultdict[str, _Durations] = defaultdict(_Durations)
        """Their own time, by type."""
        self.remembered = 0
        """Those whose responses were remembered."""
        self.bytes = 0
        """Of answers' bodies."""
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """The metrics as of now."""
        answered = CounterMetricFamily(
            "gateway_requests",
            "Operations answered, by type and outcome: OK, or the gravest of their codes.",
            labels=["operation", "outcome"],
        )
        for labels, count in self.answered.items():
            answered.add_metric(labels, count)
        own = HistogramMetricFamily(
            "gateway_request_own_seconds",
            "Time that operations took without what they waited for AWS, its budget or other replicas. Not of streams.",
            labels=["operation"],
        )
        for operation, durations in self.own.items():
            durations.put_into(own, operation)
        yield from (answered, own)
        yield CounterMetricFamily(
            "gateway_responses_remembered",
            "Queries and calls answered from remembered responses.",
            value=self.remembered,
        )
        yield CounterMetricFamily("gateway_response_bytes", "Bytes of answers' bodies; no streams.", value=self.bytes)
