"""Each read a use case may make of AWS: its key, how it is fetched, how long it may be remembered.

A finished job never changes, so it lives long; a running one lives seconds. A page that hands out a token never
outlives the token. Ownership is not judged here: whoever calls has judged it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from gateway.errors import NotFound, OperatorError, TokenRefused
from gateway.model.details import TrainingJobDetails
from gateway.model.details_words import RuleEvaluationStatus, WarmPoolResourceStatus
from gateway.model.listing import TrainingJobListing, TuningJobListing
from gateway.model.page import Page
from gateway.model.target import Access, Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob
from gateway.reads import ReadKey, ReadLog, Remembered, SharedReads
from gateway.sagemaker import SageMaker
from gateway.teams import OwnsTag, Team

T = TypeVar("T")
RowT = TypeVar("RowT", TuningJob, TrainingJob)

_EVALUATED = frozenset(
    {
        RuleEvaluationStatus.NO_ISSUES_FOUND,
        RuleEvaluationStatus.ISSUES_FOUND,
        RuleEvaluationStatus.ERROR,
        RuleEvaluationStatus.STOPPED,
    }
)


@dataclass(frozen=True, slots=True)
class Lives:
    """How long what was read may be remembered, in seconds."""

    running: float = 5.0
    """A running job, and the pages of its training jobs."""
    finished: float = 6 * 3600.0
    """A finished job, and the pages of its training jobs."""
    listing: float = 10.0
    """A page of tuning jobs."""
    absent: float = 2.0
    """That there is no such job."""
    tags: float = 30.0
    """A job's tags."""
    token: float = 15 * 60.0
    """A page that hands out a NextToken: AWS does not say how long it takes one."""


@dataclass(frozen=True, slots=True)
class Pages(Generic[RowT]):
    """The upstream pages of one listing, as one request reads them."""

    upstream: "Upstream"
    access: Access
    operation: str
    arguments: tuple[object, ...]
    fetch: Callable[[str | None], Awaitable[Page[RowT]]]
    life: float

    async def read(self, token: str | None) -> Remembered[Page[RowT]]:
        """The page a token leads to (None: the first). Raises TokenRefused."""
        entry = await self.upstream.read(self._key(token), lambda: self._fetched(token), self._life, rows=_room)
        return _page_in(entry)

    def remembered(self, token: str | None) -> Remembered[Page[RowT]] | None:
        """The page, if it need not be read."""
        entry = self.upstream.reads.peek(self._key(token))
        return None if entry is None or entry.value is None else _page_in(entry)

    def forget(self, token: str | None) -> None:
        """Read the page anew next time, whoever asks."""
        self.upstream.reads.forget(self._key(token))

    def forget_in_this_request(self, token: str | None) -> None:
        """Take the page as others have it by now; a request keeps what it has seen, unless it is told to let go."""
        self.upstream.log.forget(self._key(token))

    def _key(self, token: str | None) -> ReadKey[Page[RowT] | None]:
        return ReadKey(self.access, self.operation, (*self.arguments, token))

    def _life(self, page: Page[RowT] | None) -> float:
        if page is not None and page.gone:
            return self.upstream.lives.absent
        if page is not None and page.next_token is None:
            return self.life
        return min(self.life, self.upstream.lives.token)

    async def _fetched(self, token: str | None) -> Page[RowT] | None:
        """The page, or None for a token that is refused: it will be again, and need not cost the next reader a call."""
        try:
            page = await self.fetch(token)
        except TokenRefused:
            return None
        for row in page.rows:
            at_home(row.arn, self.access.target)
        return page


