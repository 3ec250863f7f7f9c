"""The use cases: a job, a list of jobs, and what leads from one to the other, within one scope.

Whatever lies outside the scope is answered as what does not exist: None, without a call to AWS that an absent name
would not have caused too.
"""

from dataclasses import dataclass, replace

from gateway.cursors import Cursors
from gateway.errors import BadUserInput, Forbidden
from gateway.model.details import TrainingJobDetails
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy, TuningJobListing
from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob, WarmStart
from gateway.model.words import ObjectiveType
from gateway.reads import ReadLog, SharedReads
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsAll, OwnsPrefix, Scope, Team
from gateway.tuning import arguments
from gateway.tuning.upstream import Lives, Upstream
from gateway.tuning.walk import Slice, Walk

_BY_METRIC = frozenset({TrainingJobSortBy.FINAL_OBJECTIVE_METRIC_VALUE, TrainingJobSortBy.BEST_OBJECTIVE})


@dataclass(frozen=True, slots=True)
class TuningJobs:
    """The use cases for the life of the process: what all requests share."""

    sagemaker: SageMaker
    reads: SharedReads
    cursors: Cursors
    lives: Lives
    walk_pages: int
    """The most upstream pages that one walk over a listing may look at."""

    def within(self, scope: Scope) -> "Jobs":
        """The use cases for one request."""
        return Jobs(self, scope, Upstream(self.sagemaker, self.reads, self.lives, ReadLog()))


