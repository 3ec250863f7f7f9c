"""What several journeys take: the query of a page."""

import pytest

TRAINING_JOBS = """
query Page($name: String!, $first: Int, $after: String, $sortBy: TrainingJobSortBy, $sortOrder: SortOrder,
           $statusEquals: TrainingJobStatus) {
  tuningJob(name: $name) {
    trainingJobs(first: $first, after: $after, sortBy: $sortBy, sortOrder: $sortOrder, statusEquals: $statusEquals) {
      edges { cursor node { name } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
}
"""


@pytest.fixture
def page() -> str:
    """The query of one page of training jobs."""
    return TRAINING_JOBS
