"""The GraphQL type Subscription: what can be listened to.

A resolver asks first as a query would, in the caller's own scope and at its own expense; then it listens. What comes is
priced and executed in a fresh Context each time, by `documents`.
"""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from gateway.model.documentation import unwrapped
from gateway.schema import arguments as take
from gateway.schema.context import LiveInfo
from gateway.schema.training_job import TrainingJob
from gateway.schema.tuning_job import TuningJob
from gateway.watch import Delivery, ItsTrainingJobs, OneTuningJob, Topic

_TuningJobOf = Annotated[str, strawberry.argument(description="The tuning job's name, as `tuningJob` takes it.")]


async def _heard(info: LiveInfo, about: type[Topic], name: str, team: str | None) -> AsyncGenerator[Delivery, None]:
    jobs = info.context.jobs
    job = await jobs.tuning_job(name, team)
    return _silence() if job is None else info.context.listen(about, jobs.team_of(job), job.name)


async def _silence() -> AsyncGenerator[Delivery, None]:
    """What is to be told of a job that is not there, and of one that is not the caller's."""
    deliveries: tuple[Delivery, ...] = ()
    for delivery in deliveries:
        yield delivery


async def _tuning_job(
    info: LiveInfo, name: take.TuningJobName, team: take.TeamName = None
) -> AsyncGenerator[Delivery, None]:
    """The tuning job of this name: as it is now, then whenever what is selected of it has changed. Completes once the
    job has ended and its last state was told, or when there is no such job (any more) that is the team's: at once and
    without a value where there never was. SageMaker is asked every few seconds, more rarely the longer the job stands
    still, once for all who listen.
    """
    return await _heard(info, OneTuningJob, name, team)


async def _training_jobs_changed(
    info: LiveInfo, tuning_job: _TuningJobOf, team: take.TeamName = None
) -> AsyncGenerator[Delivery, None]:
    """The training jobs of a tuning job that have changed, newest first, each in its latest state. First come the
    newest hundred and all older ones that still run, even if that is none; then those that are new or differ from what
    was told before. Where the `details` of what is to be told cost more AWS calls than one operation may cause, it ends
    with COST_LIMIT_EXCEEDED. Completes as `tuningJob` does. Whoever also lists them should listen first and list then,
    and again after a reconnection: what comes later is newer.
    """
    return await _heard(info, ItsTrainingJobs, tuning_job, team)


@strawberry.type(
    description="What can be listened to, over a WebSocket (graphql-transport-ws) or as Server-Sent Events."
)
class Subscription:
    """The root of every subscription."""

    tuning_job = strawberry.subscription(
        resolver=_tuning_job, graphql_type=TuningJob, description=unwrapped(_tuning_job.__doc__)
    )
    training_jobs_changed = strawberry.subscription(
        resolver=_training_jobs_changed,
        graphql_type=list[TrainingJob],
        description=unwrapped(_training_jobs_changed.__doc__),
    )