@dataclass(frozen=True, slots=True)
class Upstream:
    """AWS as one request reads it."""

    sagemaker: SageMaker
    reads: SharedReads
    lives: Lives
    log: ReadLog

    async def tuning_job(self, access: Access, name: str) -> DescribedTuningJob | None:
        """The tuning job of this name, or None."""

        async def fetch() -> DescribedTuningJob:
            job = await self.sagemaker.describe_tuning_job(access, name)
            at_home(job.arn, access.target)
            return job

        return await self._one(access, "DescribeHyperParameterTuningJob", name, fetch, self._life)

    async def details(self, access: Access, job: TrainingJob) -> TrainingJobDetails | None:
        """What DescribeTrainingJob adds to a training job, or None if it has gone."""
        return await self._one(
            access,
            "DescribeTrainingJob",
            job.name,
            lambda: self.sagemaker.describe_training_job(access, job.name),
            lambda details: self.lives.finished if job.finished and _settled(details) else self.lives.running,
        )

    async def tags(self, access: Access, arn: str) -> tuple[Tag, ...] | None:
        """A tuning job's tags, or None if it has gone."""
        return await self._one(
            access, "ListTags", arn, lambda: self.sagemaker.list_tags(access, arn), lambda _: self.lives.tags
        )

    async def carries_tag(self, team: Team, tag: OwnsTag, name: str) -> bool:
        """Whether the tuning job of this name carries a team's tag.

        Remembered for each team by itself, and denied as briefly as absent: whether somebody else has just read the
        job, or there is none, must make no difference to what this team is answered or to the calls it costs.
        """

        async def fetch() -> bool:
            try:
                return tag.among(await self.sagemaker.list_tags(team.access, team.target.tuning_job_arn(name)))
            except NotFound:
                return False

        key: ReadKey[bool] = ReadKey(team.access, "ListTags", (team.name, tag, name))
        entry = await self.read(key, fetch, lambda owned: self.lives.tags if owned else self.lives.absent)
        return entry.value

    def tuning_jobs(self, team: Team, listing: TuningJobListing) -> Pages[TuningJob]:
        """The pages of tuning jobs among which all of a team's are: for a tag, by the one list that knows tags."""
        access, tag = team.access, team.ownership
        if isinstance(tag, OwnsTag):
            wanted = Tag(tag.key, tag.value)
            return Pages(
                self,
                access,
                "Search",
                (listing, wanted),
                lambda token: self.sagemaker.search_tuning_jobs(access, listing, wanted, token),
                self.lives.listing,
            )
        return Pages(
            self,
            access,
            "ListHyperParameterTuningJobs",
            (listing,),
            lambda token: self.sagemaker.list_tuning_jobs(access, listing, token),
            self.lives.listing,
        )

    def training_jobs(self, access: Access, job: TuningJob, listing: TrainingJobListing) -> Pages[TrainingJob]:
        """The pages of a tuning job's training jobs."""

        async def fetch(token: str | None) -> Page[TrainingJob]:
            try:
                return await self.sagemaker.list_training_jobs(access, listing, token)
            except NotFound:  # deleted since the tuning job was read
                return Page((), None, gone=True)

        # A name can be used again after a deletion: the creation time tells the one job from the other.
        arguments = (listing, job.creation_time)
        return Pages(self, access, "ListTrainingJobsForHyperParameterTuningJob", arguments, fetch, self._life(job))

    async def read(
        self,
        key: ReadKey[T],
        fetch: Callable[[], Awaitable[T]],
        life: Callable[[T], float],
        *,
        rows: Callable[[T], int] = lambda _: 1,
    ) -> Remembered[T]:
        """Read a key and note it in the request's log."""
        return await self.reads.read(key, fetch, life=life, log=self.log, rows=rows)

    async def _one(
        self,
        access: Access,
        operation: str,
        name: str,
        fetch: Callable[[], Awaitable[T]],
        life: Callable[[T], float],
    ) -> T | None:
        async def fetch_or_none() -> T | None:
            try:
                return await fetch()
            except NotFound:
                return None

        key: ReadKey[T | None] = ReadKey(access, operation, (name,))
        entry = await self.read(key, fetch_or_none, lambda value: self.lives.absent if value is None else life(value))
        return entry.value

    def _life(self, job: TuningJob) -> float:
        return self.lives.finished if job.finished else self.lives.running


def _settled(details: TrainingJobDetails) -> bool:
    """Whether nothing goes on after the training job's end: no instances wait for another, no rule is evaluated."""
    pool = details.warm_pool
    waiting = pool is not None and pool.status in (WarmPoolResourceStatus.AVAILABLE, WarmPoolResourceStatus.IN_USE)
    evaluations = (*details.debug_rule_evaluations, *details.profiler_rule_evaluations)
    return not waiting and all(each.status in _EVALUATED for each in evaluations)


def _room(page: Page[RowT] | None) -> int:
    """The rows a page takes in memory, and one for the page."""
    return 1 if page is None else len(page.rows) + 1


def _page_in(entry: Remembered[Page[RowT] | None]) -> Remembered[Page[RowT]]:
    if entry.value is None:
        raise TokenRefused
    return cast("Remembered[Page[RowT]]", entry)


def at_home(arn: str, target: Target) -> None:
    """Refuse what belongs to another account or region than the team's: the credentials are the wrong ones."""
    if Target.of_arn(arn) != target:
        raise OperatorError(f"AWS answered for another account or region than {target.account} in {target.region}")
