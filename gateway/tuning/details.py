"""The details of training jobs: one DescribeTrainingJob each, or one Search for many of one request.

What is asked for within one turn of the event loop is gathered. Search answers for finished jobs alone, since its index
lags, and for the names it was asked for alone, since its filters protect nothing: only what this request was given by
name may come back. Whatever Search does not have, or may not say, is described. When AWS can be asked neither way, what
is remembered of either is given for some time more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from gateway import telemetry
from gateway.errors import NotFound, Overloaded, UpstreamError
from gateway.governor import Errand
from gateway.model.details import TrainingJobDetails
from gateway.model.details_words import RuleEvaluationStatus, WarmPoolResourceStatus
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import Tag
from gateway.reads import Life, Read, ReadKey, Remembered
from gateway.sagemaker import NOT_IN_SEARCH, FoundTrainingJob, SageMaker
from gateway.teams import OwnsPrefix, OwnsTag, Team
from gateway.tuning.reading import Reading

T = TypeVar("T")

FEWEST_IN_A_SEARCH = 3  # jobs that are worth one: it may be in vain, and is throttled sooner than Describe
MOST_IN_A_SEARCH = 100  # the rows of a page
_DENIED_FOR = 300.0  # seconds until Search is tried again where it was refused: policies change seldom
_SAME_MOMENT = timedelta(seconds=1)  # Search may round

_EVALUATED = frozenset(
    {
        RuleEvaluationStatus.NO_ISSUES_FOUND,
        RuleEvaluationStatus.ISSUES_FOUND,
        RuleEvaluationStatus.ERROR,
        RuleEvaluationStatus.STOPPED,
    }
)


def may_be_searched(team: Team) -> bool:
    """Whether a team's access may Search: by prefix it need not, since IAM cannot narrow Search by names."""
    return not isinstance(team.ownership, OwnsPrefix)


