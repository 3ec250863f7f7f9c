"""What the gateway tells of itself, as an operator gets it: lines of the log, and numbers from the admin port."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from gateway import telemetry
from gateway.standin import World, tuning_job_plan

Grown = Callable[..., float]


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """The log's lines."""
    with capture_logs() as lines:
        yield lines


def _numbers() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(telemetry.metrics().decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value for each in families for sample in each.samples
    }


@pytest.fixture
def grown() -> Grown:
    """By how much a metric has grown since the test began."""
    before = _numbers()

    def grown(name: str, /, **labels: str) -> float:
        place = (name, frozenset(labels.items()))
        return _numbers()[place] - before.get(place, 0.0)

    return grown
