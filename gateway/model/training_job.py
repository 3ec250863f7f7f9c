"""A training job as its tuning job's listing shows it. What only DescribeTrainingJob knows is in `details`."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from gateway.model.hyper_parameter import HyperParameter
from gateway.model.words import ObjectiveStatus, ObjectiveType, TrainingJobStatus

_FINISHED = frozenset({TrainingJobStatus.COMPLETED, TrainingJobStatus.FAILED, TrainingJobStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class ObjectiveMetric:
    """The objective metric a training job reached."""

    name: str
    """The metric's name."""
    type: ObjectiveType | None
    """Which way the metric points; null where SageMaker leaves it out."""
    raw_type: str | None
    """The type in SageMaker's own word, also when `type` is UNKNOWN."""
    value: float | None
    """The latest value the training job emitted, so it may still move while the job runs. Null when the value is not
    a finite number (a diverged training emits NaN)."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class TrainingJob:
    """One training job of a tuning job: one try at the hyperparameters."""

    name: str
    """The training job's name, unique in its account and region."""
    arn: str
    """The training job's Amazon Resource Name."""
    definition_name: str | None
    """The definition it was launched from; set when the tuning job names its definitions."""
    tuning_job_name: str
    """The tuning job that launched it."""
    creation_time: datetime
    """When it was created."""
    training_start_time: datetime | None
    """When training started: the start of the billed interval. Null until then."""
    training_end_time: datetime | None
    """When training ended: the end of the billed interval. Null until then."""
    status: TrainingJobStatus
    """Where it stands in its life."""
    raw_status: str
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    objective_status: ObjectiveStatus | None
    """Whether the tuning job could use its objective metric."""
    raw_objective_status: str | None
    """The objective status in SageMaker's own word, also when `objectiveStatus` is UNKNOWN."""
    failure_reason: str | None
    """Why it failed, in SageMaker's words."""
    final_objective_metric: ObjectiveMetric | None
    """The objective metric it reached; null for a training job that emitted none."""
    tuned_hyper_parameters: tuple[HyperParameter, ...]
    """The hyperparameters the tuning job chose for it."""

    @property
    def duration_seconds(self) -> float | None:
        """How long it trained, in seconds, from training start to training end. Null until it has ended."""
        if self.training_start_time is None or self.training_end_time is None:
            return None
        return (self.training_end_time - self.training_start_time).total_seconds()

    @property
    def finished(self) -> bool:
        """Whether it has reached a state that it never leaves."""
        return self.status in _FINISHED

    def in_state(self, state: "TrainingJobState") -> "TrainingJob":
        """The same training job in another state."""
        return replace(self, **{field.name: getattr(state, field.name) for field in fields(state)})


@dataclass(frozen=True, slots=True)
class TrainingJobState:
    """Where a training job stands: what DescribeTrainingJob has of it that changes until its end."""

    status: TrainingJobStatus
    """Where it stands in its life."""
    raw_status: str
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    training_start_time: datetime | None
    """When training started."""
    training_end_time: datetime | None
    """When training ended."""
    failure_reason: str | None
    """Why it failed, in SageMaker's words."""
