"""Relay's own compiler holds the schema to Relay's contracts: connections, global ids, and refetching by them."""

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def made(artifacts: Path) -> dict[str, str]:
    """What the compiler made, by the names of the operations and fragments."""
    return {path.name.removesuffix(".graphql.js"): path.read_text() for path in artifacts.glob("*.graphql.js")}


def test_relays_compiler_accepts_the_schema_and_the_queries_of_an_app(made: dict[str, str]) -> None:
    assert set(made) == {
        "TrainingJobRowRefetchQuery",
        "TrainingJobRow_trainingJob",
        "TuningJobListPaginationQuery",
        "TuningJobListQuery",
        "TuningJobList_jobs",
        "TuningJobPageLeaderboardQuery",
        "TuningJobPageQuery",
        "TuningJobPage_leaderboard",
    }


def test_a_tuning_jobs_leaderboard_is_paged_through_by_the_jobs_own_id(made: dict[str, str]) -> None:
    assert "node(id: $id)" in made["TuningJobPageLeaderboardQuery"]


def test_a_training_job_is_asked_for_again_by_its_own_id(made: dict[str, str]) -> None:
    assert "node(id: $id)" in made["TrainingJobRowRefetchQuery"]


def test_a_teams_tuning_jobs_are_paged_through_from_the_root(made: dict[str, str]) -> None:
    assert '"TuningJobList_tuningJobs"' in made["TuningJobListPaginationQuery"]
    assert "pageInfo {" in made["TuningJobListPaginationQuery"]
