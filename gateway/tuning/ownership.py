"""What the rules of ownership mean for a listing and for what a job leads to. Pure."""

from dataclasses import dataclass, replace

from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TuningJobListing
from gateway.model.tuning_job import TuningJob
from gateway.teams import Ownership, OwnsPrefix, OwnsTag, Team


def pushed_down(team: Team, listing: TuningJobListing) -> TuningJobListing:
    """The listing as AWS can narrow it: it takes one text that the names contain, not a prefix and a text."""
    if not isinstance(team.ownership, OwnsPrefix):
        return listing
    prefix, part = team.ownership.prefix, listing.name_contains
    if part is not None and prefix.casefold() in part.casefold():
        return listing
    return listing._replace(name_contains=prefix)


def without_strangers(details: TrainingJobDetails) -> TrainingJobDetails:
    """The details without the jobs they lead to: nothing tells whose these are in an account that teams share."""
    pool = details.warm_pool
    return replace(
        details,
        labeling_job_arn=None,
        auto_ml_job_arn=None,
        warm_pool=None if pool is None else replace(pool, reused_by_job=None),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """Which rows of a team's pages are the team's: those found by tag carry it. Of these, whose names contain a text:
    tested here too, since AWS was perhaps asked for another.
    """

    ownership: Ownership
    part: str | None

    def __call__(self, job: TuningJob) -> bool:
        """Whether a row is listed."""
        owned = isinstance(self.ownership, OwnsTag) or self.ownership.owns(job.name)
        return owned and (self.part is None or self.part.casefold() in job.name.casefold())
