"""Apollo Client merges pages with its own relayStylePagination, and names its documents by their hashes."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.running import Calls, Running

App = Callable[..., Awaitable[Any]]


@pytest.fixture
async def opened(gateway: Running, app: App, finished_job: str) -> list[dict[str, Any]]:
    """What the app said of each time it was opened."""
    times: list[dict[str, Any]] = await app("apollo", f"{gateway.address}/graphql", "key-of-vision", finished_job)
    return times


async def test_an_apollo_app_pages_through_all_training_jobs_and_keeps_listings_apart(
    opened: list[dict[str, Any]], calls: Calls, finished_job: str, flat: Callable[..., Awaitable[list[str]]]
) -> None:
    asked = calls()["ListTrainingJobsForHyperParameterTuningJob"]
    names = await flat(finished_job, SortBy="Name", SortOrder="Ascending")
    assert len(set(names)) == 750
    for time in opened:
        assert time["ascending"] == names
        assert time["descending"] == await flat(finished_job, SortBy="Name", SortOrder="Descending")
    assert asked == 2 * 8


async def test_an_apollo_app_sends_its_document_once_and_from_then_on_gets_it_by_its_hash(
    opened: list[dict[str, Any]],
) -> None:
    first, again = (time["sent"] for time in opened)
    asked_by_hash = ["GET", "Rows", False]
    assert first[:2] == [asked_by_hash, ["POST", "Rows", True]]
    assert first[2:] == 15 * [asked_by_hash]
    assert again == 16 * [asked_by_hash]
