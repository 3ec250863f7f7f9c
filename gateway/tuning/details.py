"""The details of training jobs: one DescribeTrainingJob each, or one Search for many of one request.

What is asked for within one turn of the event loop is gathered. Search answers for finished jobs alone, since its index
lags, and for the names it was asked for alone, since its filters protect nothing: only what this request was given by
name may come back. Whatever Search does not have, or may not say, is described.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from gateway import telemetry
from gateway.errors import NotFound, UpstreamError
from gateway.governor import Errand
from gateway.model.details import TrainingJobDetails
from gateway.model.details_words import RuleEvaluationStatus, WarmPoolResourceStatus
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import Tag
from gateway.reads import Life, Read, ReadKey
from gateway.sagemaker import NOT_IN_SEARCH, FoundTrainingJob, SageMaker
from gateway.teams import OwnsPrefix, OwnsTag, Team
from gateway.tuning.reading import Reading

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
    fields: frozenset[str] | None = None
    """The fields that are asked for anywhere in the request; None: it may be any."""
    _gathering: dict[str, dict[str, TrainingJob]] = field(default_factory=dict)
    _gathered: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By team and job: the names it was gathered with."""

    async def of(self, team: Team, job: TrainingJob) -> TrainingJobDetails | None:
        """What DescribeTrainingJob adds to a training job, or None if it has gone."""
        described = self._described(team, job)
        if self._searched(team, job) and not self._known(described):
            found = await self._found(team, job, described)
            if found is not None:
                return found
        return (await self.reading.read(team, described)).value

    def _searched(self, team: Team, job: TrainingJob) -> bool:
        wanted = self.fields is not None and self.fields.isdisjoint(NOT_IN_SEARCH)
        return wanted and job.finished and may_be_searched(team) and not self._known(_denial(team))

    def _known(self, read: Read[Any]) -> bool:
        return read.key in self.reading.log.entries or self.reading.peek(read.key) is not None

    async def _found(
        self, team: Team, job: TrainingJob, described: Read[TrainingJobDetails | None]
    ) -> TrainingJobDetails | None:
        """The details as a Search has them or had them, or None where that is no good."""
        # A key of its own: whoever wants what Search does not have must not find these.
        found = replace(described, key=ReadKey(team.access, described.key.operation, (job.name, "as found")))
        if self._known(found):
            return (await self.reading.read(team, found)).value
        names = await self._gathered_with(team, job)
        if len(names) < FEWEST_IN_A_SEARCH:
            return None
        entry = await self.reading.read(team, self._search(team, names))
        if entry.value is None:
            self.reading.reads.supply(_denial(team), entry, value=True)
            return None
        record = next((each for each in entry.value if _same(each, job)), None)
        if record is None:
            return None
        # Noted without `note`, which would count it as an answer of memory's.
        self.reading.log.entries[found.key] = self.reading.reads.supply(found, entry, record.details)
        return record.details

    async def _gathered_with(self, team: Team, job: TrainingJob) -> tuple[str, ...]:
        """The names of all jobs asked for in this turn, as many as go into one Search, this one among them."""
        place = (team.name, job.name)
        if place not in self._gathered:
            jobs = self._gathering.setdefault(team.name, {})
            jobs[job.name] = job
            await asyncio.sleep(0)  # whoever resolves beside this job asks before that returns
            if self._gathering.get(team.name) is jobs:
                del self._gathering[team.name]
                names = sorted(jobs)
                for start in range(0, len(names), MOST_IN_A_SEARCH):
                    together = tuple(names[start : start + MOST_IN_A_SEARCH])
                    self._gathered |= {(team.name, name): together for name in together}
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

    def _search(self, team: Team, names: Sequence[str]) -> Read[tuple[FoundTrainingJob, ...] | None]:
        """One Search for these names; None where it is refused. Only what it brings is remembered."""
        tag = Tag(team.ownership.key, team.ownership.value) if isinstance(team.ownership, OwnsTag) else None

        async def fetch(errand: Errand) -> tuple[FoundTrainingJob, ...] | None:
            try:
                return await self.sagemaker.search_training_jobs(team.access, names, tag, errand=errand)
            except UpstreamError:
                raise
            except Exception as error:  # noqa: BLE001  # a shortcut: what it has against the question is no reason to fail
                telemetry.search_refused(team=team.name, cause=type(error).__name__)
                return None

        key: ReadKey[tuple[FoundTrainingJob, ...] | None] = ReadKey(team.access, "Search", ("TrainingJob", tag, names))
        return Read(key, fetch, lambda _: Life(0.0))


def _denial(team: Team) -> Read[bool]:
    """That Search was refused, which is remembered but never read."""

    async def fetch(_errand: Errand) -> bool:
        return False

    return Read(ReadKey(team.access, "Search", ("refused", team.name)), fetch, lambda _: Life(_DENIED_FOR))


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
