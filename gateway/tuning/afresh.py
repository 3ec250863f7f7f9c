"""What must be known before something is done to a job: asked of AWS now, past everything that is remembered.

Neither taken from memory nor put into it, and never a read that somebody else began earlier. Each call is paid from the
budget and counted in the request's log as the others are.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from gateway.errors import CostLimitExceeded, NotFound
from gateway.governor import Errand
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob
from gateway.reads import ReadKey
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsTag, Team
from gateway.tuning.pages import at_home
from gateway.tuning.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Afresh:
    """AWS as one request asks it anew, and tells it what to do."""

    sagemaker: SageMaker
    reading: Reading
    most_pages: int
    """The most pages that one search for a training job may look at."""

    async def owns(self, team: Team, name: str) -> bool:
        """Whether the tuning job of this name is the team's: by its tags as they are now, where tags decide."""
        rule = team.ownership
        if not isinstance(rule, OwnsTag):
            return rule.owns(name)
        arn = team.target.tuning_job_arn(name)
        try:
            tags = await self.call(
                team, "ListTags", arn, lambda errand: self.sagemaker.list_tags(team.access, arn, errand=errand)
            )
            return rule.among(tags)
        except NotFound:
            return False

    async def tuning_job(self, team: Team, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name, or None."""
        try:
            job = await self.call(
                team,
                "DescribeHyperParameterTuningJob",
                name,
                lambda errand: self.sagemaker.describe_tuning_job(team.access, name, errand=errand),
            )
        except NotFound:
            return None
        at_home(job.arn, team.target)
        return job

    async def training_job(self, team: Team, tuning_job_name: str, name: str) -> TrainingJob | None:
        """The training job of this name among a tuning job's own, or None. Raises CostLimitExceeded.

        By the tuning job's listing, never by a name that may be somebody else's; the newest first, since those are the
        ones that run.
        """
        token: str | None = None
        for _ in range(self.most_pages):
            page = await self._newest(team, tuning_job_name, token)
            for job in page.rows:
                if job.name == name:
                    at_home(job.arn, team.target)
                    return job
            if page.next_token in (None, token):
                return None
            token = page.next_token
        raise CostLimitExceeded(
            f"This training job lies deeper than the {self.most_pages} SageMaker pages that one lookup may read. "
            "It is not among the newest of its tuning job, and has most likely ended."
        )

    async def as_it_is_now(self, team: Team, job: TrainingJob) -> TrainingJob | None:
        """A training job found before, as it is by now, or None."""
        try:
            state = await self.call(
                team,
                "DescribeTrainingJob",
                job.name,
                lambda errand: self.sagemaker.training_job_state(team.access, job.name, errand=errand),
            )
        except NotFound:
            return None
        return job.in_state(state)

    async def call(self, team: Team, operation: str, name: str, send: Callable[[Errand], Awaitable[T]]) -> T:
        """One call at a team's expense, counted."""
        errand = Errand()
        errand.join(team.name, deadline=self.reading.deadline)
        self.reading.log.errands.append((ReadKey(team.access, operation, ("afresh", name)), errand))
        with self.reading.log.waiting():
            return await send(errand)

    async def _newest(self, team: Team, tuning_job_name: str, token: str | None) -> Page[TrainingJob]:
        listing = TrainingJobListing(tuning_job_name, None, TrainingJobSortBy.CREATION_TIME, SortOrder.DESCENDING)
        try:
            return await self.call(
                team,
                "ListTrainingJobsForHyperParameterTuningJob",
                tuning_job_name,
                lambda errand: self.sagemaker.list_training_jobs(team.access, listing, token, errand=errand),
            )
        except NotFound:
            return Page((), None)
