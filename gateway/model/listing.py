"""What may be asked of the two listings: filters and orders, in AWS's words and with AWS's defaults. Tuples, as
`target` says.
"""

from datetime import datetime
from typing import NamedTuple

from gateway.model.words import TrainingJobStatus, TuningJobStatus, Vocabulary


class SortOrder(Vocabulary):
    """Which end of the order comes first."""

    ASCENDING = "Ascending"
    """The least first: A to Z, oldest to newest, lowest to highest; with BEST_OBJECTIVE the best first."""
    DESCENDING = "Descending"
    """The greatest first; with BEST_OBJECTIVE the worst first."""


class TrainingJobSortBy(Vocabulary):
    """What training jobs are sorted by."""

    NAME = "Name"
    """By name."""
    CREATION_TIME = "CreationTime"
    """By creation time."""
    STATUS = "Status"
    """By status."""
    FINAL_OBJECTIVE_METRIC_VALUE = "FinalObjectiveMetricValue"
    """By the objective metric's value. SageMaker leaves out training jobs that have no metric: the list gets shorter,
    without a word."""
    BEST_OBJECTIVE = "BestObjective"
    """By how good the objective metric's value is, best first whichever way the objective points. This gateway's own:
    it turns into FINAL_OBJECTIVE_METRIC_VALUE, which leaves out training jobs that have no metric."""


class TuningJobSortBy(Vocabulary):
    """What tuning jobs are sorted by."""

    NAME = "Name"
    """By name."""
    STATUS = "Status"
    """By status."""
    CREATION_TIME = "CreationTime"
    """By creation time."""


class TrainingJobListing(NamedTuple):
    """The training jobs of one tuning job, filtered and ordered."""

    tuning_job_name: str
    status_equals: TrainingJobStatus | None = None
    sort_by: TrainingJobSortBy = TrainingJobSortBy.NAME
    sort_order: SortOrder = SortOrder.ASCENDING


class TuningJobListing(NamedTuple):
    """The tuning jobs of an account and region, filtered and ordered."""

    name_contains: str | None = None
    status_equals: TuningJobStatus | None = None
    creation_time_after: datetime | None = None
    creation_time_before: datetime | None = None
    last_modified_time_after: datetime | None = None
    last_modified_time_before: datetime | None = None
    sort_by: TuningJobSortBy = TuningJobSortBy.NAME
    sort_order: SortOrder = SortOrder.ASCENDING
