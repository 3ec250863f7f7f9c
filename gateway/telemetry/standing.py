"""What is asked for when metrics are, not told when it changes: requests in hand, budgets, the store, memory.

Their owners answer.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.telemetry.registry import registry

_STATES = ("closed", "half-open", "open")
_BUDGET = ("account", "region", "operation")


class Budget(Protocol):
    """How the budget of an operation stands, in an account and region."""

    @property
    def left(self) -> float:
        """Calls that could be made at once."""

    @property
    def factor(self) -> float:
        """Which part of its rate it goes at, since AWS throttled."""

    @property
    def interactive(self) -> int:
        """Reads in line that somebody waits for."""

    @property
    def background(self) -> int:
        """Reads in line for what goes on in the background."""

    @property
    def waited(self) -> float:
        """Seconds that reads have stood in line, in all."""

    @property
    def refused(self) -> int:
        """Reads that got no place in time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one gateway, asked anew each time."""

    budgets: Callable[[], Mapping[tuple[str, str, str], Budget]]
    """By account, region and operation."""
    in_hand: Callable[[], int]
    """Requests being answered."""
    queued: Callable[[], int]
    """Requests that wait for a place among those."""
    memory: Callable[[], Mapping[str, int]]
    """Bytes, by what they hold."""
    store: Callable[[], str] | None = None
    """The state of the circuit breaker in front of the store, where there is one."""


class _Standings(Collector):
    """All gateways of this process: one, but in tests."""

    def __init__(self) -> None:
        self.all: list[Standing] = []

    def collect(self) -> Iterator[Metric]:
        yield from self._requests()
        yield from self._budgets()
        memory = GaugeMetricFamily(
            "gateway_memory_bytes",
            "Bytes in memory, by what they are of: reads, responses, or requests not answered yet.",
            labels=["of"],
        )
        store = GaugeMetricFamily(
            "gateway_store_state",
            "1 for the state that the store is in: closed is well, open given up.",
            labels=["state"],
        )
        # The last one tells: two of one name would be no metrics at all.
        for of, size in (self.all[-1].memory() if self.all else {}).items():
            memory.add_metric([of], size)
        if self.all and (asked := self.all[-1].store) is not None:
            now = asked()
            for state in _STATES:
                store.add_metric([state], float(state == now))
        yield from (memory, store)

    def _requests(self) -> Iterator[Metric]:
        in_hand = GaugeMetricFamily("gateway_requests_in_flight", "Requests being answered; no open streams.")
        queued = GaugeMetricFamily("gateway_requests_queued", "Requests that wait for a place among those.")
        for now in self.all[-1:]:
            in_hand.add_metric([], now.in_hand())
            queued.add_metric([], now.queued())
        yield from (in_hand, queued)

    def _budgets(self) -> Iterator[Metric]:
        left = GaugeMetricFamily("gateway_budget_left", "Calls that AWS could be sent at once.", labels=_BUDGET)
        factor = GaugeMetricFamily(
            "gateway_budget_factor", "Which part of its rate a budget goes at, since AWS throttled.", labels=_BUDGET
        )
        line = GaugeMetricFamily("gateway_budget_waiting", "Reads in line for a budget.", labels=[*_BUDGET, "kind"])
        waited = CounterMetricFamily(
            "gateway_budget_wait_seconds", "Time that reads have stood in line for a budget.", labels=_BUDGET
        )
        refused = CounterMetricFamily(
            "gateway_budget_refused", "Reads that got no place in a budget in time.", labels=_BUDGET
        )
        for budget, stands in (self.all[-1].budgets() if self.all else {}).items():
            left.add_metric(budget, stands.left)
            factor.add_metric(budget, stands.factor)
            line.add_metric([*budget, "interactive"], stands.interactive)
            line.add_metric([*budget, "background"], stands.background)
            waited.add_metric(budget, stands.waited)
            refused.add_metric(budget, stands.refused)
        yield from (left, factor, line, waited, refused)


_standings = _Standings()
registry.register(_standings)


@contextmanager
def standing(gateway: Standing) -> Iterator[None]:
    """Ask this gateway whenever metrics are asked for."""
    _standings.all.append(gateway)
    try:
        yield
    finally:
        _standings.all.remove(gateway)
