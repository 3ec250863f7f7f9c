"""What will happen to a tuning job, decided in advance.

Frozen values only. Nothing here depends on the time: what a plan looks like at a moment is derived in `lifecycle`.
Times of a trial are seconds since its tuning job was created; the creation is seconds since the world began.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Fate = Literal["Completed", "Failed", "Stopped"]
Direction = Literal["Maximize", "Minimize"]
Strategy = Literal["Bayesian", "Random", "Hyperband", "Grid"]

DEFAULT_ACCOUNT = "111122223333"  # the account AWS's own documentation uses


@dataclass(frozen=True, slots=True)
class Objective:
    """What a tuning job tries to make large or small."""

    type: Direction = "Maximize"
    metric_name: str = "validation:accuracy"


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """Whole numbers from `low` to `high`, both included."""

    name: str
    low: int
    high: int
    scaling: str = "Auto"


@dataclass(frozen=True, slots=True)
class ContinuousRange:
    """Numbers from `low` to `high`; a logarithmic scaling needs `low` above zero."""

    name: str
    low: float
    high: float
    scaling: str = "Auto"


@dataclass(frozen=True, slots=True)
class CategoricalRange:
    """A choice among `values`, already in the spelling SageMaker passes to the container."""

    name: str
    values: tuple[str, ...]


ParameterRange = IntegerRange | ContinuousRange | CategoricalRange


@dataclass(frozen=True, slots=True)
class DefinitionPlan:
    """How the training jobs of one algorithm are launched.

    `settings` are members of HyperParameterTrainingJobDefinition in AWS's own words (VpcConfig, Environment,
    CheckpointConfig, EnableManagedSpotTraining and so on); they also appear in DescribeTrainingJob. Those of
    `definition_only` do not.
    """

    objective: Objective = Objective()
    ranges: tuple[ParameterRange, ...] = ()
    auto_parameters: Mapping[str, str] = field(default_factory=dict)
    static: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
    max_runtime: int = 86_400
    further_metrics: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    definition_only: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """One training job: when it is created, starts on an instance and ends, and how.

    `metric` is the last value of the objective it ever emits, or None if it emits none. `retryable` tells AWS's two
    kinds of failure apart: its own fault can be retried, the algorithm's cannot. `settings` are members of
    DescribeTrainingJob's answer in AWS's own words (WarmPoolStatus, AutoMLJobArn and the like).
    """

    name: str
    created: float
    started: float
    ended: float
    fate: Fate = "Completed"
    metric: float | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    definition: int = 0
    failure_reason: str | None = None
    retryable: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WarmStart:
    """The tuning jobs this one learns from."""

    parents: tuple[str, ...]
    type: Literal["IdenticalDataAndAlgorithm", "TransferLearning"] = "IdenticalDataAndAlgorithm"


@dataclass(frozen=True, slots=True)
class TuningJobPlan:
    """A whole tuning job, trials in the order they are created.

    `fate` is what it becomes once its last trial has ended, unless somebody stops it `stopped_after` seconds into its
    life; `wind_down` is how many seconds a training job takes to stop (AWS kills it 120 after SIGTERM at the latest).
    `completion_criteria` and `strategy_config` are in AWS's own words. `listed` tells that AWS was given a list of
    definitions, if only of one; `configured`, the configuration in the words of whoever created the job.
    """

    name: str
    account: str
    region: str
    created: float
    trials: tuple[TrialPlan, ...]
    definitions: tuple[DefinitionPlan, ...]
    max_trials: int
    max_parallel: int
    strategy: Strategy = "Bayesian"
    fate: Literal["Completed", "Failed"] = "Completed"
    failure_reason: str | None = None
    stopped_after: float | None = None
    wind_down: float = 20.0
    early_stopping: bool = False
    max_runtime: int | None = None
    strategy_config: Mapping[str, Any] | None = None
    completion_criteria: Mapping[str, Any] | None = None
    random_seed: int | None = None
    warm_start: WarmStart | None = None
    autotune: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    listed: bool = False
    configured: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The ARN; AWS writes the name in lower case there."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:hyper-parameter-tuning-job/{self.name.lower()}"

    @property
    def several_algorithms(self) -> bool:
        """Whether the definitions have names and objectives of their own, as AWS wants with more than one."""
        return self.listed or len(self.definitions) > 1

    def training_job_arn(self, trial: TrialPlan) -> str:
        """The ARN of one of its training jobs."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:training-job/{trial.name.lower()}"
