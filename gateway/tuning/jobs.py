"""The use cases: a job, a list of jobs, and what leads from one to the other, within one scope.

Whatever lies outside the scope is answered as what does not exist: None, without a call to AWS that an absent name
would not have caused too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf

from gateway.cursors import Cursors
from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TrainingJobListing, TrainingJobSortBy, TuningJobListing
from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob, WarmStart
from gateway.reads import ReadLog, SharedReads
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsAll, Scope, Team
from gateway.tuning import arguments
from gateway.tuning.allowance import admitted, begun
from gateway.tuning.arguments import Cut
from gateway.tuning.belongings import Belongings
from gateway.tuning.best_first import best_first
from gateway.tuning.bounds import Bounds
from gateway.tuning.details import Details
from gateway.tuning.lives import Lives
from gateway.tuning.orders import from_both_ends, training_job_key, tuning_job_key
from gateway.tuning.ownership import Listed, pushed_down, without_strangers
from gateway.tuning.plans import Plan
from gateway.tuning.reading import Reading
from gateway.tuning.slices import Slice
from gateway.tuning.stopping import Actor, Stopped, Stopping
from gateway.tuning.upstream import Upstream
from gateway.tuning.walk import Walk

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
    walk_back_pages: int
    """The most upstream pages that are read to find one before another."""
    most_calls: int
    """The most upstream calls that one operation may cause."""
    patience: float = 25.0
    """Seconds that a request waits for AWS at most."""
    waiting: Callable[[], float] = time.monotonic
    """The clock by which it waits."""
    bounds: Bounds = field(init=False)
    """How far walks may go, and as how long they are priced."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "bounds", Bounds(self.walk_pages, self.walk_back_pages))

    def within(
        self,
        scope: Scope,
        actor: Actor | None = None,
        *,
        patience: float = inf,
        background: bool = False,
        at_once: bool = True,
    ) -> "Jobs":
        """The use cases for a request, for a watch's look (`background`), or for what is told of it (not `at_once`).

        Without an actor, it may do nothing but read. `patience` is the caller's own, in seconds.
        """
        deadline = self.waiting() + min(self.patience, patience)
        reading = Reading(self.reads, self.lives, ReadLog(), deadline, background=background, at_once=at_once)
        upstream = Upstream(self.sagemaker, reading)
        return Jobs(self, scope, upstream, Belongings(scope, upstream), actor, reading.log)


