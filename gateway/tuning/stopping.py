"""Stopping jobs: who may, whose the job is, whether it still runs, and only then Stop; after it, nothing is believed.

Ownership and status are asked of AWS anew for each stop. Stop is sent once: where it is not clear what became of it,
the caller is told so, and nothing is sent again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from gateway import telemetry
from gateway.errors import (
    Forbidden,
    GatewayError,
    NotFound,
    OperatorError,
    StopRefused,
    Throttled,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.identity import Permission
from gateway.model.listing import TrainingJobListing
from gateway.model.stopping import StopOutcome
from gateway.model.target import Access
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.reads import ReadKey
from gateway.teams import Team
from gateway.tuning.afresh import Afresh
from gateway.tuning.upstream import Upstream

JobT = TypeVar("JobT", DescribedTuningJob, TrainingJob)

_STOPPING = frozenset({TuningJobStatus.STOPPING, TrainingJobStatus.STOPPING})
# SageMaker deletes only what has ended.
_BEING_DELETED = frozenset({TuningJobStatus.DELETING, TuningJobStatus.DELETE_FAILED, TrainingJobStatus.DELETING})


class Actor(NamedTuple):
    """Who acts through a request: what it may do, and what the audit trail calls it."""

    subject: str
    permissions: frozenset[Permission]
    request_id: str


@dataclass(frozen=True, slots=True)
class Stopped(Generic[JobT]):
    """What came of asking for a stop."""

    outcome: StopOutcome | None
    """None: the team has no such job."""
    job: JobT | None
    """The job, read after the outcome was known."""
    unread: GatewayError | None = None
    """Why the job could not be read any more; the outcome stands."""


@dataclass(frozen=True, slots=True)
class _Stop(Generic[JobT]):
    """One job to be stopped, and how that is done to jobs of its kind."""

    team: Team
    tuning_job_name: str
    training_job_name: str | None
    read: Callable[[], Awaitable[JobT | None]]
    send: Callable[[], Awaitable[None]]
    read_again: Callable[[JobT], Awaitable[JobT | None]]

    def concerns(self, key: ReadKey[Any]) -> bool:
        """Whether what is remembered under the key may say something of the job that is no longer so.

        Through whichever credentials it was read. The verdicts of ownership are not touched by a stop.
        """
        if not isinstance(key.target, Access) or key.target.target != self.team.target:
            return False
        match key.operation, key.arguments:
            case "DescribeHyperParameterTuningJob", (name,):
                return name == self.tuning_job_name
            case "ListTrainingJobsForHyperParameterTuningJob", (TrainingJobListing() as listing, *_):
                return listing.tuning_job_name == self.tuning_job_name
            case "DescribeTrainingJob", (name,):
                return name == self.training_job_name
        return key.operation in ("ListHyperParameterTuningJobs", "Search")


@dataclass(frozen=True, slots=True)
class Stopping:
    """Stops jobs for one request."""

    actor: Actor
    upstream: Upstream
    afresh: Afresh

    @classmethod
    def by(cls, actor: Actor | None, upstream: Upstream, most_pages: int) -> "Stopping":
        """For an actor who may. Raises Forbidden before anything is known of any job."""
        if actor is None or Permission.STOP not in actor.permissions:
            raise Forbidden(
                "Your credentials do not carry the permission stop. Ask for it, or for somebody who has it."
            )
        return cls(actor, upstream, Afresh(upstream.sagemaker, upstream.reading, most_pages))

    async def tuning_job(self, team: Team, name: str) -> Stopped[DescribedTuningJob]:
        """Stop a tuning job of the team's; the training jobs that run are stopped with it."""
        ask = self.afresh
        return await self._stopped(
            _Stop(
                team,
                name,
                None,
                read=lambda: ask.tuning_job(team, name),
                send=lambda: ask.call(
                    team,
                    "StopHyperParameterTuningJob",
                    name,
                    lambda errand: ask.sagemaker.stop_tuning_job(team.access, name, errand=errand),
                ),
                read_again=lambda _: ask.tuning_job(team, name),
            )
        )

    async def training_job(self, team: Team, tuning_job_name: str, name: str) -> Stopped[TrainingJob]:
        """Stop a training job of a tuning job of the team's, which goes on."""
        ask = self.afresh
        return await self._stopped(
            _Stop(
                team,
                tuning_job_name,
                name,
                read=lambda: ask.training_job(team, tuning_job_name, name),
                send=lambda: ask.call(
                    team,
                    "StopTrainingJob",
                    name,
                    lambda errand: ask.sagemaker.stop_training_job(team.access, name, errand=errand),
                ),
                read_again=lambda job: ask.as_it_is_now(team, job),
            )
        )

    async def _stopped(self, stop: _Stop[JobT]) -> Stopped[JobT]:
        """The steps, in an order that lets nobody learn of a job, or touch one, that is not the team's."""
        job = await stop.read() if await self.afresh.owns(stop.team, stop.tuning_job_name) else None
        if job is None:
            return Stopped(None, None)
        if (needless := _needless(job)) is not None:
            self._tell(stop, needless.name)
            return Stopped(needless, job)
        try:
            await self._send(stop)
        except NotFound:
            return Stopped(None, None)
        except StopRefused:
            return await self._over(stop, job)
        try:
            return Stopped(StopOutcome.STOPPING, await stop.read_again(job))
        except GatewayError as error:  # it is being stopped, whether we can look or not
            return Stopped(StopOutcome.STOPPING, None, error)

    async def _send(self, stop: _Stop[JobT]) -> None:
        """Send Stop, once. Whatever comes of it is told, and nothing read before it is believed after it."""
        became = "UNCLEAR"  # as long as nobody knows better, also when the caller hangs up now
        try:
            await stop.send()
            became = StopOutcome.STOPPING.name
        except (NotFound, StopRefused, Throttled, OperatorError):
            became = "REFUSED"
            raise
        except (UpstreamTimeout, UpstreamUnavailable) as error:
            raise type(error)(f"{error} The job may have been stopped: read its status before you try again.") from None
        finally:
            self._tell(stop, became)
            await self._forget(stop)

    async def _over(self, stop: _Stop[JobT], job: JobT) -> Stopped[JobT]:
        """SageMaker would not stop the job: because it has ended in between, if its status says so."""
        now = await stop.read_again(job)
        if now is None:
            return Stopped(None, None)
        needless = _needless(now)
        if needless is None:
            raise UpstreamUnavailable("SageMaker would not stop this job for now. Try again later.")
        return Stopped(needless, now)

    async def _forget(self, stop: _Stop[JobT]) -> None:
        reading = self.upstream.reading
        for key in filter(stop.concerns, tuple(reading.log.entries)):
            reading.log.forget(key)
        await reading.reads.forget_where(stop.concerns)

    def _tell(self, stop: _Stop[JobT], outcome: str) -> None:
        telemetry.job_stopped(
            request_id=self.actor.request_id,
            subject=self.actor.subject,
            team=stop.team.name,
            kind="tuning job" if stop.training_job_name is None else "training job",
            tuning_job=stop.tuning_job_name,
            training_job=stop.training_job_name,
            outcome=outcome,
        )


def _needless(job: DescribedTuningJob | TrainingJob) -> StopOutcome | None:
    """Why nothing need be sent to SageMaker, if nothing need."""
    if job.finished or job.status in _BEING_DELETED:
        return StopOutcome.ALREADY_FINISHED
    return StopOutcome.ALREADY_STOPPING if job.status in _STOPPING else None
