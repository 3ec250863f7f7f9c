"""A tuning job: `TuningJob` as a list shows it, `DescribedTuningJob` with all that SageMaker knows of it."""

from dataclasses import dataclass
from datetime import datetime

from gateway.model.definition import Objective, ParameterRanges, TrainingJobDefinition
from gateway.model.training_job import TrainingJob
from gateway.model.words import (
    AutotuneMode,
    CompleteOnConvergence,
    EarlyStoppingType,
    TuningJobStatus,
    TuningStrategy,
    WarmStartType,
)

_FINISHED = frozenset({TuningJobStatus.COMPLETED, TuningJobStatus.FAILED, TuningJobStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """How much a tuning job may use."""

    max_number_of_training_jobs: int | None
    """How many training jobs it may launch in all, those of its warm-start parents included."""
    max_parallel_training_jobs: int
    """How many training jobs it may run at once."""
    max_runtime_in_seconds: int | None
    """How long it may run, in seconds."""


@dataclass(frozen=True, slots=True)
class TrainingJobCounts:
    """A tuning job's training jobs, counted by how they stand. The five add up to all of them."""

    completed: int = 0
    """Ended well."""
    in_progress: int = 0
    """Still running."""
    retryable_error: int = 0
    """Failed in a way that SageMaker may try again."""
    non_retryable_error: int = 0
    """Failed for good."""
    stopped: int = 0
    """Stopped before their end."""

    @property
    def total(self) -> int:
        """All training jobs launched so far."""
        return self.completed + self.in_progress + self.retryable_error + self.non_retryable_error + self.stopped


@dataclass(frozen=True, slots=True)
class ObjectiveCounts:
    """A tuning job's training jobs, counted by what became of their objective metric."""

    succeeded: int = 0
    """The metric was evaluated and used."""
    pending: int = 0
    """The metric has still to be evaluated."""
    failed: int = 0
    """No metric was evaluated."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class TuningJob:
    """A hyperparameter tuning job, as a list of them shows it."""

    name: str
    """The tuning job's name, unique in its account and region whatever its case."""
    arn: str
    """The tuning job's Amazon Resource Name."""
    status: TuningJobStatus
    """Where it stands in its life."""
    raw_status: str
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    strategy: TuningStrategy
    """How it chooses the next hyperparameters."""
    raw_strategy: str
    """The strategy in SageMaker's own word, also when `strategy` is UNKNOWN."""
    creation_time: datetime
    """When it was created."""
    end_time: datetime | None
    """When it ended. Null until then."""
    last_modified_time: datetime | None
    """When it, or one of its training jobs' statuses, last changed."""
    training_job_counts: TrainingJobCounts
    """Its training jobs, counted by how they stand."""
    objective_counts: ObjectiveCounts
    """Its training jobs, counted by what became of their objective metric."""
    resource_limits: ResourceLimits | None
    """How much it may use."""

    @property
    def finished(self) -> bool:
        """Whether it has reached a state that it never leaves."""
        return self.status in _FINISHED


@dataclass(frozen=True, slots=True)
class WarmStartParent:
    """A tuning job from which another one learned."""

    name: str
    """The parent's name."""


@dataclass(frozen=True, slots=True)
class WarmStart:
    """What a tuning job learned from before it began."""

    type: WarmStartType
    """How the parents are used."""
    raw_type: str
    """The type in SageMaker's own word, also when `type` is UNKNOWN."""
    parents: tuple[WarmStartParent, ...]
    """The parents, as many of them as the caller may see."""


@dataclass(frozen=True, slots=True)
class HyperbandResources:
    """The resource (epochs or iterations) that Hyperband hands out."""

    min_resource: int | None
    """The least a training job gets."""
    max_resource: int | None
    """The most a training job gets."""


@dataclass(frozen=True, slots=True)
class CompletionCriteria:
    """When a tuning job ends before its resource limits."""

    target_objective_metric_value: float | None
    """It ends once a training job reaches this value."""
    max_number_of_training_jobs_not_improving: int | None
    """It ends after so many training jobs without a new best."""
    complete_on_convergence: CompleteOnConvergence | None
    """Whether it ends once SageMaker believes that it cannot improve."""
    raw_complete_on_convergence: str | None
    """The same in SageMaker's own word, also when `completeOnConvergence` is UNKNOWN."""


@dataclass(frozen=True, slots=True)
class CompletionDetails:
    """How far a tuning job is from meeting its completion criteria."""

    number_of_training_jobs_objective_not_improving: int | None
    """Training jobs since the last new best."""
    convergence_detected_time: datetime | None
    """When SageMaker came to believe that it cannot improve."""


@dataclass(frozen=True, slots=True)
class Autotune:
    """What SageMaker chooses by itself."""

    mode: AutotuneMode
    """Whether it chooses."""
    raw_mode: str
    """The mode in SageMaker's own word, also when `mode` is UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a tuning job."""

    key: str
    """The tag's key."""
    value: str
    """The tag's value; may be empty."""


@dataclass(frozen=True, slots=True)
class DescribedTuningJob(TuningJob):
    """A hyperparameter tuning job with all that DescribeHyperParameterTuningJob knows of it."""

    objective: Objective | None
    """What is optimised: the job's own objective, or its first definition's where every definition has one."""
    definitions: tuple[TrainingJobDefinition, ...]
    """What its training jobs are launched from: one definition, or one for each algorithm. The objective and the
    ranges are always found here, wherever SageMaker keeps them."""
    parameter_ranges: ParameterRanges | None
    """The ranges searched; null for a job of several definitions, each of which has its own."""
    best_training_job: TrainingJob | None
    """The best so far; null until a training job has succeeded."""
    overall_best_training_job: TrainingJob | None
    """The best so far, warm-start parents included; only with IDENTICAL_DATA_AND_ALGORITHM. Null when it belongs to a
    tuning job that the caller may not see."""
    warm_start: WarmStart | None
    """What it learned from before it began."""
    autotune: Autotune | None
    """What SageMaker chooses by itself."""
    hyperband: HyperbandResources | None
    """The resource that Hyperband hands out; only with HYPERBAND."""
    early_stopping: EarlyStoppingType | None
    """Whether SageMaker stops training jobs that are unlikely to become the best."""
    raw_early_stopping: str | None
    """The early stopping type in SageMaker's own word, also when `earlyStopping` is UNKNOWN."""
    completion_criteria: CompletionCriteria | None
    """When it ends before its resource limits."""
    completion_details: CompletionDetails | None
    """How far it is from meeting its completion criteria."""
    consumed_runtime_seconds: int | None
    """The time its training jobs have used, in seconds, all added up."""
    random_seed: int | None
    """The seed from which it draws hyperparameters; null when SageMaker drew one."""
    failure_reason: str | None
    """Why it failed, in SageMaker's words."""