@dataclass(slots=True)
class Jobs:
    """The use cases for one request, bound to its scope. Faces have no other way to a job."""

    process: TuningJobs
    scope: Scope
    upstream: Upstream
    belongings: Belongings
    actor: Actor | None
    log: ReadLog
    """What this request has read."""
    _detail_fields: frozenset[str] | None = None
    """The fields of details that are asked for anywhere in the request; None: it may be any."""
    _details: Details | None = None
    """Once there is anything to gather."""

    def begun(self, plan: Plan) -> int:
        """How many AWS calls it may cause to begin to listen. Raises CostLimitExceeded for what can never be told."""
        return begun(plan, self.scope, self.process.bounds, self.process.most_calls)

    def admitted(self, plan: Plan) -> int:
        """How many AWS calls a plan may cause, told before anything is read. Raises CostLimitExceeded.

        From here on nothing beyond the plan need be read.
        """
        self._detail_fields = plan.details
        return admitted(plan, self.scope, self.process.bounds, self.process.most_calls)

    async def tuning_job(self, name: str, team_name: str | None = None) -> DescribedTuningJob | None:
        """The tuning job of this name, if it is the team's. A caller of one team need not name it."""
        name = arguments.tuning_job_name(name)
        team = self.belongings.meant(team_name)
        return None if team is None else await self._of_team(team, name)

    async def tuning_job_at(self, target: Target, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name in a target, if one of the scope's teams owns it. Any text may come as a name."""
        if not arguments.can_be_tuning_job_name(name):
            return None
        for team in self.scope.at(target):
            if (job := await self._of_team(team, name)) is not None:
                return job
        return None

    async def described(self, job: TuningJob) -> DescribedTuningJob | None:
        """All that SageMaker knows of a job found in a list, or None if it has gone."""
        if isinstance(job, DescribedTuningJob):
            return job
        team = await self.belongings.opened(job)
        return self.belongings.hand_out(await self.upstream.tuning_job(team, job.name), team)

    async def warm_start(self, job: TuningJob) -> WarmStart | None:
        """What a tuning job learned from, with those of its parents that the scope owns."""
        team = await self.belongings.opened(job)
        whole = await self.upstream.tuning_job(team, job.name)
        if whole is None or whole.warm_start is None:
            return None
        own = [parent for parent in whole.warm_start.parents if await self.belongings.owner(team.target, parent.name)]
        return replace(whole.warm_start, parents=tuple(own))

    async def overall_best(self, job: TuningJob) -> TrainingJob | None:
        """The best training job of a tuning job and its parents, if the scope owns the tuning job that launched it."""
        team = await self.belongings.opened(job)
        whole = await self.upstream.tuning_job(team, job.name)
        best = None if whole is None else whole.overall_best_training_job
        if best is None:
            return None
        owner = await self.belongings.owner(team.target, best.tuning_job_name)
        if owner is None:
            return None
        self.belongings.lead_on(owner, best.tuning_job_name)
        return best

    async def tuning_jobs(self, team_name: str | None, listing: TuningJobListing, cut: Cut) -> Slice[TuningJob]:
        """A slice of a team's tuning jobs."""
        arguments.name_part(listing.name_contains)
        arguments.known(listing.status_equals)
        team = self.belongings.named(team_name)
        walk = Walk(
            from_both_ends(pushed_down(team, listing), lambda each: self.upstream.tuning_jobs(team, each)),
            tuning_job_key(listing),
            self.process.cursors.of(team.name, team.target, listing),
            self.process.bounds,
            keep=Listed(team.ownership, listing.name_contains),
        )
        found = await walk.slice(cut)
        self.belongings.show(team, found.nodes)
        return found

    async def training_jobs(self, job: TuningJob, listing: TrainingJobListing, cut: Cut) -> Slice[TrainingJob]:
        """A slice of a tuning job's training jobs."""
        if listing.status_equals is not None:
            arguments.known(listing.status_equals)
        complete = listing.status_equals is None and listing.sort_by not in _BY_METRIC
        walk = await self._walk(job, listing)
        return await walk.slice(cut, job.training_job_counts.total if complete else None)

    async def training_job(self, target: Target, tuning_job_name: str, name: str) -> TrainingJob | None:
        """One training job of a tuning job in a target, as its listing shows it."""
        job = await self.tuning_job_at(target, tuning_job_name)
        return None if job is None else await self.training_job_of(job, name)

    async def training_job_of(self, job: DescribedTuningJob, name: str) -> TrainingJob | None:
        """One training job of a tuning job, as its listing shows it."""
        if job.best_training_job is not None and job.best_training_job.name == name:
            return job.best_training_job
        walk = await self._walk(job, TrainingJobListing(job.name))
        return await walk.find(name)

    async def details(self, job: TrainingJob) -> TrainingJobDetails | None:
        """What DescribeTrainingJob adds to a training job. None if it has gone."""
        team = self.belongings.through(Target.of_arn(job.arn), job.tuning_job_name)
        if self._details is None:
            self._details = Details(self.process.sagemaker, self.upstream.reading, self._detail_fields)
        details = await self._details.of(team, job)
        return details if details is None or isinstance(team.ownership, OwnsAll) else without_strangers(details)

    async def tags(self, job: TuningJob) -> tuple[Tag, ...] | None:
        """A tuning job's tags. None if it has gone."""
        return await self.upstream.tags(await self.belongings.opened(job), job)

    async def stop_tuning_job(self, name: str, team_name: str | None = None) -> Stopped[DescribedTuningJob]:
        """Stop a tuning job of the team's. Raises Forbidden, whatever the job, where the caller may stop none."""
        stopping = Stopping.by(self.actor, self.upstream, self.process.walk_pages)
        name, team = arguments.tuning_job_name(name), self.belongings.meant(team_name)
        if team is None:
            return Stopped(None, None)
        stopped = await stopping.tuning_job(team, name)
        return replace(stopped, job=self.belongings.hand_out(stopped.job, team))

    async def stop_training_job(
        self, tuning_job_name: str, name: str, team_name: str | None = None
    ) -> Stopped[TrainingJob]:
        """Stop a training job of a tuning job of the team's. Raises Forbidden, as above."""
        stopping = Stopping.by(self.actor, self.upstream, self.process.walk_pages)
        arguments.tuning_job_name(tuning_job_name)
        name, team = arguments.training_job_name(name), self.belongings.meant(team_name)
        if team is None:
            return Stopped(None, None)
        stopped = await stopping.training_job(team, tuning_job_name, name)
        if stopped.job is not None:
            self.belongings.lead_on(team, stopped.job.tuning_job_name)
        return stopped

    def given(self, team: Team, tuning_job_name: str) -> None:
        """Lead on from a tuning job that was judged to be the team's in a look that a watch has just taken."""
        self.belongings.lead_on(team, tuning_job_name)

    def team_of(self, job: TuningJob) -> Team:
        """The team through which this request got a job."""
        return self.belongings.team_of(job)

    async def _of_team(self, team: Team, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name, if it is the team's. Ownership comes first: before it nothing is read."""
        if not await self.belongings.owns(team, name):
            return None
        return self.belongings.hand_out(await self.upstream.tuning_job(team, name), team)

    async def _walk(self, job: TuningJob, listing: TrainingJobListing) -> Walk[TrainingJob]:
        team = self.belongings.judged_of(job) or await self.belongings.opened(job)
        # The cursor is bound to what was asked for, and to this job: its name can be used again after a deletion.
        cursors = self.process.cursors.of(team.name, team.target, listing, job.creation_time)
        asked = listing
        if listing.sort_by is TrainingJobSortBy.BEST_OBJECTIVE:
            asked = best_first(listing, await self.described(job))
        ends = from_both_ends(asked, lambda each: self.upstream.training_jobs(team, job, each))
        return Walk(ends, training_job_key(listing), cursors, self.process.bounds)
