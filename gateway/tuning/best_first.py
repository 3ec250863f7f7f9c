"""A listing in AWS's terms: BEST_OBJECTIVE is ours, and turns on which way the objective points. Pure."""

from dataclasses import replace

from gateway.errors import BadUserInput
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.tuning_job import DescribedTuningJob
from gateway.model.words import ObjectiveType


def for_aws(listing: TrainingJobListing, job: DescribedTuningJob | None) -> TrainingJobListing:
    """The listing that AWS is asked for when the tuning job's training jobs are wanted best first."""
    objectives = (definition.objective for definition in (job.definitions if job else ()))
    directions = {objective.type for objective in objectives if objective}
    if directions not in ({ObjectiveType.MAXIMIZE}, {ObjectiveType.MINIMIZE}):
        raise BadUserInput(
            "sortBy: BEST_OBJECTIVE needs one direction, and this tuning job's objectives do not have one. "
            "Use FINAL_OBJECTIVE_METRIC_VALUE with a sortOrder."
        )
    best_is_greatest = directions == {ObjectiveType.MAXIMIZE}
    best_first = listing.sort_order is SortOrder.ASCENDING
    return replace(
        listing,
        sort_by=TrainingJobSortBy.FINAL_OBJECTIVE_METRIC_VALUE,
        sort_order=SortOrder.DESCENDING if best_is_greatest == best_first else SortOrder.ASCENDING,
    )