@dataclass(frozen=True, slots=True)
class Jobs:
    """The use cases for one request, bound to its scope. Faces have no other way to a job."""

    process: TuningJobs
    scope: Scope
    upstream: Upstream

    @property
    def log(self) -> ReadLog:
        """What this request has read."""
        return self.upstream.log

    async def tuning_job(self, name: str, team_name: str | None = None) -> DescribedTuningJob | None:
        """The tuning job of this name, if it is the team's. A caller of one team need not name it."""
        name = arguments.tuning_job_name(name)
        team = self._only_team() if team_name is None else self.scope.team(team_name)
        if team is None or not team.owns(name):
            return None
        return self._seen(await self.upstream.tuning_job(team.target, name), team.target)

    async def tuning_job_at(self, target: Target, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name in a target, if one of the scope's teams owns it."""
        if self.scope.owner(target, name) is None:
            return None
        return self._seen(await self.upstream.tuning_job(target, name), target)

    async def described(self, job: TuningJob) -> DescribedTuningJob | None:
        """All that SageMaker knows of a job found in a list, or None if it has gone."""
        return (
            job if isinstance(job, DescribedTuningJob) else await self.tuning_job_at(Target.of_arn(job.arn), job.name)
        )

    async def tuning_jobs(
        self, team_name: str | None, listing: TuningJobListing, *, after: str | None, first: int | None
    ) -> Slice[TuningJob]:
        """A slice of a team's tuning jobs."""
        size = arguments.page_size(first)
        arguments.name_part(listing.name_contains)
        arguments.known(listing.status_equals)
        team = self._only_team() if team_name is None else self._team(team_name)
        walk = Walk(
            self.upstream.tuning_jobs(team.target, _pushed_down(team, listing)),
            self.process.cursors.of(team.name, team.target, listing),
            self.process.walk_pages,
            keep=lambda job: team.owns(job.name) and _contains(job.name, listing.name_contains),
        )
        return await walk.slice(after, size)

    async def training_jobs(
        self, job: TuningJob, listing: TrainingJobListing, *, after: str | None, first: int | None
    ) -> Slice[TrainingJob]:
        """A slice of a tuning job's training jobs."""
        size = arguments.page_size(first)
        arguments.known(listing.status_equals)
        complete = listing.status_equals is None and listing.sort_by not in _BY_METRIC
        walk = await self._walk(job, listing)
        return await walk.slice(after, size, job.training_job_counts.total if complete else None)

    async def training_job(self, target: Target, tuning_job_name: str, name: str) -> TrainingJob | None:
        """One training job of a tuning job in a target, as its listing shows it."""
        job = await self.tuning_job_at(target, tuning_job_name)
        if job is None:
            return None
        for best in (job.best_training_job, job.overall_best_training_job):
            if best is not None and best.name == name and best.tuning_job_name == tuning_job_name:
                return best
        walk = await self._walk(job, TrainingJobListing(tuning_job_name))
        return await walk.find(name)

    async def details(self, job: TrainingJob) -> TrainingJobDetails | None:
        """What DescribeTrainingJob adds to a training job: one more call."""
        target = Target.of_arn(job.arn)
        team = self.scope.owner(target, job.tuning_job_name)
        if team is None:
            return None
        details = await self.upstream.details(target, job)
        return details if details is None or isinstance(team.ownership, OwnsAll) else _without_strangers(details)

    async def tags(self, job: TuningJob) -> tuple[Tag, ...] | None:
        """A tuning job's tags: one more call."""
        return await self.upstream.tags(self.team_of(job).target, job.arn)

    def team_of(self, job: TuningJob) -> Team:
        """The scope's team that owns a job. No other job can come here: this is the last lock on the door."""
        team = self.scope.owner(Target.of_arn(job.arn), job.name)
        if team is None:
            raise Forbidden("This tuning job is not your teams'.")
        return team

    async def _walk(self, job: TuningJob, listing: TrainingJobListing) -> Walk[TrainingJob]:
        team = self.team_of(job)
        # The cursor is bound to what was asked for, and to this job: its name can be used again after a deletion.
        cursors = self.process.cursors.of(team.name, team.target, listing, job.creation_time)
        pages = self.upstream.training_jobs(team.target, job, await self._for_aws(job, listing))
        return Walk(pages, cursors, self.process.walk_pages)

    async def _for_aws(self, job: TuningJob, listing: TrainingJobListing) -> TrainingJobListing:
        """The listing in AWS's terms: BEST_OBJECTIVE is ours, and turns on which way the objective points."""
        if listing.sort_by is not TrainingJobSortBy.BEST_OBJECTIVE:
            return listing
        described = await self.described(job)
        directions = (
            {definition.objective.type for definition in described.definitions if definition.objective}
            if described
            else set()
        )
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

    def _only_team(self) -> Team:
        if len(self.scope.teams) == 1:
            return self.scope.teams[0]
        raise BadUserInput(f"You have several teams. Name one of them in team: {', '.join(self.scope.names)}.")

    def _team(self, name: str) -> Team:
        team = self.scope.team(name)
        if team is None:
            raise BadUserInput(f"team must be one of yours: {', '.join(self.scope.names)}.")
        return team

    def _seen(self, job: DescribedTuningJob | None, target: Target) -> DescribedTuningJob | None:
        """The job as this scope may see it: without other teams' jobs among its parents and bests."""
        if job is None:
            return None
        warm_start, best = job.warm_start, job.overall_best_training_job
        if warm_start is not None:
            own = tuple(parent for parent in warm_start.parents if self.scope.owner(target, parent.name))
            if own != warm_start.parents:
                job = replace(job, warm_start=WarmStart(warm_start.type, warm_start.raw_type, own))
        if best is not None and self.scope.owner(target, best.tuning_job_name) is None:
            job = replace(job, overall_best_training_job=None)
        return job


def _pushed_down(team: Team, listing: TuningJobListing) -> TuningJobListing:
    """The listing as AWS can narrow it: it takes one text that the names contain, not a prefix and a text."""
    if not isinstance(team.ownership, OwnsPrefix):
        return listing
    prefix, part = team.ownership.prefix, listing.name_contains
    if part is not None and prefix.casefold() in part.casefold():
        return listing
    return replace(listing, name_contains=prefix)


def _without_strangers(details: TrainingJobDetails) -> TrainingJobDetails:
    """The details without the jobs they lead to: nothing tells whose these are in an account that teams share."""
    pool = details.warm_pool
    return replace(
        details,
        labeling_job_arn=None,
        auto_ml_job_arn=None,
        warm_pool=None if pool is None else replace(pool, reused_by_job=None),
    )


def _contains(name: str, part: str | None) -> bool:
    return part is None or part.casefold() in name.casefold()
