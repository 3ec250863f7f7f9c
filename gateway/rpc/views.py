"""How much of a job is told, what that takes in AWS's calls, and the job so told."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from gateway.errors import BadUserInput
from gateway.model.details import TrainingJobDetails
from gateway.model.documentation import plain_fields
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.rpc import telling
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.tuning import Jobs, plans

T = TypeVar("T")

DETAILS = frozenset(plain_fields(TrainingJobDetails))
"""The fields of details, which are told all or none."""

_BASIC, _DESCRIBED, _FULL = (
    pb.TUNING_JOB_VIEW_BASIC,
    pb.TUNING_JOB_VIEW_DESCRIBED,
    pb.TUNING_JOB_VIEW_FULL,
)


def tuning_job_view(asked: int, *, default: int) -> int:
    """How much of a tuning job is to be told."""
    if asked not in pb.TuningJobView.values():
        raise BadUserInput("view must be one of: BASIC, DESCRIBED, FULL.")
    return asked or default


def in_full(asked: int) -> bool:
    """Whether a training job is to be told with its details."""
    if asked not in pb.TrainingJobView.values():
        raise BadUserInput("view must be one of: BASIC, FULL.")
    return asked == pb.TRAINING_JOB_VIEW_FULL


def of_tuning_job(view: int) -> plans.OfTuningJob:
    """What a view asks for."""
    full = view == _FULL
    return plans.OfTuningJob(
        described=view in {_DESCRIBED, _FULL},
        tags=full,
        warm_start=full,
        overall_best=plans.OfTrainingJob() if full else None,
    )


async def tuning_job(jobs: Jobs, job: TuningJob, view: int) -> pb.TuningJob:
    """A job in a view."""
    team = jobs.team_of(job).name
    described = None if view == _BASIC else await jobs.described(job)
    if described is None:  # or it has gone since the list had it
        return telling.tuning_job(job, team, row=True)
    if view == _DESCRIBED:
        return telling.tuning_job(described, team)
    warm_start, overall_best, tags = await asyncio.gather(jobs.warm_start(job), jobs.overall_best(job), jobs.tags(job))
    message = telling.tuning_job(
        replace(described, warm_start=warm_start, overall_best_training_job=overall_best), team
    )
    for tag in tags or ():
        telling.tell(message.tags.add(), tag)
    return message


async def training_job(jobs: Jobs, job: TrainingJob, *, full: bool) -> pb.TrainingJob:
    """A training job, with its details or without."""
    message = telling.training_job(job)
    details = await jobs.details(job) if full else None
    if details is not None:
        telling.tell(message.details, details)
    return message


async def side_by_side(told: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them give, in order. The first failure is raised once none of them is under way any more."""
    found = await asyncio.gather(*told, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found  # type: ignore[return-value]  # no exception is left
