"""What journeys over a listing share: how to ask for one slice of a tuning job's training jobs."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.running import Running

LIST = "ListTrainingJobsForHyperParameterTuningJob"
Flat = Callable[..., Awaitable[list[str]]]


def names_of(connection: dict[str, Any]) -> list[str]:
    """The names of a slice's rows."""
    return [edge["node"]["name"] for edge in connection["edges"]]


async def connection(gateway: Running, page: str, **variables: Any) -> dict[str, Any]:
    """One slice of a tuning job's training jobs."""
    answer = await gateway.ask(page, **variables)
    return dict(answer.data["tuningJob"]["trainingJobs"])
