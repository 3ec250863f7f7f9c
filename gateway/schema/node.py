"""Relay's Node, and the global ids of jobs: opaque, stable, and worth nothing without a scope that owns the job."""

import base64
import json
from dataclasses import dataclass

import strawberry

from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    """Relay's interface of refetchable objects."""

    id: strawberry.ID = strawberry.field(description="Opaque and globally unique; `node(id:)` finds the object by it.")


@dataclass(frozen=True, slots=True)
class JobId:
    """What a global id names: a tuning job, or a training job of one."""

    target: Target
    tuning_job_name: str
    training_job_name: str | None = None


def global_id(job: TuningJob | TrainingJob) -> strawberry.ID:
    """The global id of a job."""
    target = Target.of_arn(job.arn)
    names = [job.name] if isinstance(job, TuningJob) else [job.tuning_job_name, job.name]
    text = json.dumps([target.account, target.region, *names], separators=(",", ":"))
    return strawberry.ID(base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode())


def job_id(text: str) -> JobId | None:
    """What a global id names, or None for a text that is no id of ours: it names nothing."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return None
    match parts:
        case [account, region, tuning_job, *training_job] if len(training_job) <= 1:
            return JobId(Target(account, region), tuning_job, *training_job)
    return None
