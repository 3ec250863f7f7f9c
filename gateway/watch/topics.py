"""What can be watched. A topic is looked at through the use cases alone, which judge anew each time whose it is.

What a look costs, at most: a tuning job, one Describe (under `tag` also a ListTags, when its verdict is forgotten); its
training jobs, that and one page of a hundred, sorted by creation, newest first; further pages only down to the oldest
training job that still runs, never more than a walk may read. All of it is shared with whoever else reads the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, TuningJob
from gateway.teams import Team
from gateway.tuning import Jobs
from gateway.watch.rows import NEWEST, Seen

_LONG_OVER = 60.0  # seconds after a tuning job's end; no page remembered from before it is given any more


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look has brought."""

    changed: Mapping[str, Any] | None
    """What is new since the look before, by name; None: nothing is."""
    moved: datetime
    """When it last changed."""
    over: bool = False
    """Whether it will never change again."""


class Topic(Protocol):
    """Something of one team's that is watched."""

    whole: ClassVar[bool]
    """Whether what is told is all there is: telling the same twice tells nothing then."""

    def __init__(self, team: Team, name: str, wall: Callable[[], float]) -> None: ...

    @property
    def known(self) -> Mapping[str, Any] | None:
        """What a new listener is told at once, by name; None before the first look."""

    async def look(self, jobs: Jobs) -> Sight | None:
        """What is new; None when there is no such thing (any more) that is the team's."""

    @staticmethod
    def told(changed: Mapping[str, Any]) -> object:
        """What a listener gets of what has changed."""


class OneTuningJob:
    """A tuning job as a whole."""

    whole: ClassVar[bool] = True

    def __init__(self, team: Team, name: str, wall: Callable[[], float]) -> None:  # noqa: ARG002  # as every topic
        self._team = team
        self._name = name
        self._job: DescribedTuningJob | None = None

    @property
    def known(self) -> Mapping[str, Any] | None:
        """The job as last seen."""
        return None if self._job is None else {self._name: self._job}

    async def look(self, jobs: Jobs) -> Sight | None:
        """The job, if it differs from what was seen."""
        job = await jobs.tuning_job(self._name, self._team.name)
        if job is None:
            return None
        changed = None if job == self._job else {self._name: job}
        self._job = job
        return Sight(changed, _moved(job), over=job.finished)

    @staticmethod
    def told(changed: Mapping[str, Any]) -> object:
        """The job."""
        (job,) = changed.values()
        return job


class ItsTrainingJobs:
    """The training jobs of one tuning job: first the newest hundred and all that still run, then those that change."""

    whole: ClassVar[bool] = False

    def __init__(self, team: Team, name: str, wall: Callable[[], float]) -> None:
        self._team = team
        self._listing = TrainingJobListing(
            name, sort_by=TrainingJobSortBy.CREATION_TIME, sort_order=SortOrder.DESCENDING
        )
        self._wall = wall
        self._seen: Seen | None = None
        self._moved = datetime.fromtimestamp(0, UTC)
        self._ended_before = False

    @property
    def known(self) -> Mapping[str, Any] | None:
        """The rows as last seen."""
        return None if self._seen is None else self._seen.rows

    async def look(self, jobs: Jobs) -> Sight | None:
        """The rows that are new or have changed."""
        job = await jobs.tuning_job(self._listing.tuning_job_name, self._team.name)
        if job is None:
            return None
        found, whole = await self._walked(jobs, job)
        seen = Seen.in_rows(found, whole=whole)
        changed = seen.rows if self._seen is None else self._seen.changed(found) or None
        self._seen = seen
        if changed is not None:
            self._moved = datetime.fromtimestamp(self._wall(), UTC)
        return Sight(changed, max(_moved(job), self._moved), over=self._over(job))

    @staticmethod
    def told(changed: Mapping[str, Any]) -> object:
        """The training jobs, newest first."""
        return sorted(changed.values(), key=lambda row: row.creation_time, reverse=True)

    async def _walked(self, jobs: Jobs, job: TuningJob) -> tuple[list[TrainingJob], bool]:
        """The rows from the newest on, as far as any can be new or have changed, and whether that is all of them."""
        found: list[TrainingJob] = []
        after: str | None = None
        for _ in range(jobs.process.walk_pages):
            page = await jobs.training_jobs(job, self._listing, after=after, first=NEWEST)
            found += page.nodes
            if not page.has_next_page or self._reached(job, found):
                return found, not page.has_next_page
            after = page.end_cursor
        return found, False

    def _reached(self, job: TuningJob, found: list[TrainingJob]) -> bool:
        if self._seen is not None:
            return self._seen.reached(found)
        return sum(not row.finished for row in found) >= job.training_job_counts.in_progress

    def _over(self, job: TuningJob) -> bool:
        """Whether the rows were read after the job's end: the first look after it may have found a page from before."""
        if not job.finished:
            return False
        long_over = job.end_time is not None and self._wall() - job.end_time.timestamp() > _LONG_OVER
        ended_before, self._ended_before = self._ended_before, True
        return ended_before or long_over


def _moved(job: TuningJob) -> datetime:
    return job.last_modified_time or job.creation_time
