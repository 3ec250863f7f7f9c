"""What watches a training job while it runs: Debugger, its profiler and their rules, TensorBoard, MLflow."""

from dataclasses import dataclass
from datetime import datetime

from gateway.model.details_words import RuleEvaluationStatus
from gateway.model.numbers import Long


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that SageMaker keeps as a pair of strings."""

    name: str
    """What is set."""
    value: str
    """What it is set to: text, also where it means a number or is JSON."""

    @classmethod
    def of(cls, name: str, value: str) -> "Setting":
        """The pair as it is."""
        return cls(name, value)


@dataclass(frozen=True, slots=True)
class TensorCollection:
    """A group of tensors that Debugger saves."""

    name: str | None
    """The collection's name, such as `losses` or `gradients`."""
    settings: tuple[Setting, ...]
    """What to save of it and how often; overrides the hook's own settings."""


@dataclass(frozen=True, slots=True)
class DebugHook:
    """What Debugger saves of a running training."""

    s3_output_path: str
    """The S3 prefix it saves to."""
    local_path: str | None
    """Where the container writes. Null means `/opt/ml/output/tensors`."""
    settings: tuple[Setting, ...]
    """The hook's settings, such as how many steps lie between two saves."""
    collections: tuple[TensorCollection, ...]
    """The tensors it saves."""


@dataclass(frozen=True, slots=True)
class MonitoringRule:
    """A rule by which Debugger or its profiler looks for trouble, in a processing job of its own."""

    name: str
    """The rule's name, unique in its training job."""
    evaluator_image: str
    """The image that evaluates it."""
    settings: tuple[Setting, ...]
    """The rule's settings. Of a built-in rule, `rule_to_invoke` says which it is."""
    instance_type: str | None
    """The instance it is evaluated on, billed; null for a built-in rule, which is evaluated without charge."""
    volume_size_in_gb: int | None
    """That instance's storage volume, in GB."""
    local_path: str | None
    """Where its container writes. Null means `/opt/ml/processing/output/rule`."""
    s3_output_path: str | None
    """The S3 prefix of its reports. Null means one beside the training's own output."""


@dataclass(frozen=True, slots=True)
class RuleEvaluation:
    """How far a rule has got."""

    rule_name: str | None
    """The rule, by its name."""
    status: RuleEvaluationStatus | None
    """What came of it so far."""
    raw_status: str | None
    """The status in SageMaker's own word, also when `status` is UNKNOWN."""
    status_details: str | None
    """More about the status, in SageMaker's words: what was found, or why the rule failed."""
    job_arn: str | None
    """The processing job that evaluates it."""
    last_modified_time: datetime | None
    """When its status last changed."""


@dataclass(frozen=True, slots=True)
class Profiler:
    """What Debugger's profiler measures."""

    disabled: bool | None
    """Whether it is off. Null means that it is on: SageMaker profiles unless told otherwise."""
    s3_output_path: str | None
    """The S3 prefix it writes to."""
    interval_in_milliseconds: Long | None
    """How often it samples the system, in milliseconds. Null means SageMaker's default, 500."""
    settings: tuple[Setting, ...]
    """What it measures inside the framework; values are JSON."""


@dataclass(frozen=True, slots=True)
class TensorBoardOutput:
    """Where a training leaves what TensorBoard shows."""

    s3_output_path: str
    """The S3 prefix of its files."""
    local_path: str | None
    """Where the container writes them. Null means `/opt/ml/output/tensorboard`."""


@dataclass(frozen=True, slots=True)
class Mlflow:
    """Where a training is tracked in MLflow."""

    resource_arn: str
    """The MLflow server or app that tracks it."""
    experiment_name: str | None
    """The experiment, by the name it was given."""
    run_name: str | None
    """The run, by the name it was given."""


@dataclass(frozen=True, slots=True)
class MlflowRun:
    """The run that MLflow made of a training."""

    experiment_id: str | None
    """The experiment, by MLflow's own identifier."""
    run_id: str | None
    """The run, by MLflow's own identifier."""
