"""What must be known before something is done to a job: asked of AWS now, past everything that is remembered.

Neither taken from memory nor put into it, and never a read that somebody else began earlier. Each call is counted in
the request's log as the others are.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from gateway.errors import CostLimitExceeded, NotFound
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.target import Access
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob
from gateway.reads import ReadKey, ReadLog
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsTag, Team
from gateway.tuning.upstream import at_home

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Afresh:
    """AWS as one request asks it anew, and tells it what to do."""

    sagemaker: SageMaker
    log: ReadLog
    most_pages: int
    """The most pages that one search for a training job may look at."""

    async def owns(self, team: Team, name: str) -> bool:
        """Whether the tuning job of this name is the team's: by its tags as they are now, where tags decide."""
        rule = team.ownership
        if not isinstance(rule, OwnsTag):
            return rule.owns(name)
        arn = team.target.tuning_job_arn(name)
        try:
            return rule.among(await self.call(team.access, "ListTags", arn, self.sagemaker.list_tags(team.access, arn)))
        except NotFound:
            return False

    async def tuning_job(self, access: Access, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name, or None."""
        describing = self.sagemaker.describe_tuning_job(access, name)
        try:
            job = await self.call(access, "DescribeHyperParameterTuningJob", name, describing)
        except NotFound:
            return None
        at_home(job.arn, access.target)
        return job

    async def training_job(self, access: Access, tuning_job_name: str, name: str) -> TrainingJob | None:
        """The training job of this name among a tuning job's own, or None. Raises CostLimitExceeded.

        By the tuning job's listing, never by a name that may be somebody else's; the newest first, since those are the
        ones that run.
        """
        listing = TrainingJobListing(tuning_job_name, None, TrainingJobSortBy.CREATION_TIME, SortOrder.DESCENDING)
        token: str | None = None
        for _ in range(self.most_pages):
            reading = self.sagemaker.list_training_jobs(access, listing, token)
            try:
                page = await self.call(access, "ListTrainingJobsForHyperParameterTuningJob", tuning_job_name, reading)
            except NotFound:
                return None
            for job in page.rows:
                if job.name == name:
                    at_home(job.arn, access.target)
                    return job
            if page.next_token in (None, token):
                return None
            token = page.next_token
        raise CostLimitExceeded(
            f"This training job lies deeper than the {self.most_pages} SageMaker pages that one lookup may read. "
            "It is not among the newest of its tuning job, and has most likely ended."
        )

    async def as_it_is_now(self, access: Access, job: TrainingJob) -> TrainingJob | None:
        """A training job found before, as it is by now, or None."""
        try:
            state = await self.call(
                access, "DescribeTrainingJob", job.name, self.sagemaker.training_job_state(access, job.name)
            )
        except NotFound:
            return None
        return job.in_state(state)

    async def call(self, access: Access, operation: str, name: str, calling: Awaitable[T]) -> T:
        """One call, counted."""
        self.log.sent[ReadKey(access, operation, ("afresh", name))] += 1
        return await calling
