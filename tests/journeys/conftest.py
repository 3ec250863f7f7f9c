"""What several journeys take: the query of a page."""

import pytest

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
