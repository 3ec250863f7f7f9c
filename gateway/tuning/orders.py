"""What the orders of the two listings mean for a walk: which can be read from the other end, and by which key each row
stands where it stands. Pure.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy, TuningJobListing, TuningJobSortBy
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.tuning.pages import Pages

RowT = TypeVar("RowT", TuningJob, TrainingJob)
ListingT = TypeVar("ListingT", TuningJobListing, TrainingJobListing)


def _metric(job: TrainingJob) -> float | None:
    return None if job.final_objective_metric is None else job.final_objective_metric.value


_OTHER_END = {SortOrder.ASCENDING: SortOrder.DESCENDING, SortOrder.DESCENDING: SortOrder.ASCENDING}

# Names are unique in an account and region, whatever their case, so that no two rows tie: the other order is exactly
# the reverse. The other orders tie (jobs launched at once, jobs of one status, equal metrics), and AWS does not say how
# it places what ties: where it goes by name whichever the order, as its search may, the other order is another listing.
FROM_BOTH_ENDS: frozenset[Enum] = frozenset({TuningJobSortBy.NAME, TrainingJobSortBy.NAME})

_TUNING_JOB_KEYS: Mapping[TuningJobSortBy, Callable[[TuningJob], object]] = {
    TuningJobSortBy.NAME: lambda _: None,
    TuningJobSortBy.STATUS: lambda job: job.raw_status,
    TuningJobSortBy.CREATION_TIME: lambda job: job.creation_time.timestamp(),
}
_TRAINING_JOB_KEYS: Mapping[TrainingJobSortBy, Callable[[TrainingJob], object]] = {
    TrainingJobSortBy.NAME: lambda _: None,
    TrainingJobSortBy.CREATION_TIME: lambda job: job.creation_time.timestamp(),
    TrainingJobSortBy.STATUS: lambda job: job.raw_status,
    TrainingJobSortBy.FINAL_OBJECTIVE_METRIC_VALUE: _metric,
    TrainingJobSortBy.BEST_OBJECTIVE: _metric,
}


def from_both_ends(
    listing: ListingT, read: Callable[[ListingT], Pages[RowT]]
) -> tuple[Pages[RowT], Callable[[], Pages[RowT]] | None]:
    """The pages of a listing; and what gives those of the same rows from the other end, where that is exactly the
    reverse.
    """
    if listing.sort_by not in FROM_BOTH_ENDS:
        return read(listing), None
    return read(listing), lambda: read(listing._replace(sort_order=_OTHER_END[listing.sort_order]))


def tuning_job_key(listing: TuningJobListing) -> Callable[[TuningJob], object]:
    """What a listing sorts tuning jobs by, beside their names."""
    return _TUNING_JOB_KEYS[listing.sort_by]


def training_job_key(listing: TrainingJobListing) -> Callable[[TrainingJob], object]:
    """What a listing sorts training jobs by, beside their names."""
    return _TRAINING_JOB_KEYS[listing.sort_by]
