"""Relay's own compiler holds the schema to Relay's contracts: connections, global ids, and refetching by them."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parent / "relay"
_SCHEMA = Path(__file__).parents[2] / "schema.graphql"


@pytest.fixture(scope="module")
def artifacts(
    node: list[str], packages: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the compiler makes of a small app, by the names of the operations and fragments."""
    app = tmp_path_factory.mktemp("relay")
    shutil.copytree(_PROJECT / "src", app / "src")
    shutil.copy(_PROJECT / "relay.config.json", app)
    shutil.copy(_SCHEMA, app)
    compiler = packages(_PROJECT) / "relay-compiler" / "cli.js"
    done = subprocess.run(
        [*node, str(compiler), "relay.config.json"], cwd=app, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.name.removesuffix(".graphql.ts"): path.read_text()
        for path in (app / "src" / "__generated__").glob("*.graphql.ts")
    }


def test_relays_compiler_accepts_the_schema_and_the_queries_of_an_app(artifacts: dict[str, str]) -> None:
    assert set(artifacts) == {
        "TrainingJobRowRefetchQuery",
        "TrainingJobRow_trainingJob",
        "TuningJobListPaginationQuery",
        "TuningJobListQuery",
        "TuningJobList_jobs",
        "TuningJobPageLeaderboardQuery",
        "TuningJobPageQuery",
        "TuningJobPage_leaderboard",
    }


def test_a_tuning_jobs_leaderboard_is_paged_through_by_the_jobs_own_id(artifacts: dict[str, str]) -> None:
    assert "node(id: $id)" in artifacts["TuningJobPageLeaderboardQuery"]


def test_a_training_job_is_asked_for_again_by_its_own_id(artifacts: dict[str, str]) -> None:
    assert "node(id: $id)" in artifacts["TrainingJobRowRefetchQuery"]


def test_a_teams_tuning_jobs_are_paged_through_from_the_root(artifacts: dict[str, str]) -> None:
    assert '"TuningJobList_tuningJobs"' in artifacts["TuningJobListPaginationQuery"]
    assert "pageInfo {" in artifacts["TuningJobListPaginationQuery"]
