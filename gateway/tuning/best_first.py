"""BEST_OBJECTIVE, a word of ours, in AWS's: the order by the metric that puts the best first. Pure."""

from gateway.errors import BadUserInput
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.tuning_job import DescribedTuningJob
from gateway.model.words import ObjectiveType


def best_first(listing: TrainingJobListing, job: DescribedTuningJob | None) -> TrainingJobListing:
    """The listing by the metric's value, whichever way the job's objective points. Raises BadUserInput if both ways."""
    directions = {definition.objective.type for definition in job.definitions if definition.objective} if job else set()
    if directions not in ({ObjectiveType.MAXIMIZE}, {ObjectiveType.MINIMIZE}):
        raise BadUserInput(
            "BEST_OBJECTIVE needs one direction, and this tuning job's objectives do not have one. Sort by "
            "FINAL_OBJECTIVE_METRIC_VALUE, in the order that you want."
        )
    best_is_greatest = directions == {ObjectiveType.MAXIMIZE}
    best_comes_first = listing.sort_order is SortOrder.ASCENDING
    return listing._replace(
        sort_by=TrainingJobSortBy.FINAL_OBJECTIVE_METRIC_VALUE,
        sort_order=SortOrder.DESCENDING if best_is_greatest == best_comes_first else SortOrder.ASCENDING,
    )
