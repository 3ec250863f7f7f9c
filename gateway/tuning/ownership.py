"""What the rules of ownership mean for a listing and for what a job leads to. Pure."""

from dataclasses import replace

from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TuningJobListing
from gateway.teams import OwnsPrefix, OwnsTag, Team


def pushed_down(team: Team, listing: TuningJobListing) -> TuningJobListing:
    """The listing as AWS can narrow it: it takes one text that the names contain, not a prefix and a text."""
    if not isinstance(team.ownership, OwnsPrefix):
        return listing
    prefix, part = team.ownership.prefix, listing.name_contains
    if part is not None and prefix.casefold() in part.casefold():
        return listing
    return replace(listing, name_contains=prefix)


def without_strangers(details: TrainingJobDetails) -> TrainingJobDetails:
    """The details without the jobs they lead to: nothing tells whose these are in an account that teams share."""
    pool = details.warm_pool
    return replace(
        details,
        labeling_job_arn=None,
        auto_ml_job_arn=None,
        warm_pool=None if pool is None else replace(pool, reused_by_job=None),
    )


def listed(team: Team, name: str) -> bool:
    """Whether a row of the team's pages is the team's: those found by tag carry it."""
    return isinstance(team.ownership, OwnsTag) or team.ownership.owns(name)


def contains(name: str, part: str | None) -> bool:
    """Whether a name contains the text asked for, if one was: tested here too, since AWS was perhaps asked another."""
    return part is None or part.casefold() in name.casefold()
