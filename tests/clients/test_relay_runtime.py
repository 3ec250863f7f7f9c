"""Relay's own runtime, with React, pages through a whole leaderboard and asks for a row of it again."""

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.running import Calls, Running


async def test_a_relay_app_pages_through_all_training_jobs_and_asks_for_one_again_by_its_id(
    gateway: Running,
    app: Callable[..., Awaitable[Any]],
    artifacts: Path,
    finished_job: str,
    flat: Callable[..., Awaitable[list[str]]],
    calls: Calls,
) -> None:
    said = await app("relay", f"{gateway.address}/graphql", "key-of-vision", artifacts, finished_job)
    assert calls()["ListTrainingJobsForHyperParameterTuningJob"] == 8
    assert len(set(said["ids"])) == len(said["names"]) == 750
    assert said["names"] == await flat(finished_job, SortBy="FinalObjectiveMetricValue", SortOrder="Descending")
    assert Counter(said["sent"]) == {
        "TuningJobPageQuery": 1,
        "TuningJobPageLeaderboardQuery": 8,
        "TrainingJobRowRefetchQuery": 1,
    }
    assert (said["again"]["id"], said["again"]["name"]) == (said["ids"][0], said["names"][0])
