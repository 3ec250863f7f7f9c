"""Each read a use case may make of AWS: its key, how it is fetched, how long it may be remembered.

What says that something is not there, or whose it is, is never given beyond its time. Ownership is not judged here:
whoever calls has judged it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from gateway.errors import NotFound
from gateway.governor import Errand
from gateway.model.listing import TrainingJobListing, TuningJobListing
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob
from gateway.reads import Life, Read, ReadKey, key_of
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsTag, Team
from gateway.tuning.lives import Lives
from gateway.tuning.pages import Pages, at_home
from gateway.tuning.reading import Reading

T = TypeVar("T")
RowT = TypeVar("RowT", TuningJob, TrainingJob)

# What reads give, for the store. Types take a while to make.
_TUNING_JOB, _TAGS = DescribedTuningJob | None, tuple[Tag, ...] | None
_TUNING_JOBS, _TRAINING_JOBS = Page[TuningJob] | None, Page[TrainingJob] | None


@dataclass(slots=True)
class Upstream:
    """AWS as one request reads it."""

    sagemaker: SageMaker
    reading: Reading

    @property
    def lives(self) -> Lives:
        """How long what is read may be remembered."""
        return self.reading.lives

    async def tuning_job(self, team: Team, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name, or None."""
        key: ReadKey[DescribedTuningJob | None] = key_of(team.access, "DescribeHyperParameterTuningJob", name)
        if (at_hand := self.reading.at_hand(key)) is not None:
            return at_hand.value

        async def fetch(errand: Errand) -> DescribedTuningJob:
            job = await self.sagemaker.describe_tuning_job(team.access, name, errand=errand)
            at_home(job.arn, team.target)
            return job

        return await self._one(team, key, fetch, self._life, shape=_TUNING_JOB)

    async def tags(self, team: Team, job: TuningJob) -> tuple[Tag, ...] | None:
        """A tuning job's tags, or None if it has gone. For a team that owns by tag the verdict has brought them."""
        if isinstance(team.ownership, OwnsTag):
            return await self._tags_of_own(team, team.ownership, job.name)

        async def fetch(errand: Errand) -> tuple[Tag, ...]:
            return await self.sagemaker.list_tags(team.access, job.arn, errand=errand)

        key: ReadKey[tuple[Tag, ...] | None] = ReadKey(team.access, "ListTags", (job.arn,))
        return await self._one(team, key, fetch, lambda _: self.lives.tags, shape=_TAGS)

    async def carries_tag(self, team: Team, tag: OwnsTag, name: str) -> bool:
        """Whether the tuning job of this name carries a team's tag."""
        return await self._tags_of_own(team, tag, name) is not None

    async def _tags_of_own(self, team: Team, tag: OwnsTag, name: str) -> tuple[Tag, ...] | None:
        """The tags of the tuning job of this name if a team's is among them, else None.

        Remembered for each team by itself, and denied as briefly as absent: whether somebody else has just read the
        job, or there is none, must make no difference to what this team is answered or to the calls it costs.
        """
        arn = team.target.tuning_job_arn(name)  # the same for a name in any case

        async def fetch(errand: Errand) -> tuple[Tag, ...] | None:
            try:
                tags = await self.sagemaker.list_tags(team.access, arn, errand=errand)
            except NotFound:
                return None
            return tags if tag.among(tags) else None

        def life(tags: tuple[Tag, ...] | None) -> Life:
            return Life(self.lives.absent if tags is None else self.lives.tags)

        key: ReadKey[tuple[Tag, ...] | None] = ReadKey(team.access, "ListTags", (team.name, tag, arn))
        return (await self.reading.read(team, Read(key, fetch, life, _TAGS))).value

    def tuning_jobs(self, team: Team, listing: TuningJobListing) -> Pages[TuningJob]:
        """The pages of tuning jobs among which all of a team's are: for a tag, by the one list that knows tags."""
        access, tag = team.access, team.ownership
        if isinstance(tag, OwnsTag):
            wanted = Tag(tag.key, tag.value)
            return Pages(
                self.reading,
                team,
                "Search",
                (listing, wanted),
                lambda token, errand: self.sagemaker.search_tuning_jobs(access, listing, wanted, token, errand=errand),
                self.lives.listing,
                _TUNING_JOBS,
            )
        return Pages(
            self.reading,
            team,
            "ListHyperParameterTuningJobs",
            (listing,),
            lambda token, errand: self.sagemaker.list_tuning_jobs(access, listing, token, errand=errand),
            self.lives.listing,
            _TUNING_JOBS,
        )

    def training_jobs(self, team: Team, job: TuningJob, listing: TrainingJobListing) -> Pages[TrainingJob]:
        """The pages of a tuning job's training jobs."""
        fetch = partial(self._fetch_training_jobs, team, listing)
        # A name can be used again after a deletion: the creation time tells the one job from the other.
        arguments = (listing, job.creation_time)
        operation, life = "ListTrainingJobsForHyperParameterTuningJob", self._life(job)
        return Pages(self.reading, team, operation, arguments, fetch, life, _TRAINING_JOBS)

    async def _fetch_training_jobs(
        self, team: Team, listing: TrainingJobListing, token: str | None, errand: Errand
    ) -> Page[TrainingJob]:
        try:
            return await self.sagemaker.list_training_jobs(team.access, listing, token, errand=errand)
        except NotFound:  # deleted since the tuning job was read
            return Page((), None, gone=True)

    async def _one(
        self,
        team: Team,
        key: ReadKey[T | None],
        fetch: Callable[[Errand], Awaitable[T]],
        life: Callable[[T], float],
        *,
        shape: Any,  # noqa: ANN401  # a type, or a union of types
    ) -> T | None:
        async def fetch_or_none(errand: Errand) -> T | None:
            try:
                return await fetch(errand)
            except NotFound:
                return None

        def lives(value: T | None) -> Life:
            return Life(self.lives.absent) if value is None else self.lives.of(life(value))

        return (await self.reading.read(team, Read(key, fetch_or_none, lives, shape))).value

    def _life(self, job: TuningJob) -> float:
        lives = self.reading.lives
        return lives.finished if job.finished else lives.running
