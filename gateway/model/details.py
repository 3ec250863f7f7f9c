"""What DescribeTrainingJob knows of a training job beyond its tuning job's listing."""

from dataclasses import dataclass
from datetime import datetime

from gateway.model.channels import Channel
from gateway.model.customization import ModelPackage, ServerlessJob, TrainingProgress
from gateway.model.details_words import ProfilingStatus, SecondaryStatus, WarmPoolResourceStatus
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.monitoring import (
    DebugHook,
    Mlflow,
    MlflowRun,
    MonitoringRule,
    Profiler,
    RuleEvaluation,
    TensorBoardOutput,
)
from gateway.model.numbers import Long
from gateway.model.resources import StoppingCondition, TrainingResources
from gateway.model.training import Checkpoints, OutputData, TrainingAlgorithmSpecification, Vpc


@dataclass(frozen=True, slots=True)
class SecondaryStatusTransition:
    """A stretch of a training job's life in one secondary status."""

    status: SecondaryStatus
    """What it was doing."""
    raw_status: str
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    start_time: datetime
    """When the stretch began."""
    end_time: datetime | None
    """When it ended; null for the current one."""
    status_message: str | None
    """More about it, in SageMaker's words, which change: for people to read, not for programs."""


@dataclass(frozen=True, slots=True)
class FinalMetric:
    """The last value a training job emitted of a metric."""

    name: str | None
    """The metric, by its definition's name."""
    value: float | None
    """The value. Null when it is not a finite number (a diverged training emits NaN)."""
    timestamp: datetime | None
    """When it was emitted."""


@dataclass(frozen=True, slots=True)
class WarmPool:
    """The instances a training job keeps for the next one that matches."""

    status: WarmPoolResourceStatus
    """What became of them."""
    raw_status: str
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    retained_billable_time_in_seconds: int | None
    """How long they were kept, in seconds. Billed for each instance: multiply by their number."""
    reused_by_job: str | None
    """The training job that took them over, by name; null unless REUSED."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Where SageMaker Experiments files a training job."""

    experiment_name: str | None
    """The experiment it belongs to."""
    trial_name: str | None
    """The trial within the experiment; null when SageMaker made one for it."""
    trial_component_display_name: str | None
    """How its part of the trial is shown. Null means by the part's own name."""
    run_name: str | None
    """The run of the experiment it belongs to."""


@dataclass(frozen=True, slots=True)
class TrainingJobDetails:
    """What DescribeTrainingJob knows of a training job beyond its tuning job's listing."""

    secondary_status: SecondaryStatus
    """What it is doing, more finely than its status."""
    raw_secondary_status: str
    """The secondary status in SageMaker's own word, also when `secondaryStatus` is UNKNOWN."""
    secondary_status_transitions: tuple[SecondaryStatusTransition, ...]
    """What it has been doing, from its creation to now."""
    last_modified_time: datetime | None
    """When its status last changed."""
    progress: TrainingProgress | None
    """How far it has got; only for a serverless job."""
    hyper_parameters: tuple[HyperParameter, ...]
    """All its hyperparameters by name: the tuned, the static and those SageMaker adds, which begin with `_`."""
    environment_names: tuple[str, ...]
    """The names of its containers' environment variables, sorted. The values may be secrets and are not shown."""
    final_metrics: tuple[FinalMetric, ...]
    """The last value of each metric it emitted, the objective's among them."""
    training_time_in_seconds: int | None
    """How long it trained, in seconds. Null until it has ended."""
    billable_time_in_seconds: int | None
    """How long it is billed for, in seconds, for each instance: multiply by their number. Below the training time
    with spot instances. Null until it has ended."""
    billable_token_count: Long | None
    """How many tokens it is billed for; only for serverless jobs billed that way."""
    model_artifacts_s3_uri: str | None
    """Where its model is. Null before it is known, as in a job that is starting; before the job has completed, nothing
    need be there yet."""
    output_model_package_arn: str | None
    """The model package that holds its model; null when it registers none."""
    algorithm_specification: TrainingAlgorithmSpecification | None
    """The algorithm that trains; null for a serverless job."""
    channels: tuple[Channel, ...]
    """What it reads; empty for an algorithm that finds its data by itself."""
    output_data: OutputData | None
    """Where its model artifacts go."""
    resources: TrainingResources | None
    """What it runs on; null for a serverless job."""
    warm_pool: WarmPool | None
    """The instances it keeps for the next job that matches; null when it keeps none."""
    stopping_condition: StoppingCondition
    """How long it may take."""
    maximum_retry_attempts: int | None
    """How often it is tried again after a failure of SageMaker's own. Null: never."""
    managed_spot_training_enabled: bool | None
    """Whether it runs on spot instances, cheaper and interruptible. Null means no."""
    checkpoints: Checkpoints | None
    """Where it keeps checkpoints. Without them an interrupted spot training begins again from nothing."""
    role_arn: str | None
    """The IAM role it acts as."""
    vpc: Vpc | None
    """The network it is joined to; null when it is none of the caller's."""
    network_isolation_enabled: bool | None
    """Whether its containers are cut off from every network, S3 included; SageMaker moves their data. Null means no."""
    inter_container_traffic_encryption_enabled: bool | None
    """Whether what its containers say to each other is encrypted, which slows it. Null means no."""
    remote_debug_enabled: bool | None
    """Whether a shell may be opened in its containers while they run. Null means no."""
    infra_check_enabled: bool | None
    """Whether the instances' health is checked before it trains. Null means no."""
    experiment: Experiment | None
    """Where SageMaker Experiments files it; null when it is filed nowhere."""
    mlflow: Mlflow | None
    """Where it is tracked in MLflow; null when it is not."""
    mlflow_run: MlflowRun | None
    """The run MLflow made of it; null until there is one."""
    debug_hook: DebugHook | None
    """What Debugger saves of it; null when Debugger is off."""
    debug_rules: tuple[MonitoringRule, ...]
    """The rules by which Debugger watches it."""
    debug_rule_evaluations: tuple[RuleEvaluation, ...]
    """How far the rules of `debugRules` have got."""
    profiling_status: ProfilingStatus | None
    """Whether it is being profiled now."""
    raw_profiling_status: str | None
    """The profiling status in SageMaker's own word, also when `profilingStatus` is UNKNOWN."""
    profiler: Profiler | None
    """What the profiler measures."""
    profiler_rules: tuple[MonitoringRule, ...]
    """The rules by which the profiler watches it."""
    profiler_rule_evaluations: tuple[RuleEvaluation, ...]
    """How far the rules of `profilerRules` have got."""
    tensor_board: TensorBoardOutput | None
    """Where it leaves what TensorBoard shows; null when it leaves nothing."""
    serverless: ServerlessJob | None
    """What it does with a base model; only for a serverless job."""
    model_package: ModelPackage | None
    """Where it registers its model; null when it registers none."""
    labeling_job_arn: str | None
    """The Ground Truth labeling job that launched it; null when none did."""
    auto_ml_job_arn: str | None
    """The AutoML job that launched it; null when none did."""