@dataclass(slots=True)
class Details:
    """The details that one request reads."""

    sagemaker: SageMaker
    reading: Reading
    fields: frozenset[str] | None
    """The fields that are asked for anywhere in the request; None: it may be any."""
    _gathering: dict[str, dict[str, TrainingJob]] = field(default_factory=dict)
    _gathered: dict[tuple[str, str], tuple[TrainingJob, ...]] = field(default_factory=dict)
    """By team and job: the jobs it was gathered with."""

    async def of(self, team: Team, job: TrainingJob) -> TrainingJobDetails | None:
        """What DescribeTrainingJob adds to a training job, or None if it has gone."""
        described = self._described(team, job)
        if not self._may_be_found(team, job):
            return (await self.reading.read(team, described)).value
        found = _as_found(described)
        for read in (described, found):
            if self._known(read):
                return (await self.reading.read(team, read)).value
        spare = self._spare(described, found)
        try:
            details = await self._searched(team, job, found, spared=spare is not None)
            return details or (await self.reading.read(team, described, spared=spare is not None)).value
        except (UpstreamError, Overloaded):
            if spare is None:
                raise
            self.reading.log.note(*spare)
            self.reading.log.answered("stale")
            return spare[1].value

    def _may_be_found(self, team: Team, job: TrainingJob) -> bool:
        """Whether what Search has of the job is all that is asked for."""
        wanted = self.fields is not None and self.fields.isdisjoint(NOT_IN_SEARCH)
        return wanted and job.finished and may_be_searched(team)

    def _known(self, read: Read[Any]) -> bool:
        return read.key in self.reading.log.entries or self.reading.peek(read.key) is not None

    def _spare(self, *reads: Read[T]) -> tuple[ReadKey[T], Remembered[T]] | None:
        """The last that is remembered of several reads of the same, and under which key, if it may still be given."""
        spares = [(read.key, entry) for read in reads if (entry := self.reading.spare(read.key)) is not None]
        return max(spares, key=lambda spare: spare[1].as_of, default=None)

    async def _searched(
        self, team: Team, job: TrainingJob, found: Read[TrainingJobDetails | None], *, spared: bool
    ) -> TrainingJobDetails | None:
        """The details as a Search has them, or None where there is none or it is no good."""
        if self._known(_denial(team)):
            return None
        jobs = await self._gathered_with(team, job)
        if len(jobs) < FEWEST_IN_A_SEARCH:
            return None
        entry = await self.reading.read(team, self._search(team, jobs), spared=spared)
        record = _record(entry.value, job)
        if record is None:
            return None
        # Noted without `note`, which would count it as an answer of memory's.
        self.reading.log.entries[found.key] = self.reading.reads.supply(found, entry, record.details)
        return record.details

    async def _gathered_with(self, team: Team, job: TrainingJob) -> tuple[TrainingJob, ...]:
        """All jobs asked for in this turn, as many as go into one Search, this one among them."""
        place = (team.name, job.name)
        if place not in self._gathered:
            jobs = self._gathering.setdefault(team.name, {})
            jobs[job.name] = job
            await asyncio.sleep(0)  # whoever resolves beside this job asks before that returns
            if self._gathering.get(team.name) is jobs:
                del self._gathering[team.name]
                in_order = [jobs[name] for name in sorted(jobs)]
                for start in range(0, len(in_order), MOST_IN_A_SEARCH):
                    together = tuple(in_order[start : start + MOST_IN_A_SEARCH])
                    self._gathered |= {(team.name, each.name): together for each in together}
        return self._gathered[place]

    def _described(self, team: Team, job: TrainingJob) -> Read[TrainingJobDetails | None]:
        lives = self.reading.lives

        async def fetch(errand: Errand) -> TrainingJobDetails | None:
            try:
                return await self.sagemaker.describe_training_job(team.access, job.name, errand=errand)
            except NotFound:
                return None

        def life(details: TrainingJobDetails | None) -> Life:
            if details is None:
                return Life(lives.absent)
            return lives.of(lives.finished if job.finished and _settled(details) else lives.running)

        key: ReadKey[TrainingJobDetails | None] = ReadKey(team.access, "DescribeTrainingJob", (job.name,))
        return Read(key, fetch, life, TrainingJobDetails | None)

    def _search(self, team: Team, jobs: Sequence[TrainingJob]) -> Read[tuple[FoundTrainingJob, ...] | None]:
        """One Search for these jobs; None where it is refused. Only what it brings is remembered."""
        names = tuple([job.name for job in jobs])
        tag = Tag(team.ownership.key, team.ownership.value) if isinstance(team.ownership, OwnsTag) else None

        async def fetch(errand: Errand) -> tuple[FoundTrainingJob, ...] | None:
            try:
                return await self.sagemaker.search_training_jobs(team.access, names, tag, errand=errand)
            except UpstreamError:
                raise
            except Exception as error:  # noqa: BLE001  # a shortcut: what it has against the question is no reason to fail
                telemetry.search_refused(team=team.name, cause=type(error).__name__)
                return None

        def landed(entry: Remembered[tuple[FoundTrainingJob, ...] | None]) -> None:
            if entry.value is None:
                self.reading.reads.supply(_denial(team), entry, value=True)
            for job in jobs:
                if (record := _record(entry.value, job)) is not None:
                    self.reading.reads.supply(_as_found(self._described(team, job)), entry, record.details)

        key: ReadKey[tuple[FoundTrainingJob, ...] | None] = ReadKey(team.access, "Search", ("TrainingJob", tag, names))
        return Read(key, fetch, lambda _: Life(0.0), landed=landed)


def _as_found(described: Read[T]) -> Read[T]:
    """The same as a Search had it. By a key of its own: whoever wants what Search does not have must not find it."""
    key = described.key
    return replace(described, key=ReadKey(key.target, key.operation, (*key.arguments, "as found")))


def _denial(team: Team) -> Read[bool]:
    """That Search was refused, which is remembered but never read."""

    async def fetch(_errand: Errand) -> bool:
        return False

    return Read(ReadKey(team.access, "Search", ("refused", team.name)), fetch, lambda _: Life(_DENIED_FOR))


def _record(found: Sequence[FoundTrainingJob] | None, job: TrainingJob) -> FoundTrainingJob | None:
    """A job's record among those that a Search brought."""
    return next((each for each in found or () if _same(each, job)), None)


def _same(found: FoundTrainingJob, job: TrainingJob) -> bool:
    """Whether a record is the job as its listing shows it, and not another of its name or from before its end."""
    together = abs(found.creation_time - job.creation_time) <= _SAME_MOMENT
    return found.arn == job.arn and found.raw_status == job.raw_status and together


def _settled(details: TrainingJobDetails) -> bool:
    """Whether nothing goes on after the training job's end: no instances wait for another, no rule is evaluated."""
    pool = details.warm_pool
    waiting = pool is not None and pool.status in (WarmPoolResourceStatus.AVAILABLE, WarmPoolResourceStatus.IN_USE)
    evaluations = (*details.debug_rule_evaluations, *details.profiler_rule_evaluations)
    return not waiting and all(each.status in _EVALUATED for each in evaluations)
