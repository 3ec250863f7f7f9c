"""What a tuning job launches its training jobs from: the objective, the ranges searched, and the training itself."""

from dataclasses import dataclass

from gateway.model.channels import Channel
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.resources import StoppingCondition, TrainingResources, TuningResources
from gateway.model.training import AlgorithmSpecification, Checkpoints, OutputData, Vpc
from gateway.model.words import ObjectiveType, ScalingType


@dataclass(frozen=True, slots=True)
class Objective:
    """The metric a tuning job optimises."""

    metric_name: str
    """The metric's name, as the training code emits it."""
    type: ObjectiveType
    """Which way the metric points."""
    raw_type: str
    """The type in SageMaker's own word, also when `type` is UNKNOWN."""


@dataclass(frozen=True, slots=True)
class NumericRange:
    """A range of integers or of real numbers to search."""

    name: str
    """The hyperparameter's name."""
    min_value: str
    """The least value, as SageMaker keeps it: a number written as text."""
    max_value: str
    """The greatest value, as SageMaker keeps it: a number written as text."""
    scaling_type: ScalingType | None
    """The scale on which the range is searched."""
    raw_scaling_type: str | None
    """The scaling type in SageMaker's own word, also when `scalingType` is UNKNOWN."""


@dataclass(frozen=True, slots=True)
class CategoricalRange:
    """A list of values to choose from."""

    name: str
    """The hyperparameter's name."""
    values: tuple[str, ...]
    """The values. Framework estimators encode them as JSON, quotes included."""


@dataclass(frozen=True, slots=True)
class AutoParameter:
    """A hyperparameter whose range SageMaker chooses."""

    name: str
    """The hyperparameter's name."""
    value_hint: str
    """An example of its value."""


@dataclass(frozen=True, slots=True)
class ParameterRanges:
    """The hyperparameters a tuning job searches, and where."""

    integer: tuple[NumericRange, ...]
    """Ranges of integers."""
    continuous: tuple[NumericRange, ...]
    """Ranges of real numbers."""
    categorical: tuple[CategoricalRange, ...]
    """Lists of values."""
    auto: tuple[AutoParameter, ...]
    """Hyperparameters whose ranges SageMaker chooses."""


@dataclass(frozen=True, slots=True)
class TrainingJobDefinition:
    """What training jobs are launched from."""

    name: str | None
    """The definition's name; set when the tuning job names its definitions."""
    objective: Objective | None
    """What its training jobs optimise."""
    parameter_ranges: ParameterRanges | None
    """The ranges searched for its training jobs."""
    static_hyper_parameters: tuple[HyperParameter, ...]
    """The hyperparameters that are the same for all its training jobs."""
    environment_names: tuple[str, ...]
    """The names of its containers' environment variables, sorted. The values may be secrets and are not shown."""
    algorithm_specification: AlgorithmSpecification
    """The algorithm that trains."""
    channels: tuple[Channel, ...]
    """What the training reads; empty for an algorithm that finds its data by itself."""
    output_data: OutputData
    """Where model artifacts go."""
    resources: TrainingResources | None
    """What each training job runs on; null when `tuningResources` says it."""
    tuning_resources: TuningResources | None
    """What each training job runs on, given as alternatives; null when `resources` says it."""
    stopping_condition: StoppingCondition
    """How long each training job may take."""
    maximum_retry_attempts: int | None
    """How often a training job is tried again after a failure of SageMaker's own. Null: never."""
    managed_spot_training_enabled: bool | None
    """Whether training jobs run on spot instances, cheaper and interruptible. Null means no."""
    checkpoints: Checkpoints | None
    """Where checkpoints are kept. Without them an interrupted spot training begins again from nothing."""
    role_arn: str
    """The IAM role that training jobs act as."""
    vpc: Vpc | None
    """The network that training jobs are joined to; null when it is none of the caller's."""
    network_isolation_enabled: bool | None
    """Whether containers are cut off from every network, S3 included; SageMaker moves their data. Null means no."""
    inter_container_traffic_encryption_enabled: bool | None
    """Whether what the containers of one training job say to each other is encrypted, which slows it. Null means no."""
