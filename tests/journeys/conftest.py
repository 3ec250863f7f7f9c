"""What several journeys take: a listing walked through the gateway, and the same one walked by AWS's own paginator."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import boto3
import pytest
from botocore.config import Config

TRAINING_JOBS = """
query Page($name: String!, $first: Int, $after: String, $last: Int, $before: String, $sortBy: TrainingJobSortBy,
           $sortOrder: SortOrder, $statusEquals: TrainingJobStatus) {
  tuningJob(name: $name) {
    trainingJobs(first: $first, after: $after, last: $last, before: $before, sortBy: $sortBy, sortOrder: $sortOrder,
                 statusEquals: $statusEquals) {
      edges { cursor node { name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
}
"""


@pytest.fixture
def page() -> str:
    """The query of one page of training jobs."""
    return TRAINING_JOBS


@pytest.fixture
def flat(standin_address: str) -> Iterator[Callable[..., Awaitable[list[str]]]]:
    """The names of all training jobs of a listing, as boto3's paginator gives them."""
    client = boto3.Session().client(
        "sagemaker",
        region_name="us-east-1",
        endpoint_url=standin_address,
        aws_access_key_id="AKIA111122223333",
        aws_secret_access_key="no-secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    paginator = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")

    def walked(name: str, arguments: dict[str, str]) -> list[str]:
        pages = paginator.paginate(HyperParameterTuningJobName=name, PaginationConfig={"PageSize": 100}, **arguments)
        return [row["TrainingJobName"] for found in pages for row in found["TrainingJobSummaries"]]

    async def walk(name: str, **arguments: str) -> list[str]:
        return await asyncio.to_thread(walked, name, arguments)

    yield walk
    client.close()
